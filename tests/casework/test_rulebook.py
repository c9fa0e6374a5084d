"""The rulebook's own arithmetic: days, limits, links."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.casework.limits import BadFaithRules, CouponRules, DeskClock, DeskRules
from bot.casework.marketplaces import Clocks, Marks
from bot.casework.money import Money, minor_digits
from bot.casework.orders import BuyerType, Marketplace
from bot.casework.problems import ProblemRules
from bot.casework.remedies import RemedyKind
from bot.casework.rulebook import IdentityRules, MarketplaceRules
from tests.factories import an_order, days_ago, eur, the_caps, the_rulebook


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
    rules = the_rulebook()
    amounts = {"EUR": Decimal("250.50"), "JPY": Decimal(400)}

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


REFUND, DISCOUNT, COUPON = RemedyKind.REFUND, RemedyKind.DISCOUNT, RemedyKind.COUPON
FIVE = Decimal(5)


def bad_faith(**changes: int) -> BadFaithRules:
    """Signals of bad faith as we ship them, with these changes."""
    given = {"remedies": 3, "within_days": 90, "photo_distance": 3, "earliest_arrival_hours": 12}

    return BadFaithRules(**(given | changes))


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: ProblemRules(ladder=()), "ladder is empty"),
        (lambda: ProblemRules(ladder=((REFUND,), ())), "ladder is empty"),
        (lambda: ProblemRules(ladder=((REFUND, REFUND),)), "ladder names a remedy twice"),
        (lambda: ProblemRules(ladder=((REFUND,), (REFUND,))), "ladder names a remedy twice"),
        (
            lambda: ProblemRules(ladder=((DISCOUNT,), (DISCOUNT,)), discount_percent=FIVE),
            "ladder names a remedy twice: discount",
        ),
        (
            lambda: ProblemRules(
                ladder=((DISCOUNT, DISCOUNT),),
                discount_percent=FIVE,
                first_discount_percent=Decimal(3),
            ),
            "ladder names a remedy twice in one round",
        ),
        (
            lambda: ProblemRules(ladder=((REFUND,),), ladders={"wholesale": ((REFUND, REFUND),)}),
            "ladders.wholesale names a remedy twice",
        ),
        (
            lambda: ProblemRules(ladder=((REFUND,),), before_arrival=((REFUND, REFUND),)),
            "before_arrival names a remedy twice",
        ),
        (
            lambda: ProblemRules(ladder=((RemedyKind.ADDRESS_CHANGE,),)),
            "ladder names address_change, which makes nothing good",
        ),
        (lambda: ProblemRules(ladder=((DISCOUNT,),)), "discount_percent must be above 0"),
        (
            lambda: ProblemRules(ladder=((REFUND,),), ladders={"wholesale": ((DISCOUNT,),)}),
            "discount_percent must be above 0",
        ),
        (
            lambda: ProblemRules(ladder=((DISCOUNT,),), discount_percent=Decimal(101)),
            "allowed is 0 to 100",
        ),
        (
            lambda: ProblemRules(ladder=((REFUND,),), discount_percent=Decimal(-1)),
            "allowed is 0 to 100",
        ),
        (
            lambda: ProblemRules(ladder=((REFUND,),), discount_percent=Decimal("1.005")),
            "more than 2 decimals",
        ),
        *(
            (
                lambda first=first: ProblemRules(
                    ladder=((DISCOUNT,),), discount_percent=FIVE, first_discount_percent=first
                ),
                "first_discount_percent",
            )
            for first in (Decimal(0), FIVE, Decimal(6), Decimal(101))
        ),
        (lambda: bad_faith(remedies=0), "remedies is 0, allowed is 1 to"),
        (lambda: bad_faith(within_days=0), "allowed is 1 to 365"),
        (lambda: bad_faith(photo_distance=4), "allowed is 0 to 3"),
        (lambda: bad_faith(earliest_arrival_hours=241), "allowed is 0 to 240"),
        (lambda: CouponRules(percent=Decimal(0), valid_days=30), "allowed is 1 to 100"),
        (lambda: CouponRules(percent=Decimal(101), valid_days=30), "allowed is 0 to 100"),
        (lambda: CouponRules(percent=FIVE, valid_days=0), "allowed is 1 to 730"),
        (lambda: Clocks(hand_over_days=0), "hand_over_days is 0, allowed is 1 to 1000"),
        (lambda: Marks(rating_at_least=FIVE + 1), "rating_at_least is 6, allowed is 0 to 5"),
        (lambda: Marks(refund_rate_at_most=Decimal(101)), "allowed is 0 to 100"),
        (lambda: DeskRules(warn_before_hours=73), "warn_before_hours is 73, allowed is 0 to 72"),
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
        ({"not_received_wait_days": 31}, "allowed is 0 to 30"),
        ({"changes_before_shipping": 11}, "allowed is 0 to 10"),
        ({"complaint_within_hours": 0}, "allowed is 1 to 168"),
        ({"ticket_within_hours": 0}, "allowed is 1 to 1000"),
        (
            {"count_in_business_hours": (DeskClock.TICKET, DeskClock.COMPLAINT)},
            "count_in_business_hours names ticket, complaint, so business_hours must be set",
        ),
        ({"faq": {"weather": {"en": "Fine"}}}, "faq.weather is not known, allowed are shipping"),
        ({"country_groups": {"wholesale": ("DE",)}}, "country_groups.wholesale is not free"),
        ({"country_groups": {"default": ("DE",)}}, "country_groups.default is not free"),
        ({"country_groups": {"eu": ("Germany",)}}, "country_groups.eu: Germany is not a country"),
        ({"return_to": {"mars": "Crater 1"}}, "return_to.mars is no country group"),
        ({"packed_by_warehouse": ("mars",)}, "packed_by_warehouse.mars is no country group"),
        (
            {"problems": {"damaged_item": ProblemRules(ladder=((COUPON,),))}},
            "problems.damaged_item offers a coupon, so coupon must be set",
        ),
        (
            {
                "problems": {
                    "damaged_item": ProblemRules(
                        ladder=((REFUND,),), ladders={"martians": ((REFUND,),)}
                    )
                }
            },
            "ladders.martians is no buyer type and no country group, allowed are retail",
        ),
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


CAPS = ("per_remedy", "per_order", "per_buyer", "per_store_and_day")


@pytest.mark.parametrize("name", CAPS)
@pytest.mark.parametrize(
    ("amounts", "said"),
    [
        ({"EUR": Decimal(-1)}, "allowed is 0 to 10000000"),
        ({"EUR": Decimal("Infinity")}, "allowed is 0"),
        ({"JPY": Decimal("0.5")}, "allowed are 0 decimals"),
        ({"eur": Decimal(1)}, "not a currency code"),
    ],
)
def test_no_cap_is_out_of_bounds(name: str, amounts: dict[str, Decimal], said: str) -> None:
    """
    Each of the four is money, exact and of a currency.
    """
    with pytest.raises(ValueError, match=said):
        the_caps(**{name: amounts})


@pytest.mark.parametrize("name", CAPS[1:])
def test_a_currency_is_capped_everywhere_or_nowhere(name: str) -> None:
    """
    One that is missing in a single list would need a person for every cent, without a word why.
    """
    with pytest.raises(ValueError, match=f"{name} lacks EUR, which per_remedy has"):
        the_caps(**{name: {"JPY": Decimal(1)}})


def test_the_wider_ladder_is_the_buyer_types_before_the_countrys() -> None:
    """
    Wholesale in a listed country gets the ladder for wholesale, retail there the country's.
    """
    rounds = ((REFUND,),)
    of_wholesale, of_group = ((RemedyKind.RETURN,),), ((RemedyKind.REPLACEMENT,),)
    rules = the_rulebook(
        country_groups={"neighbours": ("DE", "PL")},
        problems={
            "damaged_item": ProblemRules(
                ladder=rounds, ladders={"wholesale": of_wholesale, "neighbours": of_group}
            )
        },
    )

    def ladder(**changes: Any) -> tuple[str, Any]:
        return rules.rounds("damaged_item", an_order(**changes))

    assert ladder(buyer_type=BuyerType.WHOLESALE) == ("wholesale", of_wholesale)
    assert ladder(country="PL") == ("neighbours", of_group)
    assert ladder(country="FR") == ("default", rounds)
    assert ladder(country="FR", buyer_type=BuyerType.PROJECT) == ("default", rounds)


def test_a_complaint_runs_against_the_marketplaces_clock_where_it_has_one() -> None:
    """
    The seller's own number holds elsewhere, and while no order is known.
    """
    wish = MarketplaceRules(name="Wish", front_desk="there", clocks=Clocks(complaint_hours=12))
    rules = the_rulebook(
        complaint_within_hours=48,
        marketplaces=dict(the_rulebook().marketplaces) | {Marketplace.WISH: wish},
    )

    assert rules.complaint_hours(an_order(marketplace=Marketplace.WISH)) == 12
    assert rules.complaint_hours(an_order()) == 48
    assert rules.complaint_hours(None) == 48


def test_an_outside_link_is_left_out_where_the_marketplace_forbids_it() -> None:
    """
    The card is the same otherwise.
    """
    shy = MarketplaceRules(name="Wish", front_desk="there", outside_links=False)
    rules = the_rulebook(
        marketplaces=dict(the_rulebook().marketplaces) | {Marketplace.WISH: shy},
    )

    assert rules.card(an_order(marketplace=Marketplace.WISH)).tracking_link == ""
    assert rules.card(an_order()).tracking_link


def test_a_topic_is_answered_by_the_store_first_and_in_the_buyers_language() -> None:
    """
    English where that language is not there, nothing where nobody wrote anything.
    """
    rules = the_rulebook(
        faq={"shipping": {"en": "Two days.", "de": "Zwei Tage."}},
        faq_of_stores={"north": {"shipping": {"en": "Nine days."}}},
    )

    assert rules.answer("shipping", "demo", "de-AT") == "Zwei Tage."
    assert rules.answer("shipping", "demo", "fr") == "Two days."
    assert rules.answer("shipping", "north", "de") == "Nine days."
    assert rules.answer("returns", "north", "en") == ""
