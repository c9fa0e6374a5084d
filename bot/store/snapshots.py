"""
What a decision saw, as JSON for the ledger, and back for a replay.

A buyer's name, street and contacts are left out, because a ledger is kept for longer than they
should be. What a rule compares is not: the city with the parcel's last scan, and a street with
itself, for which a checksum stands in.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

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
from bot.casework.remedies import Granted, RemedyKind, RemedyState
from bot.casework.turns import Entity, Turn
from bot.store.rows import from_case, from_remedy, to_knowledge, to_remedy

Snapshot = Mapping[str, Any]


def stand_in(street: str) -> str:
    """What tells one street from another without naming it; empty for none."""
    return f"#{hashlib.sha256(street.encode()).hexdigest()[:12]}" if street else ""


def from_order(order: Order) -> dict[str, Any]:
    """The order as JSON, without who bought it."""
    return {
        "id": order.id,
        "store": order.store,
        "number": order.number,
        "marketplace": order.marketplace,
        "placed_at": order.placed_at.isoformat(),
        "status": order.status,
        "fulfilment": order.fulfilment,
        "ship_mode": order.ship_mode,
        "buyer_type": order.buyer_type,
        "country": order.country,
        "city": order.city,
        "address": stand_in(order.address),
        "currency": order.currency,
        "shipping_price": order.shipping_price.minor,
        "lines": [
            [one.id, one.sku, one.title, one.variant, one.quantity, one.unit_price.minor, one.stock]
            for one in order.lines
        ],
        "parcel": _from_parcel(order.parcel) if order.parcel else None,
        "payments": [
            [one.amount.minor, one.paid_at.isoformat(), one.method] for one in order.payments
        ],
        "promised_by": order.promised_by.isoformat() if order.promised_by else None,
        "revision": order.revision,
        "granted": [_from_granted(one) for one in order.granted],
        "variants": [
            [one.sku, one.title, one.variant, one.price.minor if one.price else None, one.stock]
            for one in order.variants
        ],
        "history": [
            order.history.to_buyer.minor if order.history.to_buyer else None,
            order.history.by_store_today.minor if order.history.by_store_today else None,
            order.history.remedies,
            sorted(([line, kind] for line, kind in order.history.asked), key=str),
        ],
    }


def to_order(seen: Snapshot) -> Order:
    """The order that was written down."""
    currency = seen["currency"]

    def money(minor: int | None) -> Money | None:
        return None if minor is None else Money(minor, currency)

    to_buyer, by_store, remedies, asked = seen["history"]

    return Order(
        id=seen["id"],
        store=seen["store"],
        number=seen["number"],
        marketplace=Marketplace(seen["marketplace"]),
        placed_at=datetime.fromisoformat(seen["placed_at"]),
        status=OrderStatus(seen["status"]),
        fulfilment=Fulfilment(seen["fulfilment"]),
        ship_mode=ShipMode(seen["ship_mode"]),
        buyer=Buyer(name="", email=""),
        buyer_type=BuyerType(seen["buyer_type"]),
        country=seen["country"],
        postal_code="",
        city=seen["city"],
        address=seen.get("address", ""),
        currency=currency,
        shipping_price=Money(seen["shipping_price"], currency),
        lines=tuple(
            OrderLine(
                id=line_id,
                sku=sku,
                title=title,
                variant=variant,
                quantity=quantity,
                unit_price=Money(price, currency),
                stock=stock,
            )
            for line_id, sku, title, variant, quantity, price, stock in seen["lines"]
        ),
        parcel=_to_parcel(seen["parcel"]) if seen["parcel"] else None,
        payments=tuple(
            Payment(
                amount=Money(minor, currency), paid_at=datetime.fromisoformat(at), method=method
            )
            for minor, at, method in seen["payments"]
        ),
        promised_by=date.fromisoformat(seen["promised_by"]) if seen["promised_by"] else None,
        revision=seen["revision"],
        granted=tuple(_to_granted(one, currency) for one in seen["granted"]),
        variants=tuple(
            Variant(sku=sku, title=title, variant=variant, price=money(price), stock=stock)
            for sku, title, variant, price, stock in seen["variants"]
        ),
        history=History(
            to_buyer=money(to_buyer),
            by_store_today=money(by_store),
            remedies=remedies,
            asked=frozenset((line, RemedyKind(kind)) for line, kind in asked),
        ),
    )


def from_seen_case(case: Case) -> dict[str, Any]:
    """The case whole, its offer included."""
    offer = case.offer

    return {
        **from_case(replace(case, offer=None)),
        "id": case.id,
        "conversation_id": case.conversation_id,
        "playbook": case.playbook,
        "intent": case.intent,
        "order_id": case.order_id,
        "state": case.state,
        "awaiting": case.awaiting,
        "offer": {
            "id": offer.id,
            "options": [from_remedy(option) for option in offer.options],
            "order_revision": offer.order_revision,
            "expires_at": offer.expires_at.isoformat(),
        }
        if offer
        else None,
    }


def to_seen_case(seen: Snapshot) -> Case:
    """The case that was written down."""
    offer = seen["offer"]

    return Case(
        id=seen["id"],
        conversation_id=seen["conversation_id"],
        playbook=seen["playbook"],
        intent=seen["intent"],
        order_id=seen["order_id"],
        state=CaseState(seen["state"]),
        awaiting=Awaiting(seen["awaiting"]),
        offer=Offer(
            id=offer["id"],
            options=tuple(to_remedy(option) for option in offer["options"]),
            order_revision=offer["order_revision"],
            expires_at=datetime.fromisoformat(offer["expires_at"]),
        )
        if offer
        else None,
        **to_knowledge(seen),
    )


def from_turn(turn: Turn) -> dict[str, Any]:
    """What the buyer did, without where from."""
    return {
        "message_id": turn.message_id,
        "text": turn.text,
        "intent": turn.intent,
        "entities": [[one.name, one.value, one.start, one.end] for one in turn.entities],
        "choice": turn.choice,
        "photos": list(turn.photos),
    }


def to_turn(seen: Snapshot) -> Turn:
    """The turn that was written down."""
    return Turn(
        message_id=seen["message_id"],
        text=seen["text"],
        intent=seen["intent"],
        entities=tuple(
            Entity(name=name, value=value, start=start, end=end)
            for name, value, start, end in seen["entities"]
        ),
        choice=seen["choice"],
        photos=tuple(seen["photos"]),
    )


def _from_parcel(parcel: Parcel) -> dict[str, Any]:
    return {
        "carrier": parcel.carrier,
        "tracking_number": parcel.tracking_number,
        "shipped_at": parcel.shipped_at.isoformat() if parcel.shipped_at else None,
        "delivered_at": parcel.delivered_at.isoformat() if parcel.delivered_at else None,
        "events": [[event.at.isoformat(), event.label, event.place] for event in parcel.events],
    }


def _to_parcel(seen: Snapshot) -> Parcel:
    shipped, delivered = seen["shipped_at"], seen["delivered_at"]

    return Parcel(
        carrier=seen["carrier"],
        tracking_number=seen["tracking_number"],
        shipped_at=datetime.fromisoformat(shipped) if shipped else None,
        delivered_at=datetime.fromisoformat(delivered) if delivered else None,
        events=tuple(
            TrackingEvent(at=datetime.fromisoformat(at), label=label, place=place)
            for at, label, place in seen["events"]
        ),
    )


def _from_granted(granted: Granted) -> dict[str, Any]:
    return {
        "kind": granted.kind,
        "line_id": granted.line_id,
        "amount": granted.amount.minor if granted.amount else None,
        "state": granted.state,
        "quantity": granted.quantity,
        "granted_at": granted.granted_at.isoformat() if granted.granted_at else None,
        "done_at": granted.done_at.isoformat() if granted.done_at else None,
        "remedy_id": granted.remedy_id,
        "reason": granted.reason,
    }


def _to_granted(seen: Snapshot, currency: str) -> Granted:
    at, done = seen["granted_at"], seen["done_at"]

    return Granted(
        kind=RemedyKind(seen["kind"]),
        line_id=seen["line_id"],
        amount=None if seen["amount"] is None else Money(seen["amount"], currency),
        state=RemedyState(seen["state"]),
        quantity=seen["quantity"],
        granted_at=datetime.fromisoformat(at) if at else None,
        done_at=datetime.fromisoformat(done) if done else None,
        remedy_id=seen["remedy_id"],
        reason=seen["reason"],
    )
