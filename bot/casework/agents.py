"""Who works at the desk, and what each role may do there."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Role(StrEnum):
    """What somebody is to the team."""

    AGENT = "agent"
    """Answers buyers and decides about remedies within a small limit."""
    LEAD = "lead"
    """An agent with a greater limit, who assigns work and hears of missed deadlines."""
    TRAINER = "trainer"
    """Teaches the model: reads and corrects, but neither answers nor moves money."""
    OWNER = "owner"
    """The seller: everything."""


class May(StrEnum):
    """What a role may allow."""

    READ = "read"
    """See the queue, conversations and orders."""
    ANSWER = "answer"
    """Claim conversations, write to buyers, take notes, give back and close."""
    DECIDE = "decide"
    """Approve, deny and grant remedies, within the role's limit."""
    CORRECT = "correct"
    """Say what a message means in truth."""
    TEACH = "teach"
    """Say what messages of the training inbox mean."""
    OVERRIDE = "override"
    """Put a model live that the gate refuses, with a written reason."""
    ASSIGN = "assign"
    """Give a conversation to somebody else, or take it from them."""
    SETTINGS = "settings"
    """Change canned replies and other words."""
    AGENTS = "agents"
    """Add people, change roles, lock them out."""
    AUDIT = "audit"
    """Read who looked at what and changed what."""
    ERASE = "erase"
    """Take a buyer's personal data away."""


ALLOWED: Final[Mapping[Role, frozenset[May]]] = {
    Role.AGENT: frozenset({May.READ, May.ANSWER, May.DECIDE, May.CORRECT}),
    Role.LEAD: frozenset(
        {
            May.READ,
            May.ANSWER,
            May.DECIDE,
            May.CORRECT,
            May.TEACH,
            May.OVERRIDE,
            May.ASSIGN,
            May.SETTINGS,
        }
    ),
    Role.TRAINER: frozenset({May.READ, May.CORRECT, May.TEACH}),
    Role.OWNER: frozenset(May),
}
"""The one place that says who may do what; tests/web/test_access.py goes through all of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Agent:
    """
    A person who works at the desk.

    `reads` are the languages that they read, such as `en`; `team` is empty for none.
    """

    id: str
    email: str
    name: str
    role: Role
    team: str = ""
    reads: tuple[str, ...] = ()
    disabled: bool = False

    @property
    def first_name(self) -> str:
        """What buyers are told of the name."""
        return first_name(self.name)

    def may(self, what: May) -> bool:
        """Whether the role allows it."""
        return not self.disabled and what in ALLOWED[self.role]


def first_name(name: str) -> str:
    """What buyers are told of that name."""
    return name.split()[0]
