"""
What a buyer wrote, as Rasa may see it.

Rasa takes a message that starts with a slash for a command (`/restart`, or an intent with a
confidence of the writer's choice), so no buyer's message may start with one, in any disguise.
"""

import unicodedata

LONGEST = 2000
"""Characters that Rasa reads of one message; parsing costs grow with its length."""

MARKS = 30
"""Combining marks upon each other, as in Unicode's stream-safe format; no writing needs more."""

_GAP = " … "
_DROPPED = frozenset({"Cc", "Cf", "Cs", "Co"})
"""Unicode categories nobody can see or say: control, zero-width, surrogate, private use."""


def clean(text: str, *, longest: int = LONGEST) -> str:
    """
    One line of visible text without a leading slash, at most `longest` characters, maybe empty.

    Of a longer text the beginning and the end are kept: the wish stands in one of the two.
    """
    # Shortened before and after it is normalised, too: one letter may become eighteen.
    normal = shorten(_normalise(_without_piles(shorten(text, 2 * longest))), 2 * longest)
    visible = "".join(_visible(character) for character in normal)
    # Only a space can be white space here, and a slash may stand behind it: "/ /restart".
    return shorten(" ".join(visible.split()).lstrip("/ "), longest)


def clean_lines(text: str, *, longest: int = LONGEST) -> list[str]:
    """Each line of the text, clean and not empty; of a longer text the beginning and the end."""
    lines = (clean(line, longest=longest) for line in shorten(text, longest).splitlines())
    return [line for line in lines if line]


def _without_piles(text: str) -> str:
    """Few marks upon each other: NFKC sorts them, in quadratic time."""
    if text.isascii():
        return text

    height, kept = 0, []
    for character in text:
        height = height + 1 if unicodedata.combining(character) else 0
        if height <= MARKS:
            kept.append(character)
    return "".join(kept)


def _normalise(text: str) -> str:
    """NFKC, but the numero sign stays: as "No" it would read as a refusal before its number."""
    return "№".join(unicodedata.normalize("NFKC", part) for part in text.split("№"))


def _visible(character: str) -> str:
    if character.isspace():
        return " "

    return "" if unicodedata.category(character) in _DROPPED else character


def shorten(text: str, longest: int) -> str:
    """The text, or its beginning and its end with a sign between them."""
    if len(text) <= longest:
        return text

    tail = (longest - len(_GAP)) // 2
    head = longest - len(_GAP) - tail
    return text[:head] + _GAP + text[-tail:]
