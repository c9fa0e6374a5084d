"""Gathering what was said, shown, decided and given about an order."""

from dataclasses import dataclass
from datetime import datetime

from bot.casework.evidence import Chat, PartnerClaim
from bot.casework.orders import Order
from bot.casework.past import PastDecision
from bot.casework.ports.remedies import RemedyRow
from bot.services.house import House

SIGNAL = "bad_faith."


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """All of it, each part the oldest first; times are UTC."""

    order: Order
    made_at: datetime
    chats: tuple[Chat, ...]
    decisions: tuple[PastDecision, ...]
    remedies: tuple[RemedyRow, ...]
    claims: tuple[PartnerClaim, ...]

    @property
    def signals(self) -> tuple[tuple[datetime, str, str], ...]:
        """Signals of bad faith that were found: when, which, and what was compared."""
        return tuple(
            (one.decided_at, rule.name.removeprefix(SIGNAL), rule.compared)
            for one in self.decisions
            for rule in one.rules
            if rule.name.startswith(SIGNAL)
        )


def find_evidence(house: House, store: str, order_number: str) -> Evidence | None:
    """The evidence about the store's order of that number; None if there is no such order."""
    with house.units.reading() as unit:
        order = unit.orders.find(store, order_number)
        if order is None:
            return None

        return Evidence(
            order=order,
            made_at=house.clock(),
            chats=unit.archive.chats(order.id, house.rulebook.bad_faith.photo_distance),
            decisions=tuple(unit.past.of_order(order.id)),
            remedies=unit.archive.remedies(order.id),
            claims=unit.archive.claims(order.id),
        )
