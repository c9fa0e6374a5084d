"""A database opened for one errand, whose complaints a person can understand."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine
from sqlalchemy.exc import (
    DatabaseError,
    DataError,
    IntegrityError,
    NotSupportedError,
    ProgrammingError,
)

from bot.obstacles import Obstacle
from bot.store.database import open_database

OUR_MISTAKES = (DataError, IntegrityError, NotSupportedError, ProgrammingError)
"""What a database complains of when we are wrong, not when it is out of order."""


class BrokenDatabase(Obstacle):
    """The database cannot be used; the text says why."""

    exit_code = 2


@contextmanager
def opened(url: str) -> Iterator[Engine]:
    """
    The database at that URL, closed at the end.

    `BrokenDatabase` is what the database itself complains of meanwhile, in one line.
    """
    engine = open_database(url)
    try:
        yield engine
    except OUR_MISTAKES:
        raise
    except DatabaseError as error:
        reason = str(error.orig).strip().splitlines()[0] if error.orig else "it does not answer"
        raise BrokenDatabase(f"The database {shown(engine)} cannot be used: {reason}") from error
    finally:
        engine.dispose()


def shown(engine: Engine) -> str:
    """Where the database is, without its password."""
    return engine.url.render_as_string(hide_password=True)
