"""Giving a conversation to a person, with a reason and a summary."""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.casework.cases import Awaiting, Case, CaseState
from bot.casework.deadlines import due_at, hours_to_tell
from bot.casework.decisions import Reason, Rule
from bot.casework.languages import in_written_language
from bot.casework.orders import Order
from bot.casework.ports.units import UnitOfWork
from bot.casework.replies import MessageKind, Reply
from bot.casework.turns import Floor
from bot.playbooks.hearing import AS_IT_IS
from bot.services.exchange import Exchange
from bot.services.house import House


@dataclass(frozen=True, kw_only=True)
class HandedOff(Reply):
    """
    A person takes over; `reason` chooses the words.

    `back_at` is when somebody is there again, None during business hours or where none are set;
    `within_hours` by when a complaint is answered.
    """

    kind = MessageKind.NOTICE

    reason: Reason
    back_at: datetime | None = None
    within_hours: int | None = None


@dataclass(frozen=True, kw_only=True)
class SomethingFailed(Reply):
    """We could not answer; a person will."""

    kind = MessageKind.NOTICE


def do_hand_off(
    exchange: Exchange, reason: Reason, case: Case | None, rules_asked: tuple[Rule, ...] = ()
) -> None:
    """
    Pass the floor, tell the buyer, and write down why for whoever takes over.

    Without an open case the person hears of the last one: "I want to complain" is about that. Of
    the rules that were asked they hear those that tell why (`TOLD`).
    """
    about = case or next(iter(exchange.cases), None)
    others = [f"{rule.name}: {rule.compared}" for rule in rules_asked if rule.name.startswith(TOLD)]
    if about and about.state is CaseState.OPEN:
        about = replace(about, state=CaseState.HANDED_OFF, awaiting=Awaiting.NOTHING)
        exchange.keep(about)
    for other in exchange.cases:
        if other.state is CaseState.REMEMBERED:
            others.append(f"Also told: {other.intent}: {other.opening[:200]}")
            exchange.keep(replace(other, state=CaseState.HANDED_OFF))
    rules = exchange.rules
    order = exchange.order(about.order_id) if about and about.order_id is not None else None
    exchange.unit.ledger.add_hand_off(
        exchange.conversation.id,
        about.id if about else None,
        exchange.message.id,
        reason,
        "\n".join([summarise(exchange, about), *others]),
        exchange.now,
        due_at=due_at(rules, reason, order, exchange.now),
    )
    exchange.give_floor(Floor.WAITING)
    open_hours = rules.business_hours
    back_at = open_hours.next_opening(exchange.now) if open_hours else None
    hours = hours_to_tell(rules, reason, order)
    exchange.say(HandedOff(reason=reason, back_at=back_at, within_hours=hours), case)


TOLD = ("bad_faith.", "paid", "payment", "claim.")
"""Beginnings of the rules that a person wants to read before the first word."""


def do_hand_off_unanswered(house: House, message_id: str, reason: Reason) -> bool:
    """
    Answer a message that the bot could not answer, and pass the floor to a person.

    False if it was answered meanwhile: the turn that came late has won, and nothing is said
    twice.
    """
    with house.units() as unit:
        message = unit.conversations.get_message(message_id)
        conversation = unit.conversations.lock(message.conversation_id)
        message = unit.conversations.get_message(message_id)
        if message.answered_at or conversation.floor is not Floor.BOT:
            return False
        now = house.clock()
        if not message.choice_token:
            conversation = in_written_language(conversation, message.text)
        spoken = house.speaker.render(
            SomethingFailed(), conversation.locale, variant=message.id, now=now
        )
        order = recent_order(unit, conversation.id)
        unit.ledger.add_hand_off(
            conversation.id,
            None,
            message.id,
            reason,
            f"No answer to: {message.text[:200]}",
            now,
            due_at=due_at(house.rulebook, reason, order, now),
        )
        unit.conversations.say(conversation.id, spoken, answers=message.id, case_id=None, now=now)
        unit.conversations.mark_answered(message.id, now)
        unit.conversations.set_floor(conversation.id, Floor.WAITING)

    return True


def recent_order(unit: UnitOfWork, conversation_id: str) -> Order | None:
    """The order that was talked about last: its marketplace's clock runs."""
    talked = (case.order_id for case in unit.cases.of_conversation(conversation_id))
    order_id = next((one for one in talked if one is not None), None)

    return None if order_id is None else unit.orders.get(order_id)


def summarise(exchange: Exchange, case: Case | None) -> str:
    """What a person should know before the first word, in a few lines."""
    said = exchange.turn.text or exchange.message.text
    lines = [f"Buyer: {said[:200] or '(no text)'}"]
    if case is None:
        return lines[0]
    lines.append(f"Case: {case.playbook}, began with: {case.opening[:200]}")
    if case.order_id is not None:
        order = exchange.order(case.order_id)
        lines.append(f"Order {order.number}: {order.status}, {order.marketplace}")
    elif case.claimed:
        lines.append(f"Order {case.claimed} was named but not proven")
    if case.address:
        lines.append(f"New address wanted: {case.address}")
    if case.sku:
        lines.append(f"Wanted instead: {case.sku}")
    if case.reason:
        lines.append(f"Reason: {case.reason}")
    if case.detail not in ("", AS_IT_IS):
        lines.append(f"Told: {case.detail[:200]}")
    if case.photos:
        lines.append(f"Photos: {len(case.photos)}")
    if case.offer:
        kinds = ", ".join(option.kind for option in case.offer.options)
        lines.append(f"Offered: {kinds}; chosen: {case.picked.kind if case.picked else 'none'}")

    return "\n".join(lines)
