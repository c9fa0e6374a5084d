"""A file that somebody writes while the house runs."""

import logging
import threading
from collections.abc import Callable
from pathlib import Path

from bot.obstacles import Obstacle

log = logging.getLogger(__name__)

Stamp = tuple[int, int, int] | None


class Watched[Found]:
    """
    What a file says now, read again when it was written, replaced or taken away.

    To look costs one `stat`. `read` raises an `Obstacle` that tells what is wrong; what was read
    before holds on then, `before` if nothing was, and the log has it once.
    """

    def __init__(self, path: Path, read: Callable[[Path], Found], *, before: Found) -> None:
        self._path, self._read, self._found = path, read, before
        self._stamp: Stamp = (-1, -1, -1)
        self._lock = threading.Lock()
        self._error: Obstacle | None = None

    def __call__(self) -> Found:
        """What holds now."""
        with self._lock:
            self._look()
            return self._found

    def find_error(self) -> Obstacle | None:
        """What is wrong with the file as it is now; None if nothing is."""
        with self._lock:
            self._look()
            return self._error

    def _look(self) -> None:
        stamp = _stamp(self._path)
        if stamp == self._stamp:
            return
        self._stamp = stamp
        try:
            self._found = self._read(self._path)
        except Obstacle as error:
            self._error = error
            log.error("A file cannot be used, what was read before it is kept: %s", error)
        else:
            self._error = None


def _stamp(path: Path) -> Stamp:
    """What tells that the file was written, replaced or taken away; None if it is not there."""
    try:
        known = path.stat()
    except OSError:
        return None

    return known.st_mtime_ns, known.st_size, known.st_ino
