"""Who looked at what and changed what."""

import json
from collections.abc import Iterator
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.casework.audit import AuditFilter, Deed, Entry
from bot.store.tables import audit

ADD_DEED = sa.insert(audit)


class SqlAudit:
    """`bot.casework.audit.Audit` in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def add(self, deed: Deed, now: datetime) -> None:
        agent = deed.agent
        self._db.execute(
            ADD_DEED,
            {
                "at": now,
                "agent_id": agent.id if agent else None,
                "who": deed.who or (agent.name if agent else ""),
                "action": deed.action,
                "subject": deed.subject,
                "subject_id": deed.subject_id,
                "before": deed.before and dict(deed.before),
                "after": deed.after and dict(deed.after),
                "ip": deed.ip,
            },
        )

    def search(self, wanted: AuditFilter, most: int) -> tuple[Entry, ...]:
        c = audit.c
        rows = self._db.execute(
            sa.select(
                c.id.label("number"),
                c.at,
                c.agent_id,
                c.who,
                c.action,
                c.subject,
                c.subject_id,
                c.before,
                c.after,
                c.ip,
            )
            .where(*_conditions(wanted))
            .order_by(c.id.desc())
            .limit(most)
        )

        return tuple(Entry(**row) for row in rows.mappings())


def _conditions(wanted: AuditFilter) -> Iterator[sa.ColumnElement[bool]]:
    c = audit.c
    if wanted.agent_id:
        yield c.agent_id == wanted.agent_id
    if wanted.action:
        yield c.action.startswith(wanted.action, autoescape=True)
    if wanted.subject:
        yield c.subject == wanted.subject
    if wanted.subject_id:
        yield c.subject_id == wanted.subject_id
    if wanted.since:
        yield c.at >= wanted.since
    if wanted.until:
        yield c.at <= wanted.until
    if wanted.before is not None:
        yield c.id < wanted.before
    if wanted.text:
        yield sa.or_(*_anywhere(wanted.text))


def _anywhere(text: str) -> Iterator[sa.ColumnElement[bool]]:
    c = audit.c
    for column in (c.who, c.action, c.subject_id, c.ip):
        yield column.icontains(text, autoescape=True)
    # JSON is stored with other letters than Latin escaped.
    escaped = json.dumps(text)[1:-1]
    for column in (c.before, c.after):
        yield sa.cast(column, sa.Text).icontains(escaped, autoescape=True)
