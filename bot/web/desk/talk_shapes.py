"""What the desk's API sends of conversations."""

from datetime import datetime
from typing import Any

import msgspec

from bot.amounts import format_money
from bot.casework.agents import Agent, May
from bot.casework.deadlines import warned_from
from bot.casework.past import PastDecision
from bot.casework.queue import QueueCounts, QueueRow
from bot.casework.rulebook import Rulebook
from bot.casework.talks import DeskMessage, HeardMessage, Note, WholeTalk
from bot.casework.turns import Floor, Sender
from bot.desk_words import (
    LOCALE,
    masked_email,
    masked_name,
    say_intent,
    say_reason,
    say_remedy,
    say_state,
)
from bot.ledger_words import say_taken
from bot.services.desk_reading import QueuePage, TalkOnDesk
from bot.web.messages import AttachedFile, to_attached_file


class Person(msgspec.Struct):
    """Somebody of the team, as the others call them."""

    id: str
    first_name: str
    name: str


class Presence(msgspec.Struct):
    """Who has the conversation open."""

    present: list[Person]


class LastLine(msgspec.Struct):
    """The newest message of a conversation."""

    sender: Sender
    text: str
    at: datetime


class Row(msgspec.Struct):
    """
    One conversation in a list; `buyer` is masked, times are UTC.

    From `warn_at` on the deadline is near, as the seller's rulebook has it.
    """

    id: str
    store: str
    floor: Floor
    buyer: str
    language: str
    reason: str
    reason_text: str
    intent: str
    intent_text: str
    marketplace: str
    order_number: str
    agent: Person | None
    team: str
    handed_at: datetime | None
    due_at: datetime | None
    warn_at: datetime | None
    snoozed_until: datetime | None
    last: LastLine | None
    mine: bool


class Counts(msgspec.Struct):
    """How long the lists are."""

    waiting: int
    mine: int
    open: int
    snoozed: int
    approvals: int


class QueueList(msgspec.Struct):
    """A part of a list; `next` goes back as `after` for the following part. `now` is our clock."""

    rows: list[Row]
    counts: Counts
    next: int | None
    now: datetime


class Marked(msgspec.Struct):
    """A detail in a message, `start` to `end` in characters."""

    name: str
    value: str
    start: int
    end: int


class Guess(msgspec.Struct):
    """An intent and how sure the model was of it, from 0 to 1."""

    intent: str
    text: str
    confidence: float


class Corrected(msgspec.Struct):
    """What an agent said that the message means."""

    intent: str | None
    text: str | None
    entities: list[Marked] | None
    by: str
    at: datetime


class Heard(msgspec.Struct):
    """What the model understood of a buyer's message."""

    intent: str
    intent_text: str
    confidence: float
    ranking: list[Guess]
    entities: list[Marked]
    language: str | None
    corrected: Corrected | None


class RuleAsked(msgspec.Struct):
    """A rule that was consulted, with the numbers that it compared."""

    name: str
    held: bool
    text: str


class Why(msgspec.Struct):
    """A decision in plain words; `by` is `bot` or a person's name."""

    text: str
    step: str
    rules: list[RuleAsked]
    by: str
    rulebook: str
    at: datetime
    amount: str | None


class Button(msgspec.Struct):
    """A button under a message, and whether it was pressed."""

    label: str
    used: bool


class Picture(msgspec.Struct):
    """A photo; sizes in pixels."""

    id: str
    width: int
    height: int


class TalkMessage(msgspec.Struct):
    """A message as the team sees it; `why` stands at what the bot said, `heard` at the buyer's."""

    id: str
    seq: int
    sender: Sender
    kind: str
    text: str
    at: datetime
    choices: list[Button]
    card: Any
    photos: list[Picture]
    files: list[AttachedFile]
    agent: str | None
    heard: Heard | None
    why: list[Why]


class NoteShown(msgspec.Struct):
    """What an agent wrote for the others."""

    id: str
    after_seq: int
    agent: str
    text: str
    at: datetime


