"""The lists of conversations that the team works through."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Row

from bot.casework.agents import Agent
from bot.casework.limits import DeskClock
from bot.casework.queue import Clock, QueueCounts, QueueFilter, QueueRow, View
from bot.casework.remedies import RemedyState
from bot.casework.turns import Floor, Sender
from bot.store.desk import joined_agent
from bot.store.desk_clocks import IS_COMPLAINT
from bot.store.search import ids_of
from bot.store.tables import (
    agents,
    buyers,
    cases,
    conversations,
    handoffs,
    messages,
    orders,
    remedies,
)

TALK = conversations.c
ON_PEOPLES_DESK = TALK.floor.in_((Floor.WAITING, Floor.HUMAN))
JOINED = (
    conversations.outerjoin(handoffs, handoffs.c.id == TALK.handoff_id)
    .outerjoin(cases, cases.c.id == handoffs.c.case_id)
    .outerjoin(orders, orders.c.id == cases.c.order_id)
)
_LAST = messages.alias("last")
_MEANT = messages.alias("meant")
DETAILS = (
    sa.select(
        TALK.id,
        TALK.store_id,
        TALK.floor,
        TALK.locale,
        sa.func.coalesce(sa.func.nullif(TALK.identity_name, ""), buyers.c.name).label("buyer"),
        TALK.team,
        TALK.due_at,
        TALK.snoozed_until,
        handoffs.c.reason,
        handoffs.c.created_at.label("handed_at"),
        handoffs.c.answered_at,
        sa.func.coalesce(cases.c.intent, _MEANT.c.intent).label("intent"),
        orders.c.marketplace,
        orders.c.number,
        _LAST.c.sender.label("last_sender"),
        _LAST.c.text.label("last_text"),
        _LAST.c.created_at.label("last_at"),
        *(agents.c[name].label(f"agent_{name}") for name in ("id", "email", "name", "role")),
        agents.c.team.label("agent_team"),
        agents.c.reads.label("agent_reads"),
        agents.c.disabled_at.label("agent_disabled_at"),
    )
    .select_from(
        JOINED.outerjoin(buyers, buyers.c.id == orders.c.buyer_id)
        .outerjoin(agents, agents.c.id == TALK.agent_id)
        .outerjoin(_LAST, sa.and_(_LAST.c.conversation_id == TALK.id, _LAST.c.seq == TALK.last_seq))
        .outerjoin(_MEANT, _MEANT.c.id == handoffs.c.message_id)
    )
    .where(TALK.id.in_(sa.bindparam("keys", expanding=True)))
)


class SqlQueue:
    """`bot.casework.queue.Queue` in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def rows(
        self,
        view: View,
        agent: Agent,
        only: QueueFilter,
        now: datetime,
        *,
        near: Mapping[DeskClock, datetime],
        skip: int,
        most: int,
    ) -> tuple[QueueRow, ...]:
        # The ids first, in one look at narrow rows; only those of the page are joined.
        wanted = (
            sa.select(TALK.id)
            .select_from(JOINED if _needs_joins(only) else conversations)
            .where(_in_view(view, agent, now), *_narrowed(only, now, near, self._db.dialect.name))
            .order_by(*_order(view))
            .offset(skip)
            .limit(most)
        )
        ids = list(self._db.execute(wanted).scalars())
        found = {row.id: row for row in self._db.execute(DETAILS, {"keys": ids})} if ids else {}

        return tuple(_to_row(found[one]) for one in ids)

    def counts(self, agent: Agent, now: datetime) -> QueueCounts:
        views = (View.WAITING, View.MINE, View.OPEN, View.SNOOZED)
        row = self._db.execute(
            sa.select(
                *(
                    sa.func.coalesce(
                        sa.func.sum(sa.case((_in_view(view, agent, now), 1), else_=0)), 0
                    ).label(view)
                    for view in views
                )
            ).where(TALK.floor != Floor.CLOSED)
        ).one()
        approvals = sa.select(sa.func.count()).where(remedies.c.state == RemedyState.APPROVAL)

        return QueueCounts(
            **{str(view): int(getattr(row, view)) for view in views},
            approvals=int(self._db.execute(approvals).scalar_one()),
        )


def _in_view(view: View, agent: Agent, now: datetime) -> sa.ColumnElement[bool]:
    asleep = sa.func.coalesce(TALK.snoozed_until, datetime(1970, 1, 1, tzinfo=now.tzinfo)) > now
    views: dict[View, sa.ColumnElement[bool]] = {
        View.WAITING: sa.and_(TALK.floor == Floor.WAITING, sa.not_(asleep)),
        View.MINE: sa.and_(ON_PEOPLES_DESK, TALK.agent_id == agent.id, sa.not_(asleep)),
        View.OPEN: sa.and_(TALK.floor != Floor.CLOSED, TALK.last_seq > 0),
        View.SNOOZED: sa.and_(ON_PEOPLES_DESK, asleep),
        View.CLOSED: sa.and_(
            TALK.floor == Floor.CLOSED, TALK.last_seq > 0, TALK.erased_at.is_(None)
        ),
    }

    return views[view]


def _order(view: View) -> tuple[sa.ColumnElement[Any], ...]:
    if view is View.CLOSED:
        return TALK.closed_at.desc(), TALK.id
    if view is View.SNOOZED:
        return TALK.snoozed_until, TALK.id
    first = (TALK.floor == Floor.BOT,) if view is View.OPEN else ()
    oldest = TALK.created_at.desc() if view is View.OPEN else TALK.created_at

    return *first, TALK.due_at.is_(None), TALK.due_at, oldest, TALK.id


def _needs_joins(only: QueueFilter) -> bool:
    by_clock = only.clock is Clock.SOON

    return bool(only.reason or only.intent or only.marketplace or by_clock)


def _narrowed(
    only: QueueFilter, now: datetime, near: Mapping[DeskClock, datetime], dialect: str
) -> list[sa.ColumnElement[bool]]:
    equal = (
        (handoffs.c.reason, only.reason),
        (cases.c.intent, only.intent),
        (orders.c.marketplace, only.marketplace),
        (TALK.locale, only.language),
        (TALK.store_id, only.store),
        (TALK.agent_id, only.agent),
    )
    narrowed: list[sa.ColumnElement[bool]] = [column == text for column, text in equal if text]
    if only.clock is Clock.OVERDUE:
        narrowed.append(TALK.due_at <= now)
    elif only.clock is Clock.SOON:
        until = sa.case(
            (IS_COMPLAINT, TALK.due_at <= near[DeskClock.COMPLAINT]),
            else_=TALK.due_at <= near[DeskClock.TICKET],
        )
        narrowed.append(sa.and_(TALK.due_at > now, until))
    elif only.clock is Clock.NONE:
        narrowed.append(TALK.due_at.is_(None))
    if only.text:
        found = ids_of(only.text, dialect)
        narrowed.append(sa.false() if found is None else TALK.id.in_(found))

    return narrowed


def _to_row(row: Row[*tuple[Any, ...]]) -> QueueRow:
    return QueueRow(
        id=row.id,
        store=row.store_id,
        floor=Floor(row.floor),
        buyer=row.buyer or "",
        language=row.locale,
        reason=row.reason or "",
        intent=row.intent or "",
        marketplace=row.marketplace or "",
        order_number=row.number or "",
        agent=joined_agent(row),
        team=row.team,
        handed_at=row.handed_at,
        due_at=row.due_at,
        answered_at=row.answered_at,
        snoozed_until=row.snoozed_until,
        last_sender=Sender(row.last_sender) if row.last_sender else None,
        last_text=row.last_text or "",
        last_at=row.last_at,
    )
