"""Asks for a discount: the seller may say no, or give a coupon along with an order, once."""

from decimal import Decimal

import pytest

from bot.casework.limits import CouponRules
from bot.casework.marketplaces import MarketplaceRules
from bot.casework.orders import Marketplace, OrderStatus
from bot.casework.remedies import RemedyKind
from bot.playbooks.discount_request import (
    CouponsComeWithOrders,
    HasCoupon,
    NoCouponThen,
    NoDiscount,
)
from bot.playbooks.order_questions import WhereItIs
from bot.playbooks.refund_request import WhyRefund
from bot.playbooks.steps import (
    ApprovalAsked,
    AskForPhoto,
    ConfirmRemedy,
    OfferRemedies,
    RemedyRequested,
)
from bot.services.hand_off import HandedOff
from bot.services.identify import AskProof, WhichOrder
from bot.services.small_talk import Hello
from bot.services.take_turn import ChoiceIsOver, Dropped
from tests.dialog import with_rules
from tests.factories import an_order, an_order_by_marketplace, the_rulebook

COUPON = CouponRules(percent=Decimal(10), valid_days=90, on_request=True)
ON_REQUEST = the_rulebook(coupon=COUPON)
NOT_ON_REQUEST = the_rulebook(coupon=CouponRules(percent=Decimal(10), valid_days=90))


@pytest.fixture
def asked(dialog):
    """A buyer with one order, to whom the coupon's terms were shown."""
    chat = dialog(an_order(), rules=ON_REQUEST)
    assert chat.says("discount_request") == ConfirmRemedy

    return chat


# A polite no


@pytest.mark.parametrize("rules", [the_rulebook(), NOT_ON_REQUEST], ids=["no coupon", "not asked"])
@pytest.mark.parametrize("email", ["ada@example.com", None])
def test_the_rulebooks_no_needs_no_order(dialog, rules, email):
    """
    Nobody is asked for an order number only to hear a no.
    """
    chat = dialog(an_order(), email=email, rules=rules)

    assert chat.says("discount_request") == NoDiscount
    assert (chat.said.forbidden_by, chat.awaiting, chat.remedies) == ("", "nothing", [])
    assert chat.decisions[-1]["rules"][0]["held"] is False


def test_in_the_middle_of_a_case_the_no_costs_nobody_their_place(dialog):
    """
    Answered, and the open question is put again.
    """
    chat = dialog(an_order())
    assert chat.says("damaged_item") == AskForPhoto

    chat.says("discount_request")
    assert chat.replies == [NoDiscount, AskForPhoto]


def test_where_promotions_are_forbidden_none_is_named(dialog):
    """
    Amazon's rules, whatever the seller would like to give.
    """
    places = dict(ON_REQUEST.marketplaces)
    places[Marketplace.AMAZON] = MarketplaceRules(name="Amazon", front_desk="x", promotions=False)
    chat = dialog(
        an_order(marketplace=Marketplace.AMAZON), rules=with_rules(ON_REQUEST, marketplaces=places)
    )

    assert chat.says("discount_request") == NoDiscount
    assert chat.said.forbidden_by == "Amazon"
    assert chat.remedies == []


@pytest.mark.parametrize(
    "order", [an_order_by_marketplace(), an_order(status=OrderStatus.CANCELLED)]
)
def test_an_order_that_can_carry_no_coupon_gets_a_polite_no(dialog, order):
    """
    The marketplace's own, or one that is off.
    """
    chat = dialog(order, rules=ON_REQUEST)

    assert chat.says("discount_request") == NoDiscount
    assert chat.remedies == []


def test_an_order_that_was_made_good_gets_no_coupon_on_top(dialog):
    """
    What settles excludes what settles.
    """
    chat = dialog(an_order(overdue=True), rules=ON_REQUEST)
    chat.says("late_delivery")
    chat.says("refund_request")
    chat.says("affirm")

    assert chat.says("discount_request") == NoDiscount
    assert chat.remedies == ["refund"]


# A coupon


def test_a_coupon_is_given_after_a_yes_to_its_terms(asked):
    """
    Percent and days from the rulebook, no money now, once in the outbox.
    """
    remedy = asked.said.remedy
    assert (remedy.kind, remedy.percent, remedy.valid_days) == ("coupon", 10, 90)
    assert remedy.amount is None
    assert asked.remedies == []

    assert asked.says("affirm") == RemedyRequested
    assert (asked.remedies, asked.amounts, asked.outbox) == (["coupon"], [None], 1)


