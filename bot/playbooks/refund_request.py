"""
The buyer wants money back, whatever the story before.

What can be done depends on where the goods are and why they are unwanted, so this playbook
finds that out and goes on as the one that fits.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.casework.cases import Awaiting, Case
from bot.casework.decisions import Ask, Decision, HandOff, Reason
from bot.casework.orders import Order, OrderStatus
from bot.casework.replies import Choice, Reply
from bot.casework.rulebook import Rulebook
from bot.casework.turns import Turn
from bot.playbooks.hearing import ARRIVAL_INTENTS, NOT_THERE
from bot.playbooks.playbook import Playbook
from bot.playbooks.steps import (
    ask_how_many,
    ask_which_line,
    choose_remedy,
    confirm_remedy,
    go_down_ladder,
    lead_to_front_desk,
    stop_if_settled,
)

REASONS = (
    "damaged_item",
    "defective_item",
    "wrong_item",
    "missing_item",
    "not_as_described",
    "late_delivery",
    "changed_mind",
)


@dataclass(frozen=True, kw_only=True)
class WhyRefund(Reply):
    """A refund can be arranged; what is the matter with the goods?"""

    order_number: str


@dataclass(frozen=True, kw_only=True)
class RefusedParcel(Reply):
    """The parcel was refused and travels back; a person settles the money."""

    order_number: str


def go_by_status(
    case: Case, order: Order, _turn: Turn, rules: Rulebook, now: datetime
) -> Decision | Case | None:
    """Not sent yet, or long overdue: the reason is plain and need not be asked."""
    if order.status is OrderStatus.REFUSED:
        return HandOff(reason=Reason.ORDER_STATE, reply=RefusedParcel(order_number=order.number))
    if order.status is OrderStatus.CANCELLED:
        return replace(case, playbook="cancel_order")
    if order.status is not OrderStatus.DELIVERED and now.date() >= rules.makes_good_from(order):
        return replace(case, playbook="late_delivery")
    if not order.shipped:
        return replace(case, playbook="cancel_order")

    return None


def ask_why(
    case: Case, order: Order, _turn: Turn, _rules: Rulebook, _now: datetime
) -> Decision | Case | None:
    """The reason decides: broken and wrong goods are our fault, a changed mind is not."""
    if case.reason in (*ARRIVAL_INTENTS, *NOT_THERE):
        return replace(case, playbook=case.reason)
    if case.reason:
        under_way = order.status is OrderStatus.SHIPPED
        return replace(case, playbook="cancel_order") if under_way else None

    return Ask(
        reply=WhyRefund(
            order_number=order.number,
            choices=tuple(Choice(f"reason:{reason}", f"reason_{reason}") for reason in REASONS),
        ),
        awaiting=Awaiting.REASON,
    )


REFUND_REQUEST = Playbook(
    name="refund_request",
    has_ladder=True,
    steps=(
        lead_to_front_desk,
        go_by_status,
        ask_why,
        ask_which_line,
        stop_if_settled,
        ask_how_many,
        go_down_ladder,
        choose_remedy,
        confirm_remedy,
    ),
)
