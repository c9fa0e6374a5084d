"""
The buyer will not take the parcel, or has refused it already (AFTER_SALES.md, 5).

One refusal is an incident, many are a trend: the reason is put on record before anything else.
Then the way that fits where the parcel is: cancelled before it leaves, turned back under way, and
after it was refused a person settles the money.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar

from bot.casework.cases import Awaiting, Case, Offer
from bot.casework.decisions import Ask, Close, Decision, HandOff, Reason
from bot.casework.money import Money
from bot.casework.orders import Order, OrderStatus
from bot.casework.remedies import RemedyKind
from bot.casework.replies import Choice, MessageKind, Reply
from bot.casework.rulebook import Rulebook
from bot.casework.telling import Refused, told_reason, told_refusal
from bot.casework.turns import Turn
from bot.playbooks.ladder import build_remedies
from bot.playbooks.playbook import Playbook
from bot.playbooks.steps import (
    PERSON,
    confirm_remedy,
    lead_to_front_desk,
    next_offer,
    offer_in_words,
    offer_reply,
    option_buttons,
    stop_if_settled,
)

AFTER_DELIVERY = "return_item"
"""The playbook for goods that were accepted after all."""


@dataclass(frozen=True, kw_only=True)
class WhyRefused(Reply):
    """It need not be taken; the seller would like to know why."""

    order_number: str


@dataclass(frozen=True, kw_only=True)
class ComesBack(Reply):
    """
    It was refused and travels back; `left` is what the buyer has paid and not got back.

    `seen` says whether the shop knows of it already, or only the buyer tells so.
    """

    order_number: str
    why: Refused | None
    left: Money
    seen: bool


@dataclass(frozen=True, kw_only=True)
class OfferToTurnBack(Reply):
    """Refuse it at the door, or have it turned back before; the buyer chooses."""

    kind: ClassVar[MessageKind] = MessageKind.OFFER

    order_number: str
    why: Refused | None
    expires_at: datetime
    again: bool = False
    renewed: bool = False


@dataclass(frozen=True, kw_only=True)
class HowToRefuse(Reply):
    """How to refuse it at the door or the pick-up point, and what happens to the money."""

    order_number: str
    why: Refused | None
    left: Money


def ask_why_refused(
    case: Case, order: Order, _turn: Turn, _rules: Rulebook, _now: datetime
) -> Decision | Case | None:
    """Put the reason on record, so that refusals can be watched over time."""
    if case.reason or order.status is OrderStatus.CANCELLED:
        return None
    if told := told_reason(case.opening):
        return replace(case, reason=told)

    return Ask(
        reply=WhyRefused(
            order_number=order.number,
            choices=tuple(Choice(f"reason:{why}", f"refused_{why}") for why in Refused),
        ),
        awaiting=Awaiting.REASON,
    )


def go_where_it_is(
    case: Case, order: Order, _turn: Turn, _rules: Rulebook, _now: datetime
) -> Case | None:
    """Off or not sent yet it is cancelled; delivered it can only be sent back."""
    if order.status is OrderStatus.CANCELLED or not order.shipped:
        return replace(case, playbook="cancel_order", round=0)
    if order.status is OrderStatus.DELIVERED:
        return replace(case, playbook=AFTER_DELIVERY, round=0)

    return None


def settle_refused(
    case: Case, order: Order, _turn: Turn, _rules: Rulebook, _now: datetime
) -> Decision | None:
    """
    Tell what happens to a parcel that was refused; its money is a person's to settle.

    Where only the buyer says so, nobody is called before the shop knows of it, too.
    """
    seen = order.status is OrderStatus.REFUSED
    if not (seen or told_refusal(case.opening)):
        return None
    left = order.left_to_refund()
    reply = ComesBack(order_number=order.number, why=_why(case), left=left, seen=seen)
    if seen and left.minor:
        return HandOff(reason=Reason.ORDER_STATE, reply=reply)

    return Close(reply=replace(reply, choices=(PERSON,)))


def tell_how_to_refuse(
    case: Case, order: Order, _turn: Turn, rules: Rulebook, now: datetime
) -> Decision | Case | None:
    """What cannot be turned back, or shall not, can still be refused when it comes."""
    remedies, looked_at = build_remedies(case.playbook, case, order, rules, now.date())
    if case.declined:
        after, looked_at = next_offer(case, order, rules, now)
        if after:
            return after
    elif remedies:
        return None

    return Close(
        reply=HowToRefuse(
            order_number=order.number,
            why=_why(case),
            left=order.left_to_refund(),
            choices=(PERSON,),
        ),
        rules=looked_at,
    )


def _why(case: Case) -> Refused | None:
    return Refused(case.reason) if case.reason in set(Refused) else None


def offer_to_turn_back(
    case: Case, order: Order, _turn: Turn, rules: Rulebook, now: datetime
) -> Decision | None:
    """Have it turned back before it comes, if the buyer likes."""
    return offer_in_words(_turn_back_reply, case, order, rules, now)


def _turn_back_reply(
    case: Case, order: Order, offer: Offer, *, again: bool = False, renewed: bool = False
) -> Reply:
    if any(option.kind is not RemedyKind.INTERCEPT for option in offer.options):
        return offer_reply(case, order, offer, again=again, renewed=renewed)

    return OfferToTurnBack(
        order_number=order.number,
        why=_why(case),
        expires_at=offer.expires_at,
        again=again or renewed,
        renewed=renewed,
        choices=option_buttons(offer),
    )


REFUSE_DELIVERY = Playbook(
    name="refuse_delivery",
    has_ladder=True,
    steps=(
        lead_to_front_desk,
        stop_if_settled,
        ask_why_refused,
        go_where_it_is,
        settle_refused,
        tell_how_to_refuse,
        offer_to_turn_back,
        confirm_remedy,
    ),
)
