"""Agents, their one-time links and their sessions."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Row

from bot.casework.accounts import IDLE, Account, AgentSession, Link
from bot.casework.agents import Agent, Role
from bot.casework.ports.units import Missing
from bot.store.tables import agent_links, agent_sessions, agents

LOCK = 0x616772
"""Any number that no other advisory lock has."""
SESSIONS = sa.select(
    agent_sessions.c.token_hash,
    agent_sessions.c.created_at.label("began_at"),
    agent_sessions.c.seen_at,
    agent_sessions.c.expires_at,
    agents,
).join(agents, agents.c.id == agent_sessions.c.agent_id)


class SqlAccounts:
    """`bot.casework.accounts.Accounts` in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def hold(self) -> None:
        # SQLite has one writer at a time anyway.
        if self._db.dialect.name == "postgresql":
            self._db.execute(sa.select(sa.func.pg_advisory_xact_lock(LOCK)))

    def add(self, agent: Agent, now: datetime) -> None:
        values = {"id": agent.id, "created_at": now, **_columns(agent)}
        self._db.execute(
            sa.insert(agents).values(disabled_at=now if agent.disabled else None, **values)
        )

    def get(self, agent_id: str) -> Account:
        row = self._db.execute(sa.select(agents).where(agents.c.id == agent_id)).one_or_none()
        if row is None:
            raise Missing(f"There is no agent {agent_id}")

        return to_account(row)

    def find_by_email(self, email: str) -> Account | None:
        row = self._db.execute(sa.select(agents).where(agents.c.email == email)).one_or_none()

        return to_account(row) if row else None

    def listed(self) -> tuple[Account, ...]:
        rows = self._db.execute(sa.select(agents).order_by(agents.c.name, agents.c.id))

        return tuple(map(to_account, rows))

    def exist(self) -> bool:
        return bool(self._db.execute(sa.select(sa.exists(sa.select(agents.c.id)))).scalar())

    def change(self, agent: Agent, now: datetime) -> None:
        since = sa.func.coalesce(agents.c.disabled_at, sa.literal(now, agents.c.disabled_at.type))
        self._change(
            agent.id, disabled_at=since if agent.disabled else sa.null(), **_columns(agent)
        )

    def set_password(self, agent_id: str, password_hash: str) -> None:
        self._change(agent_id, password_hash=password_hash)

    def set_totp(self, agent_id: str, secret: str | None, step: int | None) -> None:
        self._change(agent_id, totp_secret=secret, totp_step=step)

    def use_totp_step(self, agent_id: str, step: int) -> bool:
        unused = sa.or_(agents.c.totp_step.is_(None), agents.c.totp_step < step)
        used = self._db.execute(
            sa.update(agents).where(agents.c.id == agent_id, unused).values(totp_step=step)
        )

        return used.rowcount == 1

    def add_link(
        self, token_hash: str, agent_id: str | None, expires_at: datetime, now: datetime
    ) -> None:
        self.end_links(agent_id, now)
        self._db.execute(
            sa.insert(agent_links).values(
                token_hash=token_hash, agent_id=agent_id, created_at=now, expires_at=expires_at
            )
        )

    def end_links(self, agent_id: str | None, now: datetime) -> None:
        c = agent_links.c
        self._db.execute(
            sa.update(agent_links)
            .where(c.agent_id.is_not_distinct_from(agent_id))
            .where(c.used_at.is_(None), c.expires_at > now)
            .values(expires_at=now)
        )

    def find_link(self, token_hash: str) -> Link | None:
        row = self._db.execute(
            sa.select(agent_links).where(agent_links.c.token_hash == token_hash)
        ).one_or_none()
        if row is None:
            return None

        return Link(
            agent_id=row.agent_id,
            created_at=row.created_at,
            expires_at=row.expires_at,
            used_at=row.used_at,
        )

    def use_link(self, token_hash: str, now: datetime) -> bool:
        c = agent_links.c
        used = self._db.execute(
            sa.update(agent_links)
            .where(c.token_hash == token_hash, c.used_at.is_(None), c.expires_at > now)
            .values(used_at=now)
        )

        return used.rowcount == 1

    def add_session(
        self, token_hash: str, agent_id: str, expires_at: datetime, now: datetime
    ) -> None:
        c = agent_sessions.c
        self._db.execute(
            sa.delete(agent_sessions).where(
                sa.or_(c.expires_at <= now, c.seen_at <= now - IDLE), c.agent_id == agent_id
            )
        )
        self._db.execute(
            sa.insert(agent_sessions).values(
                token_hash=token_hash,
                agent_id=agent_id,
                created_at=now,
                seen_at=now,
                expires_at=expires_at,
            )
        )

    def find_session(self, token_hash: str) -> AgentSession | None:
        row = self._db.execute(
            SESSIONS.where(agent_sessions.c.token_hash == token_hash)
        ).one_or_none()

        return to_session(row) if row else None

    def sessions_of(self, agent_id: str) -> tuple[AgentSession, ...]:
        rows = self._db.execute(
            SESSIONS.where(agent_sessions.c.agent_id == agent_id).order_by(
                agent_sessions.c.seen_at.desc()
            )
        )

        return tuple(map(to_session, rows))

    def touch_session(self, token_hash: str, now: datetime) -> None:
        self._db.execute(
            sa.update(agent_sessions)
            .where(agent_sessions.c.token_hash == token_hash)
            .values(seen_at=now)
        )

    def end_session(self, token_hash: str) -> None:
        self._db.execute(sa.delete(agent_sessions).where(agent_sessions.c.token_hash == token_hash))

    def end_sessions(self, agent_id: str, but: str = "") -> int:
        c = agent_sessions.c
        ended = self._db.execute(
            sa.delete(agent_sessions).where(c.agent_id == agent_id, c.token_hash != but)
        )

        return ended.rowcount

    def _change(self, agent_id: str, **values: Any) -> None:
        self._db.execute(sa.update(agents).where(agents.c.id == agent_id).values(**values))


def to_account(row: Row[Any]) -> Account:
    """The account of a row of `agents`."""
    return Account(
        agent=Agent(
            id=row.id,
            email=row.email,
            name=row.name,
            role=Role(row.role),
            team=row.team,
            reads=tuple(row.reads),
            disabled=row.disabled_at is not None,
        ),
        password_hash=row.password_hash,
        totp_secret=row.totp_secret,
        totp_step=row.totp_step,
        created_at=row.created_at,
    )


def to_session(row: Row[Any]) -> AgentSession:
    """The session of a row of `SESSIONS`."""
    return AgentSession(
        token_hash=row.token_hash,
        account=to_account(row),
        created_at=row.began_at,
        seen_at=row.seen_at,
        expires_at=row.expires_at,
    )


def _columns(agent: Agent) -> dict[str, object]:
    """What of an agent may change."""
    return {
        "email": agent.email,
        "name": agent.name,
        "role": agent.role,
        "team": agent.team,
        "reads": list(agent.reads),
    }
