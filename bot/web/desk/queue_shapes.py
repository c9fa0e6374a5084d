"""What the desk's API sends of the lists of conversations."""

from datetime import datetime

import msgspec

from bot.casework.agents import Agent
from bot.casework.deadlines import warned_from
from bot.casework.intents import Intents
from bot.casework.queue import QueueCounts, QueueRow
from bot.casework.rulebook import Rulebook
from bot.casework.turns import Floor, Sender
from bot.desk_words import masked_name, say_intent, say_reason
from bot.services.desk_reading import QueuePage
from bot.web.desk.people_shapes import Person, to_person


class LastLine(msgspec.Struct):
    """The newest message of a conversation."""

    sender: Sender
    text: str
    at: datetime


class Row(msgspec.Struct):
    """
    One conversation in a list; `buyer` is masked, times are UTC.

    `due_at` is of a clock that runs; `answered_at` when an answer of ours stopped it.
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
    answered_at: datetime | None
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


def to_queue_list(page: QueuePage, agent: Agent) -> QueueList:
    """A part of a list, as that agent sees it."""
    return QueueList(
        rows=[to_row(row, agent, page.rules, page.intents) for row in page.rows],
        counts=to_counts(page.counts),
        next=page.next,
        now=page.now,
    )


def to_counts(counts: QueueCounts) -> Counts:
    """How long the lists are."""
    return Counts(counts.waiting, counts.mine, counts.open, counts.snoozed, counts.approvals)


def to_row(row: QueueRow, agent: Agent, rules: Rulebook, intents: Intents) -> Row:
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
        intent_text=say_intent(row.intent, intents) if row.intent else "",
        marketplace=row.marketplace,
        order_number=row.order_number,
        agent=to_person(row.agent),
        team=row.team,
        handed_at=row.handed_at,
        due_at=row.due_at,
        warn_at=warned_from(rules, row.reason, row.due_at),
        answered_at=row.answered_at,
        snoozed_until=row.snoozed_until,
        last=last,
        mine=row.agent is not None and row.agent.id == agent.id,
    )
