"""Counts over many conversations, each by an index that holds all it needs."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.casework.reports import DayCount, LabelCount, ReadCount, WentLive
from bot.casework.turns import Sender
from bot.store.tables import (
    MESSAGES_READ,
    QUESTIONS,
    agents,
    conversations,
    corrections,
    handoffs,
    labels,
    messages,
    promotions,
)

NOT_UNDERSTOOD = ("nlu_fallback", "out_of_scope")
SINCE: sa.BindParameter[datetime] = sa.bindparam("since")
UNTIL: sa.BindParameter[datetime] = sa.bindparam("until")
READ = sa.and_(MESSAGES_READ, messages.c.choice_token.is_(None))
DAY = sa.func.date(messages.c.created_at)

READINGS = (
    sa.select(
        messages.c.intent,
        messages.c.read_by,
        sa.func.count().label("number"),
        sa.func.sum(messages.c.confidence).label("sureness"),
        sa.func.count(messages.c.nearness).label("measured"),
        sa.func.sum(messages.c.nearness).label("nearness"),
    )
    .where(READ, messages.c.created_at >= SINCE, messages.c.created_at < UNTIL)
    .group_by(messages.c.intent, messages.c.read_by)
)
"""Asked for each day or week by itself: that goes by the index and makes few groups at once."""
INTENTS = (
    sa.select(messages.c.intent, sa.func.count().label("number"))
    .where(READ, messages.c.created_at >= SINCE)
    .group_by(messages.c.intent)
)
_MEANT = messages.alias("meant")
ASKED_BACK = (
    sa.select(
        DAY.label("day"),
        sa.func.count().label("number"),
        sa.func.sum(sa.case((_MEANT.c.intent.not_in(NOT_UNDERSTOOD), 1), else_=0)).label("such"),
    )
    .join(_MEANT, _MEANT.c.id == messages.c.answers)
    .where(QUESTIONS, messages.c.created_at >= SINCE)
    .group_by(DAY)
)
_BY_AGENTS = sa.and_(
    messages.c.sender == sa.literal_column(f"'{Sender.AGENT}'"), messages.c.created_at >= SINCE
)
_TALK_DAY = sa.func.date(conversations.c.created_at)
_WITH_A_PERSON = sa.or_(
    sa.exists().where(handoffs.c.conversation_id == conversations.c.id),
    conversations.c.id.in_(sa.select(messages.c.conversation_id).where(_BY_AGENTS)),
)
TALKS = (
    sa.select(
        _TALK_DAY.label("day"),
        sa.func.count().label("number"),
        sa.func.sum(sa.case((_WITH_A_PERSON, 1), else_=0)).label("such"),
    )
    .where(conversations.c.created_at >= SINCE, conversations.c.last_seq > 0)
    .group_by(_TALK_DAY)
)
# Grouped by what no index has in its order: SQLite would go through all messages by conversation.
_TALK = messages.c.conversation_id.concat("")
_LAST_LOOK = (
    sa.select(
        sa.func.max(messages.c.conversation_id).label("talk"),
        sa.func.max(messages.c.seq).label("seq"),
    )
    .where(_BY_AGENTS)
    .group_by(_TALK)
    .subquery()
)
_LATEST = (
    sa.select(corrections.c.message_id, sa.func.max(corrections.c.id).label("id"))
    .group_by(corrections.c.message_id)
    .subquery()
)
_HEARD = (messages.c.id, messages.c.created_at, messages.c.intent)
_SEEN = (
    sa.select(*_HEARD)
    .join(_LAST_LOOK, _LAST_LOOK.c.talk == messages.c.conversation_id)
    .where(READ, messages.c.created_at >= SINCE, messages.c.seq < _LAST_LOOK.c.seq)
    .union(
        sa.select(*_HEARD)
        .join(corrections, corrections.c.message_id == messages.c.id)
        .where(messages.c.choice_token.is_(None))  # no more, or SQLite begins with all messages
    )
    .subquery()
)
_SEEN_DAY = sa.func.date(_SEEN.c.created_at)
LOOKED_AT = (
    sa.select(
        _SEEN_DAY.label("day"),
        sa.func.count().label("number"),
        sa.func.sum(sa.case((corrections.c.intent != _SEEN.c.intent, 1), else_=0)).label("such"),
    )
    .select_from(_SEEN)
    .outerjoin(_LATEST, _LATEST.c.message_id == _SEEN.c.id)
    .outerjoin(corrections, corrections.c.id == _LATEST.c.id)
    .where(_SEEN.c.created_at >= SINCE, _SEEN.c.intent.is_not(None))
    .group_by(_SEEN_DAY)
)
TEXTS = (
    sa.select(messages.c.text)
    .where(
        READ,
        messages.c.created_at >= SINCE,
        messages.c.created_at < UNTIL,
        messages.c.text != "",
    )
    .order_by(messages.c.created_at.desc())
    .limit(sa.bindparam("most"))
)
_LABEL_DAY = sa.func.date(labels.c.created_at)
LABELS = (
    sa.select(_LABEL_DAY.label("day"), agents.c.id, agents.c.name, sa.func.count().label("number"))
    .join(agents, agents.c.id == labels.c.agent_id)
    .where(labels.c.created_at >= SINCE, labels.c.undone_at.is_(None), labels.c.intent != "")
    .group_by(_LABEL_DAY, agents.c.id, agents.c.name)
    .order_by(_LABEL_DAY, agents.c.name)
)
WENT_LIVE = (
    sa.select(promotions, agents.c.name)
    .join(agents, agents.c.id == promotions.c.agent_id)
    .order_by(promotions.c.created_at.desc())
    .limit(sa.bindparam("most"))
)


class SqlReports:
    """`bot.casework.reports.Reports` in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def intents_since(self, since: datetime) -> Mapping[str, int]:
        return {row.intent: row.number for row in self._db.execute(INTENTS, {"since": since})}

    def readings(self, since: datetime, until: datetime) -> tuple[ReadCount, ...]:
        return tuple(
            ReadCount(
                row.intent,
                row.read_by or "",
                row.number,
                row.sureness or 0.0,
                row.measured,
                row.nearness or 0.0,
            )
            for row in self._db.execute(READINGS, {"since": since, "until": until})
        )

    def asked_back(self, since: datetime) -> tuple[DayCount, ...]:
        return self._days(ASKED_BACK, since)

    def talks(self, since: datetime) -> tuple[DayCount, ...]:
        return self._days(TALKS, since)

    def looked_at(self, since: datetime) -> tuple[DayCount, ...]:
        return self._days(LOOKED_AT, since)

    def texts(self, since: datetime, until: datetime, most: int) -> Sequence[str]:
        span = {"since": since, "until": until, "most": most}

        return self._db.scalars(TEXTS, span).all()

    def labels(self, since: datetime) -> tuple[LabelCount, ...]:
        return tuple(
            LabelCount(_to_day(row.day), row.id, row.name, row.number)
            for row in self._db.execute(LABELS, {"since": since})
        )

    def went_live(self, most: int) -> tuple[WentLive, ...]:
        return tuple(
            WentLive(row.created_at, row.model, row.before, row.name, row.kind)
            for row in self._db.execute(WENT_LIVE, {"most": most})
        )

    def _days(self, query: sa.Select[Any], since: datetime) -> tuple[DayCount, ...]:
        return tuple(
            DayCount(_to_day(row.day), row.number, int(row.such or 0))
            for row in self._db.execute(query, {"since": since})
        )


def _to_day(day: date | str) -> date:
    """SQLite tells a day as text."""
    return day if isinstance(day, date) else date.fromisoformat(day)
