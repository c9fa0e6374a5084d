"""Shadow runs and what they read."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.casework.agents import Agent
from bot.casework.shadows import Disagreement, Heard, Reading, Shadow
from bot.casework.turns import Sender
from bot.store.comparisons import lock
from bot.store.tables import agents, messages, shadow_readings, shadows

SHADOW_LOCK = 0x73686164
REFUSED = ("nlu_fallback", "out_of_scope")
"""One answer to the buyer, who is asked again either way."""
AGREED = sa.or_(
    shadow_readings.c.intent == shadow_readings.c.live_intent,
    sa.and_(shadow_readings.c.intent.in_(REFUSED), shadow_readings.c.live_intent.in_(REFUSED)),
)


class SqlShadows:
    """`bot.casework.shadows.Shadows` in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def hold(self) -> None:
        lock(self._db, SHADOW_LOCK)

    def running(self) -> Shadow | None:
        return self._one(shadows.c.ended_at.is_(None))

    def latest(self) -> Shadow | None:
        return self._one(sa.true())

    def begin(
        self, shadow_id: str, agent: Agent, model: str, until: datetime, now: datetime
    ) -> None:
        self._db.execute(
            sa.insert(shadows).values(
                id=shadow_id,
                created_at=now,
                agent_id=agent.id,
                model=model,
                until=until,
                messages=0,
                error="",
            )
        )

    def end(self, shadow_id: str, now: datetime, error: str = "") -> None:
        self._db.execute(
            sa.update(shadows)
            .where(shadows.c.id == shadow_id, shadows.c.ended_at.is_(None))
            .values(ended_at=now, error=error)
        )

    def unread(self, shadow: Shadow, most: int) -> tuple[Heard, ...]:
        done = sa.select(shadow_readings.c.message_id).where(
            shadow_readings.c.shadow_id == shadow.id
        )
        rows = self._db.execute(
            sa.select(messages)
            .where(
                messages.c.created_at >= shadow.at,
                messages.c.created_at <= shadow.until,
                messages.c.sender == Sender.BUYER,
                messages.c.text != "",
                messages.c.choice_token.is_(None),
                messages.c.intent.is_not(None),
                messages.c.read_by.is_not(None),
                messages.c.read_by != shadow.model,
                messages.c.id.not_in(done),
            )
            .order_by(messages.c.created_at, messages.c.id)
            .limit(most)
        )

        return tuple(
            Heard(
                message_id=row.id,
                text=row.text,
                intent=row.intent,
                read_by=row.read_by,
                at=row.created_at,
            )
            for row in rows
        )

    def add(self, shadow_id: str, readings: Sequence[Reading]) -> None:
        there = set(
            self._db.scalars(
                sa.select(messages.c.id).where(
                    messages.c.id.in_([one.message_id for one in readings]), messages.c.text != ""
                )
            )
        )
        rows = [
            {
                "shadow_id": shadow_id,
                "message_id": one.message_id,
                "live_intent": one.live_intent,
                "intent": one.intent,
                "confidence": one.confidence,
            }
            for one in readings
            if one.message_id in there
        ]
        if rows:
            self._db.execute(sa.insert(shadow_readings), rows)
            self._db.execute(
                sa.update(shadows)
                .where(shadows.c.id == shadow_id)
                .values(messages=shadows.c.messages + len(rows))
            )

    def disagreements(self, shadow_id: str, most: int) -> tuple[Disagreement, ...]:
        rows = self._db.execute(
            sa.select(
                shadow_readings, messages.c.conversation_id, messages.c.text, messages.c.created_at
            )
            .join(messages, messages.c.id == shadow_readings.c.message_id)
            .where(shadow_readings.c.shadow_id == shadow_id, ~AGREED)
            .order_by(messages.c.created_at.desc(), messages.c.id)
            .limit(most)
        )

        return tuple(
            Disagreement(
                message_id=row.message_id,
                conversation_id=row.conversation_id,
                text=row.text,
                live_intent=row.live_intent,
                intent=row.intent,
                confidence=row.confidence,
                at=row.created_at,
            )
            for row in rows
        )

    def _one(self, where: sa.ColumnElement[bool]) -> Shadow | None:
        row = self._db.execute(
            sa.select(shadows, agents.c.name.label("who"))
            .join(agents, agents.c.id == shadows.c.agent_id)
            .where(where)
            .order_by(shadows.c.created_at.desc(), shadows.c.id)
            .limit(1)
        ).one_or_none()
        if row is None:
            return None
        counted = self._db.execute(
            sa.select(sa.func.count(), sa.func.sum(sa.case((AGREED, 1), else_=0))).where(
                shadow_readings.c.shadow_id == row.id
            )
        ).one()

        return Shadow(
            id=row.id,
            at=row.created_at,
            who=row.who,
            model=row.model,
            until=row.until,
            ended_at=row.ended_at,
            messages=counted[0],
            agreed=int(counted[1] or 0),
            error=row.error,
        )
