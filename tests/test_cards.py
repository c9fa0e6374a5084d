"""An order's card: what it shows in which state, ready in the buyer's language."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.cards import order_card
from bot.casework.money import Money
from bot.casework.orders import Order, OrderStatus, TrackingEvent
from bot.replies import Templates
from tests.factories import (
    NOW,
    TODAY,
    a_lamp,
    a_line,
    a_parcel,
    an_order,
    days_ago,
    the_rulebook,
)

TEMPLATES = Templates(Path(__file__).parents[1] / "templates")
SCANS = (
    TrackingEvent(at=days_ago(8), label="Handed over to the carrier"),
    TrackingEvent(at=days_ago(5), label="Sorted", place="Leipzig"),
)


def words(block: str, **values: object) -> str:
    """A word of the English card."""
    return TEMPLATES.words("card", block, "en", values)


def card(order: Order, today: date = TODAY) -> dict[str, Any]:
    """The order's card as the widget gets it."""
    return order_card(the_rulebook().card(order), "en", today, words)


def under_way(**changes: Any) -> Order:
    """An order with two scans that should come in four days."""
    given: dict[str, Any] = {
        "status": OrderStatus.SHIPPED,
        "parcel": a_parcel(events=SCANS),
    }

    return an_order(**(given | changes))


def test_a_card_shows_what_was_bought_for_how_much() -> None:
    """
    A line's price is that of all its pieces, the total is what was paid, shipping included.
    """
    order = an_order(
        lines=(a_line(quantity=2), a_lamp(variant="")), shipping_price=Money(495, "EUR")
    )
    shown = card(order)

    assert shown["type"] == "order"
    assert shown["title"] == "Order DEMO-1003"
    assert shown["order_number"] == "DEMO-1003"
    assert shown["lines"] == [
        {"title": "Stoneware mug", "variant": "blue", "quantity": 2, "price": "€40.00"},
        {"title": "Oak desk lamp", "variant": "", "quantity": 1, "price": "€60.00"},
    ]
    assert shown["total"] == "€104.95"


@pytest.mark.parametrize(
    ("status", "label"),
    [
        (OrderStatus.PENDING, "Received"),
        (OrderStatus.PROCESSING, "In preparation"),
        (OrderStatus.SHIPPED, "On its way"),
        (OrderStatus.DELIVERED, "Delivered"),
        (OrderStatus.CANCELLED, "Cancelled"),
        (OrderStatus.REFUSED, "Not accepted, going back"),
    ],
)
def test_a_status_has_a_word_for_machines_and_one_for_people(
    status: OrderStatus, label: str
) -> None:
    """
    The widget picks a colour by the first and shows the second.
    """
    shown = card(an_order(status=status))

    assert (shown["status"], shown["status_label"]) == (status.value, label)


def test_facts_that_the_shop_does_not_know_are_left_out() -> None:
    """
    No promised day and no carrier: no empty lines for them.
    """
    known = card(an_order())
    unknown = card(an_order(promised_by=None, parcel=None))

    assert known["facts"] == [
        {"label": "Ordered", "value": "10 Mar"},
        {"label": "Promised by", "value": "24 Mar"},
        {"label": "Carrier", "value": "DHL"},
    ]
    assert unknown["facts"] == [{"label": "Ordered", "value": "10 Mar"}]


def test_the_way_of_a_parcel_is_told_from_the_order_to_the_expected_day() -> None:
    """
    The newest scan is where it is now; what comes next is the day that was promised.
    """
    assert card(under_way())["timeline"] == [
        {"at": "10 Mar", "label": "Order placed", "place": "", "state": "done"},
        {"at": "12 Mar", "label": "Handed over to the carrier", "place": "", "state": "done"},
        {"at": "15 Mar", "label": "Sorted", "place": "Leipzig", "state": "now"},
        {"at": "24 Mar", "label": "Expected by then", "place": "", "state": "next"},
    ]


