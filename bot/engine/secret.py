"""The secret that web, Rasa and the action server show each other before they talk."""

import os
from pathlib import Path

HEADER = "X-Makegood-Secret"

_ROOT = Path(__file__).resolve().parents[2]


def find_secret() -> str | None:
    """
    The secret as it stands now, or None while there is none.

    It is read at each call, because another process makes it on first use (bot/settings.py,
    which this side of the house cannot import) and may do so after Rasa has started.
    """
    given = os.environ.get("MAKEGOOD_ACTIONS_SECRET")
    if given:
        return given

    # An absolute state folder replaces the root, a relative one is taken from it.
    path = _ROOT / os.environ.get("MAKEGOOD_STATE", "var") / "secrets" / "actions"
    try:
        return path.read_text("ascii").strip() or None
    except FileNotFoundError:
        return None
