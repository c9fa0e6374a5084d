"""What people at the desk said to remedies, and what awaits their word."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Row

from bot.casework.approvals import AGREED, Approval, GivenBefore, Verdict, WaitingRemedy
from bot.casework.decisions import Rule
from bot.casework.money import Money
from bot.casework.remedies import RemedyState
from bot.store.remedies import STANDS
from bot.store.rows import to_remedy
from bot.store.standing_rows import upsert
from bot.store.tables import (
    agents,
    approvals,
    buyers,
    cases,
    conversations,
    decisions,
    order_lines,
    orders,
    remedies,
)

SAID = (
    sa.select(approvals, agents.c.name)
    .join(agents, agents.c.id == approvals.c.agent_id)
    .where(approvals.c.remedy_id.in_(sa.bindparam("keys", expanding=True)))
    .order_by(approvals.c.created_at, approvals.c.id)
)
GIVEN = (
    sa.select(
        remedies.c.id, remedies.c.order_id, remedies.c.worth, remedies.c.worth_currency
    )
    .join(approvals, approvals.c.remedy_id == remedies.c.id)
    .where(
        remedies.c.order_id.in_(sa.bindparam("orders", expanding=True)),
        approvals.c.agent_id == sa.bindparam("agent"),
        approvals.c.verdict.in_(sorted(AGREED)),
        STANDS,
    )
)  # fmt: skip
WAITING = (
    sa.select(
        remedies,
        cases.c.conversation_id,
        cases.c.playbook,
        conversations.c.identity_email,
        decisions.c.rules,
        orders.c.number,
        orders.c.marketplace,
        orders.c.country,
        buyers.c.name,
        buyers.c.email,
        order_lines.c.title,
        order_lines.c.variant,
    )
    .join(cases, cases.c.id == remedies.c.case_id)
    .join(conversations, conversations.c.id == cases.c.conversation_id)
    .join(decisions, decisions.c.id == remedies.c.decision_id)
    .join(orders, orders.c.id == remedies.c.order_id)
    .join(buyers, buyers.c.id == orders.c.buyer_id)
    .outerjoin(order_lines, order_lines.c.id == remedies.c.line_id)
    .where(remedies.c.state == RemedyState.APPROVAL)
    .order_by(remedies.c.created_at, remedies.c.id)
)


class SqlApprovals:
    """`bot.casework.approvals.Approvals` in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def add(
        self, remedy_id: str, agent_id: str, verdict: Verdict, reason: str, now: datetime
    ) -> None:
        said = {"verdict": verdict, "reason": reason[:300], "created_at": now}
        self._db.execute(
            upsert(self._db, approvals)
            .values(remedy_id=remedy_id, agent_id=agent_id, **said)
            .on_conflict_do_update(index_elements=["remedy_id", "agent_id"], set_=said)
        )

    def of(self, remedy_id: str) -> tuple[Approval, ...]:
        return self._said([remedy_id]).get(remedy_id, ())

    def given(self, agent_id: str, order_ids: Sequence[int]) -> tuple[GivenBefore, ...]:
        if not order_ids:
            return ()
        rows = self._db.execute(GIVEN, {"agent": agent_id, "orders": list(order_ids)})

        return tuple(
            GivenBefore(
                remedy_id=row.id,
                order_id=row.order_id,
                worth=Money(row.worth, row.worth_currency),
            )
            for row in rows
        )

    def waiting(self, store: str | None, most: int) -> tuple[WaitingRemedy, ...]:
        query = WAITING.limit(most)
        if store is not None:
            query = query.where(remedies.c.store_id == store)
        rows = self._db.execute(query).all()
        said = self._said([row.id for row in rows])

        return tuple(_waiting(row, said.get(row.id, ())) for row in rows)

    def count_waiting(self) -> int:
        query = (
            sa.select(sa.func.count())
            .select_from(remedies)
            .where(remedies.c.state == RemedyState.APPROVAL)
        )

        return int(self._db.execute(query).scalar_one())

    def _said(self, remedy_ids: Sequence[str]) -> Mapping[str, tuple[Approval, ...]]:
        found: dict[str, tuple[Approval, ...]] = {}
        for row in self._db.execute(SAID, {"keys": list(remedy_ids)}):
            one = Approval(
                agent_id=row.agent_id,
                who=row.name,
                verdict=Verdict(row.verdict),
                reason=row.reason,
                at=row.created_at,
            )
            found[row.remedy_id] = (*found.get(row.remedy_id, ()), one)

        return found


def _waiting(row: Row[Any], said: tuple[Approval, ...]) -> WaitingRemedy:
    return WaitingRemedy(
        id=row.id,
        store=row.store_id,
        conversation_id=row.conversation_id,
        playbook=row.playbook,
        order_id=row.order_id,
        order_number=row.number,
        marketplace=row.marketplace,
        country=row.country,
        buyer_name=row.name,
        buyer_email=row.email,
        talks_as=row.identity_email or "",
        remedy=to_remedy(row.terms),
        title=row.title or "",
        variant=row.variant or "",
        worth=Money(row.worth, row.worth_currency),
        reason=row.reason,
        rules=tuple(Rule(one["name"], one["held"], one["compared"]) for one in row.rules),
        created_at=row.created_at,
        said=said,
    )
