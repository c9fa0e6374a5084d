"""Moving one case by one turn: find its order, hear the answer, decide, carry out."""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.casework.cases import Case, CaseState, Facts
from bot.casework.decisions import (
    Ask,
    Close,
    Decision,
    HandOff,
    Perform,
    Propose,
    Reason,
    Rule,
    Say,
)
from bot.casework.orders import Order
from bot.casework.past import to_taken
from bot.casework.ports.ledger import DecisionRow
from bot.casework.ports.units import Collision, UnitOfWork
from bot.casework.reading import mentioned_order
from bot.casework.remedies import Remedy, RemedyState
from bot.casework.replies import Reply
from bot.casework.turns import Turn
from bot.playbooks.applying import apply
from bot.playbooks.checks import pieces_to_send, worth_of
from bot.playbooks.deciding import decide, decide_early, decide_without_order
from bot.playbooks.hearing import hear
from bot.playbooks.playbook import Decided, NoDecision, Playbook
from bot.services.exchange import Exchange
from bot.services.hand_off import do_hand_off
from bot.services.identify import AskOrderNumber, NoMatch, TooManyTries, find_order, find_own

PATIENT = frozenset({"affirm", "thanks", "greet", "photo_sent", "refund_request"})
"""No answers but no misunderstandings either: "ok, one moment", "I just want my money back"."""


@dataclass(frozen=True, kw_only=True)
class NotQuite(Reply):
    """The answer was not understood, the question follows again."""


@dataclass(frozen=True, kw_only=True)
class BackTo(Reply):
    """Another case still waits for an answer, its question follows."""

    order_number: str


def work_on(exchange: Exchange, case: Case) -> Case:
    """
    The case after this turn.

    A turn that does not answer the open question is a miss; too many in a row, and a person
    takes over.
    """
    if case.order_id is None:
        return _begin(exchange, case, exchange.turn)
    order = exchange.order(case.order_id)
    heard = _with_reused(exchange, hear(case, order, exchange.turn), exchange.turn.photos)
    if heard.confirmed:
        order = exchange.order_to_grant_on(order.id)
    if heard != case or not case.open_question or _is_patient(case, exchange.turn):
        return _decide(exchange, replace(heard, misses=0), order, exchange.turn)

    case = replace(case, misses=case.misses + 1)
    if case.misses >= exchange.rules.hand_off_after_misses:
        return _give_up(exchange, case, order, Reason.NOT_UNDERSTOOD)
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
        _record(exchange, decided, order, case, turn=nothing)
        return exchange.keep(apply(decided.case, decided.decision, exchange.now))
    if name_order:
        exchange.say(BackTo(order_number=order.number))

    return _carry_out(exchange, decided, order, case, turn=nothing)


def take_up_remembered(exchange: Exchange, case: Case) -> Case:
    """Begin with a matter that was told beside another one."""
    return _begin(exchange, replace(case, state=CaseState.OPEN), Turn())


def _begin(exchange: Exchange, case: Case, turn: Turn) -> Case:
    """Find the case's order; what the same message says beyond it is heard at once."""
    early = _decide_early(exchange, case, turn)
    if isinstance(early, Case):
        case = early
    else:
        about = replace(case, order_id=early.case.order_id)
        return _carry_out(exchange, early, None, about, turn=turn)
    before = case
    case, found = find_order(exchange, case, turn)
    if isinstance(found, Order):
        heard = hear(case, found, turn)
        return _decide(exchange, _with_reused(exchange, heard, heard.photos), found, turn)
    if isinstance(found.reply, AskOrderNumber):
        alone = decide_without_order(case, turn, exchange.rules, exchange.now)
        if isinstance(alone, Decided):
            return _carry_out(exchange, alone, None, before)
    case = replace(case, photos=(*case.photos, *turn.photos))
    if not turn.silent:
        missed = _is_missed(before, case, found, turn)
        case = replace(case, misses=case.misses + 1 if missed else 0)
    if case.misses >= exchange.rules.hand_off_after_misses:
        locked = isinstance(found.reply, TooManyTries)
        return _give_up(exchange, case, None, Reason.LOCKED if locked else Reason.NOT_UNDERSTOOD)
    asked = Decided(case=case, step="find_order", decision=found)
    _record(exchange, asked, None, before, turn=turn)

    return _ask(exchange, case, found)


