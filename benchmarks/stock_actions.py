"""Actions for stock Rasa to call: the least that one can do."""

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher


class _SayOk(Action):  # type: ignore[misc]
    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Say a word."""
        dispatcher.utter_message(text="ok")
        return []


class RunPlaybook(_SayOk):
    """Stands for ours of the same name."""

    def name(self) -> str:
        """As domain.yml has it."""
        return "action_run_playbook"


class ContinueCase(_SayOk):
    """Stands for ours of the same name."""

    def name(self) -> str:
        """As domain.yml has it."""
        return "action_continue_case"


class Answer(_SayOk):
    """Stands for ours of the same name."""

    def name(self) -> str:
        """As domain.yml has it."""
        return "action_answer"


class HandOff(_SayOk):
    """Stands for ours of the same name."""

    def name(self) -> str:
        """As domain.yml has it."""
        return "action_hand_off"


class Clarify(_SayOk):
    """Stands for ours of the same name."""

    def name(self) -> str:
        """As domain.yml has it."""
        return "action_clarify"
