"""
The buyer wants to send goods back, or asks how.

Why decides: broken, wrong or other than described is our fault and made good as such; a changed
mind is a return within its time. Who pays for it is the seller's word in the rulebook's answers,
not this playbook's.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.casework.cases import Awaiting, Case
from bot.casework.decisions import Ask, Close, Decision, Rule
from bot.casework.orders import Order
from bot.casework.replies import Choice, Reply
from bot.casework.rulebook import Rulebook
from bot.casework.turns import Turn
from bot.playbooks.checks import last_day_to_return
from bot.playbooks.hearing import ARRIVAL_INTENTS
from bot.playbooks.playbook import Playbook
from bot.playbooks.steps import (
    PERSON,
    ask_how_many,
    ask_which_line,
    choose_remedy,
    confirm_remedy,
    go_down_ladder,
    lead_to_front_desk,
    stop_if_off,
    stop_if_settled,
)

REASONS = (*ARRIVAL_INTENTS, "changed_mind")


@dataclass(frozen=True, kw_only=True)
class WhyReturn(Reply):
    """It can come back; what is the matter with it?"""

    order_number: str


@dataclass(frozen=True, kw_only=True)
class TooLateToReturn(Reply):
    """The time for returns and exchanges is over; `last_day` was the last of it."""

    order_number: str
    last_day: date


def cancel_what_has_not_left(
    case: Case, order: Order, _turn: Turn, _rules: Rulebook, _now: datetime
) -> Case | None:
    """What never left needs no sending back."""
    return None if order.shipped else replace(case, playbook="cancel_order")


def ask_why(
    case: Case, order: Order, _turn: Turn, _rules: Rulebook, _now: datetime
) -> Decision | Case | None:
    """Our fault is made good as such; a changed mind sends the goods back."""
    if case.reason in ARRIVAL_INTENTS:
        return replace(case, playbook=case.reason)
    if case.reason:
        return None

    return Ask(
        reply=WhyReturn(
            order_number=order.number,
            choices=tuple(Choice(f"reason:{reason}", f"reason_{reason}") for reason in REASONS),
        ),
        awaiting=Awaiting.REASON,
    )


def stop_if_out_of_time(
    _case: Case, order: Order, _turn: Turn, rules: Rulebook, now: datetime
) -> Decision | None:
    """After the return window only a person can decide otherwise; its last day is named."""
    last, today = last_day_to_return(order, rules), now.date()
    if today <= last:
        return None

    return Close(
        reply=TooLateToReturn(order_number=order.number, last_day=last, choices=(PERSON,)),
        rules=(Rule("return_within_days", held=False, compared=f"{today} > {last}"),),
    )


RETURN_ITEM = Playbook(
    name="return_item",
    has_ladder=True,
    steps=(
        lead_to_front_desk,
        stop_if_off,
        cancel_what_has_not_left,
        ask_why,
        ask_which_line,
        stop_if_settled,
        stop_if_out_of_time,
        ask_how_many,
        go_down_ladder,
        choose_remedy,
        confirm_remedy,
    ),
)