def _decide_early(exchange: Exchange, case: Case, turn: Turn) -> Decided | Case:
    """
    What a playbook decides without an order.

    An order that the buyer has talked about is told to whoever takes over; one that they name is
    told as theirs only if it is.
    """
    named = mentioned_order(turn) or case.claimed
    order_id = find_own(exchange, named) if named else exchange.recent_order_id
    about = replace(case, order_id=order_id, claimed=named)
    decided = decide_early(about, turn, exchange.rules, exchange.now)

    return case if isinstance(decided, Case) else decided


def _with_reused(exchange: Exchange, case: Case, photos: tuple[str, ...]) -> Case:
    """The case with those of the new photos noted that were sent about another order before."""
    if not photos or case.order_id is None:
        return case
    reused = exchange.unit.conversations.find_reused(
        exchange.conversation.store,
        photos,
        case.order_id,
        exchange.rules.bad_faith.photo_distance,
    )

    return replace(case, reused_photos=(*case.reused_photos, *reused)) if reused else case


def complain(exchange: Exchange, about: Case, playbook: Playbook) -> None:
    """
    Hand over what the buyer is angry about, with all that was found out in it.

    No case is opened beside it; one that was settled stays so.
    """
    before = replace(about, playbook=playbook.name)
    decided = decide_early(before, exchange.turn, exchange.rules, exchange.now)
    if not (isinstance(decided, Decided) and isinstance(decided.decision, HandOff)):
        raise NoDecision(f"{playbook.name} hands nothing over")
    _record(exchange, replace(decided, case=about), None, before)
    do_hand_off(exchange, decided.decision.reason, about, decided.decision.rules)


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

    return _carry_out(exchange, decided, order, case, turn=turn)


def _give_up(exchange: Exchange, case: Case, order: Order | None, reason: Reason) -> Case:
    """A person takes over, because too many turns in a row brought nothing."""
    compared = f"{case.misses} >= {exchange.rules.hand_off_after_misses}"
    rules = (Rule("hand_off_after_misses", held=True, compared=compared),)
    decided = Decided(case=case, step=COUNTED, decision=HandOff(reason=reason, rules=rules))
    _record(exchange, decided, order, case)
    do_hand_off(exchange, reason, case)

    return case


COUNTED = "count_misses"
"""What the ledger calls the step that gives up."""


def _carry_out(
    exchange: Exchange,
    decided: Decided,
    order: Order | None,
    before: Case,
    *,
    turn: Turn | None = None,
) -> Case:
    """
    Write the decision down and do what it says.

    `before` and `turn` are what was decided on; the turn is the message's unless it was not heard.
    """
    number = _record(exchange, decided, order, before, turn=turn)
    case = decided.case
    match decided.decision:
        case Ask() as ask:
            return _ask(exchange, case, ask)
        case Propose() as propose:
            return _propose(exchange, case, propose)
        case Perform() as perform if order:
            return _perform(exchange, case, order, perform, number)
        case HandOff() as hand_off:
            return _hand_off(exchange, case, hand_off)
        case Close() as close:
            return _close(exchange, case, close)
        case Say() as say:
            exchange.say(say.reply, exchange.keep(case))
            return case
        case Perform():
            raise NoDecision(f"{case.playbook} would grant something without an order")


def _ask(exchange: Exchange, case: Case, ask: Ask) -> Case:
    case = exchange.keep(apply(case, ask, exchange.now))
    exchange.say(ask.reply, case)

    return case


