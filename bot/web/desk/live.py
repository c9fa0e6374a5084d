"""
What reaches an open page of the desk without reloading: messages, typing, who else looks.

As for the widget, the bus may lose events and the store does not: whatever is heard of a message
only says that the store is to be read. An open page is a sign of life as well: it keeps its agent's
claims, and ends when the agent is signed out.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Annotated, Any, Final

import msgspec
from litestar import get
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import QueryParameter
from litestar.response import ServerSentEvent, ServerSentEventMessage
from litestar.status_codes import HTTP_200_OK

from bot.casework.agents import Agent, May
from bot.casework.ports.units import Missing
from bot.casework.turns import Floor
from bot.services.desk_reading import read_talk
from bot.services.taking_over import do_renew
from bot.web.bus import DESK, Ear, of_team
from bot.web.desk.access import find_agent
from bot.web.desk.conversation import MOST_SEQ, check_id
from bot.web.desk.desk import Desk
from bot.web.desk.message_shapes import TalkMessage, to_messages
from bot.web.desk.people_shapes import Person, Presence, to_person
from bot.web.desk.talk_shapes import NoteShown
from bot.web.errors import AnyRequest, faults
from bot.web.messages import Typing

HEARTBEAT_SECONDS: Final = 15.0
RENEW_SECONDS: Final = 60.0
"""Between two writes that keep an agent's claims."""

ENCODE: Final = msgspec.json.Encoder().encode


class FloorOnDesk(msgspec.Struct):
    """Who has the floor, and which agent if a person."""

    floor: Floor
    agent: Person | None


EVENT: Any = TalkMessage | FloorOnDesk | Typing | NoteShown | Presence
EVENTS: Final = ResponseSpec(
    EVENT,
    generate_examples=False,
    media_type="text/event-stream",
    description="Events named message, floor, typing, note, presence, talk and queue. The last two"
    " say that a conversation beside its messages, or a list, has changed: read it anew.",
)


@get(
    "/events",
    opt={"may": May.READ},
    media_type="text/event-stream",
    responses={HTTP_200_OK: EVENTS, **faults(401, 403, 404)},
)
async def stream_desk(
    request: AnyRequest,
    agent: NamedDependency[Agent],
    desk: NamedDependency[Desk],
    conversation: Annotated[str, QueryParameter(max_length=64)] = "",
    after: Annotated[int, QueryParameter(ge=0, le=MOST_SEQ)] = 0,
) -> ServerSentEvent:
    """What changes in the lists, and in that conversation behind the message of that seq."""
    if conversation:
        check_id(conversation)
        await asyncio.to_thread(read_talk, desk.house, conversation, after=MOST_SEQ)
        following = Following(desk, agent, conversation, after)
        return ServerSentEvent(following.events(request))

    return ServerSentEvent(follow_lists(request, desk, agent))


async def follow_lists(
    request: AnyRequest, desk: Desk, agent: Agent
) -> AsyncIterator[ServerSentEventMessage]:
    """That a list has changed, for ever."""
    life = SignOfLife(request, desk, agent)
    async with desk.bus.listen(DESK) as ear:
        while await life.goes_on():
            heard = await ear.next(HEARTBEAT_SECONDS)
            yield (
                _event("queue", {})
                if heard
                else ServerSentEventMessage(comment="still here", data=None)
            )


class Following:
    """One page with one conversation."""

    def __init__(self, desk: Desk, agent: Agent, conversation_id: str, after: int) -> None:
        self._desk, self._agent = desk, agent
        self._id, self._after = conversation_id, after
        self._floor: FloorOnDesk | None = None
        self._present: Presence | None = None

    async def events(self, request: AnyRequest) -> AsyncIterator[ServerSentEventMessage]:
        """Everything that happens in it, until it is erased."""
        life = SignOfLife(request, self._desk, self._agent)
        bus = self._desk.bus
        with suppress(Missing):
            async with bus.listen(DESK, self._id, of_team(self._id)) as ear:
                with self._desk.presence.looking(self._id, self._agent):
                    async for event in self._heard(ear, life):
                        yield event

    async def _heard(self, ear: Ear, life: "SignOfLife") -> AsyncIterator[ServerSentEventMessage]:
        for event in await self._read():
            yield event
        while await life.goes_on():
            # Looked at every time: what another process told may end without a word.
            for event in self._presence():
                yield event
            heard = await ear.next(HEARTBEAT_SECONDS)
            if heard is None:
                yield ServerSentEventMessage(comment="still here", data=None)
            if heard is None or heard.name in ("message", "floor"):
                for event in await self._read():
                    yield event
            elif heard.name == "presence":
                self._desk.presence.hear(heard)
            else:
                yield ServerSentEventMessage(event=heard.name, data=bytes(heard.data))

    def _presence(self) -> list[ServerSentEventMessage]:
        """Who else is there, if that changed."""
        present = Presence(self._desk.presence.of(self._id))
        if present == self._present:
            return []
        self._present = present

        return [_event("presence", present)]

    async def _read(self) -> list[ServerSentEventMessage]:
        """The messages that are new, and the floor if it changed."""
        talk = await asyncio.to_thread(read_talk, self._desk.house, self._id, after=self._after)
        events = []
        for message in to_messages(talk.messages, talk.whole, talk.intents):
            events.append(_event("message", message))
            self._after = max(self._after, message.seq)
        floor = FloorOnDesk(talk.conversation.floor, to_person(talk.holding.agent))
        if floor != self._floor:
            self._floor = floor
            events.append(_event("floor", floor))

        return events


class SignOfLife:
    """An open page: it keeps its agent's claims, while the agent may be here."""

    def __init__(self, request: AnyRequest, desk: Desk, agent: Agent) -> None:
        self._request, self._desk, self._agent = request, desk, agent
        self._looked = self._renewed = float("-inf")

    async def goes_on(self) -> bool:
        """Whether the agent is still signed in; every now and then their claims are renewed."""
        now = time.monotonic()
        if now - self._looked >= HEARTBEAT_SECONDS:
            self._looked = now
            if await find_agent(self._request) is None:
                return False
        if now - self._renewed >= RENEW_SECONDS and self._agent.may(May.ANSWER):
            self._renewed = now
            await asyncio.to_thread(do_renew, self._desk.house, self._agent)

        return True


def _event(name: str, shown: object) -> ServerSentEventMessage:
    return ServerSentEventMessage(event=name, data=ENCODE(shown))


LIVE: Final = (stream_desk,)
