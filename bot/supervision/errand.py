"""
A program that is run now and then beside the house: one at a time, out of everybody's way.

It runs at the lowest priority, and ends when we do. What it prints goes to a log of its own.
"""

import logging
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from bot.supervision.processes import LEASH, Program, how_it_ended, put_aside, tail

log = logging.getLogger(__name__)

NICE = ("nice", "-n", "19")
SHOWN = 3
"""Lines of its log that go into ours when it fails."""
PATIENCE = 5.0
"""Seconds from SIGTERM to SIGKILL."""


class Errand:
    """Runs a program when told to, unless it is under way; `log` is where it prints to."""

    def __init__(self, name: str, log: Path) -> None:
        self._name, self._log = name, log
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._child: subprocess.Popen[bytes] | None = None
        self._stopping = False

    @property
    def is_running(self) -> bool:
        """Whether it is under way."""
        return self._thread is not None and self._thread.is_alive()

    def start(self, program: Program, ended: Callable[[int], None] = lambda _: None) -> bool:
        """Run it and come back at once; False if it is under way. `ended` gets its exit code."""
        with self._lock:
            if self.is_running or self._stopping:
                return False
            # A thread of its own: the kernel ends a leashed program with the thread that began it.
            self._thread = threading.Thread(
                target=self._run, args=(program, ended), name=self._name, daemon=True
            )
            self._thread.start()

        return True

    def stop(self) -> None:
        """End it if it is under way; it is not started again."""
        with self._lock:
            self._stopping = True
            child, thread = self._child, self._thread
        if child is not None:
            _signal_group(child, signal.SIGTERM)
        if thread is not None:
            thread.join(PATIENCE)
        if child is not None and child.poll() is None:
            _signal_group(child, signal.SIGKILL)

    def wait(self, seconds: float) -> bool:
        """Wait until it is done; False if it takes longer."""
        thread = self._thread
        if thread is not None:
            thread.join(seconds)

        return not self.is_running

    def _run(self, program: Program, ended: Callable[[int], None]) -> None:
        try:
            code = self._call(program)
        except OSError:
            log.exception("%s could not be started", self._name)
            code = 1
        if code != 0 and not self._stopping:
            words = how_it_ended(code)
            log.error("%s %s:\n%s", self._name, words, tail(self._log, SHOWN))
        try:
            ended(code)
        except Exception:
            log.exception("what follows %s failed", self._name)

    def _call(self, program: Program) -> int:
        put_aside(self._log)
        with self._log.open("ab") as output:
            child = subprocess.Popen(  # noqa: S603 (our own program)
                [
                    *(sys.executable, "-I", "-S", str(LEASH), str(os.getpid())),
                    *NICE,
                    *program.command,
                ],
                env=dict(program.env),
                cwd=program.folder,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        with self._lock:
            self._child = child
            if self._stopping:
                _signal_group(child, signal.SIGTERM)
        try:
            return child.wait()
        finally:
            with self._lock:
                self._child = None


def _signal_group(child: subprocess.Popen[bytes], number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.killpg(child.pid, number)
