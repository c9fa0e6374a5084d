"""What changes of the project's files do to the training inbox."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import batched
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.casework.agents import Agent
from bot.casework.inbox import InboxMove
from bot.casework.inbox_changes import Renaming
from bot.store.inbox import MOST_KEYS
from bot.store.statements import KEYS
from bot.store.tables import changes, inbox, labels, renamings

LABEL: Final = "label"
LABEL_KEY: Final = sa.cast(labels.c.id, sa.String(64))
DECIDED: Final = "decided"
PLACES: Final[Mapping[str, tuple[sa.Column[Any], sa.ColumnElement[str]]]] = {
    LABEL: (labels.c.intent, LABEL_KEY),
    DECIDED: (inbox.c.label, inbox.c.id),
    "suggested": (inbox.c.suggested, inbox.c.id),
    "known_as": (inbox.c.known_as, inbox.c.id),
}
"""Where the inbox has names of intents that people use, and what tells the rows apart there."""
INTENT: Final = "intent"
IN_FORCE = (
    sa.select(renamings.c.before, renamings.c.after)
    .join(changes, changes.c.id == renamings.c.change_id)
    .where(renamings.c.place == INTENT, changes.c.kind != "undo", changes.c.undone_by.is_(None))
    .order_by(renamings.c.id)
)
"""The intents themselves that were renamed, without what was taken back."""
LABELS_NOW = sa.select(inbox.c.id, inbox.c.label).where(inbox.c.id.in_(KEYS))
RENAMED = (
    sa.select(renamings.c.row_id, renamings.c.before, renamings.c.after)
    .where(renamings.c.place == DECIDED, renamings.c.row_id.in_(KEYS))
    .order_by(renamings.c.id)
)


class SqlInboxChanges:
    """`bot.casework.inbox_changes.InboxChanges` in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def move(self, moves: Sequence[InboxMove]) -> tuple[InboxMove, ...]:
        return tuple(one for one in moves if self._move(one))

    def _move(self, one: InboxMove) -> bool:
        moved = self._db.execute(
            sa.update(inbox)
            .where(
                inbox.c.id == one.id,
                inbox.c.leads,
                inbox.c.state == one.before,
                inbox.c.label == one.label_before,
            )
            .values(state=one.after, label=one.label_after, taken_by=None, taken_until=None)
        )

        return moved.rowcount > 0

    def as_now(self, moves: Sequence[InboxMove]) -> tuple[InboxMove, ...]:
        now: dict[str, str] = {}
        renamed: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for some in batched((one.id for one in moves), MOST_KEYS):
            now |= {row.id: row.label for row in self._db.execute(LABELS_NOW, {"keys": some})}
            for row in self._db.execute(RENAMED, {"keys": some}):
                renamed[row.row_id].append((row.before, row.after))

        return tuple(_as_now(one, now.get(one.id, ""), renamed[one.id]) for one in moves)

    def say(self, moves: Sequence[InboxMove], agent: Agent, change_id: str, now: datetime) -> None:
        rows = [
            {
                "inbox_id": one.id,
                "agent_id": agent.id,
                "intent": one.label_after,
                "second": False,
                "batch": change_id,
                "created_at": now,
            }
            for one in moves
        ]
        if rows:
            self._db.execute(sa.insert(labels), rows)

    def take_back_said(self, moves: Sequence[InboxMove], change_id: str, now: datetime) -> None:
        for some in batched((one.id for one in moves), MOST_KEYS):
            self._db.execute(
                sa.update(labels)
                .where(
                    labels.c.batch == change_id,
                    labels.c.inbox_id.in_(some),
                    labels.c.undone_at.is_(None),
                )
                .values(undone_at=now)
            )

    def names(self) -> Mapping[str, str]:
        now: dict[str, str] = {}
        for before, after in self._db.execute(IN_FORCE):
            now = {name: after if to == before else to for name, to in now.items()}
            now[before] = after

        return now

    def rename(self, change_id: str, renaming: Renaming) -> None:
        self._db.execute(
            sa.insert(renamings).values(
                change_id=change_id,
                place=INTENT,
                row_id="",
                before=renaming.before,
                after=renaming.after,
            )
        )
        for place, (column, key) in PLACES.items():
            where = column == renaming.before
            if renaming.only_of:
                theirs = sa.select(renamings.c.row_id).where(
                    renamings.c.change_id == renaming.only_of, renamings.c.place == place
                )
                where = sa.and_(where, key.in_(theirs))
            named = [
                sa.literal(change_id), sa.literal(place), key, column, sa.literal(renaming.after)
            ]  # fmt: skip
            self._db.execute(
                sa.insert(renamings).from_select(
                    ["change_id", "place", "row_id", "before", "after"],
                    sa.select(*named).where(where),
                )
            )
            self._db.execute(
                sa.update(column.table).where(where).values({column.name: renaming.after})
            )


def _as_now(move: InboxMove, label: str, renamed: Sequence[tuple[str, str]]) -> InboxMove:
    """
    The move of a group that has that label now, if it came to it by being renamed.

    In the order of time: a name that was given up and taken again leads back to itself.
    """
    names = {move.label_before}
    for before, after in renamed:
        if before in names:
            names.add(after)
    if label not in names or label == move.label_before:
        return move
    after = label if move.label_after == move.label_before else move.label_after

    return replace(move, label_before=label, label_after=after)
