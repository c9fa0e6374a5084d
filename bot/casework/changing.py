"""
How buyers say which variant, or how many pieces, they want instead of what they ordered.

As elsewhere, what can be read in two ways is read as nothing and asked for.
"""

import re
from collections.abc import Sequence

from bot.casework.choosing import CARDINALS, NUMBER, wanted_words
from bot.casework.orders import OrderLine, Variant

MOST_PIECES = 1000
TOKEN = re.compile(r"\d+[.,]\d+|\w+")
DECIMAL = re.compile(r"\d+[.,]\d+")
SIZE_WORDS = {"small": "s", "medium": "m", "large": "l"}
TOO_COMMON = frozenset("a an and by cm for i in ml mm of or the to with x".split())
"""Words and units that a variant may have, and any sentence too; sizes (m, l) are none."""

NOT_A_NUMBER_OF = r"(?! (?:size|number|colou?r|in|cm|mm|ml|gb|m)\b)"
# "one more", "2 extra"; "add another one", "add three".
MORE = re.compile(rf"\b({NUMBER}|an?|another) (?:more|extra|additional)\b")
ADDED = re.compile(rf"\badd (?:another )?({NUMBER}|an?|another)\b|\b(another) (?:one|of)\b")
# "from four to two", "2 instead of 4": pieces only if four were ordered, else a size.
FROM_TO = re.compile(rf"\bfrom ({NUMBER}) to ({NUMBER})\b")
INSTEAD = re.compile(rf"\b({NUMBER})(?: \w+)? (?:instead of|rather than|not|and not) ({NUMBER})\b")
# "make it three", "the quantity should be 5", "I only need 2".
IN_ALL = re.compile(
    rf"(?:\bmake (?:it|that|them) ({NUMBER})\b"
    rf"|\b(?:quantity|number)\b[^.?!\d]{{0,25}}?\b({NUMBER})\b"
    rf"|\b(?:only|just) (?:need|want) ({NUMBER})\b"
    rf"|\b(?:need|want|reduce to|reduce it to) ({NUMBER}) (?:pieces?|pcs|packs?)\b)"
    rf"{NOT_A_NUMBER_OF}"
)
ABOUT_QUANTITY = re.compile(
    r"\b(?:quantity|pieces?|pcs|how many|number of|one more|add (?:one|another)|fewer)\b"
)


def named_variant(text: str, line: OrderLine, variants: Sequence[Variant]) -> Variant | None:
    """
    The only variant that the text names by what sets it apart from the one that was ordered.

    "In oat" names the oat one of the same size where others differ in size too; what is turned
    down ("red, not green") is not named.
    """
    said = {SIZE_WORDS.get(word, word) for word in wanted_words(text)}
    said |= {found.replace(",", ".") for found in DECIMAL.findall(text)}
    own = _tokens(line.variant)
    apart = [_tokens(one.variant) - own for one in variants]
    named = [words & said for words in apart]
    whole = [words if words and words <= said else set() for words in apart]
    for shared in (whole, named):
        best = max(range(len(shared)), key=lambda place: len(shared[place]), default=None)
        if best is None or not shared[best]:
            continue
        others = [place for place in range(len(shared)) if place != best]
        alone = all(
            shared[place] < shared[best] and named[place] <= shared[best] for place in others
        )
        return variants[best] if alone else None

    return None


def wanted_pieces(text: str, ordered: int) -> int | None:
    """How many pieces in all the buyer wants now, where a text plainly says so; else None."""
    plain = " ".join(text.lower().split())
    if found := MORE.search(plain) or ADDED.search(plain):
        more = next(word for word in found.groups() if word)
        return _within(ordered + _to_number(more))
    if found := FROM_TO.search(plain):
        before, after = (_to_number(word) for word in found.groups())
        return _within(after) if before == ordered else None
    if found := INSTEAD.search(plain):
        after, before = (_to_number(word) for word in found.groups())
        return _within(after) if before == ordered else None
    found = IN_ALL.search(plain)

    return _within(_to_number(next(word for word in found.groups() if word))) if found else None


def is_about_quantity(text: str) -> bool:
    """Whether the buyer speaks of how many, not of which."""
    return bool(ABOUT_QUANTITY.search(text.lower()))


def _tokens(variant: str) -> set[str]:
    words = (found.replace(",", ".") for found in TOKEN.findall(variant.lower()))

    return {SIZE_WORDS.get(word, word) for word in words if word not in TOO_COMMON}


def _to_number(word: str) -> int:
    return 1 if word in ("a", "an", "another") else CARDINALS.get(word) or int(word)


def _within(pieces: int) -> int | None:
    return pieces if 1 <= pieces <= MOST_PIECES else None
