"""Who looked at what and changed what, for the owner."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.casework.agents import Agent

Values = Mapping[str, object]
"""What stood before or stands after: ready for JSON, without a buyer's words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """
    One look or change: `action` is such as `conversation.claim`, `subject` what it was done to.

    `agent` is None for the command line; `who` names whoever did it for people.
    """

    agent: Agent | None
    action: str
    subject: str
    subject_id: str
    before: Values | None = None
    after: Values | None = None
    ip: str = ""
    who: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A deed as it stands in the list; `number` grows from each to the next."""

    number: int
    at: datetime
    agent_id: str | None
    who: str
    action: str
    subject: str
    subject_id: str
    before: Values | None
    after: Values | None
    ip: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditFilter:
    """
    Which deeds somebody looks for; what is empty or None does not matter.

    `action` may be its beginning, such as `agent.`; `text` stands anywhere in a deed. `before` is
    the number of the last entry that was read already.
    """

    agent_id: str = ""
    action: str = ""
    subject: str = ""
    subject_id: str = ""
    text: str = ""
    since: datetime | None = None
    until: datetime | None = None
    before: int | None = None


class Audit(Protocol):
    """The list of deeds; nothing is ever taken from it."""

    def search(self, wanted: AuditFilter, most: int) -> tuple[Entry, ...]:
        """The deeds, at most so many, the newest first."""

    def add(self, deed: Deed, now: datetime) -> None:
        """Write a deed down, in the transaction of the deed itself."""
