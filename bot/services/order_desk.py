"""One order as the team sees it: what was bought, where it is, what was given for it, and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.casework.agents import Agent
from bot.casework.approvals import Approval
from bot.casework.authority import check_decides, check_not_own
from bot.casework.evidence import PartnerClaim
from bot.casework.money import Money
from bot.casework.order_talks import OrderTalk
from bot.casework.orders import Buyer, Order, OrderCard
from bot.casework.ports.remedies import RemedyRow
from bot.casework.refusals import Refusal
from bot.services.held_remedy import deed, given_before
from bot.services.house import House

LOCALE = "en"
"""What the desk is written in."""
MOST_TALKS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenRemedy:
    """A remedy of the order, and what people at the desk said to it."""

    row: RemedyRow
    said: tuple[Approval, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderOnDesk:
    """
    An order with everything at hand; `card` is ready JSON.

    `before` is what this person gave for it, `limit` what they may give in all, None without a
    limit; `no_grant` why they can give nothing.
    """

    order: Order
    shown: OrderCard
    card: Mapping[str, object]
    remedies: tuple[GivenRemedy, ...]
    claims: tuple[PartnerClaim, ...]
    talks: tuple[OrderTalk, ...]
    before: Money
    limit: Money | None
    no_grant: Refusal | None
    now: datetime


def open_order(house: House, order_id: int, agent: Agent, *, ip: str) -> OrderOnDesk:
    """The order with everything at hand; that it was looked at is written down."""
    with house.units() as unit:
        unit.orders.get(order_id)
        looked = deed(agent, "order.open", "order", str(order_id), ip=ip)
        unit.audit.add(looked, house.clock())
    with house.units.reading() as unit:
        order, now = unit.orders.get(order_id), house.clock()
        shown = house.rulebook.card(order)

        return OrderOnDesk(
            order=order,
            shown=shown,
            card=house.speaker.render_card(shown, LOCALE, now),
            remedies=tuple(
                GivenRemedy(row=row, said=unit.approvals.of(row.id))
                for row in unit.archive.remedies(order_id)
            ),
            claims=unit.archive.claims(order_id),
            talks=unit.order_talks.of_order(order_id, MOST_TALKS),
            before=given_before(unit, agent, order),
            limit=_limit(house, agent, order),
            no_grant=check_decides(agent) or check_not_own(agent, order.buyer.email),
            now=now,
        )


def _limit(house: House, agent: Agent, order: Order) -> Money | None:
    limits = house.rulebook.desk.limits.get(agent.role)

    return None if limits is None else house.rulebook.limit(limits, order.currency)


def do_reveal_buyer(
    house: House, order_id: int, agent: Agent, *, ip: str
) -> tuple[Buyer, tuple[str, ...]]:
    """Who the buyer is and where they live, line by line; that it was asked is written down."""
    with house.units() as unit:
        order = unit.orders.get(order_id)
        looked = deed(agent, "buyer.reveal", "order", str(order_id), ip=ip)
        unit.audit.add(looked, house.clock())
        town = f"{order.postal_code} {order.city}".strip()
        lines = (order.address, town, order.country)

        return order.buyer, tuple(line for line in lines if line)
