"""
What buyers say of their goods in plain words: found, missing, different.

Read only where it is plain. Whatever fits two answers, or none, is read as nothing and asked with
buttons.
"""

import re

WORD = re.compile(r"\w[\w'’-]*")
ENOUGH_WORDS = 8
"""A first message of more words than these tells what happened."""

MISSING: dict[str, re.Pattern[str]] = {
    "empty": re.compile(
        r"\b(?:was|is|were|came|arrived|completely|totally|just|an) empty\b"
        r"|\bempty (?:box|parcel|package|packet|envelope|bag)\b"
        r"|\b(?:nothing|no item|no product) (?:was |were |is )?(?:in it|inside|in there"
        r"|in the (?:box|parcel|package|packet|envelope|bag))\b",
        re.IGNORECASE,
    ),
    "item": re.compile(
        r"\bonly (?:got|received|sent me|had|found|contained|one|two|three|half|\d+)\b"
        r"|\b(?:one|two|three|\d+) (?:out )?of (?:the|my|them|these|\d+)\b"
        r"|\b(?:item|product|article)s? (?:is|are|was|were) missing\b"
        r"|\bmissing (?:item|product|article)s?\b",
        re.IGNORECASE,
    ),
    "part": re.compile(
        r"\b(?:parts?|pieces? of it|screws?|bolts?|manual|instructions|charger|cables?|cord|plug"
        r"|adapter|lids?|cover|batter(?:y|ies)|remote|accessor(?:y|ies)|handles?|knobs?|hooks?"
        r"|brackets?|straps?|shade|bulb)\b",
        re.IGNORECASE,
    ),
}
DIFFERENCES: dict[str, re.Pattern[str]] = {
    "quality": re.compile(
        r"\b(?:quality|cheap|cheaply|flimsy|badly made|poorly made|shoddy|workmanship|thin)\b",
        re.IGNORECASE,
    ),
    "size": re.compile(
        r"\b(?:size|sized|smaller|bigger|larger|shorter|longer|too (?:small|big|large|short|long)"
        r"|measurements?|dimensions?|tiny|fits?|cm|inch(?:es)?)\b",
        re.IGNORECASE,
    ),
    "material": re.compile(
        r"\b(?:material|fabric|plastic|polyester|leather|cotton|linen|wool|wood|wooden|metal"
        r"|steel|glass|ceramic|silk)\b",
        re.IGNORECASE,
    ),
    "look": re.compile(
        r"\b(?:looks?|colou?rs?|coloured|pictures?|photos?|pattern|shade|design|darker|lighter"
        r"|print)\b",
        re.IGNORECASE,
    ),
}
BROUGHT_UP = re.compile(r"\b(?:found|turned up|got it|have it now|has it|had it)\b", re.IGNORECASE)
LOOKED = re.compile(
    r"\b(?:looked|checked|asked|searched|spoke|rang|nobody|no one|no-one|nowhere|everywhere)\b",
    re.IGNORECASE,
)
LATER = re.compile(r"\b(?:yet|later|tomorrow|tonight|will|i'll|going to|moment)\b", re.IGNORECASE)
DENIED = re.compile(
    r"\b(?:no|not|nobody|no one|no-one|never|nowhere|nothing|none|cannot|\w+n't|dont|didnt)\b",
    re.IGNORECASE,
)


def what_is_missing(text: str) -> str:
    """Whether the parcel was `empty`, an `item` or only a `part` is missing; empty if unclear."""
    return _only(MISSING, text)


def what_differs(text: str) -> str:
    """In which way goods differ from their listing; empty if unclear."""
    return _only(DIFFERENCES, text)


def has_found(text: str) -> bool:
    """Whether the buyer plainly says that it was found: not "nobody has it", not "not found"."""
    plain = _plain(text)

    return bool(BROUGHT_UP.search(plain)) and not DENIED.search(plain)


def has_looked(text: str) -> bool:
    """Whether the buyer plainly says that they have looked: not "I will ask them later"."""
    plain = _plain(text)

    return bool(LOOKED.search(plain)) and not LATER.search(plain)


def words_in(text: str) -> int:
    """How many words the text has."""
    return len(WORD.findall(text))


def _only(patterns: dict[str, re.Pattern[str]], text: str) -> str:
    plain = _plain(text)
    found = [name for name, pattern in patterns.items() if pattern.search(plain)]

    return found[0] if len(found) == 1 else ""


def _plain(text: str) -> str:
    return text.replace("\u2019", "'")
