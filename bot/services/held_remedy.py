"""
One remedy under the hands of somebody at the desk, with all that it concerns.

Whoever decides about it holds the remedy, then its conversation, then its order; what is decided
is written into the ledger, into the list of who did what, and said to the buyer, in one
transaction.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from bot.casework.agents import Agent
from bot.casework.approvals import Approval, Verdict
from bot.casework.audit import Deed, Values
from bot.casework.authority import check_decides, check_not_own, emails_of
from bot.casework.cases import Case, Facts
from bot.casework.decisions import Rule
from bot.casework.money import Money, total
from bot.casework.order_talks import is_talk
from bot.casework.orders import Order, OrderLine
from bot.casework.ports.ledger import DecisionRow
from bot.casework.ports.remedies import RemedyRow
from bot.casework.ports.units import UnitOfWork
from bot.casework.refusals import Refusal, RefusalReason
from bot.casework.remedies import Remedy, RemedyState
from bot.casework.replies import Reply
from bot.casework.turns import Conversation
from bot.playbooks.checks import worth_of
from bot.playbooks.steps import ApprovalAsked, RemedyRequested
from bot.services.exchange import with_history
from bot.services.house import House
from bot.services.turn_queue import NotAcceptable

MOST_REASON = 300


def to_reason(text: str) -> str:
    """The reason as it goes on record; NotAcceptable without one."""
    reason = " ".join(text.split())[:MOST_REASON]
    if not reason:
        raise NotAcceptable("no_reason", "Say why: the reason goes on record.")

    return reason


def terms_of(remedy: Remedy) -> dict[str, str | int | None]:
    """A remedy for the list of who did what; nothing in it tells of the buyer."""
    return {
        "kind": str(remedy.kind),
        "line_id": remedy.line_id,
        "quantity": remedy.quantity,
        "amount": remedy.amount.minor if remedy.amount else None,
        "currency": remedy.amount.currency if remedy.amount else None,
    }


def facts_of(remedy: Remedy, order: Order) -> dict[str, str | int | bool | None]:
    """What the ledger tells of a person's decision about a remedy."""
    return {
        "order": order.number,
        "revision": order.revision,
        "remedy": remedy.kind,
        "amount": remedy.amount.minor if remedy.amount else None,
        "quantity": remedy.quantity,
        "left_to_refund": order.left_to_refund(remedy.line_id).minor,
    }


def line_of(remedy: Remedy, order: Order) -> OrderLine | None:
    """The line that it is about; None for the whole order."""
    return order.line(remedy.line_id) if remedy.line_id is not None else None


def terms_reply(house: House, remedy: Remedy, order: Order, *, waits: bool) -> Reply:
    """The exact terms in the words in which a buyer hears them from the bot as well."""
    line = line_of(remedy, order)
    if waits:
        return ApprovalAsked(order_number=order.number, remedy=remedy, line=line)

    return RemedyRequested(
        order_number=order.number,
        remedy=remedy,
        line=line,
        arrives_within_days=house.rulebook.refund_arrives_within_days,
        return_to=house.rulebook.where_to_return(remedy, order),
    )


def given_before(unit: UnitOfWork, agent: Agent, order: Order, *, but: str = "") -> Money:
    """What this person gave for the order already, without the remedy `but`."""
    given = unit.approvals.given(agent.id, [order.id]) if agent.id else ()

    return total(
        [
            one.worth
            for one in given
            if one.remedy_id != but and one.worth.currency == order.currency
        ],
        order.currency,
    )


