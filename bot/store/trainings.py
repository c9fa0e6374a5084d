"""Trainings that were asked for."""

from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import Connection, Row

from bot.casework.changes import NOT_LEARNED
from bot.casework.ports.units import Missing
from bot.casework.trainings import Result, Training, TrainingState
from bot.store.statements import KEY
from bot.store.tables import agents, changes, promotions, trainings

LOCK: Final = 4_705_110_306_001_117
"""Any number that no other advisory lock has."""
LONGEST_STEP: Final = 100

ALL: Final = sa.select(trainings, agents.c.name.label("by")).join(
    agents, agents.c.id == trainings.c.agent_id
)
ONE: Final = ALL.where(trainings.c.id == KEY)
CHANGE: Final = sa.update(trainings).where(trainings.c.id == KEY)


class SqlTrainings:
    """`bot.casework.trainings.Trainings` in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def hold(self) -> None:
        # SQLite has one writer at a time anyway.
        if self._db.dialect.name == "postgresql":
            self._db.execute(sa.select(sa.func.pg_advisory_xact_lock(LOCK)))

    def add(self, training_id: str, agent_id: str, now: datetime) -> None:
        self._db.execute(
            sa.insert(trainings).values(
                id=training_id,
                created_at=now,
                agent_id=agent_id,
                state=TrainingState.QUEUED,
                stop=False,
                step="",
                progress=0.0,
                model="",
                error="",
            )
        )

    def get(self, training_id: str) -> Training:
        return self._one(training_id, ONE)

    def lock(self, training_id: str) -> Training:
        return self._one(training_id, ONE.with_for_update(of=trainings))

    def in_state(self, state: TrainingState) -> tuple[Training, ...]:
        rows = self._db.execute(
            ALL.where(trainings.c.state == state)
            .order_by(trainings.c.created_at, trainings.c.id)
            .with_for_update(of=trainings)
        )

        return tuple(to_training(row) for row in rows)

    def begin(self, training_id: str, now: datetime) -> None:
        self._change(training_id, state=TrainingState.RUNNING, started_at=now)

    def note(self, training_id: str, step: str, progress: float) -> bool:
        row = self._db.execute(
            CHANGE.values(step=step[:LONGEST_STEP], progress=progress).returning(trainings.c.stop),
            {"key": training_id},
        ).one_or_none()

        return row is not None and bool(row.stop)

    def want_stop(self, training_id: str) -> None:
        self._change(training_id, stop=True)

    def end(self, training_id: str, result: Result, now: datetime) -> None:
        more: dict[str, object] = {"step": result.step[:LONGEST_STEP]} if result.step else {}
        if result.state is TrainingState.DONE:
            more["progress"] = 1.0
        self._change(
            training_id,
            state=result.state,
            model=result.model,
            examples=result.examples,
            error=result.error,
            ended_at=now,
            **more,
        )

    def latest(self, most: int) -> tuple[Training, ...]:
        newest = ALL.order_by(trainings.c.created_at.desc(), trainings.c.id.desc())

        return tuple(to_training(row) for row in self._db.execute(newest.limit(most)))

    def of_models(self, names: list[str]) -> tuple[Training, ...]:
        made = ALL.where(
            trainings.c.state == TrainingState.DONE, trainings.c.model.in_(names)
        ).order_by(trainings.c.created_at, trainings.c.id)

        return tuple(to_training(row) for row in self._db.execute(made))

    def were_live(self, names: list[str]) -> frozenset[str]:
        c = promotions.c
        put = sa.select(c.model).where(c.model.in_(names))
        left = sa.select(c.before).where(c.before.in_(names))

        return frozenset(self._db.scalars(put.union(left)))

    def changes_since(self, at: datetime) -> int:
        tests = changes.c.kind.in_(NOT_LEARNED)
        taken_back = sa.select(changes.c.undone_by).where(tests, changes.c.undone_by.is_not(None))
        count = sa.select(sa.func.count()).where(
            changes.c.created_at > at,
            changes.c.undone_by.is_(None),
            ~tests,
            changes.c.id.not_in(taken_back),
        )

        return self._db.scalar(count) or 0

    def _one(self, training_id: str, query: sa.Select[Any]) -> Training:
        row = self._db.execute(query, {"key": training_id}).one_or_none()
        if row is None:
            raise Missing(f"no training {training_id}")

        return to_training(row)

    def _change(self, training_id: str, **values: object) -> None:
        self._db.execute(CHANGE.values(**values), {"key": training_id})


def to_training(row: Row[Any]) -> Training:
    """A row as a training."""
    return Training(
        id=row.id,
        at=row.created_at,
        by=row.by,
        state=TrainingState(row.state),
        stop=row.stop,
        step=row.step,
        progress=row.progress,
        model=row.model,
        examples=row.examples,
        error=row.error,
        started_at=row.started_at,
        ended_at=row.ended_at,
    )
