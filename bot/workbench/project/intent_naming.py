"""Whether an intent may be called so."""

from collections.abc import Collection
from typing import Final

from bot.casework.intents import LONGEST_NAME, NAME
from bot.workbench.project.example_lines import shorten
from bot.workbench.project.wrong_edit import WrongEdit

_RASA: Final = frozenset(
    {"nlu_fallback", "out_of_scope", "restart", "back", "session_start", "or", "checkpoint"}
)
_YAML: Final = frozenset({"true", "false", "yes", "no", "on", "off", "null", "none", "y", "n"})
_OURS: Final = frozenset({"any", "agent", "order_questions"})
"""Any intent in files of examples, a person's own decision, and a playbook without an intent."""
RESERVED: Final = _RASA | _YAML | _OURS
_BEGINNINGS: Final = ("action_", "utter_", "validate_")


def check_name(name: str, taken: Collection[str]) -> None:
    """`WrongEdit` unless a new intent may have that name."""
    if len(name) > LONGEST_NAME:
        raise WrongEdit(
            "wrong_name", f"“{shorten(name)}” is too long: {LONGEST_NAME} letters at most."
        )
    if not NAME.fullmatch(name):
        raise WrongEdit(
            "wrong_name",
            f"“{name}” cannot be a name: small Latin letters and digits, with single underscores "
            "between words, such as gift_wrapping.",
        )
    if name in RESERVED or name.startswith(_BEGINNINGS):
        raise WrongEdit("wrong_name", f"“{name}” means something of its own here. Take another.")
    if name in taken:
        raise WrongEdit("name_taken", f"There is an intent {name} already.")
