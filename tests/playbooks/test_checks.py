"""What may be changed or exchanged: the same product, once, before it leaves, at its price."""

import pytest

from bot.casework.money import Money
from bot.casework.orders import Order, OrderStatus, Variant
from bot.casework.refusals import Refusal, RefusalReason
from bot.casework.remedies import (
    AddressChange,
    Exchange,
    ItemChange,
    Remedy,
    RemedyKind,
    Replacement,
)
from bot.playbooks.checks import check_caps, check_remedy, worth_of
from tests.factories import TODAY, a_lamp, a_line, an_order, eur, granted, the_rulebook

RED = Variant(sku="MUG-RED", title="Stoneware mug", variant="red", price=eur("25"), stock=3)


def in_hand(**changes: object) -> Order:
    """An order of two mugs that has not left, with a red one for sale."""
    given: dict[str, object] = {
        "status": OrderStatus.PROCESSING,
        "lines": (a_line(quantity=2), a_lamp()),
        "variants": (RED,),
    }

    return an_order(**(given | changes))


def to_red(**changes: object) -> ItemChange:
    """Both mugs in red, five euros dearer each."""
    given: dict[str, object] = {
        "order_id": 3,
        "line_id": 1,
        "quantity": 2,
        "sku": "MUG-RED",
        "variant": "red",
        "surcharge": eur("10"),
    }

    return ItemChange(**(given | changes))


def red_for_blue(**changes: object) -> Exchange:
    """One of the mugs for a red one."""
    given: dict[str, object] = {
        "order_id": 3,
        "line_id": 1,
        "quantity": 1,
        "sku": "MUG-RED",
        "surcharge": eur("5"),
    }

    return Exchange(**(given | changes))


def to_address(**changes: object) -> AddressChange:
    """To another address."""
    return AddressChange(**({"order_id": 3, "address": "Hauptstr. 5, 10115 Berlin"} | changes))


def reason(remedy: Remedy, order: Order, **rules: object) -> RefusalReason | None:
    """Why that cannot be done; None if it can."""
    refusal: Refusal | None = check_remedy(remedy, order, the_rulebook(**rules), TODAY)

    return refusal.reason if refusal else None


@pytest.mark.parametrize("change", [to_red(), to_address()])
def test_a_change_is_made_before_hand_over_only(change):
    """
    Afterwards the parcel has its content and its label.
    """
    assert reason(change, in_hand()) is None
    for status in (OrderStatus.SHIPPED, OrderStatus.DELIVERED, OrderStatus.REFUSED):
        assert reason(change, in_hand(status=status)) is RefusalReason.ALREADY_SHIPPED
    off = in_hand(status=OrderStatus.CANCELLED)
    assert reason(change, off) is RefusalReason.NOT_ON_THIS_WAY


@pytest.mark.parametrize("change", [to_red(), to_address()])
def test_a_change_is_made_once(change):
    """
    Or as often as the rulebook says; a change of another kind does not count.
    """
    once = in_hand(granted=(granted(change.kind, line_id=change.line_id, amount=None),))
    assert reason(change, once) is RefusalReason.ALREADY_CHANGED
    assert reason(change, once, changes_before_shipping=2) is None
    assert reason(change, in_hand(), changes_before_shipping=0) is RefusalReason.ALREADY_CHANGED
    kinds = {RemedyKind.ADDRESS_CHANGE, RemedyKind.ITEM_CHANGE}
    (other,) = kinds - {change.kind}
    assert reason(change, in_hand(granted=(granted(other, amount=None),))) is None


@pytest.mark.parametrize("change", [to_red(), to_address()])
@pytest.mark.parametrize("kind", [RemedyKind.CANCELLATION, RemedyKind.REFUND])
def test_what_is_not_sent_any_more_is_not_changed(change, kind):
    """
    The order's end stands already.
    """
    ended = in_hand(granted=(granted(kind, line_id=None, amount=eur("10")),))

    assert reason(change, ended) is RefusalReason.ALREADY_REMEDIED


@pytest.mark.parametrize("change", [to_red(), to_address()])
@pytest.mark.parametrize("kind", [RemedyKind.DISCOUNT, RemedyKind.COUPON])
def test_what_is_sent_all_the_same_may_be_changed(change, kind):
    """
    A discount or coupon leaves the order on its way.
    """
    assert reason(change, in_hand(granted=(granted(kind, amount=eur("1")),))) is None


@pytest.mark.parametrize("remedy", [to_red(sku="LAMP-1"), red_for_blue(sku="LAMP-1")])
def test_only_the_same_product_is_sent_instead(remedy):
    """
    Neither another line's nor another title's, even if it costs the same and is in stock.
    """
    other = Variant(sku="CUP-1", title="Cup", variant="red", price=eur("25"), stock=3)
    order = in_hand(variants=(RED, other))
    delivered = in_hand(status=OrderStatus.DELIVERED, variants=(RED, other))
    order = order if isinstance(remedy, ItemChange) else delivered

    assert reason(remedy, order) is RefusalReason.OTHER_PRODUCT


