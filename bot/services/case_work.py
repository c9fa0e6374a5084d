"""Moving one case by one turn: find its order, hear the answer, decide, carry out."""

from dataclasses import dataclass, replace

from bot.casework.cases import Awaiting, Case, CaseState, Facts
from bot.casework.decisions import (
    Ask,
    Close,
    Decision,
    HandOff,
    Perform,
    Propose,
    Reason,
    Say,
)
from bot.casework.orders import Order
from bot.casework.ports import DecisionRow
from bot.casework.remedies import RemedyKind
from bot.casework.replies import Reply
from bot.casework.turns import Turn
from bot.playbooks.deciding import decide
from bot.playbooks.hearing import hear
from bot.playbooks.ladder import pieces_to_resend
from bot.playbooks.playbook import Decided
from bot.services.exchange import Exchange
from bot.services.hand_off import do_hand_off
from bot.services.identify import NoMatch, TooManyTries, find_order

PATIENT = frozenset({"affirm", "thanks", "greet", "photo_sent", "refund_request"})
"""No answers but no misunderstandings either: "ok, one moment", "I just want my money back"."""


@dataclass(frozen=True, kw_only=True)
class NotQuite(Reply):
    """The answer was not understood, the question follows again."""


@dataclass(frozen=True, kw_only=True)
class BackTo(Reply):
    """Another case still waits for an answer, its question follows."""

    order_number: str


class OutOfStep(RuntimeError):
    """What a check allowed a moment ago, in the same transaction, is not there any more."""


def work_on(exchange: Exchange, case: Case) -> Case:
    """
    The case after this turn.

    A turn that does not answer the open question is a miss; too many in a row, and a person
    takes over.
    """
    if case.order_id is None:
        return _begin(exchange, case, exchange.turn)
    order = exchange.order(case.order_id)
    heard = hear(case, order, exchange.turn)
    if heard != case or not case.open_question or _is_patient(case, exchange.turn):
        return _decide(exchange, replace(heard, misses=0), order, exchange.turn)

    case = replace(case, misses=case.misses + 1)
    if case.misses >= exchange.rules.hand_off_after_misses:
        do_hand_off(exchange, Reason.NOT_UNDERSTOOD, case)
        return case
    exchange.say(NotQuite())

    return _decide(exchange, case, order, exchange.turn)


def put_again(exchange: Exchange, case: Case, *, name_order: bool) -> Case:
    """
    Put the case's open question again, after something else was answered.

    What was just done may have answered it too; a case that ends by it does so without a word.
    """
    nothing = Turn()
    if case.order_id is None:
        return _begin(exchange, case, nothing)
    order = exchange.order(case.order_id)
    decided = decide(case, order, nothing, exchange.rules, exchange.now)
    if isinstance(decided.decision, Close) and not name_order:
        _record(exchange, decided, order)
        return _end(exchange, decided.case, decided.decision.state)
    if name_order:
        exchange.say(BackTo(order_number=order.number))

    return _carry_out(exchange, decided, order)


def _begin(exchange: Exchange, case: Case, turn: Turn) -> Case:
    """Find the case's order; what the same message says beyond it is heard at once."""
    before = case
    case, found = find_order(exchange, case, turn)
    if isinstance(found, Order):
        return _decide(exchange, hear(case, found, turn), found, turn)
    case = replace(case, photos=(*case.photos, *turn.photos))
    if not turn.silent:
        missed = _is_missed(before, case, found, turn)
        case = replace(case, misses=case.misses + 1 if missed else 0)
    if case.misses >= exchange.rules.hand_off_after_misses:
        locked = isinstance(found.reply, TooManyTries)
        do_hand_off(exchange, Reason.LOCKED if locked else Reason.NOT_UNDERSTOOD, case)
        return case
    _record(exchange, Decided(case=case, step="find_order", decision=found), None)

    return _ask(exchange, case, found)


def _is_missed(before: Case, case: Case, ask: Ask, turn: Turn) -> bool:
    """Whether a message brought nothing that helps to find the order, or came too often."""
    if isinstance(ask.reply, TooManyTries):
        return True
    nothing_new = (before.awaiting, before.claimed, before.proof) == (
        ask.awaiting,
        case.claimed,
        case.proof,
    )

    return nothing_new and not isinstance(ask.reply, NoMatch) and not _is_patient(before, turn)


def _is_patient(case: Case, turn: Turn) -> bool:
    """Whether the buyer only asks for time, or goes on telling what the case is about."""
    return turn.intent in PATIENT or turn.intent in (case.intent, case.playbook)


def _decide(exchange: Exchange, case: Case, order: Order, turn: Turn) -> Case:
    """Let the playbook decide, and do so."""
    decided = decide(case, order, turn, exchange.rules, exchange.now)

    return _carry_out(exchange, decided, order)


