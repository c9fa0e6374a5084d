"""
Other terms in place of a remedy that waits: less, more, or something else.

The one that waits ends as replaced, and the new one goes through the same checks, limits, ledger
and outbox as whatever a person gives. What a buyer agreed to is not made less behind their back:
they are told the exact new terms and asked, what waits stays on hold meanwhile, and the change is
made once the person says that the buyer has agreed. More than was agreed needs somebody else's
yes, an owner's own apart.
"""

from dataclasses import dataclass, replace

from bot.casework.agents import Agent, Role
from bot.casework.approvals import Verdict
from bot.casework.cases import CaseState
from bot.casework.deadlines import due_at
from bot.casework.decisions import Reason, Rule
from bot.casework.order_talks import is_talk
from bot.casework.orders import Order
from bot.casework.refusals import Refusal, RefusalReason
from bot.casework.remedies import Remedy, RemedyKind, RemedyState
from bot.casework.replies import MessageKind, Reply
from bot.casework.summaries import Summary
from bot.casework.turns import Floor
from bot.playbooks.checks import with_stock, worth_of
from bot.playbooks.steps import ConfirmRemedy
from bot.services.approvals import take_back
from bot.services.case_work import put_on_record
from bot.services.collisions import retried
from bot.services.grants import Ruling, rule_on
from bot.services.held_remedy import (
    HeldRemedy,
    hold_remedy,
    line_of,
    terms_of,
    terms_reply,
    to_reason,
)
from bot.services.house import House


@dataclass(frozen=True, kw_only=True)
class ChangeAsked(Reply):
    """A person can give something else than what was agreed; its exact terms follow."""

    kind = MessageKind.NOTICE

    order_number: str


@dataclass(frozen=True, kw_only=True)
class ChangedByPerson(Reply):
    """Other terms hold from now on; they follow."""

    kind = MessageKind.NOTICE

    order_number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """
    What became of it: `remedy_id` is the one that stands now, in that state.

    `asked` says that the buyer has to agree first, and nothing is changed yet.
    """

    remedy_id: str
    state: RemedyState
    asked: bool = False


def do_change(
    house: House,
    remedy_id: str,
    new: Remedy,
    *,
    agent: Agent,
    reason: str,
    buyer_agreed: bool = False,
    ip: str = "",
) -> Refusal | Changed:
    """
    Put other terms in place of a remedy that waits; or why they cannot be.

    Terms that are not as good as those that the buyer agreed to are put to them first, unless
    `buyer_agreed` says that they have said yes. NotAcceptable without a reason.
    """
    why = to_reason(reason)
    changed = retried(lambda: _change(house, remedy_id, new, agent, why, buyer_agreed, ip))
    if isinstance(changed, Changed) and changed.state is RemedyState.REQUESTED:
        house.wake_worker()

    return changed


def _change(
    house: House, remedy_id: str, new: Remedy, agent: Agent, why: str, agreed: bool, ip: str
) -> Refusal | Changed:
    with house.units() as unit:
        held = hold_remedy(house, unit, remedy_id, agent, ip)
        old = held.row.remedy
        if refusal := held.check_may():
            return refusal
        if new == old or new.order_id != old.order_id:
            return Refusal(RefusalReason.NO_CHANGE, f"{old.kind}")
        unit.remedies.hold_caps(held.row.store)
        held = replace(held, order=with_stock(held.order, dict(held.row.taken), more=True))
        ruling = rule_on_change(held, new)
        if ruling.refusal:
            return ruling.refusal
        if not agreed and is_talk(held.conversation.id) and not is_as_good(new, old):
            return _ask(held, new, why)

        return _put_in_place(held, new, ruling, why, agreed)


def is_as_good(new: Remedy, old: Remedy) -> bool:
    """
    Whether a buyer who agreed to the old terms can only be better off with the new ones.

    Another kind is for the buyer to choose, but for money without sending the goods back.
    """
    kinds = (old.kind, new.kind)
    if kinds != (RemedyKind.RETURN, RemedyKind.REFUND) and new.kind is not old.kind:
        return False
    if new.line_id != old.line_id or new.details != old.details:
        return False
    if old.quantity is not None and (new.quantity is None or new.quantity < old.quantity):
        return False
    if old.quantity is None and new.quantity is not None:
        return False
    if old.amount is None:
        return True

    return new.amount is not None and old.amount <= new.amount


