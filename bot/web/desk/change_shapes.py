"""Changes of the project's files, as the desk's pages read them."""

from datetime import datetime
from typing import Annotated

import msgspec
from litestar.params import QueryParameter

from bot.casework.changes import Change

Preview = Annotated[
    bool, QueryParameter(description="Only show what would be written; nothing is.")
]


class FileShown(msgspec.Struct):
    """A file of a change: lines more, lines less, and a unified diff."""

    path: str
    added: int
    removed: int
    diff: str


class ChangeShown(msgspec.Struct):
    """
    One change; `id` is empty for one that is only looked at.

    `undone` says that it was taken back, `undoable` that it can be, `commit` is its git commit,
    empty as long as it has none.
    """

    id: str
    at: datetime
    by: str
    kind: str
    summary: str
    reason: str
    files: list[FileShown]
    undoable: bool
    undone: bool
    commit: str


class Because(msgspec.Struct):
    """Why; it stands with the change for everybody who teaches."""

    reason: str = ""


def to_change_shown(change: Change) -> ChangeShown:
    """A change as it is sent."""
    undone = bool(change.undone_by)

    return ChangeShown(
        id=change.id,
        at=change.at,
        by=change.agent.name,
        kind=change.kind,
        summary=change.summary,
        reason=change.reason,
        files=[FileShown(one.path, one.added, one.removed, one.diff) for one in change.files],
        undoable=bool(change.id) and not undone and bool(change.files),
        undone=undone,
        commit=change.commit,
    )
