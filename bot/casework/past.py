"""What was decided before, as the ledger tells it: for whoever asks why, and for a replay."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.casework.cases import Awaiting, Case, CaseState, Facts
from bot.casework.decisions import (
    Ask,
    Close,
    Decision,
    HandOff,
    Perform,
    Propose,
    Reason,
    Rule,
    Say,
)
from bot.casework.money import Money
from bot.casework.orders import Order
from bot.casework.remedies import Remedy
from bot.casework.turns import Turn

BOT = "bot"
"""Who decided, where it was no person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """
    A decision without its words: what two decisions are compared by.

    `reply` names what was told where nothing else tells answers apart. When an offer expires is
    left out: a replay reckons it anew, and a buyer who took it in time does not care.
    """

    kind: str
    awaiting: Awaiting | None = None
    options: tuple[Remedy, ...] = ()
    remedy: Remedy | None = None
    needs_approval: bool = False
    reason: Reason | None = None
    state: CaseState | None = None
    reply: str = ""

    @property
    def ends(self) -> bool:
        """Whether the case was over with it."""
        return self.kind in ENDS


ENDS = frozenset({"Perform", "HandOff", "Close"})


def to_taken(decision: Decision) -> Taken:
    """What was decided, without its words."""
    kind = type(decision).__name__
    match decision:
        case Ask():
            return Taken(kind=kind, awaiting=decision.awaiting)
        case Propose():
            return Taken(kind=kind, options=decision.offer.options)
        case Perform():
            needs_approval = decision.needs_approval
            return Taken(kind=kind, remedy=decision.remedy, needs_approval=needs_approval)
        case HandOff():
            return Taken(kind=kind, reason=decision.reason)
        case Close():
            return Taken(kind=kind, state=decision.state, reply=type(decision.reply).__name__)
        case Say():
            return Taken(kind=kind, reply=type(decision.reply).__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a playbook saw when it decided, and what it made of it."""

    case: Case
    order: Order | None
    turn: Turn
    taken: Taken


@dataclass(frozen=True, slots=True, kw_only=True)
class PastDecision:
    """
    One line of the ledger.

    `seen` is None for a person's decisions, and for rows of a version that did not write it down.
    """

    number: int
    case_id: str
    playbook: str
    step: str
    decision: str
    facts: Facts
    rules: tuple[Rule, ...]
    amount: Money | None
    decided_by: str
    rulebook_version: str
    decided_at: datetime
    seen: Seen | None

    @property
    def by_bot(self) -> bool:
        """Whether a playbook decided, and no person."""
        return self.decided_by == BOT


@dataclass(frozen=True, slots=True, kw_only=True)
class PastCase:
    """Everything that was decided about one case, in its order."""

    id: str
    store: str
    order_number: str
    opened_at: datetime
    decisions: tuple[PastDecision, ...]


class Past(Protocol):
    """Reads the ledger."""

    def cases(
        self, *, store: str | None, since: datetime | None, limit: int | None
    ) -> Iterator[PastCase]:
        """Cases with their decisions, the newest first; few are held in memory at once."""

    def of_order(self, order_id: int) -> Iterator[PastDecision]:
        """What was decided about an order, the oldest first."""