def rule_on_change(held: HeldRemedy, new: Remedy) -> Ruling:
    """What becomes of it; who raises what was agreed does not say yes to it alone."""
    rules, agent = held.house.rulebook, held.agent
    ruling = rule_on(
        (new,),
        held.order,
        rules,
        held.now.date(),
        agent=agent,
        talk=None,
        before=held.given_before,
    )
    if ruling.refusal or ruling.over or agent.role is Role.OWNER:
        return ruling
    worth = worth_of(new, held.order)
    if worth <= held.worth:
        return ruling
    raised = Refusal(RefusalReason.RAISED, f"{worth.minor} > {held.worth.minor}")

    return replace(ruling, over=raised)


def asked_reply(house: House, new: Remedy, order: Order) -> ConfirmRemedy:
    """The new terms as a question to the buyer."""
    return ConfirmRemedy(
        order_number=order.number,
        remedy=new,
        line=line_of(new, order),
        arrives_within_days=house.rulebook.refund_arrives_within_days,
        return_to=house.rulebook.where_to_return(new, order),
    )


def _ask(held: HeldRemedy, new: Remedy, why: str) -> Changed:
    """Put the new terms to the buyer; a person hears the answer."""
    unit, order = held.unit, held.order
    held.record(
        "ask_change", "AskBuyer", remedy=new, more={"reason": why, "instead_of": held.row.id}
    )
    held.note("remedy.ask_buyer", {**terms_of(new), "reason": why})
    held.say(ChangeAsked(order_number=order.number))
    held.say(asked_reply(held.house, new, order))
    if held.conversation.floor is Floor.BOT:
        asked = f"{held.agent.name} asked the buyer whether other terms are all right: {why}"
        summary = Summary(reason=Reason.OVER_LIMIT, case=held.case, order=order, tried=(asked,))
        unit.ledger.add_hand_off(
            held.conversation.id,
            held.case.id,
            None,
            Reason.OVER_LIMIT,
            held.house.sum_up(summary),
            held.now,
            due_at=due_at(held.house.rulebook, Reason.OVER_LIMIT, order, held.now),
        )
        unit.conversations.set_floor(held.conversation.id, Floor.WAITING)

    return Changed(remedy_id=held.row.id, state=RemedyState.APPROVAL, asked=True)


def _put_in_place(held: HeldRemedy, new: Remedy, ruling: Ruling, why: str, agreed: bool) -> Changed:
    unit, agent, now = held.unit, held.agent, held.now
    state = RemedyState.APPROVAL if ruling.waits else RemedyState.REQUESTED
    take_back(held, RemedyState.REPLACED)
    held.add_word(Verdict.REPLACED, why)
    number = held.record(
        "change",
        "Change",
        tuple(
            Rule(str(one.reason), held=False, compared=one.compared)
            for one in (ruling.over, ruling.two)
            if one
        ),
        remedy=new,
        more={
            "reason": why,
            "instead_of": held.row.id,
            "amount_before": held.row.remedy.amount.minor if held.row.remedy.amount else None,
            "buyer_agreed": agreed,
            "needs_approval": ruling.waits,
        },
    )
    made = put_on_record(
        unit,
        held.case.id,
        number,
        new,
        held.order,
        reason=held.row.reason,
        needs_approval=ruling.waits,
        approved_by="" if ruling.waits else agent.name,
        now=now,
    )
    held.add_word(ruling.verdict, why, remedy_id=made)
    settled = CaseState.APPROVAL if ruling.waits else CaseState.SETTLED
    unit.cases.set_state(held.case.id, settled, now)
    held.note(
        "remedy.change", {**terms_of(new), "remedy": made, "state": str(state), "reason": why}
    )
    held.say(ChangedByPerson(order_number=held.order.number))
    held.say(terms_reply(held.house, new, held.order, waits=ruling.waits))

    return Changed(remedy_id=made, state=state)
