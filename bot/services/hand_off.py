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
from bot.casework.summaries import Summary
from bot.casework.turns import Floor
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
    the rules that were asked they hear those that tell why.
    """
    found = case or next(iter(exchange.cases), None)
    order_id = found.order_id if found else None
    order = exchange.order(order_id) if order_id is not None else None
    if found and found.state is CaseState.OPEN:
        exchange.keep(replace(found, state=CaseState.HANDED_OFF, awaiting=Awaiting.NOTHING))
    others = tuple(one for one in exchange.cases if one.state is CaseState.REMEMBERED)
    for other in others:
        exchange.keep(replace(other, state=CaseState.HANDED_OFF))
    summary = Summary(
        reason=reason,
        case=found,
        order=order,
        last_words=exchange.turn.text or exchange.message.text,
        rules=rules_asked,
        others=others,
    )
    rules = exchange.rules
    exchange.unit.ledger.add_hand_off(
        exchange.conversation.id,
        found.id if found else None,
        exchange.message.id,
        reason,
        exchange.house.sum_up(summary),
        exchange.now,
        due_at=due_at(rules, reason, order, exchange.now),
    )
    exchange.give_floor(Floor.WAITING)
    open_hours = rules.business_hours
    back_at = open_hours.next_opening(exchange.now) if open_hours else None
    hours = hours_to_tell(rules, reason, order)
    exchange.say(HandedOff(reason=reason, back_at=back_at, within_hours=hours), case)


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
            house.sum_up(Summary(reason=reason, last_words=message.text)),
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
