"""Where is it, when does it come, how to track it, what was it: the order's own facts, at once."""

from datetime import timedelta

import pytest

from bot.casework.orders import OrderStatus
from bot.casework.remedies import RemedyKind
from bot.casework.turns import Floor
from bot.playbooks.order_questions import (
    HowToTrack,
    OrderOverview,
    WhatWasOrdered,
    WhenItComes,
    WhereItIs,
)
from bot.playbooks.steps import AskForPhoto
from bot.services.case_work import BackTo
from bot.services.identify import WhichOrder
from tests.factories import (
    TODAY,
    a_lamp,
    a_line,
    a_parcel,
    an_order,
    an_order_by_marketplace,
    days_ago,
    eur,
    the_rulebook,
)

QUESTIONS = {
    "order_status": WhereItIs,
    "tracking_link": HowToTrack,
    "delivery_time": WhenItComes,
    "order_details": WhatWasOrdered,
    "invoice": OrderOverview,
}
ABOUT_THE_WAY = ("order_status", "tracking_link", "delivery_time")


@pytest.mark.parametrize(("intent", "reply"), QUESTIONS.items())
@pytest.mark.parametrize("status", OrderStatus)
def test_every_question_is_answered_in_every_state(dialog, intent, reply, status):
    """
    At once, with the order's card, and without opening anything.
    """
    chat = dialog(an_order(status=status))

    assert chat.says(intent, order="DEMO-1003") == reply
    assert chat.replies == [reply]
    assert chat.said.card.order.status is status
    assert chat.awaiting == "nothing"


@pytest.mark.parametrize("intent", QUESTIONS)
def test_a_marketplace_fulfilled_order_is_told_about_too(dialog, intent):
    """
    Facts are facts; only remedies are the marketplace's.
    """
    chat = dialog(an_order_by_marketplace())

    assert chat.says(intent) == QUESTIONS[intent]


@pytest.mark.parametrize("intent", ABOUT_THE_WAY)
@pytest.mark.parametrize(
    "status", [OrderStatus.PENDING, OrderStatus.PROCESSING, OrderStatus.SHIPPED]
)
def test_late_is_called_late(dialog, intent, status):
    """
    A day past the promise is one day late, said without being asked.
    """
    chat = dialog(an_order(status=status, promised_by=TODAY - timedelta(days=1)))
    chat.says(intent)

    assert chat.said.late_days == 1


@pytest.mark.parametrize("intent", ABOUT_THE_WAY)
def test_on_the_promised_day_it_is_not_late(dialog, intent):
    """
    The day itself still counts.
    """
    chat = dialog(an_order(status=OrderStatus.SHIPPED, promised_by=TODAY))
    chat.says(intent)

    assert (chat.said.late_days, chat.said.expected_by) == (0, TODAY)


@pytest.mark.parametrize(
    "status", [OrderStatus.DELIVERED, OrderStatus.CANCELLED, OrderStatus.REFUSED]
)
def test_what_has_ended_is_not_late(dialog, status):
    """
    However long ago it was promised.
    """
    chat = dialog(an_order(status=status, promised_by=TODAY - timedelta(days=90)))
    chat.says("order_status")

    assert chat.said.late_days == 0


def test_the_way_of_the_parcel_is_told_from_its_facts(dialog):
    """
    Carrier, number, link and days come from the order, none is invented.
    """
    chat = dialog(an_order(status=OrderStatus.SHIPPED))
    chat.says("tracking_link")

    assert chat.said.carrier == "DHL"
    assert chat.said.tracking_number == "00340434292135100186"
    assert chat.said.tracking_link == "https://carrier.example/dhl?id=00340434292135100186"
    assert (chat.said.shipped_on, chat.said.delivered_on) == (days_ago(8).date(), None)


def test_an_unknown_carrier_has_a_number_but_no_link(dialog):
    """
    A link that we do not know is not made up.
    """
    order = an_order(status=OrderStatus.SHIPPED, parcel=a_parcel(carrier="Snail Post"))
    chat = dialog(order)
    chat.says("tracking_link")

    assert chat.said.tracking_number
    assert chat.said.tracking_link == ""


def test_a_parcel_without_a_number_is_told_as_such(dialog):
    """
    Nothing to track is an answer too.
    """
    chat = dialog(an_order(status=OrderStatus.PENDING))
    chat.says("tracking_link")

    assert (chat.said.tracking_number, chat.said.shipped_on) == ("", None)


def test_details_tell_products_address_and_what_was_paid(dialog):
    """
    All lines, where it goes, and the money.
    """
    chat = dialog(an_order(lines=(a_line(), a_lamp()), shipping_price=eur("4.90")))
    chat.says("order_details")

    assert [line.sku for line in chat.said.lines] == ["MUG-1", "LAMP-1"]
    assert (chat.said.address, chat.said.postal_code) == ("Ackerstr. 1", "10115")
    assert chat.said.paid == eur("84.90")


def test_of_several_orders_the_buyer_is_asked_which_and_then_told(dialog):
    """
    One button each, the newest first; the answer belongs to the question that was asked.
    """
    old = an_order(placed_at=days_ago(20))
    chat = dialog(old, an_order(number="DEMO-1005", placed_at=days_ago(2)))

    assert chat.says("delivery_time") == WhichOrder
    assert [choice.it.number for choice in chat.said.choices] == ["DEMO-1005", "DEMO-1003"]
    chat.presses(chat.buttons[1])
    assert chat.reply == WhenItComes
    assert chat.said.order_number == "DEMO-1003"


