"""What the desk's API sends of a conversation with everything at hand."""

from datetime import datetime
from typing import Any

import msgspec

from bot.casework.turns import Floor
from bot.web.desk.history_shapes import History
from bot.web.desk.message_shapes import TalkMessage
from bot.web.desk.people_shapes import Person


class NoteShown(msgspec.Struct):
    """What an agent wrote for the others."""

    id: str
    after_seq: int
    agent: str
    text: str
    at: datetime


class HandoffShown(msgspec.Struct):
    """One transfer to a person; from `warn_at` on its deadline is near."""

    reason: str
    reason_text: str
    summary: str
    at: datetime
    due_at: datetime | None
    warn_at: datetime | None
    answered_at: datetime | None
    by: str


class CaseShown(msgspec.Struct):
    """One case; `asked` is what the buyer was asked last and has not answered."""

    id: str
    playbook: str
    text: str
    state: str
    state_text: str
    asked: str
    order_number: str


class OrderShown(msgspec.Struct):
    """An order that the conversation is about, with its card."""

    id: int
    number: str
    marketplace: str
    status: str
    placed_at: datetime
    total: str
    refunded: str
    left_to_refund: str
    card: Any


class RemedyShown(msgspec.Struct):
    """A remedy that was granted here, or waits for a yes."""

    id: str
    kind: str
    text: str
    amount: str | None
    state: str
    state_text: str
    order_number: str
    reason_text: str
    decided_by: str
    at: datetime


class BuyerShown(msgspec.Struct):
    """
    Who writes; masked until somebody asks, which is written down.

    `contact` is the e-mail that an anonymous buyer left to be written to; it proves nothing.
    """

    name: str
    email: str
    contact: str
    signed_in: bool
    revealed: bool


class CanDo(msgspec.Struct):
    """What whoever asks may do with the conversation now."""

    claim: bool
    reply: bool
    give_back: bool
    close: bool
    snooze: bool
    assign: bool
    note: bool
    correct: bool
    decide: bool


class Talk(msgspec.Struct):
    """One conversation with everything at hand; from `warn_at` on its deadline is near."""

    id: str
    store: str
    floor: Floor
    language: str
    buyer: BuyerShown
    agent: Person | None
    team: str
    claimed_until: datetime | None
    snoozed_until: datetime | None
    due_at: datetime | None
    warn_at: datetime | None
    answered_at: datetime | None
    closed_at: datetime | None
    read_seq: int
    messages: list[TalkMessage]
    notes: list[NoteShown]
    handoffs: list[HandoffShown]
    cases: list[CaseShown]
    orders: list[OrderShown]
    remedies: list[RemedyShown]
    history: History
    present: list[Person]
    may: CanDo
    now: datetime
