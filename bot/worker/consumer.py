"""Taking wake-ups from the queue: beside something else, or in a process of its own."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from huey.consumer import Consumer

from bot.services.clocks import Watch
from bot.services.outbox import Worker
from bot.worker.queue import Queue

log = logging.getLogger(__name__)

THREADS = 2
"""So that one slow gateway does not hold up everybody."""
MOST_IDLE_SECONDS = 0.5
"""Between two looks at a queue in a file: how long "done" may be late."""
STOP_SECONDS = 3.0
"""
For calls that are under way when we stop.

A call that takes longer is left: its row is marked as being sent, and asked about later.
"""


class Beside(Consumer):
    """A consumer in threads of a process that has its own signals."""

    def _set_signal_handlers(self) -> None:
        """They are the process's."""


@contextmanager
def working(queue: Queue, worker: Worker, watch: Watch | None = None) -> Iterator[None]:
    """Both at work in threads of this process, until the end of the block."""
    consumer = _consumer(Beside, queue, worker, watch)
    consumer.start()
    try:
        yield
    finally:
        consumer.stop(graceful=True)


def work(queue: Queue, worker: Worker, watch: Watch | None = None) -> None:
    """Work until SIGINT or SIGTERM says stop."""
    _consumer(Consumer, queue, worker, watch).run()


def _consumer(kind: type[Consumer], queue: Queue, worker: Worker, watch: Watch | None) -> Consumer:
    consumer = kind(
        queue.employ(worker, watch),
        workers=THREADS,
        max_delay=MOST_IDLE_SECONDS,
        shutdown_timeout=STOP_SECONDS,
        graceful_signal="TERM",
    )
    stopping = consumer.stop_flag.is_set
    queue.employ(replace(worker, stopping=stopping), watch and watch.until(stopping))

    return consumer
