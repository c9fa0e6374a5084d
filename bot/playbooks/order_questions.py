"""
Status, tracking, delivery time, details and invoice: facts at once, no case to work.

Whatever was agreed on for the order is told along: "on its way" alone is half the truth once it
shall be turned back.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from bot.casework.cases import Case
from bot.casework.decisions import Close, Decision
from bot.casework.money import Money
from bot.casework.orders import Order, OrderLine, OrderStatus, Payment
from bot.casework.remedies import RemedyKind, RemedyState
from bot.casework.replies import MessageKind, Reply
from bot.casework.rulebook import Rulebook
from bot.casework.turns import Turn
from bot.playbooks.playbook import Playbook
from bot.playbooks.standing import Standing, remedies_of
from bot.playbooks.steps import PERSON


@dataclass(frozen=True, kw_only=True)
class OrderFacts(Reply):
    """
    What every answer about an order may use.

    `late_days` is 0 while it is not late. `cancelling` is how far its cancellation is, as long as
    it has not left; `standing` is everything else that was agreed on for it.
    """

    kind: ClassVar[MessageKind] = MessageKind.CARD

    order_number: str
    cancelling: RemedyState | None
    status: OrderStatus
    expected_by: date
    late_days: int
    shipped_on: date | None
    delivered_on: date | None
    carrier: str
    tracking_number: str
    tracking_link: str
    standing: tuple[Standing, ...] = ()


@dataclass(frozen=True, kw_only=True)
class WhereItIs(OrderFacts):
    """What is happening with the order."""


@dataclass(frozen=True, kw_only=True)
class HowToTrack(OrderFacts):
    """The tracking number and where to follow it."""


@dataclass(frozen=True, kw_only=True)
class WhenItComes(OrderFacts):
    """The expected day, honestly late when it is late."""


@dataclass(frozen=True, kw_only=True)
class WhatWasOrdered(Reply):
    """Products, address and what was paid."""

    kind: ClassVar[MessageKind] = MessageKind.CARD

    order_number: str
    placed_on: date
    lines: tuple[OrderLine, ...]
    address: str
    postal_code: str
    city: str
    country: str
    paid: Money
    standing: tuple[Standing, ...] = ()


@dataclass(frozen=True, kw_only=True)
class OrderOverview(Reply):
    """
    What was ordered and paid, for somebody who wants an invoice.

    It is no legal document, and says so: that one comes from a person of the seller's, or from
    the marketplace (`issued_by`) where it sells and sends the goods itself.
    """

    kind: ClassVar[MessageKind] = MessageKind.CARD

    order_number: str
    placed_on: date
    lines: tuple[OrderLine, ...]
    shipping: Money
    payments: tuple[Payment, ...]
    issued_by: str
    front_desk: str


ANSWERS: dict[str, type[OrderFacts]] = {
    "order_status": WhereItIs,
    "tracking_link": HowToTrack,
    "delivery_time": WhenItComes,
}


def tell_facts(
    case: Case, order: Order, _turn: Turn, rules: Rulebook, now: datetime
) -> Decision | None:
    """Answer with the order's own facts and its card."""
    if case.intent == "order_details":
        return Close(reply=_details(order, rules))
    if case.intent == "invoice":
        return Close(reply=_overview(order, rules))
    reply = ANSWERS.get(case.intent, WhereItIs)

    return Close(reply=_answer(reply, order, rules, now.date()))


def late_days(order: Order, rules: Rulebook, today: date) -> int:
    """Days past the promise for an order that has neither arrived nor ended; 0 if not late."""
    open_states = (OrderStatus.PENDING, OrderStatus.PROCESSING, OrderStatus.SHIPPED)
    if order.status not in open_states:
        return 0

    return max(0, (today - rules.expected_by(order)).days)


def _answer(reply: type[OrderFacts], order: Order, rules: Rulebook, today: date) -> OrderFacts:
    parcel = order.parcel
    shipped = parcel.shipped_at if parcel else None
    delivered = parcel.delivered_at if parcel else None
    cancelling = _cancelling(order)

    return reply(
        card=rules.card(order),
        order_number=order.number,
        cancelling=cancelling,
        standing=tuple(
            one
            for one in remedies_of(order)
            if not (cancelling and one.kind is RemedyKind.CANCELLATION)
        ),
        status=order.status,
        expected_by=rules.expected_by(order),
        late_days=late_days(order, rules, today),
        shipped_on=shipped.date() if shipped else None,
        delivered_on=delivered.date() if delivered else None,
        carrier=parcel.carrier if parcel else "",
        tracking_number=parcel.tracking_number if parcel else "",
        tracking_link=rules.card(order).tracking_link,
    )


def _cancelling(order: Order) -> RemedyState | None:
    """How far the cancellation of an order is that has not left and that is not off yet."""
    if order.status not in (OrderStatus.PENDING, OrderStatus.PROCESSING):
        return None
    of_order = (one for one in order.granted if one.kind is RemedyKind.CANCELLATION)

    return next((one.state for one in of_order), None)


def _details(order: Order, rules: Rulebook) -> WhatWasOrdered:
    return WhatWasOrdered(
        card=rules.card(order),
        order_number=order.number,
        placed_on=order.placed_at.date(),
        lines=order.goods,
        address=order.address,
        postal_code=order.postal_code,
        city=order.city,
        country=order.country,
        paid=order.paid,
        standing=remedies_of(order),
    )


def _overview(order: Order, rules: Rulebook) -> OrderOverview:
    by_marketplace = rules.front_desk_settles(order)
    marketplace = rules.marketplace(order)

    return OrderOverview(
        card=rules.card(order),
        order_number=order.number,
        placed_on=order.placed_at.date(),
        lines=order.goods,
        shipping=order.shipping_price,
        payments=order.payments,
        issued_by=marketplace.name if by_marketplace else "",
        front_desk=marketplace.front_desk if by_marketplace else "",
        choices=(PERSON,),
    )


ORDER_QUESTIONS = Playbook(name="order_questions", steps=(tell_facts,), at_once=True)
