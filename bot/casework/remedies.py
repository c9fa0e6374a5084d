"""What can be done to make good, with exact terms. Each of these is money or goods."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar

from bot.casework.money import Money


class RemedyKind(StrEnum):
    """One word a remedy, as tables, rulebook and exports write it."""

    DISCOUNT = "discount"
    COUPON = "coupon"
    REPLACEMENT = "replacement"
    EXCHANGE = "exchange"
    RETURN = "return"
    REFUND = "refund"
    CANCELLATION = "cancellation"
    INTERCEPT = "intercept"
    ADDRESS_CHANGE = "address_change"
    ITEM_CHANGE = "item_change"


CHANGES = frozenset({RemedyKind.ADDRESS_CHANGE, RemedyKind.ITEM_CHANGE})
"""What changes an order before it leaves; it settles nothing that goes wrong afterwards."""

COURTESIES = frozenset({"discount_request"})
"""Playbooks that give something without anything being wrong."""


class RemedyState(StrEnum):
    """How far a remedy has come."""

    APPROVAL = "approval"
    """A person has to say yes first; its money is held back meanwhile."""
    REQUESTED = "requested"
    DONE = "done"
    DENIED = "denied"
    REPLACED = "replaced"
    """A person put other terms in its place before it went out."""
    FAILED = "failed"
    """The gateway will never do it; a person has it."""


STANDING = frozenset({RemedyState.APPROVAL, RemedyState.REQUESTED, RemedyState.DONE})
"""States in which a remedy counts against what may still be given."""


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

    @property
    def details(self) -> dict[str, str]:
        """What it says beyond that, as flat texts, for exports and gateways."""
        return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Discount(Remedy):
    """The buyer keeps the goods and gets `percent` of their price back."""

    kind: ClassVar[RemedyKind] = RemedyKind.DISCOUNT

    percent: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Coupon(Remedy):
    """
    The buyer keeps the goods and gets `percent` off the next order.

    `amount` is what goes back for the goods at once, if anything does (AFTER_SALES.md, 3.4).
    """

    kind: ClassVar[RemedyKind] = RemedyKind.COUPON

    percent: Decimal
    valid_days: int

    @property
    def details(self) -> dict[str, str]:
        return {"percent": str(self.percent), "valid_days": str(self.valid_days)}


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange(Remedy):
    """
    The goods go back and `sku` is sent: the right ones for wrong ones, or another variant.

    `amount` goes back to the buyer where `sku` costs less, `surcharge` is theirs to pay where it
    costs more; never both.
    """

    kind: ClassVar[RemedyKind] = RemedyKind.EXCHANGE

    sku: str
    variant: str = ""
    surcharge: Money | None = None

    @property
    def details(self) -> dict[str, str]:
        return {"sku": self.sku, "variant": self.variant, **_surcharge(self.surcharge)}


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressChange(Remedy):
    """The order is sent to another address, in the buyer's own words."""

    kind: ClassVar[RemedyKind] = RemedyKind.ADDRESS_CHANGE

    address: str

    @property
    def details(self) -> dict[str, str]:
        return {"address": self.address}


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemChange(Remedy):
    """
    Another variant (`sku`) or quantity is sent than was ordered; the same product only.

    `quantity` is how many pieces shall be sent in all. `amount` goes back to the buyer where the
    change makes it cheaper, `surcharge` is theirs to pay where it makes it dearer; never both.
    """

    kind: ClassVar[RemedyKind] = RemedyKind.ITEM_CHANGE

    sku: str
    variant: str = ""
    surcharge: Money | None = None

    @property
    def details(self) -> dict[str, str]:
        return {"sku": self.sku, "variant": self.variant, **_surcharge(self.surcharge)}


def _surcharge(surcharge: Money | None) -> dict[str, str]:
    return {"surcharge": f"{surcharge.minor} {surcharge.currency}"} if surcharge else {}


REMEDIES: dict[RemedyKind, type[Remedy]] = {
    remedy.kind: remedy
    for remedy in (
        Discount,
        Coupon,
        Replacement,
        Exchange,
        Return,
        Refund,
        Cancellation,
        Intercept,
        AddressChange,
        ItemChange,
    )
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Granted:
    """
    A remedy of the order, as its history shows it; `STANDING` ones count.

    `reason` is the playbook that led to it.
    """

    kind: RemedyKind
    line_id: int | None
    amount: Money | None
    state: RemedyState = RemedyState.REQUESTED
    quantity: int | None = None
    granted_at: datetime | None = None
    done_at: datetime | None = None
    remedy_id: str = ""
    reason: str = ""

    @property
    def settles(self) -> bool:
        """
        Whether it makes something good.

        A change before the order left does not, nor does what was given only because the buyer
        asked nicely.
        """
        return self.kind not in CHANGES and self.reason not in COURTESIES