@pytest.mark.parametrize(
    ("price", "amount", "surcharge", "refused"),
    [
        ("25", None, "10", None),
        ("25", None, None, RefusalReason.ORDER_CHANGED),
        ("25", None, "9.99", RefusalReason.ORDER_CHANGED),
        ("25", "1", "10", RefusalReason.ORDER_CHANGED),
        ("20", None, None, None),
        ("20", None, "1", RefusalReason.ORDER_CHANGED),
        ("20", "1", None, RefusalReason.ORDER_CHANGED),
        ("15", "10", None, None),
        ("15", "10.01", None, RefusalReason.ORDER_CHANGED),
        (None, None, None, RefusalReason.PRICE_UNKNOWN),
    ],
)
def test_a_difference_is_settled_exactly(price, amount, surcharge, refused):
    """
    Dearer: all of it is theirs to pay; cheaper: no more than it goes back; not known: neither.
    """
    red = Variant(
        sku="MUG-RED",
        title="Stoneware mug",
        variant="red",
        price=eur(price) if price else None,
        stock=3,
    )
    change = to_red(
        amount=eur(amount) if amount else None, surcharge=eur(surcharge) if surcharge else None
    )

    assert reason(change, in_hand(variants=(red,))) is refused


def test_fewer_pieces_give_back_their_price_and_no_more():
    """
    At the price of the order, though a piece costs more today.
    """
    today = Variant(sku="MUG-1", title="Stoneware mug", variant="blue", price=eur("30"), stock=5)
    order = in_hand(variants=(today, RED))
    one = to_red(sku="MUG-1", quantity=1, surcharge=None, amount=eur("20"))

    assert reason(one, order) is None
    assert reason(to_red(sku="MUG-1", quantity=1, surcharge=None, amount=eur("20.01")), order) is (
        RefusalReason.ORDER_CHANGED
    )


@pytest.mark.parametrize(("stock", "refused"), [(3, None), (2, RefusalReason.OUT_OF_STOCK)])
def test_more_pieces_come_from_what_is_left(stock, refused):
    """
    Two are set aside for the order already: five take three more.
    """
    order = in_hand(lines=(a_line(quantity=2, stock=stock),))
    five = to_red(sku="MUG-1", quantity=5, surcharge=eur("60"))

    assert reason(five, order) is refused


@pytest.mark.parametrize(
    ("stock", "refused"),
    [(2, None), (1, RefusalReason.OUT_OF_STOCK), (None, RefusalReason.STOCK_UNKNOWN)],
)
def test_another_variant_comes_from_its_own_stock(stock, refused):
    """
    Known, and enough for all pieces.
    """
    red = Variant(sku="MUG-RED", title="Stoneware mug", variant="red", price=eur("25"), stock=stock)

    assert reason(to_red(), in_hand(variants=(red,))) is refused


def test_the_right_goods_for_wrong_ones_cost_nothing():
    """
    Even if the product has become dearer since: it was paid for at its price of then.
    """
    today = Variant(sku="MUG-1", title="Stoneware mug", variant="blue", price=eur("30"), stock=5)
    order = an_order(lines=(a_line(quantity=2),), variants=(today,))

    assert reason(red_for_blue(sku="MUG-1", surcharge=None), order) is None
    assert reason(red_for_blue(sku="MUG-1", surcharge=eur("10")), order) is (
        RefusalReason.ORDER_CHANGED
    )


def test_a_price_in_another_currency_is_none():
    """
    The store leaves it out, so that nothing is reckoned across currencies.
    """
    yen = a_line(quantity=2, unit_price=Money(2400, "JPY"))
    red = Variant(sku="MUG-RED", title="Stoneware mug", variant="red", price=None, stock=3)
    order = in_hand(lines=(yen,), variants=(red,))

    assert reason(to_red(surcharge=None), order) is RefusalReason.PRICE_UNKNOWN


def test_goods_exchanged_count_against_the_caps() -> None:
    """
    They are sent before the others are back: what is dear needs a person's yes.
    """
    dear = an_order(lines=(a_line(unit_price=eur("300")),))
    swap = Exchange(order_id=3, line_id=1, quantity=1, sku="MUG-1")

    assert worth_of(swap, dear) == eur("300")
    refusal = check_caps(swap, dear, the_rulebook())
    assert refusal
    assert refusal.compared == "per_remedy: 0 + 30000 > 25000"


def test_what_was_changed_before_it_left_is_not_sent_again_by_the_bot() -> None:
    """
    Two were ordered, one was wanted after all: how many came, only the shop knows.
    """
    changed = granted(RemedyKind.ITEM_CHANGE, amount=eur("20"), quantity=1)
    order = an_order(lines=(a_line(quantity=2),), granted=(changed,))
    again = Replacement(order_id=3, line_id=1, quantity=2)

    refusal = check_remedy(again, order, the_rulebook(), TODAY)
    assert refusal
    assert refusal.reason is RefusalReason.EXCLUDED


def test_a_price_that_was_partly_given_back_is_not_given_back_again_by_a_change() -> None:
    """
    Half of it as a discount, then the whole of it for one piece less, would be too much.
    """
    half = granted(RemedyKind.DISCOUNT, amount=eur("20"))
    order = an_order(status=OrderStatus.PENDING, lines=(a_line(quantity=2),), granted=(half,))
    fewer = ItemChange(order_id=3, line_id=1, quantity=1, sku="MUG-1", amount=eur("20"))

    refusal = check_remedy(fewer, order, the_rulebook(), TODAY)
    assert refusal
    assert refusal.reason is RefusalReason.ALREADY_REMEDIED
