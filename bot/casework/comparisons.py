"""Two models read the same messages, and which of them answers buyers after that."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from bot.casework.agents import Agent


class ComparisonState(StrEnum):
    """How far a comparison is."""

    QUEUED = "queued"
    RUNNING = "running"
    FINISHED = "finished"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredComparison:
    """
    A comparison of `model` with the one that was `live` when somebody asked for it.

    `who` is empty for one that followed a training. `result` is what the workbench makes of it,
    packed; `progress` goes from 0 to 1.
    """

    id: str
    at: datetime
    who: str
    model: str
    live: str
    state: ComparisonState
    progress: float
    error: str
    result: bytes | None
    ended_at: datetime | None


class Comparisons(Protocol):
    """Comparisons: wanted, running, done."""

    def add(
        self, comparison_id: str, agent: Agent | None, model: str, live: str, now: datetime
    ) -> None:
        """One that is to be done."""

    def hold(self) -> None:
        """Whoever wants, takes or ends a comparison waits here until the unit ends."""

    def get(self, comparison_id: str) -> StoredComparison:
        """One; Missing without it."""

    def latest(self, model: str) -> StoredComparison | None:
        """The newest of that model, in whatever state."""

    def open_one(self, model: str, live: str) -> str | None:
        """The id of one of these two that is queued or running."""

    def finished(self, model: str, live: str) -> StoredComparison | None:
        """The newest finished one of these two."""

    def recent(self, most: int) -> Sequence[StoredComparison]:
        """Finished ones of any models, at most so many, the newest first."""

    def next(self) -> str | None:
        """The id of the one that has waited longest."""

    def take(self, comparison_id: str) -> StoredComparison | None:
        """That one, running from now on; None if it does not wait any more."""

    def put_back(self) -> int:
        """Let those wait again that were running when their process died; how many there are."""

    def tell(self, comparison_id: str, progress: float) -> None:
        """How far it is."""

    def finish(self, comparison_id: str, result: bytes, now: datetime) -> None:
        """Its result is there."""

    def fail(self, comparison_id: str, error: str, now: datetime) -> None:
        """No result came of it, and why."""


class PromotionKind(StrEnum):
    """How a model came to be live."""

    PROMOTE = "promote"
    """By the gate, or past it with a written reason."""
    ROLL_BACK = "roll_back"
    """It was live before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Promotion:
    """
    Somebody put `model` live in the place of `before`.

    `override` is why, though the gate refused with the reasons `refused`, or why it was taken back.
    """

    id: str
    at: datetime
    agent_id: str
    who: str
    model: str
    before: str
    kind: PromotionKind
    override: str = ""
    refused: tuple[str, ...] = ()


class Promotions(Protocol):
    """Which models were put live."""

    def hold(self) -> None:
        """Whoever puts a model live waits here until the unit ends."""

    def add(self, promotion: Promotion) -> None:
        """One more."""

    def recent(self, most: int) -> Sequence[Promotion]:
        """At most so many, the newest first."""
