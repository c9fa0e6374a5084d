"""Cases and offers."""

from datetime import datetime
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy import Connection, Row

from bot.casework.cases import Awaiting, Case, CaseState, Offer
from bot.casework.ports.units import Missing
from bot.store.rows import from_case, from_remedy, to_knowledge, to_remedy
from bot.store.tables import cases, offers

KEY: sa.BindParameter[str] = sa.bindparam("key")
MOST_CASES = 50
UNSETTLED = (CaseState.OPEN, CaseState.REMEMBERED, CaseState.APPROVAL)
CASES_OF_CONVERSATION = (
    sa.select(cases)
    .where(cases.c.conversation_id == KEY)
    .order_by(cases.c.state.not_in(UNSETTLED), cases.c.touched.desc(), cases.c.opened_at.desc())
    .limit(MOST_CASES)
)
"""Unsettled cases and the latest others, so that a long conversation's turn costs no more."""
CASE = sa.select(cases).where(cases.c.id == KEY)
ADD_CASE = sa.insert(cases)
SET_CASE = sa.update(cases).where(cases.c.id == KEY)
OFFER = sa.select(offers).where(offers.c.id == KEY)


class SqlCases:
    """`bot.casework.ports.cases.Cases` in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def of_conversation(self, conversation_id: str) -> tuple[Case, ...]:
        rows = self._db.execute(CASES_OF_CONVERSATION, {"key": conversation_id}).all()

        latest_first = sorted(rows, key=lambda row: (row.touched, row.opened_at), reverse=True)

        return tuple(self._case(row) for row in latest_first)

    def get(self, case_id: str) -> Case:
        row = self._db.execute(CASE, {"key": case_id}).one_or_none()
        if row is None:
            raise Missing(f"no case {case_id}")

        return self._case(row)

    def set_state(self, case_id: str, state: CaseState, now: datetime) -> None:
        closed_at = None if state in UNSETTLED else now
        awaiting = Awaiting.NOTHING
        values = {"state": state, "awaiting": awaiting, "closed_at": closed_at}
        self._db.execute(SET_CASE, {"key": case_id, **values})

    def save(self, case: Case, touched: int, now: datetime) -> None:
        values = {
            "order_id": case.order_id,
            "playbook": case.playbook,
            "state": case.state,
            "awaiting": case.awaiting,
            "known": from_case(case),
            "touched": touched,
            "closed_at": None if case.state in UNSETTLED else now,
        }
        updated = self._db.execute(SET_CASE, {"key": case.id, **values})
        if not updated.rowcount:
            new = {
                "id": case.id,
                "conversation_id": case.conversation_id,
                "intent": case.intent,
                "opened_at": now,
            }
            self._db.execute(ADD_CASE, new | values)

    def add_offer(self, case_id: str, offer: Offer, version: str, now: datetime) -> Offer:
        offer_id = uuid4().hex
        self._db.execute(
            sa.insert(offers).values(
                id=offer_id,
                case_id=case_id,
                order_revision=offer.order_revision,
                rulebook_version=version,
                options=[from_remedy(option) for option in offer.options],
                made_at=now,
                expires_at=offer.expires_at,
            )
        )

        return Offer(
            id=offer_id,
            options=offer.options,
            order_revision=offer.order_revision,
            expires_at=offer.expires_at,
        )

    def _case(self, row: Row[tuple[object, ...]]) -> Case:
        known = row.known

        return Case(
            id=row.id,
            conversation_id=row.conversation_id,
            playbook=row.playbook,
            intent=row.intent,
            order_id=row.order_id,
            state=CaseState(row.state),
            awaiting=Awaiting(row.awaiting),
            offer=self._offer(known["offer"]),
            **to_knowledge(known),
        )

    def _offer(self, offer_id: str | None) -> Offer | None:
        if offer_id is None:
            return None
        row = self._db.execute(OFFER, {"key": offer_id}).one()

        return Offer(
            id=row.id,
            options=tuple(to_remedy(option) for option in row.options),
            order_revision=row.order_revision,
            expires_at=row.expires_at,
        )
