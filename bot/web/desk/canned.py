"""Canned replies: what "/" offers, and where the team edits them."""

import asyncio
from typing import Annotated, Final

import msgspec
from litestar import get, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter
from litestar.status_codes import HTTP_204_NO_CONTENT

from bot.canned import BrokenCanned, CannedFacts
from bot.casework.agents import Agent, May
from bot.casework.audit import Deed
from bot.services.desk_reading import TalkOnDesk, read_talk
from bot.web.desk.access import ip_of
from bot.web.desk.conversation import MOST_SEQ, check_id
from bot.web.desk.desk import Desk
from bot.web.errors import AnyRequest, faults
from bot.web.incoming import refuse

MOST_JSON: Final = 512 * 1024


class CannedShown(msgspec.Struct):
    """One reply, rendered for the conversation."""

    name: str
    title: str
    text: str


class CannedList(msgspec.Struct):
    """All of the buyer's language."""

    canned: list[CannedShown]


class CannedFile(msgspec.Struct):
    """One language's file as it is."""

    locale: str
    source: str


class CannedFiles(msgspec.Struct):
    """The files of all languages."""

    files: list[CannedFile]


class CannedSource(msgspec.Struct):
    """What a language's file shall be."""

    source: str


@get("/canned", opt={"may": May.ANSWER}, responses=faults(401, 403, 404, 422))
async def offer_canned(
    agent: NamedDependency[Agent],
    desk: NamedDependency[Desk],
    conversation: Annotated[str, QueryParameter(max_length=64)],
) -> CannedList:
    """What can be inserted, with this order's facts, in the buyer's language."""
    check_id(conversation)

    def offer() -> list[CannedShown]:
        talk = read_talk(desk.house, conversation, after=MOST_SEQ)
        found = desk.canned.render(talk.conversation.locale, facts_of(talk, agent))
        return [CannedShown(one.name, one.title, one.text) for one in found]

    try:
        return CannedList(await asyncio.to_thread(offer))
    except BrokenCanned as error:
        raise refuse("broken_canned", f"The canned replies are broken: {error}") from error


@get("/canned/files", opt={"may": May.SETTINGS}, responses=faults(401, 403))
async def show_canned(desk: NamedDependency[Desk]) -> CannedFiles:
    """The replies of all languages, to edit."""

    def read() -> list[CannedFile]:
        return [CannedFile(locale, desk.canned.source(locale)) for locale in desk.canned.locales()]

    return CannedFiles(await asyncio.to_thread(read))


@put(
    "/canned/{locale:str}",
    opt={"may": May.SETTINGS},
    status_code=HTTP_204_NO_CONTENT,
    request_max_body_size=MOST_JSON,
    responses=faults(401, 403, 413, 422),
)
async def save_canned(
    request: AnyRequest,
    locale: FromPath[str],
    data: JSONBody[CannedSource],
    agent: NamedDependency[Agent],
    desk: NamedDependency[Desk],
) -> None:
    """Put this in place of a language's replies, if every one of them can be said."""
    ip = ip_of(request)

    def save() -> None:
        before = desk.canned.source(locale)
        desk.canned.save(locale, data.source)
        deed = Deed(
            agent=agent,
            action="canned.save",
            subject="canned",
            subject_id=locale,
            before={"source": before},
            after={"source": data.source},
            ip=ip,
        )
        with desk.house.units() as unit:
            unit.audit.add(deed, desk.house.clock())

    try:
        await asyncio.to_thread(save)
    except BrokenCanned as error:
        raise refuse("broken_canned", str(error)) from error


def facts_of(talk: TalkOnDesk, agent: Agent) -> CannedFacts:
    """What a reply may use of the conversation: its latest order, and the two first names."""
    first, *_ = talk.whole.buyer_name.split() or [""]
    if not talk.orders:
        return CannedFacts(buyer=first, agent=agent.first_name)
    card = talk.orders[0]
    order, parcel = card.order, card.order.parcel

    return CannedFacts(
        buyer=first,
        agent=agent.first_name,
        order_number=order.number,
        total=order.paid,
        carrier=parcel.carrier if parcel else "",
        tracking_number=parcel.tracking_number if parcel else "",
        tracking_link=card.tracking_link,
        expected_by=card.expected_by,
    )


CANNED: Final = (offer_canned, show_canned, save_canned)