@pytest.mark.parametrize(
    ("days_after", "state", "label"),
    [(0, "next", "Expected by then"), (1, "late", "Was expected by then")],
)
def test_the_day_after_the_promised_one_is_late(days_after: int, state: str, label: str) -> None:
    """
    On the promised day itself the parcel may still come.
    """
    order = under_way()
    assert order.promised_by
    last = card(order, order.promised_by + timedelta(days=days_after))["timeline"][-1]

    assert (last["state"], last["label"]) == (state, label)


def test_without_a_promised_day_the_usual_time_counts() -> None:
    """
    The rulebook says how long an order takes where the shop promised nothing.
    """
    last = card(under_way(promised_by=None))["timeline"][-1]

    assert last["at"] == "24 Mar"


def test_an_order_that_has_not_left_is_where_it_was_placed() -> None:
    """
    Without a parcel there is nothing between the order and the expected day.
    """
    states = [step["state"] for step in card(an_order(status=OrderStatus.PENDING))["timeline"]]

    assert states == ["now", "next"]


def test_a_delivered_order_expects_nothing_more() -> None:
    """
    Its last scan is the end, however late it was.
    """
    delivered = TrackingEvent(at=days_ago(3), label="Delivered", place="Berlin")
    order = an_order(parcel=a_parcel(delivered_at=days_ago(3), events=(*SCANS, delivered)))
    timeline = card(order, NOW.date() + timedelta(days=90))["timeline"]

    assert [step["state"] for step in timeline] == ["done", "done", "done", "now"]
    assert timeline[-1]["label"] == "Delivered"


@pytest.mark.parametrize("status", [OrderStatus.CANCELLED, OrderStatus.REFUSED])
def test_an_order_that_ended_says_so_at_the_end(status: OrderStatus) -> None:
    """
    Nothing is promised for an order that will not come.
    """
    timeline = card(an_order(status=status))["timeline"]

    assert timeline[-1]["label"] == card(an_order(status=status))["status_label"]
    assert {step["state"] for step in timeline} == {"done", "now"}


def test_tracking_is_shown_when_there_is_a_number() -> None:
    """
    A carrier that the rulebook does not list has no link, but its number is shown.
    """
    listed = card(under_way())["tracking"]
    unlisted = card(under_way(parcel=a_parcel(carrier="Pigeon Post")))["tracking"]
    without = card(under_way(parcel=a_parcel(tracking_number="")))["tracking"]

    assert listed == {
        "number": "00340434292135100186",
        "carrier": "DHL",
        "url": "https://carrier.example/dhl?id=00340434292135100186",
    }
    assert unlisted == listed | {"carrier": "Pigeon Post", "url": None}
    assert without is None
    assert card(an_order(status=OrderStatus.PENDING))["tracking"] is None


def test_what_the_shop_wrote_stays_text() -> None:
    """
    The card is data; the widget never takes it for HTML, so nothing is cleaned or escaped here.
    """
    hostile = "<img src=x onerror=alert(1)> {{ 7*7 }}"
    order = an_order(
        number=hostile,
        lines=(a_line(title=hostile, variant=hostile),),
        parcel=replace(a_parcel(), carrier=hostile),
    )
    shown = card(order)

    assert shown["title"] == f"Order {hostile}"
    assert shown["lines"][0]["title"] == hostile
    assert shown["facts"][-1]["value"] == hostile


def test_what_only_the_order_file_tells_is_said_in_the_buyers_language() -> None:
    """
    The carrier's own words stay the carrier's.
    """
    events = (
        TrackingEvent(at=days_ago(8), label="Handed to the carrier"),
        TrackingEvent(at=days_ago(5), label="Departed from hub"),
        TrackingEvent(at=days_ago(3), label="Delivered", place="Berlin"),
    )
    order = an_order(parcel=a_parcel(delivered_at=days_ago(3), events=events))
    card = the_rulebook().card(order)

    def words(block: str, **values: object) -> str:
        return TEMPLATES.words("card", block, "ru", values)

    labels = [one["label"] for one in order_card(card, "ru", TODAY, words)["timeline"]]
    assert labels[1:] == ["Передан перевозчику", "Departed from hub", "Доставлен"]
