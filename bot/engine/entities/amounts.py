"""Amounts of money: "12.50 EUR"."""

import re
from decimal import Decimal, InvalidOperation
from typing import Optional

from bot.engine.entities.match import NOTHING, Match, Reading

_FIGURES = re.compile(r"\d[\d.,\s]*\d|\d")
_LETTERS = re.compile(r"[^\W\d]+|[€$£₽₴₸¥]")


def amount(match: Match) -> tuple[Reading, ...]:
    """Figures with a currency beside them."""
    figures = _FIGURES.search(match.raw)
    currencies = match.kind.words["CURRENCY"]
    currency = next(
        (currencies[one] for one in _LETTERS.findall(match.raw.lower()) if one in currencies), ""
    )
    value = to_decimal(figures[0]) if figures else None
    if value is None or not currency:
        return NOTHING

    return match.read_as(f"{value:.2f} {currency}")


def to_decimal(figures: str) -> Optional[Decimal]:
    """
    The number that figures with points, commas and spaces mean; None for none.

    Of two kinds of separators the last one begins the cents. One alone divides thousands if three
    figures follow: "1,500" and "1.500" are more often paid than a thousandth of anything.
    """
    plain = "".join(figures.split())
    last = max(plain.rfind("."), plain.rfind(","))
    if last < 0:
        return _decimal(plain)
    both = "." in plain and "," in plain
    thousands = len(plain) - last == 4 and not both
    whole = re.sub(r"[.,]", "", plain if thousands else plain[:last])
    return _decimal(whole if thousands else f"{whole}.{plain[last + 1 :]}")


def _decimal(text: str) -> Optional[Decimal]:
    try:
        return Decimal(text)
    except InvalidOperation:
        return None
