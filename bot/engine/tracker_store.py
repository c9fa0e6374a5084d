"""
Rasa's memory of conversations: short, in this process, and nothing is lost with it.

Identity, cases, money and who has the floor live in our own store (docs/ARCHITECTURE.md). To
follow a rule Rasa needs no more than where the last turn ended, so that is what is kept, as the
objects that Rasa made. Its own stores keep every event and rebuild each of them at every message:
message 500 of a conversation took ten times as long as message 5.
"""

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, Event, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

# Imported for what they change in Rasa; each says what.
import bot.engine.action_calls
import bot.engine.graph_runs


@dataclass(frozen=True)
class Memory:
    """What is kept of one conversation: how it ended so far, and the slots that are set."""

    events: list[Event]
    slots: dict[str, Any]


class ShortTrackerStore(TrackerStore):
    """
    The latest conversations, each from its last action_listen on.

    How many can be set in endpoints.yml (`conversations`, beside `type`). One that was dropped
    starts anew, which a buyer does not notice.
    """

    def __init__(
        self,
        domain: Domain | None,
        event_broker: EventBroker | None = None,
        *,
        conversations: int = 10_000,
        host: str | None = None,  # noqa: ARG002 (Rasa passes it to every store)
    ) -> None:
        super().__init__(domain, event_broker)
        self._conversations = conversations
        self._memories: OrderedDict[str, Memory] = OrderedDict()

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Keep the end of this conversation and drop the one that was silent longest."""
        await self.stream_events(tracker)
        slots = {name: slot.value for name, slot in tracker.slots.items() if slot.value is not None}
        self._memories[tracker.sender_id] = Memory(since_listening(tracker.events), slots)
        self._memories.move_to_end(tracker.sender_id)
        while len(self._memories) > self._conversations:
            self._memories.popitem(last=False)

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """A tracker of what is kept, or None for a conversation that is not."""
        memory = self._memories.get(sender_id)
        if memory is None:
            return None

        tracker = self.init_tracker(sender_id)
        tracker.events.extend(memory.events)
        tracker.replay_events()
        for name, value in memory.slots.items():
            SlotSet(name, value).apply_to(tracker)

        return tracker

    async def keys(self) -> Iterable[str]:
        """The conversations that are kept, the most silent first."""
        return list(self._memories)


def since_listening(events: Iterable[Event]) -> list[Event]:
    """
    The end of `events`, from the last action_listen on; nothing, if another action came after it.

    A rule reads a turn from its action_listen. A turn that did not end in one (Rasa gives up after
    ten actions in a row) is forgotten whole: remembered, it would stop every further message.
    """
    kept: list[Event] = []
    for event in reversed(list(events)):
        kept.append(event)
        if isinstance(event, ActionExecuted):
            return kept[::-1] if event.action_name == ACTION_LISTEN_NAME else []

    return []
