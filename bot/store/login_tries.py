"""Signing in in vain, counted for the e-mail and for the address that it came from."""

import zlib
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.casework.accounts import Tries
from bot.store.tables import login_tries


class SqlLoginTries:
    """`bot.casework.accounts.LoginTries` in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def hold(self, email_hash: str, ip: str) -> None:
        # SQLite has one writer at a time anyway. Always in one order, or two might deadlock.
        if self._db.dialect.name == "postgresql":
            for key in sorted(zlib.crc32(f"login:{of}".encode()) for of in (email_hash, ip)):
                self._db.execute(sa.select(sa.func.pg_advisory_xact_lock(key)))

    def recent(self, email_hash: str, ip: str, since: datetime) -> Tries:
        c = login_tries.c
        of_email, of_ip = (
            tuple(
                self._db.execute(
                    sa.select(c.tried_at).where(who, c.tried_at > since).order_by(c.tried_at)
                ).scalars()
            )
            for who in (c.email == email_hash, c.ip == ip)
        )

        return Tries(of_email=of_email, of_ip=of_ip)

    def add(self, email_hash: str, ip: str, now: datetime) -> int:
        added = self._db.execute(
            sa.insert(login_tries)
            .values(email=email_hash, ip=ip, tried_at=now)
            .returning(login_tries.c.id)
        )

        return int(added.scalar_one())

    def forget(self, number: int) -> None:
        self._db.execute(sa.delete(login_tries).where(login_tries.c.id == number))

    def forget_email(self, email_hash: str) -> None:
        self._db.execute(sa.delete(login_tries).where(login_tries.c.email == email_hash))

    def sweep(self, until: datetime) -> None:
        self._db.execute(sa.delete(login_tries).where(login_tries.c.tried_at <= until))
