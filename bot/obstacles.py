"""What keeps the house from starting, told to the person who can remove it."""

import errno
import sqlite3

_FULL = {errno.ENOSPC, errno.EDQUOT}


class Obstacle(Exception):
    """
    Something that the one who starts us can mend; the text says what it is and what to do.

    The command line prints the text instead of a traceback and ends with `exit_code`.
    """

    exit_code = 1


class CannotStart(Obstacle):
    """A wrong setting, a taken port, a broken file: nothing has been started."""

    exit_code = 2


def is_full_disk(error: BaseException | None) -> bool:
    """Whether a full disk is behind that error, however it was wrapped."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in _FULL:
            return True
        if isinstance(error, sqlite3.Error) and (
            getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL
        ):
            return True
        error = error.__cause__ or error.__context__

    return False
