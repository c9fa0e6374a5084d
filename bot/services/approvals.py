"""
A person's yes or no to a remedy that may not go out by itself.

The buyer has agreed to its exact terms already, and its money and goods are held back. Between
then and now the shop may have changed the order: what cannot be done any more is refused here
too, whatever the person says. So is what is more than their role may give, and what two people
have to agree to goes out with the second yes.
"""

from dataclasses import dataclass

from bot.casework.agents import Agent
from bot.casework.approvals import NAMED_TERMS, Verdict
from bot.casework.authority import check_first_word, check_four_eyes, check_limit, is_agreed
from bot.casework.cases import CaseState
from bot.casework.deadlines import due_at
from bot.casework.decisions import Reason, Rule
from bot.casework.refusals import Refusal, RefusalReason
from bot.casework.remedies import RemedyKind, RemedyState
from bot.casework.replies import MessageKind, Reply
from bot.casework.summaries import Summary
from bot.casework.turns import Floor
from bot.playbooks.checks import check_still, check_terms_stand
from bot.services.collisions import retried
from bot.services.held_remedy import HeldRemedy, hold_remedy, terms_reply, to_reason
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


def do_approve(
    house: House, remedy_id: str, agent: Agent, *, ip: str = ""
) -> Refusal | RemedyState:
    """
    Say yes to a remedy that waits; its state then, or why it cannot be.

    It still waits where a second person has to agree, else it goes out. Missing if there is none
    of that id. Approving twice is refused the second time.
    """
    said = retried(lambda: _approve(house, remedy_id, agent, ip))
    if said is RemedyState.REQUESTED:
        house.wake_worker()

    return said


def _approve(house: House, remedy_id: str, agent: Agent, ip: str) -> Refusal | RemedyState:
    with house.units() as unit:
        held = hold_remedy(house, unit, remedy_id, agent, ip)
        if refusal := (
            check_first_word(agent, held.said)
            or held.check_may()
            or _check_fits_still(held)
            or check_limit(agent, held.worth, held.given_before, house.rulebook)
        ):
            return refusal
        two = check_four_eyes(held.worth, held.given_before, house.rulebook)
        if two and not agent.id:
            # Two names at a console may be one person; accounts are two.
            return two
        held.add_word(Verdict.YES)
        if two and not is_agreed(held.said):
            rule = Rule("four_eyes_above", held=False, compared=two.compared)
            held.record("approve", "FirstYes", (rule,))
            held.note("remedy.first_yes", {"state": str(RemedyState.APPROVAL)})
            return RemedyState.APPROVAL

        unit.remedies.approve(held.row.id, agent.name, held.now)
        unit.cases.set_state(held.case.id, CaseState.SETTLED, held.now)
        held.record("approve", "Approve")
        held.note("remedy.approve", {"state": str(RemedyState.REQUESTED)})
        held.say(Approved(order_number=held.order.number))
        held.say(terms_reply(house, held.row.remedy, held.order, waits=False))

    return RemedyState.REQUESTED


def _check_fits_still(held: HeldRemedy) -> Refusal | None:
    """
    Whether it fits the order as it is now.

    Where a person named a part of the whole order's price, that it is not all of it is meant.
    """
    remedy, rules, today = held.row.remedy, held.house.rulebook, held.now.date()
    agreed_in, now_in = held.row.worth.currency, held.order.currency
    if agreed_in != now_in:
        return Refusal(RefusalReason.ORDER_CHANGED, f"{agreed_in} agreed, {now_in} now")
    if refusal := check_still(remedy, held.order, rules, today):
        return refusal
    by_person = any(one.verdict in NAMED_TERMS for one in held.said)
    if by_person and remedy.kind in (RemedyKind.REFUND, RemedyKind.RETURN):
        return None

    return check_terms_stand(remedy, held.row.worth, held.order, rules, today)


def do_deny(
    house: House, remedy_id: str, agent: Agent, why: str, *, ip: str = ""
) -> Refusal | None:
    """
    Say no to a remedy that waits for approval; the conversation goes to a person.

    What was taken from stock for it is put back. `why` is for the record, not for the buyer;
    NotAcceptable without it.
    """
    reason = to_reason(why)

    return retried(lambda: _deny(house, remedy_id, agent, reason, ip))


def _deny(house: House, remedy_id: str, agent: Agent, why: str, ip: str) -> Refusal | None:
    with house.units() as unit:
        held = hold_remedy(house, unit, remedy_id, agent, ip)
        if refusal := held.check_may():
            return refusal

        take_back(held, RemedyState.DENIED)
        held.add_word(Verdict.NO, why)
        unit.cases.set_state(held.case.id, CaseState.HANDED_OFF, held.now)
        held.record("deny", "Deny", (Rule("approval", held=False, compared=why),))
        held.note("remedy.deny", {"state": str(RemedyState.DENIED), "reason": why})
        held.say(NotApproved(order_number=held.order.number))
        unit.ledger.add_hand_off(
            held.conversation.id,
            held.case.id,
            None,
            Reason.DENIED,
            house.sum_up(
                Summary(
                    reason=Reason.DENIED,
                    case=held.case,
                    order=held.order,
                    tried=(f"{agent.name} did not approve it: {why}",),
                )
            ),
            held.now,
            due_at=due_at(house.rulebook, Reason.DENIED, held.order, held.now),
        )
        # Closed or not: the buyer was promised something and has to hear why it will not be.
        if held.conversation.floor in (Floor.BOT, Floor.CLOSED):
            unit.conversations.set_floor(held.conversation.id, Floor.WAITING)

    return None


def take_back(held: HeldRemedy, state: RemedyState) -> None:
    """End a remedy that waits: what was set aside for it is free again."""
    held.unit.remedies.end(held.row.id, state, held.now, by=held.agent.name)
    for sku, pieces in held.row.taken:
        held.unit.orders.give_back_stock(held.row.store, sku, pieces)
