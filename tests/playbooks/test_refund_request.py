"""Money back: where the goods are and why they are unwanted decide what can be done."""

import pytest

from bot.casework.cases import Awaiting, Case
from bot.casework.orders import OrderStatus, Payment, ShipMode
from bot.playbooks.cancel_order import AlreadyOff
from bot.playbooks.hearing import hear
from bot.playbooks.late_delivery import NotLateYet
from bot.playbooks.not_received import IsAddressRight
from bot.playbooks.refund_request import RefusedParcel, WhyRefund, ask_why
from bot.playbooks.steps import (
    AlreadySettled,
    AskForPhoto,
    ConfirmRemedy,
    FrontDesk,
    HowMany,
    NothingAllowed,
    OfferRemedies,
    RemedyRequested,
    WhichLine,
)
from bot.playbooks.wrong_item import WhatCame
from bot.services.case_work import NotQuite
from bot.services.hand_off import HandedOff
from tests.factories import (
    NOW,
    a_case,
    a_lamp,
    a_line,
    a_turn,
    an_order,
    an_order_by_marketplace,
    days_ago,
    eur,
    the_rulebook,
)

# Where the goods are


@pytest.mark.parametrize("status", [OrderStatus.PENDING, OrderStatus.PROCESSING])
def test_what_has_not_left_is_cancelled(dialog, status):
    """
    Nobody is asked why: the order is stopped and all that was paid goes back.
    """
    chat = dialog(an_order(status=status))

    assert chat.says("refund_request") == ConfirmRemedy
    assert chat.says("affirm") == RemedyRequested
    assert (chat.remedies, chat.amounts) == (["cancellation"], [2000])


def test_what_is_long_overdue_is_made_good_at_once(dialog):
    """
    The reason is plain, so it is not asked for.
    """
    chat = dialog(an_order(overdue=True))

    assert chat.says("refund_request") == OfferRemedies
    assert chat.said.problem == "late_delivery"
    assert chat.says("refund_request") == ConfirmRemedy
    assert chat.said.remedy.kind == "refund"


@pytest.mark.parametrize("overdue", [False, True])
def test_a_cancelled_order_is_told_to_be_one(dialog, overdue):
    """
    Whatever its promised day was, it is off, and what was paid is named.
    """
    chat = dialog(an_order(overdue=overdue, status=OrderStatus.CANCELLED))

    assert chat.says("refund_request") == AlreadyOff
    assert chat.said.paid == eur("20")


def test_a_refused_parcel_is_a_persons_business(dialog):
    """
    It travels back; whether and what is refunded depends on what arrives.
    """
    chat = dialog(an_order(status=OrderStatus.REFUSED))
    chat.says("refund_request")

    assert chat.replies == [RefusedParcel, HandedOff]
    assert chat.handed_off_for == ["order_state"]


def test_the_marketplace_refunds_what_it_fulfils(dialog):
    """
    A seller who refunds such an order loses twice (AFTER_SALES.md, 3.3).
    """
    chat = dialog(an_order_by_marketplace())

    assert chat.says("refund_request") == FrontDesk
    assert chat.remedies == []


# Why they are unwanted


@pytest.mark.parametrize("problem", ["damaged_item", "wrong_item"])
@pytest.mark.parametrize("pressed", [True, False])
def test_our_fault_goes_on_as_the_problem_that_it_is(dialog, problem, pressed):
    """
    Broken or wrong, by button or in words: a photo, an offer, a yes; it stays one case.
    """
    chat = dialog(an_order())

    assert chat.says("refund_request", order="DEMO-1003") == WhyRefund
    answer = chat.presses(f"reason:{problem}") if pressed else chat.says(problem)
    if problem == "wrong_item":
        assert answer == WhatCame
        answer = chat.presses("came:another_product")
    assert answer == AskForPhoto
    assert chat.said.problem == problem
    chat.sends_photo()
    assert chat.says("refund_request", "I said refund") == ConfirmRemedy
    chat.says("affirm")
    assert (chat.remedies, len(chat.cases)) == (["refund"], 1)


@pytest.mark.parametrize("pressed", [True, False])
def test_not_arrived_goes_on_as_a_late_delivery(dialog, pressed):
    """
    Delivered says the carrier, so the buyer is asked; on its way and in time, they are told.
    """
    chat = dialog(an_order())
    chat.says("refund_request")
    answer = chat.presses("reason:late") if pressed else chat.says("late_delivery")
    assert answer == IsAddressRight

    chat = dialog(an_order(status=OrderStatus.SHIPPED))
    chat.says("refund_request")
    answer = chat.presses("reason:late") if pressed else chat.says("late_delivery")
    assert answer == NotLateYet