def test_one_coupon_an_order(asked):
    """
    Asked again, and the old button pressed again: no second one.
    """
    yes = asked.token("yes")
    asked.presses("yes")

    assert asked.presses("yes", token=yes) == ChoiceIsOver
    assert asked.says("discount_request") == HasCoupon
    assert asked.remedies == ["coupon"]


def test_a_coupon_for_asking_settles_nothing_that_goes_wrong(asked):
    """
    The mug arrives broken all the same, and is made good.
    """
    asked.presses("yes")

    assert asked.says("damaged_item", photos=1) == OfferRemedies
    asked.presses("option:1")
    asked.presses("yes")
    assert asked.remedies == ["coupon", "replacement"]


def test_a_no_to_the_coupon_is_the_end_of_it(asked):
    """
    Nothing given, nothing open.
    """
    assert asked.says("deny") == NoCouponThen
    assert (asked.awaiting, asked.remedies) == ("nothing", [])


def test_never_mind(asked):
    """
    Dropped like any other matter.
    """
    assert asked.says("never_mind") == Dropped
    assert asked.remedies == []


def test_an_interruption_and_a_night_keep_the_question(asked):
    """
    Answered, put again, and still good the next day.
    """
    asked.says("order_status")
    assert asked.replies == [WhereItIs, ConfirmRemedy]
    asked.waits(days=1)
    asked.says("greet")
    assert asked.replies == [Hello, ConfirmRemedy]
    asked.says("affirm")
    assert asked.remedies == ["coupon"]


def test_a_refund_is_another_matter_than_a_coupon(asked):
    """
    No remedies are chosen from here, so "refund" is no choice: it begins its own case.
    """
    asked.says("refund_request", "I want my money back")

    assert asked.reply == WhyRefund
    assert len(asked.cases) == 2


def test_other_terms_in_the_rulebook_are_shown_before_they_hold(asked):
    """
    A yes to 10 percent is no yes to 5.
    """
    five = CouponRules(percent=Decimal(5), valid_days=90, on_request=True)
    asked.shop.rules = the_rulebook(coupon=five)

    assert asked.says("affirm") == ConfirmRemedy
    assert (asked.said.remedy.percent, asked.remedies) == (5, [])


def test_a_seller_who_stops_it_meanwhile_gives_none(asked):
    """
    The rulebook as it is at the yes decides.
    """
    asked.shop.rules = NOT_ON_REQUEST

    assert asked.says("affirm") == NoDiscount
    assert asked.remedies == []


def test_a_coupon_may_need_approval(dialog):
    """
    As any remedy that the seller lists.
    """
    rules = with_rules(ON_REQUEST, needs_approval=(RemedyKind.COUPON,))
    chat = dialog(an_order(), rules=rules)
    chat.says("discount_request")

    assert chat.says("affirm") == ApprovalAsked
    assert chat.outbox == 0


def test_two_misunderstandings_bring_a_person(asked):
    """
    As at any question.
    """
    assert asked.says("nlu_fallback", "hmm") == ConfirmRemedy
    assert asked.says("nlu_fallback", "hmm") == HandedOff


# Which order


def test_without_an_order_the_buyer_hears_how_a_coupon_is_had(dialog):
    """
    Somebody before their first order is not asked for its number.
    """
    chat = dialog(an_order(), email=None, rules=ON_REQUEST)

    assert chat.says("discount_request") == CouponsComeWithOrders
    assert (chat.said.percent, chat.said.valid_days, chat.awaiting) == (10, 90, "nothing")


def test_a_named_order_is_proven_first(dialog):
    """
    Then the coupon is put to them as to anybody.
    """
    chat = dialog(an_order(), email=None, rules=ON_REQUEST)

    assert chat.says("discount_request", order="DEMO-1003") == AskProof
    assert chat.says("provide_details", "ada@example.com") == ConfirmRemedy


def test_of_several_orders_one_is_chosen(dialog):
    """
    The coupon belongs to it.
    """
    chat = dialog(an_order(), an_order(number="DEMO-1005"), rules=ON_REQUEST)

    assert chat.says("discount_request") == WhichOrder
    assert chat.says("provide_details", order="DEMO-1005") == ConfirmRemedy
    assert chat.said.order_number == "DEMO-1005"
