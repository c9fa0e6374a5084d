"""Conversations as the team sees them."""

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Row

from bot.casework.talks import (
    CaseOnDesk,
    CorrectionMade,
    DeskMessage,
    EarlierTalk,
    HandedOver,
    HeardMessage,
    Note,
    Rated,
    RemedyOnDesk,
    WholeTalk,
)
from bot.casework.turns import Entity, Floor, Sender
from bot.store.buyer_history import history_of
from bot.store.files import NOTHING, find_attached
from bot.store.past import to_past_decision
from bot.store.rows import to_remedy
from bot.store.statements import KEY, KEYS
from bot.store.tables import (
    agents,
    buyers,
    cases,
    choices,
    conversations,
    corrections,
    decisions,
    handoffs,
    messages,
    notes,
    orders,
    ratings,
    remedies,
    verified_orders,
)

MOST_EARLIER = 20
_NEW = messages.alias("new")
_ANSWERED = sa.select(_NEW.c.answers).where(
    _NEW.c.conversation_id == KEY, _NEW.c.seq > sa.bindparam("after"), _NEW.c.answers.is_not(None)
)
MESSAGES = (
    sa.select(messages, agents.c.name.label("agent_name"))
    .outerjoin(agents, agents.c.id == messages.c.agent_id)
    .where(
        messages.c.conversation_id == KEY,
        sa.or_(messages.c.seq > sa.bindparam("after"), messages.c.id.in_(_ANSWERED)),
    )
    .order_by(messages.c.seq)
)
CHOICES = (
    sa.select(choices.c.message_id, choices.c.label, choices.c.used_by)
    .where(choices.c.message_id.in_(KEYS))
    .order_by(choices.c.position)
)
CORRECTIONS = (
    sa.select(corrections, agents.c.name)
    .join(agents, agents.c.id == corrections.c.agent_id)
    .where(corrections.c.message_id.in_(KEYS))
    .order_by(corrections.c.id)
)
HANDOFFS = (
    sa.select(handoffs, agents.c.name)
    .outerjoin(agents, agents.c.id == handoffs.c.agent_id)
    .where(handoffs.c.conversation_id == KEY)
    .order_by(handoffs.c.created_at.desc())
)
CASES = (
    sa.select(cases, orders.c.number)
    .outerjoin(orders, orders.c.id == cases.c.order_id)
    .where(cases.c.conversation_id == KEY)
    .order_by(cases.c.touched.desc(), cases.c.opened_at.desc())
)
DECISIONS = sa.select(decisions).where(decisions.c.conversation_id == KEY).order_by(decisions.c.id)
REMEDIES = (
    sa.select(remedies)
    .join(cases, cases.c.id == remedies.c.case_id)
    .where(cases.c.conversation_id == KEY)
    .order_by(remedies.c.created_at, remedies.c.id)
)
NOTES = (
    sa.select(notes, agents.c.name)
    .join(agents, agents.c.id == notes.c.agent_id)
    .where(notes.c.conversation_id == KEY)
    .order_by(notes.c.created_at, notes.c.id)
)
PROVEN = (
    sa.select(orders.c.number)
    .join(verified_orders, verified_orders.c.order_id == orders.c.id)
    .where(verified_orders.c.conversation_id == KEY)
    .order_by(verified_orders.c.verified_at.desc())
)
RATING = sa.select(ratings).where(ratings.c.conversation_id == KEY)
_OF_BUYERS = (
    sa.select(cases.c.conversation_id)
    .join(orders, orders.c.id == cases.c.order_id)
    .join(buyers, buyers.c.id == orders.c.buyer_id)
    .where(buyers.c.email == sa.bindparam("email"), buyers.c.store_id == sa.bindparam("store"))
)
EARLIER = (
    sa.select(conversations, handoffs.c.reason)
    .outerjoin(handoffs, handoffs.c.id == conversations.c.handoff_id)
    .where(
        conversations.c.id != KEY,
        conversations.c.last_seq > 0,
        conversations.c.store_id == sa.bindparam("store"),
        sa.or_(
            conversations.c.identity_email == sa.bindparam("email"),
            conversations.c.id.in_(_OF_BUYERS),
        ),
    )
    .order_by(conversations.c.created_at.desc())
    .limit(MOST_EARLIER)
)
BUYER = (
    sa.select(
        conversations.c.store_id,
        conversations.c.contact_email,
        sa.func.coalesce(conversations.c.identity_email, buyers.c.email, "").label("email"),
        sa.func.coalesce(
            sa.func.nullif(conversations.c.identity_name, ""), buyers.c.name, ""
        ).label("name"),
    )
    .select_from(conversations)
    .outerjoin(verified_orders, verified_orders.c.conversation_id == conversations.c.id)
    .outerjoin(orders, orders.c.id == verified_orders.c.order_id)
    .outerjoin(buyers, buyers.c.id == orders.c.buyer_id)
    .where(conversations.c.id == KEY)
    .limit(1)
)


