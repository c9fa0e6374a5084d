"""What changes in the training inbox without anybody labelling."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.casework.inbox import Cause, Group, InboxState, Known, LaterDetails, LaterWord
from bot.casework.inbox_upkeep import HeardDetails, Readable, Reading, Standing, to_places
from bot.casework.ports.units import Missing
from bot.casework.turns import Entity
from bot.store.inbox import LEAD_HELD, SET_GROUP, WAITING, to_group_row
from bot.store.inbox_sources import find_later_details, find_later_words
from bot.store.statements import KEY
from bot.store.tables import inbox, inbox_origins, labels

GROUP_OF = sa.select(inbox.c.group_id).where(inbox.c.id == KEY)
STALE = (
    sa.select(inbox.c.id, inbox.c.text)
    .where(
        inbox.c.leads,
        inbox.c.state.in_(WAITING),
        inbox.c.model != sa.bindparam("now_read_by"),
    )
    .order_by(inbox.c.priority.desc())
    .limit(sa.bindparam("most"))
)
READABLE = (
    sa.select(
        inbox.c.id, inbox.c.key, inbox.c.text, inbox.c.suggested, inbox.c.intent, inbox.c.ranking,
        inbox.c.known, inbox.c.known_as, inbox.c.entities, inbox.c.marked,
    )
    .where(inbox.c.leads, inbox.c.state.in_(WAITING), inbox.c.id > sa.bindparam("after"))
    .order_by(inbox.c.id)
    .limit(sa.bindparam("most"))
)  # fmt: skip
SET_KNOWN = (
    sa.update(inbox)
    .where(inbox.c.id == sa.bindparam("lead"))
    .values(known=sa.bindparam("known"), known_as=sa.bindparam("known_as"))
)


class SqlInboxUpkeep:
    """`bot.casework.inbox_upkeep.InboxUpkeep` in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def later_words(self, most: int) -> tuple[LaterWord, ...]:
        return find_later_words(self._db, most)

    def standing(self, inbox_id: str) -> Standing:
        lead = self._db.scalar(GROUP_OF, {"key": inbox_id})
        row = self._db.execute(LEAD_HELD, {"key": lead}).one_or_none()
        if row is None:
            raise Missing(f"no message {inbox_id} in the inbox")

        return Standing(
            group=Group(
                id=row.id,
                language=row.language,
                cause=Cause(row.cause),
                suggested=row.suggested,
                size=row.size,
                weight=row.weight,
                doubt=row.doubt,
                is_open=row.state in WAITING,
                label=row.label,
            ),
            state=InboxState(row.state),
            label=row.label,
        )

    def hear(self, word: LaterWord, group: Group, state: InboxState) -> None:
        self._db.execute(
            sa.update(inbox_origins)
            .where(inbox_origins.c.message_id == word.message_id)
            .values(cause=word.cause, said=word.said)
        )
        self._db.execute(
            sa.update(inbox)
            .where(inbox.c.id == word.inbox_id)
            .values(cause=word.cause, suggested=word.said)
        )
        self._set_group(group, state)

    def later_details(self, most: int) -> tuple[LaterDetails, ...]:
        return find_later_details(self._db, most)

    def hear_details(
        self, word: LaterDetails, heard: HeardDetails, group: Group, state: InboxState
    ) -> None:
        self._db.execute(
            sa.update(inbox_origins)
            .where(inbox_origins.c.message_id == word.message_id)
            .values(cause=Cause.CORRECTED, details_of=word.correction)
        )
        self._db.execute(
            sa.update(inbox)
            .where(inbox.c.id == word.inbox_id)
            .values(
                cause=Cause.CORRECTED,
                text=heard.text,
                entities=[asdict(one) for one in heard.entities],
                marked=[asdict(one) for one in heard.marked],
                lost=list(heard.lost) or None,
                # The next collecting finds out again what the model knows of it.
                known=Known.NO,
                known_as="",
            )
        )
        self._set_group(group, state)

    def _set_group(self, group: Group, state: InboxState) -> None:
        self._db.execute(SET_GROUP, [to_group_row(group)])
        if not group.is_open and state in WAITING:
            latest = sa.select(sa.func.max(labels.c.id)).where(labels.c.inbox_id == group.id)
            self._db.execute(
                sa.update(inbox)
                .where(inbox.c.id == group.id)
                .values(state=state, reopened_after=self._db.scalar(latest))
            )

    def stale(self, model: str, most: int) -> tuple[tuple[str, str], ...]:
        rows = self._db.execute(STALE, {"now_read_by": model, "most": most})

        return tuple((row.id, row.text) for row in rows)

    def reread(self, readings: Sequence[Reading], model: str) -> None:
        for one in readings:
            new: dict[str, Any] = {
                "intent": one.intent,
                "confidence": one.confidence,
                "ranking": [list(guess) for guess in one.ranking],
                "model": model,
                "doubt": one.doubt,
            }
            if one.entities is not None:
                new["entities"] = [asdict(entity) for entity in one.entities]
            # Somebody may have come in beside it meanwhile: the size is the one of now.
            row = self._db.execute(LEAD_HELD, {"key": one.id}).one_or_none()
            if row is None:
                continue
            group = Group(
                id=row.id, language=row.language, size=row.size, weight=row.weight, doubt=one.doubt
            )
            self._db.execute(
                sa.update(inbox).where(inbox.c.id == one.id).values(**new, priority=group.priority)
            )

    def waiting(self, after: str, most: int) -> tuple[Readable, ...]:
        return tuple(
            Readable(
                id=row.id,
                key=row.key,
                text=row.text,
                suggested=row.suggested,
                intent=row.intent,
                ranking=tuple((name, sure) for name, sure in row.ranking),
                known=Known(row.known),
                known_as=row.known_as,
                finds_details=row.marked is None or _has_same_places(row.marked, row.entities),
            )
            for row in self._db.execute(READABLE, {"after": after, "most": most})
        )

    def mark_known(self, known: Mapping[str, tuple[Known, str]]) -> None:
        rows = [
            {"lead": one, "known": why, "known_as": as_what}
            for one, (why, as_what) in known.items()
        ]
        if rows:
            self._db.execute(SET_KNOWN, rows)


def _has_same_places(marked: Sequence[dict[str, Any]], found: Sequence[dict[str, Any]]) -> bool:
    return to_places(Entity(**one) for one in marked) == to_places(Entity(**one) for one in found)
