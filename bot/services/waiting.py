"""
A buyer waits for a person: what they are told, and what they may do.

Not everything that was handed over is the buyer's to take back: where money or a decision hangs
on a person, the wait cannot be cancelled, or it would fall between two chairs.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from math import ceil
from statistics import median

from bot.casework.ports.units import UnitOfWork
from bot.casework.replies import MessageKind, Reply
from bot.casework.turns import Conversation, Floor, Sender
from bot.casework.waiting import GIVEN_UP_BY_BUYERS, Wait
from bot.services.house import House
from bot.services.turn_queue import NotAcceptable

COUNTED = 50
FEWEST_COUNTED = 3
"""Answers of people below which nobody can say what is usual."""
AN_EMAIL = re.compile(r"[^\s@<>\"]+@[^\s@<>\"]+\.[^\s@<>\"]+")
LONGEST_EMAIL = 320


@dataclass(frozen=True, kw_only=True)
class WaitCancelled(Reply):
    """The buyer need not wait any more, the bot goes on."""

    kind = MessageKind.NOTICE


@dataclass(frozen=True, kw_only=True)
class EmailNoted(Reply):
    """
    We have that e-mail now.

    `answers` is whether what people answer goes there; without it nothing is promised.
    """

    kind = MessageKind.NOTICE

    email: str
    answers: bool


def find_wait(house: House, conversation_id: str) -> Wait:
    """What a waiting buyer is told; of somebody who does not wait only what they may do."""
    with house.units.reading() as unit:
        conversation = unit.conversations.get(conversation_id)
        left = unit.waiting.contact_email(conversation_id)
        waits = conversation.floor is Floor.WAITING

        return Wait(
            minutes=usual_minutes(unit.waiting.answer_times(conversation.store, COUNTED))
            if waits
            else None,
            may_cancel=waits and unit.waiting.reason(conversation_id) in GIVEN_UP_BY_BUYERS,
            may_leave_email=waits and not _is_known(conversation) and not left,
            answers_by_email=house.writes_letters,
        )


def usual_minutes(times: Sequence[timedelta]) -> int | None:
    """How many minutes people usually take, begun ones counted whole; None if few did."""
    if len(times) < FEWEST_COUNTED:
        return None

    return max(1, ceil(median(one.total_seconds() for one in times) / 60))


def do_cancel_wait(house: House, conversation_id: str) -> None:
    """
    The buyer does not want to wait any more: the bot has the floor again.

    What they wrote meanwhile was a person's to answer. Doing it twice does nothing more.
    """
    with house.units() as unit:
        conversation = unit.conversations.lock(conversation_id)
        if conversation.floor is Floor.BOT:
            return
        if conversation.floor is Floor.CLOSED:
            raise NotAcceptable("closed", "This conversation is closed. Please start a new one.")
        if conversation.floor is Floor.HUMAN:
            raise NotAcceptable("human", "Somebody from our team is with you already.")
        if unit.waiting.reason(conversation_id) not in GIVEN_UP_BY_BUYERS:
            raise NotAcceptable(
                "needs_person", "Somebody from our team has to look at this and will answer you."
            )
        now = house.clock()
        unit.desk.settle(conversation_id, closed_at=None)
        unit.desk.mark_all_answered(conversation_id, now)
        unit.conversations.set_floor(conversation_id, Floor.BOT)
        unit.conversations.set_misses(conversation_id, 0)
        _tell(house, unit, conversation, WaitCancelled(), Sender.BOT)


def do_leave_email(house: House, conversation_id: str, email: str) -> None:
    """
    Keep the e-mail of a buyer who does not want to wait in the chat; it is confirmed in words.

    It proves nothing about who they are, and opens no order.
    """
    wanted = email.strip()
    if len(wanted) > LONGEST_EMAIL or not AN_EMAIL.fullmatch(wanted) or not wanted.isprintable():
        raise NotAcceptable("wrong_email", "That does not look like an e-mail address.")
    with house.units() as unit:
        conversation = unit.conversations.lock(conversation_id)
        if _is_known(conversation):
            raise NotAcceptable("known", "We have your e-mail already.")
        if conversation.floor not in (Floor.WAITING, Floor.HUMAN):
            raise NotAcceptable("not_waiting", "Nobody has to write to you at the moment.")
        if unit.waiting.contact_email(conversation_id) == wanted:
            return
        unit.waiting.leave_email(conversation_id, wanted)
        noted = EmailNoted(email=wanted, answers=house.writes_letters)
        _tell(house, unit, conversation, noted, Sender.SYSTEM)


def _is_known(conversation: Conversation) -> bool:
    """Whether the shop itself has said where to write to."""
    return bool(conversation.identity and conversation.identity.email)


def _tell(
    house: House, unit: UnitOfWork, conversation: Conversation, reply: Reply, sender: Sender
) -> None:
    now = house.clock()
    variant = f"{conversation.id}{conversation.fence}"
    spoken = house.speaker.render(reply, conversation.locale, variant=variant, now=now)
    unit.conversations.say(
        conversation.id, spoken, answers=None, case_id=None, now=now, sender=sender
    )


def find_floor(house: House, conversation_id: str) -> Floor:
    """Who has the floor; Missing if there is no such conversation."""
    with house.units.reading() as unit:
        return unit.conversations.get(conversation_id).floor


def do_read(house: House, conversation_id: str, seq: int) -> bool:
    """The buyer has read up to that message; False if that is nothing new."""
    with house.units() as unit:
        unit.conversations.get(conversation_id)
        return unit.waiting.mark_read(conversation_id, seq)


def may_rate(house: House, conversation_id: str) -> bool:
    """Whether the buyer is to be asked how it was: it is over, and they were not asked yet."""
    with house.units.reading() as unit:
        unit.conversations.get(conversation_id)
        return unit.waiting.may_rate(conversation_id)
