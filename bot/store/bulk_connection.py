"""A connection for writing much beside running chats, without making them wait."""

from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic, sleep

from sqlalchemy import Connection, Engine

DURABILITY = {
    "sqlite": ("PRAGMA synchronous = NORMAL", "PRAGMA synchronous = FULL"),
    "postgresql": ("SET synchronous_commit = off", "RESET synchronous_commit"),
}
PAUSE = 0.0003
"""Seconds between two transactions while others write."""
PAUSE_FOR = 5.0
"""Seconds for which a write by others makes us pause."""


@contextmanager
def bulk_connection(engine: Engine) -> Iterator[Connection]:
    """
    A connection that does not wait for the disk after each commit.

    A power cut may undo the last commits but breaks none: for what can be written again.
    Remedies never go over such a connection.
    """
    quick, usual = DURABILITY[engine.dialect.name]
    with engine.connect().execution_options(writes=True) as connection:
        _tell(connection, quick)
        try:
            yield connection
        finally:
            _tell(connection, usual)


class Courtesy:
    """
    Lets other writers through, where there is only one lock for all of them.

    SQLite does not queue those who wait: they look again after some milliseconds and must then
    find the lock free. So as long as others write, we leave it free for most of the time.
    """

    def __init__(self, connection: Connection) -> None:
        self._cursor = connection.connection.cursor()
        self._one_lock = connection.dialect.name == "sqlite"
        self._version: int | None = None
        self._until = 0.0

    def pause(self) -> None:
        """Wait a moment if others have been writing."""
        if not self._one_lock:
            return
        (version,) = self._cursor.execute("PRAGMA data_version").fetchone()
        if self._version not in (None, version):
            self._until = monotonic() + PAUSE_FOR
        self._version = version
        if monotonic() < self._until:
            sleep(PAUSE)


def _tell(connection: Connection, statement: str) -> None:
    """Past SQLAlchemy, which would begin a transaction; within one it would have no effect."""
    driver = connection.connection.driver_connection
    assert driver is not None
    try:
        driver.execute(statement)
        driver.commit()
    except connection.dialect.loaded_dbapi.Error:
        # Whatever else it is now, it must not go back to the pool as it is.
        connection.invalidate()
