"""A conversation made into what the desk's API sends of it."""

from datetime import datetime

from bot.amounts import format_money
from bot.casework.agents import Agent, May
from bot.casework.cases import Awaiting, CaseState
from bot.casework.deadlines import warned_from
from bot.casework.talks import CaseOnDesk, Note
from bot.casework.turns import Floor
from bot.desk_words import (
    INTENTS,
    LOCALE,
    masked_email,
    masked_name,
    say_intent,
    say_reason,
    say_remedy,
    say_state,
)
from bot.services.desk_reading import TalkOnDesk
from bot.taken_words import ASKED, STATES
from bot.web.desk.history_shapes import to_history
from bot.web.desk.message_shapes import to_messages
from bot.web.desk.people_shapes import Person, to_person
from bot.web.desk.talk_shapes import (
    BuyerShown,
    CanDo,
    CaseShown,
    HandoffShown,
    NoteShown,
    OrderShown,
    RemedyShown,
    Talk,
)


def to_talk(
    talk: TalkOnDesk, agent: Agent, present: list[Person], *, revealed: bool = False
) -> Talk:
    """The conversation, as that agent sees it."""
    conversation, holding, whole = talk.conversation, talk.holding, talk.whole

    return Talk(
        id=conversation.id,
        store=conversation.store,
        floor=conversation.floor,
        language=conversation.locale,
        buyer=to_buyer(talk, revealed=revealed),
        agent=to_person(holding.agent),
        team=holding.team,
        claimed_until=holding.claimed_until,
        snoozed_until=holding.snoozed_until,
        due_at=holding.due_at,
        warn_at=_warned_from(talk),
        answered_at=holding.answered_at,
        closed_at=holding.closed_at,
        read_seq=holding.read_seq,
        messages=to_messages(talk.messages, whole, talk.intents),
        notes=[to_note(note) for note in whole.notes],
        handoffs=[
            HandoffShown(
                reason=one.reason,
                reason_text=say_reason(one.reason),
                summary=one.summary,
                at=one.at,
                due_at=one.due_at,
                warn_at=warned_from(talk.rules, one.reason, one.due_at),
                answered_at=one.answered_at,
                by=one.by,
            )
            for one in whole.handoffs
        ],
        cases=[
            CaseShown(
                id=one.id,
                playbook=one.playbook,
                text=say_intent(one.playbook),
                state=one.state,
                state_text=STATES.get(one.state, one.state),
                asked=_asked(one),
                order_number=one.order_number,
            )
            for one in whole.cases
        ],
        orders=[_to_order(talk, place) for place in range(len(talk.orders))],
        remedies=_to_remedies(talk),
        history=to_history(whole),
        present=present,
        may=what_may(talk, agent),
        now=talk.now,
    )


def _warned_from(talk: TalkOnDesk) -> datetime | None:
    due = talk.holding.due_at
    reasons = [one.reason for one in talk.whole.handoffs if one.due_at == due]

    return warned_from(talk.rules, reasons[-1], due) if reasons else due


def to_buyer(talk: TalkOnDesk, *, revealed: bool) -> BuyerShown:
    """Who writes, as far as the shop or the proven order tells."""
    whole = talk.whole
    name, email, contact = whole.buyer_name, whole.buyer_email, whole.contact_email
    if not revealed:
        name, email, contact = masked_name(name), masked_email(email), masked_email(contact)
    signed_in = talk.conversation.identity is not None

    return BuyerShown(
        name=name, email=email, contact=contact, signed_in=signed_in, revealed=revealed
    )


def what_may(talk: TalkOnDesk, agent: Agent) -> CanDo:
    """What the agent may do with it now; the services decide anew."""
    floor, held = talk.conversation.floor, talk.holding.agent
    is_open = floor is not Floor.CLOSED
    mine = floor is Floor.HUMAN and held is not None and held.id == agent.id
    takeable = is_open and (mine or floor is not Floor.HUMAN or agent.may(May.ASSIGN))
    answers = agent.may(May.ANSWER)

    return CanDo(
        claim=answers and is_open and floor is not Floor.HUMAN,
        reply=answers and mine,
        give_back=answers and mine,
        close=answers and takeable,
        snooze=answers and takeable,
        assign=answers and takeable,
        note=answers,
        correct=agent.may(May.CORRECT),
        decide=agent.may(May.DECIDE),
    )


def _asked(case: CaseOnDesk) -> str:
    owes = case.state == CaseState.OPEN and case.awaiting != Awaiting.NOTHING

    return ASKED.get(case.awaiting, "") if owes else ""


def to_note(note: Note) -> NoteShown:
    """A note."""
    return NoteShown(note.id, note.after_seq, note.agent, note.text, note.at)


def _to_order(talk: TalkOnDesk, place: int) -> OrderShown:
    order, card = talk.orders[place].order, talk.cards[place]

    return OrderShown(
        id=order.id,
        number=order.number,
        marketplace=order.marketplace,
        status=order.status,
        placed_at=order.placed_at,
        total=format_money(order.paid, LOCALE),
        refunded=format_money(order.money_back(), LOCALE),
        left_to_refund=format_money(order.left_to_refund(), LOCALE),
        card=card,
    )


def _to_remedies(talk: TalkOnDesk) -> list[RemedyShown]:
    numbers = {card.order.id: card.order.number for card in talk.orders}

    return [
        RemedyShown(
            id=one.id,
            kind=one.remedy.kind,
            text=say_remedy(one.remedy),
            amount=format_money(one.remedy.amount, LOCALE) if one.remedy.amount else None,
            state=one.state,
            state_text=say_state(one.state),
            order_number=numbers.get(one.order_id, ""),
            reason_text=say_intent(one.reason) if one.reason in INTENTS else one.reason,
            decided_by=one.approved_by,
            at=one.created_at,
        )
        for one in talk.whole.remedies
    ]