@pytest.mark.parametrize(
    "problem",
    ["defective_item", "missing_item", "not_as_described", "not_received", "damaged_item"],
)
def test_every_problem_that_is_named_as_the_reason_goes_on_as_itself(problem):
    """
    In words or by button: the case is that problem's playbook from then on.
    """
    case = a_case(playbook="refund_request", intent="refund_request", awaiting=Awaiting.REASON)
    for turn in (a_turn(intent=problem), a_turn(choice=f"reason:{problem}")):
        heard = hear(case, an_order(), turn)

        found = ask_why(heard, an_order(), turn, the_rulebook(), NOW)
        assert isinstance(found, Case)
        assert found.playbook == problem


@pytest.mark.parametrize("changed", ["cancel_order", "return_item", None])
def test_a_changed_mind_after_delivery_is_a_return(dialog, changed):
    """
    The goods come back first, then the money; "I don't want it any more" is a reason too.
    """
    chat = dialog(an_order())
    chat.says("refund_request")

    answer = chat.says(changed) if changed else chat.presses("reason:changed_mind")
    assert answer == OfferRemedies
    assert chat.labels == ["return_option", "person"]
    assert chat.says("affirm") == ConfirmRemedy
    assert chat.says("affirm") == RemedyRequested
    assert (chat.remedies, chat.amounts) == (["return"], [2000])
    assert len(chat.cases) == 1


def test_a_changed_mind_on_the_way_is_called_back(dialog):
    """
    By express the carrier can still turn it back.
    """
    chat = dialog(an_order(status=OrderStatus.SHIPPED, ship_mode=ShipMode.EXPRESS))

    assert chat.says("refund_request") == WhyRefund
    assert chat.presses("reason:changed_mind") == OfferRemedies
    assert chat.labels == ["intercept_option", "return_option", "person"]


def test_a_changed_mind_about_one_of_two_products(dialog):
    """
    Only the lamp goes back, and only its price.
    """
    chat = dialog(an_order(lines=(a_line(), a_lamp())))
    chat.says("refund_request")

    assert chat.presses("reason:changed_mind") == WhichLine
    assert chat.says("choose_option", "the lamp") == OfferRemedies
    chat.says("affirm")
    chat.says("affirm")
    assert chat.amounts == [6000]


def test_a_changed_mind_about_one_of_three_pieces(dialog):
    """
    How many is asked, and only those are paid back.
    """
    chat = dialog(an_order(lines=(a_line(quantity=3),)))
    chat.says("refund_request")

    assert chat.presses("reason:changed_mind") == HowMany
    assert chat.presses("quantity:1") == OfferRemedies
    chat.says("affirm")
    chat.says("affirm")
    assert chat.amounts == [2000]


def test_no_reason_that_we_know_is_asked_again_then_a_person(dialog):
    """
    Twice not understood is enough.
    """
    chat = dialog(an_order())
    chat.says("refund_request")

    chat.says("provide_details", "because of my aunt")
    assert chat.replies == [NotQuite, WhyRefund]
    assert chat.says("provide_details", "my aunt!") == HandedOff


def test_insisting_on_the_refund_is_no_misunderstanding(dialog):
    """
    "Refund!" is not the reason, but it is not a riddle either.
    """
    chat = dialog(an_order())
    chat.says("refund_request")

    assert chat.says("refund_request", "REFUND") == WhyRefund
    assert chat.replies == [WhyRefund]


# Limits


def test_after_the_time_for_returns_a_person_decides(dialog):
    """
    Forty days after delivery the bot can do nothing about a changed mind.
    """
    chat = dialog(an_order())
    chat.waits(days=40)
    chat.says("refund_request")
    chat.presses("reason:changed_mind")

    assert chat.replies == [NothingAllowed, HandedOff]


def test_what_was_refunded_is_not_refunded_again(dialog):
    """
    The second request hears of the first.
    """
    chat = dialog(an_order())
    for _ in range(2):
        chat.says("refund_request")
        chat.presses("reason:changed_mind")
        if chat.reply == OfferRemedies:
            chat.says("affirm")
            chat.says("affirm")

    assert chat.reply == AlreadySettled
    assert chat.amounts == [2000]


def test_two_refunds_of_two_lines_are_what_was_paid(dialog):
    """
    Line by line its share of what was paid: a coupon of ten euros is not paid out.
    """
    cup = a_line(id=2, sku="CUP-1", title="Tea cup")
    paid = Payment(amount=eur("30"), paid_at=days_ago(10), method="card")
    chat = dialog(an_order(lines=(a_line(), cup), payments=(paid,)))
    for product in ("mug", "cup"):
        chat.says("refund_request", f"money back for the {product}")
        chat.presses("reason:changed_mind")
        chat.says("affirm")
        chat.says("affirm")

    assert chat.amounts == [1500, 1500]
