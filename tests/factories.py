"""
Orders, cases, turns and a rulebook to test with: sensible as they are, changed by keyword.

Everything hangs on NOW, so that no test reads a clock. The rulebook has round numbers of its own:
a seller who edits `rulebook/` breaks no test.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from bot.casework.cases import Case, Offer
from bot.casework.limits import BadFaithRules, CapRules, DeskRules, IdentityRules
from bot.casework.marketplaces import MarketplaceRules
from bot.casework.money import Money, total
from bot.casework.orders import (
    Buyer,
    BuyerType,
    Fulfilment,
    Marketplace,
    Order,
    OrderLine,
    OrderStatus,
    OrderSummary,
    Parcel,
    Payment,
    ShipMode,
)
from bot.casework.problems import ProblemRules
from bot.casework.remedies import Granted, Refund, Remedy, RemedyKind
from bot.casework.rulebook import Rulebook
from bot.casework.turns import Entity, Turn

NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)
TODAY = NOW.date()


def eur(amount: str) -> Money:
    """That many euros."""
    return Money.from_text(amount, "EUR")


def days_ago(days: float) -> datetime:
    """That long before NOW."""
    return NOW - timedelta(days=days)


def a_line(**changes: Any) -> OrderLine:
    """A mug of 20 euros, five more in stock."""
    given: dict[str, Any] = {
        "id": 1,
        "sku": "MUG-1",
        "title": "Stoneware mug",
        "variant": "blue",
        "quantity": 1,
        "unit_price": eur("20"),
        "stock": 5,
    }

    return OrderLine(**(given | changes))


def a_lamp(**changes: Any) -> OrderLine:
    """Another product, for orders of two lines: a lamp of 60 euros, the only one."""
    given: dict[str, Any] = {
        "id": 2,
        "sku": "LAMP-1",
        "title": "Oak desk lamp",
        "variant": "warm white",
        "unit_price": eur("60"),
        "stock": 1,
    }

    return a_line(**(given | changes))


def a_parcel(**changes: Any) -> Parcel:
    """A parcel of DHL, on its way for eight days."""
    given: dict[str, Any] = {
        "carrier": "DHL",
        "tracking_number": "00340434292135100186",
        "shipped_at": days_ago(8),
        "delivered_at": None,
    }

    return Parcel(**(given | changes))


SENT = (OrderStatus.SHIPPED, OrderStatus.DELIVERED, OrderStatus.REFUSED)


def an_order(*, overdue: bool = False, **changes: Any) -> Order:
    """
    Order DEMO-1003 of one mug, from our own shop, delivered three days ago.

    The parcel follows from the status and the payment from the lines, unless they are given.
    `overdue` is a shipped order that was promised a month ago.
    """
    if overdue:
        changes = {
            "status": OrderStatus.SHIPPED,
            "placed_at": days_ago(60),
            "promised_by": days_ago(30).date(),
        } | changes
    status = changes.get("status", OrderStatus.DELIVERED)
    lines = changes.get("lines", (a_line(),))
    currency = changes.get("currency", lines[0].unit_price.currency)
    shipping = changes.get("shipping_price", Money(0, currency))
    placed_at = changes.get("placed_at", days_ago(10))
    arrived = days_ago(3) if status is OrderStatus.DELIVERED else None
    price = total([*(line.price for line in lines), shipping], currency)
    given: dict[str, Any] = {
        "id": 3,
        "store": "demo",
        "number": "DEMO-1003",
        "marketplace": Marketplace.SHOP,
        "placed_at": placed_at,
        "status": status,
        "fulfilment": Fulfilment.SELLER,
        "ship_mode": ShipMode.POST,
        "buyer": Buyer(name="Ada Field", email="ada@example.com", phone="+49 30 1234567"),
        "buyer_type": BuyerType.RETAIL,
        "country": "DE",
        "postal_code": "10115",
        "city": "Berlin",
        "address": "Ackerstr. 1",
        "currency": currency,
        "shipping_price": shipping,
        "lines": lines,
        "parcel": a_parcel(delivered_at=arrived) if status in SENT else None,
        "payments": (Payment(amount=price, paid_at=placed_at, method="card"),),
        "promised_by": (NOW + timedelta(days=4)).date(),
    }

    return Order(**(given | changes))


def an_order_by_marketplace(**changes: Any) -> Order:
    """An order that Amazon stores, sends and looks after itself."""
    return an_order(
        **({"marketplace": Marketplace.AMAZON, "fulfilment": Fulfilment.MARKETPLACE} | changes)
    )


def a_summary(**changes: Any) -> OrderSummary:
    """The order as it stands in a list of orders."""
    given: dict[str, Any] = {
        "id": 3,
        "number": "DEMO-1003",
        "placed_at": days_ago(10),
        "status": OrderStatus.DELIVERED,
        "titles": ("Stoneware mug",),
    }

    return OrderSummary(**(given | changes))


def a_case(**changes: Any) -> Case:
    """A damaged mug of that order, nothing heard yet but which line it is."""
    given: dict[str, Any] = {
        "id": "case-0001",
        "conversation_id": "conversation-0001",
        "playbook": "damaged_item",
        "intent": "damaged_item",
        "order_id": 3,
        "line_id": 1,
    }

    return Case(**(given | changes))


def a_refund(**changes: Any) -> Refund:
    """The mug's price back."""
    given: dict[str, Any] = {"order_id": 3, "line_id": 1, "quantity": 1, "amount": eur("20")}

    return Refund(**(given | changes))


