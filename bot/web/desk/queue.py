"""The lists of what waits."""

import asyncio
from typing import Annotated, Final

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromQuery, QueryParameter

from bot.casework.agents import Agent, May
from bot.casework.queue import Clock, QueueFilter, View
from bot.casework.searching import LONGEST_QUERY
from bot.services.desk_reading import list_queue
from bot.services.searching import note_found
from bot.web.desk.access import ip_of
from bot.web.desk.desk import Desk
from bot.web.desk.queue_shapes import QueueList, to_queue_list
from bot.web.errors import AnyRequest, faults

MOST_SKIPPED = 100_000
Word = Annotated[str, QueryParameter(max_length=100)]


@get("/queue", opt={"may": May.READ}, responses=faults(401, 403))
async def show_queue(
    request: AnyRequest,
    agent: NamedDependency[Agent],
    desk: NamedDependency[Desk],
    view: FromQuery[View] = View.WAITING,
    reason: Word = "",
    intent: Word = "",
    marketplace: Word = "",
    language: Word = "",
    store: Word = "",
    held_by: Annotated[str, QueryParameter(name="agent", max_length=64)] = "",
    clock: FromQuery[Clock | None] = None,
    q: Annotated[str, QueryParameter(max_length=LONGEST_QUERY)] = "",
    after: Annotated[int, QueryParameter(ge=0, le=MOST_SKIPPED)] = 0,
) -> QueueList:
    """
    A part of a list, the nearest deadline first, and how long all lists are.

    `q` narrows it to what `GET /api/desk/search` would find. What it finds by an e-mail is written
    down, once an hour: an open page asks again after every change.
    """
    only = QueueFilter(
        reason=reason,
        intent=intent,
        marketplace=marketplace,
        language=language,
        store=store,
        agent=held_by,
        clock=clock,
        text=q.strip(),
    )
    page = await asyncio.to_thread(list_queue, desk.house, view, agent, only, after)
    if new := [one for one in page.by_email if desk.finds.allows(f"{agent.id} {one}")]:
        await asyncio.to_thread(note_found, desk.house, agent, new, ip=ip_of(request))

    return to_queue_list(page, agent)


QUEUE: Final = (show_queue,)
