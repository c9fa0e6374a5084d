"""Taking an erased buyer's messages out of the training inbox."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.store.inbox_changes import DECIDED, LABEL, LABEL_KEY
from bot.store.tables import inbox, inbox_origins, labels, renamings

OF_GROUP = (
    "size", "weight", "doubt", "priority", "state", "label", "taken_by", "taken_until",
    "reopened_after",
)  # fmt: skip
"""What the first message of a group keeps for all of it."""


def take_out_messages(db: Connection, messages: Sequence[str]) -> int:
    """
    Remove what only those messages wrote; how many places of the inbox that were.

    Words that others wrote, too, stay. Where the first message of a group goes, the next one leads.
    """
    theirs = inbox_origins.c.message_id.in_(messages)
    touched = set(db.scalars(sa.select(inbox_origins.c.inbox_id).where(theirs)))
    db.execute(sa.delete(inbox_origins).where(theirs))
    others = sa.select(inbox_origins.c.inbox_id).where(inbox_origins.c.inbox_id.in_(touched))
    gone = touched - set(db.scalars(others)) - {None}
    for inbox_id in sorted(gone):
        _take_out(db, inbox_id)

    return len(gone)


def _take_out(db: Connection, inbox_id: str) -> None:
    row = db.execute(sa.select(inbox).where(inbox.c.id == inbox_id)).one()
    if row.leads:
        _lead_by_next(db, row)
    else:
        lead = sa.update(inbox).where(inbox.c.id == row.group_id)
        db.execute(lead.values(size=inbox.c.size - 1))
    said = sa.select(LABEL_KEY).where(labels.c.inbox_id == inbox_id)
    of_labels = sa.and_(renamings.c.place == LABEL, renamings.c.row_id.in_(said))
    of_place = sa.and_(renamings.c.place != LABEL, renamings.c.row_id == inbox_id)
    db.execute(sa.delete(renamings).where(sa.or_(of_labels, of_place)))
    db.execute(sa.delete(labels).where(labels.c.inbox_id == inbox_id))
    db.execute(sa.delete(inbox).where(inbox.c.id == inbox_id))


def _lead_by_next(db: Connection, row: sa.Row[tuple[object, ...]]) -> None:
    members = sa.and_(inbox.c.group_id == row.id, inbox.c.id != row.id)
    heir = db.scalar(
        sa.select(inbox.c.id).where(members).order_by(inbox.c.created_at, inbox.c.id).limit(1)
    )
    if heir is None:
        return
    kept = {name: getattr(row, name) for name in OF_GROUP}
    db.execute(sa.update(inbox).where(members).values(group_id=heir))
    db.execute(
        sa.update(inbox)
        .where(inbox.c.id == heir)
        .values(**{**kept, "size": kept["size"] - 1, "leads": True})
    )
    db.execute(sa.update(labels).where(labels.c.inbox_id == row.id).values(inbox_id=heir))
    decided = sa.and_(renamings.c.place == DECIDED, renamings.c.row_id == row.id)
    db.execute(sa.update(renamings).where(decided).values(row_id=heir))