def an_offer(*options: Remedy, **changes: Any) -> Offer:
    """An offer of these remedies that stands for three days more."""
    given: dict[str, Any] = {
        "id": "offer-0001",
        "options": options or (a_refund(),),
        "order_revision": 1,
        "expires_at": NOW + timedelta(hours=72),
    }

    return Offer(**(given | changes))


def granted(kind: RemedyKind = RemedyKind.REFUND, **changes: Any) -> Granted:
    """A remedy that stands already: the mug's price went back."""
    given: dict[str, Any] = {"line_id": 1, "amount": eur("20")}

    return Granted(kind=kind, **(given | changes))


def a_turn(text: str = "", intent: str = "", **changes: Any) -> Turn:
    """What the buyer says; `order_number` and `email` become entities where they stand."""
    entities = tuple(
        Entity(name=name, value=value, start=text.find(value), end=text.find(value) + len(value))
        for name in ("order_number", "email")
        if (value := changes.pop(name, None))
    )

    return Turn(**({"text": text, "intent": intent, "entities": entities} | changes))


def the_rulebook(**changes: Any) -> Rulebook:
    """The rulebook of the tests; `problems` are merged, so that one may be changed alone."""
    given: dict[str, Any] = {
        "version": "test",
        "identity": IdentityRules(wrong_tries=5, within_minutes=15),
        "offer_expires_after_hours": 72,
        "hand_off_after_misses": 2,
        "delivery_days_without_promise": 14,
        "late_grace_days": 3,
        "return_within_days": 30,
        "refund_arrives_within_days": 5,
        "refund_without_return_up_to": {"EUR": Decimal(40), "JPY": Decimal(6000)},
        "not_received_wait_days": 3,
        "changes_before_shipping": 1,
        "complaint_within_hours": 24,
        "caps": the_caps(),
        "desk": the_desk(),
        "bad_faith": BadFaithRules(
            remedies=3, within_days=90, photo_distance=3, earliest_arrival_hours=12
        ),
        "intercept": (ShipMode.EXPRESS, ShipMode.SEA),
        "tracking_links": {"dhl": "https://carrier.example/dhl?id={number}"},
        "marketplaces": {
            name: MarketplaceRules(
                name=name.title(),
                front_desk=f"the {name} front desk",
                front_desk_settles=() if name is Marketplace.SHOP else (Fulfilment.MARKETPLACE,),
            )
            for name in Marketplace
        },
    }
    problems = PROBLEMS | changes.pop("problems", {})

    return Rulebook(**(given | changes), problems=problems)


def the_caps(**changes: Any) -> CapRules:
    """Caps that only the single remedy reaches, unless they are given."""
    wide = {"EUR": Decimal(10000), "JPY": Decimal(1000000)}
    given: dict[str, Any] = {
        "per_remedy": {"EUR": Decimal(250), "JPY": Decimal(40000)},
        "per_order": wide,
        "per_buyer": wide,
        "per_store_and_day": wide,
        "buyer_days": 30,
    }

    return CapRules(**(given | changes))


def the_desk(**changes: Any) -> DeskRules:
    """An agent gives 100 euros, a lead 500; above 1000 it takes two."""
    given: dict[str, Any] = {
        "limits": {"agent": {"EUR": Decimal(100)}, "lead": {"EUR": Decimal(500)}},
        "four_eyes_above": {"EUR": Decimal(1000)},
    }

    return DeskRules(**(given | changes))


def with_ladder(problem: str, *ladder: RemedyKind, **changes: Any) -> Rulebook:
    """The rulebook of the tests with another ladder for that problem."""
    percent = Decimal(5) if RemedyKind.DISCOUNT in ladder else Decimal(0)
    rules = replace(PROBLEMS[problem], ladder=(ladder,), discount_percent=percent)

    return the_rulebook(problems={problem: rules}, **changes)


ALL_WAYS = (
    RemedyKind.DISCOUNT,
    RemedyKind.REPLACEMENT,
    RemedyKind.RETURN,
    RemedyKind.REFUND,
)
PROBLEMS: dict[str, ProblemRules] = {
    "damaged_item": ProblemRules(ladder=(ALL_WAYS,), ask_photo=True, discount_percent=Decimal(5)),
    "wrong_item": ProblemRules(ladder=(ALL_WAYS,), ask_photo=True, discount_percent=Decimal(5)),
    "defective_item": ProblemRules(
        ladder=((RemedyKind.REPLACEMENT, RemedyKind.RETURN, RemedyKind.REFUND),), ask_photo=True
    ),
    "missing_item": ProblemRules(ladder=(ALL_WAYS,), ask_photo=True, discount_percent=Decimal(5)),
    "not_as_described": ProblemRules(
        ladder=((RemedyKind.DISCOUNT,), ALL_WAYS),
        ask_photo=True,
        first_discount_percent=Decimal(3),
        discount_percent=Decimal(5),
    ),
    "not_received": ProblemRules(ladder=((RemedyKind.REPLACEMENT, RemedyKind.REFUND),)),
    "late_delivery": ProblemRules(
        ladder=((RemedyKind.REPLACEMENT, RemedyKind.REFUND, RemedyKind.CANCELLATION),)
    ),
    "refund_request": ProblemRules(ladder=((RemedyKind.RETURN,),)),
    "return_item": ProblemRules(ladder=((RemedyKind.RETURN,),)),
    "refuse_delivery": ProblemRules(ladder=((RemedyKind.INTERCEPT,),)),
    "cancel_order": ProblemRules(ladder=((RemedyKind.INTERCEPT, RemedyKind.RETURN),)),
}
