"""What buyers were asked when they were not understood, and what they said that they meant."""

from collections.abc import Mapping

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.casework.ports.conversations import Clarified, Doubt
from bot.store.tables import choices, conversations, messages

ASKS = "clarify."
"""How the names of such replies begin: those of bot/services/clarify.py."""
_LATEST = (
    sa.select(messages.c.id)
    .where(
        messages.c.conversation_id == sa.bindparam("key"),
        messages.c.reply.startswith(ASKS, autoescape=True),
    )
    .order_by(messages.c.seq.desc())
    .limit(sa.bindparam("most"))
)
_DOUBTS = (
    sa.select(messages.c.id, messages.c.answers, messages.c.reply, choices.c.value, choices.c.token)
    .join(choices, choices.c.message_id == messages.c.id)
    .where(messages.c.id.in_(_LATEST))
    .order_by(messages.c.seq.desc(), choices.c.position)
)
_ASKED = messages.alias()
_CLARIFIED = (
    sa.select(
        messages.c.id,
        messages.c.text,
        messages.c.language,
        messages.c.ranking,
        _ASKED.c.id.label("asked"),
        _ASKED.c.created_at,
        choices.c.value,
        choices.c.used_by,
    )
    .join(_ASKED, _ASKED.c.answers == messages.c.id)
    .join(conversations, conversations.c.id == messages.c.conversation_id)
    .join(choices, choices.c.message_id == _ASKED.c.id)
    .where(
        conversations.c.store_id == sa.bindparam("store"),
        _ASKED.c.reply.startswith(ASKS, autoescape=True),
    )
    .order_by(_ASKED.c.created_at, _ASKED.c.id, choices.c.position)
)


def find_doubts(db: Connection, conversation_id: str, most: int) -> tuple[Doubt, ...]:
    """The latest questions what was meant, the newest first."""
    if most < 1:
        return ()
    found: dict[str, Doubt] = {}
    for row in db.execute(_DOUBTS, {"key": conversation_id, "most": most}):
        before = found[row.id].choices if row.id in found else ()
        found[row.id] = Doubt(
            answered=row.answers, reply=row.reply, choices=(*before, (row.value, row.token))
        )

    return tuple(found.values())


def find_clarified(db: Connection, store: str) -> tuple[Clarified, ...]:
    """All messages of the store that buyers were asked about, the oldest first."""
    found: dict[str, Clarified] = {}
    for row in db.execute(_CLARIFIED, {"store": store}):
        before = found.get(row.asked)
        offered = (row.value, _confidence(row.value, dict(row.ranking or ())))
        chosen = row.value if row.used_by else None
        found[row.asked] = Clarified(
            message_id=row.id,
            text=row.text,
            language=row.language,
            offered=(*(before.offered if before else ()), offered),
            chosen=chosen or (before.chosen if before else None),
            asked_at=row.created_at,
        )

    return tuple(found.values())


def _confidence(value: str, ranking: Mapping[str, float]) -> float | None:
    """How sure the model was of the meaning that the button stands for."""
    meant = "human_agent" if value == "person" else value.removeprefix("intent:")

    return ranking.get(meant)
