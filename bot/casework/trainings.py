"""Trainings that trainers ask for, from the wish to a new model."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class TrainingState(StrEnum):
    """Where a training stands."""

    QUEUED = "queued"
    """Somebody wants it; it takes the files as they are when it begins."""
    RUNNING = "running"
    DONE = "done"
    """There is a model, made now or found among those that there were."""
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def is_over(self) -> bool:
        """Nothing of it changes any more."""
        return self not in {TrainingState.QUEUED, TrainingState.RUNNING}


@dataclass(frozen=True, slots=True, kw_only=True)
class Training:
    """
    One training; `by` is the name of whoever asked for it.

    `stop` says that somebody wants it cancelled. `step` is what it does or did last, in words,
    and `progress` how far it has come, from 0 to 1, by estimate. `model` and `examples` are known
    at its end, `error` says in words why there is no model.
    """

    id: str
    at: datetime
    by: str
    state: TrainingState
    stop: bool = False
    step: str = ""
    progress: float = 0.0
    model: str = ""
    examples: int | None = None
    error: str = ""
    started_at: datetime | None = None
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """
    How a training ended: with a model, or with words that say why there is none.

    Without a `step` it stays the one that it had come to.
    """

    state: TrainingState
    step: str = ""
    model: str = ""
    examples: int | None = None
    error: str = ""


class Trainings(Protocol):
    """All trainings, and whose turn it is."""

    def hold(self) -> None:
        """Keep everybody else from asking for or beginning one until the unit ends."""

    def add(self, training_id: str, agent_id: str, now: datetime) -> None:
        """Queue one."""

    def get(self, training_id: str) -> Training:
        """One of them; Missing without it."""

    def lock(self, training_id: str) -> Training:
        """One of them, held against all other writers until the unit ends; Missing without it."""

    def in_state(self, state: TrainingState) -> tuple[Training, ...]:
        """All that stand there, the oldest first, held like by `lock`."""

    def begin(self, training_id: str, now: datetime) -> None:
        """It runs from now on."""

    def note(self, training_id: str, step: str, progress: float) -> bool:
        """Write down how far it has come; whether somebody wants it cancelled."""

    def want_stop(self, training_id: str) -> None:
        """Somebody wants it cancelled."""

    def end(self, training_id: str, result: Result, now: datetime) -> None:
        """It is over."""

    def latest(self, most: int) -> tuple[Training, ...]:
        """The last ones, the newest first."""

    def of_models(self, names: list[str]) -> tuple[Training, ...]:
        """Those that made or found these models, the oldest first."""

    def were_live(self, names: list[str]) -> frozenset[str]:
        """Which of these models answered buyers once, as far as people put them live."""

    def changes_since(self, at: datetime) -> int:
        """
        How many changes of what is trained on were made after that.

        Undone ones are left out, and those of dialogue tests.
        """
