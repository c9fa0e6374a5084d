"""
The numbers and choices that playbooks consult, as the seller wrote them in `rulebook/`.

Where a number comes from an article that sellers read, the YAML file names it. Amounts are
written in whole currency units there, because that is how a seller thinks of a limit.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

from bot.casework.hours import BusinessHours
from bot.casework.limits import (
    CLOSED,
    Amounts,
    BadFaithRules,
    CapRules,
    CouponRules,
    DeskClock,
    DeskRules,
    IdentityRules,
    check_amounts,
    check_within,
)
from bot.casework.marketplaces import MarketplaceRules
from bot.casework.money import Money, minor_digits
from bot.casework.orders import BuyerType, Marketplace, Order, OrderCard, ShipMode
from bot.casework.problems import ProblemRules, Rounds
from bot.casework.remedies import Remedy, RemedyKind

PLAIN_NUMBER = re.compile(r"[A-Za-z0-9-]+")
COUNTRY = re.compile(r"[A-Z]{2}")
LANGUAGE = re.compile(r"[a-z]{2,3}")
FAQ_TOPICS = ("shipping", "returns", "payment", "product")
"""What `faq` may answer, as the intents faq_shipping ... name it."""

Faq = Mapping[str, Mapping[str, str]]
"""An answer by topic and locale."""


def check_faq(faq: Faq) -> None:
    """ValueError unless every answer stands under a known topic and a language."""
    for topic, answers in faq.items():
        if topic not in FAQ_TOPICS:
            raise ValueError(f"faq.{topic} is not known, allowed are {', '.join(FAQ_TOPICS)}")
        for language, answer in answers.items():
            if not LANGUAGE.fullmatch(language):
                raise ValueError(f"faq.{topic}.{language} is no language, allowed is such as en")
            if not answer.strip():
                raise ValueError(f"faq.{topic}.{language} is empty, leave it out or write it")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rulebook:
    """All limits of one seller; `version` is the checksum of the files they came from."""

    __pydantic_config__ = CLOSED

    identity: IdentityRules
    offer_expires_after_hours: int
    hand_off_after_misses: int
    delivery_days_without_promise: int
    late_grace_days: int
    not_received_wait_days: int
    return_within_days: int
    refund_arrives_within_days: int
    changes_before_shipping: int
    complaint_within_hours: int
    refund_without_return_up_to: Amounts
    caps: CapRules
    bad_faith: BadFaithRules
    intercept: tuple[ShipMode, ...]
    problems: Mapping[str, ProblemRules]
    ticket_within_hours: int = 48
    count_in_business_hours: tuple[DeskClock, ...] = ()
    needs_approval: tuple[RemedyKind, ...] = ()
    desk: DeskRules = field(default_factory=DeskRules)
    coupon: CouponRules | None = None
    business_hours: BusinessHours | None = None
    country_groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    packed_by_warehouse: tuple[str, ...] = ()
    return_to: Mapping[str, str] = field(default_factory=dict)
    faq: Faq = field(default_factory=dict)
    faq_of_stores: Mapping[str, Faq] = field(default_factory=dict)
    tracking_links: Mapping[str, str] = field(default_factory=dict)
    marketplaces: Mapping[Marketplace, MarketplaceRules] = field(default_factory=dict)
    version: str = ""

    def __post_init__(self) -> None:
        check_within("offer_expires_after_hours", self.offer_expires_after_hours, 1, 24 * 60)
        check_within("hand_off_after_misses", self.hand_off_after_misses, 1, 10)
        check_within("delivery_days_without_promise", self.delivery_days_without_promise, 1, 120)
        check_within("late_grace_days", self.late_grace_days, 0, 60)
        check_within("not_received_wait_days", self.not_received_wait_days, 0, 30)
        check_within("return_within_days", self.return_within_days, 0, 365)
        check_within("refund_arrives_within_days", self.refund_arrives_within_days, 1, 60)
        check_within("changes_before_shipping", self.changes_before_shipping, 0, 10)
        check_within("complaint_within_hours", self.complaint_within_hours, 1, 168)
        check_within("ticket_within_hours", self.ticket_within_hours, 1, 1000)
        if self.count_in_business_hours and self.business_hours is None:
            named = ", ".join(self.count_in_business_hours)
            raise ValueError(
                f"count_in_business_hours names {named}, so business_hours must be set"
            )
        check_amounts("refund_without_return_up_to", self.refund_without_return_up_to)
        self._check_groups()
        self._check_coupon()
        for carrier, link in self.tracking_links.items():
            if not link.startswith("https://") or "{number}" not in link:
                raise ValueError(
                    f"tracking_links.{carrier} must start with https:// and hold {{number}}"
                )
        check_faq(self.faq)

    def _check_groups(self) -> None:
        for group, countries in self.country_groups.items():
            if group in (*BuyerType, "default"):
                raise ValueError(f"country_groups.{group} is not free as a name, choose another")
            for country in countries:
                if not COUNTRY.fullmatch(country):
                    raise ValueError(
                        f"country_groups.{group}: {country} is not a country code such as DE"
                    )
        groups = (*self.country_groups, "default")
        known = (*self.country_groups, *BuyerType)
        for problem, rules in self.problems.items():
            for audience in rules.ladders:
                if audience not in known:
                    raise ValueError(
                        f"problems.{problem}.ladders.{audience} is no buyer type and no country "
                        f"group, allowed are {', '.join(known)}"
                    )
        for name in ("packed_by_warehouse", "return_to"):
            for group in getattr(self, name):
                if group not in groups:
                    raise ValueError(
                        f"{name}.{group} is no country group, allowed are {', '.join(groups)}"
                    )

    def _check_coupon(self) -> None:
        for problem, rules in self.problems.items():
            if self.coupon is None and RemedyKind.COUPON in rules.kinds:
                raise ValueError(f"problems.{problem} offers a coupon, so coupon must be set")

    def country_group(self, order: Order) -> str:
        """The seller's group of the country that the order goes to; `default` if in none."""
        groups = self.country_groups.items()

        return next((name for name, listed in groups if order.country in listed), "default")

    def rounds(self, problem: str, order: Order) -> tuple[str, Rounds]:
        """
        The ladder of the problem for this buyer, and for whom it was written.

        Wholesale and projects come first, then the country group (AFTER_SALES.md, 3.7).
        """
        rules = self.problems[problem]
        for audience in (str(order.buyer_type), self.country_group(order)):
            if audience in rules.ladders:
                return audience, rules.ladders[audience]

        return "default", rules.ladder

    def marketplace(self, order: Order) -> MarketplaceRules:
        """What holds at the place where the order was bought."""
        return self.marketplaces[order.marketplace]

    def front_desk_settles(self, order: Order) -> bool:
        """
        Whether the marketplace's own front desk looks after the order (AFTER_SALES.md, 3.3).

        An order of the seller's own shop has no other desk, even if a marketplace's warehouse
        sends it.
        """
        return order.fulfilment in self.marketplace(order).front_desk_settles

    def complaint_hours(self, order: Order | None) -> int:
        """Within how many hours a complaint is to be handled (AFTER_SALES.md, 2)."""
        of_marketplace = self.marketplace(order).clocks.complaint_hours if order else None

        return of_marketplace or self.complaint_within_hours

    def ticket_hours(self, order: Order | None) -> int:
        """Within how many hours anything else is to be solved (AFTER_SALES.md, 2)."""
        of_marketplace = self.marketplace(order).clocks.ticket_hours if order else None

        return of_marketplace or self.ticket_within_hours

    def counted(self, clock: DeskClock, start: datetime, hours: int) -> datetime:
        """When so many hours of that clock have passed: open ones, where the seller says so."""
        if clock in self.count_in_business_hours and self.business_hours:
            return self.business_hours.add(start, hours)

        return start + timedelta(hours=hours)

    def counted_back(self, clock: DeskClock, end: datetime, hours: int) -> datetime:
        """From when on so many hours of that clock, or fewer, are left until then."""
        if clock in self.count_in_business_hours and self.business_hours:
            return self.business_hours.before(end, hours)

        return end - timedelta(hours=hours)

    def where_to_return(self, remedy: Remedy, order: Order) -> str:
        """The address or warehouse to which goods come back; empty for any other remedy."""
        if remedy.kind not in (RemedyKind.RETURN, RemedyKind.EXCHANGE):
            return ""

        return self.return_to.get(self.country_group(order)) or self.return_to.get("default", "")

    def answer(self, topic: str, store: str, locale: str) -> str:
        """
        What the seller says on that topic, in the locale's language or else in English.

        Empty where the seller wrote nothing, which is for a person then.
        """
        answers = self.faq_of_stores.get(store, {}).get(topic) or self.faq.get(topic, {})
        language = locale.replace("_", "-").partition("-")[0].lower()

        return answers.get(language) or answers.get("en", "")

    def expected_by(self, order: Order) -> date:
        """The promised day, or the usual time after the order where none was promised."""
        usual = order.placed_at + timedelta(days=self.delivery_days_without_promise)

        return order.promised_by or usual.date()

    def makes_good_from(self, order: Order) -> date:
        """The day from which a parcel that has not come is made good."""
        return self.expected_by(order) + timedelta(days=self.late_grace_days + 1)

    def card(self, order: Order) -> OrderCard:
        """The order's card; without the link where the marketplace forbids outside ones."""
        parcel = order.parcel
        link = self.tracking_link(parcel.carrier, parcel.tracking_number) if parcel else ""
        if not self.marketplace(order).outside_links:
            link = ""

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
