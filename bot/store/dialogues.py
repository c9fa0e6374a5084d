"""What buyers typed in conversations."""

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.casework.dialogues import TypedLine, TypedTalk
from bot.casework.ports.units import Missing
from bot.casework.turns import Entity, Sender
from bot.store.inbox_sources import NAMES
from bot.store.tables import conversations, corrections, messages

_LATEST = (
    sa.select(corrections.c.message_id, sa.func.max(corrections.c.id).label("latest"))
    .where(corrections.c.intent.is_not(None))
    .group_by(corrections.c.message_id)
    .subquery()
)
TYPED = (
    sa.select(messages, corrections.c.intent.label("corrected"))
    .outerjoin(_LATEST, _LATEST.c.message_id == messages.c.id)
    .outerjoin(corrections, corrections.c.id == _LATEST.c.latest)
    .where(
        messages.c.conversation_id == sa.bindparam("talk"),
        messages.c.sender == Sender.BUYER,
        messages.c.text != "",
        messages.c.choice_token.is_(None),
        messages.c.intent.is_not(None),
    )
    .order_by(messages.c.seq)
)


class SqlDialogues:
    """`bot.casework.dialogues.Dialogues` in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def typed(self, conversation_id: str) -> TypedTalk:
        talk = self._db.execute(
            sa.select(conversations).where(conversations.c.id == conversation_id)
        ).one_or_none()
        if talk is None:
            raise Missing(f"There is no conversation {conversation_id}")
        named = self._db.execute(NAMES, {"keys": [conversation_id]})
        names = {talk.identity_name, *(row.name for row in named)}
        rows = self._db.execute(TYPED, {"talk": conversation_id})

        return TypedTalk(
            lines=tuple(
                TypedLine(
                    text=row.text,
                    intent=row.intent,
                    corrected=row.corrected or "",
                    entities=tuple(Entity(**one) for one in row.entities or ()),
                    language=row.language or "",
                )
                for row in rows
            ),
            names=tuple(sorted(name for name in names if name)),
        )
