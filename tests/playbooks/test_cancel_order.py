"""Cancelling: before hand-over after a yes to exact terms, afterwards what is still possible."""

import pytest

from bot.casework.cases import CaseState
from bot.casework.money import Money
from bot.casework.orders import OrderStatus, Payment, ShipMode
from bot.casework.problems import ProblemRules
from bot.casework.remedies import RemedyKind, RemedyState
from bot.playbooks.cancel_order import AlreadyOff, LeftAsItIs, OnlyWhole
from bot.playbooks.order_questions import WhereItIs
from bot.playbooks.steps import (
    AlreadySettled,
    ApprovalAsked,
    ConfirmRemedy,
    FrontDesk,
    NothingAllowed,
    OfferRemedies,
    RemedyRequested,
)
from bot.services.hand_off import HandedOff
from bot.store.tables import remedies
from tests.factories import (
    a_lamp,
    a_line,
    an_order,
    an_order_by_marketplace,
    days_ago,
    eur,
    the_rulebook,
)

BEFORE_HAND_OVER = (OrderStatus.PENDING, OrderStatus.PROCESSING)


@pytest.mark.parametrize("status", BEFORE_HAND_OVER)
def test_an_order_that_has_not_left_is_cancelled_after_a_yes(dialog, status):
    """
    The exact terms first; after the yes all that was paid goes back, shipping too.
    """
    order = an_order(status=status, lines=(a_line(), a_lamp()), shipping_price=eur("4.90"))
    chat = dialog(order)

    assert chat.says("cancel_order", order="DEMO-1003") == ConfirmRemedy
    assert chat.said.remedy.amount == eur("84.90")
    assert chat.remedies == []
    assert chat.says("affirm") == RemedyRequested
    assert (chat.remedies, chat.amounts) == (["cancellation"], [8490])


def test_exactly_what_was_paid_goes_back(dialog):
    """
    Not what the lines add up to: a coupon was used, and a second payment was made.
    """
    payments = (
        Payment(amount=eur("10.01"), paid_at=days_ago(2), method="card"),
        Payment(amount=eur("5"), paid_at=days_ago(2), method="gift card"),
    )
    chat = dialog(an_order(status=OrderStatus.PENDING, payments=payments))
    chat.says("cancel_order")
    chat.says("affirm")

    assert chat.amounts == [1501]


def test_an_order_that_is_not_paid_can_be_cancelled_too(dialog):
    """
    Nothing goes back, but it must not be sent either.
    """
    chat = dialog(an_order(status=OrderStatus.PENDING, payments=()))

    assert chat.says("cancel_order") == ConfirmRemedy
    assert chat.says("affirm") == RemedyRequested
    assert (chat.remedies, chat.amounts) == (["cancellation"], [0])


@pytest.mark.parametrize("no", ["deny", "never_mind"])
def test_who_decides_otherwise_keeps_the_order(dialog, no):
    """
    A no to the terms, and nothing is changed.
    """
    chat = dialog(an_order(status=OrderStatus.PENDING))
    chat.says("cancel_order")
    chat.says(no)

    assert chat.remedies == []
    assert chat.says("cancel_order") == ConfirmRemedy


def test_a_no_leaves_the_order_as_it_is(dialog):
    """
    The buyer is told so.
    """
    chat = dialog(an_order(status=OrderStatus.PENDING))
    chat.says("cancel_order")

    assert chat.presses("no") == LeftAsItIs


@pytest.mark.parametrize("vague", ["thanks", "greet", "photo_sent", "order_status"])
def test_nothing_but_a_yes_is_a_yes(dialog, vague):
    """
    Whatever else is said while the terms stand, they are put again and nothing happens.
    """
    chat = dialog(an_order(status=OrderStatus.PENDING))
    chat.says("cancel_order")

    assert chat.says(vague) == ConfirmRemedy
    assert chat.remedies == []