@dataclass(frozen=True, kw_only=True)
class HeldRemedy:
    """`order` is looked at without the remedy itself; `said` is what people said to it."""

    house: House
    unit: UnitOfWork
    agent: Agent
    ip: str
    row: RemedyRow
    case: Case
    conversation: Conversation
    order: Order
    said: tuple[Approval, ...]
    now: datetime

    @property
    def worth(self) -> Money:
        """What it costs the seller: as it was reckoned, or at today's prices if that is more."""
        today = worth_of(self.row.remedy, self.order)

        return max(self.row.worth, today, key=lambda money: money.minor)

    @property
    def given_before(self) -> Money:
        """What this person gave for the order already."""
        return given_before(self.unit, self.agent, self.order, but=self.row.id)

    def check_may(self) -> Refusal | None:
        """Whether this person decides about it at all, and whether it still waits for anybody."""
        return (
            check_decides(self.agent)
            or check_not_own(self.agent, *emails_of(self.order, self.conversation.identity))
            or self.check_waits()
        )

    def check_waits(self) -> Refusal | None:
        """Whether nobody has decided about it yet."""
        if self.row.state is RemedyState.APPROVAL:
            return None

        return Refusal(RefusalReason.NOT_WAITING, str(self.row.state))

    def add_word(self, verdict: Verdict, reason: str = "", *, remedy_id: str = "") -> None:
        """What this person says to it; a name at the console is nobody's word."""
        if self.agent.id:
            self.unit.approvals.add(
                remedy_id or self.row.id, self.agent.id, verdict, reason, self.now
            )

    def record(
        self,
        step: str,
        decision: str,
        rules: tuple[Rule, ...] = (),
        *,
        remedy: Remedy | None = None,
        more: Facts | None = None,
    ) -> int:
        """Write the person's decision into the ledger; its number."""
        remedy = remedy or self.row.remedy

        return self.unit.ledger.add_decision(
            DecisionRow(
                store=self.row.store,
                conversation_id=self.case.conversation_id,
                case_id=self.case.id,
                message_id=None,
                playbook=self.case.playbook,
                step=step,
                decision=decision,
                facts={**facts_of(remedy, self.order), **(more or {})},
                rules=rules,
                rulebook_version=self.house.rulebook.version,
                decided_at=self.now,
                remedy=remedy,
                decided_by=self.agent.name,
            )
        )

    def note(self, action: str, after: Values) -> None:
        """Write down who did what."""
        self.unit.audit.add(
            deed(
                self.agent,
                action,
                "remedy",
                self.row.id,
                before={"state": str(self.row.state), **terms_of(self.row.remedy)},
                after=after,
                ip=self.ip,
            ),
            self.now,
        )

    def say(self, reply: Reply) -> None:
        """Tell the buyer, if one is there, whoever has the floor: it is what they agreed to."""
        if not is_talk(self.conversation.id):
            return
        spoken = self.house.speaker.render(
            reply, self.conversation.locale, variant=self.row.id, now=self.now
        )
        self.unit.conversations.say(
            self.conversation.id, spoken, answers=None, case_id=None, now=self.now
        )


def deed(
    agent: Agent,
    action: str,
    subject: str,
    subject_id: str,
    *,
    before: Values | None = None,
    after: Mapping[str, object] | None = None,
    ip: str = "",
) -> Deed:
    """What was done, by somebody with an account or by a name at the console."""
    return Deed(
        agent=agent if agent.id else None,
        action=action,
        subject=subject,
        subject_id=subject_id,
        before=before,
        after=after,
        ip=ip,
        who=agent.name,
    )


def hold_remedy(
    house: House, unit: UnitOfWork, remedy_id: str, agent: Agent, ip: str = ""
) -> HeldRemedy:
    """The remedy with its case, conversation and order, all held; Missing if there is none."""
    now = house.clock()
    row = unit.remedies.get(remedy_id)
    case = unit.cases.get(row.case_id)
    conversation = unit.conversations.lock(case.conversation_id)
    order = with_history(unit, unit.orders.get(row.order_id), house.rulebook, now)
    others = tuple(one for one in order.granted if one.remedy_id != row.id)

    return HeldRemedy(
        house=house,
        unit=unit,
        agent=agent,
        ip=ip,
        row=row,
        case=case,
        conversation=conversation,
        order=replace(order, granted=others),
        said=unit.approvals.of(row.id),
        now=now,
    )
