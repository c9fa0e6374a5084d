"""
The five actions that data/rules.yml names, one a route.

All do the same: translate what Rasa heard, and let `take_turn` answer. What the buyer reads
comes from the store, not from here; only a developer's `rasa shell` is answered directly.
"""

import asyncio
import logging
from typing import Any, ClassVar

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.action_call import read_message, to_understanding
from actions.console import CONSOLE, receive_from_console
from bot.casework.decisions import Reason
from bot.casework.turns import Route
from bot.services.hand_off import do_hand_off_unanswered
from bot.services.house import House
from bot.services.take_turn import Heard, TurnTaken, take_turn

log = logging.getLogger(__name__)


class WrongCall(ValueError):
    """An action call that does not come from our channel."""


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
        try:
            return take_turn(self.house, to_heard(self.house, tracker, self.route))
        except Exception:
            log.exception("conversation %s: the turn failed", tracker.sender_id)
            self._give_up(tracker)
            return None

    def _give_up(self, tracker: Tracker) -> None:
        try:
            message_id = tracker.latest_message["metadata"]["message_id"]
            do_hand_off_unanswered(self.house, message_id, Reason.FAILED)
        except Exception as error:  # noqa: BLE001 - whatever it is, there is nobody left to tell
            # No such message, or the store is away: web hands it over at its deadline.
            log.error("conversation %s: not handed over either: %r", tracker.sender_id, error)


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

    Our channel names the stored message and the lease in the metadata; a line from `rasa shell`
    is stored first, and needs no lease.
    """
    message = read_message(tracker.latest_message)
    understanding = to_understanding(message, route)
    message_id, fence = message.metadata.message_id, message.metadata.fence
    if tracker.get_latest_input_channel() == CONSOLE:
        message_id = receive_from_console(house, tracker.sender_id, message.text or "")
    elif message_id is None or fence is None:
        raise WrongCall("the call names no message, or no lease")

    return Heard(message_id=message_id, fence=fence, understanding=understanding)