def test_a_cancelled_order_is_not_cancelled_again(dialog):
    """
    Asked once more, the bot says what stands already.
    """
    chat = dialog(an_order(status=OrderStatus.PENDING))
    chat.says("cancel_order")
    chat.says("affirm")

    assert chat.says("cancel_order") == AlreadySettled
    assert chat.said.kind_of_remedy == "cancellation"
    assert chat.remedies == ["cancellation"]


def test_the_status_tells_of_the_cancellation_at_once(dialog):
    """
    The shop's file still says "pending", but the buyer is not told that it will come.
    """
    chat = dialog(an_order(status=OrderStatus.PENDING))
    chat.says("cancel_order")
    chat.says("affirm")

    assert chat.says("order_status") == WhereItIs
    assert chat.said.cancelling


@pytest.mark.parametrize("status", [OrderStatus.CANCELLED, OrderStatus.REFUSED])
def test_what_the_shop_ended_needs_no_cancelling(dialog, status):
    """
    It says so, with what was paid and a person one button away.
    """
    chat = dialog(an_order(status=status))

    assert chat.says("cancel_order") == AlreadyOff
    assert chat.said.refused is (status is OrderStatus.REFUSED)
    assert chat.said.paid == eur("20")
    assert chat.buttons == ["person"]


def test_the_marketplace_cancels_what_it_fulfils(dialog):
    """
    Even before hand-over.
    """
    chat = dialog(an_order_by_marketplace(status=OrderStatus.PENDING))

    assert chat.says("cancel_order") == FrontDesk
    assert chat.remedies == []


# After hand-over


@pytest.mark.parametrize("mode", [ShipMode.EXPRESS, ShipMode.SEA])
def test_a_parcel_that_can_be_called_back_is(dialog, mode):
    """
    By express or sea the carrier can turn it back; the money follows the goods.
    """
    chat = dialog(an_order(status=OrderStatus.SHIPPED, ship_mode=mode))

    assert chat.says("cancel_order") == OfferRemedies
    assert chat.said.problem == "cancel_order"
    assert chat.labels == ["intercept_option", "return_option", "person"]
    assert chat.presses("option:0") == ConfirmRemedy
    assert chat.presses("yes") == RemedyRequested
    assert (chat.remedies, chat.amounts) == (["intercept"], [2000])


@pytest.mark.parametrize("mode", [ShipMode.POST, ShipMode.AIR])
def test_a_parcel_that_cannot_be_called_back_may_come_back(dialog, mode):
    """
    Under way by post: only a return is left, and one yes takes it, another confirms it.
    """
    chat = dialog(an_order(status=OrderStatus.SHIPPED, ship_mode=mode))

    assert chat.says("cancel_order") == OfferRemedies
    assert chat.labels == ["return_option", "person"]
    assert chat.says("affirm") == ConfirmRemedy
    assert chat.says("affirm") == RemedyRequested
    assert chat.remedies == ["return"]


def test_a_delivered_order_may_come_back(dialog):
    """
    It cannot be cancelled any more, but within its time it can be returned.
    """
    chat = dialog(an_order())

    assert chat.says("cancel_order") == OfferRemedies
    assert chat.labels == ["return_option", "person"]


def test_a_no_to_a_return_leaves_the_order_as_it_is(dialog):
    """
    Nobody needs a person for an order that simply stays.
    """
    chat = dialog(an_order())
    chat.says("cancel_order")

    assert chat.says("deny") == LeftAsItIs
    assert chat.floor == "BOT"


def test_after_the_time_for_returns_a_person_decides(dialog):
    """
    Delivered forty days ago: the bot can do nothing by itself.
    """
    chat = dialog(an_order())
    chat.waits(days=40)
    chat.says("cancel_order")

    assert chat.replies == [NothingAllowed, HandedOff]
    assert chat.handed_off_for == ["no_remedy"]


# Limits and changes meanwhile