class HandoffShown(msgspec.Struct):
    """One transfer to a person; from `warn_at` on its deadline is near."""

    reason: str
    reason_text: str
    summary: str
    at: datetime
    due_at: datetime | None
    warn_at: datetime | None
    by: str


class CaseShown(msgspec.Struct):
    """One case."""

    id: str
    playbook: str
    text: str
    state: str
    awaiting: str
    order_number: str


class OrderShown(msgspec.Struct):
    """An order that the conversation is about, with its card."""

    id: int
    number: str
    marketplace: str
    status: str
    placed_at: datetime
    total: str
    refunded: str
    left_to_refund: str
    card: Any


class RemedyShown(msgspec.Struct):
    """A remedy that was granted here, or waits for a yes."""

    id: str
    kind: str
    text: str
    amount: str | None
    state: str
    state_text: str
    order_number: str
    reason: str
    decided_by: str
    at: datetime


class Earlier(msgspec.Struct):
    """Another conversation of the same buyer."""

    id: str
    at: datetime
    floor: Floor
    reason_text: str


class RatingShown(msgspec.Struct):
    """The buyer's rating, 1 to 5."""

    score: int
    comment: str
    at: datetime


class History(msgspec.Struct):
    """What the buyer had with us before."""

    conversations: list[Earlier]
    rating: RatingShown | None


class BuyerShown(msgspec.Struct):
    """
    Who writes; masked until somebody asks, which is written down.

    `contact` is the e-mail that an anonymous buyer left to be written to; it proves nothing.
    """

    name: str
    email: str
    contact: str
    signed_in: bool
    revealed: bool


class CanDo(msgspec.Struct):
    """What whoever asks may do with the conversation now."""

    claim: bool
    reply: bool
    give_back: bool
    close: bool
    snooze: bool
    assign: bool
    note: bool
    correct: bool
    decide: bool


class Talk(msgspec.Struct):
    """One conversation with everything at hand; from `warn_at` on its deadline is near."""

    id: str
    store: str
    floor: Floor
    language: str
    buyer: BuyerShown
    agent: Person | None
    team: str
    claimed_until: datetime | None
    snoozed_until: datetime | None
    due_at: datetime | None
    warn_at: datetime | None
    closed_at: datetime | None
    read_seq: int
    messages: list[TalkMessage]
    notes: list[NoteShown]
    handoffs: list[HandoffShown]
    cases: list[CaseShown]
    orders: list[OrderShown]
    remedies: list[RemedyShown]
    history: History
    present: list[Person]
    may: CanDo
    now: datetime


def to_person(agent: Agent | None) -> Person | None:
    """An agent as the others call them."""
    return Person(agent.id, agent.first_name, agent.name) if agent else None


def to_queue_list(page: QueuePage, agent: Agent) -> QueueList:
    """A part of a list, as that agent sees it."""
    return QueueList(
        rows=[to_row(row, agent, page.rules) for row in page.rows],
        counts=to_counts(page.counts),
        next=page.next,
        now=page.now,
    )


def to_counts(counts: QueueCounts) -> Counts:
    """How long the lists are."""
    return Counts(counts.waiting, counts.mine, counts.open, counts.snoozed, counts.approvals)


