"""Remedies on their way out: who holds which, and how far they are."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Row

from bot.casework.outbox import ASKABLE, SENDABLE, OutboxRow, OutboxState
from bot.casework.ports.units import Missing
from bot.store.tables import outbox

KEY: sa.BindParameter[str] = sa.bindparam("key")
NOW: sa.BindParameter[datetime] = sa.bindparam("now", type_=outbox.c.next_at.type)
FREE = sa.or_(outbox.c.lease_until.is_(None), outbox.c.lease_until <= NOW)
DUE = (
    sa.select(outbox)
    .where(
        sa.or_(
            sa.and_(outbox.c.state.in_(sorted(SENDABLE | ASKABLE)), outbox.c.next_at <= NOW, FREE),
            sa.and_(outbox.c.state == OutboxState.SENDING, FREE),
        )
    )
    .order_by(outbox.c.next_at, outbox.c.id)
    .limit(1)
    .with_for_update(skip_locked=True)
)
OF_REMEDY = sa.select(outbox).where(outbox.c.remedy_id == KEY).with_for_update()
PUT = sa.update(outbox).where(
    outbox.c.id == sa.bindparam("row"), outbox.c.fence == sa.bindparam("held")
)


class SqlOutbox:
    """`bot.casework.ports.outbox.Outbox` in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def due(self, now: datetime) -> OutboxRow | None:
        row = self._db.execute(DUE, {"now": now}).one_or_none()

        return _row(row) if row else None

    def of_remedy(self, remedy_id: str) -> OutboxRow:
        row = self._db.execute(OF_REMEDY, {"key": remedy_id}).one_or_none()
        if row is None:
            raise Missing(f"remedy {remedy_id} was never to go out")

        return _row(row)

    def put(self, row: OutboxRow, *, held: int) -> bool:
        values = {
            "state": row.state,
            "attempts": row.attempts,
            "next_at": row.next_at,
            "first_at": row.first_at,
            "lease_until": row.lease_until,
            "fence": row.fence,
            "detail": row.detail,
        }
        done = self._db.execute(PUT.values(values), {"row": row.id, "held": held})

        return bool(done.rowcount == 1)


def _row(row: Row[Any]) -> OutboxRow:
    return OutboxRow(
        id=row.id,
        remedy_id=row.remedy_id,
        state=OutboxState(row.state),
        attempts=row.attempts,
        next_at=row.next_at,
        first_at=row.first_at,
        lease_until=row.lease_until,
        fence=row.fence,
        detail=row.detail,
    )
