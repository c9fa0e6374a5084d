"""The training inbox: messages one after the other, and what they mean."""

import asyncio
from typing import Annotated, Final

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter
from litestar.status_codes import HTTP_200_OK, HTTP_204_NO_CONTENT, HTTP_403_FORBIDDEN

from bot.casework.agents import Agent, May
from bot.casework.inbox import InboxMessage, Progress
from bot.casework.turns import Entity
from bot.services.labelling import (
    do_skip,
    do_skip_known,
    do_undo,
    label_message,
    list_inbox,
    read_agreement,
    read_progress,
    take_next,
)
from bot.teaching.context import read_context
from bot.web.desk.access import ip_of
from bot.web.desk.conversation import check_id
from bot.web.desk.desk import Desk
from bot.web.desk.inbox_shapes import (
    AgreementShown,
    ContextShown,
    InboxList,
    InboxNext,
    KnownSkipped,
    LabelGiven,
    LabelTaken,
    to_agreement_shown,
    to_context_shown,
    to_next,
    to_shown,
    to_taken,
)
from bot.web.errors import AnyRequest, WrongRequest, faults

ONE: Final = "/inbox/{inbox_id:str}"
MOST_PLACE: Final = 2**31 - 1


@get("/inbox", opt={"may": May.TEACH}, responses=faults(401, 403))
async def list_messages(
    desk: NamedDependency[Desk],
    after: Annotated[int, QueryParameter(ge=0, le=MOST_PLACE)] = 0,
) -> InboxList:
    """What waits to be labelled, fifty at a time, what teaches most first."""
    page = await asyncio.to_thread(list_inbox, desk.house, after)

    return InboxList(
        messages=[to_shown(one, desk.house.intents) for one in page.messages], next=page.next
    )


@post("/inbox/next", opt={"may": May.TEACH}, status_code=HTTP_200_OK, responses=faults(401, 403))
async def next_message(agent: NamedDependency[Agent], desk: NamedDependency[Desk]) -> InboxNext:
    """The next message to label, which nobody else is shown for ten minutes."""

    def take() -> tuple[InboxMessage | None, Progress]:
        return take_next(desk.house, agent), read_progress(desk.house, agent)

    return to_next(*await asyncio.to_thread(take), desk.house.intents)


@post(
    f"{ONE}/label",
    opt={"may": May.TEACH},
    status_code=HTTP_200_OK,
    responses=faults(401, 403, 404, 409, 422),
)
async def label_one(
    inbox_id: FromPath[str],
    data: JSONBody[LabelGiven],
    agent: NamedDependency[Agent],
    desk: NamedDependency[Desk],
) -> LabelTaken:
    """Say what a message and those like it mean."""
    check_id(inbox_id)
    entities = None
    if data.entities is not None:
        entities = [
            Entity(name=one.name[:50], value=one.value, start=one.start, end=one.end)
            for one in data.entities
        ]
    labelled = await asyncio.to_thread(
        label_message,
        desk.house,
        inbox_id,
        agent,
        intent=data.intent,
        entities=entities,
        second=data.second,
        known_intents=desk.domain.intents,
        known_entities=desk.domain.entities,
    )

    return to_taken(labelled, desk.house.intents)


@post(
    f"{ONE}/skip",
    opt={"may": May.TEACH},
    status_code=HTTP_204_NO_CONTENT,
    responses=faults(401, 403, 404, 409),
)
async def skip_message(
    inbox_id: FromPath[str], agent: NamedDependency[Agent], desk: NamedDependency[Desk]
) -> None:
    """Put a message aside that teaches nothing."""
    check_id(inbox_id)
    await asyncio.to_thread(do_skip, desk.house, inbox_id, agent)


@post(
    "/inbox/skip-known",
    opt={"may": May.TEACH},
    status_code=HTTP_200_OK,
    responses=faults(401, 403),
)
async def skip_known(agent: NamedDependency[Agent], desk: NamedDependency[Desk]) -> KnownSkipped:
    """Put aside at once all that the model has nothing to learn from; undone at once, too."""
    return KnownSkipped(groups=await asyncio.to_thread(do_skip_known, desk.house, agent))


@get(f"{ONE}/context", opt={"may": May.TEACH}, responses=faults(401, 403, 404))
async def show_context(
    request: AnyRequest,
    inbox_id: FromPath[str],
    agent: NamedDependency[Agent],
    desk: NamedDependency[Desk],
) -> ContextShown:
    """
    What was said around a message, for whoever may read conversations; the look is written down.

    Once an hour for the same message.
    """
    check_id(inbox_id)
    if not agent.may(May.READ):
        raise WrongRequest(
            HTTP_403_FORBIDDEN, "not_allowed", "Your role does not read conversations."
        )
    context = await asyncio.to_thread(
        read_context,
        desk.house,
        inbox_id,
        agent,
        ip=ip_of(request),
        on_record=desk.finds.allows(f"{agent.id} {inbox_id}"),
    )

    return to_context_shown(context)


@get("/inbox/agreement", opt={"may": May.TEACH}, responses=faults(401, 403))
async def show_agreement(desk: NamedDependency[Desk]) -> AgreementShown:
    """How far people agree who labelled the same messages without knowing of each other."""
    return to_agreement_shown(await asyncio.to_thread(read_agreement, desk.house))


@post("/inbox/undo", opt={"may": May.TEACH}, status_code=HTTP_200_OK, responses=faults(401, 403))
async def undo_label(agent: NamedDependency[Agent], desk: NamedDependency[Desk]) -> InboxNext:
    """Take one's own latest label back; its message is the next one again."""

    def undo() -> tuple[InboxMessage | None, Progress]:
        return do_undo(desk.house, agent), read_progress(desk.house, agent)

    return to_next(*await asyncio.to_thread(undo), desk.house.intents)


INBOX: Final = (
    list_messages,
    next_message,
    label_one,
    skip_message,
    skip_known,
    show_context,
    show_agreement,
    undo_label,
)
