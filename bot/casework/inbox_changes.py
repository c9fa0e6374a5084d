"""What changes of the project's files do to the training inbox and to what people said there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.casework.agents import Agent
from bot.casework.inbox import InboxMove


@dataclass(frozen=True, slots=True, kw_only=True)
class Renaming:
    """An intent is called `after` now; with `only_of` just what that change had renamed."""

    before: str
    after: str
    only_of: str = ""


class InboxChanges(Protocol):
    """Groups that are written, and intents that get another name."""

    def move(self, moves: Sequence[InboxMove]) -> tuple[InboxMove, ...]:
        """Each group that is as the move expects it, to where it leads; those that went."""

    def as_now(self, moves: Sequence[InboxMove]) -> tuple[InboxMove, ...]:
        """The same moves under the names that the groups' intents have got since."""

    def say(self, moves: Sequence[InboxMove], agent: Agent, change_id: str, now: datetime) -> None:
        """That person has said what these mean, by writing them."""

    def take_back_said(self, moves: Sequence[InboxMove], change_id: str, now: datetime) -> None:
        """What was said about these by that change is said no more."""

    def names(self) -> Mapping[str, str]:
        """
        What intents are called now, by a name that they had.

        It is for names that are gone: one may have been given to another intent since.
        """

    def rename(self, change_id: str, renaming: Renaming) -> None:
        """
        What people said and what is decided, under another name from that change on.

        It is remembered what was renamed, so that it can be taken back.
        """
