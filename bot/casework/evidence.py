"""
What a seller lays before a marketplace when a refund looks malicious (AFTER_SALES.md, 6).

The chat as it was, the photos with what they look like, and what a partner owes.
"""

from dataclasses import dataclass
from datetime import datetime

from bot.casework.files import StoredFile
from bot.casework.turns import Sender


@dataclass(frozen=True, slots=True, kw_only=True)
class Photo:
    """
    A photo of the chat.

    `alike` are the numbers of other orders of the store about which one that looks alike was sent.
    """

    id: str
    file_name: str
    sha256: str
    sent_at: datetime
    alike: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One message of the chat, with what was sent along."""

    at: datetime
    sender: Sender
    text: str
    photos: tuple[Photo, ...] = ()
    files: tuple[StoredFile, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Chat:
    """One conversation in which the order was talked about."""

    id: str
    began_at: datetime
    buyer: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingTalk:
    """A conversation that was handed to a person whom it still waits for."""

    conversation_id: str
    store: str
    reason: str
    summary: str
    handed_at: datetime
    due_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerClaim:
    """What the seller may claim from a warehouse or a carrier."""

    against: str
    reason: str
    recorded_at: datetime
