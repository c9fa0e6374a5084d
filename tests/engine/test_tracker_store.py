"""Rasa's memory: as short in message 500 as in message 5, and nobody is lost by it."""

import asyncio

from rasa.core.tracker_store import FailSafeTrackerStore, TrackerStore
from rasa.core.utils import AvailableEndpoints
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, SessionStarted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.engine.tracker_store import ShortTrackerStore

DOMAIN = Domain.load("domain.yml")


def a_store(**settings: int) -> ShortTrackerStore:
    return ShortTrackerStore(DOMAIN, **settings)


def converse(store: ShortTrackerStore, conversation: str, turns: int) -> DialogueStateTracker:
    """The tracker with which the next message of such a conversation begins."""

    async def talk() -> DialogueStateTracker:
        for number in range(turns):
            tracker = await store.get_or_create_tracker(conversation, append_action_listen=False)
            if not tracker.events:
                tracker.update(SessionStarted())
                tracker.update(ActionExecuted("action_listen"))
            tracker.update(UserUttered(f"message {number}", {"name": "greet"}))
            tracker.update(ActionExecuted("action_answer"))
            tracker.update(SlotSet("case", f"case {number}"))
            tracker.update(ActionExecuted("action_listen"))
            await store.save(tracker)

        return await store.get_or_create_tracker(conversation)

    return asyncio.run(talk())


def test_endpoints_yml_leads_rasa_to_this_store() -> None:
    """
    Rasa falls back to its own growing store when the path in endpoints.yml is wrong.
    """
    endpoints = AvailableEndpoints.read_endpoints("endpoints.yml")

    assert type(TrackerStore.create(endpoints.tracker_store)) is ShortTrackerStore


def test_message_500_begins_with_what_message_5_began_with() -> None:
    """
    What is kept does not grow, so neither does the cost of a message.
    """
    early = converse(a_store(), "conversation-1", turns=5)
    late = converse(a_store(), "conversation-1", turns=500)

    assert len(late.events) == len(early.events) == 2


def test_a_conversation_is_cut_where_rasa_listens() -> None:
    """
    Cut anywhere else, no rule would fit the next message.
    """
    tracker = converse(a_store(), "conversation-1", turns=3)

    assert tracker.events[-1] == ActionExecuted("action_listen")
    assert not any(isinstance(event, UserUttered) for event in tracker.events)
    assert tracker.followup_action is None


def test_slots_outlive_the_events_that_set_them() -> None:
    """
    A reader of the tracker sees which case is open, and so does the action server, which is
    told of a copy that Rasa makes from the events.
    """
    tracker = converse(a_store(), "conversation-1", turns=3)

    for seen in (tracker, tracker.copy()):
        assert seen.get_slot("case") == "case 2"
        assert seen.get_slot("order_number") is None


def test_a_turn_that_did_not_end_is_forgotten() -> None:
    """
    Rasa stops after ten actions in a row; remembered, they would stop every later message.
    """
    store = a_store()
    tracker = converse(store, "conversation-1", turns=1)
    tracker.update(UserUttered("again", {"name": "greet"}))
    for _ in range(10):
        tracker.update(ActionExecuted("action_answer"))
    asyncio.run(store.save(tracker))

    tracker = asyncio.run(store.retrieve("conversation-1"))

    assert tracker.latest_action_name == "action_listen"
    assert len(tracker.events) == 2
    assert tracker.get_slot("case") == "case 0"


def test_the_conversation_that_was_silent_longest_is_dropped() -> None:
    """
    Memory is bounded; who comes back after that begins anew.
    """
    store = a_store(conversations=2)
    for conversation in ("conversation-1", "conversation-2", "conversation-1", "conversation-3"):
        converse(store, conversation, turns=1)

    assert list(asyncio.run(store.keys())) == ["conversation-1", "conversation-3"]
    assert asyncio.run(store.retrieve("conversation-2")) is None
    assert converse(store, "conversation-2", turns=1).latest_action_name == "action_listen"


def test_a_turn_that_fails_half_way_changes_nothing() -> None:
    """
    Rasa works on a tracker of its own until it saves: an interrupted turn leaves no trace.
    """
    store = a_store()
    tracker = converse(store, "conversation-1", turns=1)
    tracker.update(UserUttered("never answered", {"name": "greet"}))
    tracker.update(SlotSet("case", "never saved"))

    again = asyncio.run(store.retrieve("conversation-1"))

    assert len(again.events) == 2
    assert again.get_slot("case") == "case 0"


def test_conversations_do_not_mix() -> None:
    """
    Neither events nor slots pass from one buyer to another.
    """
    store = a_store()
    converse(store, "conversation-1", turns=2)

    other = converse(store, "conversation-2", turns=1)

    assert other.sender_id == "conversation-2"
    assert other.get_slot("case") == "case 0"


def test_rasas_own_wrapper_finds_every_method() -> None:
    """
    Rasa wraps each store; a method that fails there is answered with an empty tracker.
    """
    store = FailSafeTrackerStore(a_store())
    tracker = asyncio.run(store.get_or_create_tracker("conversation-1"))

    assert asyncio.run(store.exists("conversation-1"))
    assert asyncio.run(store.retrieve_full_tracker("conversation-1")).sender_id == tracker.sender_id
    assert list(asyncio.run(store.keys())) == ["conversation-1"]


def test_a_conversation_is_forgotten_by_a_tracker_without_events() -> None:
    """
    As the channel does for a buyer who was erased: the next message begins anew.
    """
    store = a_store()
    converse(store, "conversation-1", turns=3)

    async def forget() -> DialogueStateTracker:
        await store.save(DialogueStateTracker("conversation-1", DOMAIN.slots))
        return await store.get_or_create_tracker("conversation-1", append_action_listen=False)

    tracker = asyncio.run(forget())
    assert list(tracker.events) == []
    assert tracker.get_slot("case") is None
