"""What was written into the project's files from the workbench."""

import json
import zlib
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Row

from bot.casework.agents import Agent, Role
from bot.casework.changes import Change, ChangedFile
from bot.casework.inbox import InboxMove, InboxState
from bot.casework.inbox_changes import Renaming
from bot.casework.ports.units import Missing
from bot.casework.turns import Sender
from bot.store.statements import KEY
from bot.store.tables import agents, changes, comparisons, messages

CHANGES = sa.select(changes, agents.c.email, agents.c.name, agents.c.role).join(
    agents, agents.c.id == changes.c.agent_id
)


class SqlChanges:
    """`bot.casework.changes.Changes` in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def add(self, change: Change) -> bool:
        there = sa.select(changes.c.id).where(changes.c.id == KEY)
        if self._db.scalar(there, {"key": change.id}):
            return False
        self._db.execute(
            sa.insert(changes).values(
                id=change.id,
                created_at=change.at,
                agent_id=change.agent.id,
                kind=change.kind,
                summary=change.summary,
                reason=change.reason,
                files=_pack(change),
                git_commit=change.commit,
            )
        )
        if change.undoes:
            # What the undone one had taken back itself is in force again.
            again = sa.update(changes).where(changes.c.undone_by == change.undoes)
            self._db.execute(again.values(undone_by=None))
            undone = sa.update(changes).where(changes.c.id == change.undoes)
            self._db.execute(undone.values(undone_by=change.id))

        return True

    def get(self, change_id: str) -> Change:
        row = self._db.execute(CHANGES.where(changes.c.id == KEY), {"key": change_id}).one_or_none()
        if row is None:
            raise Missing(f"no change {change_id}")

        return _to_change(row)

    def page(self, skip: int, most: int) -> tuple[Change, ...]:
        rows = self._db.execute(
            CHANGES.order_by(changes.c.created_at.desc(), changes.c.id).offset(skip).limit(most)
        )

        return tuple(_to_change(row) for row in rows)

    def set_commit(self, change_id: str, commit: str) -> None:
        self._db.execute(
            sa.update(changes).where(changes.c.id == change_id).values(git_commit=commit)
        )

    def heard(self, since: datetime) -> Mapping[str, int]:
        counted = (
            sa.select(messages.c.intent, sa.func.count().label("times"))
            .where(
                messages.c.sender == Sender.BUYER,
                messages.c.intent.is_not(None),
                messages.c.created_at >= since,
            )
            .group_by(messages.c.intent)
        )

        return {row.intent: row.times for row in self._db.execute(counted)}

    def latest_comparison(self) -> bytes | None:
        done = sa.select(comparisons.c.result).where(comparisons.c.result.is_not(None))
        packed = self._db.scalar(
            done.order_by(comparisons.c.ended_at.desc(), comparisons.c.id).limit(1)
        )

        return zlib.decompress(packed) if packed else None


def _pack(change: Change) -> bytes:
    packed = {
        "files": [asdict(file) for file in change.files],
        "inbox": [asdict(move) for move in change.inbox],
        "renaming": change.renaming and asdict(change.renaming),
        "undoes": change.undoes,
    }

    return zlib.compress(json.dumps(packed).encode("ascii"))


def _to_change(row: Row[Any]) -> Change:
    packed = json.loads(zlib.decompress(row.files))

    return Change(
        id=row.id,
        at=row.created_at,
        agent=Agent(id=row.agent_id, email=row.email, name=row.name, role=Role(row.role)),
        kind=row.kind,
        summary=row.summary,
        reason=row.reason,
        files=tuple(ChangedFile(**file) for file in packed["files"]),
        inbox=tuple(
            InboxMove(
                id=move["id"],
                before=InboxState(move["before"]),
                label_before=move["label_before"],
                after=InboxState(move["after"]),
                label_after=move["label_after"],
            )
            for move in packed["inbox"]
        ),
        renaming=Renaming(**packed["renaming"]) if packed.get("renaming") else None,
        undoes=packed["undoes"],
        undone_by=row.undone_by or "",
        commit=row.git_commit,
    )
