"""Past decisions, read back from the ledger."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import batched, groupby
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Row

from bot.casework.decisions import Rule
from bot.casework.money import Money
from bot.casework.past import PastCase, PastDecision
from bot.store.seen import to_seen
from bot.store.tables import cases, conversations, decisions, orders

AT_ONCE = 200
"""Cases of which the decisions are held at once."""
CASES = (
    sa.select(
        cases.c.id, cases.c.opened_at, conversations.c.store_id, orders.c.number.label("order")
    )
    .join(conversations, conversations.c.id == cases.c.conversation_id)
    .outerjoin(orders, orders.c.id == cases.c.order_id)
    .order_by(cases.c.opened_at.desc(), cases.c.id)
)
OF_CASES = (
    sa.select(decisions)
    .where(decisions.c.case_id.in_(sa.bindparam("keys", expanding=True)))
    .order_by(decisions.c.case_id, decisions.c.id)
)
OF_ORDER = (
    sa.select(decisions)
    .join(cases, cases.c.id == decisions.c.case_id)
    .where(cases.c.order_id == sa.bindparam("key"))
    .order_by(decisions.c.id)
)


class SqlPast:
    """`bot.casework.past.Past` in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def cases(
        self, *, store: str | None, since: datetime | None, limit: int | None
    ) -> Iterator[PastCase]:
        wanted = CASES.limit(limit)
        if store is not None:
            wanted = wanted.where(conversations.c.store_id == store)
        if since is not None:
            wanted = wanted.where(cases.c.opened_at >= since)
        found = self._db.execute(wanted, execution_options={"yield_per": AT_ONCE})
        for some in batched(found, AT_ONCE):
            yield from self._with_decisions(some)

    def of_order(self, order_id: int) -> Iterator[PastDecision]:
        for row in self._db.execute(OF_ORDER, {"key": order_id}):
            yield to_past_decision(row)

    def _with_decisions(self, some: Sequence[Any]) -> Iterator[PastCase]:
        rows = self._db.execute(OF_CASES, {"keys": [one.id for one in some]}).all()
        by_case = {case: list(of_it) for case, of_it in groupby(rows, lambda row: row.case_id)}
        for one in some:
            if one.id in by_case:
                yield PastCase(
                    id=one.id,
                    store=one.store_id,
                    order_number=one.order or "",
                    opened_at=one.opened_at,
                    decisions=tuple(map(to_past_decision, by_case[one.id])),
                )


def to_past_decision(row: Row[Any]) -> PastDecision:
    """A row of the ledger, read back."""
    return PastDecision(
        number=row.id,
        case_id=row.case_id,
        playbook=row.playbook,
        step=row.step,
        decision=row.decision,
        facts=row.facts,
        rules=tuple(Rule(one["name"], one["held"], one["compared"]) for one in row.rules),
        amount=None if row.amount is None else Money(row.amount, row.currency),
        decided_by=row.decided_by,
        rulebook_version=row.rulebook_version,
        decided_at=row.decided_at,
        seen=to_seen(row.seen),
    )