def _carry_out(exchange: Exchange, decided: Decided, order: Order) -> Case:
    """Write the decision down and do what it says."""
    number = _record(exchange, decided, order)
    case = decided.case
    match decided.decision:
        case Ask() as ask:
            return _ask(exchange, case, ask)
        case Propose() as propose:
            return _propose(exchange, case, propose)
        case Perform() as perform:
            return _perform(exchange, case, order, perform, number)
        case HandOff() as hand_off:
            return _hand_off(exchange, case, hand_off)
        case Close() as close:
            return _close(exchange, case, close)
        case Say() as say:
            exchange.say(say.reply, exchange.keep(case))
            return case


def _ask(exchange: Exchange, case: Case, ask: Ask) -> Case:
    # A yes counts in its own turn: what is asked now was not what it agreed to.
    case = exchange.keep(replace(case, awaiting=ask.awaiting, confirmed=False))
    exchange.say(ask.reply, case)

    return case


def _propose(exchange: Exchange, case: Case, propose: Propose) -> Case:
    exchange.keep(case)
    offer = exchange.unit.cases.add_offer(
        case.id, propose.offer, exchange.rules.version, exchange.now
    )
    case = replace(case, offer=offer, picked=None, confirmed=False)

    return _ask(exchange, case, Ask(reply=propose.reply, awaiting=Awaiting.CHOICE))


def _perform(exchange: Exchange, case: Case, order: Order, perform: Perform, number: int) -> Case:
    """The remedy, its outbox row and the settled case: all of them, or none."""
    remedy = perform.remedy
    if remedy.kind is RemedyKind.REPLACEMENT:
        for line, pieces in pieces_to_resend(remedy, order):
            if not exchange.unit.orders.take_stock(order.store, line.sku, pieces):
                raise OutOfStep(f"{line.sku} was in stock under this very lock")
    exchange.unit.ledger.add_remedy(case.id, number, remedy, reason=case.playbook, now=exchange.now)
    exchange.orders.pop(order.id, None)

    return _close(exchange, case, Close(reply=perform.reply))


def _hand_off(exchange: Exchange, case: Case, hand_off: HandOff) -> Case:
    exchange.keep(case)
    if hand_off.reply:
        exchange.say(hand_off.reply, case)
    do_hand_off(exchange, hand_off.reason, case)

    return case


def _close(exchange: Exchange, case: Case, close: Close) -> Case:
    case = _end(exchange, case, close.state)
    exchange.say(close.reply, case)

    return case


def _end(exchange: Exchange, case: Case, state: CaseState) -> Case:
    return exchange.keep(replace(case, state=state, awaiting=Awaiting.NOTHING))


def drop(exchange: Exchange, case: Case, reply: Reply) -> None:
    """The buyer lets the matter go."""
    decided = Decided(case=case, step="drop", decision=Close(reply=reply, state=CaseState.DROPPED))
    _record(exchange, decided, None)
    _close(exchange, case, Close(reply=reply, state=CaseState.DROPPED))


def _record(exchange: Exchange, decided: Decided, order: Order | None) -> int:
    case = exchange.keep(decided.case)

    return exchange.unit.ledger.add_decision(
        DecisionRow(
            conversation_id=exchange.conversation.id,
            case_id=case.id,
            message_id=exchange.message.id,
            playbook=case.playbook,
            step=decided.step,
            decision=type(decided.decision).__name__,
            facts=_facts(case, order, decided.decision),
            rules=decided.decision.rules,
            rulebook_version=exchange.rules.version,
            decided_at=exchange.now,
        )
    )


def _facts(case: Case, order: Order | None, decision: Decision) -> Facts:
    """What the decision saw, flat, so that a person can read the ledger."""
    facts: dict[str, str | int | bool | None] = {
        "line_id": case.line_id,
        "quantity": case.quantity,
        "photos": len(case.photos),
        "no_photo": case.no_photo,
        "offer": case.offer.id if case.offer else None,
        "confirmed": case.confirmed,
    }
    if order:
        facts |= {
            "order": order.number,
            "revision": order.revision,
            "status": order.status,
            "marketplace": order.marketplace,
            "fulfilment": order.fulfilment,
            "currency": order.currency,
            "paid": order.paid.minor,
            "left_to_refund": order.left_to_refund().minor,
        }
    remedy = decision.remedy if isinstance(decision, Perform) else None
    if remedy:
        facts |= {
            "remedy": remedy.kind,
            "amount": remedy.amount.minor if remedy.amount else None,
        }
    if isinstance(decision, HandOff):
        facts["reason"] = decision.reason

    return facts
