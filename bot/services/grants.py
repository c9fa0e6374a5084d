"""
What an agent grants by themselves, under the same locks and checks of money as the bot.

An agent is not bound by the seller's caps, but by what was paid, by what excludes each other, and
by what the marketplace settles. The bot's record and an agent's are one.
"""

import hashlib
from dataclasses import replace

from bot.casework.cases import Case, CaseState
from bot.casework.ports import DecisionRow
from bot.casework.refusals import Refusal
from bot.casework.remedies import Remedy
from bot.casework.turns import Floor
from bot.playbooks.checks import check_agents_remedy
from bot.services.case_work import put_on_record
from bot.services.collisions import retried
from bot.services.exchange import with_history
from bot.services.house import House

PLAYBOOK = "agent"
"""What the ledger names as the playbook of an agent's own decision."""


def do_grant(
    house: House, remedy: Remedy, *, agent: str, reason: str, request_id: str
) -> Refusal | str:
    """
    Grant a remedy; its id, or why it cannot be.

    The same `request_id` grants once, however often it comes: an agent's browser may send twice.
    """
    granted = retried(
        lambda: _grant(house, remedy, agent=agent, reason=reason, request_id=request_id)
    )
    if isinstance(granted, str):
        house.wake_worker()

    return granted


def _grant(
    house: House, remedy: Remedy, *, agent: str, reason: str, request_id: str
) -> Refusal | str:
    case_id = hashlib.sha256(f"grant:{remedy.order_id}:{request_id}".encode()).hexdigest()[:32]
    with house.units() as unit:
        now, rules = house.clock(), house.rulebook
        order = unit.orders.get(remedy.order_id)
        if known := unit.remedies.find_of_case(case_id):
            return known
        unit.remedies.hold_caps(order.store)
        order = with_history(unit, unit.orders.get(order.id), rules, now)
        if refusal := check_agents_remedy(remedy, order, rules, now.date()):
            return refusal

        conversation_id = f"order-{order.id:08}"
        unit.conversations.add_named(conversation_id, order.store, "en", now)
        unit.conversations.set_floor(conversation_id, Floor.CLOSED)
        case = Case(
            id=case_id,
            conversation_id=conversation_id,
            playbook=PLAYBOOK,
            intent=PLAYBOOK,
            order_id=order.id,
            opening=reason[:200],
            line_id=remedy.line_id,
        )
        unit.cases.save(replace(case, state=CaseState.SETTLED), 0, now)
        number = unit.ledger.add_decision(
            DecisionRow(
                store=order.store,
                conversation_id=conversation_id,
                case_id=case.id,
                message_id=None,
                playbook=PLAYBOOK,
                step="grant",
                decision="Perform",
                facts={
                    "order": order.number,
                    "revision": order.revision,
                    "remedy": remedy.kind,
                    "amount": remedy.amount.minor if remedy.amount else None,
                    "left_to_refund": order.left_to_refund(remedy.line_id).minor,
                    "reason": reason[:200],
                },
                rules=(),
                rulebook_version=rules.version,
                decided_at=now,
                remedy=remedy,
                decided_by=agent,
            )
        )
        return put_on_record(
            unit,
            case.id,
            number,
            remedy,
            order,
            reason=reason[:200],
            approved_by=agent,
            now=now,
        )