class SqlTalks:
    """`bot.casework.talks.Talks` in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def messages(self, conversation_id: str, after: int = 0) -> tuple[DeskMessage, ...]:
        rows = self._db.execute(MESSAGES, {"key": conversation_id, "after": after}).all()
        ids = [row.id for row in rows]
        if not ids:
            return ()
        buttons = _grouped(
            (row.message_id, (row.label, row.used_by is not None))
            for row in self._db.execute(CHOICES, {"keys": ids})
        )
        attached = find_attached(self._db, ids)
        corrected = {
            row.message_id: _to_correction(row)
            for row in self._db.execute(CORRECTIONS, {"keys": ids})
        }

        return tuple(
            DeskMessage(
                id=row.id,
                seq=row.seq,
                sender=Sender(row.sender),
                kind=row.kind,
                text=row.text,
                at=row.created_at,
                choices=tuple(buttons.get(row.id, ())),
                card=row.card,
                photos=tuple(attached.get(row.id, NOTHING).photos),
                files=tuple(attached.get(row.id, NOTHING).files),
                agent=row.agent_name.split()[0] if row.agent_name else None,
                heard=_to_heard(row, corrected.get(row.id)) if row.intent else None,
                answers=row.answers,
            )
            for row in rows
        )

    def whole(self, conversation_id: str) -> WholeTalk:
        key = {"key": conversation_id}
        talk_cases = tuple(_to_case(row) for row in self._db.execute(CASES, key))
        proven = self._db.execute(PROVEN, key).scalars()
        about = [case.order_number for case in talk_cases if case.order_number]
        rating = self._db.execute(RATING, key).one_or_none()
        buyer = self._db.execute(BUYER, key).one()

        return WholeTalk(
            handoffs=tuple(_to_handed_over(row) for row in self._db.execute(HANDOFFS, key)),
            cases=talk_cases,
            decisions=tuple(
                (row.message_id, to_past_decision(row)) for row in self._db.execute(DECISIONS, key)
            ),
            remedies=tuple(_to_remedy(row) for row in self._db.execute(REMEDIES, key)),
            notes=tuple(_to_note(row) for row in self._db.execute(NOTES, key)),
            orders=tuple(dict.fromkeys((*about, *proven))),
            earlier=self._earlier(conversation_id, buyer.store_id, buyer.email),
            before=history_of(self._db, buyer.store_id, buyer.email),
            rating=Rated(score=rating.score, comment=rating.comment, at=rating.created_at)
            if rating
            else None,
            buyer_name=buyer.name,
            buyer_email=buyer.email,
            contact_email=buyer.contact_email or "",
        )

    def _earlier(self, conversation_id: str, store: str, email: str) -> tuple[EarlierTalk, ...]:
        if not email:
            return ()
        found = {"key": conversation_id, "store": store, "email": email}

        return tuple(
            EarlierTalk(
                id=row.id,
                began_at=row.created_at,
                floor=Floor(row.floor),
                reason=row.reason or "",
            )
            for row in self._db.execute(EARLIER, found)
        )


def _grouped[T](pairs: Iterable[tuple[str, T]]) -> dict[str, list[T]]:
    found: dict[str, list[T]] = {}
    for key, one in pairs:
        found.setdefault(key, []).append(one)

    return found


def _to_entities(found: Sequence[Any] | None) -> tuple[Entity, ...]:
    return tuple(Entity(**one) for one in found or ())


def _to_heard(row: Row[Any], corrected: CorrectionMade | None) -> HeardMessage:
    return HeardMessage(
        intent=row.intent,
        confidence=row.confidence or 0.0,
        ranking=tuple((name, confidence) for name, confidence in row.ranking or ()),
        entities=_to_entities(row.entities),
        language=row.language,
        read_by=row.read_by,
        corrected=corrected,
    )


def _to_correction(row: Row[Any]) -> CorrectionMade:
    entities = None if row.entities is None else _to_entities(row.entities)

    return CorrectionMade(intent=row.intent, entities=entities, by=row.name, at=row.created_at)


def _to_handed_over(row: Row[Any]) -> HandedOver:
    return HandedOver(
        reason=row.reason,
        summary=row.summary,
        at=row.created_at,
        due_at=row.due_at,
        answered_at=row.answered_at,
        by=row.name or "",
    )


def _to_case(row: Row[Any]) -> CaseOnDesk:
    return CaseOnDesk(
        id=row.id,
        playbook=row.playbook,
        intent=row.intent,
        state=row.state,
        awaiting=row.awaiting,
        order_id=row.order_id,
        order_number=row.number or "",
    )


def _to_remedy(row: Row[Any]) -> RemedyOnDesk:
    return RemedyOnDesk(
        id=row.id,
        order_id=row.order_id,
        remedy=to_remedy(row.terms),
        state=row.state,
        reason=row.reason,
        approved_by=row.approved_by,
        created_at=row.created_at,
    )


def _to_note(row: Row[Any]) -> Note:
    return Note(
        id=row.id,
        after_seq=row.after_seq,
        agent=row.name.split()[0],
        text=row.text,
        at=row.created_at,
    )
