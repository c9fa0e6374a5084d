"""The deadlines of what waits for a person."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Row

from bot.casework.deadlines import COMPLAINTS, Alarm, WaitingHandOff
from bot.casework.decisions import Reason
from bot.casework.limits import DeskClock
from bot.casework.turns import Floor
from bot.store.tables import agents, conversations, handoffs

TIME = handoffs.c.due_at.type
NOW: sa.BindParameter[datetime] = sa.bindparam("now", type_=TIME)
IS_COMPLAINT = handoffs.c.reason.in_(COMPLAINTS)
NEAR = (
    sa.select(
        handoffs,
        conversations.c.store_id,
        conversations.c.floor,
        conversations.c.team,
        agents.c.name.label("agent"),
    )
    .join(conversations, conversations.c.id == handoffs.c.conversation_id)
    .outerjoin(agents, agents.c.id == conversations.c.agent_id)
    .where(
        handoffs.c.open,
        handoffs.c.escalated_at.is_(None),
        conversations.c.floor.in_((Floor.WAITING, Floor.HUMAN)),
        sa.case(
            (IS_COMPLAINT, handoffs.c.due_at <= sa.bindparam("complaint", type_=TIME)),
            else_=handoffs.c.due_at <= sa.bindparam("ticket", type_=TIME),
        ),
        sa.or_(handoffs.c.warned_at.is_(None), handoffs.c.due_at <= NOW),
        handoffs.c.answered_at.is_(None),
    )
    .order_by(handoffs.c.due_at, handoffs.c.id)
    .limit(sa.bindparam("most"))
    .with_for_update(of=handoffs, skip_locked=True)
)
RUNG = sa.update(handoffs).where(handoffs.c.id == sa.bindparam("key"))
RUNG_AT = {Alarm.WARNING: "warned_at", Alarm.ESCALATION: "escalated_at"}


class SqlDeskClocks:
    """`bot.casework.deadlines.DeskClocks` in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def near(
        self, until: Mapping[DeskClock, datetime], now: datetime, most: int
    ) -> tuple[WaitingHandOff, ...]:
        times = {str(clock): max(at, now) for clock, at in until.items()}
        rows = self._db.execute(NEAR, {**times, "now": now, "most": most})

        return tuple(_hand_off(row) for row in rows)

    def note(self, hand_off: str, alarm: Alarm, now: datetime) -> None:
        self._db.execute(RUNG, {"key": hand_off, RUNG_AT[alarm]: now})


def _hand_off(row: Row[Any]) -> WaitingHandOff:
    return WaitingHandOff(
        id=row.id,
        conversation_id=row.conversation_id,
        store=row.store_id,
        floor=Floor(row.floor),
        reason=Reason(row.reason),
        handed_at=row.created_at,
        due_at=row.due_at,
        agent=(row.agent or "").split(" ")[0],
        team=row.team,
    )
