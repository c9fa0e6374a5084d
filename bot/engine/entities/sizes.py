"""Sizes of clothes and shoes: "XL", "42", "EU 42"."""

import re

from bot.engine.entities.match import NOTHING, Match, Reading

_PARTS = re.compile(r"([a-z]+)?\s*([\d.,–-]+)")


def number_size(match: Match) -> tuple[Reading, ...]:
    """Figures that are called a size, or stand behind the letters of a system of sizes."""
    parts = _PARTS.search(match.raw.lower())
    if parts is None:
        return NOTHING
    system, figures = parts.groups()
    if system and not match.raw[: len(system)].isupper() and not _called(match):
        return NOTHING  # "they sent us 42"
    figures = figures.strip("-–.,").replace(",", ".").replace("–", "-")
    if not all(0 < float(one) < 200 for one in figures.split("-") if one):
        return NOTHING

    meaning = f"{system.upper()} {figures}" if system else figures
    return (Reading(meaning, *_without_word(match)),)


def letter_size(match: Match) -> tuple[Reading, ...]:
    """
    Letters that are a size.

    One letter alone is so only in capitals and behind a word that leads to it: "in M", "size s".
    """
    letters = next(word for word in match.words if word in match.kind.words["LETTERS"])
    written = next(w for w in match.tokens.words[match.start : match.end] if w.lower() == letters)
    short = len(letters) == 1
    leads = match.context.word(match.start - 1) in match.kind.words["LEADING"]
    if short and not _called(match) and not (leads and written.isupper()):
        return NOTHING
    if match.context.word(match.end) in ("'", "’"):
        return NOTHING
    meaning = match.kind.words["LETTERS"][letters]
    named = match.context.word(match.start - 1) in match.kind.words["SIZE"]
    if len(meaning) > 4 and not named and match.words[-1] not in match.kind.words["SIZE"]:
        return NOTHING  # "too small" is no size

    return (Reading(meaning.upper(), *_without_word(match)),)


def _without_word(match: Match) -> tuple[int, int]:
    """The place of the size alone, without the word "size" behind it."""
    return match.start, match.end - (match.words[-1] in match.kind.words["SIZE"])


def _called(match: Match) -> bool:
    if any(word in match.kind.words["SIZE"] for word in match.words):
        return True

    return match.context.cue_before(match.start) == "size"