def to_row(row: QueueRow, agent: Agent, rules: Rulebook) -> Row:
    """One line of a list."""
    last = None
    if row.last_sender and row.last_at:
        last = LastLine(row.last_sender, row.last_text[:200], row.last_at)

    return Row(
        id=row.id,
        store=row.store,
        floor=row.floor,
        buyer=masked_name(row.buyer),
        language=row.language,
        reason=row.reason,
        reason_text=say_reason(row.reason) if row.reason else "",
        intent=row.intent,
        intent_text=say_intent(row.intent) if row.intent else "",
        marketplace=row.marketplace,
        order_number=row.order_number,
        agent=to_person(row.agent),
        team=row.team,
        handed_at=row.handed_at,
        due_at=row.due_at,
        warn_at=warned_from(rules, row.reason, row.due_at),
        snoozed_until=row.snoozed_until,
        last=last,
        mine=row.agent is not None and row.agent.id == agent.id,
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
        closed_at=holding.closed_at,
        read_seq=holding.read_seq,
        messages=to_messages(talk.messages, whole),
        notes=[to_note(note) for note in whole.notes],
        handoffs=[
            HandoffShown(
                reason=one.reason,
                reason_text=say_reason(one.reason),
                summary=one.summary,
                at=one.at,
                due_at=one.due_at,
                warn_at=warned_from(talk.rules, one.reason, one.due_at),
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
                awaiting=one.awaiting,
                order_number=one.order_number,
            )
            for one in whole.cases
        ],
        orders=[_to_order(talk, place) for place in range(len(talk.orders))],
        remedies=_to_remedies(talk),
        history=History(
            conversations=[
                Earlier(
                    one.id, one.began_at, one.floor, say_reason(one.reason) if one.reason else ""
                )
                for one in whole.earlier
            ],
            rating=RatingShown(whole.rating.score, whole.rating.comment, whole.rating.at)
            if whole.rating
            else None,
        ),
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


def to_messages(messages: tuple[DeskMessage, ...], whole: WholeTalk) -> list[TalkMessage]:
    """The messages; what was decided on a buyer's message stands at the bot's first answer."""
    decided: dict[str, list[Why]] = {}
    for message_id, decision in whole.decisions:
        if message_id:
            decided.setdefault(message_id, []).append(_to_why(decision))
    shown = []
    for message in messages:
        why = decided.pop(message.answers, []) if message.answers else []
        shown.append(_to_message(message, why))

    return shown


def to_note(note: Note) -> NoteShown:
    """A note."""
    return NoteShown(note.id, note.after_seq, note.agent, note.text, note.at)


def _to_message(message: DeskMessage, why: list[Why]) -> TalkMessage:
    return TalkMessage(
        id=message.id,
        seq=message.seq,
        sender=message.sender,
        kind=message.kind,
        text=message.text,
        at=message.at,
        choices=[Button(label, used) for label, used in message.choices],
        card=message.card,
        photos=[Picture(*photo) for photo in message.photos],
        files=[to_attached_file(file) for file in message.files],
        agent=message.agent,
        heard=_to_heard(message.heard) if message.heard else None,
        why=why,
    )


def _to_heard(heard: HeardMessage) -> Heard:
    corrected = None
    if heard.corrected:
        one = heard.corrected
        corrected = Corrected(
            intent=one.intent,
            text=say_intent(one.intent) if one.intent else None,
            entities=None if one.entities is None else [_to_marked(e) for e in one.entities],
            by=one.by,
            at=one.at,
        )

    return Heard(
        intent=heard.intent,
        intent_text=say_intent(heard.intent),
        confidence=heard.confidence,
        ranking=[Guess(name, say_intent(name), sure) for name, sure in heard.ranking[:5]],
        entities=[_to_marked(one) for one in heard.entities],
        language=heard.language,
        corrected=corrected,
    )


def _to_marked(entity: Any) -> Marked:
    return Marked(entity.name, entity.value, entity.start, entity.end)


def _to_why(decision: PastDecision) -> Why:
    taken = decision.seen.taken if decision.seen else None

    return Why(
        text=say_taken(taken) if taken else decision.decision.lower(),
        step=f"{say_intent(decision.playbook)}: {decision.step.replace('_', ' ')}",
        rules=[
            RuleAsked(rule.name.replace("_", " "), rule.held, rule.compared)
            for rule in decision.rules
        ],
        by=decision.decided_by,
        rulebook=decision.rulebook_version,
        at=decision.decided_at,
        amount=format_money(decision.amount, LOCALE) if decision.amount else None,
    )


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
            reason=one.reason,
            decided_by=one.approved_by,
            at=one.created_at,
        )
        for one in talk.whole.remedies
    ]
