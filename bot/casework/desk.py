"""
Who has a conversation on the desk, and what agents write there.

A claim makes an agent the only one who writes to the buyer, and the bot silent; it is a lease, so
that a conversation of somebody who disappears comes back to the queue.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.casework.agents import Agent
from bot.casework.decisions import Reason
from bot.casework.talks import Note
from bot.casework.turns import Entity


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """
    Who has a conversation on the desk, or is to have it.

    `agent` has claimed it while `claimed_until` is set, and is only assigned to it otherwise.
    `handed` is why it was handed to a person the last time, None if it was not. `answered_at` is
    when an agent answered that: no clock runs for it any more.
    """

    agent: Agent | None = None
    claimed_until: datetime | None = None
    team: str = ""
    snoozed_until: datetime | None = None
    due_at: datetime | None = None
    closed_at: datetime | None = None
    read_seq: int = 0
    handed: Reason | None = None
    answered_at: datetime | None = None


class Desk(Protocol):
    """Claims, and what agents write."""

    def holding(self, conversation_id: str) -> Holding:
        """Who has it; Missing if there is no such conversation."""

    def claim(self, conversation_id: str, agent: Agent, until: datetime) -> None:
        """It is the agent's until then; it sleeps no more."""

    def renew(self, agent: Agent, until: datetime) -> None:
        """All that the agent has claimed stays theirs until then."""

    def release(self, conversation_id: str, *, agent_id: str | None = None, team: str = "") -> None:
        """Nobody has claimed it; it may be assigned to somebody, or to a team."""

    def settle(self, conversation_id: str, *, closed_at: datetime | None) -> None:
        """It waits for nobody: no clock runs, nobody holds it."""

    def snooze(self, conversation_id: str, until: datetime | None) -> None:
        """Out of sight until then."""

    def lapsed(self, now: datetime) -> tuple[str, ...]:
        """Conversations with a claim that has ended."""

    def find_answer(self, conversation_id: str, client_id: str) -> tuple[str, int] | None:
        """Id and seq of the agent's message of that client id, if it is there already."""

    def add_answer(
        self,
        conversation_id: str,
        agent: Agent,
        *,
        client_id: str,
        text: str,
        attachments: tuple[str, ...],
        now: datetime,
    ) -> tuple[str, int]:
        """Store an agent's message as the next one, which stops all clocks; its id and seq."""

    def wait_again(self, conversation_id: str, due_at: datetime) -> None:
        """The buyer waits for another answer, by then: the clock that was stopped runs anew."""

    def add_note(
        self, conversation_id: str, agent: Agent, *, client_id: str, text: str, now: datetime
    ) -> Note:
        """Store a note, once per client id."""

    def add_correction(
        self,
        message_id: str,
        agent: Agent,
        *,
        intent: str | None,
        entities: tuple[Entity, ...] | None,
        now: datetime,
    ) -> None:
        """Store what a message means in truth, beside what was heard."""

    def mark_all_answered(self, conversation_id: str, now: datetime) -> None:
        """No message of the buyer wants an answer of the bot any more."""
