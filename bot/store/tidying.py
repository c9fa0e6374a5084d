"""Deleting what is of no use to anybody any more."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection, Table

from bot.casework.accounts import IDLE
from bot.casework.notices import NoticeState
from bot.store.tables import agent_links, agent_sessions, identity_tries, login_tries, notices


class SqlTidying:
    """`bot.casework.tidying.Tidying` in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def notices(self, until: datetime) -> int:
        over = notices.c.state.in_((NoticeState.SENT, NoticeState.FAILED))

        return self._delete(notices, sa.and_(over, notices.c.next_at <= until))

    def links(self, now: datetime) -> int:
        c = agent_links.c

        return self._delete(agent_links, sa.or_(c.used_at.is_not(None), c.expires_at <= now))

    def sessions(self, now: datetime) -> int:
        c = agent_sessions.c

        return self._delete(agent_sessions, sa.or_(c.expires_at <= now, c.seen_at <= now - IDLE))

    def tries(self, until: datetime) -> int:
        return sum(
            self._delete(table, table.c.tried_at <= until)
            for table in (login_tries, identity_tries)
        )

    def _delete(self, table: Table, which: sa.ColumnElement[bool]) -> int:
        return self._db.execute(sa.delete(table).where(which)).rowcount
