"""
The buyer wants an order cancelled.

Before hand-over to the carrier it is cancelled after an explicit yes; afterwards the parcel can
only be called back, or come back (AFTER_SALES.md, 7).
"""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.casework.cases import Case
from bot.casework.decisions import Close, Decision
from bot.casework.money import Money
from bot.casework.orders import Order, OrderStatus
from bot.casework.remedies import Cancellation
from bot.casework.replies import Reply
from bot.casework.rulebook import Rulebook
from bot.casework.turns import Turn
from bot.playbooks.playbook import Playbook
from bot.playbooks.steps import (
    PERSON,
    choose_remedy,
    confirm_remedy,
    lead_to_front_desk,
    stop_if_settled,
)


@dataclass(frozen=True, kw_only=True)
class LeftAsItIs(Reply):
    """The buyer decided otherwise, nothing was changed."""

    order_number: str


@dataclass(frozen=True, kw_only=True)
class AlreadyOff(Reply):
    """It was cancelled or refused before."""

    order_number: str
    refused: bool
    paid: Money


def stop_if_done(
    case: Case, order: Order, _turn: Turn, _rules: Rulebook, _now: datetime
) -> Decision | None:
    """Nothing is left to cancel, or the buyer changed their mind about it."""
    if case.declined:
        return Close(reply=LeftAsItIs(order_number=order.number))
    if order.status in (OrderStatus.CANCELLED, OrderStatus.REFUSED):
        return Close(
            reply=AlreadyOff(
                order_number=order.number,
                refused=order.status is OrderStatus.REFUSED,
                paid=order.paid,
                choices=(PERSON,),
            )
        )

    return None


def cancel_before_hand_over(
    case: Case, order: Order, _turn: Turn, _rules: Rulebook, _now: datetime
) -> Case | None:
    """What has not left yet is cancelled whole, and all that was paid goes back."""
    if order.shipped:
        return None
    terms = Cancellation(order_id=order.id, amount=order.left_to_refund())
    if case.picked == terms:
        return None

    return replace(case, picked=terms, confirmed=False)


def offer_after_hand_over(
    case: Case, order: Order, turn: Turn, rules: Rulebook, now: datetime
) -> Decision | None:
    """Under way or delivered: explain, and offer what is still possible."""
    return choose_remedy(case, order, turn, rules, now) if order.shipped else None


CANCEL_ORDER = Playbook(
    name="cancel_order",
    has_ladder=True,
    steps=(
        lead_to_front_desk,
        stop_if_done,
        stop_if_settled,
        cancel_before_hand_over,
        offer_after_hand_over,
        confirm_remedy,
    ),
)
