"""
The parcel is incomplete or empty: what is missing, a photo, and what was not sent or its price.

We know of one parcel for an order and not what lies in it, so the buyer is told what was sent and
says what is not there.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar

from bot.casework.cases import Awaiting, Case
from bot.casework.decisions import Ask, Decision
from bot.casework.describing import MISSING, what_is_missing
from bot.casework.orders import Order, OrderLine
from bot.casework.reading import named_line
from bot.casework.replies import Choice, MessageKind, Reply
from bot.casework.rulebook import Rulebook
from bot.casework.turns import Turn
from bot.playbooks.defective_item import SKIP
from bot.playbooks.playbook import Playbook
from bot.playbooks.steps import (
    NO_PHOTO,
    ask_for_photo,
    ask_how_many,
    ask_which_line,
    choose_remedy,
    confirm_remedy,
    go_down_ladder,
    lead_to_front_desk,
    stop_if_off,
    stop_if_settled,
    stop_unless_sent,
)


@dataclass(frozen=True, kw_only=True)
class WhatIsMissing(Reply):
    """This is what was sent; what of it is not there?"""

    order_number: str
    lines: tuple[OrderLine, ...]


@dataclass(frozen=True, kw_only=True)
class WhichPart(Reply):
    """Which part of the goods is missing?"""

    line: OrderLine


@dataclass(frozen=True, kw_only=True)
class PhotoOfParcel(Reply):
    """Sympathy first, then a photo of the empty parcel and its label."""

    kind: ClassVar[MessageKind] = MessageKind.ASK_PHOTO

    order_number: str
    again: bool = False


def ask_what_is_missing(
    case: Case, order: Order, _turn: Turn, _rules: Rulebook, _now: datetime
) -> Decision | Case | None:
    """All of it, an item, or a part of one: each is made good otherwise."""
    if case.reason in MISSING:
        return None
    if case.intent == "missing_item":
        if told := what_is_missing(case.opening):
            return replace(case, reason=told, detail=case.opening)
        if len(order.goods) > 1 and named_line(case.opening, order.goods):
            return replace(case, reason="item", detail=case.opening)

    return Ask(
        reply=WhatIsMissing(
            order_number=order.number,
            lines=order.goods,
            choices=tuple(Choice(f"missing:{what}", f"missing_{what}") for what in MISSING),
        ),
        awaiting=Awaiting.WHAT_IS_MISSING,
    )


def ask_which_is_missing(
    case: Case, order: Order, turn: Turn, rules: Rulebook, now: datetime
) -> Decision | Case | None:
    """An empty parcel is about all that was in it."""
    return None if case.reason == "empty" else ask_which_line(case, order, turn, rules, now)


def ask_which_part(
    case: Case, order: Order, _turn: Turn, _rules: Rulebook, _now: datetime
) -> Decision | None:
    """A replacement or a person's answer depends on which part it is."""
    if case.reason != "part" or case.detail:
        return None

    return Ask(
        reply=WhichPart(line=order.line(case.line_id or 0), choices=(SKIP,)),
        awaiting=Awaiting.DETAIL,
    )


def ask_for_photo_of_it(
    case: Case, order: Order, turn: Turn, rules: Rulebook, now: datetime
) -> Decision | None:
    """Of what came; of an empty parcel with its label, which the carrier will ask for."""
    if case.reason != "empty":
        return ask_for_photo(case, order, turn, rules, now)
    if case.photos or case.no_photo or not rules.problems[case.playbook].ask_photo:
        return None

    return Ask(
        reply=PhotoOfParcel(
            order_number=order.number,
            again=case.awaiting is Awaiting.PHOTO,
            choices=(NO_PHOTO,),
        ),
        awaiting=Awaiting.PHOTO,
    )


MISSING_ITEM = Playbook(
    name="missing_item",
    has_ladder=True,
    steps=(
        lead_to_front_desk,
        stop_if_off,
        stop_unless_sent,
        ask_what_is_missing,
        ask_which_is_missing,
        stop_if_settled,
        ask_how_many,
        ask_which_part,
        ask_for_photo_of_it,
        go_down_ladder,
        choose_remedy,
        confirm_remedy,
    ),
)
