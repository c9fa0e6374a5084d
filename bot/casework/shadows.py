"""A candidate that reads what buyers write to the live model, unheard."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.casework.agents import Agent


@dataclass(frozen=True, slots=True, kw_only=True)
class Shadow:
    """A shadow run; `messages` of buyers it has read, `agreed` on so many with the live model."""

    id: str
    at: datetime
    who: str
    model: str
    until: datetime
    ended_at: datetime | None
    messages: int
    agreed: int
    error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A buyer's message as the live model read it; `read_by` is that model."""

    message_id: str
    text: str
    intent: str
    read_by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What the candidate made of a message."""

    message_id: str
    live_intent: str
    intent: str
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """A message that the two understood differently; its text goes when the buyer is erased."""

    message_id: str
    conversation_id: str
    text: str
    live_intent: str
    intent: str
    confidence: float
    at: datetime


class Shadows(Protocol):
    """Shadow runs and what they read."""

    def hold(self) -> None:
        """Whoever begins, feeds or ends a run waits here until the unit ends."""

    def running(self) -> Shadow | None:
        """The one that runs; there is one at a time."""

    def latest(self) -> Shadow | None:
        """The newest, running or not."""

    def begin(
        self, shadow_id: str, agent: Agent, model: str, until: datetime, now: datetime
    ) -> None:
        """A new run."""

    def end(self, shadow_id: str, now: datetime, error: str = "") -> None:
        """It is over, and why if something is wrong."""

    def unread(self, shadow: Shadow, most: int) -> Sequence[Heard]:
        """Messages since it began that the live model read and this one did not, oldest first."""

    def add(self, shadow_id: str, readings: Sequence[Reading]) -> None:
        """Store these; messages that were erased meanwhile are left out."""

    def disagreements(self, shadow_id: str, most: int) -> Sequence[Disagreement]:
        """Where the two said something else, the newest first."""
