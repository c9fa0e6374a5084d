"""What may still go back, and what stands already."""

import pytest

from bot.casework.money import Money
from bot.casework.orders import Fulfilment, Marketplace, OrderStatus, Payment
from bot.casework.remedies import RemedyKind
from tests.factories import (
    NOW,
    a_lamp,
    a_line,
    an_order,
    an_order_by_marketplace,
    eur,
    granted,
    the_rulebook,
)


def test_all_that_was_paid_may_go_back() -> None:
    """
    Before anything was granted, shipping included.
    """
    order = an_order(lines=(a_line(quantity=2), a_lamp()), shipping_price=eur("5"))

    assert order.paid == eur("105")
    assert order.left_to_refund() == eur("105")
    assert order.left_to_refund(1) == eur("40")
    assert order.left_to_refund(2) == eur("60")


def test_what_went_back_for_one_line_is_not_left_for_it() -> None:
    """
    The other line keeps its own, the order has the rest.
    """
    order = an_order(lines=(a_line(), a_lamp()), granted=(granted(amount=eur("15")),))

    assert order.left_to_refund(1) == eur("5")
    assert order.left_to_refund(2) == eur("60")
    assert order.left_to_refund() == eur("65")


def test_what_went_back_for_the_whole_order_limits_every_line() -> None:
    """
    Each by its share of the goods' price: of 70 for 20 and 60, 17.50 and 52.50.
    """
    order = an_order(lines=(a_line(), a_lamp()), granted=(granted(line_id=None, amount=eur("70")),))

    assert order.left_to_refund(1) == eur("2.50")
    assert order.left_to_refund(2) == eur("7.50")
    assert order.left_to_refund() == eur("10")


def test_of_a_payment_below_the_price_every_line_has_its_share() -> None:
    """
    Who paid 40 for 20 and 60 paid 10 for the first, and gets no more back for it.
    """
    paid = (Payment(amount=eur("40"), paid_at=NOW),)
    order = an_order(lines=(a_line(), a_lamp()), payments=paid)

    assert (order.paid_for(1), order.paid_for(2)) == (eur("10"), eur("30"))
    assert order.left_to_refund(1) == eur("10")
    assert an_order(lines=(a_line(), a_lamp())).paid_for(1) == eur("20")


def test_who_paid_less_gets_no_more_back() -> None:
    """
    A coupon or an unpaid order: the payment decides, not the price.
    """
    paid = (Payment(amount=eur("7"), paid_at=NOW),)

    assert an_order(payments=paid).left_to_refund(1) == eur("7")
    assert an_order(payments=()).left_to_refund() == eur("0")


def test_more_was_given_back_than_paid_leaves_nothing() -> None:
    """
    A person may have been generous; what is left is zero, not an error.
    """
    order = an_order(granted=(granted(amount=eur("20")), granted(line_id=None, amount=eur("20"))))

    assert order.left_to_refund() == eur("0")
    assert order.left_to_refund(1) == eur("0")


def test_a_remedy_without_money_leaves_the_money() -> None:
    """
    A replacement costs goods.
    """
    order = an_order(granted=(granted(RemedyKind.REPLACEMENT, amount=None),))

    assert order.left_to_refund() == eur("20")
    assert order.has_granted(RemedyKind.REPLACEMENT)
    assert order.has_granted(RemedyKind.REPLACEMENT, line_id=1)


def test_what_stands_for_the_order_stands_for_each_line() -> None:
    """
    And what stands for one line does not stand for another.
    """
    whole = an_order(granted=(granted(RemedyKind.CANCELLATION, line_id=None),))
    other = an_order(lines=(a_line(), a_lamp()), granted=(granted(line_id=2),))

    assert whole.has_granted(RemedyKind.CANCELLATION, line_id=1)
    assert not whole.has_granted(RemedyKind.REFUND)
    assert not other.has_granted(RemedyKind.REFUND, line_id=1)
    assert other.has_granted(RemedyKind.REFUND)


def test_a_line_of_another_order_is_an_error() -> None:
    """
    Nothing is decided about a line that the order does not have.
    """
    with pytest.raises(KeyError):
        an_order().line(99)
    with pytest.raises(KeyError):
        an_order().left_to_refund(99)


@pytest.mark.parametrize("status", OrderStatus)
def test_what_has_left_counts_as_shipped(status: OrderStatus) -> None:
    """
    Also a refused parcel has travelled.
    """
    left = status in (OrderStatus.SHIPPED, OrderStatus.DELIVERED, OrderStatus.REFUSED)

    assert an_order(status=status).shipped is left


def test_the_marketplace_looks_after_what_it_fulfils() -> None:
    """
    What the seller sends from there is the seller's.
    """
    rules = the_rulebook()

    assert rules.front_desk_settles(an_order_by_marketplace())
    assert not rules.front_desk_settles(an_order(marketplace=Marketplace.AMAZON))


def test_an_own_shop_has_no_other_desk() -> None:
    """
    Also when a marketplace's warehouse sends its goods.
    """
    order = an_order(marketplace=Marketplace.SHOP, fulfilment=Fulfilment.MARKETPLACE)

    assert not the_rulebook().front_desk_settles(order)


def test_yen_are_reckoned_in_yen() -> None:
    """
    A currency without decimals goes through the same sums.
    """
    order = an_order(lines=(a_line(unit_price=Money(3000, "JPY"), quantity=2),))

    assert order.currency == "JPY"
    assert order.left_to_refund(1) == Money(6000, "JPY")
