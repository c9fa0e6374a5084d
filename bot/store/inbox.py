"""The inbox of messages that may teach the model something."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from itertools import batched
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Row

from bot.casework.agents import Agent
from bot.casework.inbox import (
    Candidate,
    Cause,
    Group,
    InboxMessage,
    InboxMove,
    InboxState,
    Label,
    Labelled,
    LabelledGroup,
    Placed,
    Progress,
)
from bot.casework.ports.units import Missing
from bot.casework.turns import Entity, Sender
from bot.store.statements import KEY, KEYS
from bot.store.tables import (
    buyers,
    choices,
    conversations,
    corrections,
    inbox,
    inbox_origins,
    labels,
    messages,
    orders,
    verified_orders,
)

WAITING = (InboxState.OPEN, InboxState.SECOND)
MOST_LIKES = 8
"""Other messages of a group that are shown with its first."""
SURE = 0.6
"""A message understood with more than this is no candidate; two meanings are then far apart."""
NOT_UNDERSTOOD = ("nlu_fallback", "out_of_scope")

_ASKED = messages.alias("asked")
_CORRECTED = (
    sa.select(corrections.c.message_id, sa.func.max(corrections.c.id).label("latest"))
    .where(corrections.c.intent.is_not(None))
    .group_by(corrections.c.message_id)
    .subquery()
)
_CHOSEN = (
    sa.select(_ASKED.c.answers.label("message_id"), sa.func.max(choices.c.value).label("value"))
    .join(_ASKED, _ASKED.c.id == choices.c.message_id)
    .where(
        choices.c.used_by.is_not(None),
        choices.c.value.startswith("intent:"),
        _ASKED.c.reply.startswith("clarify."),
    )
    .group_by(_ASKED.c.answers)
    .subquery()
)
_CAUSE = sa.case(
    (_CORRECTED.c.latest.is_not(None), Cause.CORRECTED),
    (_CHOSEN.c.value.is_not(None), Cause.CLARIFIED),
    (messages.c.intent.in_(NOT_UNDERSTOOD), Cause.REFUSED),
    else_=Cause.UNSURE,
)
CANDIDATES = (
    sa.select(
        messages.c.id,
        messages.c.text,
        messages.c.conversation_id,
        _CAUSE.label("cause"),
        corrections.c.intent.label("corrected"),
        _CHOSEN.c.value.label("chosen"),
        conversations.c.identity_name,
    )
    .join(conversations, conversations.c.id == messages.c.conversation_id)
    .outerjoin(inbox_origins, inbox_origins.c.message_id == messages.c.id)
    .outerjoin(_CORRECTED, _CORRECTED.c.message_id == messages.c.id)
    .outerjoin(corrections, corrections.c.id == _CORRECTED.c.latest)
    .outerjoin(_CHOSEN, _CHOSEN.c.message_id == messages.c.id)
    .where(
        messages.c.sender == Sender.BUYER,
        messages.c.text != "",
        messages.c.intent.is_not(None),
        inbox_origins.c.message_id.is_(None),
        sa.or_(messages.c.confidence < SURE, _CAUSE.in_((Cause.CORRECTED, Cause.CLARIFIED))),
    )
    .order_by(messages.c.created_at, messages.c.id)
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
NAMES = _PROVEN.union(_SIGNED_IN)
GROUPS = sa.select(inbox).where(inbox.c.leads)
LEAD = sa.select(inbox).where(inbox.c.id == KEY, inbox.c.leads)
LEAD_HELD = LEAD.with_for_update()
MEMBERS = sa.select(inbox.c.text).where(inbox.c.group_id == KEY, ~inbox.c.leads).limit(MOST_LIKES)
SEEN = sa.select(sa.func.sum(inbox.c.seen)).where(inbox.c.group_id == KEY)
TALK = (
    sa.select(messages.c.conversation_id)
    .join(inbox_origins, inbox_origins.c.message_id == messages.c.id)
    .where(inbox_origins.c.inbox_id == KEY)
    .order_by(messages.c.created_at.desc())
    .limit(1)
)
STANDING = labels.c.undone_at.is_(None)
MEMBERS_OF = (
    sa.select(inbox.c.group_id, inbox.c.text, inbox.c.language, inbox.c.entities, inbox.c.leads)
    .where(inbox.c.group_id.in_(KEYS))
    .order_by(inbox.c.leads.desc(), inbox.c.created_at, inbox.c.id)
)
SAID = (
    sa.select(labels.c.inbox_id, labels.c.entities)
    .where(labels.c.inbox_id.in_(KEYS), STANDING, labels.c.intent != "")
    .order_by(labels.c.id)
)
"""What people said about groups; of each the last one counts."""
MOST_KEYS = 500
"""Groups that are read at once."""
MOST_LOOKED_AT = 5000
"""Groups among which those are looked for that are taken for one intent."""


class SqlInbox:
    """`bot.casework.inbox.Inbox` in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def candidates(self, most: int) -> tuple[Candidate, ...]:
        rows = self._db.execute(CANDIDATES, {"most": most}).all()
        names: dict[str, list[str]] = {}
        for row in self._db.execute(NAMES, {"keys": [row.conversation_id for row in rows]}):
            names.setdefault(row.conversation_id, []).append(row.name)

        return tuple(
            Candidate(
                message_id=row.id,
                text=row.text,
                cause=Cause(row.cause),
                suggested=row.corrected or (row.chosen or "").removeprefix("intent:"),
                names=tuple(filter(None, (row.identity_name, *names.get(row.conversation_id, ())))),
            )
            for row in rows
        )

    def known(self, keys: Sequence[str]) -> Mapping[str, str]:
        found = sa.select(inbox.c.key, inbox.c.id).where(inbox.c.key.in_(KEYS))

        return {row.key: row.id for row in self._db.execute(found, {"keys": list(keys)})}

    def groups(self) -> list[Group]:
        return [
            Group(
                id=row.id,
                language=row.language,
                vector=row.vector,
                size=row.size,
                weight=row.weight,
                doubt=row.doubt,
                is_open=row.state in WAITING,
                label=row.label,
            )
            for row in self._db.execute(GROUPS)
        ]

    def add(self, placed: Sequence[Placed], now: datetime, model: str) -> None:
        if not placed:
            return
        self._db.execute(sa.insert(inbox), [_to_row(one, now, model) for one in placed])
        groups = {one.group.id: one.group for one in placed}
        update = sa.update(inbox).where(inbox.c.id == sa.bindparam("lead"))
        self._db.execute(
            update.values(
                {name: sa.bindparam(name) for name in ("size", "weight", "doubt", "priority")}
            ),
            [
                {
                    "lead": group.id,
                    "size": group.size,
                    "weight": group.weight,
                    "doubt": group.doubt,
                    "priority": group.priority,
                }
                for group in groups.values()
            ],
        )

    def add_origins(self, origins: Sequence[tuple[str, str | None, Cause]]) -> None:
        if origins:
            names = ("message_id", "inbox_id", "cause")
            self._db.execute(
                sa.insert(inbox_origins), [dict(zip(names, one, strict=True)) for one in origins]
            )

    def count_again(self, times: Mapping[str, int]) -> None:
        update = sa.update(inbox).where(inbox.c.key == sa.bindparam("words"))
        rows = [{"words": key, "more": more} for key, more in times.items()]
        if rows:
            self._db.execute(update.values(seen=inbox.c.seen + sa.bindparam("more")), rows)

    def next_for(self, agent: Agent, now: datetime, until: datetime) -> InboxMessage | None:
        mine = sa.select(labels.c.inbox_id).where(labels.c.agent_id == agent.id, STANDING)
        free = sa.or_(
            inbox.c.taken_by.is_(None),
            inbox.c.taken_by == agent.id,
            inbox.c.taken_until <= now,
        )
        row = self._db.execute(
            sa.select(inbox)
            .where(
                inbox.c.leads,
                inbox.c.state.in_(WAITING),
                free,
                sa.or_(inbox.c.state != InboxState.SECOND, inbox.c.id.not_in(mine)),
            )
            # What one has before one already stays, also when the page is opened again.
            .order_by(sa.case((inbox.c.taken_by == agent.id, 0), else_=1), inbox.c.priority.desc())
            .limit(1)
            .with_for_update(skip_locked=True)
        ).one_or_none()
        if row is None:
            return None
        self.hold(row.id, agent, until)

        return self._to_message(row)

    def page(self, skip: int, most: int) -> tuple[InboxMessage, ...]:
        rows = self._db.execute(
            sa.select(inbox)
            .where(inbox.c.leads, inbox.c.state.in_(WAITING))
            .order_by(inbox.c.priority.desc(), inbox.c.id)
            .offset(skip)
            .limit(most)
        )

        return tuple(self._to_message(row, alone=True) for row in rows.all())

    def get(self, inbox_id: str) -> InboxMessage:
        return self._to_message(self._lead(inbox_id))

    def lock(self, inbox_id: str) -> InboxMessage:
        return self._to_message(self._lead(inbox_id, LEAD_HELD))

    def holder(self, inbox_id: str, now: datetime) -> str | None:
        row = self._lead(inbox_id)

        return row.taken_by if row.taken_until and row.taken_until > now else None

    def hold(self, inbox_id: str, agent: Agent, until: datetime) -> None:
        self._db.execute(
            sa.update(inbox)
            .where(inbox.c.id == inbox_id)
            .values(taken_by=agent.id, taken_until=until)
        )

    def labels_of(self, inbox_id: str) -> tuple[tuple[str, str], ...]:
        said = sa.select(labels.c.agent_id, labels.c.intent).where(
            labels.c.inbox_id == KEY, STANDING
        )

        return tuple(
            (row.agent_id, row.intent)
            for row in self._db.execute(said.order_by(labels.c.id), {"key": inbox_id})
        )

    def label(self, inbox_id: str, label: Label, state: InboxState, now: datetime) -> None:
        self._db.execute(
            sa.insert(labels).values(
                inbox_id=inbox_id,
                agent_id=label.agent.id,
                intent=label.intent,
                entities=None
                if label.entities is None
                else [asdict(one) for one in label.entities],
                second=label.second,
                created_at=now,
            )
        )
        self._settle(inbox_id, state, label.intent)

    def undo(self, agent: Agent, now: datetime) -> str | None:
        latest = self._db.execute(
            sa.select(labels.c.id, labels.c.inbox_id)
            .join(inbox, inbox.c.id == labels.c.inbox_id)
            .where(labels.c.agent_id == agent.id, STANDING, inbox.c.state != InboxState.WRITTEN)
            .order_by(labels.c.id.desc())
            .limit(1)
        ).one_or_none()
        if latest is None:
            return None
        self._db.execute(sa.update(labels).where(labels.c.id == latest.id).values(undone_at=now))
        others = self.labels_of(latest.inbox_id)
        self._settle(
            latest.inbox_id,
            InboxState.SECOND if others else InboxState.OPEN,
            others[-1][1] if others else "",
        )

        return str(latest.inbox_id)

    def progress(self, agent: Agent, since: datetime) -> Progress:
        states = self._db.execute(
            sa.select(inbox.c.state, sa.func.count(), sa.func.sum(inbox.c.size))
            .where(inbox.c.leads)
            .group_by(inbox.c.state)
        ).all()
        mine = self._db.scalar(
            sa.select(sa.func.count()).where(
                labels.c.agent_id == agent.id, STANDING, labels.c.created_at >= since
            )
        )

        return Progress(
            groups={InboxState(state): count for state, count, _ in states},
            messages={InboxState(state): int(size) for state, _, size in states},
            mine=mine or 0,
        )

    def labelled(self) -> tuple[LabelledGroup, ...]:
        decided = sa.select(inbox.c.id).where(inbox.c.leads, inbox.c.state == InboxState.LABELLED)

        return self.whole(self._db.scalars(decided).all())

    def whole(self, inbox_ids: Sequence[str]) -> tuple[LabelledGroup, ...]:
        found: list[LabelledGroup] = []
        for part in batched(inbox_ids, MOST_KEYS):
            leads = self._db.execute(
                sa.select(inbox).where(inbox.c.id.in_(KEYS), inbox.c.leads).order_by(inbox.c.id),
                {"keys": list(part)},
            ).all()
            groups: dict[str, list[Labelled]] = {row.id: [] for row in leads}
            for member in self._db.execute(MEMBERS_OF, {"keys": list(groups)}):
                groups[member.group_id].append(_to_labelled(member))
            marked = {
                row.inbox_id: row.entities for row in self._db.execute(SAID, {"keys": list(groups)})
            }
            found += [_to_group(row, groups[row.id], marked.get(row.id)) for row in leads]

        return tuple(found)

    def count_labelled(self) -> int:
        waiting = sa.select(sa.func.sum(inbox.c.size)).where(
            inbox.c.leads, inbox.c.state == InboxState.LABELLED
        )

        return int(self._db.scalar(waiting) or 0)

    def move(self, moves: Sequence[InboxMove]) -> None:
        for one in moves:
            self._db.execute(
                sa.update(inbox)
                .where(
                    inbox.c.id == one.id,
                    inbox.c.leads,
                    inbox.c.state == one.before,
                    inbox.c.label == one.label_before,
                )
                .values(state=one.after, label=one.label_after, taken_by=None, taken_until=None)
            )

    def guessed(self, intent: str, most: int) -> tuple[InboxMessage, ...]:
        first = self._db.execute(
            sa.select(inbox.c.id, inbox.c.ranking)
            .where(inbox.c.leads, inbox.c.state == InboxState.OPEN)
            .order_by(inbox.c.priority.desc(), inbox.c.id)
            .limit(MOST_LOOKED_AT)
        )
        ids = [row.id for row in first if row.ranking and row.ranking[0][0] == intent][:most]
        rows = self._db.execute(
            sa.select(inbox)
            .where(inbox.c.id.in_(KEYS))
            .order_by(inbox.c.priority.desc(), inbox.c.id),
            {"keys": ids},
        )

        return tuple(self._to_message(row, alone=True) for row in rows.all())

    def _settle(self, inbox_id: str, state: InboxState, label: str) -> None:
        self._db.execute(
            sa.update(inbox)
            .where(inbox.c.id == inbox_id)
            .values(state=state, label=label, taken_by=None, taken_until=None)
        )

    def _lead(self, inbox_id: str, query: sa.Select[Any] = LEAD) -> Row[Any]:
        row = self._db.execute(query, {"key": inbox_id}).one_or_none()
        if row is None:
            raise Missing(f"no message {inbox_id} in the inbox")

        return row

    def _to_message(self, row: Row[Any], *, alone: bool = False) -> InboxMessage:
        likes = () if alone else tuple(self._db.scalars(MEMBERS, {"key": row.id}))
        seen = row.seen if alone else self._db.scalar(SEEN, {"key": row.id})

        return InboxMessage(
            id=row.id,
            text=row.text,
            language=row.language,
            cause=Cause(row.cause),
            intent=row.intent,
            confidence=row.confidence,
            ranking=tuple((name, sure) for name, sure in row.ranking),
            entities=tuple(Entity(**one) for one in row.entities),
            suggested=row.suggested,
            size=row.size,
            seen=seen or row.seen,
            priority=row.priority,
            state=InboxState(row.state),
            at=row.created_at,
            conversation_id=None if alone else self._db.scalar(TALK, {"key": row.id}),
            likes=likes,
        )


