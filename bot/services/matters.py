"""
Several matters in one message: the first is worked on, the others are remembered.

A plain question is answered before a problem is worked on, because it needs nothing of the buyer:
"my mug is broken, and where is DEMO-1005?" is told where it is, then asked for a photo.
"""

from collections.abc import Iterable
from dataclasses import replace

from bot.casework.cases import CaseState
from bot.casework.turns import Clause, Entity, Understanding
from bot.playbooks import PLAYBOOKS
from bot.playbooks.hearing import heard_as
from bot.services.exchange import Exchange

MOST_REMEMBERED = 3
SURE = 0.6
"""A clause alone is shorter than a message; less sure than this it is background."""
WISHES = frozenset({"refund_request", "return_item", "exchange_item", "cancel_order"})
"""What a buyer wants done about a problem told beside it is no other matter."""


def remember_others(exchange: Exchange, understanding: Understanding) -> bool:
    """
    Whether the message holds several matters.

    If so, all but one are stored as remembered cases, and the turn is about that one.
    """
    found = _matters(understanding)
    if len(found) < 2 or _is_answer(exchange, found):
        return False
    first, *others = sorted(found, key=lambda clause: not PLAYBOOKS[clause.intent].at_once)
    shared = _shared_order(understanding)
    for clause in others[:MOST_REMEMBERED]:
        case = exchange.new_case(PLAYBOOKS[clause.intent].name, clause.intent)
        exchange.keep(
            replace(
                case,
                state=CaseState.REMEMBERED,
                opening=clause.text,
                claimed=_order_of(clause.entities) or shared,
                photos=(),
            )
        )
    exchange.turn = replace(
        exchange.turn,
        intent=first.intent,
        entities=(*first.entities, *understanding.entities)
        if _order_of(first.entities) or shared
        else first.entities,
        opening=first.text,
    )

    return True


def _is_answer(exchange: Exchange, found: Iterable[Clause]) -> bool:
    """Whether all of it is what the answer to the open question may sound like."""
    asked = exchange.focus
    sounds = frozenset(heard_as(asked)) if asked else frozenset()

    return all(clause.intent in sounds and not _order_of(clause.entities) for clause in found)


def _matters(understanding: Understanding) -> list[Clause]:
    """The clauses that name a playbook, the first of each playbook and order."""
    found: dict[tuple[str, str], Clause] = {}
    shared = _shared_order(understanding)
    for clause in understanding.clauses:
        if clause.intent in PLAYBOOKS and clause.confidence >= SURE:
            key = PLAYBOOKS[clause.intent].name, _order_of(clause.entities) or shared
            found.setdefault(key, clause)

    return [one for one in found.values() if not _is_wish(one, list(found.values()))]


def _is_wish(clause: Clause, others: Iterable[Clause]) -> bool:
    """Whether it only says what shall be done about another clause's problem."""
    order = _order_of(clause.entities)

    return clause.intent in WISHES and any(
        other.intent not in WISHES
        and not PLAYBOOKS[other.intent].at_once
        and order in ("", _order_of(other.entities))
        for other in others
    )


def _shared_order(understanding: Understanding) -> str:
    """The one order that the message names, for clauses that name none; empty for several."""
    numbers = {one.value for one in understanding.entities if one.name == "order_number"}

    return numbers.pop() if len(numbers) == 1 else ""


def _order_of(entities: Iterable[Entity]) -> str:
    return next((one.value for one in entities if one.name == "order_number"), "")
