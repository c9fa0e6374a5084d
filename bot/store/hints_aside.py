"""Hints that somebody has put aside."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.casework.agents import Agent
from bot.casework.hints_aside import HintAside
from bot.store.tables import agents, hints_aside

ALL = (
    sa.select(hints_aside, agents.c.name)
    .join(agents, agents.c.id == hints_aside.c.agent_id)
    .order_by(hints_aside.c.id)
)


class SqlHintsAside:
    """`bot.casework.hints_aside.HintsAside` in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def all(self) -> tuple[HintAside, ...]:
        # Two who put it aside at once are two rows: the latest counts.
        latest = {row.key: row for row in self._db.execute(ALL)}

        return tuple(
            HintAside(key=row.key, by=row.name, reason=row.reason, at=row.created_at)
            for row in latest.values()
        )

    def add(self, key: str, agent: Agent, reason: str, now: datetime) -> None:
        self.remove(key)
        self._db.execute(
            sa.insert(hints_aside).values(key=key, agent_id=agent.id, reason=reason, created_at=now)
        )

    def remove(self, key: str) -> bool:
        gone = self._db.execute(sa.delete(hints_aside).where(hints_aside.c.key == key))

        return gone.rowcount > 0
