"""A buyer who waits for a person, and what they do meanwhile."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from bot.casework.decisions import Reason

GIVEN_UP_BY_BUYERS = frozenset(
    {
        Reason.ASKED_FOR,
        Reason.NOT_UNDERSTOOD,
        Reason.NO_REPLY,
        Reason.FAILED,
        Reason.LOCKED,
        Reason.OFFER_DECLINED,
        Reason.NO_ANSWER_KNOWN,
    }
)
"""For what a buyer need not wait. With the others a person has something to do or to decide."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """
    What a waiting buyer is told and may do.

    `minutes` is how long people of the store usually take to answer, None where too few did.
    `answers_by_email` is whether an answer goes to the e-mail that they leave; without it the team
    only sees where they can be reached.
    """

    minutes: int | None
    may_cancel: bool
    may_leave_email: bool
    answers_by_email: bool


class Waiting(Protocol):
    """What buyers leave and do beside their messages."""

    def answer_times(self, store: str, most: int) -> tuple[timedelta, ...]:
        """How long the latest hand-offs of the store waited for a person's first words."""

    def reason(self, conversation_id: str) -> Reason | None:
        """Why it was handed over last."""

    def contact_email(self, conversation_id: str) -> str:
        """The e-mail that the buyer left; empty for none."""

    def leave_email(self, conversation_id: str, email: str) -> None:
        """Keep the e-mail that the buyer left."""

    def mark_read(self, conversation_id: str, seq: int) -> bool:
        """The buyer has read up to there; False if that is nothing new."""

    def may_rate(self, conversation_id: str) -> bool:
        """Whether there is an end to rate, and no rating yet."""
