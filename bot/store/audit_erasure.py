"""
The audit list without a buyer who was erased.

Who did what and when stays, numbers and our own words too; what stood there of the person does not.
"""

import re
from collections.abc import Collection
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.casework.erasure import Traces
from bot.store.tables import audit, messages
from bot.store.traces import in_json, quotes

GONE = "erased"
"""What stands where something of a person stood."""
A_CODE = re.compile(r"[a-z][a-z_.]*|[A-Z]+")
"""What our own words look like: `open`, `WAITING`, `damaged_item`."""
OF_THE_TEAM = ("agent", "team")
"""What names a colleague, or several."""
SET_DEED = sa.update(audit).where(audit.c.id == sa.bindparam("key"))


def silence_audit(
    connection: Connection, traces: Traces, personal: Collection[str], subjects: Collection[str]
) -> int:
    """
    Take the person out of every deed that is about them or names them; how many were changed.

    `subjects` are ids of theirs beside their orders and conversations. Looked for elsewhere is only
    what tells of nobody else: not a first name alone, nor a town.
    """
    telling = {text for text in personal if len(text) > 5 and not text.isalpha()}
    said = sa.select(messages.c.id).where(messages.c.conversation_id.in_(traces.conversations))
    texts = [sa.cast(audit.c.before, sa.Text), sa.cast(audit.c.after, sa.Text), audit.c.subject_id]
    rows = connection.execute(
        sa.select(audit).where(
            sa.or_(
                _is_one_of("order", traces.orders),
                _is_one_of("buyer", traces.buyers),
                audit.c.subject_id.in_([*traces.conversations, *subjects]),
                audit.c.subject_id.in_(said),
                *(quotes(text, in_json(one)) for one in telling for text in texts),
            )
        )
    ).all()
    changed = 0
    for row in rows:
        silent = {
            "before": _silenced(row.before, telling),
            "after": _silenced(row.after, telling),
            "subject_id": GONE if _tells(row.subject_id, telling) else row.subject_id,
        }
        if any(silent[name] != row._mapping[name] for name in silent):
            connection.execute(SET_DEED, {"key": row.id, **silent})
            changed += 1

    return changed


def _is_one_of(subject: str, ids: Collection[int]) -> sa.ColumnElement[bool]:
    return sa.and_(audit.c.subject == subject, audit.c.subject_id.in_(list(map(str, ids))))


def _silenced(value: Any, telling: Collection[str]) -> Any:
    if isinstance(value, dict):
        return {
            name: one if name in OF_THE_TEAM else _silenced(one, telling)
            for name, one in value.items()
        }
    if isinstance(value, list):
        return [_silenced(one, telling) for one in value]
    if not isinstance(value, str) or value in ("", GONE):
        return value

    return value if A_CODE.fullmatch(value) and not _tells(value, telling) else GONE


def _tells(text: str, telling: Collection[str]) -> bool:
    return any(one.casefold() in text.casefold() for one in telling)
