"""The rulebook of a running house, read again when the seller changes it."""

import contextlib
import logging
import threading
import time
from collections.abc import Callable
from pathlib import Path

from bot.casework.rulebook import Rulebook
from bot.rulebook.files import OF_TRAINERS
from bot.rulebook.mistakes import MOST_TOLD, BrokenRulebook
from bot.rulebook.reading import load_rulebook

log = logging.getLogger(__name__)

LOOK_AGAIN_SECONDS = 1.0


class WatchedRulebook:
    """
    The rulebook in a folder as it is now, read again when a file there has changed.

    A broken change keeps the old rules and is told once in the log; `find_problem` says what is
    wrong as long as it stands.
    """

    def __init__(self, folder: Path, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._folder, self._clock = folder, clock
        self._stamp = _stamp(folder)
        self._rules = load_rulebook(folder)
        self._looked = clock()
        self._lock = threading.Lock()
        self._problem = ""

    def __call__(self) -> Rulebook:
        """The rules that hold now."""
        with self._lock:
            self._look_if_due()
            return self._rules

    def find_problem(self) -> str:
        """What is wrong with the files as they are now, in one line; empty if nothing is."""
        with self._lock:
            self._look_if_due()
            return self._problem

    def _look_if_due(self) -> None:
        if self._clock() - self._looked < LOOK_AGAIN_SECONDS:
            return
        self._look()
        self._looked = self._clock()

    def _look(self) -> None:
        stamp = _stamp(self._folder)
        if stamp == self._stamp:
            return
        self._stamp = stamp
        try:
            self._rules = load_rulebook(self._folder)
        except BrokenRulebook as error:
            self._problem = error.mistakes[0].in_short
            told = "; ".join(str(one) for one in error.mistakes[:MOST_TOLD])
            log.error("The rulebook has changed and is broken, the old one is kept: %s", told)
        else:
            self._problem = ""
            log.info("The rulebook has changed: version %s from now on", self._rules.version)


def _stamp(folder: Path) -> tuple[tuple[str, int, int, int], ...]:
    """What tells that a file was written, replaced, added or taken away."""
    found = []
    trainers = {folder / name for name in OF_TRAINERS}
    for path in sorted(set(folder.rglob("*.yml")) - trainers):
        with contextlib.suppress(OSError):  # it may go while we look
            known = path.stat()
            found.append((str(path), known.st_mtime_ns, known.st_size, known.st_ino))

    return tuple(found)
