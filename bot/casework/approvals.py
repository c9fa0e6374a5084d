"""Who at the desk said what to a remedy, what they gave before, and what waits for a yes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from bot.casework.decisions import Rule
from bot.casework.money import Money
from bot.casework.remedies import Remedy


class Verdict(StrEnum):
    """What one person said to one remedy."""

    GRANTED = "granted"
    """They gave it themselves, within their limit."""
    ASKED = "asked"
    """They want it given, and somebody else has to say yes."""
    YES = "yes"
    NO = "no"
    REPLACED = "replaced"
    """They put other terms in its place."""


AGREED = frozenset({Verdict.GRANTED, Verdict.YES})
"""What is a person's yes, and counts against their limit."""
NAMED_TERMS = frozenset({Verdict.GRANTED, Verdict.ASKED})
"""What tells that a person named the terms, and not the bot together with the buyer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """One person's word; `reason` is for the record."""

    agent_id: str
    who: str
    verdict: Verdict
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenBefore:
    """A remedy that stands and that a person has agreed to."""

    remedy_id: str
    order_id: int
    worth: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingRemedy:
    """
    A remedy that awaits a person's yes, with what they decide by.

    `rules` are those that the deciding step consulted; `title` is empty for the whole order.
    `talks_as` is the e-mail under which the buyer was signed in, empty if they were not.
    """

    id: str
    store: str
    conversation_id: str
    playbook: str
    order_id: int
    order_number: str
    marketplace: str
    country: str
    buyer_name: str
    buyer_email: str
    talks_as: str
    remedy: Remedy
    title: str
    variant: str
    worth: Money
    reason: str
    rules: tuple[Rule, ...]
    created_at: datetime
    said: tuple[Approval, ...]


class Approvals(Protocol):
    """Every yes and no at the desk."""

    def add(
        self, remedy_id: str, agent_id: str, verdict: Verdict, reason: str, now: datetime
    ) -> None:
        """Store a person's word to a remedy, in place of what they said to it before."""

    def of(self, remedy_id: str) -> tuple[Approval, ...]:
        """What was said to a remedy, the first word first."""

    def given(self, agent_id: str, order_ids: Sequence[int]) -> tuple[GivenBefore, ...]:
        """What that person has agreed to of what stands for these orders."""

    def waiting(self, store: str | None, most: int) -> tuple[WaitingRemedy, ...]:
        """What awaits a yes, the oldest first, at most so many, of one store or of all."""

    def count_waiting(self) -> int:
        """How much awaits a yes."""
