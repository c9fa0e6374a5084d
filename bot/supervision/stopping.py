"""What SIGINT, SIGTERM and SIGHUP do to us: they end the work, in order, once."""

import asyncio
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stop:
    """
    The wish to stop, as it comes in by signal.

    Only the first signal counts. One Ctrl-C may come as several: the terminal, `make` and
    `timeout` each pass theirs on, and the later ones must not cut short what the first began.
    """

    def __init__(self) -> None:
        self.wished = False
        self._task: asyncio.Task[None] | None = None

    def cancels(self, task: asyncio.Task[None]) -> None:
        """From now on a signal cancels that task instead of interrupting the code at work."""
        self._task = task

    def on_signal(self, _number: int, _frame: FrameType | None) -> None:
        """Take note of a signal."""
        if self.wished:
            return

        self.wished = True
        if not self._task:
            raise KeyboardInterrupt
        self._task.get_loop().call_soon_threadsafe(self._task.cancel)


@contextmanager
def stoppable() -> Iterator[Stop]:
    """A block that may be ended by a signal at any time; what comes after it is still done."""
    stop = Stop()
    before = {number: signal.getsignal(number) for number in SIGNALS}
    for number in SIGNALS:
        # `nohup` means it.
        if (number, before[number]) != (signal.SIGHUP, signal.SIG_IGN):
            signal.signal(number, stop.on_signal)
    try:
        yield stop
    except (KeyboardInterrupt, asyncio.CancelledError):
        if not stop.wished:
            raise
