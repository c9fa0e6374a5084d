"""A conversation as the team sees it: with what was heard, decided, noted and given."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.casework.buyer_history import BuyerHistory
from bot.casework.files import SentFile
from bot.casework.past import PastDecision
from bot.casework.remedies import Remedy, RemedyState
from bot.casework.turns import Entity, Floor, Sender


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionMade:
    """An agent's word on what a message means; None: that part was right."""

    intent: str | None
    entities: tuple[Entity, ...] | None
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class HeardMessage:
    """
    What the model understood of a buyer's message, and what an agent made of that.

    `read_by` names the model, None for messages of before that was noted.
    """

    intent: str
    confidence: float
    ranking: tuple[tuple[str, float], ...]
    entities: tuple[Entity, ...]
    language: str | None
    read_by: str | None = None
    corrected: CorrectionMade | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskMessage:
    """
    A message as the team sees it.

    `choices` are label and whether it was pressed; `photos` id, width and height; `files` what else
    a person has sent; `agent` the first name of the person who wrote; `answers` the buyer's message
    that a bot's message answers.
    """

    id: str
    seq: int
    sender: Sender
    kind: str
    text: str
    at: datetime
    choices: tuple[tuple[str, bool], ...] = ()
    card: object = None
    photos: tuple[tuple[str, int, int], ...] = ()
    files: tuple[SentFile, ...] = ()
    agent: str | None = None
    heard: HeardMessage | None = None
    answers: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedOver:
    """One transfer to a person; `by` is empty for the bot, `answered_at` None without an answer."""

    reason: str
    summary: str
    at: datetime
    due_at: datetime | None
    answered_at: datetime | None
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseOnDesk:
    """A case in short."""

    id: str
    playbook: str
    intent: str
    state: str
    awaiting: str
    order_id: int | None
    order_number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RemedyOnDesk:
    """A remedy that was granted in the conversation, or waits for a yes."""

    id: str
    order_id: int
    remedy: Remedy
    state: RemedyState
    reason: str
    approved_by: str
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierTalk:
    """Another conversation of the same buyer."""

    id: str
    began_at: datetime
    floor: Floor
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rated:
    """The buyer's rating."""

    score: int
    comment: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What an agent wrote for the others, behind the message `after_seq`."""

    id: str
    after_seq: int
    agent: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WholeTalk:
    """
    All that the desk knows of a conversation beside its messages.

    `decisions` stand with the id of the buyer's message that they were taken on, None for those
    that no message asked for; `orders` are the numbers of those that it is about. Who
    the buyer is, the shop or a proven order tells; empty if nobody does.
    """

    handoffs: tuple[HandedOver, ...]
    cases: tuple[CaseOnDesk, ...]
    decisions: tuple[tuple[str | None, PastDecision], ...]
    remedies: tuple[RemedyOnDesk, ...]
    notes: tuple[Note, ...]
    orders: tuple[str, ...]
    earlier: tuple[EarlierTalk, ...]
    before: BuyerHistory
    rating: Rated | None
    buyer_name: str
    buyer_email: str
    contact_email: str = ""
    """What an anonymous buyer left to be written to; it proves nothing about who they are."""


class Talks(Protocol):
    """Reads conversations whole."""

    def messages(self, conversation_id: str, after: int = 0) -> tuple[DeskMessage, ...]:
        """
        Its messages behind that seq, in order, as the team sees them.

        Those that they answer come along: what was heard in them may be new.
        """

    def whole(self, conversation_id: str) -> WholeTalk:
        """All else that is known of it."""
