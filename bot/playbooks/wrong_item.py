"""
Another product, size or colour than ordered came (AFTER_SALES.md, 3).

Whose mistake it was decides who pays for it, so the buyer is asked what came before a photo of
it. Noticed before it arrives it is stopped on its way, where that way can be stopped. What is
offered is the rulebook's: the worth of the goods decides whether they come back, the buyer's kind
and country which ladder holds.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import ClassVar

from bot.casework.cases import Awaiting, Case, Offer
from bot.casework.decisions import Ask, Close, Decision
from bot.casework.orders import Order, OrderLine, OrderStatus, ShipMode
from bot.casework.remedies import RemedyKind
from bot.casework.replies import Choice, MessageKind, Reply
from bot.casework.rulebook import Rulebook
from bot.casework.telling import Came, told_arrival, told_came
from bot.casework.turns import Turn
from bot.playbooks.hearing import ARRIVAL_INTENTS
from bot.playbooks.ladder import build_remedies
from bot.playbooks.playbook import Playbook
from bot.playbooks.steps import (
    NO,
    PERSON,
    YES,
    ask_for_photo,
    ask_how_many,
    ask_which_line,
    choose_remedy,
    confirm_remedy,
    go_down_ladder,
    lead_to_front_desk,
    offer_in_words,
    offer_reply,
    option_buttons,
    stop_if_off,
    stop_if_settled,
)


@dataclass(frozen=True, kw_only=True)
class NotPackedYet(Reply):
    """It has not left, so nothing wrong of it can have come, and it can still be stopped."""

    order_number: str


@dataclass(frozen=True, kw_only=True)
class HasItCome(Reply):
    """Something is wrong with a parcel that is still under way: has the buyer got it?"""

    order_number: str


@dataclass(frozen=True, kw_only=True)
class WhatCame(Reply):
    """Another product, another variant or somebody else's parcel?"""

    line: OrderLine
    again: bool = False
    apologised: bool = False


@dataclass(frozen=True, kw_only=True)
class OfferToStop(Reply):
    """
    It can be stopped before it arrives: by sea the forwarder holds it, else the courier.

    `again` says that the offer was made before, `renewed` that an earlier one fell.
    """

    kind: ClassVar[MessageKind] = MessageKind.OFFER

    order_number: str
    by_sea: bool
    expires_at: datetime
    again: bool = False
    renewed: bool = False


@dataclass(frozen=True, kw_only=True)
class WaitForIt(Reply):
    """It stays on its way; once it is there, it is made good. `declined`: the buyer wants it so."""

    order_number: str
    expected_by: date | None
    declined: bool


def stop_before_it_leaves(
    _case: Case, order: Order, _turn: Turn, _rules: Rulebook, _now: datetime
) -> Decision | None:
    """
    What has not left can be stopped or changed, which are matters of their own.

    Which of the two is the buyer's to say: by a button, or by telling what shall be packed.
    """
    if order.shipped:
        return None
    cancel = Choice("intent:cancel_order", "cancel_the_order")

    return Close(reply=NotPackedYet(order_number=order.number, choices=(cancel, PERSON)))


def ask_if_it_came(
    case: Case, order: Order, _turn: Turn, rules: Rulebook, _now: datetime
) -> Decision | Case | None:
    """
    Find out whether the wrong goods are with the buyer, where tracking does not say so.

    Who shows a photo of them has them. A case that began under way goes on when the parcel comes.
    """
    if order.status is OrderStatus.DELIVERED:
        return None if case.arrived is not False else replace(case, arrived=True)
    if case.arrived is not None:
        return None
    if case.photos or case.reason in ARRIVAL_INTENTS or case.came:
        return replace(case, arrived=True)
    told = told_arrival(case.opening)
    if told is not None:
        return replace(case, arrived=told)

    return Ask(
        reply=HasItCome(order_number=order.number, choices=(YES, NO), card=rules.card(order)),
        awaiting=Awaiting.ARRIVAL,
    )


def wait_for_arrival(
    case: Case, order: Order, _turn: Turn, rules: Rulebook, now: datetime
) -> Decision | None:
    """What nobody can stop, or shall stop, is made good when it is there (AFTER_SALES.md, 3.5)."""
    if case.arrived is not False:
        return None
    remedies, looked_at = build_remedies(case.playbook, case, order, rules, now.date())
    can_be_stopped = remedies and rules.problems[case.playbook].before_arrival
    if can_be_stopped and not case.declined:
        return None
    expected = rules.expected_by(order)

    return Close(
        reply=WaitForIt(
            order_number=order.number,
            expected_by=expected if expected >= now.date() else None,
            declined=case.declined,
            choices=(PERSON,),
        ),
        rules=looked_at,
    )


def stop_on_its_way(
    case: Case, order: Order, turn: Turn, rules: Rulebook, now: datetime
) -> Decision | None:
    """Call it back before it arrives, after a yes; what came is not known and not asked."""
    if case.arrived is not False:
        return None

    return offer_in_words(_stop_reply, case, order, rules, now) or confirm_remedy(
        case, order, turn, rules, now
    )


def _stop_reply(
    case: Case, order: Order, offer: Offer, *, again: bool = False, renewed: bool = False
) -> Reply:
    if any(option.kind is not RemedyKind.INTERCEPT for option in offer.options):
        return offer_reply(case, order, offer, again=again, renewed=renewed)

    return OfferToStop(
        order_number=order.number,
        by_sea=order.ship_mode is ShipMode.SEA,
        expires_at=offer.expires_at,
        again=again or renewed,
        renewed=renewed,
        choices=option_buttons(offer),
    )


def ask_what_came(
    case: Case, order: Order, _turn: Turn, _rules: Rulebook, _now: datetime
) -> Decision | Case | None:
    """Find out whose mistake it was (AFTER_SALES.md, 3.2), with the first apology."""
    if case.came:
        return None
    if told := told_came(case.opening):
        return replace(case, came=told)
    asked_if_it_came = case.awaiting is Awaiting.ARRIVAL and order.status is OrderStatus.SHIPPED

    return Ask(
        reply=WhatCame(
            line=order.line(case.line_id or 0),
            again=case.awaiting is Awaiting.WHAT_CAME,
            apologised=asked_if_it_came,
            choices=tuple(Choice(f"came:{came}", f"came_{came}") for came in Came),
        ),
        awaiting=Awaiting.WHAT_CAME,
    )


WRONG_ITEM = Playbook(
    name="wrong_item",
    has_ladder=True,
    steps=(
        lead_to_front_desk,
        stop_if_off,
        stop_before_it_leaves,
        ask_which_line,
        stop_if_settled,
        ask_if_it_came,
        wait_for_arrival,
        stop_on_its_way,
        ask_how_many,
        ask_what_came,
        ask_for_photo,
        go_down_ladder,
        choose_remedy,
        confirm_remedy,
    ),
)
