"""The parts of the rulebook that limit money, tries and time."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from bot.casework.money import CURRENCY, minor_digits

CLOSED: dict[str, str] = {"extra": "forbid"}
"""Read by the loader: a key that is not in the class is a mistake, not a comment."""

Amounts = Mapping[str, Decimal]
"""Whole currency units by currency code."""


def check_within(name: str, value: Decimal | int, low: int, high: int) -> None:
    """ValueError if the number of that name is out of bounds."""
    if not low <= value <= high:
        raise ValueError(f"{name} is {value}, allowed is {low} to {high}")


def check_percent(name: str, percent: Decimal) -> None:
    """ValueError unless it is a share of 0 to 100 percent with two decimals at most."""
    check_within(name, percent, 0, 100)
    if percent != round(percent, 2):
        raise ValueError(f"{name} has more than 2 decimals")


def check_amounts(name: str, amounts: Amounts) -> None:
    """ValueError unless each is an amount that its currency can have."""
    for currency, amount in amounts.items():
        if not CURRENCY.fullmatch(currency):
            raise ValueError(f"{name}.{currency} is not a currency code such as EUR")
        check_within(f"{name}.{currency}", amount, 0, 10**7)
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
        check_within("wrong_tries", self.wrong_tries, 1, 20)
        check_within("within_minutes", self.within_minutes, 1, 1440)


@dataclass(frozen=True, slots=True, kw_only=True)
class CapRules:
    """
    How much the bot may give by itself; beyond any of these a person has to approve.

    Money, and goods sent again at their price. A currency that is not listed is capped at
    nothing.
    """

    __pydantic_config__ = CLOSED

    per_remedy: Amounts
    per_order: Amounts
    per_buyer: Amounts
    per_store_and_day: Amounts
    buyer_days: int

    def __post_init__(self) -> None:
        check_within("buyer_days", self.buyer_days, 1, 365)
        for name in ("per_remedy", "per_order", "per_buyer", "per_store_and_day"):
            check_amounts(name, getattr(self, name))
            if lacking := sorted(set(self.per_remedy) - set(getattr(self, name))):
                raise ValueError(f"{name} lacks {', '.join(lacking)}, which per_remedy has")


LIMITED = ("agent", "lead")
"""Roles with a limit: an owner has none, a trainer decides about no remedy at all."""


class DeskClock(StrEnum):
    """Which clock runs for a conversation that waits for a person."""

    COMPLAINT = "complaint"
    TICKET = "ticket"
    """Whatever is no complaint."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskRules:
    """
    How much a person at the desk may give for one order, in money and goods, by their role.

    `limits` are by role. Above `four_eyes_above` two people have to agree, owners too. In a
    currency that is not listed only an owner decides. `warn_before_hours` a deadline the lead is
    told of it, 0 for never.
    """

    __pydantic_config__ = CLOSED

    limits: Mapping[str, Amounts] = field(default_factory=dict)
    four_eyes_above: Amounts = field(default_factory=dict)
    warn_before_hours: int = 4

    def __post_init__(self) -> None:
        for role, amounts in self.limits.items():
            if role not in LIMITED:
                raise ValueError(
                    f"limits.{role} is no role with a limit, allowed are {', '.join(LIMITED)}"
                )
            check_amounts(f"limits.{role}", amounts)
        check_within("warn_before_hours", self.warn_before_hours, 0, 72)
        check_amounts("four_eyes_above", self.four_eyes_above)
        listed = {currency for amounts in self.limits.values() for currency in amounts}
        if lacking := sorted(listed - set(self.four_eyes_above)):
            raise ValueError(f"four_eyes_above lacks {', '.join(lacking)}, which limits has")


@dataclass(frozen=True, slots=True, kw_only=True)
class BadFaithRules:
    """
    What is worth a person's look; nothing is denied for it (AFTER_SALES.md, 6).

    `remedies` is how many a buyer may have had `within_days` before; `photo_distance` how many
    of 64 bits two photos may differ in and still be taken for the same; `earliest_arrival_hours`
    how soon after hand-over a parcel can be there at all.
    """

    __pydantic_config__ = CLOSED

    remedies: int
    within_days: int
    photo_distance: int
    earliest_arrival_hours: int

    def __post_init__(self) -> None:
        check_within("remedies", self.remedies, 1, 1000)
        check_within("within_days", self.within_days, 1, 365)
        check_within("photo_distance", self.photo_distance, 0, 3)
        check_within("earliest_arrival_hours", self.earliest_arrival_hours, 0, 240)


@dataclass(frozen=True, slots=True, kw_only=True)
class CouponRules:
    """A coupon for the next order; `on_request` says whether asking nicely is enough."""

    __pydantic_config__ = CLOSED

    percent: Decimal
    valid_days: int
    on_request: bool = False

    def __post_init__(self) -> None:
        check_percent("percent", self.percent)
        check_within("percent", self.percent, 1, 100)
        check_within("valid_days", self.valid_days, 1, 730)
