"""The rulebook's own arithmetic: days, limits, links."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.casework.money import Money, minor_digits
from bot.casework.remedies import RemedyKind
from bot.casework.rulebook import IdentityRules, MarketplaceRules, ProblemRules
from tests.factories import an_order, days_ago, eur, the_rulebook


def test_the_promised_day_is_expected() -> None:
    """
    What the shop promised counts, however long ago it was ordered.
    """
    order = an_order(placed_at=days_ago(90), promised_by=date(2026, 3, 24))

    assert the_rulebook().expected_by(order) == date(2026, 3, 24)


def test_without_a_promise_the_usual_time_is_expected() -> None:
    """
    Fourteen days after the order.
    """
    order = an_order(placed_at=days_ago(10), promised_by=None)

    assert the_rulebook().expected_by(order) == date(2026, 3, 24)


@pytest.mark.parametrize(("grace", "day"), [(0, 25), (3, 28)])
def test_it_is_made_good_after_the_grace_period(grace: int, day: int) -> None:
    """
    The first day on which all days of grace are over.
    """
    order = an_order(promised_by=date(2026, 3, 24))

    assert the_rulebook(late_grace_days=grace).makes_good_from(order) == date(2026, 3, day)


def test_a_limit_is_money_of_its_currency() -> None:
    """
    Whole units in the file, minor units to compare with.
    """
    rules = the_rulebook(money_without_person_up_to={"EUR": Decimal("250.50"), "JPY": Decimal(400)})
    amounts = rules.money_without_person_up_to

    assert rules.limit(amounts, "EUR") == eur("250.50")
    assert rules.limit(amounts, "JPY") == Money(400, "JPY")


def test_a_currency_without_a_limit_may_have_nothing() -> None:
    """
    Nobody decided for it, so a person does.
    """
    assert the_rulebook().limit({}, "TRY") == Money(0, "TRY")


@given(st.decimals(0, 10**7, places=2), st.sampled_from(["EUR", "KWD"]))
def test_a_limit_is_never_more_than_was_written(amount: Decimal, currency: str) -> None:
    """
    Nothing is rounded up.
    """
    limit = the_rulebook().limit({currency: amount}, currency)

    assert Decimal(limit.minor).scaleb(-minor_digits(currency)) == amount


@pytest.mark.parametrize("carrier", ["dhl", "DHL", " Dhl "])
def test_a_carrier_is_known_however_it_is_written(carrier: str) -> None:
    """
    Shops write it in every way, and so may the seller in the rulebook.
    """
    rules = the_rulebook(tracking_links={"DHL": "https://carrier.example/{number}"})

    assert rules.tracking_link(carrier, "003404") == "https://carrier.example/003404"


@pytest.mark.parametrize(
    ("carrier", "number"),
    [
        ("unknown", "003404"),
        ("", "003404"),
        ("dhl", ""),
        ("dhl", "1/../../login"),
        ("dhl", "1?x=y"),
        ("dhl", "1&x=y"),
        ("dhl", "javascript:alert(1)"),
        ("dhl", "{number}"),
        ("dhl", "١٢٣"),
        ("dhl", "1\u202e2"),
    ],
)
def test_what_is_no_tracking_number_makes_no_link(carrier: str, number: str) -> None:
    """
    The number is the shop's text, and the link is what a buyer follows.
    """
    assert the_rulebook().tracking_link(carrier, number) == ""


def test_spaces_and_hyphens_of_a_tracking_number_do_no_harm() -> None:
    """
    RR 123 456 785 CN is how it stands on the parcel.
    """
    link = the_rulebook().tracking_link("dhl", "RR 123 456 785 CN")

    assert link == "https://carrier.example/dhl?id=RR123456785CN"


def test_a_card_knows_its_link() -> None:
    """
    An order without a parcel has none.
    """
    rules = the_rulebook()

    assert rules.card(an_order()).tracking_link.endswith("id=00340434292135100186")
    assert rules.card(an_order(parcel=None)).tracking_link == ""


REFUND, DISCOUNT = RemedyKind.REFUND, RemedyKind.DISCOUNT


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: ProblemRules(ladder=()), "ladder is empty"),
        (lambda: ProblemRules(ladder=(REFUND, REFUND)), "ladder names a remedy twice"),
        (lambda: ProblemRules(ladder=(DISCOUNT,)), "discount_percent must be above 0"),
        (
            lambda: ProblemRules(ladder=(DISCOUNT,), discount_percent=Decimal(101)),
            "allowed is 0 to 100",
        ),
        (
            lambda: ProblemRules(ladder=(REFUND,), discount_percent=Decimal(-1)),
            "allowed is 0 to 100",
        ),
        (lambda: IdentityRules(wrong_tries=0, within_minutes=15), "allowed is 1 to 20"),
        (lambda: IdentityRules(wrong_tries=5, within_minutes=0), "allowed is 1 to 1440"),
        (lambda: MarketplaceRules(name=" ", front_desk="there"), "name is empty"),
        (lambda: MarketplaceRules(name="Wish", front_desk=""), "front_desk is empty"),
        (
            lambda: MarketplaceRules(name="A", front_desk="b", front_desk_url="http://a.example"),
            "https://",
        ),
    ],
)
def test_rules_that_make_no_sense_cannot_exist(make: Callable[[], Any], said: str) -> None:
    """
    The text says what is wrong and what is allowed.
    """
    with pytest.raises(ValueError, match=said):
        make()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"offer_expires_after_hours": 0}, "allowed is 1 to 1440"),
        ({"hand_off_after_misses": 0}, "allowed is 1 to 10"),
        ({"delivery_days_without_promise": 0}, "allowed is 1 to 120"),
        ({"late_grace_days": -1}, "allowed is 0 to 60"),
        ({"return_within_days": -1}, "allowed is 0 to 365"),
        ({"refund_arrives_within_days": 0}, "allowed is 1 to 60"),
        ({"money_without_person_up_to": {"EUR": Decimal(-1)}}, "allowed is 0 to 10000000"),
        ({"money_without_person_up_to": {"EUR": Decimal("Infinity")}}, "allowed is 0"),
        ({"money_without_person_up_to": {"JPY": Decimal("0.5")}}, "allowed are 0 decimals"),
        ({"refund_without_return_up_to": {"EUR": Decimal("1.005")}}, "allowed are 2 decimals"),
        ({"refund_without_return_up_to": {"eur": Decimal(1)}}, "not a currency code"),
        ({"tracking_links": {"dhl": "http://a.example/{number}"}}, "https://"),
        ({"tracking_links": {"dhl": "https://a.example/"}}, "{number}"),
    ],
)
def test_numbers_out_of_bounds_cannot_exist(changes: dict[str, Any], said: str) -> None:
    """
    A typing error in the rulebook must not become a decision.
    """
    with pytest.raises(ValueError, match=said):
        the_rulebook(**changes)
