"""Cases and offers in the store."""

from datetime import datetime
from typing import Protocol

from bot.casework.cases import Case, CaseState, Offer


class Cases(Protocol):
    """Cases and their offers."""

    def of_conversation(self, conversation_id: str) -> tuple[Case, ...]:
        """Its open cases and the latest others, the last touched first."""

    def get(self, case_id: str) -> Case:
        """The case; Missing if there is none."""

    def set_state(self, case_id: str, state: CaseState, now: datetime) -> None:
        """Settle or hand off a case outside a buyer's turn."""

    def save(self, case: Case, touched: int, now: datetime) -> None:
        """Store the case as it is now; `touched` is the seq of the message that moved it."""

    def add_offer(self, case_id: str, offer: Offer, version: str, now: datetime) -> Offer:
        """Store an offer; the same with its id."""
