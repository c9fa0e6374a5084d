"""Which messages of conversations the inbox has to look at, and what people said later."""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.casework.inbox import Candidate, Cause, LaterDetails, LaterWord
from bot.casework.turns import Entity, Sender
from bot.store.statements import KEYS
from bot.store.tables import (
    buyers,
    choices,
    conversations,
    corrections,
    inbox,
    inbox_origins,
    messages,
    orders,
    verified_orders,
)

SURE = 0.6
"""A message understood with more than this is no candidate; two meanings are then far apart."""
NOT_UNDERSTOOD = ("nlu_fallback", "out_of_scope")
CHOICE = "intent:"
"""What the value of a button begins with that names a meaning."""

_ASKED = messages.alias("asked")
_CORRECTED = (
    sa.select(corrections.c.message_id, sa.func.max(corrections.c.id).label("latest"))
    .where(corrections.c.intent.is_not(None))
    .group_by(corrections.c.message_id)
    .subquery()
)
_MARKED = (
    sa.select(corrections.c.message_id, sa.func.max(corrections.c.id).label("latest"))
    .where(corrections.c.entities.is_not(None))
    .group_by(corrections.c.message_id)
    .subquery()
)
"""The latest correction of a message's details; what was said of its intent is another matter."""
_DETAILS = corrections.alias("details")
_CHOSEN = (
    sa.select(_ASKED.c.answers.label("message_id"), sa.func.max(choices.c.value).label("value"))
    .join(_ASKED, _ASKED.c.id == choices.c.message_id)
    .where(
        choices.c.used_by.is_not(None),
        choices.c.value.startswith(CHOICE),
        _ASKED.c.reply.startswith("clarify."),
    )
    .group_by(_ASKED.c.answers)
    .subquery()
)
_CAUSE = sa.case(
    (_CORRECTED.c.latest.is_not(None), Cause.CORRECTED),
    (_MARKED.c.latest.is_not(None), Cause.CORRECTED),
    (_CHOSEN.c.value.is_not(None), Cause.CLARIFIED),
    (messages.c.intent.in_(NOT_UNDERSTOOD), Cause.REFUSED),
    else_=Cause.UNSURE,
)
_SAID = sa.func.coalesce(corrections.c.intent, sa.func.replace(_CHOSEN.c.value, CHOICE, ""), "")
_IS_SAID = _CAUSE.in_((Cause.CORRECTED, Cause.CLARIFIED))
_IS_NEWLY_MARKED = sa.func.coalesce(inbox_origins.c.details_of, 0) < _MARKED.c.latest
# What nobody looked at yet, and what taught nothing until somebody said more.
_FRESH = sa.or_(
    inbox_origins.c.message_id.is_(None),
    sa.and_(inbox_origins.c.inbox_id.is_(None), _IS_SAID, inbox_origins.c.said != _SAID),
    sa.and_(inbox_origins.c.inbox_id.is_(None), _IS_NEWLY_MARKED),
)
CANDIDATES = (
    sa.select(
        messages.c.id,
        messages.c.text,
        messages.c.conversation_id,
        _CAUSE.label("cause"),
        _SAID.label("said"),
        conversations.c.identity_name,
        _DETAILS.c.entities.label("details"),
        _MARKED.c.latest.label("details_of"),
    )
    .join(conversations, conversations.c.id == messages.c.conversation_id)
    .outerjoin(inbox_origins, inbox_origins.c.message_id == messages.c.id)
    .outerjoin(_CORRECTED, _CORRECTED.c.message_id == messages.c.id)
    .outerjoin(corrections, corrections.c.id == _CORRECTED.c.latest)
    .outerjoin(_CHOSEN, _CHOSEN.c.message_id == messages.c.id)
    .outerjoin(_MARKED, _MARKED.c.message_id == messages.c.id)
    .outerjoin(_DETAILS, _DETAILS.c.id == _MARKED.c.latest)
    .where(
        messages.c.sender == Sender.BUYER,
        messages.c.text != "",
        messages.c.intent.is_not(None),
        _FRESH,
        sa.or_(messages.c.confidence < SURE, _IS_SAID),
    )
    .order_by(messages.c.created_at, messages.c.id)
    .limit(sa.bindparam("most"))
)
# By an agent's word about the intent or the buyer's: one about details says nothing of that.
_WORD_CAUSE = sa.case((_CORRECTED.c.latest.is_not(None), Cause.CORRECTED), else_=Cause.CLARIFIED)
LATER_WORDS = (
    sa.select(
        inbox_origins.c.message_id,
        inbox_origins.c.inbox_id,
        _WORD_CAUSE.label("cause"),
        _SAID.label("said"),
    )
    .join(messages, messages.c.id == inbox_origins.c.message_id)
    .outerjoin(_CORRECTED, _CORRECTED.c.message_id == messages.c.id)
    .outerjoin(corrections, corrections.c.id == _CORRECTED.c.latest)
    .outerjoin(_CHOSEN, _CHOSEN.c.message_id == messages.c.id)
    .where(
        inbox_origins.c.inbox_id.is_not(None),
        sa.or_(_CORRECTED.c.latest.is_not(None), _CHOSEN.c.value.is_not(None)),
        inbox_origins.c.said != _SAID,
    )
    .order_by(inbox_origins.c.message_id)
    .limit(sa.bindparam("most"))
)
LATER_DETAILS = (
    sa.select(
        inbox_origins.c.message_id,
        inbox_origins.c.inbox_id,
        _DETAILS.c.id.label("correction"),
        _DETAILS.c.entities.label("details"),
        messages.c.text.label("written"),
        inbox.c.text,
        inbox.c.entities,
    )
    .join(_MARKED, _MARKED.c.message_id == inbox_origins.c.message_id)
    .join(_DETAILS, _DETAILS.c.id == _MARKED.c.latest)
    .join(messages, messages.c.id == inbox_origins.c.message_id)
    .join(inbox, inbox.c.id == inbox_origins.c.inbox_id)
    .where(_IS_NEWLY_MARKED)
    .order_by(_DETAILS.c.id)
    .limit(sa.bindparam("most"))
)
_PROVEN = (
    sa.select(verified_orders.c.conversation_id, buyers.c.name)
    .join(orders, orders.c.id == verified_orders.c.order_id)
    .join(buyers, buyers.c.id == orders.c.buyer_id)
    .where(verified_orders.c.conversation_id.in_(KEYS), buyers.c.name != "")
)
_SIGNED_IN = (
    sa.select(conversations.c.id, buyers.c.name)
    .join(
        buyers,
        sa.and_(
            buyers.c.store_id == conversations.c.store_id,
            buyers.c.email == conversations.c.identity_email,
        ),
    )
    .where(conversations.c.id.in_(KEYS), buyers.c.name != "")
)
_CALLED = sa.select(conversations.c.id, conversations.c.identity_name).where(
    conversations.c.id.in_(KEYS), conversations.c.identity_name != ""
)
NAMES = _PROVEN.union(_SIGNED_IN, _CALLED)


