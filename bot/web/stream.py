"""
One widget's event stream: what stands in the store, then what comes.

The bus may lose, double or reorder events. The store does not: a message is sent on only when its
`seq` is the next one, and whatever is missing is read.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

from litestar.response import ServerSentEventMessage

from bot.casework.ports.units import Missing
from bot.services.house import House
from bot.services.sessions import read_transcript
from bot.web.bus import Bus, Event, floor_event, to_event

HEARTBEAT_SECONDS = 15.0
"""Silence after which a comment is sent, for proxies and widgets that wonder."""

HEARTBEAT = ServerSentEventMessage(comment="still here", data=None)


async def follow(
    house: House,
    bus: Bus,
    conversation_id: str,
    after: int,
    *,
    heartbeat_seconds: float = HEARTBEAT_SECONDS,
) -> AsyncIterator[ServerSentEventMessage]:
    """
    Events of a conversation from the message after `after` on, for ever.

    We listen before we read the store, so that nothing falls between. With every heartbeat the
    store is read again: if the bus is down, messages come late, but they come. It ends when the
    conversation is not there any more, because its buyer was erased.
    """
    with suppress(Missing):
        async with bus.listen(conversation_id) as ear:
            heard: Event | None = None
            told = b""
            while True:
                for event in await _due(house, conversation_id, after, heard):
                    if event.name == "floor" and told == (told := bytes(event.data)):
                        continue
                    yield ServerSentEventMessage(
                        event=event.name, id=event.seq or None, data=bytes(event.data)
                    )
                    after = max(after, event.seq)
                heard = await ear.next(heartbeat_seconds)
                if heard is None:
                    yield HEARTBEAT


async def _due(house: House, conversation_id: str, after: int, heard: Event | None) -> list[Event]:
    """What the widget gets next: what was heard, or all that it missed if that shows a gap."""
    if heard and heard.seq in (0, after + 1):
        return [heard]
    if heard and heard.seq <= after:
        return []
    shown, floor = await asyncio.to_thread(read_transcript, house, conversation_id, after)

    return [*(to_event(message) for message in shown), floor_event(floor)]
