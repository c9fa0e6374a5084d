"""What the team looks at: lists of what waits, and one conversation with everything at hand."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.casework.agents import Agent
from bot.casework.audit import Deed
from bot.casework.deadlines import warned_until
from bot.casework.desk import Holding
from bot.casework.intents import Intents
from bot.casework.orders import OrderCard
from bot.casework.queue import QueueCounts, QueueFilter, QueueRow, View
from bot.casework.rulebook import Rulebook
from bot.casework.talks import DeskMessage, WholeTalk
from bot.casework.turns import Conversation
from bot.services.house import House

PAGE = 50
"""Rows of a list that are read at once."""
LOCALE = "en"
"""What the desk is written in."""
MOST_ORDERS = 10
"""Orders of which a conversation's page shows the card."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuePage:
    """
    A part of a list; `next` is where the following part begins, None at the end.

    `rules` and `intents` are those of the same moment; `by_email` are the conversations of it that
    the search finds as an e-mail: whoever sees them learns whose they are.
    """

    rows: tuple[QueueRow, ...]
    rules: Rulebook
    intents: Intents
    counts: QueueCounts
    next: int | None
    by_email: tuple[str, ...]
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkOnDesk:
    """
    One conversation with everything at hand.

    `orders` are what it is about, the latest first, `cards` the same as ready JSON. `rules` and
    `intents` are those of the same moment.
    """

    conversation: Conversation
    holding: Holding
    messages: tuple[DeskMessage, ...]
    whole: WholeTalk
    orders: tuple[OrderCard, ...]
    cards: tuple[Mapping[str, object], ...]
    rules: Rulebook
    intents: Intents
    now: datetime


def list_queue(house: House, view: View, agent: Agent, only: QueueFilter, skip: int) -> QueuePage:
    """A part of a list as it is now, and how long all lists are."""
    with house.units.reading() as unit:
        rules, now = house.rulebook, house.clock()
        near = warned_until(rules, now)
        rows = unit.queue.rows(view, agent, only, now, near=near, skip=skip, most=PAGE + 1)

        return QueuePage(
            rows=rows[:PAGE],
            rules=rules,
            intents=house.intents,
            counts=unit.queue.counts(agent, now),
            next=skip + PAGE if len(rows) > PAGE else None,
            by_email=unit.search.of_email(only.text, [row.id for row in rows[:PAGE]]),
            now=now,
        )


def open_talk(house: House, conversation_id: str, agent: Agent, *, ip: str) -> TalkOnDesk:
    """The conversation with everything at hand; that it was looked at is written down."""
    with house.units() as unit:
        unit.conversations.get(conversation_id)
        deed = Deed(
            agent=agent,
            action="conversation.open",
            subject="conversation",
            subject_id=conversation_id,
            ip=ip,
        )
        unit.audit.add(deed, house.clock())

    return read_talk(house, conversation_id)


def read_talk(house: House, conversation_id: str, *, after: int = 0) -> TalkOnDesk:
    """The conversation, with the messages behind that seq; Missing if there is none."""
    with house.units.reading() as unit:
        conversation = unit.conversations.get(conversation_id)
        whole = unit.talks.whole(conversation_id)
        found = (
            unit.orders.find(conversation.store, number) for number in whole.orders[:MOST_ORDERS]
        )
        rules, now = house.rulebook, house.clock()
        orders = tuple(rules.card(order) for order in found if order)

        return TalkOnDesk(
            conversation=conversation,
            holding=unit.desk.holding(conversation_id),
            messages=unit.talks.messages(conversation_id, after),
            whole=whole,
            orders=orders,
            cards=tuple(house.speaker.render_card(card, LOCALE, now) for card in orders),
            rules=rules,
            intents=house.intents,
            now=now,
        )


def do_reveal(house: House, conversation_id: str, agent: Agent, *, ip: str) -> None:
    """Write down that somebody looked at who the buyer is; Missing without the conversation."""
    with house.units() as unit:
        unit.conversations.get(conversation_id)
        deed = Deed(
            agent=agent,
            action="buyer.reveal",
            subject="conversation",
            subject_id=conversation_id,
            ip=ip,
        )
        unit.audit.add(deed, house.clock())
