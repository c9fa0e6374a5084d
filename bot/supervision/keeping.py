"""
One process that is meant to run on: started, greeted, started again when it dies.

The pause before the next try doubles from half a second to half a minute, so that a broken process
does not burn the machine, and starts at half a second again once it has lived for a minute.
"""

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import NoReturn, Protocol

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

    def __init__(self, text: str, process: str) -> None:
        super().__init__(text)
        self.process = process


class Keeper:
    """
    Keeps one process alive for as long as `run` runs.

    `say` gets one line for people about each death and each return. One `on_trial` is not started
    again: its first death ends `run` with `NeverReady`.
    """

    def __init__(
        self,
        process: Process,
        *,
        logs: Path,
        say: Callable[[str], None],
        clock: Clock,
        grace: float = GRACE,
        on_trial: bool = False,
    ) -> None:
        self.process = process
        self.on_trial = on_trial
        self.answered = asyncio.Event()
        self.started = asyncio.Event()
        self.pid: int | None = None
        self._log = logs / f"{process.name}.log"
        self._say, self._clock, self._grace = say, clock, grace

    async def run(self) -> NoReturn:
        """Keep it alive until cancelled; `NeverReady` when it cannot be brought up."""
        deaths = 0
        while True:
            began = self._clock.now()
            async with running(self.process, log=self._log, grace=self._grace) as child:
                self.pid = child.pid
                self.started.set()
                greeting = asyncio.create_task(self._greet(again=deaths > 0))
                try:
                    code = await child.wait()
                finally:
                    greeting.cancel()

            if self._clock.now() - began >= STEADY:
                deaths = 0
            pause = min(FIRST_PAUSE * 2**deaths, LONGEST_PAUSE)
            deaths += 1
            if self.on_trial or (deaths >= TRIES and not self.answered.is_set()):
                raise NeverReady(self._complaint(code, deaths), self.process.name)
            self._say(
                f"{self.process.name} {how_it_ended(code)}; next try in {pause:g} s. "
                f"Log: {self._log}"
            )
            await self._clock.sleep(pause)

    def _complaint(self, code: int, deaths: int) -> str:
        times = "" if self.on_trial else f", {deaths} times in a row"

        return (
            f"{self.process.name} {how_it_ended(code)}{times}. "
            f"Its log, {self._log}, ends with:\n{tail(self._log, SHOWN)}"
        )

    async def _greet(self, *, again: bool) -> None:
        began = self._clock.now()
        if self.process.health_url:
            await until_healthy(self.process.health_url, self._clock)
        else:
            await self._clock.sleep(SETTLED)
        self.answered.set()
        if again:
            self._say(f"{self.process.name} is back after {self._clock.now() - began:.1f} s")


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