def _propose(exchange: Exchange, case: Case, propose: Propose) -> Case:
    exchange.keep(case)
    offer = exchange.unit.cases.add_offer(
        case.id, propose.offer, exchange.rules.version, exchange.now
    )
    case = exchange.keep(apply(case, propose, exchange.now, offer))
    exchange.say(propose.reply, case)

    return case


def _perform(exchange: Exchange, case: Case, order: Order, perform: Perform, number: int) -> Case:
    """The remedy, its outbox row and the settled case: all of them, or none."""
    put_on_record(
        exchange.unit,
        case.id,
        number,
        perform.remedy,
        order,
        reason=case.playbook,
        needs_approval=perform.needs_approval,
        now=exchange.now,
    )
    if perform.claim:
        exchange.unit.ledger.add_claim(case.id, order.id, perform.claim, exchange.now)
    exchange.orders.pop(order.id, None)
    exchange.granted += 1
    case = exchange.keep(apply(case, perform, exchange.now))
    exchange.say(perform.reply, case)

    return case


def put_on_record(
    unit: UnitOfWork,
    case_id: str,
    decision: int,
    remedy: Remedy,
    order: Order,
    *,
    reason: str,
    needs_approval: bool = False,
    approved_by: str = "",
    now: datetime,
) -> str:
    """
    Take what the remedy needs from stock and store it; its id.

    A variant is not held by the order's lock: if another turn took the last piece, this one is
    undone and tried again (`Collision`).
    """
    taken = pieces_to_send(remedy, order)
    for sku, pieces in taken:
        if not unit.orders.take_stock(order.store, sku, pieces):
            raise Collision(f"{sku} was taken by another turn")

    return unit.remedies.add(
        case_id,
        decision,
        remedy,
        order=order,
        worth=worth_of(remedy, order),
        taken=taken,
        reason=reason,
        state=RemedyState.APPROVAL if needs_approval else RemedyState.REQUESTED,
        approved_by=approved_by,
        now=now,
    )


def _hand_off(exchange: Exchange, case: Case, hand_off: HandOff) -> Case:
    exchange.keep(case)
    if hand_off.claim and case.order_id is not None:
        exchange.unit.ledger.add_claim(case.id, case.order_id, hand_off.claim, exchange.now)
    if hand_off.reply:
        exchange.say(hand_off.reply, case)
    do_hand_off(exchange, hand_off.reason, case, hand_off.rules)

    return case


def _close(exchange: Exchange, case: Case, close: Close) -> Case:
    case = exchange.keep(apply(case, close, exchange.now))
    exchange.say(close.reply, case)

    return case


def drop(exchange: Exchange, case: Case, reply: Reply) -> None:
    """The buyer lets the matter go."""
    decided = Decided(case=case, step="drop", decision=Close(reply=reply, state=CaseState.DROPPED))
    _record(exchange, decided, None, case)
    _close(exchange, case, Close(reply=reply, state=CaseState.DROPPED))


def _record(
    exchange: Exchange,
    decided: Decided,
    order: Order | None,
    before: Case,
    *,
    turn: Turn | None = None,
) -> int:
    case = exchange.keep(decided.case)

    return exchange.unit.ledger.add_decision(
        DecisionRow(
            store=exchange.conversation.store,
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
            before=before,
            order=order,
            turn=exchange.turn if turn is None else turn,
            taken=to_taken(decided.decision),
            remedy=decided.decision.remedy if isinstance(decided.decision, Perform) else None,
        )
    )


def _facts(case: Case, order: Order | None, decision: Decision) -> Facts:
    """What the decision saw, flat, so that a person can read the ledger."""
    facts: dict[str, str | int | bool | None] = {
        "line_id": case.line_id,
        "quantity": case.quantity,
        "photos": len(case.photos),
        "no_photo": case.no_photo,
        "problem_reason": case.reason,
        "arrived": case.arrived,
        "came": case.came,
        "round": case.round,
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
            "needs_approval": isinstance(decision, Perform) and decision.needs_approval,
        }
    if isinstance(decision, HandOff):
        facts["reason"] = decision.reason

    return facts
