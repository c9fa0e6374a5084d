"""The part of the widget's API beside the messages: waiting, typing, reading, rating."""

import asyncio
from typing import Final

import msgspec
from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody
from litestar.status_codes import HTTP_200_OK, HTTP_204_NO_CONTENT, HTTP_409_CONFLICT

from bot.casework.turns import Floor, Sender
from bot.services.sessions import add_rating
from bot.services.waiting import (
    do_cancel_wait,
    do_leave_email,
    do_read,
    find_floor,
    find_wait,
    may_rate,
)
from bot.web.bus import ENCODE, Event
from bot.web.door import MOST_JSON, SIGNED_IN, Door
from bot.web.errors import AnyRequest, WrongRequest, faults
from bot.web.incoming import MOST_TEXT, EmailRequest, RatingRequest, ReadRequest, clean, refuse
from bot.web.messages import FloorNow, Rating, RatingWanted, ReadSeq, Typing, WaitNow

MOST_SEQ = 2**31 - 1


@get("/wait", responses=faults(401), security=SIGNED_IN)
async def show_wait(request: AnyRequest, door: NamedDependency[Door]) -> WaitNow:
    """How long people usually take to answer, and what the buyer may do meanwhile."""
    wait = await asyncio.to_thread(find_wait, door.house, door.conversation_of(request))

    return WaitNow(
        minutes=wait.minutes,
        may_cancel=wait.may_cancel,
        may_leave_email=wait.may_leave_email,
        answers_by_email=wait.answers_by_email,
    )


@post("/cancel-wait", status_code=HTTP_200_OK, responses=faults(401, 409), security=SIGNED_IN)
async def cancel_wait(request: AnyRequest, door: NamedDependency[Door]) -> FloorNow:
    """Wait for nobody any more: the bot is back. Not where a person has something to decide."""
    conversation_id = door.conversation_of(request)
    await asyncio.to_thread(do_cancel_wait, door.house, conversation_id)
    door.bus.show_change(conversation_id)

    return FloorNow(Floor.BOT)


@post(
    "/email",
    status_code=HTTP_204_NO_CONTENT,
    request_max_body_size=MOST_JSON,
    responses=faults(401, 409, 413, 422),
    security=SIGNED_IN,
)
async def leave_email(
    request: AnyRequest, data: JSONBody[EmailRequest], door: NamedDependency[Door]
) -> None:
    """
    Where to reach a buyer whom the shop does not know, and who waits; it is confirmed in the chat.

    The answer goes there as well where `answers_by_email` says so.
    """
    conversation_id = door.conversation_of(request)
    await asyncio.to_thread(do_leave_email, door.house, conversation_id, data.email)
    door.bus.show_change(conversation_id)


@post("/typing", status_code=HTTP_204_NO_CONTENT, responses=faults(401), security=SIGNED_IN)
async def tell_typing(request: AnyRequest, door: NamedDependency[Door]) -> None:
    """The buyer writes; told every two seconds at most, and only to people."""
    conversation_id = door.conversation_of(request)
    if not door.typing_pace.allows(conversation_id):
        return
    floor = await asyncio.to_thread(find_floor, door.house, conversation_id)
    if floor in (Floor.WAITING, Floor.HUMAN):
        typing = ENCODE(Typing(sender=Sender.BUYER, on=True))
        door.bus.tell_team(conversation_id, Event("typing", msgspec.Raw(typing)))


@post(
    "/read",
    status_code=HTTP_204_NO_CONTENT,
    request_max_body_size=MOST_JSON,
    responses=faults(401, 413, 422),
    security=SIGNED_IN,
)
async def tell_read(
    request: AnyRequest, data: JSONBody[ReadRequest], door: NamedDependency[Door]
) -> None:
    """The buyer has read up to that message; what goes back, or beyond the end, is ignored."""
    conversation_id = door.conversation_of(request)
    if not 0 <= data.seq <= MOST_SEQ:
        raise refuse("wrong_seq", "There is no such message.")
    if await asyncio.to_thread(do_read, door.house, conversation_id, data.seq):
        read = ENCODE(ReadSeq(data.seq))
        door.bus.tell_team(conversation_id, Event("read", msgspec.Raw(read)))


@get("/rating", responses=faults(401), security=SIGNED_IN)
async def show_rating(request: AnyRequest, door: NamedDependency[Door]) -> RatingWanted:
    """Whether to ask how it was: once, after it was closed or something was made good."""
    conversation_id = door.conversation_of(request)

    return RatingWanted(ask=await asyncio.to_thread(may_rate, door.house, conversation_id))


@post(
    "/rating",
    request_max_body_size=MOST_JSON,
    responses=faults(401, 409, 413, 422),
    security=SIGNED_IN,
)
async def rate(
    request: AnyRequest, data: JSONBody[RatingRequest], door: NamedDependency[Door]
) -> Rating:
    """The buyer's rating of the conversation, once."""
    conversation_id = door.conversation_of(request)
    if not 1 <= data.score <= 5:
        raise refuse("wrong_score", "A rating goes from 1 to 5.")
    comment = clean(data.comment or "")[:MOST_TEXT]
    if not await asyncio.to_thread(add_rating, door.house, conversation_id, data.score, comment):
        raise WrongRequest(HTTP_409_CONFLICT, "rated", "This conversation was rated already.")

    return Rating(score=data.score)


WAITING: Final = (
    show_wait,
    cancel_wait,
    leave_email,
    tell_typing,
    tell_read,
    show_rating,
    rate,
)
