"""
Which order, and is it this buyer's? Asked before anything of an order is told or done.

A signed identity opens its own orders. Anyone else proves an order by its e-mail or postcode.
Wrong tries are counted for the order and whoever tries; an order that does not exist is
treated exactly like one that is not theirs.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.casework.cases import Awaiting, Case
from bot.casework.choosing import named_place
from bot.casework.decisions import Ask
from bot.casework.order_numbers import order_key
from bot.casework.orders import Order, OrderSummary
from bot.casework.reading import EMAIL, mentioned_order, named_order, typed_order, typed_proof
from bot.casework.replies import Choice, Reply
from bot.casework.turns import Turn
from bot.playbooks.steps import PERSON
from bot.services.exchange import Exchange

MOST_LISTED = 6
FEWEST_SIGNS = 3
"""Of the end of an order number, to be taken for the whole."""


@dataclass(frozen=True, kw_only=True)
class AskOrderNumber(Reply):
    """Which order is it?"""

    again: bool


@dataclass(frozen=True, kw_only=True)
class WhichOrder(Reply):
    """The buyer has several orders; which of them?"""


@dataclass(frozen=True, kw_only=True)
class AskProof(Reply):
    """The order's e-mail or postcode, please."""

    order_number: str


@dataclass(frozen=True, kw_only=True)
class NoMatch(Reply):
    """No such order, or another buyer's: the same words for both."""

    order_number: str


@dataclass(frozen=True, kw_only=True)
class TooManyTries(Reply):
    """This order is locked for a while for whoever tried."""

    order_number: str
    minutes: int


def find_order(exchange: Exchange, case: Case, turn: Turn) -> tuple[Case, Order | Ask]:
    """
    The case with its order; or, while the order is not certain, what to ask for it.

    A silent turn only finds out which question is still open.
    """
    own = own_orders(exchange)
    if chosen := _chosen(turn, case, own):
        return _found(exchange, case, chosen.id)
    if number := _number(turn, case):
        if mine := _of_number(number, own):
            return _found(exchange, case, mine.id)
        return _prove(exchange, replace(case, claimed=number), turn)

    if email := EMAIL.search(turn.text):
        case = replace(case, proof=email.group())
    if named := named_order(case.opening, own):
        return _found(exchange, case, named.id)
    if (recent := exchange.recent_order_id) and recent in {order.id for order in own}:
        return _found(exchange, case, recent)
    if len(own) == 1:
        return _found(exchange, case, own[0].id)

    return case, _ask_which(case, own)


def same_email(one: str, other: str) -> bool:
    """Whether both are the same address; an empty one never is."""
    return bool(one.strip()) and one.strip().casefold() == other.strip().casefold()


def proves(order: Order, proof: str) -> bool:
    """Whether that e-mail or postcode is the order's."""
    if "@" in proof:
        return same_email(proof, order.buyer.email)
    typed, stored = (_postcode_key(code) for code in (proof, order.postal_code))
    if re.fullmatch(r"\d{9}", typed) and re.fullmatch(r"\d{5}", stored):
        typed = typed[:5]  # ZIP+4 for a ZIP

    return bool(typed) and typed == stored


def _postcode_key(code: str) -> str:
    """A postcode without spaces and without a country before its digits: D-10115, LV-1010."""
    return re.sub(r"^[A-Z]{1,2}-?(?=\d{4,}$)", "", order_key(code))


def _chosen(turn: Turn, case: Case, own: Sequence[OrderSummary]) -> OrderSummary | None:
    """The order that was pressed; or named by its place or product after "which order?"."""
    if turn.choice:
        return next((order for order in own if turn.choice == f"order:{order.id}"), None)
    if case.awaiting is not Awaiting.ORDER_NUMBER or mentioned_order(turn):
        return None
    if named := named_order(turn.text, own):
        return named
    place = named_place(turn.text, min(len(own), MOST_LISTED))

    return None if place is None else own[place]


