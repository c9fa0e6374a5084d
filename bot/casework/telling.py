"""
What buyers tell of a parcel in their own words: did it come, what was in it, why they refuse it.

Read only where the words are plain; whatever could mean two things is asked, with buttons. What
came decides whose mistake it was, and with it who pays (AFTER_SALES.md, 3.2 and 3.6).
"""

import re
from collections.abc import Mapping
from enum import StrEnum


class Came(StrEnum):
    """What came instead of the right goods."""

    ANOTHER_PRODUCT = "another_product"
    ANOTHER_VARIANT = "another_variant"
    ANOTHER_PARCEL = "another_parcel"
    """Somebody else's: the label names another person."""


class Refused(StrEnum):
    """Why a parcel is not accepted (AFTER_SALES.md, 5)."""

    QUALITY = "quality"
    SIZE = "size"
    DELIVERY = "delivery"
    SERVICE = "service"
    CHANGED_MIND = "changed_mind"


def _words(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(rf"\b(?:{pattern})\b" for pattern in patterns))


COLOURS = (
    "black|white|grey|gray|red|blue|green|yellow|orange|brown|beige|pink|purple|silver|gold|navy"
)
SIZES = r"(?:size )?(?:\d{0,2}x{0,3}[sl]|m|small|medium|large|\d{1,3})"
IN_PLACE_OF = "instead of|rather than|but (?:i )?ordered|not"
NOT_COME = _words(
    "before (?:it|they|the parcel) (?:arrives?|comes?|gets here|is delivered)",
    r"(?:not|\w+n't|never) (?:yet )?(?:arrived?|come|been delivered|received?|got|get|reached)",
    "(?:still|is|are) (?:on (?:its|the|their) way|under way|in transit|being shipped)",
)
HAS_COME = _words(
    "got|came|arrived|received|recieved|opened|unpacked",
    "(?:in|inside|inside of|of) (?:the|my) (?:box|parcel|package|packet|bag|carton)",
)
NOT_SOMEBODY_ELSES = _words("(?:not|isn't|no) (?:some(?:body|one) else|another person)(?:'?s)?")
MY_LABEL = _words(
    "my name (?:is |was )?on", "addressed to me", "my (?:name and )?address (?:is |was )?on"
)
"""The parcel was the buyer's, whoever its goods are for: they were packed wrong."""
SOMEBODY_ELSES = _words(
    "some(?:body|one) else(?:'?s)?",
    "another (?:person|customer|buyer|family|man|woman)(?:'?s)?",
    "(?:a |an )?(?:different|another|other|wrong) (?:name|addressee|recipient)",
    "(?:my )?neighbou?r'?s (?:parcel|package|order|name)",
    "not my name",
)
ANOTHER_VARIANT = _words(
    r"(?:wrong|different|another|other|incorrect) (?:size|colou?r|variant|shade|pattern)",
    r"(?:size|colou?r) (?:is|was) (?:wrong|different|incorrect|not)",
    rf"(?:{COLOURS})(?: one| \w{{1,20}})? (?:{IN_PLACE_OF}) (?:a |the |my )?(?:{COLOURS})",
    rf"{SIZES} (?:{IN_PLACE_OF}) (?:a |an |the |my )?{SIZES}",
)
ANOTHER_PRODUCT = _words(
    r"(?:completely|totally|entirely) (?:different|wrong|other|something else)"
    r"(?: item| product| thing)?",
    r"(?:a |an )?(?:different|another|other) (?:product|article|model)",
    r"instead of (?:the |my |a |an )?[\w ]{2,40}? (?:i|we|they|you)(?:'ve| have)?"
    r" (?:got|received|sent)",
)
SAID_OF_A_PRODUCT = _words(
    "(?:another|other|different|wrong) (?:item|thing|one|goods|product)",
    "something (?:else|different)",
)
"""Enough where the buyer was asked what came; an opening "wrong item" may be any of the three."""

WHY_REFUSED: Mapping[Refused, re.Pattern[str]] = {
    Refused.QUALITY: _words(
        "quality",
        "damaged|broken|defective|torn|fake",
        "wrong (?:item|product|colou?r)",
        "looks? (?:cheap|different|bad)",
    ),
    Refused.SIZE: _words(
        "size",
        "(?<!took )(?<!takes )(?<!taking )(?<!waited )(?<!waiting )"
        "too (?:small|big|large|tight|short|long|wide|narrow)(?! to)",
        "(?:doesn'?t|didn'?t|don'?t|(?:does|did|do|will|would) not|won'?t|wouldn'?t) fit",
    ),
    Refused.DELIVERY: _words(
        "(?:too|so) (?:late|slow|long to)",
        "(?:took|takes|taking|waited|waiting) (?:too|so) long",
        "late|delay(?:ed)?",
    ),
    Refused.SERVICE: _words("service", "rude|unfriendly|impolite"),
    Refused.CHANGED_MIND: _words(
        "changed my mind",
        "(?:don'?t|do not|no longer|not) (?:want|need)",
        "found (?:it )?(?:cheaper|elsewhere)",
        "bought (?:it |one )?elsewhere",
        "by mistake",
    ),
}


HAS_REFUSED = _words(
    "(?<!be )(?:refused|rejected|declined|refusd)",
    "(?:didn'?t|did not|have not|haven'?t|was not|wasn'?t) (?:accept|accepted|take|taken|collect)",
    "sent (?:it|him|her|them|the (?:courier|driver|delivery man)) (?:away|back)",
    "(?:told|asked) the (?:courier|driver|postman) to take it",
)


def told_arrival(text: str) -> bool | None:
    """Whether the parcel has reached the buyer; None if the text does not say."""
    plain = _plain(text)
    if NOT_COME.search(plain):
        return False

    return True if HAS_COME.search(plain) else None


def told_came(text: str, *, asked: bool = False) -> Came | None:
    """What came instead, where the text says it plainly; `asked` if it answers just that."""
    plain = _plain(text)
    if SOMEBODY_ELSES.search(NOT_SOMEBODY_ELSES.sub(" ", plain)):
        return None if MY_LABEL.search(plain) else Came.ANOTHER_PARCEL
    if ANOTHER_VARIANT.search(plain):
        return Came.ANOTHER_VARIANT
    if ANOTHER_PRODUCT.search(plain) or (asked and SAID_OF_A_PRODUCT.search(plain)):
        return Came.ANOTHER_PRODUCT

    return None


def told_refusal(text: str) -> bool:
    """Whether the buyer says that they have refused it already, not that they will."""
    return bool(HAS_REFUSED.search(_plain(text)))


def told_reason(text: str) -> Refused | None:
    """Why the buyer will not take the parcel; None if no reason, or more than one, is told."""
    plain = _plain(text)
    told = [reason for reason, words in WHY_REFUSED.items() if words.search(plain)]
    # "I don't want it, it's too small" has one reason: not wanting it is what all have in common.
    if len(told) > 1 and Refused.CHANGED_MIND in told:
        told.remove(Refused.CHANGED_MIND)

    return told[0] if len(told) == 1 else None


def _plain(text: str) -> str:
    return " ".join(text.lower().replace("\u2019", "'").split())
