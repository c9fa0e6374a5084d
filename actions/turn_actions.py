"""
The five actions that data/rules.yml names, one a route.

All do the same: translate what Rasa heard, and let `take_turn` answer. What the buyer reads
comes from the store, not from here; only a developer's `rasa shell` is answered directly.
"""

import asyncio
import logging
from collections.abc import Mapping
from typing import Any, ClassVar

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.console import CONSOLE, receive_from_console
from bot.casework.decisions import Reason
from bot.casework.turns import Entity, Route, Understanding
from bot.services.hand_off import do_hand_off_unanswered
from bot.services.house import House
from bot.services.take_turn import Heard, TurnTaken, take_turn

log = logging.getLogger(__name__)

MOST_RANKED = 5


class TurnAction(Action):
    """Answers one message by its route."""

    route: ClassVar[Route]

    def __init__(self, house: House) -> None:
        self.house = house

    def name(self) -> str:
        """The action's name in domain.yml."""
        return f"action_{self.route}"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Answer in the store; slots are set for whoever reads the tracker, never trusted."""
        taken = await asyncio.to_thread(self._answer, tracker)
        if taken is None:
            return []
        if tracker.get_latest_input_channel() == CONSOLE:
            for text in taken.texts:
                dispatcher.utter_message(text=text)

        return [
            SlotSet("order_number", taken.order_number),
            SlotSet("case", taken.case),
            SlotSet("awaiting", taken.awaiting),
        ]

    def _answer(self, tracker: Tracker) -> TurnTaken | None:
        """The one place where a broken turn is caught: rolled back, logged, given to a person."""
        heard: Heard | None = None
        try:
            heard = to_heard(self.house, tracker, self.route)
            return take_turn(self.house, heard)
        except Exception:
            log.exception("conversation %s: the turn failed", tracker.sender_id)
            if heard:
                do_hand_off_unanswered(self.house, heard.message_id, Reason.FAILED)
            return None


class RunPlaybook(TurnAction):
    """Order questions and problems."""

    route = Route.RUN_PLAYBOOK


class ContinueCase(TurnAction):
    """What a buyer adds to an open case."""

    route = Route.CONTINUE_CASE


class Answer(TurnAction):
    """General questions and small talk."""

    route = Route.ANSWER


class HandOff(TurnAction):
    """A person is wanted."""

    route = Route.HAND_OFF


class Clarify(TurnAction):
    """Not understood."""

    route = Route.CLARIFY


ACTIONS: tuple[type[TurnAction], ...] = (RunPlaybook, ContinueCase, Answer, HandOff, Clarify)


def to_heard(house: House, tracker: Tracker, route: Route) -> Heard:
    """
    What Rasa heard, from the tracker of an action call.

    Our channel names the stored message in the metadata; a line from `rasa shell` is stored
    first.
    """
    latest: Mapping[str, Any] = tracker.latest_message
    metadata = latest.get("metadata") or {}
    intent = latest.get("intent") or {}
    message_id = metadata.get("message_id")
    if message_id is None and tracker.get_latest_input_channel() == CONSOLE:
        message_id = receive_from_console(house, tracker.sender_id, latest.get("text") or "")

    return Heard(
        message_id=str(message_id),
        fence=metadata.get("fence"),
        understanding=Understanding(
            route=route,
            intent=intent.get("name") or "nlu_fallback",
            confidence=float(intent.get("confidence") or 0.0),
            ranking=tuple(
                (ranked["name"], float(ranked["confidence"]))
                for ranked in (latest.get("intent_ranking") or [])[:MOST_RANKED]
            ),
            entities=tuple(
                Entity(
                    name=entity["entity"],
                    value=str(entity["value"]),
                    start=entity["start"],
                    end=entity["end"],
                )
                for entity in latest.get("entities") or []
            ),
        ),
    )
