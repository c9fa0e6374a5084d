"""What was decided, and handed over."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.casework.cases import Case, Facts
from bot.casework.decisions import Claim, Reason, Rule
from bot.casework.orders import Order
from bot.casework.past import BOT, Taken
from bot.casework.remedies import Remedy
from bot.casework.turns import Turn


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionRow:
    """
    One line of the decision ledger.

    `before`, `order` and `turn` are what the playbook saw and `taken` what it decided, for a
    replay; `decided_by` is `bot` or the agent's name.
    """

    store: str
    conversation_id: str
    case_id: str | None
    message_id: str | None
    playbook: str
    step: str
    decision: str
    facts: Facts
    rules: tuple[Rule, ...]
    rulebook_version: str
    decided_at: datetime
    before: Case | None = None
    order: Order | None = None
    turn: Turn | None = None
    taken: Taken | None = None
    remedy: Remedy | None = None
    decided_by: str = BOT


class Ledger(Protocol):
    """What was decided, granted and handed over."""

    def add_decision(self, row: DecisionRow) -> int:
        """Append a decision; its number."""

    def add_hand_off(
        self,
        conversation_id: str,
        case_id: str | None,
        message_id: str | None,
        reason: Reason,
        summary: str,
        now: datetime,
        *,
        due_at: datetime,
        agent_id: str | None = None,
    ) -> None:
        """
        Store a transfer to a person, and by when they are to have handled it.

        The conversation waits for it from now on, until the nearest deadline of what is open.
        `agent_id` is who passes it on, None for the bot.
        """

    def add_claim(self, case_id: str, order_id: int, claim: Claim, now: datetime) -> None:
        """Store what the seller may claim from a partner; once for a case and partner."""
