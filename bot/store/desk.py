"""Who has a conversation on the desk, and what agents write there."""

from datetime import datetime
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy import Connection, Row

from bot.casework.agents import Agent, Role
from bot.casework.decisions import Reason
from bot.casework.desk import Holding
from bot.casework.ports.units import Missing
from bot.casework.replies import MessageKind
from bot.casework.talks import Note
from bot.casework.turns import Entity, Floor, Sender
from bot.store.message_writing import add_message
from bot.store.statements import CLOSE_HAND_OFFS, KEY, NEXT_SEQ, SET_CONVERSATION, UNANSWERED
from bot.store.tables import (
    agents,
    attachments,
    conversations,
    corrections,
    handoffs,
    messages,
    notes,
)

HELD = (
    sa.select(
        conversations.c.claimed_until,
        conversations.c.team,
        conversations.c.snoozed_until,
        conversations.c.due_at,
        conversations.c.closed_at,
        conversations.c.read_seq,
        handoffs.c.reason.label("handed"),
        handoffs.c.answered_at,
        *(agents.c[name].label(f"agent_{name}") for name in ("id", "email", "name", "role")),
        agents.c.team.label("agent_team"),
        agents.c.reads.label("agent_reads"),
        agents.c.disabled_at.label("agent_disabled_at"),
    )
    .outerjoin(agents, agents.c.id == conversations.c.agent_id)
    .outerjoin(handoffs, handoffs.c.id == conversations.c.handoff_id)
    .where(conversations.c.id == KEY)
)
RENEW = sa.update(conversations).where(
    conversations.c.agent_id == KEY,
    conversations.c.floor == Floor.HUMAN,
    conversations.c.claimed_until.is_not(None),
)
LAPSED = sa.select(conversations.c.id).where(
    conversations.c.floor == Floor.HUMAN, conversations.c.claimed_until <= sa.bindparam("now")
)
ANSWER_OF_CLIENT = sa.select(messages.c.id, messages.c.seq).where(
    messages.c.conversation_id == KEY,
    messages.c.client_id == sa.bindparam("client"),
    messages.c.sender == Sender.AGENT,
)
STOP_CLOCKS = (
    sa.update(handoffs)
    .where(handoffs.c.conversation_id == KEY, handoffs.c.open, handoffs.c.answered_at.is_(None))
    .values(answered_at=sa.bindparam("now", type_=handoffs.c.answered_at.type))
)
RUN_AGAIN = (
    sa.update(handoffs)
    .where(
        handoffs.c.id
        == sa.select(conversations.c.handoff_id).where(conversations.c.id == KEY).scalar_subquery()
    )
    .values(
        due_at=sa.bindparam("due", type_=handoffs.c.due_at.type),
        answered_at=None,
        warned_at=None,
        escalated_at=None,
    )
)
LAST_SEQ = sa.select(conversations.c.last_seq).where(conversations.c.id == KEY)
NOTE_OF_CLIENT = sa.select(notes).where(
    notes.c.conversation_id == KEY, notes.c.client_id == sa.bindparam("client")
)


