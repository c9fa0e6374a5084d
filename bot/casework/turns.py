"""A conversation and one buyer message of it, as a playbook sees them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Floor(StrEnum):
    """Who speaks to the buyer."""

    BOT = "BOT"
    WAITING = "WAITING"
    HUMAN = "HUMAN"
    CLOSED = "CLOSED"


class LocaleFrom(StrEnum):
    """How sure a conversation's language is."""

    GUESSED = "guessed"
    """By the page or the store; nothing that the buyer wrote has told yet."""
    WRITTEN = "written"
    CHOSEN = "chosen"
    """By the shop or the buyer, in so many words: whatever is written does not change it."""


class Sender(StrEnum):
    """Who wrote a message."""

    BUYER = "buyer"
    BOT = "bot"
    AGENT = "agent"
    SYSTEM = "system"


class Route(StrEnum):
    """What a rule in data/rules.yml does with an intent; one Rasa action each."""

    RUN_PLAYBOOK = "run_playbook"
    CONTINUE_CASE = "continue_case"
    ANSWER = "answer"
    HAND_OFF = "hand_off"
    CLARIFY = "clarify"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """A detail that the model found in the text, `start` to `end` in characters."""

    name: str
    value: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """
    A part of a message that could be a matter of its own, as Rasa heard it alone.

    `text` is cleaned and need not stand in the message letter by letter; the places of `entities`
    are places in it.
    """

    text: str
    intent: str
    confidence: float
    entities: tuple[Entity, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Understanding:
    """
    What Rasa heard in a message.

    `clauses` is empty for a message of one clause; otherwise it holds, in their order, those that
    the model was sure of. `language` is `en` or `ru`, None where the text does not tell. `read_by`
    names the model, None where nobody said which it was. `nearness` is how like the nearest
    training example is, a cosine from -1 to 1, None where that was not measured.
    """

    route: Route
    intent: str
    confidence: float
    ranking: tuple[tuple[str, float], ...] = ()
    entities: tuple[Entity, ...] = ()
    clauses: tuple[Clause, ...] = ()
    language: str | None = None
    read_by: str | None = None
    nearness: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """
    One buyer message as a playbook sees it.

    `choice` is the value of the button that was pressed, `photos` are attachment ids. A turn
    without anything (`Turn.silent`) asks a playbook to put its open question again. `opening` is
    the part of the text that the turn is about, where it is not all of it.
    """

    message_id: str = ""
    text: str = ""
    intent: str = ""
    entities: tuple[Entity, ...] = ()
    choice: str | None = None
    photos: tuple[str, ...] = ()
    ip: str = ""
    opening: str = ""

    @property
    def silent(self) -> bool:
        """Whether the buyer said nothing that the case could use."""
        return not (self.text or self.intent or self.choice or self.photos)


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who the shop says that the buyer is, from a signed token."""

    subject: str
    email: str
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """Everything with one buyer; `fence` grows with every lease of it."""

    id: str
    store: str
    locale: str
    floor: Floor
    identity: Identity | None
    misses: int
    fence: int
    verified: frozenset[int] = frozenset()
    locale_from: LocaleFrom = LocaleFrom.GUESSED


@dataclass(frozen=True, slots=True, kw_only=True)
class BuyerMessage:
    """A stored message of the buyer, answered or not."""

    id: str
    seq: int
    conversation_id: str
    text: str
    choice_token: str | None
    photos: tuple[str, ...]
    ip: str
    answered_at: datetime | None
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PressedChoice:
    """
    A button of an earlier message.

    `over` says that it may not be used any more: it or a sibling was pressed, or a newer
    question of the same case stands. `answered` is the buyer's message that it was an answer to,
    None under what was said unasked.
    """

    token: str
    conversation_id: str
    case_id: str | None
    value: str
    label: str
    over: bool
    answered: str | None = None
