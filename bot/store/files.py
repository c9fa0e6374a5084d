"""What people attach to messages: photos, and files of other kinds."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import Connection, Row

from bot.casework.files import PHOTO, FileKind, SentFile, StoredFile
from bot.store.statements import ATTACHED, KEY
from bot.store.tables import attachments

SENT = sa.select(attachments).where(
    attachments.c.id == sa.bindparam("file"),
    attachments.c.conversation_id == KEY,
    attachments.c.kind != PHOTO,
    attachments.c.message_id.is_not(None),
)


@dataclass(frozen=True, slots=True)
class Attached:
    """What goes with a message: id, width and height of photos, and files."""

    photos: list[tuple[str, int, int]] = field(default_factory=list)
    files: list[SentFile] = field(default_factory=list)


NOTHING: Final = Attached()


class SqlFiles:
    """`bot.casework.files.Files` in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def add(self, conversation_id: str, file: StoredFile, now: datetime) -> None:
        self._db.execute(
            sa.insert(attachments).values(
                id=file.id,
                conversation_id=conversation_id,
                file_name=file.file_name,
                name=file.name,
                kind=file.kind,
                width=0,
                height=0,
                size=file.size,
                sha256=file.sha256,
                created_at=now,
            )
        )

    def find_sent(self, conversation_id: str, file_id: str) -> StoredFile | None:
        row = self._db.execute(SENT, {"key": conversation_id, "file": file_id}).one_or_none()

        return to_stored_file(row) if row else None


def find_attached(connection: Connection, message_ids: Sequence[str]) -> dict[str, Attached]:
    """What goes with these messages, by the message; those without anything are left out."""
    found: dict[str, Attached] = {}
    for row in connection.execute(ATTACHED, {"keys": message_ids}):
        attached = found.setdefault(row.message_id, Attached())
        if row.kind == PHOTO:
            attached.photos.append((row.id, row.width, row.height))
        else:
            kind = FileKind(row.kind)
            attached.files.append(SentFile(id=row.id, name=row.name, kind=kind, size=row.size))

    return found


def to_stored_file(row: Row[Any]) -> StoredFile:
    """The file of a row that is no photo's."""
    return StoredFile(
        id=row.id,
        file_name=row.file_name,
        name=row.name,
        kind=FileKind(row.kind),
        size=row.size,
        sha256=row.sha256,
    )
