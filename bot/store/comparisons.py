"""Comparisons of models, and which of them were put live."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection, Row

from bot.casework.agents import Agent
from bot.casework.comparisons import (
    ComparisonState,
    Promotion,
    PromotionKind,
    StoredComparison,
)
from bot.casework.ports.units import Missing
from bot.store.statements import KEY
from bot.store.tables import agents, comparisons, promotions

COMPARISON_LOCK = 0x636D7072
PROMOTION_LOCK = 0x70726F6D
"""Any numbers that no other advisory lock has."""
OPEN = (ComparisonState.QUEUED, ComparisonState.RUNNING)
COMPARISONS = sa.select(comparisons, agents.c.name.label("who")).outerjoin(
    agents, agents.c.id == comparisons.c.agent_id
)
NEWEST_FIRST = (comparisons.c.created_at.desc(), comparisons.c.id)
SET = sa.update(comparisons).where(comparisons.c.id == KEY)


class SqlComparisons:
    """`bot.casework.comparisons.Comparisons` in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def add(
        self, comparison_id: str, agent: Agent | None, model: str, live: str, now: datetime
    ) -> None:
        self._db.execute(
            sa.insert(comparisons).values(
                id=comparison_id,
                created_at=now,
                agent_id=agent.id if agent else None,
                model=model,
                live=live,
                state=ComparisonState.QUEUED,
                progress=0.0,
                error="",
            )
        )

    def hold(self) -> None:
        lock(self._db, COMPARISON_LOCK)

    def get(self, comparison_id: str) -> StoredComparison:
        found = self._one(COMPARISONS.where(comparisons.c.id == comparison_id))
        if found is None:
            raise Missing(f"There is no comparison {comparison_id}")

        return found

    def latest(self, model: str) -> StoredComparison | None:
        return self._one(COMPARISONS.where(comparisons.c.model == model).order_by(*NEWEST_FIRST))

    def open_one(self, model: str, live: str) -> str | None:
        return self._db.scalar(
            sa.select(comparisons.c.id)
            .where(_of(model, live), comparisons.c.state.in_(OPEN))
            .limit(1)
        )

    def finished(self, model: str, live: str) -> StoredComparison | None:
        done = sa.and_(_of(model, live), comparisons.c.state == ComparisonState.FINISHED)

        return self._one(COMPARISONS.where(done).order_by(*NEWEST_FIRST))

    def recent(self, most: int) -> tuple[StoredComparison, ...]:
        done = COMPARISONS.where(comparisons.c.state == ComparisonState.FINISHED)
        newest = done.order_by(comparisons.c.ended_at.desc(), comparisons.c.id).limit(most)

        return tuple(map(_to_comparison, self._db.execute(newest)))

    def next(self) -> str | None:
        return self._db.scalar(
            sa.select(comparisons.c.id)
            .where(comparisons.c.state == ComparisonState.QUEUED)
            .order_by(comparisons.c.created_at, comparisons.c.id)
            .limit(1)
        )

    def take(self, comparison_id: str) -> StoredComparison | None:
        taken = self._db.execute(
            SET.where(comparisons.c.state == ComparisonState.QUEUED).values(
                state=ComparisonState.RUNNING, progress=0.0
            ),
            {"key": comparison_id},
        ).rowcount

        return self.get(comparison_id) if taken else None

    def put_back(self) -> int:
        return self._db.execute(
            sa.update(comparisons)
            .where(comparisons.c.state == ComparisonState.RUNNING)
            .values(state=ComparisonState.QUEUED, progress=0.0)
        ).rowcount

    def tell(self, comparison_id: str, progress: float) -> None:
        self._db.execute(SET.values(progress=progress), {"key": comparison_id})

    def finish(self, comparison_id: str, result: bytes, now: datetime) -> None:
        self._db.execute(
            SET.values(
                state=ComparisonState.FINISHED, progress=1.0, result=result, ended_at=now, error=""
            ),
            {"key": comparison_id},
        )

    def fail(self, comparison_id: str, error: str, now: datetime) -> None:
        self._db.execute(
            SET.values(state=ComparisonState.FAILED, error=error, ended_at=now),
            {"key": comparison_id},
        )

    def _one(self, query: sa.Select[tuple[object, ...]]) -> StoredComparison | None:
        row = self._db.execute(query.limit(1)).one_or_none()

        return _to_comparison(row) if row else None


class SqlPromotions:
    """`bot.casework.comparisons.Promotions` in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def hold(self) -> None:
        lock(self._db, PROMOTION_LOCK)

    def add(self, promotion: Promotion) -> None:
        self._db.execute(
            sa.insert(promotions).values(
                id=promotion.id,
                created_at=promotion.at,
                agent_id=promotion.agent_id,
                model=promotion.model,
                before=promotion.before,
                kind=promotion.kind,
                override=promotion.override,
                refused=list(promotion.refused),
            )
        )

    def recent(self, most: int) -> tuple[Promotion, ...]:
        rows = self._db.execute(
            sa.select(promotions, agents.c.name.label("who"))
            .join(agents, agents.c.id == promotions.c.agent_id)
            .order_by(promotions.c.created_at.desc(), promotions.c.id)
            .limit(most)
        )

        return tuple(
            Promotion(
                id=row.id,
                at=row.created_at,
                agent_id=row.agent_id,
                who=row.who,
                model=row.model,
                before=row.before,
                kind=PromotionKind(row.kind),
                override=row.override,
                refused=tuple(row.refused),
            )
            for row in rows
        )


def lock(db: Connection, number: int) -> None:
    """One unit at a time from here on; SQLite has one writer anyway."""
    if db.dialect.name == "postgresql":
        db.execute(sa.select(sa.func.pg_advisory_xact_lock(number)))


def _of(model: str, live: str) -> sa.ColumnElement[bool]:
    return sa.and_(comparisons.c.model == model, comparisons.c.live == live)


def _to_comparison(row: Row[tuple[object, ...]]) -> StoredComparison:
    return StoredComparison(
        id=row.id,
        at=row.created_at,
        who=row.who or "",
        model=row.model,
        live=row.live,
        state=ComparisonState(row.state),
        progress=row.progress,
        error=row.error,
        result=row.result,
        ended_at=row.ended_at,
    )
