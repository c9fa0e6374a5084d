"""What the widget's API sends: the bodies of its answers and events."""

from datetime import datetime
from typing import Annotated, Literal, TypedDict, cast

import msgspec

from bot.casework.files import FileKind, SentFile, StoredFile
from bot.casework.ports.conversations import ShownMessage
from bot.casework.turns import Floor, Sender

Kind = Annotated[
    str, msgspec.Meta(description="How to show it: text, ask_photo, offer, confirm, card, notice")
]


class Choice(msgspec.Struct):
    """A button under a message; its `token` comes back as a message's `choice`."""

    token: str
    label: str


class Photo(msgspec.Struct):
    """A photo as it is stored; sizes in pixels."""

    id: str
    width: int
    height: int


class AttachedFile(msgspec.Struct):
    """A file of the team beside its photos; its size in bytes."""

    id: str
    name: str
    kind: FileKind
    size: int


# The store keeps a card as the JSON that was shown first, so it is a dict here too.


class CardFact(TypedDict):
    """One line of facts."""

    label: str
    value: str


class CardLine(TypedDict):
    """One product of the order; the price is of all its pieces."""

    title: str
    variant: str
    quantity: int
    price: str


class CardStep(TypedDict):
    """One step of the parcel's way."""

    at: str
    label: str
    place: str
    state: Literal["done", "now", "next", "late"]


class CardTracking(TypedDict):
    """Where the parcel can be followed."""

    number: str
    carrier: str
    url: str | None


class OrderCard(TypedDict):
    """An order; all labels are ready, in the buyer's language."""

    type: Literal["order"]
    order_number: str
    status: str
    status_label: str
    title: str
    facts: list[CardFact]
    lines: list[CardLine]
    total: str
    timeline: list[CardStep]
    tracking: CardTracking | None


class Message(msgspec.Struct):
    """
    One message of the transcript.

    `client_id` is only there on the buyer's own, `agent`, a first name, only on a person's.
    `attachments` are its photos; only people of the team send `files`.
    """

    seq: int
    id: str
    sender: Sender
    kind: Kind
    text: str
    choices: list[Choice]
    card: OrderCard | None
    attachments: list[Photo]
    files: list[AttachedFile]
    client_id: str | None
    created_at: datetime
    agent: str | None


class FloorNow(msgspec.Struct):
    """Who speaks: the bot, nobody yet (WAITING), a person, or nobody any more."""

    floor: Floor


class Typing(msgspec.Struct):
    """Somebody is about to answer, or is done."""

    sender: Sender
    on: bool


class Transcript(msgspec.Struct):
    """Messages in order, and who has the floor."""

    messages: list[Message]
    floor: Floor


class StoreLook(msgspec.Struct):
    """How a store's widget looks; `avatar` is an address."""

    store: str
    title: str
    greeting: str
    colour: str
    avatar: str | None
    locale: str


class Session(msgspec.Struct):
    """The Bearer token of a conversation."""

    token: str
    conversation_id: str


class Chosen(msgspec.Struct):
    """The language that was chosen."""

    locale: str


class Receipt(msgspec.Struct):
    """Where a message was stored."""

    id: str
    seq: int


class Rating(msgspec.Struct):
    """The rating that was stored."""

    score: int


class RatingWanted(msgspec.Struct):
    """Whether the buyer is to be asked how it was."""

    ask: bool


class WaitNow(msgspec.Struct):
    """
    What a waiting buyer is told and may do.

    `minutes` is how long people usually take to answer, null where nobody can say.
    `answers_by_email` is whether an answer goes to the e-mail that is left here; otherwise only
    the team sees it.
    """

    minutes: int | None
    may_cancel: bool
    may_leave_email: bool
    answers_by_email: bool


class ReadSeq(msgspec.Struct):
    """Up to where the buyer has read."""

    seq: int


def to_message(shown: ShownMessage) -> Message:
    """One message of the transcript."""
    return Message(
        seq=shown.seq,
        id=shown.id,
        sender=shown.sender,
        kind=shown.kind,
        text=shown.text,
        choices=[Choice(token, label) for token, label in shown.choices],
        card=cast(OrderCard | None, shown.card),
        attachments=[Photo(*photo) for photo in shown.photos],
        files=[to_attached_file(file) for file in shown.files],
        client_id=shown.client_id,
        created_at=shown.created_at,
        agent=shown.agent,
    )


def to_attached_file(file: SentFile | StoredFile) -> AttachedFile:
    """A file as buyers and the team see it."""
    return AttachedFile(id=file.id, name=file.name, kind=file.kind, size=file.size)
