"""Answers of people that buyers have not read."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.casework.letters import UnreadAnswers
from bot.casework.turns import Floor, Sender
from bot.store.tables import agents, attachments, conversations, messages

# What the shop has signed is proven; what was left is only where to write to.
EMAIL = sa.func.coalesce(
    sa.func.nullif(conversations.c.identity_email, ""), conversations.c.contact_email
)
UNREAD = sa.and_(
    messages.c.conversation_id == conversations.c.id,
    messages.c.sender == Sender.AGENT,
    messages.c.seq > conversations.c.read_seq,
    messages.c.seq > conversations.c.mailed_seq,
)
TIME = messages.c.created_at.type
LEFT = (
    sa.select(
        conversations.c.id,
        conversations.c.store_id,
        conversations.c.locale,
        EMAIL.label("email"),
    )
    .where(
        conversations.c.floor != Floor.BOT,
        conversations.c.erased_at.is_(None),
        EMAIL != "",
        sa.exists().where(
            UNREAD,
            messages.c.created_at.between(
                sa.bindparam("since", type_=TIME), sa.bindparam("until", type_=TIME)
            ),
        ),
    )
    .order_by(conversations.c.id)
    .limit(sa.bindparam("most"))
    .with_for_update(of=conversations, skip_locked=True)
)
ATTACHED = (
    sa.select(sa.func.count())
    .where(attachments.c.message_id == messages.c.id)
    .scalar_subquery()
    .label("attached")
)
ANSWERS = (
    sa.select(messages.c.seq, messages.c.text, agents.c.name, ATTACHED)
    .select_from(messages)
    .join(conversations, UNREAD)
    .join(agents, agents.c.id == messages.c.agent_id)
    .where(conversations.c.id == sa.bindparam("key"))
    .order_by(messages.c.seq)
)


class SqlLetters:
    """`bot.casework.letters.Letters` in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def unread(self, since: datetime, until: datetime, most: int) -> tuple[UnreadAnswers, ...]:
        found = self._db.execute(LEFT, {"since": since, "until": until, "most": most}).all()
        unread = []
        for row in found:
            answers = self._db.execute(ANSWERS, {"key": row.id}).all()
            if answers:
                unread.append(
                    UnreadAnswers(
                        conversation_id=row.id,
                        store=row.store_id,
                        locale=row.locale,
                        email=row.email,
                        agent=answers[-1].name.split()[0],
                        texts=tuple(one.text for one in answers if one.text),
                        attached=sum(one.attached for one in answers),
                        seq=answers[-1].seq,
                    )
                )

        return tuple(unread)

    def mark_written(self, conversation_id: str, seq: int) -> None:
        self._db.execute(
            sa.update(conversations)
            .where(conversations.c.id == conversation_id)
            .values(mailed_seq=seq)
        )
