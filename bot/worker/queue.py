"""
Wake-ups for the worker, over huey.

They hold nothing: what is to be done stands in the outbox. So one that is lost does no harm,
because the worker looks once a minute anyway, and two at once do none either. The desk's clocks
are looked at every minute, too; what is over is taken away every hour, and the training inbox is
filled at its time.
"""

import json
import logging
import math
import threading
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from huey import Huey, RedisHuey, SqliteHuey, crontab
from huey.registry import Message
from huey.serializer import Serializer
from redis import ConnectionPool

from bot.services.clocks import Watch
from bot.services.outbox import Worker

log = logging.getLogger(__name__)

NAME = "makegood"
BUSY_SECONDS = 1.0
"""How long a turn may be held up by the queue, before it goes on without waking anybody."""
SILENT_SECONDS = 5.0
"""For Redis to answer; longer than the second that huey waits there for a wake-up."""


TIDY_AT = "17"
"""The minute of the hour at which what is over is taken away."""
COLLECT_AT = "47"
"""The minute of the hour at which the training inbox may be filled."""


class PlainWakeUps(Serializer):
    """
    A wake-up as JSON: its id, its task and its time.

    huey's own way is pickle, by which whoever may write to Redis could run code here.
    """

    def _serialize(self, data: Any) -> bytes:
        eta = data.eta.isoformat() if data.eta else None

        return json.dumps({"id": data.id, "name": data.name, "eta": eta}).encode()

    def _deserialize(self, data: Any) -> Any:
        said = json.loads(bytes(data))
        eta = datetime.fromisoformat(said["eta"]) if said["eta"] else None

        return Message(said["id"], said["name"], eta, 0, 0, None, (), {})


class Queue:
    """The wake-ups of one house; nothing is opened before the first of them."""

    def __init__(self, file: Path, bus_url: str = "") -> None:
        self._file, self._bus_url = file, bus_url
        self._worker: Worker | None = None
        self._watch: Watch | None = None
        self._watching = threading.Lock()

    @cached_property
    def huey(self) -> Huey:
        """Redis between machines, or a file beside the database."""
        options = {"results": False, "serializer": PlainWakeUps()}
        if self._bus_url:
            pool = ConnectionPool.from_url(
                self._bus_url, socket_connect_timeout=BUSY_SECONDS, socket_timeout=SILENT_SECONDS
            )
            return RedisHuey(NAME, connection_pool=pool, **options)
        self._file.parent.mkdir(parents=True, exist_ok=True)

        # What is lost with the power is looked up in the outbox, so nothing waits for the disk.
        return SqliteHuey(
            NAME, filename=str(self._file), timeout=BUSY_SECONDS, fsync=False, **options
        )

    @cached_property
    def _wake_up(self) -> Any:
        self.huey.periodic_task(crontab(), name="look")(self.work_off)
        self.huey.periodic_task(crontab(), name="clocks")(self.watch_clocks)
        self.huey.periodic_task(crontab(minute=TIDY_AT), name="tidy")(self.tidy)
        self.huey.periodic_task(crontab(minute=COLLECT_AT), name="collect")(self.collect)

        return self.huey.task(name="wake_up")(self.work_off)

    def wake(self) -> None:
        """Say that there may be something to send; never an exception, because turns call it."""
        try:
            self._wake_up()
        except Exception:
            log.exception("the worker could not be woken; it looks within a minute")

    def employ(self, worker: Worker, watch: Watch | None = None) -> Huey:
        """From now on wake-ups that are taken from this queue are worked off by these."""
        self._worker, self._watch = worker, watch
        assert self._wake_up  # its tasks are known to huey now

        return self.huey

    def work_off(self) -> None:
        """One look at the outbox, and a wake-up for each time at which to look again."""
        worker = self._worker
        if worker is None:
            return
        now = worker.house.clock()
        for seconds in {to_seconds(at, now) for at in worker.work_off()}:
            self._wake_up.schedule(delay=seconds)

    def watch_clocks(self) -> None:
        """
        One look at the desk's clocks, unless another thread of this process is at it.

        A mail server that does not answer holds up one of them, and remedies go out by the other.
        """
        if self._watch is None or not self._watching.acquire(blocking=False):
            return
        try:
            self._watch.look()
        finally:
            self._watching.release()

    def tidy(self) -> None:
        """Take away what is of no use any more; of two workers one finds nothing left."""
        if self._watch is not None:
            self._watch.tidy()

    def collect(self) -> None:
        """Begin to fill the training inbox, in a process of its own, if it is time."""
        if self._watch is not None:
            self._watch.collect_now_and_then()


def to_seconds(at: datetime, now: datetime) -> int:
    """The whole seconds from now after which that time has come."""
    return max(1, math.ceil((at.astimezone(UTC) - now.astimezone(UTC)).total_seconds()))
