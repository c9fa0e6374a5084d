"""What trainers wrote into the project's own files, each change whole, with author and reason."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from bot.casework.agents import Agent
from bot.casework.inbox import InboxMove
from bot.casework.inbox_changes import Renaming

KEPT_DIALOGUE: Final = "dialogue"
DROPPED_DIALOGUE: Final = "drop_dialogue"
NOT_LEARNED: Final = frozenset({KEPT_DIALOGUE, DROPPED_DIALOGUE})
"""Kinds of changes that no training learns anything from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedFile:
    """A file before and after, None where it was not there, and what differs for people."""

    path: str
    before: str | None
    after: str | None
    diff: str
    added: int
    removed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """
    One change; `id` is empty for one that is only looked at.

    `inbox` are the groups that it wrote into the files, or took out of them, `renaming` says which
    intent got another name. `undoes` is the change that this one took back, `undone_by` the one
    that took this one back, `commit` its git commit.
    """

    id: str
    at: datetime
    agent: Agent
    kind: str
    summary: str
    reason: str
    files: tuple[ChangedFile, ...]
    inbox: tuple[InboxMove, ...] = ()
    renaming: Renaming | None = None
    undoes: str = ""
    undone_by: str = ""
    commit: str = ""


class Changes(Protocol):
    """Everything that was written into the project's files from the workbench."""

    def add(self, change: Change) -> bool:
        """Write it down, and that it undoes another; False if it is there already."""

    def get(self, change_id: str) -> Change:
        """One change; Missing without it."""

    def page(self, skip: int, most: int) -> tuple[Change, ...]:
        """The newest first."""

    def set_commit(self, change_id: str, commit: str) -> None:
        """It is a git commit now."""

    def heard(self, since: datetime) -> Mapping[str, int]:
        """How often buyers' messages were understood as each intent since then."""

    def latest_comparison(self) -> bytes | None:
        """What came of the newest comparison of two models, as JSON; None before the first."""
