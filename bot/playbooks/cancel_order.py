"""
The buyer wants an order cancelled.

Before hand-over to the carrier it is cancelled after an explicit yes; afterwards the parcel can
only be called back, or come back (AFTER_SALES.md, 7).
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar

from bot.casework.cases import Case
from bot.casework.decisions import Close, Decision
from bot.casework.money import Money
from bot.casework.orders import Order, OrderLine, OrderStatus
from bot.casework.reading import named_line
from bot.casework.remedies import Cancellation, Remedy
from bot.casework.replies import MessageKind, Reply
from bot.casework.rulebook import Rulebook
from bot.casework.turns import Turn
from bot.playbooks.playbook import Playbook
from bot.playbooks.steps import (
    NO,
    PERSON,
    YES,
    choose_remedy,
    confirm_in_words,
    confirm_remedy,
    lead_to_front_desk,
    next_offer,
    stop_if_settled,
)


@dataclass(frozen=True, kw_only=True)
class LeftAsItIs(Reply):
    """
    The buyer decided otherwise, nothing was changed.

    `may_refuse` says that it is under way and need not be taken when it comes.
    """

    order_number: str
    may_refuse: bool = False


@dataclass(frozen=True, kw_only=True)
class OnlyWhole(Reply):
    """
    The exact terms, where the buyer named one product of several.

    A machine stops the whole order or nothing; a person can take out the one.
    """

    kind: ClassVar[MessageKind] = MessageKind.CONFIRM

    order_number: str
    named: OrderLine
    remedy: Remedy
    arrives_within_days: int
    needs_approval: bool


@dataclass(frozen=True, kw_only=True)
class AlreadyOff(Reply):
    """It was cancelled or refused before."""

    order_number: str
    refused: bool
    paid: Money


def stop_if_done(
    case: Case, order: Order, _turn: Turn, rules: Rulebook, now: datetime
) -> Decision | Case | None:
    """
    Nothing is left to cancel, or the buyer changed their mind about it.

    After a no to what is possible under way, the ladder's next round is offered; an order that
    then simply stays needs no person.
    """
    if case.declined and order.shipped and case.offer:
        after, _ = next_offer(case, order, rules, now)
        if after:
            return after
    if case.declined:
        choices = (PERSON,) if _named(case, order) else ()
        return Close(
            reply=LeftAsItIs(
                order_number=order.number,
                may_refuse=order.status is OrderStatus.SHIPPED,
                choices=choices,
            )
        )
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


def send_back_what_was_named(
    case: Case, order: Order, _turn: Turn, _rules: Rulebook, _now: datetime
) -> Case | None:
    """Delivered goods come back one by one; a parcel under way is turned back whole."""
    named = _named(case, order)
    if named is None or case.line_id is not None or not order.shipped:
        return None

    return replace(case, line_id=named.id)


def offer_after_hand_over(
    case: Case, order: Order, turn: Turn, rules: Rulebook, now: datetime
) -> Decision | None:
    """Under way or delivered: explain, and offer what is still possible."""
    return choose_remedy(case, order, turn, rules, now) if order.shipped else None


def confirm_cancellation(
    case: Case, order: Order, turn: Turn, rules: Rulebook, now: datetime
) -> Decision | None:
    """As for any remedy; who named one product of several is told that all of them go."""
    if order.shipped or not _named(case, order):
        return confirm_remedy(case, order, turn, rules, now)

    return confirm_in_words(_only_whole_reply, case, order, rules, now)


def _only_whole_reply(
    case: Case, order: Order, remedy: Remedy, rules: Rulebook, *, needs_approval: bool
) -> Reply:
    named = _named(case, order) or order.goods[0]

    return OnlyWhole(
        order_number=order.number,
        named=named,
        remedy=remedy,
        arrives_within_days=rules.refund_arrives_within_days,
        needs_approval=needs_approval,
        choices=(YES, NO, PERSON),
    )


def _named(case: Case, order: Order) -> OrderLine | None:
    """The one product of several that the buyer wants cancelled."""
    return named_line(case.opening, order.goods) if len(order.goods) > 1 else None


CANCEL_ORDER = Playbook(
    name="cancel_order",
    has_ladder=True,
    steps=(
        lead_to_front_desk,
        stop_if_done,
        send_back_what_was_named,
        stop_if_settled,
        cancel_before_hand_over,
        offer_after_hand_over,
        confirm_cancellation,
    ),
)