def test_over_the_cap_a_person_says_yes_as_well(dialog):
    """
    More money than the bot may give by itself is agreed with the buyer, and goes nowhere before
    a colleague has approved it.
    """
    chat = dialog(an_order(status=OrderStatus.PENDING, lines=(a_lamp(unit_price=eur("250.01")),)))
    assert chat.says("cancel_order") == ConfirmRemedy
    assert chat.said.needs_approval
    assert chat.says("affirm") == ApprovalAsked

    assert_waits_for_approval(chat)
    assert chat.says("cancel_order") == AlreadySettled
    assert chat.said.state == RemedyState.APPROVAL
    assert len(chat.remedies) == 1


def assert_waits_for_approval(chat):
    """On record, its money held back, and nothing on its way."""
    (remedy,) = chat.shop.rows(remedies)
    assert remedy["state"] == RemedyState.APPROVAL
    assert chat.outbox == 0
    assert chat.cases[0]["state"] == CaseState.APPROVAL
    assert chat.handed_off_for == []


def test_the_limit_itself_is_allowed(dialog):
    """
    Exactly 250 euros are within the limit of 250.
    """
    chat = dialog(an_order(status=OrderStatus.PENDING, lines=(a_lamp(unit_price=eur("250")),)))

    assert chat.says("cancel_order") == ConfirmRemedy
    assert not chat.said.needs_approval


def test_a_currency_without_a_cap_needs_a_person(dialog):
    """
    What the rulebook does not list is not moved by the bot alone.
    """
    price = Money(100, "AUD")
    chat = dialog(an_order(status=OrderStatus.PENDING, lines=(a_line(unit_price=price),)))
    chat.says("cancel_order")

    assert chat.says("affirm") == ApprovalAsked
    assert_waits_for_approval(chat)


def test_an_order_that_leaves_before_the_yes_is_not_cancelled(dialog):
    """
    The yes comes a minute too late: the parcel is on its way, and what is possible now is offered.
    """
    chat = dialog(an_order(status=OrderStatus.PENDING))
    chat.says("cancel_order")
    chat.shop.take_in(an_order(status=OrderStatus.SHIPPED))

    assert chat.says("affirm") == OfferRemedies
    assert chat.remedies == []


def test_an_order_that_grows_before_the_yes_is_confirmed_anew(dialog):
    """
    The amount that was shown is not the amount that was paid any more, so its yes does not count.
    """
    chat = dialog(an_order(status=OrderStatus.PENDING))
    chat.says("cancel_order")
    chat.shop.take_in(an_order(status=OrderStatus.PENDING, lines=(a_line(quantity=2),)))

    assert chat.says("affirm") == ConfirmRemedy
    assert chat.said.remedy.amount == eur("40")
    assert chat.says("affirm") == RemedyRequested
    assert chat.amounts == [4000]


def test_an_order_cancelled_by_the_shop_before_the_yes_is_left_alone(dialog):
    """
    Two cancellations would be two refunds.
    """
    chat = dialog(an_order(status=OrderStatus.PENDING))
    chat.says("cancel_order")
    chat.shop.take_in(an_order(status=OrderStatus.CANCELLED))

    assert chat.says("affirm") == AlreadyOff
    assert chat.remedies == []


@pytest.mark.parametrize("said", ["yes actually no", "yes? what happens then?", "ok wait"])
def test_a_hedged_yes_cancels_nothing(dialog, said):
    """
    The terms are put again: money moves on a plain yes only.
    """
    chat = dialog(an_order(status=OrderStatus.PENDING))
    chat.says("cancel_order")
    chat.says("affirm", said)

    assert chat.remedies == []
    assert chat.reply == ConfirmRemedy


def test_please_do_not_cancel_leaves_the_order_as_it_is(dialog):
    """
    A classifier hears "cancel" in it; the buyer said not to.
    """
    chat = dialog(an_order(status=OrderStatus.PENDING))
    chat.says("cancel_order")

    assert chat.says("cancel_order", "please dont cancel") == LeftAsItIs
    assert chat.remedies == []


