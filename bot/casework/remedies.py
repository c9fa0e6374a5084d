"""What can be done to make good, with exact terms. Each of these is money or goods."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar

from bot.casework.money import Money


class RemedyKind(StrEnum):
    """One word a remedy, as tables, rulebook and exports write it."""

    DISCOUNT = "discount"
    REPLACEMENT = "replacement"
    RETURN = "return"
    REFUND = "refund"
    CANCELLATION = "cancellation"
    INTERCEPT = "intercept"


@dataclass(frozen=True, slots=True, kw_only=True)
class Remedy:
    """
    A remedy for one line of an order, or for the whole order when `line_id` is None.

    `amount` is the money that goes back to the buyer because of it, at once or when the goods
    are back; None where no money moves.
    """

    kind: ClassVar[RemedyKind]

    order_id: int
    line_id: int | None = None
    quantity: int | None = None
    amount: Money | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Discount(Remedy):
    """The buyer keeps the goods and gets `percent` of their price back."""

    kind: ClassVar[RemedyKind] = RemedyKind.DISCOUNT

    percent: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Replacement(Remedy):
    """The same goods are sent again; `percent` and money play no part."""

    kind: ClassVar[RemedyKind] = RemedyKind.REPLACEMENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Return(Remedy):
    """The goods come back; `amount` is refunded when they have arrived."""

    kind: ClassVar[RemedyKind] = RemedyKind.RETURN


@dataclass(frozen=True, slots=True, kw_only=True)
class Refund(Remedy):
    """`amount` goes back to the buyer, who keeps the goods or never got them."""

    kind: ClassVar[RemedyKind] = RemedyKind.REFUND


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancellation(Remedy):
    """An order that has not left yet is stopped and `amount`, all that was paid, refunded."""

    kind: ClassVar[RemedyKind] = RemedyKind.CANCELLATION


@dataclass(frozen=True, slots=True, kw_only=True)
class Intercept(Remedy):
    """The carrier is asked to turn the parcel back; `amount` is refunded when it is back."""

    kind: ClassVar[RemedyKind] = RemedyKind.INTERCEPT


REMEDIES: dict[RemedyKind, type[Remedy]] = {
    remedy.kind: remedy
    for remedy in (Discount, Replacement, Return, Refund, Cancellation, Intercept)
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Granted:
    """A remedy that stands already, as the order's history shows it."""

    kind: RemedyKind
    line_id: int | None
    amount: Money | None
