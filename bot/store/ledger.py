"""Decisions, remedies with their outbox rows, and hand-offs: written, never changed."""

from datetime import datetime
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.casework.decisions import Reason
from bot.casework.ports import DecisionRow
from bot.casework.remedies import Remedy
from bot.store.rows import from_remedy
from bot.store.tables import decisions, handoffs, outbox, remedies

ADD_DECISION = sa.insert(decisions).returning(decisions.c.id)


class SqlLedger:
    """`bot.casework.ports.Ledger` in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def add_decision(self, row: DecisionRow) -> int:
        added = self._db.execute(
            ADD_DECISION,
            {
                "conversation_id": row.conversation_id,
                "case_id": row.case_id,
                "message_id": row.message_id,
                "playbook": row.playbook,
                "step": row.step,
                "decision": row.decision,
                "facts": dict(row.facts),
                "rules": [
                    {"name": rule.name, "held": rule.held, "compared": rule.compared}
                    for rule in row.rules
                ],
                "rulebook_version": row.rulebook_version,
                "decided_at": row.decided_at,
            },
        )
        return int(added.scalar_one())

    def add_remedy(
        self, case_id: str, decision: int, remedy: Remedy, *, reason: str, now: datetime
    ) -> None:
        terms = from_remedy(remedy)
        remedy_id = uuid4().hex
        self._db.execute(
            sa.insert(remedies).values(
                id=remedy_id,
                idempotency_key=f"{case_id}:{remedy.kind}:{remedy.line_id or 'order'}:1",
                case_id=case_id,
                decision_id=decision,
                order_id=remedy.order_id,
                line_id=remedy.line_id,
                kind=remedy.kind,
                quantity=remedy.quantity,
                amount=terms["amount"],
                currency=terms["currency"],
                percent=terms["percent"],
                reason=reason,
                state="requested",
                created_at=now,
            )
        )
        self._db.execute(
            sa.insert(outbox).values(remedy_id=remedy_id, state="new", attempts=0, next_at=now)
        )

    def add_hand_off(
        self,
        conversation_id: str,
        case_id: str | None,
        message_id: str | None,
        reason: Reason,
        summary: str,
        now: datetime,
    ) -> None:
        self._db.execute(
            sa.insert(handoffs).values(
                id=uuid4().hex,
                conversation_id=conversation_id,
                case_id=case_id,
                message_id=message_id,
                reason=reason,
                summary=summary,
                created_at=now,
            )
        )
