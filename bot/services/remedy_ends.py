"""
The end of a remedy, good or bad: on record, in the ledger, and said to the buyer.

All of it in one transaction with the row in the outbox, so that it is said once and only if it
stands. Whatever ends a remedy holds its outbox row first, then the remedy, then the conversation.
"""

from dataclasses import dataclass
from datetime import datetime

from bot.casework.cases import Case, CaseState, Facts
from bot.casework.deadlines import due_at
from bot.casework.decisions import Reason
from bot.casework.orders import Order, OrderLine
from bot.casework.outbox import OutboxRow
from bot.casework.ports.ledger import DecisionRow
from bot.casework.ports.remedies import RemedyRow
from bot.casework.ports.units import UnitOfWork
from bot.casework.remedies import Remedy, RemedyState
from bot.casework.replies import MessageKind, Reply
from bot.casework.summaries import Summary
from bot.casework.turns import Conversation, Floor
from bot.services.hand_off import HandedOff
from bot.services.house import House

STEP = "outbox"


@dataclass(frozen=True, kw_only=True)
class RemedyDone(Reply):
    """It is carried out, with its exact terms; money may take its days to arrive."""

    kind = MessageKind.NOTICE

    order_number: str
    remedy: Remedy
    line: OrderLine | None
    arrives_within_days: int


@dataclass(frozen=True, kw_only=True)
class RemedyNotDone(Reply):
    """
    What was requested is not done.

    `certain` tells a plain no from not knowing: nobody could tell us for a whole day.
    """

    kind = MessageKind.NOTICE

    order_number: str
    remedy: Remedy
    line: OrderLine | None
    certain: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """A remedy and all that its end concerns, held until the unit ends."""

    house: House
    unit: UnitOfWork
    now: datetime
    remedy: RemedyRow
    case: Case
    conversation: Conversation
    order: Order

    @property
    def line(self) -> OrderLine | None:
        """The line that it is for; None for the whole order."""
        line_id = self.remedy.remedy.line_id

        return None if line_id is None else self.order.line(line_id)

    def say(self, reply: Reply) -> None:
        """Tell the buyer, whoever has the floor: it is news, not an answer."""
        spoken = self.house.speaker.render(
            reply, self.conversation.locale, variant=self.remedy.id, now=self.now
        )
        self.unit.conversations.say(
            self.conversation.id, spoken, answers=None, case_id=self.case.id, now=self.now
        )


def hold(house: House, unit: UnitOfWork, remedy_id: str) -> Matter:
    """The remedy's matter; its outbox row must be held already."""
    remedy = unit.remedies.get(remedy_id)
    case = unit.cases.get(remedy.case_id)
    conversation = unit.conversations.lock(case.conversation_id)

    return Matter(
        house=house,
        unit=unit,
        now=house.clock(),
        remedy=remedy,
        case=case,
        conversation=conversation,
        order=unit.orders.get(remedy.order_id),
    )


def do_end_well(matter: Matter, *, reference: str = "") -> None:
    """It is done: write it down and tell the buyer."""
    matter.unit.remedies.end(matter.remedy.id, RemedyState.DONE, matter.now, reference=reference)
    matter.say(
        RemedyDone(
            order_number=matter.order.number,
            remedy=matter.remedy.remedy,
            line=matter.line,
            arrives_within_days=matter.house.rulebook.refund_arrives_within_days,
        )
    )


def do_fail(matter: Matter, why: str, *, reference: str = "") -> None:
    """It will never be done: what it took from stock goes back, and a person takes over."""
    matter.unit.remedies.end(matter.remedy.id, RemedyState.FAILED, matter.now, reference=reference)
    for sku, pieces in matter.remedy.taken:
        matter.unit.orders.give_back_stock(matter.order.store, sku, pieces)
    _give_to_person(matter, f"it will not be carried out ({why})", certain=True)


def do_give_up(matter: Matter, why: str) -> None:
    """
    Nobody could say what became of it: a person finds out.

    It stands as requested, because it may have been carried out, and nothing more is given for it.
    """
    _give_to_person(matter, f"nobody knows whether it was carried out ({why})", certain=False)


def _give_to_person(matter: Matter, finding: str, *, certain: bool) -> None:
    conversation, now = matter.conversation, matter.now
    matter.say(
        RemedyNotDone(
            order_number=matter.order.number,
            remedy=matter.remedy.remedy,
            line=matter.line,
            certain=certain,
        )
    )
    matter.unit.ledger.add_hand_off(
        conversation.id,
        matter.case.id,
        None,
        Reason.REMEDY_FAILED,
        matter.house.sum_up(
            Summary(
                reason=Reason.REMEDY_FAILED,
                case=matter.case,
                order=matter.order,
                tried=(finding,),
            )
        ),
        now,
        due_at=due_at(matter.house.rulebook, Reason.REMEDY_FAILED, matter.order, now),
    )
    matter.unit.cases.set_state(matter.case.id, CaseState.HANDED_OFF, now)
    if conversation.floor is Floor.HUMAN:
        return
    matter.unit.conversations.set_floor(conversation.id, Floor.WAITING)
    if conversation.floor is not Floor.WAITING:
        hours = matter.house.rulebook.business_hours
        back_at = hours.next_opening(now) if hours else None
        matter.say(HandedOff(reason=Reason.REMEDY_FAILED, back_at=back_at))


def do_record(matter: Matter, row: OutboxRow, *, by: str, reference: str = "") -> None:
    """One line of the decision ledger for what became of it; `by` is whoever says so."""
    remedy = matter.remedy.remedy
    facts: Facts = {
        "remedy_id": matter.remedy.id,
        "remedy": remedy.kind,
        "amount": remedy.amount.minor if remedy.amount else None,
        "currency": remedy.amount.currency if remedy.amount else None,
        "order": matter.order.number,
        "idempotency_key": matter.remedy.idempotency_key,
        "attempts": row.attempts,
        "detail": row.detail,
        "reference": reference,
    }
    matter.unit.ledger.add_decision(
        DecisionRow(
            store=matter.remedy.store,
            conversation_id=matter.conversation.id,
            case_id=matter.case.id,
            message_id=None,
            playbook=matter.case.playbook,
            step=STEP,
            decision=row.state.capitalize(),
            facts=facts,
            rules=(),
            rulebook_version=matter.house.rulebook.version,
            decided_at=matter.now,
            decided_by=by,
        )
    )
