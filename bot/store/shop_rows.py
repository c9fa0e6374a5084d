"""An order, as the shop states it, as rows of the tables."""

import json
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from hashlib import sha256
from typing import Any

from bot.casework.order_numbers import order_key
from bot.casework.orders import Order, OrderLine, Parcel

Row = dict[str, Any]
JSON = json.JSONEncoder(sort_keys=True, default=date.isoformat)


@dataclass(frozen=True, kw_only=True)
class ShopRows:
    """The rows of one order without the ids by which they hang together."""

    store: str
    key: str
    order: Row
    buyer: Row
    lines: list[Row]
    parcel: Row | None
    events: list[Row]
    payments: list[Row]

    @cached_property
    def fingerprint(self) -> str:
        """
        SHA-256 of all that the shop states, whatever the sequence of the lines.

        Empty values are left out, so that a fact which orders learn to carry one day does not
        change the fingerprint of orders without it.
        """
        lines = sorted(JSON.encode(_filled(line)) for line in self.lines)
        rest = (self.order, self.buyer, self.parcel or {}, *self.events, *self.payments)
        stated = JSON.encode([lines, [_filled(row) for row in rest]])

        return sha256(stated.encode()).hexdigest()


def to_rows(order: Order) -> ShopRows:
    """The rows of that order."""
    row, buyer = _to_order_row(order), order.buyer
    named = {"email": buyer.email, "name": buyer.name, "phone": buyer.phone}

    return ShopRows(
        store=order.store,
        key=row["number_key"],
        order=row,
        buyer={"store_id": order.store, **named},
        lines=[_to_line_row(line, position) for position, line in enumerate(order.lines, 1)],
        parcel=_to_parcel_row(order.parcel) if order.parcel else None,
        events=_to_event_rows(order.parcel) if order.parcel else [],
        payments=_to_payment_rows(order),
    )


def _to_order_row(order: Order) -> Row:
    return {
        "store_id": order.store,
        "number": order.number,
        "number_key": order_key(order.number),
        "marketplace": order.marketplace.value,
        "placed_at": order.placed_at,
        "status": order.status.value,
        "fulfilment": order.fulfilment.value,
        "ship_mode": order.ship_mode.value,
        "buyer_type": order.buyer_type.value,
        "country": order.country,
        "postal_code": order.postal_code,
        "city": order.city,
        "address": order.address,
        "currency": order.currency,
        "shipping_price": order.shipping_price.minor,
        "promised_by": order.promised_by,
    }


def _to_line_row(line: OrderLine, position: int) -> Row:
    return {
        "position": position,
        "sku": line.sku,
        "title": line.title,
        "variant": line.variant,
        "quantity": line.quantity,
        "unit_price": line.unit_price.minor,
    }


def _to_parcel_row(parcel: Parcel) -> Row:
    return {
        "carrier": parcel.carrier,
        "tracking_number": parcel.tracking_number,
        "shipped_at": parcel.shipped_at,
        "delivered_at": parcel.delivered_at,
    }


def _to_event_rows(parcel: Parcel) -> list[Row]:
    return [{"at": event.at, "label": event.label, "place": event.place} for event in parcel.events]


def _to_payment_rows(order: Order) -> list[Row]:
    return [
        {
            "amount": payment.amount.minor,
            "currency": payment.amount.currency,
            "paid_at": payment.paid_at,
            "method": payment.method,
        }
        for payment in order.payments
    ]


def _filled(row: Row) -> Row:
    return {
        name: value
        for name, value in row.items()
        if value is not None and value != "" and name != "position"
    }
