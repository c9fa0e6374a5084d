"""
It has not come and the buyer says that it is overdue.

A few days late: show the facts and reassure. Past the promised day plus a grace period: make it
good. The grace period decides, because refunding earlier means paying twice when the parcel
turns up (AFTER_SALES.md, 7).
"""

from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.casework.cases import Case
from bot.casework.decisions import Close, Decision, Rule
from bot.casework.orders import Order, OrderStatus
from bot.casework.replies import Reply
from bot.casework.rulebook import Rulebook
from bot.casework.turns import Turn
from bot.playbooks.cancel_order import LeftAsItIs
from bot.playbooks.playbook import Playbook
from bot.playbooks.steps import (
    choose_remedy,
    confirm_remedy,
    lead_to_front_desk,
    stop_if_off,
    stop_if_settled,
)


@dataclass(frozen=True, kw_only=True)
class NotLateYet(Reply):
    """It is still within the promised time."""

    order_number: str
    expected_by: date
    shipped: bool


@dataclass(frozen=True, kw_only=True)
class LateButComing(Reply):
    """It is late, and from `makes_good_from` on something can be done about it."""

    order_number: str
    expected_by: date
    late_days: int
    makes_good_from: date
    shipped: bool


def go_on_if_delivered(
    case: Case, order: Order, _turn: Turn, _rules: Rulebook, _now: datetime
) -> Case | None:
    """The carrier's word against the buyer's has a way of its own."""
    return replace(case, playbook="not_received") if order.status is OrderStatus.DELIVERED else None


def reassure(
    _case: Case, order: Order, _turn: Turn, rules: Rulebook, now: datetime
) -> Decision | None:
    """Show the facts while there is still time."""
    today, expected = now.date(), rules.expected_by(order)
    if today <= expected:
        return Close(
            reply=NotLateYet(
                order_number=order.number,
                expected_by=expected,
                shipped=order.shipped,
                card=rules.card(order),
            ),
            rules=(Rule("late", held=False, compared=f"{today} <= {expected}"),),
        )
    makes_good_from = rules.makes_good_from(order)
    if today >= makes_good_from:
        return None

    return Close(
        reply=LateButComing(
            order_number=order.number,
            expected_by=expected,
            late_days=(today - expected).days,
            makes_good_from=makes_good_from,
            shipped=order.shipped,
            card=rules.card(order),
        ),
        rules=(Rule("past_grace", held=False, compared=f"{today} < {makes_good_from}"),),
    )


def keep_waiting(
    case: Case, order: Order, _turn: Turn, _rules: Rulebook, _now: datetime
) -> Decision | None:
    """The buyer rather waits than takes what was offered."""
    if case.declined:
        return Close(reply=LeftAsItIs(order_number=order.number))

    return None


LATE_DELIVERY = Playbook(
    name="late_delivery",
    has_ladder=True,
    steps=(
        lead_to_front_desk,
        stop_if_off,
        stop_if_settled,
        go_on_if_delivered,
        reassure,
        keep_waiting,
        choose_remedy,
        confirm_remedy,
    ),
)