def _number(turn: Turn, case: Case) -> str:
    if mentioned := mentioned_order(turn):
        return mentioned
    if case.awaiting is Awaiting.ORDER_NUMBER and (typed := typed_order(turn.text)):
        return typed

    return case.claimed


def _of_number(number: str, own: Sequence[OrderSummary]) -> OrderSummary | None:
    """The buyer's own order of that number; its end is enough where it fits only one."""
    key = order_key(number)
    keys = {order.id: order_key(order.number) for order in own}
    exact = [order for order in own if keys[order.id] == key]
    ending = [order for order in own if len(key) >= FEWEST_SIGNS and keys[order.id].endswith(key)]

    return next(iter(exact or (ending if len(ending) == 1 else ())), None)


def find_own(exchange: Exchange, number: str) -> int | None:
    """The buyer's own order of that number; None where it is not known to be theirs."""
    mine = _of_number(number, own_orders(exchange))

    return mine.id if mine else None


def own_orders(exchange: Exchange) -> Sequence[OrderSummary]:
    """Orders that the buyer has proven or that the shop says are theirs, the proven first."""
    conversation = exchange.conversation
    own = list(exchange.unit.orders.summaries(sorted(conversation.verified)))
    if conversation.identity:
        of_email = exchange.unit.orders.of_email(conversation.store, conversation.identity.email)
        known = {order.id for order in own}
        own += [order for order in of_email if order.id not in known]

    return own


def _found(exchange: Exchange, case: Case, order_id: int) -> tuple[Case, Order]:
    order = exchange.order(order_id)

    return replace(case, order_id=order_id, awaiting=Awaiting.NOTHING, misses=0), order


def _ask_which(case: Case, own: Sequence[OrderSummary]) -> Ask:
    reply: Reply = AskOrderNumber(again=case.awaiting is Awaiting.ORDER_NUMBER)
    if own:
        reply = WhichOrder(
            choices=tuple(
                Choice(f"order:{order.id}", "order", order) for order in own[:MOST_LISTED]
            )
        )

    return Ask(reply=reply, awaiting=Awaiting.ORDER_NUMBER)


def _prove(exchange: Exchange, case: Case, turn: Turn) -> tuple[Case, Order | Ask]:
    """Take the proof that was given with the number or before it; wrong ones are counted."""
    number = case.claimed
    asked = case.awaiting is Awaiting.PROOF
    proof = typed_proof(turn, number, asked=asked) or case.proof
    case = replace(case, proof="")
    if not proof:
        return case, Ask(reply=AskProof(order_number=number), awaiting=Awaiting.PROOF)

    conversation, now = exchange.conversation, exchange.now
    rules, tries = exchange.rules.identity, exchange.unit.identity_tries
    key, tried = order_key(number), _digest(proof)
    tries.lock(conversation.store, key)
    since = now - timedelta(minutes=rules.within_minutes)
    wrong = tries.count(conversation.store, key, turn.ip, tried, since)
    if wrong >= rules.wrong_tries:
        locked = TooManyTries(order_number=number, minutes=rules.within_minutes, choices=(PERSON,))
        return case, Ask(reply=locked, awaiting=Awaiting.PROOF)

    order = exchange.unit.orders.find(conversation.store, number)
    if order is None or not proves(order, proof):
        tries.add(conversation.store, key, turn.ip, tried, now)
        no_match = NoMatch(order_number=number, choices=(PERSON,))
        return case, Ask(reply=no_match, awaiting=Awaiting.PROOF)

    exchange.unit.conversations.mark_verified(conversation.id, order.id, now)
    exchange.conversation = replace(conversation, verified=conversation.verified | {order.id})

    return _found(exchange, case, order.id)


def _digest(proof: str) -> str:
    """A wrong guess may be somebody's address, so only its checksum is kept."""
    return hashlib.sha256(proof.strip().casefold().encode()).hexdigest()
