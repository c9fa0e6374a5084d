"""The conversations in which a person may speak about an order."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.casework.turns import Floor

OUTSIDE = "order-"
"""
How a conversation's id begins in which nobody talks.

What a person gives for an order outside of any talk is put down there.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderTalk:
    """
    A conversation that has to do with an order.

    `theirs` says that its buyer has shown the order to be theirs, so that it may be spoken of.
    """

    id: str
    began_at: datetime
    floor: Floor
    locale: str
    theirs: bool


class OrderTalks(Protocol):
    """Finds conversations by their order."""

    def of_order(self, order_id: int, most: int) -> tuple[OrderTalk, ...]:
        """Those in which it was talked about, the latest first, at most so many."""


def is_talk(conversation_id: str) -> bool:
    """Whether a buyer reads it."""
    return not conversation_id.startswith(OUTSIDE)
