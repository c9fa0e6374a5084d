"""Hints about the examples that somebody has put aside, because it is meant so."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.casework.agents import Agent


@dataclass(frozen=True, slots=True, kw_only=True)
class HintAside:
    """Who put a hint aside, why and when; `key` tells it from others, and changes with it."""

    key: str
    by: str
    reason: str
    at: datetime


class HintsAside(Protocol):
    """The hints that were put aside."""

    def all(self) -> tuple[HintAside, ...]:
        """Every one, also those that nobody would be shown any more."""

    def add(self, key: str, agent: Agent, reason: str, now: datetime) -> None:
        """Put one aside, also if it is already: the latest reason counts."""

    def remove(self, key: str) -> bool:
        """Show it again; False if it was not put aside."""
