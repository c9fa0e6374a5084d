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


class Audit(Protocol):
    """The list of deeds; nothing is ever taken from it."""

    def add(self, deed: Deed, now: datetime) -> None:
        """Write a deed down, in the transaction of the deed itself."""
