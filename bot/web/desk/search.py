"""Searching conversations."""

import asyncio
from datetime import datetime
from typing import Annotated, Final

import msgspec
from litestar import get
from litestar.di import NamedDependency
from litestar.params import QueryParameter

from bot.casework.agents import Agent, May
from bot.casework.searching import LONGEST_QUERY, Found, FoundBy
from bot.casework.turns import Floor
from bot.services.searching import find_in_desk
from bot.web.desk.access import ip_of
from bot.web.desk.desk import Desk
from bot.web.errors import AnyRequest, faults

MOST_PLACE: Final = 2**31 - 1


class FoundTalk(msgspec.Struct):
    """
    A conversation that was found.

    `by` says what of it fits. `snippet` is a piece of the newest message that fits, or of the
    newest at all, written `at`; `marks` are where the words stand in it, as pairs of begin and end.
    """

    id: str
    store: str
    floor: Floor
    by: FoundBy
    at: datetime
    snippet: str
    marks: list[tuple[int, int]]


class FoundTalks(msgspec.Struct):
    """The newest first; `next` goes into `before` for what follows, null at the end."""

    found: list[FoundTalk]
    next: int | None


@get("/search", opt={"may": May.READ}, responses=faults(401, 403))
async def search(
    request: AnyRequest,
    agent: NamedDependency[Agent],
    desk: NamedDependency[Desk],
    q: Annotated[str, QueryParameter(max_length=LONGEST_QUERY)] = "",
    before: Annotated[int | None, QueryParameter(ge=0, le=MOST_PLACE)] = None,
) -> FoundTalks:
    """
    Conversations by what was written or whose they are, thirty at a time.

    `q` is words of one message (those of three signs and more find longer ones, too), an order
    number in any spelling, a tracking number, or an e-mail or its beginning.
    """
    finds = await asyncio.to_thread(
        find_in_desk, desk.house, agent, q, before=before, ip=ip_of(request)
    )

    return FoundTalks(found=[to_found(one) for one in finds.found], next=finds.next)


SEARCH: Final = (search,)


def to_found(found: Found) -> FoundTalk:
    """The find as it is sent."""
    return FoundTalk(
        id=found.conversation_id,
        store=found.store,
        floor=found.floor,
        by=found.by,
        at=found.at,
        snippet=found.snippet.text,
        marks=list(found.snippet.marks),
    )
