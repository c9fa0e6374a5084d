"""Whole, but it does not work: what happens when it is used, a photo, an offer, a plain yes."""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.casework.cases import Awaiting, Case
from bot.casework.decisions import Ask, Decision
from bot.casework.describing import ENOUGH_WORDS, words_in
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

SKIP = Choice("skip", "skip")


@dataclass(frozen=True, kw_only=True)
class WhatHappens(Reply):
    """What does it do when the buyer uses it?"""

    line: OrderLine


def ask_what_happens(
    case: Case, order: Order, _turn: Turn, _rules: Rulebook, _now: datetime
) -> Decision | Case | None:
    """
    One question in free words, kept for a person; who has told it already is not asked.

    The words decide nothing. They often show that a switch or a battery is all that is wrong, and
    spare whoever takes over a question.
    """
    if case.detail:
        return None
    if case.intent == "defective_item" and words_in(case.opening) > ENOUGH_WORDS:
        return replace(case, detail=case.opening)

    return Ask(
        reply=WhatHappens(line=order.line(case.line_id or 0), choices=(SKIP,)),
        awaiting=Awaiting.DETAIL,
    )


DEFECTIVE_ITEM = Playbook(
    name="defective_item",
    has_ladder=True,
    steps=(
        lead_to_front_desk,
        stop_if_off,
        stop_unless_sent,
        ask_which_line,
        stop_if_settled,
        ask_how_many,
        ask_what_happens,
        ask_for_photo,
        go_down_ladder,
        choose_remedy,
        confirm_remedy,
    ),
)
