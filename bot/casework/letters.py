"""What people wrote to a buyer who has left the chat, and who gets it by e-mail."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class UnreadAnswers:
    """
    Answers of people that the buyer has neither seen nor been sent, the oldest first.

    `seq` is that of the newest; `agent` the first name of whoever wrote it; `attached` how many
    photos and files go with them.
    """

    conversation_id: str
    store: str
    locale: str
    email: str
    agent: str
    texts: tuple[str, ...]
    attached: int
    seq: int


class Letters(Protocol):
    """Finds such answers."""

    def unread(self, since: datetime, until: datetime, most: int) -> tuple[UnreadAnswers, ...]:
        """Conversations with an unread answer of that time, held against other writers."""

    def mark_written(self, conversation_id: str, seq: int) -> None:
        """What was said up to there needs no e-mail any more."""
