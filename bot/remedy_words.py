"""Remedies in plain English, within a sentence: "5 % off (€1.00)", "a refund of €20.00"."""

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from bot.amounts import format_money
from bot.casework.money import Money
from bot.casework.remedies import (
    Coupon,
    Discount,
    Exchange,
    ItemChange,
    Remedy,
    RemedyKind,
)

LOCALE: Final = "en"
A_KIND: Final[Mapping[str, str]] = {
    RemedyKind.DISCOUNT: "a discount",
    RemedyKind.COUPON: "a coupon",
    RemedyKind.REPLACEMENT: "a replacement",
    RemedyKind.EXCHANGE: "an exchange",
    RemedyKind.RETURN: "a return for the money",
    RemedyKind.REFUND: "a refund",
    RemedyKind.CANCELLATION: "cancelling the order",
    RemedyKind.INTERCEPT: "calling the parcel back",
    RemedyKind.ADDRESS_CHANGE: "a change of the address",
    RemedyKind.ITEM_CHANGE: "a change of what is sent",
}


def say_terms(remedy: Remedy) -> str:
    """
    What the buyer gets, with its numbers.

    An address is left out: it is masked until somebody asks.
    """
    return TERMS[remedy.kind](remedy)


def money(amount: Money) -> str:
    """An amount as it is read."""
    return format_money(amount, LOCALE)


def counted(number: int, noun: str) -> str:
    """So many of them: "1 photo", "2 photos"."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def either(words: Iterable[str]) -> str:
    """All of them to choose from: "a, b or c"."""
    return _joined(words, "or")


def both(words: Iterable[str]) -> str:
    """All of them: "a, b and c"."""
    return _joined(words, "and")


def _joined(words: Iterable[str], last: str) -> str:
    *others, final = words

    return f"{', '.join(others)} {last} {final}" if others else final


def _pieces(remedy: Remedy) -> str:
    if remedy.line_id is None:
        return " of the whole order"

    return f" of {remedy.quantity} pieces" if remedy.quantity and remedy.quantity > 1 else ""


def _discount(remedy: Remedy) -> str:
    percent = f"{remedy.percent.normalize():f} % off" if isinstance(remedy, Discount) else ""

    return f"{percent} ({money(remedy.amount)})" if remedy.amount else percent


def _coupon(remedy: Remedy) -> str:
    terms = "a coupon"
    if isinstance(remedy, Coupon):
        percent = f"{remedy.percent.normalize():f} %"
        terms = f"a coupon of {percent} for {counted(remedy.valid_days, 'day')}"

    return f"{terms} and {money(remedy.amount)} back now" if remedy.amount else terms


def _variant(remedy: Remedy) -> str:
    """The variant, and who pays how much for the difference."""
    if not isinstance(remedy, Exchange | ItemChange):
        return ""
    words = [f"to {remedy.variant or remedy.sku}"]
    if remedy.amount:
        words.append(f"with {money(remedy.amount)} back")
    if remedy.surcharge:
        words.append(f"with {money(remedy.surcharge)} to pay")

    return " ".join(words)


def _exchange(remedy: Remedy) -> str:
    return f"an exchange{_pieces(remedy)} {_variant(remedy)}".rstrip()


def _item_change(remedy: Remedy) -> str:
    pieces = counted(remedy.quantity, "piece") if remedy.quantity else ""

    return " ".join(
        part
        for part in ("a change of what is sent", _variant(remedy), pieces and f"({pieces})")
        if part
    )


def _with_money(words: str, how: str) -> "Say":
    def say(remedy: Remedy) -> str:
        return f"{words} {how} {money(remedy.amount)}" if remedy.amount else words

    return say


Say = Callable[[Remedy], str]
TERMS: Final[Mapping[RemedyKind, Say]] = {
    RemedyKind.DISCOUNT: _discount,
    RemedyKind.COUPON: _coupon,
    RemedyKind.REPLACEMENT: lambda remedy: f"a replacement{_pieces(remedy)}",
    RemedyKind.EXCHANGE: _exchange,
    RemedyKind.RETURN: _with_money("a return", "for"),
    RemedyKind.REFUND: _with_money("a refund", "of"),
    RemedyKind.CANCELLATION: _with_money("cancelling the order", "and paying back"),
    RemedyKind.INTERCEPT: _with_money("calling the parcel back", "and then paying back"),
    RemedyKind.ADDRESS_CHANGE: lambda _: "a change of the address",
    RemedyKind.ITEM_CHANGE: _item_change,
}
