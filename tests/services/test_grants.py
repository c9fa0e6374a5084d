"""What an agent grants by themselves: beyond the caps, never beyond what was paid."""

from dataclasses import replace
from decimal import Decimal

import pytest

from bot.casework.money import Money, WrongMoney
from bot.casework.orders import Fulfilment, Marketplace
from bot.casework.refusals import Refusal, RefusalReason
from bot.casework.remedies import Cancellation, Discount, Refund, Replacement
from bot.playbooks.steps import AlreadySettled
from bot.services.grants import do_grant
from bot.store.tables import decisions, outbox, remedies
from tests.dialog import Dialog
from tests.factories import a_lamp, a_line, an_order, eur, the_caps, the_rulebook


def order_id(one) -> int:
    """The id under which the shop stored its only order."""
    with one.house.units.reading() as unit:
        return unit.orders.find("demo", "DEMO-1003").id


def line_id(one, sku: str = "MUG-1") -> int:
    """The id of that product's line."""
    with one.house.units.reading() as unit:
        order = unit.orders.find("demo", "DEMO-1003")
    return next(line.id for line in order.lines if line.sku == sku)


def refund(one, amount: str, **changes) -> Refund:
    """So much money back for the mug."""
    given = {"order_id": order_id(one), "line_id": line_id(one), "amount": eur(amount)}

    return Refund(**(given | changes))


def grant(one, remedy, request: str = "r1") -> Refusal | str:
    """Granted by Kim."""
    return do_grant(one.house, remedy, agent="Kim", reason="promised by phone", request_id=request)


def test_a_partial_refund_and_another_up_to_what_was_paid(shop):
    """
    Two parts of twenty euros; the third would be too much, and says by how much.
    """
    one = shop(an_order())

    assert isinstance(grant(one, refund(one, "15"), "r1"), str)
    assert isinstance(grant(one, refund(one, "5"), "r2"), str)
    assert grant(one, refund(one, "0.01"), "r3") == Refusal(RefusalReason.MORE_THAN_PAID, "1 > 0")
    assert [row["amount"] for row in one.rows(remedies)] == [1500, 500]
    assert len(one.rows(outbox)) == 2
    assert {row["decided_by"] for row in one.rows(decisions)} == {"Kim"}


def test_the_same_request_grants_once(shop):
    """
    However often the browser sends it.
    """
    one = shop(an_order())
    first = grant(one, refund(one, "5"))

    assert grant(one, refund(one, "5")) == first
    assert len(one.rows(remedies)) == 1


def test_an_agent_is_not_bound_by_the_caps(shop):
    """
    The caps are the bot's.
    """
    one = shop(an_order(), rules=the_rulebook(caps=the_caps(per_remedy={"EUR": Decimal(1)})))

    assert isinstance(grant(one, refund(one, "20")), str)
    assert one.rows(remedies)[0]["state"] == "requested"


@pytest.mark.parametrize("money_first", [True, False])
def test_goods_and_their_price_exclude_each_other(shop, money_first):
    """
    In either order.
    """
    one = shop(an_order())
    both = [
        refund(one, "20"),
        Replacement(order_id=order_id(one), line_id=line_id(one), quantity=1),
    ]
    first, second = both if money_first else reversed(both)

    assert isinstance(grant(one, first, "r1"), str)
    assert grant(one, second, "r2").reason in (
        RefusalReason.EXCLUDED,
        RefusalReason.MORE_THAN_PAID,
    )
    assert len(one.rows(remedies)) == 1


def test_no_more_pieces_are_sent_again_than_were_ordered(shop):
    """
    Two of three, then one; a fourth is refused.
    """
    one = shop(an_order(lines=(a_line(quantity=3, stock=9),)))
    which = {"order_id": order_id(one), "line_id": line_id(one)}

    assert isinstance(grant(one, Replacement(**which, quantity=2), "r1"), str)
    assert isinstance(grant(one, Replacement(**which, quantity=1), "r2"), str)
    assert grant(one, Replacement(**which, quantity=1), "r3") == Refusal(
        RefusalReason.EXCLUDED, "3 + 1 > 3"
    )
    assert one.stock("MUG-1") == 6


def test_another_line_is_another_matter(shop):
    """
    A refund of the mug leaves the lamp's money where it is.
    """
    one = shop(an_order(lines=(a_line(), a_lamp())))
    lamp = refund(one, "60", line_id=line_id(one, "LAMP-1"))

    assert isinstance(grant(one, refund(one, "20"), "r1"), str)
    assert isinstance(grant(one, lamp, "r2"), str)


def test_what_the_marketplace_settles_no_agent_settles(shop):
    """
    A seller who refunds such an order loses twice.
    """
    one = shop(an_order(marketplace=Marketplace.AMAZON, fulfilment=Fulfilment.MARKETPLACE))

    assert grant(one, refund(one, "20")).reason is RefusalReason.MARKETPLACE_SETTLES


def test_a_delivered_order_is_not_cancelled(shop):
    """
    Nor by an agent: the goods are gone.
    """
    one = shop(an_order())
    whole = Cancellation(order_id=order_id(one), amount=eur("20"))

    assert grant(one, whole).reason is RefusalReason.ALREADY_SHIPPED


def test_foreign_money_cannot_be_granted(shop):
    """
    Dollars for an order in euros are a mistake, not a rate.
    """
    one = shop(an_order())

    with pytest.raises(WrongMoney):
        grant(one, replace(refund(one, "5"), amount=Money(500, "USD")))
    assert one.rows(remedies) == []


def test_the_bot_gives_nothing_on_top_of_an_agents_refund(shop):
    """
    One record for both.
    """
    one = shop(an_order())
    grant(one, refund(one, "5"))
    chat = Dialog(one, "ada@example.com")

    assert chat.says("damaged_item", photos=1) == AlreadySettled


def test_a_discount_of_an_agents_choosing(shop):
    """
    Counted against what was paid like any other money.
    """
    one = shop(an_order())
    half = Discount(
        order_id=order_id(one), line_id=line_id(one), amount=eur("10"), percent=Decimal(50)
    )

    assert isinstance(grant(one, half, "r1"), str)
    assert grant(one, refund(one, "10.01"), "r2").reason is RefusalReason.MORE_THAN_PAID
