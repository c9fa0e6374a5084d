"""Actions for stock Rasa to call: the least that one can do."""

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher


class SayOk:
    """What all five do; no Action itself, or rasa-sdk would register it."""

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Say a word."""
        dispatcher.utter_message(text="ok")
        return []


class RunPlaybook(SayOk, Action):
    """Stands for ours of the same name."""

    def name(self) -> str:
        """As domain.yml has it."""
        return "action_run_playbook"


class ContinueCase(SayOk, Action):
    """Stands for ours of the same name."""

    def name(self) -> str:
        """As domain.yml has it."""
        return "action_continue_case"


class Answer(SayOk, Action):
    """Stands for ours of the same name."""

    def name(self) -> str:
        """As domain.yml has it."""
        return "action_answer"


class HandOff(SayOk, Action):
    """Stands for ours of the same name."""

    def name(self) -> str:
        """As domain.yml has it."""
        return "action_hand_off"


class Clarify(SayOk, Action):
    """Stands for ours of the same name."""

    def name(self) -> str:
        """As domain.yml has it."""
        return "action_clarify"