def test_another_question_while_the_order_is_not_known_is_the_one_answered(dialog):
    """
    "No, rather the tracking number": the newest question counts, and the older one is not asked.
    """
    chat = dialog(an_order(), an_order(number="DEMO-1005"))
    chat.says("order_status")

    text = "rather send me the tracking link of"
    assert chat.says("tracking_link", text, order="DEMO-1003") == HowToTrack
    assert chat.replies == [HowToTrack]
    assert chat.awaiting == "nothing"


def test_a_follow_up_is_about_the_same_order(dialog):
    """
    "And when does it come?" needs no number.
    """
    chat = dialog(an_order(), an_order(number="DEMO-1005"))
    chat.says("order_status", order="DEMO-1003")

    assert chat.says("delivery_time", "and when does it come?") == WhenItComes
    assert chat.said.order_number == "DEMO-1003"


def test_a_follow_up_may_name_another_product(dialog):
    """
    "And the lamp?" is about the order with the lamp.
    """
    chat = dialog(an_order(), an_order(number="DEMO-1005", lines=(a_lamp(),)))
    chat.says("order_status", order="DEMO-1003")

    assert chat.says("order_status", "and where is the lamp?") == WhereItIs
    assert chat.said.order_number == "DEMO-1005"


def test_a_bare_order_number_asks_about_that_order(dialog):
    """
    Nothing but "DEMO-1003" is a question all the same.
    """
    chat = dialog(an_order(), an_order(number="DEMO-1005"))

    assert chat.says("provide_details", order="DEMO-1003") == WhereItIs


def test_a_question_about_another_order_does_not_move_the_case(dialog):
    """
    Asked in the middle of a case, answered, and then back to the case by its number.
    """
    chat = dialog(an_order(), an_order(number="DEMO-1005"))
    chat.says("damaged_item", order="DEMO-1003")
    chat.says("order_status", order="DEMO-1005")

    assert chat.replies == [WhereItIs, BackTo, AskForPhoto]
    assert chat.said.order_number == "DEMO-1003"


def test_what_was_requested_for_it_is_not_forgotten(dialog):
    """
    "On its way" alone would be half the truth once its refund was requested.
    """
    chat = dialog(an_order(overdue=True))
    chat.says("order_status")
    assert chat.said.standing == ()
    chat.says("late_delivery")
    chat.says("refund_request")
    chat.says("affirm")

    for intent in (*ABOUT_THE_WAY, "order_details"):
        chat.says(intent)
        (standing,) = chat.said.standing
        assert (standing.kind, standing.state, standing.on) == ("refund", "requested", TODAY)


def test_what_waits_for_approval_is_not_called_requested(dialog):
    """
    A cancellation that a colleague has to approve has stopped nothing yet.
    """
    rules = the_rulebook(needs_approval=(RemedyKind.CANCELLATION,))
    chat = dialog(an_order(status=OrderStatus.PENDING), rules=rules)
    chat.says("cancel_order")
    chat.says("affirm")

    chat.says("order_status")
    assert (chat.said.cancelling, chat.said.standing) == ("approval", ())
    chat.says("order_details")
    assert [one.state for one in chat.said.standing] == ["approval"]


def test_a_cancellation_that_came_too_late_is_told_as_what_it_is(dialog):
    """
    The shop has sent it all the same: it is on its way, and that it was to be cancelled is told.
    """
    chat = dialog(an_order(status=OrderStatus.PENDING))
    chat.says("cancel_order")
    chat.says("affirm")
    chat.shop.take_in(an_order(status=OrderStatus.SHIPPED))

    chat.says("order_status")
    assert chat.said.cancelling is None
    assert [one.kind for one in chat.said.standing] == ["cancellation"]


# Invoice


def test_an_invoice_is_answered_with_what_was_ordered_and_paid(dialog):
    """
    Each line, the shipping and each payment; the legal document is a person's to send.
    """
    lines = (a_line(), a_lamp())
    chat = dialog(an_order(lines=lines, shipping_price=eur("4.90")))

    assert chat.says("invoice") == OrderOverview
    assert [line.sku for line in chat.said.lines] == ["MUG-1", "LAMP-1"]
    assert chat.said.shipping == eur("4.90")
    assert [(one.amount, one.method) for one in chat.said.payments] == [(eur("84.90"), "card")]
    assert (chat.said.issued_by, chat.buttons) == ("", ["person"])
    assert chat.floor is Floor.BOT
    chat.presses("person")
    assert chat.floor is Floor.WAITING


def test_the_marketplace_makes_the_invoice_for_what_it_sends(dialog):
    """
    The seller has none to give.
    """
    chat = dialog(an_order_by_marketplace())
    chat.says("invoice")

    assert (chat.said.issued_by, chat.said.front_desk) == ("Amazon", "the amazon front desk")


def test_an_unpaid_order_has_no_payment_to_show(dialog):
    """
    None is invented from the price.
    """
    chat = dialog(an_order(payments=()))
    chat.says("invoice")

    assert chat.said.payments == ()
