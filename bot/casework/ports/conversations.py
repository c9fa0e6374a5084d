"""Conversations with their messages, as the store keeps them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.casework.files import SentFile
from bot.casework.ports.speaking import Spoken
from bot.casework.turns import (
    BuyerMessage,
    Conversation,
    Entity,
    Floor,
    Identity,
    LocaleFrom,
    PressedChoice,
    Sender,
    Understanding,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMessage:
    """A buyer's message as it comes in; `client_id` is the widget's own id for it."""

    conversation_id: str
    client_id: str
    text: str
    choice_token: str | None
    attachments: tuple[str, ...]
    ip: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredPhoto:
    """
    An uploaded photo, checked and written to the photo folder; sizes in pixels and bytes.

    `look` is its perceptual hash of 64 bits, None if not known: photos that look alike differ in
    few of them.
    """

    id: str
    file_name: str
    width: int
    height: int
    size: int
    sha256: str
    look: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownMessage:
    """
    A message as the buyer sees it.

    `choices` are pairs of token and label; `photos` are id, width and height in pixels, `files`
    what else a person has sent; `agent` is the first name of the person who wrote it.
    """

    seq: int
    id: str
    sender: Sender
    kind: str
    text: str
    choices: tuple[tuple[str, str], ...]
    card: Mapping[str, object] | None
    photos: tuple[tuple[str, int, int], ...]
    client_id: str | None
    created_at: datetime
    agent: str | None = None
    files: tuple[SentFile, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """
    A question what the buyer meant by the message `answered`.

    `reply` is its name; `choices` are value and token of its buttons, in order.
    """

    answered: str
    reply: str
    choices: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Clarified:
    """
    What a buyer meant by a message that was not understood, in their own choice.

    `offered` are the values of the buttons with the model's confidence, None where it had none;
    `chosen` is the value that was taken, None if none was; `language` as the model heard it.
    """

    message_id: str
    text: str
    language: str | None
    offered: tuple[tuple[str, float | None], ...]
    chosen: str | None
    asked_at: datetime


class Conversations(Protocol):
    """Conversations, their messages and choices."""

    def add(
        self,
        store: str,
        locale: str,
        identity: Identity | None,
        now: datetime,
        *,
        locale_from: LocaleFrom = LocaleFrom.GUESSED,
    ) -> str:
        """A new conversation of that store; its id."""

    def add_named(self, conversation_id: str, store: str, locale: str, now: datetime) -> None:
        """A conversation of that id, unless it is there already."""

    def get(self, conversation_id: str) -> Conversation:
        """The conversation; Missing if there is none."""

    def lock(self, conversation_id: str) -> Conversation:
        """The conversation, held against all other writers until the unit ends."""

    def identify(self, conversation_id: str, identity: Identity) -> None:
        """Write down who the shop says the buyer is."""

    def set_floor(self, conversation_id: str, floor: Floor) -> None:
        """Who speaks from now on."""

    def set_locale(self, conversation_id: str, locale: str, locale_from: LocaleFrom) -> None:
        """In which language the buyer is answered from now on, and how that is known."""

    def set_misses(self, conversation_id: str, misses: int) -> None:
        """How many messages in a row were not understood."""

    def mark_verified(self, conversation_id: str, order_id: int, now: datetime) -> None:
        """The buyer proved that the order is theirs."""

    def get_message(self, message_id: str) -> BuyerMessage:
        """A buyer's message; Missing if there is none."""

    def find_last_of_buyer(self, conversation_id: str) -> BuyerMessage | None:
        """The buyer's latest message; None if they have not written yet."""

    def find_by_client_id(self, conversation_id: str, client_id: str) -> BuyerMessage | None:
        """The message that this client sent before under that id."""

    def add_message(self, message_id: str, message: NewMessage, now: datetime) -> BuyerMessage:
        """Store a buyer's message as the next of its conversation, with its photos."""

    def free_attachments(
        self, conversation_id: str, ids: Sequence[str], *, photos_only: bool = False
    ) -> set[str]:
        """Which of these uploads are of this conversation and belong to no message yet."""

    def add_photo(self, conversation_id: str, photo: StoredPhoto, now: datetime) -> None:
        """A photo that no message names yet."""

    def find_photo(self, conversation_id: str, photo_id: str) -> str | None:
        """The file name of this conversation's photo."""

    def find_reused(
        self, store: str, photos: Sequence[str], order_id: int, distance: int
    ) -> tuple[str, ...]:
        """
        Which of these photos look like one that was sent about another order of the store.

        Looks are alike if at most `distance` of their 64 bits differ (3 at most).
        """

    def photos(self, conversation_id: str) -> tuple[str, ...]:
        """Ids of the photos that the buyer sent with the latest messages, oldest first."""

    def transcript(self, conversation_id: str, after: int) -> tuple[ShownMessage, ...]:
        """Messages with a greater seq, in order, as the buyer sees them."""

    def unanswered(self, conversation_id: str) -> tuple[BuyerMessage, ...]:
        """Buyer messages that still want an answer, oldest first."""

    def note_understanding(self, message_id: str, understanding: Understanding) -> None:
        """Write down what Rasa heard."""

    def entities_of(self, message_id: str) -> tuple[Entity, ...]:
        """The details that were found in a buyer's message."""

    def mark_answered(self, message_id: str, now: datetime) -> None:
        """This message wants no further answer."""

    def say(
        self,
        conversation_id: str,
        spoken: Spoken,
        *,
        answers: str | None,
        case_id: str | None,
        now: datetime,
        sender: Sender = Sender.BOT,
    ) -> str:
        """Store a message to the buyer as the next one, with its choices; its id."""

    def said_to(self, message_id: str) -> tuple[str, ...]:
        """Texts of the bot's answers to a buyer's message, in order."""

    def find_choice(self, token: str) -> PressedChoice | None:
        """The button of that token."""

    def doubts(self, conversation_id: str, most: int) -> tuple[Doubt, ...]:
        """The latest questions what was meant, at most so many, the newest first."""

    def clarified(self, store: str) -> tuple[Clarified, ...]:
        """All messages that buyers were asked about in that store, the oldest first."""

    def use_choice(self, token: str, message_id: str) -> None:
        """The button was pressed by that message, and its siblings are over with it."""

    def take_lease(
        self,
        conversation_id: str,
        owner: str,
        until: datetime,
        now: datetime,
        held: int | None = None,
    ) -> int | None:
        """
        The new fencing number, or None while somebody else holds the conversation.

        `held` is the number of a lease that its owner renews.
        """

    def drop_lease(self, conversation_id: str, fence: int) -> None:
        """Let the conversation go, if nobody took it since."""

    def left_behind(self, now: datetime) -> tuple[str, ...]:
        """Conversations with the bot that have unanswered messages and no living lease."""

    def add_rating(self, conversation_id: str, score: int, comment: str, now: datetime) -> bool:
        """Store the buyer's rating, once; False if there was one."""
