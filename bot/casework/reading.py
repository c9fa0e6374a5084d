"""
Details in a buyer's text that are facts, not meaning: order numbers, proofs, an option's name.

Meaning is Rasa's. These are read here because a wrong guess would cost money or privacy, and
because they must be found when a message is nothing but the detail.
"""

import re
from collections.abc import Iterable, Sequence

from bot.casework.choosing import named_place, wanted_words
from bot.casework.orders import OrderLine, OrderSummary
from bot.casework.remedies import Remedy, RemedyKind
from bot.casework.turns import Turn

# Every repetition is bounded: a buyer's text of 4 000 characters is read in milliseconds.
EMAIL = re.compile(r"\w[\w.+%'-]{0,63}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}")
# In the order in which they are tried: GB, CA, IE, NL, CZ/SE/GR, then any digits (10115,
# 90210-1234, 100-0001) and a letter or more with digits (LV-1010, C1425CLA). Dutch letters are
# never F, I, O, Q, U or Y, which keeps "1010 in Vienna" apart from "1012 AB"; the words without
# those are listed. Numbers within dates, prices and longer tokens are none.
POSTCODE = re.compile(
    r"""
    (?<!\w)(?<!\w-)(?<!\d[.,/])
    (?: [A-Z]{1,2}\d[A-Z\d]?[ ]?\d[A-Z]{2}
      | [A-Z]\d[A-Z][ ]?\d[A-Z]\d
      | [AC-FHKNPRTV-Y](?:\d\d|6W)[ ]?(?=[A-Z]{0,3}\d)[A-Z\d]{4}
      | \d{4}[ ]?(?!(?-i:an|as|at|am|be|de|he|me|we|the)\b)[A-EGHJ-NPR-TV-XZ]{2}
      | \d{3}[ ]\d{2}
      | \d{5}-\d{3,4} | \d{4}-\d{3} | \d{2,3}-\d{3,4} | \d{3,10}
      | [A-Z]{1,3}-?\d[A-Z\d]{1,6}
    )
    (?![\w-]|[.,/]\d)
    """,
    re.IGNORECASE | re.VERBOSE,
)
POSTCODE_FOLLOWS = re.compile(r"\b(?:post(?:al)? ?code|zip(?: ?code)?|plz|pin ?code)\b", re.I)
WELL_BEFORE = 16
"""How far behind the word "postcode" it stands at most: " of the order is "."""
NUMBER_LIKE = re.compile(
    r"""
    (?<![\w@.-])
    (?: \d{3}([ –-])\d{7}\1\d{7}
      | (?:[a-z]{1,3}\.)?[0-9a-z]{12,40}\.\d{1,2}\.\d{1,2}
      | (?-i:(?!(?:ORDER|NO|NR|NUMBER|ID|IS|MY|THE|IT|ITS|FOR|AND)\b)[A-Z]{2,5}[ ]\d{4,8})
      | (?:[#№]\s?)?(?=[\w/-]{0,38}\d{2})[A-Z\d][\w/-]{2,39}
    )
    (?![\w@])
    """,
    re.IGNORECASE | re.VERBOSE,
)
BARE_NUMBER = re.compile(r"\W{0,3}?([#№]?\s?(?=[\w/-]{0,38}\d)\w[\w/-]{0,39})\W{0,3}")
WORD = re.compile(r"[^\W\d_]{3,}")
FEW_WORDS = 3
"""Besides its details, a message that is nothing but details has at most so many."""
# A letter size as shops print it; lower-case "s" and "m" are more often a piece of a word.
SIZE = re.compile(r"(?<![\w'’])(?:\dXL|X{0,3}[SL]|M)(?![\w'’])")
REMEDY_WORDS: dict[RemedyKind, frozenset[str]] = {
    RemedyKind.DISCOUNT: frozenset("discount keep keeping percent".split()),
    RemedyKind.REPLACEMENT: frozenset(
        "replacement replace replaced reship resend new another again".split()
    ),
    RemedyKind.COUPON: frozenset("coupon voucher next".split()),
    RemedyKind.EXCHANGE: frozenset("exchange exchanged swap".split()),
    RemedyKind.RETURN: frozenset("return returning back".split()),
    RemedyKind.REFUND: frozenset("refund refunded money".split()),
    RemedyKind.INTERCEPT: frozenset("stop intercept carrier".split()),
    RemedyKind.CANCELLATION: frozenset("cancel cancellation".split()),
}
MONEY_BACK = (RemedyKind.REFUND, RemedyKind.RETURN, RemedyKind.INTERCEPT)


def mentioned_order(turn: Turn) -> str:
    """The order number that the buyer names; empty if none. The first one counts."""
    for entity in turn.entities:
        if entity.name == "order_number":
            return entity.value.strip()

    return ""


