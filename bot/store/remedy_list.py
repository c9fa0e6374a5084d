"""The seller's list of remedies, with how far each is; read by row, so that it may be long."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Row

from bot.casework.money import Money
from bot.casework.outbox import OutboxState
from bot.casework.remedies import RemedyKind, RemedyState
from bot.store.database import reading
from bot.store.migrate import migrate
from bot.store.opening import opened
from bot.store.rows import to_remedy
from bot.store.tables import order_lines, orders, outbox, remedies

PERSON = OutboxState.PERSON.value
"""A remedy that is requested still, but that nobody sends any more."""
STATES = (*(state.value for state in RemedyState), PERSON)
SHOWN_STATE = sa.case(
    (
        sa.and_(remedies.c.state == RemedyState.REQUESTED, outbox.c.state == PERSON),
        sa.literal(PERSON),
    ),
    else_=remedies.c.state,
)
LISTED = (
    sa.select(
        remedies,
        SHOWN_STATE.label("shown_state"),
        orders.c.number,
        order_lines.c.sku,
        order_lines.c.title,
        outbox.c.detail,
    )
    .join(orders, orders.c.id == remedies.c.order_id)
    .outerjoin(order_lines, order_lines.c.id == remedies.c.line_id)
    .outerjoin(outbox, outbox.c.remedy_id == remedies.c.id)
    .order_by(remedies.c.created_at, remedies.c.id)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedRemedy:
    """
    One remedy as the seller sees it; `word` is the gateway's last one.

    `sku` and `title` are empty for the whole order, `details` is what only some kinds have.
    """

    id: str
    created_at: datetime
    ended_at: datetime | None
    store: str
    order_number: str
    kind: RemedyKind
    sku: str
    title: str
    quantity: int | None
    amount: Money | None
    details: str
    reason: str
    state: str
    approved_by: str
    reference: str
    word: str


class RemedyList:
    """The list as it stands at one moment."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def rows(
        self, *, state: str | None = None, store: str | None = None, since: datetime | None = None
    ) -> Iterator[ListedRemedy]:
        """Remedies in that state, of that store and since then, the oldest first."""
        query = LISTED
        if state is not None:
            query = query.where(SHOWN_STATE.in_([state]))
        if store is not None:
            query = query.where(remedies.c.store_id == store)
        if since is not None:
            query = query.where(remedies.c.created_at >= since)
        for row in self._db.execution_options(yield_per=1000).execute(query):
            yield _listed(row)

    def find_ids(self, beginning: str, most: int = 2) -> Sequence[str]:
        """Ids of remedies that begin so, at most that many."""
        found = self._db.execute(
            sa.select(remedies.c.id)
            .where(remedies.c.id.startswith(beginning, autoescape=True))
            .limit(most)
        )

        return found.scalars().all()


@contextmanager
def open_remedy_list(url: str) -> Iterator[RemedyList]:
    """The list in that database; `BrokenDatabase` if it cannot be used."""
    migrate(url)
    with opened(url) as engine, reading(engine) as connection:
        yield RemedyList(connection)


def _listed(row: Row[Any]) -> ListedRemedy:
    remedy = to_remedy(row.terms)

    return ListedRemedy(
        id=row.id,
        created_at=row.created_at,
        ended_at=row.ended_at,
        store=row.store_id,
        order_number=row.number,
        kind=remedy.kind,
        sku=row.sku or "",
        title=row.title or "",
        quantity=remedy.quantity,
        amount=remedy.amount,
        details="; ".join(f"{name}: {value}" for name, value in remedy.details.items()),
        reason=row.reason,
        state=row.shown_state,
        approved_by=row.approved_by or "rulebook",
        reference=row.reference,
        word=row.detail or "",
    )
