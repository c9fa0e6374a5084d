"""What is on its way to people: who holds which notice, and how far it is."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Row

from bot.casework.notices import Channel, Notice, NoticeRow, NoticeState
from bot.store.standing_rows import upsert
from bot.store.tables import notices

NOW: sa.BindParameter[datetime] = sa.bindparam("now", type_=notices.c.next_at.type)
DUE = (
    sa.select(notices)
    .where(
        notices.c.state == NoticeState.WAITING,
        notices.c.channel.in_(sa.bindparam("channels", expanding=True)),
        notices.c.next_at <= NOW,
        sa.or_(notices.c.lease_until.is_(None), notices.c.lease_until <= NOW),
    )
    .order_by(notices.c.next_at, notices.c.id)
    .limit(1)
    .with_for_update(skip_locked=True)
)
PUT = sa.update(notices).where(
    notices.c.id == sa.bindparam("row"), notices.c.fence == sa.bindparam("held")
)


class SqlNotices:
    """`bot.casework.notices.Notices` in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def add(self, notice: Notice, now: datetime) -> None:
        self._db.execute(
            upsert(self._db, notices)
            .values(
                key=notice.key,
                channel=notice.channel,
                recipient=notice.to,
                subject=notice.subject,
                text=notice.text,
                reply_to=notice.reply_to,
                said=notice.said and dict(notice.said),
                conversation_id=notice.conversation_id,
                state=NoticeState.WAITING,
                attempts=0,
                next_at=now,
                fence=0,
                detail="",
                created_at=now,
            )
            .on_conflict_do_nothing(index_elements=["key"])
        )

    def due(self, channels: Collection[Channel], now: datetime) -> NoticeRow | None:
        row = self._db.execute(DUE, {"channels": sorted(channels), "now": now}).one_or_none()

        return _row(row) if row else None

    def put(self, row: NoticeRow, *, held: int) -> bool:
        values: dict[str, object] = {
            "state": row.state,
            "attempts": row.attempts,
            "next_at": row.next_at,
            "lease_until": row.lease_until,
            "fence": row.fence,
            "detail": row.detail,
        }
        if row.state is NoticeState.SENT:
            # What a buyer was written stands in the conversation, and needs no second place.
            values["text"] = ""
        done = self._db.execute(PUT.values(values), {"row": row.id, "held": held})

        return bool(done.rowcount == 1)


def _row(row: Row[Any]) -> NoticeRow:
    notice = Notice(
        key=row.key,
        channel=Channel(row.channel),
        to=row.recipient,
        subject=row.subject,
        text=row.text,
        reply_to=row.reply_to,
        said=row.said,
        conversation_id=row.conversation_id,
    )

    return NoticeRow(
        id=row.id,
        notice=notice,
        state=NoticeState(row.state),
        attempts=row.attempts,
        next_at=row.next_at,
        lease_until=row.lease_until,
        fence=row.fence,
        detail=row.detail,
        created_at=row.created_at,
    )
