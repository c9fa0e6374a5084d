"""What a decision saw comes back as it was, without who the buyer is."""

import json
from dataclasses import fields, replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.casework.cases import Awaiting, Case, CaseState, Offer
from bot.casework.money import Money
from bot.casework.orders import (
    Buyer,
    BuyerType,
    Fulfilment,
    History,
    Marketplace,
    Order,
    OrderLine,
    OrderStatus,
    Parcel,
    Payment,
    ShipMode,
    TrackingEvent,
    Variant,
)
from bot.casework.remedies import REMEDIES, Granted, Remedy, RemedyKind, RemedyState
from bot.casework.turns import Entity, Turn
from bot.store.rows import from_remedy, to_remedy
from bot.store.snapshots import (
    from_order,
    from_seen_case,
    from_turn,
    stand_in,
    to_order,
    to_seen_case,
    to_turn,
)
from tests.factories import an_order

TEXTS = st.text(max_size=8)
NUMBERS = st.integers(0, 10**6)
MONEY = NUMBERS.map(lambda minor: Money(minor, "EUR"))
MOMENTS = st.integers(0, 2 * 10**9).map(lambda second: datetime.fromtimestamp(second, UTC))
DAYS = st.dates()


def maybe(one: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """That, or None."""
    return st.none() | one


def several(one: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """None to two of them."""
    return st.lists(one, max_size=2).map(tuple)


FILL: dict[str, st.SearchStrategy[Any]] = {
    "percent": st.decimals(0, 100, places=2),
    "valid_days": NUMBERS,
    "sku": TEXTS,
    "variant": TEXTS,
    "address": TEXTS,
    "surcharge": maybe(MONEY),
    "order_id": NUMBERS,
    "line_id": maybe(NUMBERS),
    "quantity": maybe(NUMBERS),
    "amount": maybe(MONEY),
}


def of_kind(kind: RemedyKind) -> st.SearchStrategy[Remedy]:
    """Any remedy of that kind; a field without an example here is a KeyError."""
    remedy = REMEDIES[kind]

    return st.builds(remedy, **{field.name: FILL[field.name] for field in fields(remedy)})


ANY_REMEDY = st.sampled_from(RemedyKind).flatmap(of_kind)
LINES = st.builds(
    OrderLine,
    id=NUMBERS,
    sku=TEXTS,
    title=TEXTS,
    variant=TEXTS,
    quantity=NUMBERS,
    unit_price=MONEY,
    stock=maybe(NUMBERS),
)
PARCELS = st.builds(
    Parcel,
    carrier=TEXTS,
    tracking_number=TEXTS,
    shipped_at=maybe(MOMENTS),
    delivered_at=maybe(MOMENTS),
    events=several(st.builds(TrackingEvent, at=MOMENTS, label=TEXTS, place=TEXTS)),
)
GRANTED = st.builds(
    Granted,
    kind=st.sampled_from(RemedyKind),
    line_id=maybe(NUMBERS),
    amount=maybe(MONEY),
    state=st.sampled_from(RemedyState),
    quantity=maybe(NUMBERS),
    granted_at=maybe(MOMENTS),
    done_at=maybe(MOMENTS),
    remedy_id=TEXTS,
)
ORDERS = st.builds(
    Order,
    id=NUMBERS,
    store=TEXTS,
    number=TEXTS,
    marketplace=st.sampled_from(Marketplace),
    placed_at=MOMENTS,
    status=st.sampled_from(OrderStatus),
    fulfilment=st.sampled_from(Fulfilment),
    ship_mode=st.sampled_from(ShipMode),
    buyer=st.builds(Buyer, name=TEXTS, email=TEXTS, phone=TEXTS),
    buyer_type=st.sampled_from(BuyerType),
    country=TEXTS,
    postal_code=TEXTS,
    city=TEXTS,
    address=TEXTS,
    currency=st.just("EUR"),
    shipping_price=MONEY,
    lines=several(LINES),
    parcel=maybe(PARCELS),
    payments=several(st.builds(Payment, amount=MONEY, paid_at=MOMENTS, method=TEXTS)),
    promised_by=maybe(DAYS),
    revision=NUMBERS,
    granted=several(GRANTED),
    variants=several(
        st.builds(
            Variant, sku=TEXTS, title=TEXTS, variant=TEXTS, price=maybe(MONEY), stock=maybe(NUMBERS)
        )
    ),
    history=st.builds(
        History, to_buyer=maybe(MONEY), by_store_today=maybe(MONEY), remedies=NUMBERS
    ),
)
CASES = st.builds(
    Case,
    id=TEXTS,
    conversation_id=TEXTS,
    playbook=TEXTS,
    intent=TEXTS,
    order_id=maybe(NUMBERS),
    state=st.sampled_from(CaseState),
    awaiting=st.sampled_from(Awaiting),
    opening=TEXTS,
    claimed=TEXTS,
    proof=TEXTS,
    line_id=maybe(NUMBERS),
    quantity=maybe(NUMBERS),
    photos=several(TEXTS),
    no_photo=st.booleans(),
    reason=TEXTS,
    arrived=maybe(st.booleans()),
    offer=maybe(
        st.builds(
            Offer, options=several(ANY_REMEDY), order_revision=NUMBERS, expires_at=MOMENTS, id=TEXTS
        )
    ),
    picked=maybe(ANY_REMEDY),
    confirmed=st.booleans(),
    declined=st.booleans(),
    misses=NUMBERS,
    round=NUMBERS,
    came=TEXTS,
    sku=TEXTS,
    address=TEXTS,
    detail=TEXTS,
    searched=st.booleans(),
    reused_photos=several(TEXTS),
)
TURNS = st.builds(
    Turn,
    message_id=TEXTS,
    text=TEXTS,
    intent=TEXTS,
    entities=several(st.builds(Entity, name=TEXTS, value=TEXTS, start=NUMBERS, end=NUMBERS)),
    choice=maybe(TEXTS),
    photos=several(TEXTS),
    ip=TEXTS,
)


def stored(snapshot: object) -> Any:
    """The snapshot as the database gives it back."""
    return json.loads(json.dumps(snapshot))


@given(ORDERS)
def test_an_order_comes_back_but_for_who_bought_it(order: Order) -> None:
    """
    Rules compare all the rest, a replay needs it.
    """
    without = replace(
        order, buyer=Buyer(name="", email=""), postal_code="", address=stand_in(order.address)
    )

    assert to_order(stored(from_order(order))) == without


def test_an_orders_snapshot_holds_nothing_of_the_buyer() -> None:
    """
    The ledger outlives what we may know of a person.
    """
    written = json.dumps(from_order(an_order()))

    for known in ("Ada", "ada@example.com", "1234567", "10115", "Ackerstr"):
        assert known not in written


@given(CASES)
def test_a_case_comes_back_whole(case: Case) -> None:
    """
    With its offer, what was picked, and all that was heard.
    """
    assert to_seen_case(stored(from_seen_case(case))) == case


@given(TURNS)
def test_a_turn_comes_back_but_for_where_from(turn: Turn) -> None:
    """
    No rule looks at an address of the net.
    """
    assert to_turn(stored(from_turn(turn))) == replace(turn, ip="")


@pytest.mark.parametrize("kind", RemedyKind)
@given(data=st.data())
def test_a_remedy_of_every_kind_comes_back(kind: RemedyKind, data: st.DataObject) -> None:
    """
    Its exact terms, percentages to the digit and a surcharge in its currency.
    """
    remedy = data.draw(of_kind(kind))

    assert to_remedy(stored(from_remedy(remedy))) == remedy


@given(CASES)
def test_every_field_of_a_case_is_in_its_snapshot(case: Case) -> None:
    """
    A field that is new in the class must not be forgotten here or there.
    """
    assert set(from_seen_case(case)) == {field.name for field in fields(case)}
