"""What may be a password."""

from typing import Final

from bot.casework.accounts import LONGEST_PASSWORD
from bot.services.turn_queue import NotAcceptable

SHORTEST: Final = 12
FEWEST_DIFFERENT: Final = 5


def check_password(password: str, *, email: str, name: str) -> None:
    """Refuse what is too easily guessed."""
    if len(password) < SHORTEST:
        raise weak(f"A password has at least {SHORTEST} characters; several words are good.")
    if len(password) > LONGEST_PASSWORD:
        raise weak(f"A password has at most {LONGEST_PASSWORD} characters.")
    if len(set(password)) < FEWEST_DIFFERENT:
        raise weak(f"A password has at least {FEWEST_DIFFERENT} different characters.")
    if _bare(password) in {_bare(email), _bare(email.partition("@")[0]), _bare(name)}:
        raise weak("Your name or e-mail is no password: everybody knows it.")


def weak(text: str) -> NotAcceptable:
    """The refusal of a password."""
    return NotAcceptable("weak_password", text)


def _bare(text: str) -> str:
    return "".join(sign for sign in text.casefold() if sign.isalnum())