def _to_labelled(row: Any) -> Labelled:
    return Labelled(
        text=row.text,
        language=row.language,
        entities=tuple(Entity(**one) for one in row.entities),
        lead=row.leads,
    )


def _to_group(
    row: Row[Any], messages: Sequence[Labelled], marked: list[dict[str, Any]] | None
) -> LabelledGroup:
    """The group, its first message with the details that somebody marked, if anybody did."""
    if marked is not None:
        entities = tuple(Entity(**one) for one in marked)
        messages = [replace(one, entities=entities) if one.lead else one for one in messages]

    return LabelledGroup(
        id=row.id,
        key=row.key,
        label=row.label,
        state=InboxState(row.state),
        messages=tuple(messages),
    )


def _to_row(placed: Placed, now: datetime, model: str) -> dict[str, Any]:
    found, group = placed.found, placed.group
    leads = placed.id == group.id

    return {
        "id": placed.id,
        "key": found.key,
        "text": found.text,
        "language": found.language,
        "cause": found.cause,
        "intent": found.intent,
        "confidence": found.confidence,
        "ranking": [list(guess) for guess in found.ranking],
        "entities": [asdict(one) for one in found.entities],
        "suggested": placed.suggested,
        "seen": 1,
        "vector": found.vector,
        "model": model,
        "created_at": now,
        "group_id": group.id,
        "leads": leads,
        "size": group.size if leads else 0,
        "weight": group.weight if leads else 0.0,
        "doubt": group.doubt if leads else 0.0,
        "priority": group.priority if leads else 0.0,
        "state": InboxState.OPEN,
        "label": "",
    }
