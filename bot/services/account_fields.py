"""What may be said about an agent: e-mail, name, team, languages."""

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

from bot.services.turn_queue import NotAcceptable

EMAIL: Final = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+\.[^@\s,;<>\".]+")
LANGUAGE: Final = re.compile(r"[a-z]{2,3}")
LONGEST_EMAIL: Final = 320
LONGEST_NAME: Final = 200
LONGEST_TEAM: Final = 50
MOST_LANGUAGES: Final = 20


def to_email(typed: str) -> str:
    """The address in lower case, or a refusal."""
    if not is_email(email := typed.strip().lower()):
        raise NotAcceptable("wrong_email", "That is no e-mail address.")

    return email


def is_email(text: str) -> bool:
    """Whether the text can be somebody's address; what cannot is not looked for."""
    return len(text) <= LONGEST_EMAIL and text.isprintable() and bool(EMAIL.fullmatch(text))


def to_name(typed: str) -> str:
    """The name on one line, or a refusal: its first word is what buyers see."""
    name = _line(typed)
    if not name or len(name) > LONGEST_NAME:
        raise NotAcceptable("wrong_name", f"A name has 1 to {LONGEST_NAME} characters.")

    return name


def to_team(typed: str) -> str:
    """The team's name on one line, or a refusal; empty for none."""
    team = _line(typed)
    if len(team) > LONGEST_TEAM:
        raise NotAcceptable("wrong_team", f"A team's name has at most {LONGEST_TEAM} characters.")

    return team


def to_reads(typed: Iterable[str]) -> tuple[str, ...]:
    """Languages by their codes, each once, or a refusal."""
    reads = tuple(dict.fromkeys(code for one in typed if (code := one.strip().lower())))
    if len(reads) > MOST_LANGUAGES or not all(LANGUAGE.fullmatch(code) for code in reads):
        raise NotAcceptable("wrong_language", "Languages are written as en, ru, de ...")

    return reads


def _line(text: str) -> str:
    """The text with single spaces, without what is not seen."""
    seen = (
        sign for sign in text if sign.isspace() or unicodedata.category(sign) not in ("Cc", "Cf")
    )
    # Half of an emoji has no place in a database.
    whole = "".join(seen).encode("utf-8", "ignore").decode("utf-8")

    return " ".join(whole.split())
