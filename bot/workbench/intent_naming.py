"""Whether an intent may be called so."""

import re
from collections.abc import Collection
from typing import Final

from bot.workbench.example_lines import shorten
from bot.workbench.wrong_edit import WrongEdit

LONGEST: Final = 50
_FORM: Final = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")
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
    if len(name) > LONGEST:
        raise WrongEdit("wrong_name", f"“{shorten(name)}” is too long: {LONGEST} letters at most.")
    if not _FORM.fullmatch(name) or not name.isascii():
        raise WrongEdit(
            "wrong_name",
            f"“{name}” cannot be a name: small Latin letters and digits, with single underscores "
            "between words, such as gift_wrapping.",
        )
    if name in RESERVED or name.startswith(_BEGINNINGS):
        raise WrongEdit("wrong_name", f"“{name}” means something of its own here. Take another.")
    if name in taken:
        raise WrongEdit("name_taken", f"There is an intent {name} already.")
