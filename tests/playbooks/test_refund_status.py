"""Where is my money: what was agreed on, how far it is, and a person where it takes too long."""

from datetime import timedelta

import pytest

from bot.casework.orders import OrderStatus, ShipMode
from bot.casework.remedies import RemedyKind, RemedyState
from bot.casework.turns import Floor
from bot.playbooks.refund_request import WhyRefund
from bot.playbooks.refund_status import CancelledAndPaid, NoRefundYet, WhereMoneyIs
from bot.playbooks.steps import AskForPhoto, ConfirmRemedy, FrontDesk, OfferRemedies
from bot.services.hand_off import HandedOff
from bot.services.identify import AskProof, WhichOrder
from bot.services.take_turn import Dropped
from bot.store.tables import remedies
from tests.factories import TODAY, an_order, an_order_by_marketplace, eur, the_rulebook

OVERDUE = an_order(overdue=True)


def refunded(dialog, order=OVERDUE, **changes):
    """A conversation in which the price of an overdue order was agreed on as a refund."""
    chat = dialog(order, **changes)
    chat.says("late_delivery")
    chat.says("refund_request")
    chat.says("affirm")
    assert chat.remedies == ["refund"]

    return chat


def is_done(chat):
    """The gateway says that the only remedy is done, now."""
    (row,) = chat.shop.rows(remedies)
    with chat.shop.house.units() as unit:
        unit.remedies.end(str(row["id"]), RemedyState.DONE, chat.shop.now)


def test_what_was_requested_is_told_with_its_day(dialog):
    """
    Amount, state and day, and within how many days it arrives after the shop has sent it.
    """
    chat = refunded(dialog)

    assert chat.says("refund_status") == WhereMoneyIs
    (one,) = chat.said.on_its_way
    assert (one.kind, one.amount, one.state, one.on) == ("refund", eur("20"), "requested", TODAY)
    assert (chat.said.sent, chat.said.after_goods, chat.said.arrives_within_days) == ((), (), 5)
    assert not chat.said.overdue
    assert chat.floor is Floor.BOT


def test_what_waits_for_approval_is_said_to_wait(dialog):
    """
    Nothing was requested from anybody yet.
    """
    chat = refunded(dialog, rules=the_rulebook(needs_approval=(RemedyKind.REFUND,)))
    chat.says("refund_status")

    assert [one.state for one in chat.said.on_its_way] == ["approval"]


@pytest.mark.parametrize(("days", "overdue"), [(0, False), (5, False), (6, True)])
def test_what_was_sent_has_its_days_and_then_a_person(dialog, days, overdue):
    """
    On the fifth day the bank is still within its time, on the sixth a person is one press away.
    """
    chat = refunded(dialog)
    chat.waits(days=2)
    is_done(chat)
    chat.waits(days=days)

    assert chat.says("refund_status") == WhereMoneyIs
    (one,) = chat.said.sent
    assert (one.state, one.on) == ("done", TODAY + timedelta(days=2))
    assert (chat.said.on_its_way, chat.said.overdue) == ((), overdue)
    assert [choice.value for choice in chat.said.choices] == (["person"] if overdue else [])
    (rule,) = chat.decisions[-1]["rules"]
    assert (rule["name"], rule["held"]) == ("refund.overdue", overdue)


def test_the_person_who_is_offered_takes_over(dialog):
    """
    Pressed, the conversation is theirs.
    """
    chat = refunded(dialog)
    is_done(chat)
    chat.waits(days=9)
    chat.says("refund_status")

    assert chat.presses("person") == HandedOff
    assert chat.floor is Floor.WAITING


def test_a_return_is_paid_when_the_goods_are_back(dialog):
    """
    Agreed on, but the goods come first.
    """
    chat = dialog(an_order())
    chat.says("refund_request")
    chat.presses("reason:changed_mind")
    chat.presses("option:0")
    chat.presses("yes")
    chat.says("refund_status")

    assert [one.kind for one in chat.said.after_goods] == ["return"]
    assert chat.said.on_its_way == ()


def test_a_parcel_that_is_called_back_is_paid_when_it_is_back(dialog):
    """
    The same for an intercept.
    """
    chat = dialog(an_order(status=OrderStatus.SHIPPED, ship_mode=ShipMode.EXPRESS))
    chat.says("cancel_order")
    chat.presses("option:0")
    chat.presses("yes")
    chat.says("refund_status")

    assert [one.kind for one in chat.said.after_goods] == ["intercept"]


def test_a_replacement_moves_no_money(dialog):
    """
    It is no refund, so there is none to wait for.
    """
    chat = dialog(an_order(overdue=True))
    chat.says("late_delivery")
    chat.presses("option:0")
    chat.presses("yes")
    assert chat.remedies == ["replacement"]

    assert chat.says("refund_status") == NoRefundYet


def test_none_was_requested_so_one_can_be(dialog):
    """
    The button begins a refund request for the same order.
    """
    chat = dialog(an_order(), an_order(number="DEMO-1005"))

    assert chat.says("refund_status", order="DEMO-1003") == NoRefundYet
    assert chat.buttons == ["intent:refund_request", "person"]
    assert chat.awaiting == "nothing"
    button = chat.token("intent:refund_request")
    chat.says("order_status", order="DEMO-1005")
    assert chat.presses("intent:refund_request", token=button) == WhyRefund
    assert chat.said.order_number == "DEMO-1003"


def test_the_shop_cancelled_it_and_a_person_can_see_the_money(dialog):
    """
    Its file says that it is off and what was paid, not what went back.
    """
    chat = dialog(an_order(status=OrderStatus.CANCELLED))

    assert chat.says("refund_status") == CancelledAndPaid
    assert (chat.said.paid, chat.buttons) == (eur("20"), ["person"])


def test_a_cancellation_of_ours_is_told_with_its_own_state(dialog):
    """
    Requested here, and the shop has marked the order meanwhile: both are the same money.
    """
    chat = dialog(an_order(status=OrderStatus.PENDING))
    assert chat.says("cancel_order") == ConfirmRemedy
    chat.says("affirm")
    chat.shop.take_in(an_order(status=OrderStatus.CANCELLED))

    assert chat.says("refund_status") == WhereMoneyIs
    assert [one.kind for one in chat.said.on_its_way] == ["cancellation"]


@pytest.mark.parametrize("status", [OrderStatus.DELIVERED, OrderStatus.CANCELLED])
def test_the_marketplace_knows_of_its_own_refunds(dialog, status):
    """
    What it fulfils it refunds, and only it can tell.
    """
    chat = dialog(an_order_by_marketplace(status=status))

    assert chat.says("refund_status") == FrontDesk


def test_asked_in_the_middle_of_a_case_it_is_answered_and_the_question_put_again(dialog):
    """
    It opens no case of its own and costs nobody their place.
    """
    chat = dialog(an_order())
    assert chat.says("damaged_item") == AskForPhoto

    chat.says("refund_status", "where is my refund?")
    assert chat.replies == [NoRefundYet, AskForPhoto]
    chat.sends_photo()
    assert chat.reply == OfferRemedies


def test_never_mind_while_the_order_is_asked_for(dialog):
    """
    Dropped, and nothing stays open.
    """
    chat = dialog(an_order(), an_order(number="DEMO-1005"))

    assert chat.says("refund_status") == WhichOrder
    assert chat.says("never_mind") == Dropped
    assert chat.awaiting == "nothing"


def test_nobody_hears_of_somebody_elses_money(dialog):
    """
    Not even that there is any.
    """
    chat = dialog(an_order(), email="bob@example.com")

    assert chat.says("refund_status", order="DEMO-1003") == AskProof
