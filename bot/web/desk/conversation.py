"""One conversation on the desk: look, take over, write, pass on, give back."""

import asyncio
from datetime import datetime
from typing import Final

import msgspec
from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from litestar.status_codes import (
    HTTP_200_OK,
    HTTP_204_NO_CONTENT,
    HTTP_404_NOT_FOUND,
)

from bot.casework.agents import Agent, May
from bot.services.desk_reading import TalkOnDesk, do_reveal, open_talk, read_talk
from bot.services.taking_over import do_assign, do_claim, do_close, do_give_back, do_snooze
from bot.web.desk.access import ip_of
from bot.web.desk.desk import Desk
from bot.web.desk.talk_making import to_buyer, to_talk
from bot.web.desk.talk_shapes import BuyerShown, Talk
from bot.web.errors import AnyRequest, WrongRequest, faults
from bot.web.incoming import ID, MOST_TEXT, clean, refuse

MOST_SEQ: Final = 2**31 - 1
TALK: Final = "/conversations/{conversation_id:str}"


class GivenBack(msgspec.Struct):
    """To the bot: `resume` puts the open question again, else it starts anew."""

    note: str = ""
    resume: bool = True


class Snoozed(msgspec.Struct):
    """Out of sight until then; nothing: back at once."""

    until: datetime | None = None


class Assigned(msgspec.Struct):
    """Who is to answer: a person or a team."""

    agent_id: str = ""
    team: str = ""
    note: str = ""


@get(TALK, opt={"may": May.READ}, responses=faults(401, 403, 404))
async def show_conversation(
    request: AnyRequest,
    conversation_id: FromPath[str],
    agent: NamedDependency[Agent],
    desk: NamedDependency[Desk],
) -> Talk:
    """
    One conversation with everything at hand; the look is written down.

    Once: a page that has it open asks again after every change.
    """
    check_id(conversation_id)

    def look() -> TalkOnDesk:
        if desk.presence.is_looking(conversation_id, agent):
            return read_talk(desk.house, conversation_id)
        return open_talk(desk.house, conversation_id, agent, ip=ip_of(request))

    talk = await asyncio.to_thread(look)

    return to_talk(talk, agent, desk.presence.of(conversation_id))


@post(
    f"{TALK}/reveal",
    opt={"may": May.READ},
    status_code=HTTP_200_OK,
    responses=faults(401, 403, 404),
)
async def reveal_buyer(
    request: AnyRequest,
    conversation_id: FromPath[str],
    agent: NamedDependency[Agent],
    desk: NamedDependency[Desk],
) -> BuyerShown:
    """Who the buyer is, unmasked; that is written down."""
    check_id(conversation_id)
    await asyncio.to_thread(do_reveal, desk.house, conversation_id, agent, ip=ip_of(request))
    talk = await asyncio.to_thread(read_talk, desk.house, conversation_id)

    return to_buyer(talk, revealed=True)


@post(
    f"{TALK}/claim",
    opt={"may": May.ANSWER},
    status_code=HTTP_204_NO_CONTENT,
    responses=faults(401, 403, 404, 409),
)
async def claim(
    conversation_id: FromPath[str], agent: NamedDependency[Agent], desk: NamedDependency[Desk]
) -> None:
    """Take it over: nobody else writes from now on, the bot least of all."""
    check_id(conversation_id)
    await asyncio.to_thread(do_claim, desk.house, conversation_id, agent)
    desk.show_change(conversation_id)


@post(
    f"{TALK}/give-back",
    opt={"may": May.ANSWER},
    status_code=HTTP_204_NO_CONTENT,
    responses=faults(401, 403, 404, 409, 422),
)
async def give_back(
    conversation_id: FromPath[str],
    data: JSONBody[GivenBack],
    agent: NamedDependency[Agent],
    desk: NamedDependency[Desk],
) -> None:
    """The bot goes on."""
    check_id(conversation_id)
    note = checked_text(data.note)
    await asyncio.to_thread(
        do_give_back, desk.house, conversation_id, agent, note=note, resume=data.resume
    )
    desk.show_change(conversation_id)


@post(
    f"{TALK}/close",
    opt={"may": May.ANSWER},
    status_code=HTTP_204_NO_CONTENT,
    responses=faults(401, 403, 404, 409),
)
async def close(
    conversation_id: FromPath[str], agent: NamedDependency[Agent], desk: NamedDependency[Desk]
) -> None:
    """It is settled."""
    check_id(conversation_id)
    await asyncio.to_thread(do_close, desk.house, conversation_id, agent)
    desk.show_change(conversation_id)


@post(
    f"{TALK}/snooze",
    opt={"may": May.ANSWER},
    status_code=HTTP_204_NO_CONTENT,
    responses=faults(401, 403, 404, 409, 422),
)
async def snooze(
    conversation_id: FromPath[str],
    data: JSONBody[Snoozed],
    agent: NamedDependency[Agent],
    desk: NamedDependency[Desk],
) -> None:
    """Out of sight for a while; a message of the buyer brings it back."""
    check_id(conversation_id)
    if data.until and data.until.tzinfo is None:
        raise refuse("wrong_time", "Name the time with its zone, such as 2026-12-01T09:00:00Z.")
    await asyncio.to_thread(do_snooze, desk.house, conversation_id, agent, data.until)
    desk.show_change(conversation_id)


@post(
    [f"{TALK}/assign", f"{TALK}/transfer"],
    opt={"may": May.ANSWER},
    status_code=HTTP_204_NO_CONTENT,
    responses=faults(401, 403, 404, 409, 422),
)
async def assign(
    conversation_id: FromPath[str],
    data: JSONBody[Assigned],
    agent: NamedDependency[Agent],
    desk: NamedDependency[Desk],
) -> None:
    """Somebody else, or a team, is to answer; with a note that they find."""
    check_id(conversation_id)
    note, team = checked_text(data.note), clean(data.team)[:50]

    def work() -> None:
        with desk.house.units.reading() as unit:
            to = unit.accounts.get(data.agent_id).agent if data.agent_id else None
        do_assign(desk.house, conversation_id, agent, to=to, team=team, note=note)

    await asyncio.to_thread(work)
    desk.show_change(conversation_id)


def check_id(found: str) -> None:
    """Nothing else than an id is looked for in the store."""
    if not ID.fullmatch(found):
        raise WrongRequest(HTTP_404_NOT_FOUND, "not_found", "There is no such conversation.")


def checked_text(text: str) -> str:
    """The text without what no keyboard types, if it is not too long for a buyer to read."""
    if len(text) > MOST_TEXT:
        raise refuse(
            "text_too_long",
            f"A message has at most {MOST_TEXT} characters, this one {len(text)}. Shorten it or"
            " send it in parts; nothing of it is lost.",
        )

    return clean(text)


CONVERSATION: Final = (
    show_conversation,
    reveal_buyer,
    claim,
    give_back,
    close,
    snooze,
    assign,
)
