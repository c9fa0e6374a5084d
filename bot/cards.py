"""An order as the widget's card shows it: all labels ready in the buyer's language."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from babel.dates import format_date

from bot.amounts import format_money
from bot.casework.orders import (
    EVENT_DELIVERED,
    EVENT_HANDED_OVER,
    Order,
    OrderCard,
    OrderStatus,
    TrackingEvent,
)

Words = Callable[..., str]
"""Renders a block of `templates/<locale>/card.j2`."""

ENDED = (OrderStatus.CANCELLED, OrderStatus.REFUSED)


def order_card(card: OrderCard, locale: str, today: date, words: Words) -> dict[str, Any]:
    """
    The card as JSON: facts, lines and the parcel's timeline, oldest first.

    A timeline entry's `state` is `done`, `now` (the newest), `next` or `late`.
    """
    order = card.order

    return {
        "type": "order",
        "title": words("title", number=order.number),
        "order_number": order.number,
        "status": order.status.value,
        "status_label": words("status", status=order.status),
        "facts": _facts(order, locale, words),
        "lines": [
            {
                "title": line.title,
                "variant": line.variant,
                "quantity": line.quantity,
                "price": format_money(line.price, locale),
            }
            for line in order.goods
        ],
        "total": format_money(order.paid, locale),
        "timeline": _timeline(card, locale, today, words),
        "tracking": _tracking(card),
    }


def _facts(order: Order, locale: str, words: Words) -> list[dict[str, str]]:
    facts = [{"label": words("placed"), "value": _day(order.placed_at, locale)}]
    if order.promised_by:
        facts.append({"label": words("promised"), "value": _day(order.promised_by, locale)})
    if order.parcel and order.parcel.carrier:
        facts.append({"label": words("carrier"), "value": order.parcel.carrier})

    return facts


def _timeline(card: OrderCard, locale: str, today: date, words: Words) -> list[dict[str, str]]:
    order = card.order
    events = [(order.placed_at, words("event_placed"), "")]
    if order.parcel:
        events += [
            (event.at, _event_label(event, words), event.place) for event in order.parcel.events
        ]
    timeline = [
        {"at": _day(at, locale), "label": label, "place": place, "state": "done"}
        for at, label, place in events
    ]
    if order.status in ENDED:
        timeline.append(
            {"at": "", "label": words("status", status=order.status), "place": "", "state": "now"}
        )
    elif order.status is OrderStatus.DELIVERED:
        timeline[-1]["state"] = "now"
    else:
        timeline[-1]["state"] = "now"
        timeline.append(_expected(card, locale, today, words))

    return timeline


def _event_label(event: TrackingEvent, words: Words) -> str:
    """The carrier's own words; ours, where only the order file tells of it."""
    if event.label == EVENT_HANDED_OVER:
        return words("event_handed_over")
    if event.label == EVENT_DELIVERED:
        return words("event_delivered")

    return event.label


def _expected(card: OrderCard, locale: str, today: date, words: Words) -> dict[str, str]:
    late = today > card.expected_by

    return {
        "at": _day(card.expected_by, locale),
        "label": words("event_late" if late else "event_expected"),
        "place": "",
        "state": "late" if late else "next",
    }


def _tracking(card: OrderCard) -> dict[str, str | None] | None:
    parcel = card.order.parcel
    if parcel is None or not parcel.tracking_number:
        return None

    return {
        "number": parcel.tracking_number,
        "carrier": parcel.carrier,
        "url": card.tracking_link or None,
    }


def _day(when: date | datetime, locale: str) -> str:
    return format_date(when, "d MMM", locale=locale)
