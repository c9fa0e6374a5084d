"""What is known of a buyer by their e-mail, and what an erasure makes of it."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Traces:
    """
    Where a buyer's personal data stands, held against other writers.

    `conversations` are theirs: of their identity, about their orders, or anonymous ones in which
    they gave the e-mail. `unsettled` are numbers of orders with a remedy that is still on its way;
    `uploads` are names of photos' and other files in their folder.
    """

    email: str
    store: str | None
    buyers: tuple[int, ...]
    orders: tuple[int, ...]
    conversations: tuple[str, ...]
    unsettled: tuple[str, ...]
    uploads: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What stays of a buyer, how often, and why it may."""

    what: str
    count: int
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasureReport:
    """
    What was removed, by kind, and what was kept.

    `unforgotten` are conversations that Rasa may remember the order numbers of until it is told.
    """

    id: int | None
    removed: Mapping[str, int]
    kept: tuple[Kept, ...]
    unforgotten: tuple[str, ...] = ()

    @property
    def nothing_left(self) -> bool:
        """Whether there was nothing to remove."""
        return not any(self.removed.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class PastErasure:
    """An erasure of some time ago; `email_hash` tells whoever knows the e-mail that it was it."""

    id: int
    email_hash: str
    store: str | None
    who: str
    removed: Mapping[str, int]
    erased_at: datetime


class Erasures(Protocol):
    """Takes a buyer's personal data away."""

    def hold(self, email: str, store: str | None) -> Traces:
        """Everything of that e-mail, in one store or in all, held until the unit ends."""

    def erase(self, traces: Traces, *, by: str, version: str, now: datetime) -> Mapping[str, int]:
        """Take the person out of all of it but the uploads' files; how many of what."""

    def count_kept(self, traces: Traces) -> Mapping[str, int]:
        """How many orders, remedies and decisions stay of them, without the person."""

    def note(self, traces: Traces, removed: Mapping[str, int], *, by: str, now: datetime) -> int:
        """Write down that it was done, and what Rasa is still to be told; its id."""

    def unforgotten(self) -> Sequence[tuple[int, tuple[str, ...]]]:
        """Erasures of which Rasa was not told yet, with their conversations."""

    def note_forgotten(self, erasure: int) -> None:
        """Rasa was told."""

    def newest(self, most: int) -> tuple[PastErasure, ...]:
        """The latest erasures, the newest first."""

    def recorded(self, names: Sequence[str]) -> set[str]:
        """Which of these files of uploads are on record."""


def email_hash(email: str) -> str:
    """What stands for an e-mail where it must not: SHA-256 of it in lower case."""
    return hashlib.sha256(email.strip().casefold().encode()).hexdigest()
