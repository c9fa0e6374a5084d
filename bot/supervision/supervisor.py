"""
Keeping a list of processes alive.

Each process is watched by a task of its own. One that dies is started again after a pause
that doubles from half a second to half a minute, so that a broken one does not burn the
machine, and starts at half a second again once the process has lived for a minute.
"""

import asyncio
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Protocol

import aiohttp

from bot.obstacles import Obstacle
from bot.supervision.processes import GRACE, Process, how_it_ended, running, tail

FIRST_PAUSE = 0.5
LONGEST_PAUSE = 30.0
STEADY = 60.0
"""A process that lived this many seconds has recovered: the pauses start from the first again."""
TRIES = 5
"""So many deaths before its first answer, and a process will not come up by trying again."""
SETTLED = 1.0
"""Seconds after which a process that nobody calls has come up."""
SHOWN = 8
"""Lines of a log that go into a message."""
POLL = 0.1
POLL_TIMEOUT = 5.0


class Clock(Protocol):
    """Time as the supervisor sees it; tests bring their own."""

    def now(self) -> float:
        """Seconds that only grow."""

    async def sleep(self, seconds: float) -> None:
        """Come back after that many seconds."""


class SystemClock:
    """The machine's time."""

    def now(self) -> float:
        """Seconds since some moment in the past."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Let others work for that long."""
        await asyncio.sleep(seconds)


class NeverReady(Obstacle):
    """A process dies again and again before it ever worked; the text names it and its log."""


class Supervisor:
    """
    Starts the processes, restarts what dies, and ends them all when its `run` is cancelled.

    `say` gets one line for people about each death and each return.
    """

    def __init__(
        self,
        processes: Iterable[Process],
        *,
        logs: Path,
        say: Callable[[str], None],
        clock: Clock | None = None,
        grace: float = GRACE,
    ) -> None:
        self._processes = tuple(processes)
        self._logs = logs
        self._say = say
        self._clock = clock or SystemClock()
        self._grace = grace
        self._answered = {process.name: asyncio.Event() for process in self._processes}

    @property
    def waiting_for(self) -> list[str]:
        """The processes that have not answered since the start."""
        return [name for name, answered in self._answered.items() if not answered.is_set()]

    async def ready(self) -> None:
        """Come back when every process has answered once."""
        await asyncio.gather(*(answered.wait() for answered in self._answered.values()))

    async def run(self) -> None:
        """Keep them all alive until cancelled; `NeverReady` when one cannot be brought up."""
        async with asyncio.TaskGroup() as tasks:
            for process in self._processes:
                tasks.create_task(self._keep(process), name=process.name)

    async def _keep(self, process: Process) -> None:
        log = self._logs / f"{process.name}.log"
        deaths = 0
        while True:
            began = self._clock.now()
            async with running(process, log=log, grace=self._grace) as child:
                greeting = asyncio.create_task(self._greet(process, again=deaths > 0))
                try:
                    code = await child.wait()
                finally:
                    greeting.cancel()

            if self._clock.now() - began >= STEADY:
                deaths = 0
            pause = min(FIRST_PAUSE * 2**deaths, LONGEST_PAUSE)
            deaths += 1
            if deaths >= TRIES and not self._answered[process.name].is_set():
                raise NeverReady(
                    f"{process.name} {how_it_ended(code)}, {deaths} times in a row. "
                    f"Its log, {log}, ends with:\n{tail(log, SHOWN)}"
                )
            self._say(f"{process.name} {how_it_ended(code)}; next try in {pause:g} s. Log: {log}")
            await self._clock.sleep(pause)

    async def _greet(self, process: Process, *, again: bool) -> None:
        began = self._clock.now()
        if process.health_url:
            await until_healthy(process.health_url, self._clock)
        else:
            await self._clock.sleep(SETTLED)
        self._answered[process.name].set()
        if again:
            self._say(f"{process.name} is back after {self._clock.now() - began:.1f} s")


async def until_healthy(url: str, clock: Clock) -> None:
    """Come back when that address answers 200."""
    timeout = aiohttp.ClientTimeout(total=POLL_TIMEOUT)
    async with aiohttp.ClientSession(timeout=timeout) as session:
        while True:
            with suppress(aiohttp.ClientError, TimeoutError):
                async with session.get(url) as response:
                    if response.status == 200:
                        return
            await clock.sleep(POLL)
