"""Erasures: what is found of a buyer, taken away, and written down."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.casework.erasure import PastErasure, Traces, email_hash
from bot.store.erasing import Erasing
from bot.store.ledger import SqlLedger
from bot.store.tables import attachments, cases, decisions, erasures, remedies
from bot.store.traces import hold_traces


class SqlErasures:
    """`bot.casework.erasure.Erasures` in one transaction."""

    def __init__(self, connection: Connection, ledger: SqlLedger) -> None:
        self._db = connection
        self._ledger = ledger

    def hold(self, email: str, store: str | None) -> Traces:
        return hold_traces(self._db, email, store)

    def erase(self, traces: Traces, *, by: str, version: str, now: datetime) -> Mapping[str, int]:
        return Erasing(self._db, traces, now).run(self._ledger, by, version)

    def count_kept(self, traces: Traces) -> Mapping[str, int]:
        of_orders = remedies.c.order_id.in_(traces.orders)
        decided = sa.or_(
            decisions.c.conversation_id.in_(traces.conversations),
            decisions.c.case_id.in_(
                sa.select(cases.c.id).where(cases.c.order_id.in_(traces.orders))
            ),
        )

        return {
            "orders": len(traces.orders),
            "remedies": self._count(remedies, of_orders),
            "decisions": self._count(decisions, decided),
        }

    def note(self, traces: Traces, removed: Mapping[str, int], *, by: str, now: datetime) -> int:
        made = self._db.execute(
            sa.insert(erasures)
            .values(
                email_hash=email_hash(traces.email),
                store_id=traces.store,
                who=by[:200],
                removed=dict(removed),
                unforgotten=list(traces.conversations),
                erased_at=now,
            )
            .returning(erasures.c.id)
        )

        return int(made.scalar_one())

    def unforgotten(self) -> Sequence[tuple[int, tuple[str, ...]]]:
        rows = self._db.execute(
            sa.select(erasures.c.id, erasures.c.unforgotten)
            .where(sa.cast(erasures.c.unforgotten, sa.Text) != "[]")
            .order_by(erasures.c.id)
        )

        return [(row.id, tuple(row.unforgotten)) for row in rows]

    def note_forgotten(self, erasure: int) -> None:
        self._db.execute(sa.update(erasures).where(erasures.c.id == erasure).values(unforgotten=[]))

    def newest(self, most: int) -> tuple[PastErasure, ...]:
        rows = self._db.execute(sa.select(erasures).order_by(erasures.c.id.desc()).limit(most))

        return tuple(
            PastErasure(
                id=row.id,
                email_hash=row.email_hash,
                store=row.store_id,
                who=row.who,
                removed=row.removed,
                erased_at=row.erased_at,
            )
            for row in rows
        )

    def recorded(self, names: Sequence[str]) -> set[str]:
        found = self._db.scalars(
            sa.select(attachments.c.file_name).where(attachments.c.file_name.in_(names))
        )

        return set(found)

    def _count(self, table: sa.Table, where: sa.ColumnElement[bool]) -> int:
        return int(
            self._db.execute(
                sa.select(sa.func.count()).select_from(table).where(where)
            ).scalar_one()
        )