# One product of several


MUG_AND_LAMP = (a_line(), a_lamp())


def test_who_names_one_product_is_told_that_all_go(dialog):
    """
    A machine stops the whole order or nothing; that is said with the exact terms.
    """
    chat = dialog(an_order(status=OrderStatus.PENDING, lines=MUG_AND_LAMP))

    assert chat.says("cancel_order", "please cancel the lamp") == OnlyWhole
    assert (chat.said.named.sku, chat.said.remedy.amount) == ("LAMP-1", eur("80"))
    assert chat.buttons == ["yes", "no", "person"]
    assert chat.presses("yes") == RemedyRequested
    assert (chat.remedies, chat.amounts) == (["cancellation"], [8000])


def test_a_person_takes_out_the_one(dialog):
    """
    One button away, and one more after a no.
    """
    chat = dialog(an_order(status=OrderStatus.PENDING, lines=MUG_AND_LAMP))
    chat.says("cancel_order", "please cancel the lamp")

    assert chat.says("deny", "no, only the lamp") == LeftAsItIs
    assert chat.buttons == ["person"]
    chat.says("cancel_order", "please cancel the lamp")
    assert chat.presses("person") == HandedOff
    assert chat.remedies == []


@pytest.mark.parametrize("text", ["cancel my order", "cancel the mug and the lamp"])
def test_who_names_none_or_all_means_the_order(dialog, text):
    """
    Nothing has to be explained then.
    """
    chat = dialog(an_order(status=OrderStatus.PENDING, lines=MUG_AND_LAMP))

    assert chat.says("cancel_order", text) == ConfirmRemedy


def test_one_of_several_delivered_products_comes_back_alone(dialog):
    """
    The mug stays with the buyer, and its price with the seller.
    """
    chat = dialog(an_order(lines=MUG_AND_LAMP))
    chat.says("cancel_order", "cancel the lamp")
    chat.presses("option:0")
    chat.presses("yes")

    assert (chat.remedies, chat.amounts) == (["return"], [6000])


def test_a_parcel_of_several_is_turned_back_whole(dialog):
    """
    Whatever was named, nothing of it arrives, and the terms say so before the yes.
    """
    order = an_order(status=OrderStatus.SHIPPED, ship_mode=ShipMode.SEA, lines=MUG_AND_LAMP)
    chat = dialog(order)
    chat.says("cancel_order", "cancel the lamp")

    assert chat.presses("option:0") == ConfirmRemedy
    assert (chat.said.line, chat.said.remedy.amount) == (None, eur("80"))


# Round by round


def test_a_no_leads_to_the_next_round_and_then_leaves_it(dialog):
    """
    Turned back, sent back, or taken as it is: no person is needed for the last.
    """
    rules = the_rulebook(
        problems={
            "cancel_order": ProblemRules(ladder=((RemedyKind.INTERCEPT,), (RemedyKind.RETURN,)))
        }
    )
    chat = dialog(an_order(status=OrderStatus.SHIPPED, ship_mode=ShipMode.SEA), rules=rules)
    chat.says("cancel_order")

    assert chat.labels == ["intercept_option", "person"]
    assert chat.says("deny", "no") == OfferRemedies
    assert chat.labels == ["return_option", "person"]
    assert chat.said.another
    assert chat.says("deny", "no") == LeftAsItIs
    assert chat.said.may_refuse
    assert (chat.remedies, chat.floor) == ([], "BOT")


def test_what_has_arrived_or_not_left_is_not_refused(dialog):
    """
    Only a parcel under way need not be taken when it comes.
    """
    for order in (an_order(), an_order(status=OrderStatus.PENDING)):
        chat = dialog(order)
        chat.says("cancel_order")

        assert chat.says("deny", "no") == LeftAsItIs
        assert not chat.said.may_refuse
