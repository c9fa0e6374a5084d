"""
Details in a buyer's text that are facts, not meaning: order numbers, proofs, an option's name.

Meaning is Rasa's. These are read here because a wrong guess would cost money or privacy, and
because they must be found when a message is nothing but the detail.
"""

import re
from collections.abc import Iterable, Sequence

from bot.casework.orders import OrderLine, OrderSummary
from bot.casework.remedies import Remedy, RemedyKind
from bot.casework.turns import Turn

EMAIL = re.compile(r"[\w.+%'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}")
# Two-part postcodes first (SW1A 1AA, 1012 AB, 110 00, K1A 0B1), then any short token with a digit.
POSTCODE = re.compile(
    r"\b(?:[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}|[A-Z]\d[A-Z] ?\d[A-Z]\d|\d{4} ?[A-Z]{2}\b|\d{3} \d{2}\b"
    r"|(?=[A-Z-]*\d)[A-Z\d][A-Z\d-]{2,9})\b",
    re.IGNORECASE,
)
NUMBER_LIKE = re.compile(r"(?<![\w@.-])[#№]?\s?(?=[\w/-]*\d{2})[A-Z\d][\w/-]{2,39}(?![\w@])", re.I)
WORD = re.compile(r"[^\W\d_]{3,}")
ORDINALS = {
    "first": 0, "1st": 0, "one": 0, "1": 0,
    "second": 1, "2nd": 1, "two": 1, "2": 1,
    "third": 2, "3rd": 2, "three": 2, "3": 2,
    "fourth": 3, "4th": 3, "four": 3, "4": 3,
}  # fmt: skip
REMEDY_WORDS: dict[RemedyKind, frozenset[str]] = {
    RemedyKind.DISCOUNT: frozenset("discount keep keeping percent".split()),
    RemedyKind.REPLACEMENT: frozenset(
        "replacement replace replaced reship resend new another again".split()
    ),
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
    found = NUMBER_LIKE.search(EMAIL.sub(" ", text))

    return found.group().strip() if found else ""


def typed_proof(turn: Turn, claimed: str) -> str:
    """
    The e-mail or postcode in the message; empty if none.

    Only one is taken from a message, so that a list of guesses is one try.
    """
    if email := EMAIL.search(turn.text):
        return email.group()
    rest = turn.text
    for number in (claimed, *(entity.value for entity in turn.entities)):
        rest = re.sub(re.escape(number), " ", rest, flags=re.IGNORECASE) if number else rest
    found = POSTCODE.search(rest)

    return found.group() if found else ""


def is_bare_detail(turn: Turn) -> bool:
    """Whether the message is nothing but details: at most three words besides them."""
    rest = EMAIL.sub(" ", turn.text)
    for entity in turn.entities:
        rest = rest.replace(entity.value, " ")
    found_any = rest != turn.text or bool(POSTCODE.search(turn.text))

    return found_any and len(WORD.findall(rest)) <= 3


def named_line(text: str, lines: Sequence[OrderLine]) -> OrderLine | None:
    """The only line whose title or variant shares a word with the text."""
    said = _words(text)
    named = [line for line in lines if said & _words(f"{line.title} {line.variant}")]

    return named[0] if len(named) == 1 else None


def named_order(text: str, orders: Sequence[OrderSummary]) -> OrderSummary | None:
    """The only order of which a product is named in the text."""
    said = _words(text)
    named = [order for order in orders if said & _words(" ".join(order.titles))]

    return named[0] if len(named) == 1 else None


def named_option(text: str, options: Sequence[Remedy]) -> Remedy | None:
    """The option that the buyer names by its place or by what it is; None if not just one."""
    said = re.findall(r"\w+", text.lower())
    kinds = [option for option in options if REMEDY_WORDS.get(option.kind, frozenset()) & set(said)]
    if len(kinds) == 1:
        return kinds[0]
    if "last" in said and options:
        return options[-1]
    places = {ORDINALS[word] for word in said if word in ORDINALS}
    if len(places) == 1 and (place := places.pop()) < len(options):
        return options[place]

    return None


def money_back_option(options: Iterable[Remedy]) -> Remedy | None:
    """The option that gives the money back, for a buyer who says just "refund"."""
    by_kind = {option.kind: option for option in options}

    return next((by_kind[kind] for kind in MONEY_BACK if kind in by_kind), None)


def typed_quantity(text: str, at_most: int) -> int | None:
    """A number of pieces from 1 to `at_most`, "all" and "both" included."""
    said = re.findall(r"\w+", text.lower())
    if {"all", "both", "every", "everything"} & set(said):
        return at_most
    numbers = [int(word) for word in said if word.isascii() and word.isdigit() and len(word) < 5]
    numbers += [ORDINALS[word] + 1 for word in said if word in ORDINALS and word.isalpha()]
    unique = {number for number in numbers if 1 <= number <= at_most}

    return unique.pop() if len(unique) == 1 else None


def _words(text: str) -> set[str]:
    """Words worth comparing, with a plural's last letter taken off."""
    return {
        word.rstrip("s")
        for word in (found.lower() for found in WORD.findall(text))
        if word not in STOP_WORDS
    }


STOP_WORDS = frozenset(
    "the and for with from order ordered item set piece this that was were has have not are our "
    "you your came but all one two new size colour color pack box its".split()
)
