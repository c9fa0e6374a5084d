"""
Where a buyer wants an order sent, in their own words: nothing is understood, much is refused.

What was written is shown back exactly and changes nothing before a yes, so this only keeps out
what cannot be an address, a name or a phone number at all.
"""

import re

from bot.casework.reading import EMAIL
from bot.casework.turns import Turn

SHORTEST, LONGEST = 8, 300
MOST_READ = 600
"""A longer message is a story, in which nothing is looked for."""
LETTERS = re.compile(r"[^\W\d_]{2,}")
DIGIT = re.compile(r"\d")
PHONE = re.compile(r"(?<![\w-])\+?\d[\d ()/.-]{5,20}\d(?![\w-])")
NAME_OR_PHONE = re.compile(
    r"\b(?:(?:sur|last |first |full )?name|recipient|phone|mobile|telephone|tel|c/o)\b",
    re.IGNORECASE,
)
# "the house number should be 14b", "name on the parcel should be Keller": a part, as a sentence.
PART = re.compile(
    r"\b(?:name|recipient|phone|mobile|telephone|post ?code|zip|house number|street number|flat"
    r"|apartment|building|floor|c/o|gate code)\b",
    re.IGNORECASE,
)
IS_NOW = re.compile(r"\b(?:should be|must be|is now|it'?s|to be|and not|not)\b|:", re.IGNORECASE)
# What stands before an address in a sentence: "please send it to", "the new address is".
LEAD = re.compile(
    r"^.*?(?:\b(?:to|address(?: now)? is|adress is|is now|should be|will be)\b|:)\s*(?=[^\s:])",
    re.IGNORECASE | re.DOTALL,
)
TAIL = re.compile(r"[\s,.!?]*\b(?:please|pls|instead|thanks|thank you)\b[\s.!?]*$|[\s.!?]+$", re.I)
NEGATED = re.compile(r"\b(?:not|instead of|rather than|n't)\b", re.IGNORECASE)
NO_BEGINNING = re.compile(
    r"(?:my|our|your|the|an?|new|another|change|send|ship|deliver|have|get|be|go|it)\b",
    re.IGNORECASE,
)
BEGINNING = re.compile(
    r"^(?:(?:yes|no|ok(?:ay)?|sorry|sure|please|it'?s)[\s,.:-]+)+", re.IGNORECASE
)
CODE = re.compile(
    r"(?<!\w)(?:\d{4,6}|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}|\d{3} \d{2})(?!\w)", re.IGNORECASE
)
FEWEST_WORDS = 2
"""A street and a town; fewer are half an address."""
SAID_IN_WORDS = frozenset(
    {"provide_details", "change_address", "nlu_fallback", "out_of_scope", "choose_option"}
)
"""What a message without a digit is heard as when it may still be an address or a name."""


def address_in(text: str, *numbers: str) -> str:
    """
    The new address, name or phone that a message holds beside its wish; empty if it holds none.

    "Please send it to Hauptstr. 5, 10115 Berlin" gives what follows the "to"; a part ("the flat
    is 12") gives the whole sentence, because only that says what it is. The order's `numbers` are
    no house numbers.
    """
    plain = " ".join(text.split())
    rest = _without(plain, numbers)
    if len(rest) > MOST_READ:
        return ""
    if PART.search(rest) and (
        PHONE.search(rest) or (IS_NOW.search(rest) and len(LETTERS.findall(rest)) > FEWEST_WORDS)
    ):
        return _within_limits(plain) if "?" not in plain else ""
    address = ""
    while found := LEAD.match(rest):
        rest = rest[found.end() :]
        candidate = TAIL.sub("", rest)
        if _is_whole(candidate) and not NO_BEGINNING.match(candidate):
            address = candidate

    return "" if NEGATED.search(address) else address


def typed_address(turn: Turn, *numbers: str) -> str:
    """
    The answer to "what is the new address?"; empty if the message is none.

    Without a digit it is one only where nothing else was heard in it: "where is it?" is not.
    """
    text = ", ".join(filter(None, (line.strip(" ,") for line in turn.text.splitlines())))
    if found := address_in(text, *numbers):
        return found
    text = BEGINNING.sub("", " ".join(text.split()))
    rest = _without(text, numbers).strip(" ,.;:")
    if "?" in rest or not _within_limits(rest):
        return ""
    if PHONE.fullmatch(rest) and rest.startswith(("+", "0")):
        return text
    if not LETTERS.search(rest) or not (DIGIT.search(rest) or turn.intent in SAID_IN_WORDS):
        return ""

    return text


def is_written_address(text: str, *numbers: str) -> bool:
    """
    Whether a text can hardly be anything but an address, whatever a classifier hears in it.

    It has words and something like a postcode in lines or between commas; it asks nothing and
    names no order.
    """
    rest = _without(" ".join(text.split()), numbers)
    told = "?" in text or len(rest) < len(" ".join(text.split()))
    parts = [part for part in re.split(r"[,\n]", text) if part.strip()]

    return not told and len(parts) > 1 and _is_whole(rest) and bool(CODE.search(rest))


def lacks_number(address: str, opening: str) -> bool:
    """Whether a house number or postcode may have been forgotten; a name or phone needs none."""
    return not DIGIT.search(address) and not NAME_OR_PHONE.search(f"{opening} {address}")


def _is_whole(address: str) -> bool:
    return bool(
        _within_limits(address)
        and DIGIT.search(address)
        and len(LETTERS.findall(address)) >= FEWEST_WORDS
    )


def _within_limits(text: str) -> str:
    return text if SHORTEST <= len(text) <= LONGEST else ""


def _without(text: str, numbers: tuple[str, ...]) -> str:
    """The text without e-mails and the order's numbers."""
    text = EMAIL.sub(" ", text)
    for number in filter(None, (number.strip() for number in numbers)):
        text = re.sub(rf"[#№]?(?<!\w){re.escape(number)}(?!\w)", " ", text, flags=re.IGNORECASE)

    return " ".join(text.split())
