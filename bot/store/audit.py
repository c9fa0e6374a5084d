"""Who looked at what and changed what."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.casework.audit import Deed
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
