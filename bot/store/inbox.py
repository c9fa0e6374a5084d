"""The inbox of messages that may teach the model something."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
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
    InboxState,
    Known,
    Label,
    Labelled,
    LabelledGroup,
    Origin,
    Placed,
    Progress,
    Said,
)
from bot.casework.ports.units import Missing
from bot.casework.turns import Entity
from bot.store.inbox_sources import find_candidates, find_names
from bot.store.statements import KEY, KEYS
from bot.store.tables import agents, inbox, inbox_origins, labels, messages

LOCK = 20261126
"""PostgreSQL's advisory lock under which one unit adds messages and the others wait."""
WAITING = (InboxState.OPEN, InboxState.SECOND)
MOST_LIKES = 8
"""Other messages of a group that are shown with its first."""
GROUPS = sa.select(
    inbox.c.id, inbox.c.language, inbox.c.cause, inbox.c.suggested, inbox.c.size, inbox.c.weight,
    inbox.c.doubt, inbox.c.state, inbox.c.label,
).where(inbox.c.leads)  # fmt: skip
VECTORS = sa.select(inbox.c.id, inbox.c.vector).where(inbox.c.id.in_(KEYS))
LEAD = sa.select(inbox).where(inbox.c.id == KEY, inbox.c.leads)
LEAD_HELD = LEAD.with_for_update()
MEMBERS = (
    sa.select(inbox.c.text, inbox.c.marked)
    .where(inbox.c.group_id == KEY, ~inbox.c.leads)
    # Those that agents marked details in: whoever decides has to see them.
    .order_by(inbox.c.marked.is_(None), inbox.c.created_at, inbox.c.id)
    .limit(MOST_LIKES)
)
SEEN = sa.select(sa.func.sum(inbox.c.seen)).where(inbox.c.group_id == KEY)
ORIGIN = (
    sa.select(messages.c.id, messages.c.conversation_id)
    .join(inbox_origins, inbox_origins.c.message_id == messages.c.id)
    .where(inbox_origins.c.inbox_id == KEY)
    .order_by(messages.c.created_at.desc())
    .limit(1)
)
STANDING = labels.c.undone_at.is_(None)
MEMBERS_OF = (
    sa.select(
        inbox.c.group_id,
        inbox.c.text,
        inbox.c.language,
        inbox.c.entities,
        inbox.c.marked,
        inbox.c.leads,
    )
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


HAS_SAID = sa.and_(
    labels.c.inbox_id == inbox.c.id,
    labels.c.agent_id == sa.bindparam("agent"),
    STANDING,
    labels.c.id > sa.func.coalesce(inbox.c.reopened_after, 0),
)
"""That person's word stands, and nobody has said otherwise since."""
HAS_SAID_IT = sa.exists().where(HAS_SAID)
WORDS = sa.select(
    labels.c.inbox_id, labels.c.agent_id, agents.c.name, labels.c.intent, labels.c.created_at,
    labels.c.undone_at,
).join(agents, agents.c.id == labels.c.agent_id).order_by(labels.c.id)  # fmt: skip
OF_SEVERAL = (
    sa.select(labels.c.inbox_id)
    .where(labels.c.intent != "")
    .group_by(labels.c.inbox_id)
    .having(sa.func.count(labels.c.agent_id.distinct()) > 1)
)
SAID_TWICE = WORDS.where(labels.c.intent != "", labels.c.inbox_id.in_(OF_SEVERAL))


OF_GROUP = ("size", "weight", "doubt", "priority", "cause", "suggested")
SET_GROUP = (
    sa.update(inbox)
    .where(inbox.c.id == sa.bindparam("lead"))
    .values({name: sa.bindparam(name) for name in OF_GROUP})
)
COUNTS = (
    sa.select(
        inbox.c.state,
        inbox.c.known,
        sa.func.count().label("groups"),
        sa.func.sum(inbox.c.size).label("members"),
    )
    .where(inbox.c.leads)
    .group_by(inbox.c.state, inbox.c.known)
)


class SqlInbox:
    """`bot.casework.inbox.Inbox` in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def add_alone(self) -> None:
        if self._db.dialect.name == "postgresql":
            self._db.execute(sa.select(sa.func.pg_advisory_xact_lock(LOCK)))

    def candidates(self, most: int) -> tuple[Candidate, ...]:
        return find_candidates(self._db, most)

    def names_in(self, conversation_id: str) -> tuple[str, ...]:
        return find_names(self._db, [conversation_id]).get(conversation_id, ())

    def known(self, keys: Sequence[str]) -> Mapping[str, str]:
        found = sa.select(inbox.c.key, inbox.c.id).where(inbox.c.key.in_(KEYS))

        return {row.key: row.id for row in self._db.execute(found, {"keys": list(keys)})}

    def groups(self) -> list[Group]:
        return [
            Group(
                id=row.id,
                language=row.language,
                cause=Cause(row.cause),
                suggested=row.suggested,
                size=row.size,
                weight=row.weight,
                doubt=row.doubt,
                is_open=row.state in WAITING,
                label=row.label,
            )
            for row in self._db.execute(GROUPS)
        ]

    def vectors(self, groups: Sequence[str]) -> Mapping[str, bytes]:
        found: dict[str, bytes] = {}
        for some in batched(groups, MOST_KEYS):
            found |= {row.id: row.vector for row in self._db.execute(VECTORS, {"keys": some})}

        return found

    def add(self, placed: Sequence[Placed], now: datetime, model: str) -> None:
        if not placed:
            return
        self._db.execute(sa.insert(inbox), [_to_row(one, now, model) for one in placed])
        groups = {one.group.id: one.group for one in placed}
        self._db.execute(SET_GROUP, [to_group_row(group) for group in groups.values()])

    def add_origins(self, origins: Sequence[Origin]) -> None:
        if not origins:
            return
        # Some were looked at before, and taught nothing until somebody said more.
        looked_at = inbox_origins.c.message_id.in_(KEYS)
        self._db.execute(
            sa.delete(inbox_origins).where(looked_at), {"keys": [one.message_id for one in origins]}
        )
        self._db.execute(sa.insert(inbox_origins), [asdict(one) for one in origins])

    def count_again(self, times: Mapping[str, int]) -> None:
        update = sa.update(inbox).where(inbox.c.key == sa.bindparam("words"))
        rows = [{"words": key, "more": more} for key, more in times.items()]
        if rows:
            self._db.execute(update.values(seen=inbox.c.seen + sa.bindparam("more")), rows)

    def next_for(self, agent: Agent, now: datetime, until: datetime) -> InboxMessage | None:
        # What one has before one already stays, also when the page is opened again.
        mine = sa.select(inbox).where(inbox.c.taken_by == agent.id, inbox.c.leads)
        row = self._db.execute(
            mine.where(inbox.c.state.in_(WAITING), ~HAS_SAID_IT)
            .limit(1)
            .with_for_update(skip_locked=True),
            {"agent": agent.id},
        ).one_or_none()
        if row is None:
            found = [self._first(state, agent, now) for state in WAITING]
            row = max(filter(None, found), key=lambda one: one.priority, default=None)
        if row is None:
            return None
        self.hold(row.id, agent, until)

        return self._to_message(row)

    def _first(self, state: InboxState, agent: Agent, now: datetime) -> Row[Any] | None:
        """What teaches most in that state; in the order of an index, however many there are."""
        return self._db.execute(
            sa.select(inbox)
            .where(
                inbox.c.leads,
                inbox.c.state == state,
                sa.or_(inbox.c.taken_by.is_(None), inbox.c.taken_until <= now),
                *([~HAS_SAID_IT] if state is InboxState.SECOND else []),
            )
            .order_by(inbox.c.priority.desc())
            .limit(1)
            .with_for_update(skip_locked=True),
            {"agent": agent.id} if state is InboxState.SECOND else {},
        ).one_or_none()

    def page(self, skip: int, most: int) -> tuple[InboxMessage, ...]:
        """Each state in the order of its index, and the part that is wanted of both."""
        parts = [
            sa.select(inbox.c.id, inbox.c.priority)
            .where(inbox.c.leads, inbox.c.state == state)
            .order_by(inbox.c.priority.desc(), inbox.c.id)
            .limit(skip + most)
            .subquery()
            for state in WAITING
        ]
        both = sa.union_all(*(sa.select(part) for part in parts)).subquery()
        wanted = (
            sa.select(both)
            .order_by(both.c.priority.desc(), both.c.id)
            .offset(skip)
            .limit(most)
            .subquery()
        )
        rows = self._db.execute(
            sa.select(inbox)
            .join(wanted, wanted.c.id == inbox.c.id)
            .order_by(inbox.c.priority.desc(), inbox.c.id)
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

    def said_about(self, inbox_id: str) -> tuple[Said, ...]:
        return tuple(
            _to_said(row)
            for row in self._db.execute(WORDS.where(labels.c.inbox_id == inbox_id, STANDING))
        )

    def has_said(self, inbox_id: str, agent: Agent) -> bool:
        found = sa.select(labels.c.id).join(inbox, HAS_SAID).where(inbox.c.id == KEY).limit(1)

        return self._db.scalar(found, {"key": inbox_id, "agent": agent.id}) is not None

    def said_twice(self) -> tuple[Said, ...]:
        return tuple(_to_said(row) for row in self._db.execute(SAID_TWICE))

    def origin(self, inbox_id: str) -> tuple[str, str] | None:
        row = self._db.execute(ORIGIN, {"key": inbox_id}).one_or_none()

        return (row.id, row.conversation_id) if row else None

    def skip_known(self, agent: Agent, batch: str, now: datetime) -> int:
        free = sa.or_(
            inbox.c.taken_by.is_(None), inbox.c.taken_by == agent.id, inbox.c.taken_until <= now
        )
        found = self._db.scalars(
            sa.select(inbox.c.id)
            .where(inbox.c.leads, inbox.c.state == InboxState.OPEN, inbox.c.known != Known.NO, free)
            .order_by(inbox.c.id)
            .with_for_update(skip_locked=True)
        ).all()
        rows = [
            {
                "inbox_id": one,
                "agent_id": agent.id,
                "intent": "",
                "second": False,
                "batch": batch,
                "created_at": now,
            }
            for one in found
        ]
        if rows:
            self._db.execute(sa.insert(labels), rows)
        for some in batched(found, MOST_KEYS):
            self._settle_all(some, InboxState.SKIPPED, "")

        return len(found)

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
            sa.select(labels.c.id, labels.c.inbox_id, labels.c.batch)
            .join(inbox, inbox.c.id == labels.c.inbox_id)
            .where(labels.c.agent_id == agent.id, STANDING, inbox.c.state != InboxState.WRITTEN)
            .order_by(labels.c.id.desc())
            .limit(1)
            .with_for_update(of=inbox)  # somebody may be writing it into the files
        ).one_or_none()
        if latest is None:
            return None
        if latest.batch is not None:
            return self._undo_batch(latest.batch, now)
        self._db.execute(sa.update(labels).where(labels.c.id == latest.id).values(undone_at=now))
        others = self.labels_of(latest.inbox_id)
        self._settle(
            latest.inbox_id,
            InboxState.SECOND if others else InboxState.OPEN,
            others[-1][1] if others else "",
        )

        return str(latest.inbox_id)

    def _undo_batch(self, batch: str, now: datetime) -> str | None:
        """All that is skipped by it still; what teaches most of that."""
        of_batch = sa.select(labels.c.inbox_id).where(labels.c.batch == batch, STANDING)
        back = self._db.scalars(
            sa.select(inbox.c.id)
            .where(inbox.c.id.in_(of_batch), inbox.c.state == InboxState.SKIPPED)
            .order_by(inbox.c.priority.desc())
            .with_for_update()
        ).all()
        self._db.execute(
            sa.update(labels).where(labels.c.batch == batch, STANDING).values(undone_at=now)
        )
        for some in batched(back, MOST_KEYS):
            self._settle_all(some, InboxState.OPEN, "")

        return back[0] if back else None

    def progress(self, agent: Agent, since: datetime) -> Progress:
        states = self._db.execute(COUNTS).all()
        groups: Counter[InboxState] = Counter()
        members: Counter[InboxState] = Counter()
        for row in states:
            groups[InboxState(row.state)] += row.groups
            members[InboxState(row.state)] += int(row.members)
        mine = self._db.scalar(
            sa.select(sa.func.count()).where(
                labels.c.agent_id == agent.id, STANDING, labels.c.created_at >= since
            )
        )

        return Progress(
            groups=dict(groups),
            messages=dict(members),
            mine=mine or 0,
            known=sum(row.groups for row in states if row.state == InboxState.OPEN and row.known),
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

    def guessed(self, names: Collection[str], most: int) -> tuple[InboxMessage, ...]:
        first = self._db.execute(
            sa.select(inbox.c.id, inbox.c.ranking)
            .where(inbox.c.leads, inbox.c.state == InboxState.OPEN)
            .order_by(inbox.c.priority.desc(), inbox.c.id)
            .limit(MOST_LOOKED_AT)
        )
        ids = [row.id for row in first if row.ranking and row.ranking[0][0] in names][:most]
        rows = self._db.execute(
            sa.select(inbox)
            .where(inbox.c.id.in_(KEYS))
            .order_by(inbox.c.priority.desc(), inbox.c.id),
            {"keys": ids},
        )

        return tuple(self._to_message(row, alone=True) for row in rows.all())

    def _settle(self, inbox_id: str, state: InboxState, label: str) -> None:
        self._settle_all([inbox_id], state, label)

    def _settle_all(self, ids: Sequence[str], state: InboxState, label: str) -> None:
        self._db.execute(
            sa.update(inbox)
            .where(inbox.c.id.in_(ids))
            .values(state=state, label=label, taken_by=None, taken_until=None)
        )

    def _lead(self, inbox_id: str, query: sa.Select[Any] = LEAD) -> Row[Any]:
        row = self._db.execute(query, {"key": inbox_id}).one_or_none()
        if row is None:
            raise Missing(f"no message {inbox_id} in the inbox")

        return row

    def _to_message(self, row: Row[Any], *, alone: bool = False) -> InboxMessage:
        likes = [] if alone else self._db.execute(MEMBERS, {"key": row.id}).all()
        seen = row.seen if alone else self._db.scalar(SEEN, {"key": row.id})
        origin = None if alone else self.origin(row.id)

        return InboxMessage(
            id=row.id,
            text=row.text,
            language=row.language,
            cause=Cause(row.cause),
            intent=row.intent,
            confidence=row.confidence,
            ranking=tuple((name, sure) for name, sure in row.ranking),
            entities=to_details(row),
            suggested=row.suggested,
            size=row.size,
            seen=seen or row.seen,
            priority=row.priority,
            state=InboxState(row.state),
            at=row.created_at,
            conversation_id=origin[1] if origin else None,
            likes=tuple(one.text for one in likes),
            likes_marked=tuple(tuple(Entity(**mark) for mark in one.marked or ()) for one in likes),
            known=Known(row.known),
            known_as=row.known_as,
            marked=row.marked is not None,
            lost=tuple(row.lost or ()),
            reopened=row.state == InboxState.SECOND and row.reopened_after is not None,
        )


def to_details(row: Any) -> tuple[Entity, ...]:
    """What an agent marked in a message, or else what the model found there."""
    found = row.entities if row.marked is None else row.marked

    return tuple(Entity(**one) for one in found)


def _to_labelled(row: Any) -> Labelled:
    return Labelled(text=row.text, language=row.language, entities=to_details(row), lead=row.leads)


def _to_group(
    row: Row[Any], messages: Sequence[Labelled], marked: list[dict[str, Any]] | None
) -> LabelledGroup:
    """The group, its first message with the details that somebody marked, if anybody did."""
    if marked is not None:
        entities = [Entity(**one) for one in marked]
        messages = [
            replace(one, entities=tuple(_standing(one.text, entities))) if one.lead else one
            for one in messages
        ]

    return LabelledGroup(
        id=row.id,
        key=row.key,
        label=row.label,
        state=InboxState(row.state),
        messages=tuple(messages),
    )


def _standing(text: str, entities: Sequence[Entity]) -> Iterator[Entity]:
    """Those that stand in it: personal data may have been taken out after they were marked."""
    return (one for one in entities if text[one.start : one.end] == one.value)


def _to_said(row: Any) -> Said:
    return Said(
        inbox_id=row.inbox_id,
        agent_id=row.agent_id,
        name=row.name,
        intent=row.intent,
        at=row.created_at,
        taken_back=row.undone_at,
    )


def to_group_row(group: Group) -> dict[str, Any]:
    """What `SET_GROUP` writes of it."""
    return {
        "lead": group.id,
        "size": group.size,
        "weight": group.weight,
        "doubt": group.doubt,
        "priority": group.priority,
        "cause": group.cause,
        "suggested": group.suggested,
    }


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
        "marked": None if found.marked is None else [asdict(one) for one in found.marked],
        "lost": list(found.lost) or None,
        "suggested": placed.suggested,
        "seen": 1,
        "vector": found.vector,
        "model": model,
        "known": placed.known,
        "known_as": placed.known_as,
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
