"""What a person can mend about a database, in words for that person."""

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

OUR_MISTAKES = (DataError, IntegrityError, NotSupportedError, ProgrammingError)


class BrokenDatabase(Exception):
    """The database cannot be used; the text says why."""


@contextmanager
def naming_the_database(engine: Engine) -> Iterator[None]:
    """Turn what the database itself complains of into one clear line."""
    try:
        yield
    except DatabaseError as error:
        if isinstance(error, OUR_MISTAKES):
            raise
        shown = engine.url.render_as_string(hide_password=True)
        reason = str(error.orig).strip().splitlines()[0] if error.orig else "it does not answer"
        raise BrokenDatabase(f"The database {shown} cannot be used: {reason}") from error
