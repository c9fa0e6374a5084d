"""
Rasa's memory of conversations: short, in this process, and nothing is lost with it.

Identity, cases, money and who has the floor live in our own store (docs/ARCHITECTURE.md). To
follow a rule Rasa needs to know only that it was listening. Its own stores keep every event and
rebuild each of them at every message: message 500 of a conversation took ten times as long as
message 5.
"""

from collections import OrderedDict
from collections.abc import Iterable

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME, SESSION_START_METADATA_SLOT
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, Event, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

# Both mend Rasa where it serves, by being imported: see there.
import bot.engine.action_calls
import bot.engine.graph_runs


class ShortTrackerStore(TrackerStore):
    """
    Where the latest conversations stand.

    How many they are can be set in endpoints.yml (`conversations`, beside `type`). One that was
    dropped starts anew, which a buyer does not notice.
    """

    def __init__(
        self,
        domain: Domain | None,
        event_broker: EventBroker | None = None,
        *,
        conversations: int = 10_000,
        host: str | None = None,
    ) -> None:
        super().__init__(domain, event_broker)
        self._conversations = conversations
        self._memories: OrderedDict[str, list[Event]] = OrderedDict()

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Remember where this conversation stands; forget the one that was silent longest."""
        await self.stream_events(tracker)
        self._memories[tracker.sender_id] = to_memory(tracker)
        self._memories.move_to_end(tracker.sender_id)
        while len(self._memories) > self._conversations:
            self._memories.popitem(last=False)

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The tracker with which the next message begins; None for an unknown conversation."""
        memory = self._memories.get(sender_id)
        if memory is None:
            return None

        tracker = self.init_tracker(sender_id)
        tracker.events.extend(memory)
        tracker.replay_events()
        return tracker

    async def keys(self) -> Iterable[str]:
        """The conversations that are remembered, the most silent first."""
        return list(self._memories)


def to_memory(tracker: DialogueStateTracker) -> list[Event]:
    """
    A tracker's end in as few events as Rasa can go on from: the slots, and that it listens.

    A rule reads a turn from its action_listen. That one stands here even for a turn that Rasa
    gave up (after ten actions in a row), which would otherwise stop every further message.
    """
    if not tracker.events:
        return []  # Rasa has yet to start the session

    slots = [
        SlotSet(slot.name, slot.value)
        for slot in tracker.slots.values()
        if slot.value is not None and slot.name != SESSION_START_METADATA_SLOT
    ]
    return [*slots, ActionExecuted(ACTION_LISTEN_NAME)]
