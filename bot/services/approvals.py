"""
An agent's yes or no to a remedy that the bot may not grant by itself.

The buyer has agreed to its exact terms already, and its money and goods are held back. Between
then and now the shop may have changed the order: what cannot be done any more is refused here
too, whatever the agent says.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.casework.cases import Case, CaseState
from bot.casework.decisions import Reason, Rule
from bot.casework.orders import Order, OrderLine
from bot.casework.ports import DecisionRow, RemedyRow, UnitOfWork
from bot.casework.refusals import Refusal, RefusalReason
from bot.casework.remedies import RemedyState
from bot.casework.replies import MessageKind, Reply
from bot.casework.turns import Floor
from bot.playbooks.checks import check_still, check_terms_stand
from bot.playbooks.steps import RemedyRequested
from bot.services.collisions import retried
from bot.services.exchange import with_history
from bot.services.house import House


@dataclass(frozen=True, kw_only=True)
class Approved(Reply):
    """A person has agreed; what happens now follows."""

    kind = MessageKind.NOTICE

    order_number: str


@dataclass(frozen=True, kw_only=True)
class NotApproved(Reply):
    """A person has not agreed; they will say why themselves."""

    kind = MessageKind.NOTICE

    order_number: str


def do_approve(house: House, remedy_id: str, agent: str) -> Refusal | None:
    """
    Let a remedy that waits for approval go out; why it cannot, if it cannot.

    Missing if there is none of that id. Approving twice is refused the second time.
    """
    refusal = retried(lambda: _approve(house, remedy_id, agent))
    if refusal is None:
        house.wake_worker()

    return refusal


def _approve(house: House, remedy_id: str, agent: str) -> Refusal | None:
    with house.units() as unit:
        desk = _open(house, unit, remedy_id, agent)
        row, order, rules = desk.row, desk.order, house.rulebook
        if row.state is not RemedyState.APPROVAL:
            return Refusal(RefusalReason.NOT_WAITING, str(row.state))
        if refusal := check_still(row.remedy, order, rules, desk.now.date()) or check_terms_stand(
            row.remedy, row.worth, order, rules, desk.now.date()
        ):
            return refusal

        unit.remedies.approve(row.id, agent, desk.now)
        unit.cases.set_state(desk.case.id, CaseState.SETTLED, desk.now)
        desk.record("approve", "Approve", rules=())
        desk.say(Approved(order_number=order.number))
        desk.say(
            RemedyRequested(
                order_number=order.number,
                remedy=row.remedy,
                line=desk.line,
                arrives_within_days=rules.refund_arrives_within_days,
                return_to=rules.where_to_return(row.remedy, order),
            )
        )

    return None


def do_deny(house: House, remedy_id: str, agent: str, why: str) -> Refusal | None:
    """
    Say no to a remedy that waits for approval; the conversation goes to a person.

    What was taken from stock for it is put back. `why` is for the record, not for the buyer.
    """
    return retried(lambda: _deny(house, remedy_id, agent, why))


def _deny(house: House, remedy_id: str, agent: str, why: str) -> Refusal | None:
    with house.units() as unit:
        desk = _open(house, unit, remedy_id, agent)
        row = desk.row
        if row.state is not RemedyState.APPROVAL:
            return Refusal(RefusalReason.NOT_WAITING, str(row.state))

        unit.remedies.end(row.id, RemedyState.DENIED, desk.now, by=agent)
        for sku, pieces in row.taken:
            unit.orders.give_back_stock(row.store, sku, pieces)
        unit.cases.set_state(desk.case.id, CaseState.HANDED_OFF, desk.now)
        desk.record("deny", "Deny", rules=(Rule("approval", held=False, compared=why[:300]),))
        desk.say(NotApproved(order_number=desk.order.number))
        conversation = unit.conversations.get(desk.case.conversation_id)
        summary = f"{agent} did not approve: {why[:300]}"
        unit.ledger.add_hand_off(
            conversation.id, desk.case.id, None, Reason.DENIED, summary, desk.now
        )
        if conversation.floor is Floor.BOT:
            unit.conversations.set_floor(conversation.id, Floor.WAITING)

    return None


@dataclass(frozen=True, kw_only=True)
class Desk:
    """One remedy on an agent's desk, with all that it concerns held against other writers."""

    house: House
    unit: UnitOfWork
    agent: str
    row: RemedyRow
    case: Case
    order: Order
    now: datetime

    @property
    def line(self) -> OrderLine | None:
        """The line that it is about; None for the whole order."""
        line_id = self.row.remedy.line_id

        return self.order.line(line_id) if line_id is not None else None

    def record(self, step: str, decision: str, rules: tuple[Rule, ...]) -> None:
        """Write the agent's decision into the ledger."""
        remedy = self.row.remedy
        self.unit.ledger.add_decision(
            DecisionRow(
                store=self.row.store,
                conversation_id=self.case.conversation_id,
                case_id=self.case.id,
                message_id=None,
                playbook=self.case.playbook,
                step=step,
                decision=decision,
                facts={
                    "order": self.order.number,
                    "revision": self.order.revision,
                    "remedy": remedy.kind,
                    "amount": remedy.amount.minor if remedy.amount else None,
                    "left_to_refund": self.order.left_to_refund().minor,
                },
                rules=rules,
                rulebook_version=self.house.rulebook.version,
                decided_at=self.now,
                remedy=remedy,
                decided_by=self.agent,
            )
        )

    def say(self, reply: Reply) -> None:
        """Tell the buyer, whoever has the floor: it is about what they agreed to."""
        conversation = self.unit.conversations.get(self.case.conversation_id)
        spoken = self.house.speaker.render(
            reply, conversation.locale, variant=self.row.id, now=self.now
        )
        self.unit.conversations.say(
            conversation.id, spoken, answers=None, case_id=None, now=self.now
        )


def _open(house: House, unit: UnitOfWork, remedy_id: str, agent: str) -> Desk:
    """The remedy with its case and order, all held; the order as it is without the remedy."""
    now = house.clock()
    row = unit.remedies.get(remedy_id)
    case = unit.cases.get(row.case_id)
    unit.conversations.lock(case.conversation_id)
    order = with_history(unit, unit.orders.get(row.order_id), house.rulebook, now)
    others = tuple(one for one in order.granted if one.remedy_id != row.id)

    return Desk(
        house=house,
        unit=unit,
        agent=agent,
        row=row,
        case=case,
        order=replace(order, granted=others),
        now=now,
    )
