"""Whole and working, but other than the listing promised: what differs, a photo, an offer."""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.casework.cases import Awaiting, Case
from bot.casework.decisions import Ask, Decision
from bot.casework.describing import DIFFERENCES, what_differs
from bot.casework.orders import Order, OrderLine
from bot.casework.replies import Choice, Reply
from bot.casework.rulebook import Rulebook
from bot.casework.turns import Turn
from bot.playbooks.playbook import Playbook
from bot.playbooks.steps import (
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
class WhatDiffers(Reply):
    """In which way is it other than the listing says?"""

    line: OrderLine


def ask_what_differs(
    case: Case, order: Order, _turn: Turn, _rules: Rulebook, _now: datetime
) -> Decision | Case | None:
    """Which promise was not kept is what a seller has to know to mend the listing."""
    if case.reason in DIFFERENCES:
        return None
    if case.intent == "not_as_described" and (told := what_differs(case.opening)):
        return replace(case, reason=told)

    return Ask(
        reply=WhatDiffers(
            line=order.line(case.line_id or 0),
            choices=tuple(Choice(f"differs:{way}", f"differs_{way}") for way in DIFFERENCES),
        ),
        awaiting=Awaiting.DIFFERENCE,
    )


NOT_AS_DESCRIBED = Playbook(
    name="not_as_described",
    has_ladder=True,
    steps=(
        lead_to_front_desk,
        stop_if_off,
        stop_unless_sent,
        ask_which_line,
        stop_if_settled,
        ask_how_many,
        ask_what_differs,
        ask_for_photo,
        go_down_ladder,
        choose_remedy,
        confirm_remedy,
    ),
)
