"""Wrong guesses at an order, counted for whoever guesses."""

import zlib
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.store.tables import identity_tries


class SqlIdentityTries:
    """`bot.casework.ports.identity.IdentityTries` in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def lock(self, store: str, number_key: str) -> None:
        # SQLite has one writer at a time anyway.
        if self._db.dialect.name == "postgresql":
            key = zlib.crc32(f"{store}:{number_key}".encode())
            self._db.execute(sa.select(sa.func.pg_advisory_xact_lock(key)))

    def count(self, store: str, number_key: str, ip: str, proof_hash: str, since: datetime) -> int:
        c = identity_tries.c
        recent = sa.and_(c.store_id == store, c.number_key == number_key, c.tried_at > since)
        by_ip, by_proof = (
            sa.select(sa.func.count()).select_from(identity_tries).where(recent, who)
            for who in (c.ip == ip, c.proof_hash == proof_hash)
        )
        row = self._db.execute(sa.select(by_ip.scalar_subquery(), by_proof.scalar_subquery())).one()

        return max(int(found) for found in row)

    def add(self, store: str, number_key: str, ip: str, proof_hash: str, now: datetime) -> None:
        self._db.execute(
            sa.insert(identity_tries).values(
                store_id=store, number_key=number_key, ip=ip, proof_hash=proof_hash, tried_at=now
            )
        )
