"""
The numbers and choices that playbooks consult, as the seller wrote them in `rulebook/`.

Where a number comes from an article that sellers read, the YAML file names it. Amounts are
written in whole currency units there, because that is how a seller thinks of a limit.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from bot.casework.money import CURRENCY, Money, minor_digits
from bot.casework.orders import Marketplace, Order, OrderCard, ShipMode
from bot.casework.remedies import RemedyKind

PLAIN_NUMBER = re.compile(r"[A-Za-z0-9-]+")
CLOSED: dict[str, str] = {"extra": "forbid"}
"""Read by the loader: a key that is not in the class is a mistake, not a comment."""

Amounts = Mapping[str, Decimal]
"""Whole currency units by currency code."""


def _within(name: str, value: Decimal | int, low: int, high: int) -> None:
    if not low <= value <= high:
        raise ValueError(f"{name} is {value}, allowed is {low} to {high}")


def _amount(name: str, currency: str, amount: Decimal) -> None:
    if not CURRENCY.fullmatch(currency):
        raise ValueError(f"{name}.{currency} is not a currency code such as EUR")
    _within(f"{name}.{currency}", amount, 0, 10**7)
    digits = minor_digits(currency)
    if amount != round(amount, digits):
        raise ValueError(f"{name}.{currency} is {amount}, allowed are {digits} decimals")


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityRules:
    """How often a buyer may guess before an order is locked for them."""

    __pydantic_config__ = CLOSED

    wrong_tries: int
    within_minutes: int

    def __post_init__(self) -> None:
        _within("wrong_tries", self.wrong_tries, 1, 20)
        _within("within_minutes", self.within_minutes, 1, 1440)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemRules:
    """
    How one problem is made good: `ladder` names the remedies, the one to offer first in front.

    A remedy that the facts do not allow (no stock, over a limit) is left out of the offer.
    """

    __pydantic_config__ = CLOSED

    ladder: tuple[RemedyKind, ...]
    ask_photo: bool = False
    discount_percent: Decimal = Decimal(0)

    def __post_init__(self) -> None:
        _within("discount_percent", self.discount_percent, 0, 100)
        if self.discount_percent != round(self.discount_percent, 2):
            raise ValueError("discount_percent has more than 2 decimals")
        if not self.ladder:
            raise ValueError("ladder is empty, at least one remedy must stand there")
        if len(set(self.ladder)) < len(self.ladder):
            raise ValueError("ladder names a remedy twice")
        if RemedyKind.DISCOUNT in self.ladder and not self.discount_percent:
            raise ValueError("ladder offers a discount, so discount_percent must be above 0")


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketplaceRules:
    """What to call a marketplace and where its own front desk is."""

    __pydantic_config__ = CLOSED

    name: str
    front_desk: str
    front_desk_url: str = ""

    def __post_init__(self) -> None:
        for name in ("name", "front_desk"):
            if not getattr(self, name).strip():
                raise ValueError(f"{name} is empty, the buyer must be told something")
        if self.front_desk_url and not self.front_desk_url.startswith("https://"):
            raise ValueError("front_desk_url must start with https://")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rulebook:
    """All limits of one seller; `version` is the checksum of the files they came from."""

    __pydantic_config__ = CLOSED

    identity: IdentityRules
    offer_expires_after_hours: int
    hand_off_after_misses: int
    delivery_days_without_promise: int
    late_grace_days: int
    return_within_days: int
    refund_arrives_within_days: int
    refund_without_return_up_to: Amounts
    money_without_person_up_to: Amounts
    intercept: tuple[ShipMode, ...]
    problems: Mapping[str, ProblemRules]
    tracking_links: Mapping[str, str] = field(default_factory=dict)
    marketplaces: Mapping[Marketplace, MarketplaceRules] = field(default_factory=dict)
    version: str = ""

    def __post_init__(self) -> None:
        _within("offer_expires_after_hours", self.offer_expires_after_hours, 1, 24 * 60)
        _within("hand_off_after_misses", self.hand_off_after_misses, 1, 10)
        _within("delivery_days_without_promise", self.delivery_days_without_promise, 1, 120)
        _within("late_grace_days", self.late_grace_days, 0, 60)
        _within("return_within_days", self.return_within_days, 0, 365)
        _within("refund_arrives_within_days", self.refund_arrives_within_days, 1, 60)
        for currency, amount in self.refund_without_return_up_to.items():
            _amount("refund_without_return_up_to", currency, amount)
        for currency, amount in self.money_without_person_up_to.items():
            _amount("money_without_person_up_to", currency, amount)
        for carrier, link in self.tracking_links.items():
            if not link.startswith("https://") or "{number}" not in link:
                raise ValueError(
                    f"tracking_links.{carrier} must start with https:// and hold {{number}}"
                )

    def expected_by(self, order: Order) -> date:
        """The promised day, or the usual time after the order where none was promised."""
        usual = order.placed_at + timedelta(days=self.delivery_days_without_promise)

        return order.promised_by or usual.date()

    def makes_good_from(self, order: Order) -> date:
        """The day from which a parcel that has not come is made good."""
        return self.expected_by(order) + timedelta(days=self.late_grace_days + 1)

    def card(self, order: Order) -> OrderCard:
        """The order's card."""
        parcel = order.parcel
        link = self.tracking_link(parcel.carrier, parcel.tracking_number) if parcel else ""

        return OrderCard(order=order, expected_by=self.expected_by(order), tracking_link=link)

    def limit(self, amounts: Amounts, currency: str) -> Money:
        """The seller's limit in that currency; nothing at all where none was set."""
        whole = amounts.get(currency, Decimal(0))

        return Money(int(whole.scaleb(minor_digits(currency))), currency)

    def tracking_link(self, carrier: str, number: str) -> str:
        """
        Where the carrier shows the parcel; empty for a carrier that is not listed.

        Also empty for a number with other signs than letters, digits and hyphens: it becomes
        part of a link that a buyer follows.
        """
        links = {name.lower(): link for name, link in self.tracking_links.items()}
        pattern = links.get(carrier.strip().lower(), "")
        compact = "".join(number.split())

        return pattern.replace("{number}", compact) if PLAIN_NUMBER.fullmatch(compact) else ""
