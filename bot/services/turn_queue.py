"""
From a message that came in to its answers: who works on which conversation, and until when.

A message is stored before anything else happens. A lease (owner, deadline, fencing number) makes
sure that one process at a time works on a conversation; a crashed one is found by its deadline.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.casework.deadlines import due_at
from bot.casework.ports.conversations import Conversations, NewMessage, ShownMessage
from bot.casework.ports.units import UnitOfWork
from bot.casework.turns import BuyerMessage, Floor
from bot.services.hand_off import recent_order
from bot.services.house import House

MOST_WAITING = 50
"""Unanswered messages of one conversation, after which the buyer is asked to wait."""


class NotAcceptable(Exception):
    """A message that cannot be taken; `code` is for programs, the text for people."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """
    A stored message, as the buyer sees it in `shown`: None if it was stored before.

    `fence` is set if the conversation's lease was taken along with it; `waiting` are then the
    messages to answer, this one last.
    """

    shown: ShownMessage | None
    message: BuyerMessage
    waiting: tuple[BuyerMessage, ...] = ()
    fence: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """
    What was said after a message; `done` says that the bot owes it nothing more.

    `fence` is the conversation's newest fencing number: another one than ours means that
    somebody else works on it by now. `approvals` is how many remedies await a yes, of the whole
    house.
    """

    shown: tuple[ShownMessage, ...]
    floor: Floor
    fence: int
    done: bool
    approvals: int


def receive_message(
    house: House, message: NewMessage, owner: str, lease_seconds: float
) -> Received:
    """
    Store a buyer's message, once per `client_id`, and take its conversation if it is free.

    A choice or an upload of another conversation is refused as if it did not exist.
    """
    with house.units() as unit:
        conversations = unit.conversations
        conversation = conversations.lock(message.conversation_id)
        before = conversations.find_by_client_id(message.conversation_id, message.client_id)
        if before:
            return Received(shown=None, message=before, fence=None)
        if conversation.floor is Floor.CLOSED:
            raise NotAcceptable("closed", "This conversation is closed. Please start a new one.")
        label = _label_of_choice(conversations, message)
        free = conversations.free_attachments(
            message.conversation_id, message.attachments, photos_only=True
        )
        if set(message.attachments) - free:
            raise NotAcceptable(
                "unknown_attachment", "That photo is not here any more. Please upload it again."
            )
        waiting = conversations.unanswered(message.conversation_id)
        if conversation.floor is Floor.BOT and len(waiting) >= MOST_WAITING:
            raise NotAcceptable("too_many", "One moment please, your messages are being answered.")

        now = house.clock()
        if conversation.floor is not Floor.BOT:
            unit.desk.snooze(conversation.id, None)
            _wait_again(house, unit, conversation.id, now)
        new_id = house.new_id()
        text = message.text or label
        stored = conversations.add_message(
            new_id,
            NewMessage(
                conversation_id=message.conversation_id,
                client_id=message.client_id,
                text=text,
                choice_token=message.choice_token,
                attachments=message.attachments,
                ip=message.ip,
            ),
            now,
        )
        until = now + timedelta(seconds=lease_seconds)
        fence = conversations.take_lease(message.conversation_id, owner, until, now)

        return Received(
            shown=conversations.transcript(stored.conversation_id, stored.seq - 1)[0],
            message=stored,
            waiting=(*waiting, stored),
            fence=fence,
        )


def _wait_again(house: House, unit: UnitOfWork, conversation_id: str, now: datetime) -> None:
    """Who writes after a person's answer waits for another one, by the same clock as before."""
    held = unit.desk.holding(conversation_id)
    if held.handed and held.answered_at:
        order = recent_order(unit, conversation_id)
        unit.desk.wait_again(conversation_id, due_at(house.rulebook, held.handed, order, now))


def take_up(house: House, conversation_id: str, owner: str, lease_seconds: float) -> int | None:
    """Take a conversation that is free or was left behind; its fencing number, or None."""
    with house.units() as unit:
        now = house.clock()
        until = now + timedelta(seconds=lease_seconds)

        return unit.conversations.take_lease(conversation_id, owner, until, now)


def list_waiting(house: House, conversation_id: str) -> tuple[BuyerMessage, ...]:
    """Messages that still want an answer, oldest first."""
    with house.units.reading() as unit:
        return unit.conversations.unanswered(conversation_id)


def look(house: House, message: BuyerMessage) -> Progress:
    """What was said since that message, and whether it is answered."""
    with house.units.reading() as unit:
        conversations = unit.conversations
        conversation = conversations.get(message.conversation_id)
        answered = conversations.get_message(message.id).answered_at is not None

        return Progress(
            shown=conversations.transcript(message.conversation_id, message.seq),
            floor=conversation.floor,
            fence=conversation.fence,
            done=answered or conversation.floor is not Floor.BOT,
            approvals=unit.approvals.count_waiting(),
        )


def put_down(
    house: House, conversation_id: str, owner: str, fence: int, lease_seconds: float
) -> int | None:
    """
    Let the conversation go if nothing waits any more; else keep it under a new fencing number.

    Both in one transaction with the look at what waits, so that no message can slip between.
    """
    with house.units() as unit:
        conversations = unit.conversations
        conversation = conversations.lock(conversation_id)
        if conversation.floor is Floor.BOT and conversations.unanswered(conversation_id):
            now = house.clock()
            until = now + timedelta(seconds=lease_seconds)
            return conversations.take_lease(conversation_id, owner, until, now, held=fence)
        conversations.drop_lease(conversation_id, fence)

    return None


def _label_of_choice(conversations: Conversations, message: NewMessage) -> str:
    """The label of the button, which is shown as what the buyer said; empty without one."""
    if message.choice_token is None:
        return ""
    choice = conversations.find_choice(message.choice_token)
    if choice is None or choice.conversation_id != message.conversation_id:
        raise NotAcceptable("unknown_choice", "That button does not belong to this conversation.")

    return choice.label
