"""The training inbox: messages one after the other, and what they mean."""

import asyncio
from datetime import datetime
from typing import Annotated, Final

import msgspec
from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter
from litestar.status_codes import HTTP_200_OK, HTTP_204_NO_CONTENT

from bot.casework.agents import Agent, May
from bot.casework.inbox import Cause, InboxMessage, InboxState, Progress
from bot.casework.intents import Intents
from bot.casework.turns import Entity
from bot.desk_words import say_intent
from bot.services.labelling import (
    do_label,
    do_skip,
    do_undo,
    list_inbox,
    read_progress,
    take_next,
)
from bot.web.desk.conversation import check_id
from bot.web.desk.desk import Desk
from bot.web.desk.message_shapes import Guess, Marked
from bot.web.errors import faults

ONE: Final = "/inbox/{inbox_id:str}"
MOST_PLACE: Final = 2**31 - 1


class InboxShown(msgspec.Struct):
    """
    A group of like messages, told by its first, without personal data.

    `likes` are some of the others, `size` how many there are, `seen` how often buyers wrote them;
    `suggested` is what somebody said that it means, empty if nobody did.
    """

    id: str
    text: str
    language: str
    cause: Cause
    guesses: list[Guess]
    entities: list[Marked]
    suggested: str
    suggested_text: str
    size: int
    seen: int
    likes: list[str]
    state: InboxState
    at: datetime
    conversation_id: str | None


class InboxCounts(msgspec.Struct):
    """How far the team has come, in messages, and how many groups this agent labelled today."""

    waiting: int
    second: int
    labelled: int
    skipped: int
    mine: int


class InboxNext(msgspec.Struct):
    """What to label next, null when nothing waits, or others have what waits before them."""

    message: InboxShown | None
    counts: InboxCounts


class InboxList(msgspec.Struct):
    """A part of the inbox; `next` goes back as `after` for the following part."""

    messages: list[InboxShown]
    next: int | None


class LabelGiven(msgspec.Struct):
    """What the message and those like it mean; with `second` somebody else is asked, too."""

    intent: str
    entities: list[Marked] | None = None
    second: bool = False


class LabelTaken(msgspec.Struct):
    """The state that the message has now."""

    state: InboxState


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
async def label_message(
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
    state = await asyncio.to_thread(
        do_label,
        desk.house,
        inbox_id,
        agent,
        intent=data.intent,
        entities=entities,
        second=data.second,
        known_intents=desk.domain.intents,
    )

    return LabelTaken(state=state)


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


@post("/inbox/undo", opt={"may": May.TEACH}, status_code=HTTP_200_OK, responses=faults(401, 403))
async def undo_label(agent: NamedDependency[Agent], desk: NamedDependency[Desk]) -> InboxNext:
    """Take one's own latest label back; its message is the next one again."""

    def undo() -> tuple[InboxMessage | None, Progress]:
        return do_undo(desk.house, agent), read_progress(desk.house, agent)

    return to_next(*await asyncio.to_thread(undo), desk.house.intents)


INBOX: Final = (list_messages, next_message, label_message, skip_message, undo_label)


def to_next(message: InboxMessage | None, progress: Progress, intents: Intents) -> InboxNext:
    """A message to label, with how far the team is."""
    count = progress.messages

    return InboxNext(
        message=to_shown(message, intents) if message else None,
        counts=InboxCounts(
            waiting=count.get(InboxState.OPEN, 0),
            second=count.get(InboxState.SECOND, 0),
            labelled=count.get(InboxState.LABELLED, 0) + count.get(InboxState.WRITTEN, 0),
            skipped=count.get(InboxState.SKIPPED, 0),
            mine=progress.mine,
        ),
    )


def to_shown(message: InboxMessage, intents: Intents) -> InboxShown:
    """A message as it is sent."""
    return InboxShown(
        id=message.id,
        text=message.text,
        language=message.language,
        cause=message.cause,
        guesses=[
            Guess(name, say_intent(name, intents), sure) for name, sure in message.ranking[:3]
        ],
        entities=[Marked(one.name, one.value, one.start, one.end) for one in message.entities],
        suggested=message.suggested,
        suggested_text=say_intent(message.suggested, intents) if message.suggested else "",
        size=message.size,
        seen=message.seen,
        likes=list(message.likes),
        state=message.state,
        at=message.at,
        conversation_id=message.conversation_id,
    )
