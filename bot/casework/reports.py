"""What the messages of some weeks come to, counted by day (UTC)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class ReadCount:
    """
    Messages that one model understood as one intent; its name is empty if nobody wrote it down.

    `sureness` is the sum of its confidences, `nearness` that of how like the nearest training
    example was to each of the `measured` ones. Buttons that buyers pressed are no messages here.
    """

    intent: str
    model: str
    count: int
    sureness: float
    measured: int
    nearness: float


@dataclass(frozen=True, slots=True)
class DayCount:
    """How many of a day, and how many of them are so."""

    day: date
    count: int
    such: int


@dataclass(frozen=True, slots=True)
class LabelCount:
    """How often a person said on a day what messages mean."""

    day: date
    agent_id: str
    name: str
    count: int


@dataclass(frozen=True, slots=True)
class WentLive:
    """When somebody put a model live in the place of another."""

    at: datetime
    model: str
    before: str
    who: str
    kind: str


class Reports(Protocol):
    """Counts over many conversations; nothing in them is about one buyer."""

    def intents_since(self, since: datetime) -> Mapping[str, int]:
        """How often messages were understood as what."""

    def readings(self, since: datetime, until: datetime) -> tuple[ReadCount, ...]:
        """What messages of that time were understood as, by intent and model."""

    def asked_back(self, since: datetime) -> tuple[DayCount, ...]:
        """Questions what was meant; such that follow a message which was understood somehow."""

    def talks(self, since: datetime) -> tuple[DayCount, ...]:
        """Conversations in which a buyer wrote; such in which a person had a part."""

    def looked_at(self, since: datetime) -> tuple[DayCount, ...]:
        """Messages that an agent had before them; such that one said to mean something else."""

    def texts(self, since: datetime, until: datetime, most: int) -> Sequence[str]:
        """What buyers wrote in that time, the latest of it."""

    def labels(self, since: datetime) -> tuple[LabelCount, ...]:
        """Labels that nobody took back, by day and person."""

    def went_live(self, most: int) -> tuple[WentLive, ...]:
        """The latest changes of the model in use, the newest first."""
