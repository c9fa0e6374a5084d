"""
Events to the widgets that are looking, over Litestar's channels.

In memory within one web process by default, through Redis between several. A lost event does no
harm: every stream notices a gap in `seq` and reads the store.
"""

from collections.abc import Iterable

from litestar.channels import ChannelsPlugin
from litestar.channels.backends.base import ChannelsBackend
from litestar.channels.backends.memory import MemoryChannelsBackend
from litestar.channels.backends.redis import RedisChannelsPubSubBackend
from redis.asyncio import Redis

from bot.casework.ports import ShownMessage
from bot.casework.turns import Floor
from bot.web.messages import Json, floor_json, message_json

BACKLOG = 1000


def make_channels(bus_url: str) -> ChannelsPlugin:
    """Channels in memory, or over Redis by its URL."""
    backend: ChannelsBackend = MemoryChannelsBackend()
    if bus_url:
        backend = RedisChannelsPubSubBackend(redis=Redis.from_url(bus_url))

    return ChannelsPlugin(
        backend=backend,
        arbitrary_channels_allowed=True,
        subscriber_max_backlog=BACKLOG,
        subscriber_backlog_strategy="dropleft",
    )


class Bus:
    """Publishes to whoever looks at a conversation."""

    def __init__(self, channels: ChannelsPlugin) -> None:
        self.channels = channels

    def show(self, conversation_id: str, messages: Iterable[ShownMessage]) -> None:
        """New messages, oldest first."""
        for message in messages:
            self._publish(conversation_id, {"event": "message", "data": message_json(message)})

    def show_typing(self, conversation_id: str, *, on: bool) -> None:
        """The bot is about to answer, or is done."""
        self._publish(conversation_id, {"event": "typing", "data": {"sender": "bot", "on": on}})

    def show_floor(self, conversation_id: str, floor: Floor) -> None:
        """Somebody else speaks from now on."""
        self._publish(conversation_id, {"event": "floor", "data": floor_json(floor)})

    def _publish(self, conversation_id: str, event: Json) -> None:
        self.channels.publish(event, conversation_id)
