"""What was granted."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.casework.money import Money
from bot.casework.orders import History, Order
from bot.casework.remedies import Remedy, RemedyState


@dataclass(frozen=True, slots=True, kw_only=True)
class RemedyRow:
    """
    A stored remedy, held against other writers; `reference` is the gateway's own id.

    `worth` is what it was reckoned to cost, `taken` what was taken from stock for it, by SKU.
    """

    id: str
    case_id: str
    order_id: int
    order_revision: int
    store: str
    remedy: Remedy
    worth: Money
    taken: tuple[tuple[str, int], ...]
    state: RemedyState
    reason: str
    approved_by: str
    idempotency_key: str
    reference: str
    created_at: datetime


class Remedies(Protocol):
    """What was granted, and how far it is."""

    def hold_caps(self, store: str) -> None:
        """Let no other unit grant anything in that store until this one ends."""

    def history(
        self,
        order: Order,
        *,
        conversation_id: str = "",
        buyer_since: datetime,
        faith_since: datetime,
        day_began: datetime,
    ) -> History:
        """
        What was given to the order's buyer and by its store since then.

        What was asked in that conversation itself does not count as asked elsewhere.
        """

    def add(
        self,
        case_id: str,
        decision: int,
        remedy: Remedy,
        *,
        order: Order,
        worth: Money,
        taken: tuple[tuple[str, int], ...] = (),
        reason: str,
        state: RemedyState,
        approved_by: str = "",
        now: datetime,
    ) -> str:
        """
        Store a remedy, with its outbox row unless it awaits approval; its id.

        Its idempotency key is unique for case, kind, line and attempt, for ever.
        """

    def get(self, remedy_id: str) -> RemedyRow:
        """The remedy, held against other writers; Missing if there is none."""

    def find_of_case(self, case_id: str) -> str | None:
        """The id of the case's first remedy."""

    def waiting(self, store: str | None) -> tuple[RemedyRow, ...]:
        """Remedies that await approval, the oldest first, of one store or of all."""

    def approve(self, remedy_id: str, agent: str, now: datetime) -> None:
        """An agent's yes: it goes out now."""

    def end(
        self,
        remedy_id: str,
        state: RemedyState,
        now: datetime,
        *,
        by: str = "",
        reference: str = "",
    ) -> None:
        """It is done, denied or has failed."""
