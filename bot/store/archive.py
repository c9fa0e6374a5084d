"""What was said and given about an order, read for whoever has to prove it."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Row

from bot.casework.evidence import Chat, Line, PartnerClaim, Photo, WaitingTalk
from bot.casework.files import PHOTO, StoredFile
from bot.casework.ports.remedies import RemedyRow
from bot.casework.turns import Floor, Sender
from bot.store.files import to_stored_file
from bot.store.looks import find_alike
from bot.store.remedies import to_row
from bot.store.tables import attachments, cases, claims, conversations, handoffs, messages, remedies


class SqlArchive:
    """`bot.casework.evidence.Archive` in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def chats(self, order_id: int, photo_distance: int) -> tuple[Chat, ...]:
        rows = self._db.execute(
            sa.select(conversations)
            .where(
                conversations.c.id.in_(
                    sa.select(cases.c.conversation_id).where(cases.c.order_id == order_id)
                ),
                conversations.c.last_seq > 0,
            )
            .order_by(conversations.c.created_at, conversations.c.id)
        ).all()

        return tuple(
            Chat(
                id=row.id,
                began_at=row.created_at,
                buyer=row.identity_email or "",
                lines=self._lines(row.id, row.store_id, order_id, photo_distance),
            )
            for row in rows
        )

    def remedies(self, order_id: int) -> tuple[RemedyRow, ...]:
        rows = self._db.execute(
            sa.select(remedies)
            .where(remedies.c.order_id == order_id)
            .order_by(remedies.c.created_at, remedies.c.id)
        )

        return tuple(to_row(row) for row in rows)

    def claims(self, order_id: int) -> tuple[PartnerClaim, ...]:
        rows = self._db.execute(
            sa.select(claims).where(claims.c.order_id == order_id).order_by(claims.c.created_at)
        )

        return tuple(
            PartnerClaim(against=row.against, reason=row.reason, recorded_at=row.created_at)
            for row in rows
        )

    def waiting(self, store: str | None) -> tuple[WaitingTalk, ...]:
        newest = (
            sa.select(handoffs.c.conversation_id, sa.func.max(handoffs.c.created_at).label("at"))
            .group_by(handoffs.c.conversation_id)
            .subquery()
        )
        query = (
            sa.select(handoffs, conversations.c.store_id)
            .join(
                newest,
                sa.and_(
                    newest.c.conversation_id == handoffs.c.conversation_id,
                    newest.c.at == handoffs.c.created_at,
                ),
            )
            .join(conversations, conversations.c.id == handoffs.c.conversation_id)
            .where(conversations.c.floor == Floor.WAITING)
            .order_by(
                handoffs.c.answered_at.is_not(None),
                handoffs.c.due_at.is_(None),
                handoffs.c.due_at,
                handoffs.c.created_at,
            )
        )
        if store is not None:
            query = query.where(conversations.c.store_id == store)

        return tuple(
            WaitingTalk(
                conversation_id=row.conversation_id,
                store=row.store_id,
                reason=row.reason,
                summary=row.summary,
                handed_at=row.created_at,
                due_at=None if row.answered_at else row.due_at,
            )
            for row in self._db.execute(query)
        )

    def _lines(
        self, conversation_id: str, store: str, order_id: int, distance: int
    ) -> tuple[Line, ...]:
        photos = self._photos(conversation_id, store, order_id, distance)
        files = self._files(conversation_id)
        rows = self._db.execute(
            sa.select(messages)
            .where(messages.c.conversation_id == conversation_id)
            .order_by(messages.c.seq)
        )

        return tuple(
            Line(
                at=row.created_at,
                sender=Sender(row.sender),
                text=row.text,
                photos=photos.get(row.id, ()),
                files=files.get(row.id, ()),
            )
            for row in rows
        )

    def _photos(
        self, conversation_id: str, store: str, order_id: int, distance: int
    ) -> dict[str, tuple[Photo, ...]]:
        rows = self._sent(conversation_id, attachments.c.kind == PHOTO)
        alike = find_alike(self._db, store, [row.id for row in rows], order_id, distance)
        found: dict[str, tuple[Photo, ...]] = {}
        for row in rows:
            photo = Photo(
                id=row.id,
                file_name=row.file_name,
                sha256=row.sha256,
                sent_at=row.created_at,
                alike=alike.get(row.id, ()),
            )
            found[row.message_id] = (*found.get(row.message_id, ()), photo)

        return found

    def _files(self, conversation_id: str) -> dict[str, tuple[StoredFile, ...]]:
        found: dict[str, tuple[StoredFile, ...]] = {}
        for row in self._sent(conversation_id, attachments.c.kind != PHOTO):
            found[row.message_id] = (*found.get(row.message_id, ()), to_stored_file(row))

        return found

    def _sent(self, conversation_id: str, which: sa.ColumnElement[bool]) -> Sequence[Row[Any]]:
        return self._db.execute(
            sa.select(attachments)
            .where(
                attachments.c.conversation_id == conversation_id,
                attachments.c.message_id.is_not(None),
                which,
            )
            .order_by(attachments.c.created_at, attachments.c.id)
        ).all()
