"""
Events to the widgets that are looking, over Litestar's channels.

In memory within one web process by default, through Redis between several. A lost event does no
harm: every stream notices a gap in `seq` and reads the store.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Literal, cast

import msgspec
from litestar.channels import ChannelsPlugin
from litestar.channels.backends.base import ChannelsBackend
from litestar.channels.backends.memory import MemoryChannelsBackend
from litestar.channels.backends.redis import RedisChannelsPubSubBackend
from litestar.channels.subscriber import Subscriber
from redis import Redis as PlainRedis
from redis import RedisError
from redis.asyncio import Redis

from bot.casework.ports.conversations import ShownMessage
from bot.casework.turns import Floor, Sender
from bot.web.messages import FloorNow, Typing, to_message

log = logging.getLogger(__name__)

BACKLOG = 1000
DESK = "desk"
"""The channel of the lists; no conversation has such an id."""
FAR_AHEAD = 2**62
"""A `seq` that no message has: every stream takes it for a gap and reads the store."""


class Event(msgspec.Struct):
    """One event; its `data` is ready JSON. `seq` is 0 for what is no message."""

    name: Literal["message", "typing", "floor", "note", "presence", "queue", "read", "talk"]
    data: msgspec.Raw
    seq: int = 0


ENCODE = msgspec.json.Encoder().encode
DECODE = msgspec.json.Decoder(Event).decode
NOTHING = msgspec.Raw(b"{}")
LISTS = ENCODE(Event("queue", NOTHING))
"""That a list of the desk has changed."""
TALK = ENCODE(Event("talk", NOTHING))
"""That something of a conversation has changed beside its messages."""


def news() -> bytes:
    """The event that says nothing but that something new stands in the store."""
    return ENCODE(Event("message", msgspec.Raw(b"null"), FAR_AHEAD))


class Ear(Subscriber):
    """Hears the events of one conversation."""

    async def next(self, seconds: float) -> Event | None:
        """The next event; None if there was none for so long."""
        try:
            async with asyncio.timeout(seconds):
                heard = await self._queue.get()
        except TimeoutError:
            return None

        return DECODE(heard) if heard else None


class Channels(ChannelsPlugin):
    """Litestar's channels, which forget those that nobody listens to any more."""

    async def unsubscribe(
        self, subscriber: Subscriber, channels: str | Iterable[str] | None = None
    ) -> None:
        """
        Stop listening.

        Litestar keeps a channel for ever, and looks at all of them here: one for every
        conversation that there ever was.
        """
        await super().unsubscribe(subscriber, channels)
        left = [channels] if isinstance(channels, str) else list(channels or self._channels)
        for name in left:
            if not self._channels.get(name):
                self._channels.pop(name, None)


def make_channels(bus_url: str) -> Channels:
    """Channels in memory, or over Redis by its URL."""
    backend: ChannelsBackend = MemoryChannelsBackend()
    if bus_url:
        backend = RedisChannelsPubSubBackend(redis=Redis.from_url(bus_url))

    return Channels(
        backend=backend,
        arbitrary_channels_allowed=True,
        subscriber_max_backlog=BACKLOG,
        subscriber_backlog_strategy="dropleft",
        subscriber_class=Ear,
    )


def changes(conversation_id: str) -> tuple[tuple[str, bytes], ...]:
    """
    What says that something of a conversation has changed: channels, and what is published there.

    The buyer, whoever of the team looks at it, and the lists read it anew.
    """
    return (
        (conversation_id, news()),
        (of_team(conversation_id), TALK),
        (DESK, LISTS),
    )


class Crier:
    """
    Tells web processes of news, from a process without an event loop.

    Without Redis nobody is told: widgets find the news with their next heartbeat, pages of the
    desk within a minute.
    """

    def __init__(self, redis: PlainRedis | None) -> None:
        self._redis = redis

    def tell(self, conversation_id: str) -> None:
        """Something of the conversation has changed."""
        for channel, event in changes(conversation_id):
            self._publish(channel, event)

    def ring(self, _: str) -> None:
        """A list of the desk has changed."""
        self._publish(DESK, LISTS)

    def _publish(self, channel: str, event: bytes) -> None:
        if self._redis is None:
            return
        try:
            self._redis.publish(channel, event)
        except RedisError:
            log.warning("%s: no open page could be told", channel, exc_info=True)


def make_crier(bus_url: str) -> Crier:
    """What tells web processes over Redis by its URL; nobody without one."""
    return Crier(PlainRedis.from_url(bus_url, socket_timeout=1) if bus_url else None)


class Bus:
    """Publishes to whoever looks at a conversation."""

    def __init__(self, channels: ChannelsPlugin) -> None:
        self._channels = channels

    def show(self, conversation_id: str, messages: Iterable[ShownMessage]) -> None:
        """New messages, oldest first."""
        for message in messages:
            self._publish(conversation_id, to_event(message))

    def show_typing(self, conversation_id: str, *, on: bool, sender: Sender = Sender.BOT) -> None:
        """The bot, or an agent, is about to answer, or is done."""
        typing = ENCODE(Typing(sender=sender, on=on))
        self._publish(conversation_id, Event("typing", msgspec.Raw(typing)))

    def show_floor(self, conversation_id: str, floor: Floor) -> None:
        """Somebody else speaks from now on."""
        self._publish(conversation_id, floor_event(floor))

    def show_news(self, conversation_id: str) -> None:
        """Something new stands in the store: every stream of the conversation reads it."""
        self._channels.publish(news(), conversation_id)

    def show_talk(self, conversation_id: str) -> None:
        """Whoever of the team has the conversation open reads it anew."""
        self._channels.publish(TALK, of_team(conversation_id))

    def tell_team(self, conversation_id: str, event: Event) -> None:
        """Something that only whoever has the conversation open at the desk may hear."""
        self._publish(of_team(conversation_id), event)

    def tell(self, channel: str, event: Event) -> None:
        """Something on a channel of its own."""
        self._publish(channel, event)

    def show_queue(self) -> None:
        """A list of the desk has changed, or how much waits for a yes."""
        self._channels.publish(LISTS, DESK)

    def show_change(self, conversation_id: str) -> None:
        """Something of the conversation has changed: buyer, team and lists read it anew."""
        for channel, event in changes(conversation_id):
            self._channels.publish(event, channel)

    @asynccontextmanager
    async def listen(self, *channels: str) -> AsyncIterator[Ear]:
        """What is published about a conversation while the context is open."""
        ear = await self._channels.subscribe(channels)
        try:
            yield cast(Ear, ear)
        finally:
            # A widget that goes away cancels us: what we still await must not be cut short.
            leaving = asyncio.ensure_future(self._channels.unsubscribe(ear, channels))
            await asyncio.shield(leaving)

    def _publish(self, channel: str, event: Event) -> None:
        self._channels.publish(ENCODE(event), channel)


def of_team(conversation_id: str) -> str:
    """The channel of what buyers must not hear of their conversation."""
    return f"desk:{conversation_id}"


def to_event(message: ShownMessage) -> Event:
    """A message as an event."""
    return Event("message", msgspec.Raw(ENCODE(to_message(message))), message.seq)


def floor_event(floor: Floor) -> Event:
    """Who has the floor, as an event."""
    return Event("floor", msgspec.Raw(ENCODE(FloorNow(floor))))
