"""
Opening the database, SQLite or PostgreSQL, so that units of work behave alike on both.

On SQLite a unit that will write begins with BEGIN IMMEDIATE: a read that is upgraded to a
write fails at once when another writer stands between (docs/ARCHITECTURE.md).
"""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Engine, event

BUSY_TIMEOUT_MS = 10_000


def open_database(url: str) -> Engine:
    """An engine for that URL; nothing is connected yet."""
    if not url.startswith("sqlite"):
        return sa.create_engine(url, pool_pre_ping=True, pool_size=10, max_overflow=20)

    if (file := sa.make_url(url).database) and file != ":memory:":
        Path(file).parent.mkdir(parents=True, exist_ok=True)
        # It holds buyers' data and the stores' secrets; SQLite's other files take this mode over.
        Path(file).touch(mode=0o600)
        engine = sa.create_engine(url, pool_size=10, max_overflow=20)
    else:
        # One connection for all, or every thread would see a database of its own.
        engine = sa.create_engine(url, poolclass=sa.pool.StaticPool)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)

    return engine


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One transaction that may write: committed at the end, rolled back by an exception."""
    with (
        _in_line(engine),
        engine.connect().execution_options(writes=True) as connection,
        connection.begin(),
    ):
        yield connection


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """One consistent look at the database."""
    with engine.connect() as connection, connection.begin():
        yield connection


@contextmanager
def _in_line(engine: Engine) -> Iterator[None]:
    """
    Wait for our turn to write, on SQLite.

    Its own waiting is trying again after longer and longer pauses, so that of many writers the
    unlucky wait for half a second. The lock on a file is handed on at once, over all processes,
    and a process that dies lets go of it. Who writes must not begin to write again before that
    transaction ends.
    """
    file = engine.url.database if engine.dialect.name == "sqlite" else None
    if not file or file == ":memory:":
        yield
        return
    with Path(f"{file}-writers").open("ab") as line:
        fcntl.flock(line, fcntl.LOCK_EX)
        yield


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # pysqlite would begin transactions by itself, and later than we want them.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = FULL")  # a confirmed remedy survives a power cut
    cursor.execute("PRAGMA foreign_keys = ON")
    # What is erased or written over is not left behind in the file.
    cursor.execute("PRAGMA secure_delete = ON")
    cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
