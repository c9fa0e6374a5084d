"""
Which open case a message is about: the one that it names, or the one that was asked about last.

A wrong guess is answered in the wrong place, and a yes would settle the wrong case. So an order
number or a product that belongs elsewhere always counts more than the open question.
"""

import re
from dataclasses import replace

from bot.casework.cases import Awaiting, Case
from bot.casework.order_numbers import order_key
from bot.casework.reading import mentioned_order, named_line, named_order
from bot.casework.turns import Turn
from bot.playbooks import BY_NAME, PLAYBOOKS
from bot.playbooks.hearing import ARRIVAL_INTENTS, NOT_THERE, heard_as
from bot.services.exchange import Exchange
from bot.services.identify import own_orders


def case_in_question(exchange: Exchange) -> Case | None:
    """
    The open case of the order that the message names, or else the one in focus.

    A photo goes to the case that waits for one, even if something else was asked since.
    """
    waiting = [case for case in exchange.cases if case.open_question]
    if mentioned := order_key(mentioned_order(exchange.turn)):
        waiting = [case for case in waiting if _key_of(exchange, case) == mentioned]
        return next(iter(waiting), exchange.focus)
    if exchange.turn.photos:
        for_photo = (case for case in waiting if case.awaiting is Awaiting.PHOTO)
        return next(for_photo, exchange.focus)

    return exchange.focus


def case_complained_of(exchange: Exchange) -> Case | None:
    """
    The case that an angry message is about: of the order that it names, or else of any.

    The one with the open question comes first, then the last that was talked about, even if it
    is settled. None where nothing was talked about yet, or nothing of the named order.
    """
    named = order_key(mentioned_order(exchange.turn))
    known = [case for case in exchange.cases if not named or _key_of(exchange, case) == named]

    return next((case for case in known if case.open_question), next(iter(known), None))


def is_about(exchange: Exchange, case: Case) -> bool:
    """Whether the message names neither another order nor another product than the case's."""
    if case.order_id is None:
        return True
    if mentioned := order_key(mentioned_order(exchange.turn)):
        return mentioned == _key_of(exchange, case)
    text = exchange.turn.text
    line = named_line(text, exchange.order(case.order_id).goods)
    if line:
        return case.line_id in (None, line.id)
    order = named_order(text, own_orders(exchange))

    return order is None or order.id == case.order_id


def answers(case: Case, intent: str) -> bool:
    """
    Whether a question's or problem's intent goes on with the case instead of beginning another.

    Who is asked why they want a refund and says "it is broken" opens no second case; who says
    "refund" while choosing a remedy chooses. Where no remedies are chosen from, a refund is
    another matter.
    """
    if intent in heard_as(case):
        return True
    if case.playbook in NOT_THERE and intent in NOT_THERE:
        return True
    if case.awaiting is Awaiting.VARIANT and intent in OF_VARIANTS.get(case.playbook, ()):
        return True
    if intent == case.intent:
        return True
    if PLAYBOOKS[case.intent].at_once:
        return False
    if intent == "refund_request":
        return BY_NAME[case.playbook].has_ladder

    return PLAYBOOKS[intent].name == case.playbook


ANOTHER_VARIANT = ("change_item", "exchange_item")
OF_VARIANTS = {
    "change_item": ANOTHER_VARIANT,
    "exchange_item": (*ANOTHER_VARIANT, *ARRIVAL_INTENTS),
}
"""What a buyer who is asked which variant they want may be heard as saying."""


def without_bare_numbers(exchange: Exchange, turn: Turn) -> Turn:
    """
    The turn without order numbers that are digits only, while an address is awaited.

    A phone number is taken for one of Wildberries' by its look.
    """
    focus = exchange.focus
    if focus is None or focus.awaiting is not Awaiting.ADDRESS:
        return turn
    named = tuple(
        one
        for one in turn.entities
        if one.name != "order_number"
        or not one.value.strip().isdecimal()
        or CALLED_AN_ORDER.search(turn.text[: one.start])
    )

    return replace(turn, entities=named)


CALLED_AN_ORDER = re.compile(r"\border\b[\w .:]{0,12}$|[#№]\s?$", re.IGNORECASE)


def on_named_order(exchange: Exchange, case: Case) -> Case:
    """
    The case, begun anew for another order if the message names one.

    "No, I meant DEMO-1005" moves the matter there; "yes, DEMO-1005" agrees to nothing that was
    asked about DEMO-1003.
    """
    mentioned = mentioned_order(exchange.turn)
    if not mentioned or case.order_id is None or order_key(mentioned) == _key_of(exchange, case):
        return case

    return replace(
        case,
        playbook=PLAYBOOKS[case.intent].name,
        order_id=None,
        claimed=mentioned,
        awaiting=Awaiting.NOTHING,
        line_id=None,
        quantity=None,
        arrived=None,
        sku="",
        searched=False,
        round=0,
        offer=None,
        picked=None,
        confirmed=False,
        declined=False,
    )


def number_of(exchange: Exchange, case: Case) -> str:
    """The number of the case's order, proven or only claimed; empty if neither."""
    return case.claimed if case.order_id is None else exchange.order(case.order_id).number


def _key_of(exchange: Exchange, case: Case) -> str:
    return order_key(number_of(exchange, case))
