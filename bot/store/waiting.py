"""What buyers do while they wait for a person, and whether there is an end to rate."""

from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.casework.decisions import Reason
from bot.casework.remedies import RemedyState
from bot.casework.turns import Floor, Sender
from bot.store.statements import KEY, SET_CONVERSATION
from bot.store.tables import cases, conversations, handoffs, messages, ratings, remedies

LOOKED_AT = 4
"""Hand-offs looked at for each that is counted: some are never answered by a person."""
_LATEST = (
    sa.select(handoffs.c.conversation_id, handoffs.c.created_at)
    .join(conversations, conversations.c.id == handoffs.c.conversation_id)
    .where(conversations.c.store_id == sa.bindparam("store"))
    .order_by(handoffs.c.created_at.desc())
    .limit(sa.bindparam("looked_at"))
    .subquery()
)
_FIRST_ANSWER = (
    sa.select(sa.func.min(messages.c.created_at))
    .where(
        messages.c.conversation_id == _LATEST.c.conversation_id,
        messages.c.sender == Sender.AGENT,
        messages.c.created_at >= _LATEST.c.created_at,
    )
    .scalar_subquery()
)
ANSWERED = sa.select(_LATEST.c.created_at.label("at"), _FIRST_ANSWER.label("answered")).order_by(
    _LATEST.c.created_at.desc()
)
NEWEST_REASON = (
    sa.select(handoffs.c.reason)
    .where(handoffs.c.conversation_id == KEY)
    .order_by(handoffs.c.created_at.desc())
    .limit(1)
)
MARK_READ = SET_CONVERSATION.where(
    conversations.c.read_seq < sa.bindparam("seq"), conversations.c.last_seq >= sa.bindparam("seq")
).values(read_seq=sa.bindparam("seq"))
_ENDED = sa.exists().where(
    cases.c.conversation_id == conversations.c.id,
    remedies.c.case_id == cases.c.id,
    remedies.c.state == RemedyState.DONE,
)
MAY_RATE = sa.select(sa.literal(1)).where(
    conversations.c.id == KEY,
    sa.or_(conversations.c.floor == Floor.CLOSED, _ENDED),
    ~sa.exists().where(ratings.c.conversation_id == conversations.c.id),
)


class SqlWaiting:
    """`bot.casework.waiting.Waiting` in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def answer_times(self, store: str, most: int) -> tuple[timedelta, ...]:
        rows = self._db.execute(ANSWERED, {"store": store, "looked_at": most * LOOKED_AT})
        times = [row.answered - row.at for row in rows if row.answered]

        return tuple(times[:most])

    def reason(self, conversation_id: str) -> Reason | None:
        found = self._db.execute(NEWEST_REASON, {"key": conversation_id}).scalar_one_or_none()

        return Reason(found) if found else None

    def contact_email(self, conversation_id: str) -> str:
        which = conversations.c.id == conversation_id

        return (
            self._db.execute(sa.select(conversations.c.contact_email).where(which)).scalar() or ""
        )

    def leave_email(self, conversation_id: str, email: str) -> None:
        self._db.execute(SET_CONVERSATION, {"key": conversation_id, "contact_email": email})

    def mark_read(self, conversation_id: str, seq: int) -> bool:
        return bool(self._db.execute(MARK_READ, {"key": conversation_id, "seq": seq}).rowcount)

    def may_rate(self, conversation_id: str) -> bool:
        return self._db.execute(MAY_RATE, {"key": conversation_id}).first() is not None
