"""The lists of conversations that the team works through, the nearest deadline first."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from bot.casework.agents import Agent
from bot.casework.limits import DeskClock
from bot.casework.turns import Floor, Sender


class View(StrEnum):
    """The lists of the queue."""

    WAITING = "waiting"
    MINE = "mine"
    OPEN = "open"
    SNOOZED = "snoozed"
    CLOSED = "closed"


class Clock(StrEnum):
    """How near a deadline is."""

    OVERDUE = "overdue"
    SOON = "soon"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueFilter:
    """What a list is narrowed to; an empty text asks for nothing."""

    reason: str = ""
    intent: str = ""
    marketplace: str = ""
    language: str = ""
    store: str = ""
    agent: str = ""
    clock: Clock | None = None
    text: str = ""
    """What a search would find (bot/casework/searching.py)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueRow:
    """
    One conversation in a list; `buyer` is a name, empty for an unknown one.

    `due_at` is of the clock that runs; `answered_at` when an agent stopped it by an answer.
    """

    id: str
    store: str
    floor: Floor
    buyer: str
    language: str
    reason: str
    intent: str
    marketplace: str
    order_number: str
    agent: Agent | None
    team: str
    handed_at: datetime | None
    due_at: datetime | None
    answered_at: datetime | None
    snoozed_until: datetime | None
    last_sender: Sender | None
    last_text: str
    last_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueCounts:
    """How many conversations each list has, and how many remedies wait for a yes."""

    waiting: int
    mine: int
    open: int
    snoozed: int
    approvals: int


class Queue(Protocol):
    """Finds what waits."""

    def rows(
        self,
        view: View,
        agent: Agent,
        only: QueueFilter,
        now: datetime,
        *,
        near: Mapping[DeskClock, datetime],
        skip: int,
        most: int,
    ) -> tuple[QueueRow, ...]:
        """A part of a list, the nearest deadline first; by each clock, one up to `near` is near."""

    def counts(self, agent: Agent, now: datetime) -> QueueCounts:
        """How long the lists are."""
