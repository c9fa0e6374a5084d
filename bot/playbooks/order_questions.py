"""Status, tracking, delivery time and details of an order: facts at once, no case to work."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from bot.casework.cases import Case
from bot.casework.decisions import Close, Decision
from bot.casework.money import Money
from bot.casework.orders import Order, OrderLine, OrderStatus
from bot.casework.remedies import RemedyKind
from bot.casework.replies import MessageKind, Reply
from bot.casework.rulebook import Rulebook
from bot.casework.turns import Turn
from bot.playbooks.playbook import Playbook


@dataclass(frozen=True, kw_only=True)
class OrderFacts(Reply):
    """
    What every answer about an order may use.

    `late_days` is 0 while it is not late; `cancelling` says that its cancellation stands,
    `requested` which other remedy was the last to be requested.
    """

    kind: ClassVar[MessageKind] = MessageKind.CARD

    order_number: str
    cancelling: bool
    status: OrderStatus
    expected_by: date
    late_days: int
    shipped_on: date | None
    delivered_on: date | None
    carrier: str
    tracking_number: str
    tracking_link: str
    requested: RemedyKind | None = None


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

    return reply(
        card=rules.card(order),
        order_number=order.number,
        cancelling=order.has_granted(RemedyKind.CANCELLATION),
        requested=_last_requested(order),
        status=order.status,
        expected_by=rules.expected_by(order),
        late_days=late_days(order, rules, today),
        shipped_on=shipped.date() if shipped else None,
        delivered_on=delivered.date() if delivered else None,
        carrier=parcel.carrier if parcel else "",
        tracking_number=parcel.tracking_number if parcel else "",
        tracking_link=rules.card(order).tracking_link,
    )


def _last_requested(order: Order) -> RemedyKind | None:
    kinds = [granted.kind for granted in order.granted]

    return next((kind for kind in reversed(kinds) if kind is not RemedyKind.CANCELLATION), None)


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
    )


ORDER_QUESTIONS = Playbook(name="order_questions", steps=(tell_facts,), at_once=True)