def find_candidates(db: Connection, most: int) -> tuple[Candidate, ...]:
    """Buyers' messages that are worth a look, the oldest first."""
    rows = db.execute(CANDIDATES, {"most": most}).all()
    names = find_names(db, [row.conversation_id for row in rows])

    return tuple(
        Candidate(
            message_id=row.id,
            text=row.text,
            cause=Cause(row.cause),
            suggested=row.said,
            names=names.get(row.conversation_id, ()),
            details=None if row.details is None else _to_details(row.details),
            details_of=row.details_of,
        )
        for row in rows
    )


def find_later_words(db: Connection, most: int) -> tuple[LaterWord, ...]:
    """What people said of messages that stand in the inbox, and that it does not know of."""
    return tuple(
        LaterWord(
            message_id=row.message_id,
            inbox_id=row.inbox_id,
            cause=Cause(row.cause),
            said=row.said,
        )
        for row in db.execute(LATER_WORDS, {"most": most})
    )


def find_later_details(db: Connection, most: int) -> tuple[LaterDetails, ...]:
    """What agents marked in messages that stand in the inbox, and that it does not know of."""
    return tuple(
        LaterDetails(
            message_id=row.message_id,
            inbox_id=row.inbox_id,
            correction=row.correction,
            written=row.written,
            details=_to_details(row.details),
            text=row.text,
            entities=_to_details(row.entities),
        )
        for row in db.execute(LATER_DETAILS, {"most": most})
    )


def find_names(db: Connection, talks: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Who takes part in those conversations, as far as the shop or a proven order tells."""
    names: dict[str, tuple[str, ...]] = {}
    for row in db.execute(NAMES, {"keys": list(set(talks))}):
        names[row[0]] = (*names.get(row[0], ()), row[1])

    return names


def _to_details(found: Iterable[dict[str, Any]]) -> tuple[Entity, ...]:
    return tuple(Entity(**one) for one in found)
