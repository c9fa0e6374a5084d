"""Charged twice or wrongly: the payments on record are listed, and a person compares them."""

import pytest

from bot.casework.orders import OrderStatus, Payment
from bot.playbooks.payment_problem import PaymentsOnRecord
from bot.playbooks.steps import AskForPhoto, FrontDesk
from bot.services.hand_off import HandedOff
from bot.services.identify import AskProof
from bot.services.take_turn import Dropped
from tests.factories import NOW, a_lamp, a_line, an_order, an_order_by_marketplace, days_ago, eur

TWICE = (
    Payment(amount=eur("20"), paid_at=days_ago(10), method="card"),
    Payment(amount=eur("20"), paid_at=days_ago(9), method="PayPal"),
)


@pytest.mark.parametrize("status", OrderStatus)
def test_each_payment_is_listed_and_a_person_takes_over(dialog, status):
    """
    Amount, day and method of each, and what the order costs; nothing is granted.
    """
    chat = dialog(an_order(payments=TWICE, status=status))
    chat.says("payment_problem", "I was charged twice")

    assert chat.replies == [PaymentsOnRecord, HandedOff]
    assert chat.handed_off_for == ["payment"]
    listed = next(said for said in chat.shop.words.said if isinstance(said, PaymentsOnRecord))
    assert listed.payments == TWICE
    assert listed.price == eur("20")
    assert chat.remedies == []


def test_the_ledger_says_how_paid_and_price_compare(dialog):
    """
    The person sees at once that twice the price was paid.
    """
    chat = dialog(an_order(payments=TWICE))
    chat.says("payment_problem")

    assert chat.decisions[-1]["rules"] == [
        {"name": "paid", "held": False, "compared": "4000 of 2000"},
        {"name": "payment_1", "held": True, "compared": f"2000 EUR, {days_ago(10).date()}"},
        {"name": "payment_2", "held": True, "compared": f"2000 EUR, {days_ago(9).date()}"},
    ]
    assert chat.decisions[-1]["facts"]["paid"] == 4000


def test_shipping_belongs_to_the_price(dialog):
    """
    Paid once and in full is told as such.
    """
    chat = dialog(an_order(lines=(a_line(), a_lamp()), shipping_price=eur("4.90")))
    chat.says("payment_problem")

    assert chat.decisions[-1]["rules"][0] == {
        "name": "paid",
        "held": True,
        "compared": "8490 of 8490",
    }


def test_no_payment_on_record_is_said(dialog):
    """
    The payment failed, or has not reached the shop: a person too.
    """
    chat = dialog(an_order(payments=()))
    chat.says("payment_problem", "my payment failed")

    assert chat.replies == [PaymentsOnRecord, HandedOff]
    assert chat.decisions[-1]["rules"][0]["compared"] == "0 of 2000"


def test_the_marketplace_has_taken_the_money_itself(dialog):
    """
    Its front desk answers for it.
    """
    chat = dialog(an_order_by_marketplace())

    assert chat.says("payment_problem") == FrontDesk
    assert chat.handed_off_for == []


def test_nobody_hears_of_somebody_elses_payments(dialog):
    """
    The order is proven first.
    """
    chat = dialog(an_order(), email="bob@example.com")

    assert chat.says("payment_problem", order="DEMO-1003") == AskProof
    assert chat.says("never_mind") == Dropped


def test_in_the_middle_of_another_case_that_one_waits(dialog):
    """
    The person gets the payments; the broken mug is still open for them to see.
    """
    chat = dialog(an_order())
    assert chat.says("damaged_item") == AskForPhoto
    chat.says("payment_problem", "and you charged me twice")

    assert chat.replies == [PaymentsOnRecord, HandedOff]
    assert [case["state"] for case in chat.cases] == ["open", "handed_off"]
    assert chat.shop.now > NOW