class SqlDesk:
    """`bot.casework.desk.Desk` in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def holding(self, conversation_id: str) -> Holding:
        row = self._db.execute(HELD, {"key": conversation_id}).one_or_none()
        if row is None:
            raise Missing(f"no conversation {conversation_id}")

        return Holding(
            agent=joined_agent(row),
            claimed_until=row.claimed_until,
            team=row.team,
            snoozed_until=row.snoozed_until,
            due_at=row.due_at,
            closed_at=row.closed_at,
            read_seq=row.read_seq,
            handed=Reason(row.handed) if row.handed else None,
            answered_at=row.answered_at,
        )

    def claim(self, conversation_id: str, agent: Agent, until: datetime) -> None:
        self._set(conversation_id, agent_id=agent.id, claimed_until=until, snoozed_until=None)

    def renew(self, agent: Agent, until: datetime) -> None:
        self._db.execute(RENEW, {"key": agent.id, "claimed_until": until})

    def release(self, conversation_id: str, *, agent_id: str | None = None, team: str = "") -> None:
        self._set(conversation_id, agent_id=agent_id, claimed_until=None, team=team)

    def settle(self, conversation_id: str, *, closed_at: datetime | None) -> None:
        self._set(
            conversation_id,
            agent_id=None,
            claimed_until=None,
            team="",
            snoozed_until=None,
            due_at=None,
            handoff_id=None,
            closed_at=closed_at,
        )
        self._db.execute(CLOSE_HAND_OFFS, {"key": conversation_id})

    def snooze(self, conversation_id: str, until: datetime | None) -> None:
        self._set(conversation_id, snoozed_until=until)

    def _set(self, conversation_id: str, **values: object) -> None:
        self._db.execute(SET_CONVERSATION, {"key": conversation_id, **values})

    def lapsed(self, now: datetime) -> tuple[str, ...]:
        return tuple(self._db.execute(LAPSED, {"now": now}).scalars())

    def find_answer(self, conversation_id: str, client_id: str) -> tuple[str, int] | None:
        found = {"key": conversation_id, "client": client_id}
        row = self._db.execute(ANSWER_OF_CLIENT, found).one_or_none()

        return (row.id, row.seq) if row else None

    def add_answer(
        self,
        conversation_id: str,
        agent: Agent,
        *,
        client_id: str,
        text: str,
        attachments: tuple[str, ...],
        now: datetime,
    ) -> tuple[str, int]:
        message_id = uuid4().hex
        seq = int(self._db.execute(NEXT_SEQ, {"key": conversation_id}).scalar_one())
        add_message(
            self._db,
            {
                "id": message_id,
                "conversation_id": conversation_id,
                "seq": seq,
                "sender": Sender.AGENT,
                "kind": MessageKind.TEXT,
                "text": text,
                "created_at": now,
                "client_id": client_id,
                "agent_id": agent.id,
            },
        )
        self._attach(message_id, attachments)
        self._db.execute(STOP_CLOCKS, {"key": conversation_id, "now": now})
        self._set(conversation_id, due_at=None)

        return message_id, seq

    def wait_again(self, conversation_id: str, due_at: datetime) -> None:
        self._db.execute(RUN_AGAIN, {"key": conversation_id, "due": due_at})
        self._set(conversation_id, due_at=due_at)

    def _attach(self, message_id: str, ids: tuple[str, ...]) -> None:
        if ids:
            self._db.execute(
                sa.update(attachments)
                .where(attachments.c.id.in_(ids))
                .values(message_id=message_id)
            )

    def add_note(
        self, conversation_id: str, agent: Agent, *, client_id: str, text: str, now: datetime
    ) -> Note:
        found = {"key": conversation_id, "client": client_id}
        row = self._db.execute(NOTE_OF_CLIENT, found).one_or_none()
        if row is None:
            values = {
                "id": uuid4().hex,
                "conversation_id": conversation_id,
                "agent_id": agent.id,
                "after_seq": self._db.execute(LAST_SEQ, found).scalar_one(),
                "client_id": client_id,
                "text": text,
                "created_at": now,
            }
            self._db.execute(sa.insert(notes), values)
            row = self._db.execute(NOTE_OF_CLIENT, found).one()

        return Note(
            id=row.id,
            after_seq=row.after_seq,
            agent=agent.first_name,
            text=row.text,
            at=row.created_at,
        )

    def add_correction(
        self,
        message_id: str,
        agent: Agent,
        *,
        intent: str | None,
        entities: tuple[Entity, ...] | None,
        now: datetime,
    ) -> None:
        heard = self._db.execute(
            sa.select(messages.c.intent, messages.c.entities).where(messages.c.id == message_id)
        ).one()
        self._db.execute(
            sa.insert(corrections).values(
                message_id=message_id,
                agent_id=agent.id,
                intent_before=heard.intent,
                intent=intent,
                entities_before=heard.entities,
                entities=None if entities is None else [from_entity(one) for one in entities],
                created_at=now,
            )
        )

    def mark_all_answered(self, conversation_id: str, now: datetime) -> None:
        self._db.execute(
            sa.update(messages)
            .where(messages.c.conversation_id == conversation_id, UNANSWERED)
            .values(answered_at=now)
        )


def from_entity(entity: Entity) -> dict[str, Any]:
    """An entity as messages and corrections keep it."""
    return {
        "name": entity.name,
        "value": entity.value,
        "start": entity.start,
        "end": entity.end,
    }


def joined_agent(row: Row[*tuple[Any, ...]]) -> Agent | None:
    """The agent whose columns stand in a row as `agent_id`, `agent_name` ...; None for nobody."""
    if row.agent_id is None:
        return None

    return Agent(
        id=row.agent_id,
        email=row.agent_email,
        name=row.agent_name,
        role=Role(row.agent_role),
        team=row.agent_team,
        reads=tuple(row.agent_reads),
        disabled=row.agent_disabled_at is not None,
    )