def typed_order(text: str) -> str:
    """What looks like an order number in an answer to "which order?"; empty if nothing does."""
    if bare := BARE_NUMBER.fullmatch(text.strip()):
        return bare.group(1)
    found = NUMBER_LIKE.search(EMAIL.sub(" ", text))

    return found.group().strip() if found else ""


def typed_proof(turn: Turn, claimed: str, *, asked: bool = False) -> str:
    """
    The e-mail or postcode in the message; empty if none.

    Only one is taken from a message, so that a list of guesses is one try. A number counts as a
    postcode where the buyer says so, where the message is little else, or where they were
    `asked` for it: in "DEMO-1003: 250 of 500 plates broke" there is none, and no wrong try.
    """
    if email := EMAIL.search(turn.text):
        return email.group()
    rest = " ".join(turn.text.split())
    for number in (claimed, *(entity.value for entity in turn.entities)):
        if number.strip():
            whole = rf"(?<!\w){re.escape(number.strip())}(?!\w)"
            rest = re.sub(whole, " ", rest, flags=re.IGNORECASE)
    for said in POSTCODE_FOLLOWS.finditer(rest):
        found = POSTCODE.search(rest, said.end())
        if found and found.start() <= said.end() + WELL_BEFORE:
            return found.group()
    found = POSTCODE.search(rest)
    told = asked or POSTCODE_FOLLOWS.search(rest) or len(WORD.findall(rest)) <= FEW_WORDS
    if not told:
        found = LAST_SENTENCE_IS_ZIP.search(rest)
    elif found and not asked and len(found.group()) < 4 and len(NUMBERS.findall(rest)) > 1:
        return ""  # "35 of 200 plates" holds two quantities and no postcode

    return found.group() if found else ""


LAST_SENTENCE_IS_ZIP = re.compile(r"(?<=[.!] )\d{5}$")
NUMBERS = re.compile(r"(?<!\w)\d+(?!\w)")


def is_bare_detail(turn: Turn, besides: int = FEW_WORDS) -> bool:
    """Whether the message is nothing but details: at most so many words besides them."""
    rest = EMAIL.sub(" ", turn.text)
    for entity in turn.entities:
        if entity.value:
            rest = rest.replace(entity.value, " ")
    found_any = rest != turn.text or bool(POSTCODE.search(turn.text))

    return found_any and len(WORD.findall(rest)) <= besides


def named_line(text: str, lines: Sequence[OrderLine]) -> OrderLine | None:
    """The only line that the text's words fit best, by title and variant."""
    place = _best([f"{line.title} {line.variant}" for line in lines], text)

    return None if place is None else lines[place]


def named_order(text: str, orders: Sequence[OrderSummary]) -> OrderSummary | None:
    """The only order whose products the text's words fit best."""
    place = _best([" ".join(order.titles) for order in orders], text)

    return None if place is None else orders[place]


def _best(descriptions: Sequence[str], text: str) -> int | None:
    """
    The description that shares more words with the text, and all those that others share.

    So "the blue lamp" names the lamp beside a blue mug, and "lamp and mug" names neither.
    """
    said = _words(text)
    shared = [said & _words(description) for description in descriptions]
    best = max(range(len(shared)), key=lambda place: len(shared[place]), default=None)
    if best is None or not shared[best]:
        return None
    others = (words for place, words in enumerate(shared) if place != best)

    return best if all(words < shared[best] for words in others) else None


def named_option(text: str, options: Sequence[Remedy]) -> Remedy | None:
    """
    The option that the buyer names by its place or by what it is; None if not just one.

    What they turn down ("no refund, please") is not named.
    """
    said = set(wanted_words(text))
    kinds = [option for option in options if REMEDY_WORDS.get(option.kind, frozenset()) & said]
    if len(kinds) == 1:
        return kinds[0]
    place = named_place(text, len(options))

    return None if place is None else options[place]


def money_back_option(options: Iterable[Remedy]) -> Remedy | None:
    """The option that gives the money back, for a buyer who says just "refund"."""
    by_kind = {option.kind: option for option in options}

    return next((by_kind[kind] for kind in MONEY_BACK if kind in by_kind), None)


def _words(text: str) -> set[str]:
    """Words worth comparing, with a plural's last letter taken off, and letter sizes."""
    words = {
        word.rstrip("s")
        for word in (found.lower() for found in WORD.findall(text))
        if word not in STOP_WORDS
    }

    return words | set(SIZE.findall(text))


STOP_WORDS = frozenset(
    "the and for with from order ordered item set piece this that was were has have not are our "
    "you your came but all one two new size colour color pack box its".split()
)
