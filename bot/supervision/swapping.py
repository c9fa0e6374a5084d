"""
The live model, and another one in its place without a buyer noticing.

Rasa could load a model into a running process (`PUT /model`), but does so on its event loop, with
every buyer waiting. So a second process is started beside the first: it comes up, reads a few texts
(the first ones are slow), says which model it has, and only then `serving.json` names it, which web
looks up at every turn. The old one ends what it has begun. Until that file is written the old
process serves as if nothing were; whatever goes wrong before, the newcomer is stopped, and why is
said once: a wish that failed is not tried again until somebody wishes anew.
"""

import asyncio
import os
import resource
import socket
import sys
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, Protocol

from bot.obstacles import Obstacle
from bot.serving import (
    Serving,
    Swap,
    Wanted,
    note_served,
    read_wanted,
    write_serving,
)
from bot.supervision.keeping import POLL, Clock, Keeper, SystemClock
from bot.supervision.processes import GRACE, Process

LOOK: Final = 0.5
"""Seconds between two looks at what is wanted."""
SETTLE: Final = 0.5
"""Seconds after the switch in which a turn may still knock at the old address."""
START_LIMIT: Final = 120.0
WARM_LIMIT: Final = 60.0
CHECK_LIMIT: Final = 10.0
GIVES_WAY: Final = 19
"""How nice a newcomer is while it starts: that takes 13 s of a core, which buyers may need."""
GIVES_WAY_FOR: Final = 40.0
"""Seconds after which it does so no longer: whoever rolls back cannot wait for a quiet hour."""
PORTS: Final = 20
"""Ports that are looked at for the second process, from the configured one upwards."""
PORT_TRIES: Final = 3
"""Rasa listens many seconds after its port was found free: another program may be faster."""


class CannotSwap(Obstacle):
    """The wanted model did not become live; the text says why."""


class Superseded(Exception):
    """Somebody wants another model by now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Live:
    """A model to serve: our own file of it; `chosen` and `request` as in `Serving`."""

    model: Path
    chosen: bool = False
    request: str = ""

    @property
    def name(self) -> str:
        """The model's name."""
        return self.model.name


class Rasas(Protocol):
    """How models become processes, and how these are spoken to."""

    def take(self, name: str) -> Path:
        """A file of our own with the model of that name; an `Obstacle` if it may not be served."""

    def keep_only(self, names: frozenset[str]) -> None:
        """Other files of our own are of no use any more."""

    def process(self, model: Path, port: int) -> Process:
        """The process that serves that file on that port."""

    def url(self, port: int) -> str:
        """Where it then listens."""

    async def warm_up(self, url: str) -> None:
        """Let it read; `CannotSwap` if it does not read as it should."""

    async def find_model(self, url: str) -> str | None:
        """The model that it serves; None if it does not answer."""

    async def count_turns(self, url: str) -> int | None:
        """How many turns it is working on; None if it does not answer."""


@dataclass(slots=True)
class _Running:
    """A process of Rasa's, kept alive."""

    live: Live
    url: str
    keeper: Keeper
    task: asyncio.Task[Any]


class Swapper:
    """
    Keeps one Rasa alive and puts the wanted model in its place.

    `patience` is how many seconds the old process has for the turns that it has begun; `say` gets
    a line for people at each step.
    """

    name = "rasa"

    def __init__(
        self,
        first: Live,
        rasas: Rasas,
        *,
        state: Path,
        port: int,
        logs: Path,
        say: Callable[[str], None],
        patience: float,
        clock: Clock | None = None,
        grace: float = GRACE,
        start_limit: float = START_LIMIT,
        gives_way_for: float = GIVES_WAY_FOR,
    ) -> None:
        self.answered = asyncio.Event()
        self._rasas, self._state, self._port, self._logs = rasas, state, port, logs
        self._say, self._patience, self._grace = say, patience, grace
        self._clock = clock or SystemClock()
        self._start_limit, self._gives_way_for = start_limit, gives_way_for
        self._first = first
        self._running: list[_Running] = []
        """The live one first; beside it the newcomer, or the one before while it ends."""
        self._serving = Serving(
            model=first.name,
            url=rasas.url(port),
            wanted=first.name,
            swap=Swap.STARTING,
            request=first.request,
            chosen=first.chosen,
        )

    @property
    def pid(self) -> int | None:
        """The live process, or its leash before it has become one."""
        return self._running[0].keeper.pid if self._running else None

    async def run(self) -> None:
        """Serve until cancelled; `NeverReady` if the first model cannot be brought up."""
        # Whoever reads it must not find where a former house listened.
        write_serving(self._state, self._serving)
        try:
            first = self._begin(self._first, self._port, on_trial=False)
            await self._either(first, first.keeper.answered.wait())
            self._note(swap=Swap.STEADY)
            with suppress(OSError):
                note_served(self._state, first.live.name)
            self.answered.set()
            while True:
                if self._running[0].task.done():
                    await self._running[0].task
                await self._look()
                await self._clock.sleep(LOOK)
        finally:
            for one in self._running:
                one.task.cancel()
            await asyncio.gather(*(one.task for one in self._running), return_exceptions=True)

    async def _look(self) -> None:
        """Do what somebody wants, if that is anything new."""
        wanted = read_wanted(self._state)
        if wanted is None or wanted.request == self._serving.request:
            return
        if wanted.model == self._serving.model:
            self._note(wanted=wanted.model, request=wanted.request, chosen=True, swap=Swap.STEADY)
            self._say(f"{wanted.model} is live, and stays so")
            return

        began = self._clock.now()
        self._note(wanted=wanted.model, request=wanted.request, swap=Swap.STARTING)
        self._say(f"Putting {wanted.model} live")
        try:
            await self._prepare(wanted)
            old = self._switch(wanted)
        except Superseded:
            await self._drop_newcomer()
            self._note(wanted=self._serving.model, swap=Swap.STEADY)
        except (Obstacle, OSError) as error:
            await self._drop_newcomer()
            self._note(swap=Swap.FAILED, error=str(error))
            self._say(f"{wanted.model} was not put live: {error}\n{self._serving.model} stays")
        else:
            self._say(f"{wanted.model} is live after {self._clock.now() - began:.1f} s")
            await self._drain(old)
            self._note(swap=Swap.STEADY)

    async def _prepare(self, wanted: Wanted) -> None:
        """The newcomer, running beside the live one and known to read."""
        for tries_left in reversed(range(PORT_TRIES)):
            port = _find_port(self._port)
            try:
                await self._bring_up(wanted, port)
            except Obstacle:
                await self._drop_newcomer()
                if not tries_left or _is_free(port):
                    raise
                self._say(f"Another program has taken port {port} meanwhile; trying another port")
                self._note(swap=Swap.STARTING)
            else:
                return

    async def _bring_up(self, wanted: Wanted, port: int) -> None:
        own = await asyncio.to_thread(self._rasas.take, wanted.model)
        live = Live(model=own, chosen=True, request=wanted.request)
        newcomer = self._begin(live, port, on_trial=True)
        await self._either(newcomer, newcomer.keeper.started.wait())
        giving_way = asyncio.create_task(self._give_way(newcomer))
        try:
            await self._try_out(newcomer, wanted)
        finally:
            giving_way.cancel()
            await asyncio.gather(giving_way, return_exceptions=True)

    async def _try_out(self, newcomer: _Running, wanted: Wanted) -> None:
        """Whether it comes up, reads, and is who it should be."""
        await self._step(newcomer, newcomer.keeper.answered.wait(), self._start_limit)
        self._note(swap=Swap.WARMING)
        await self._step(newcomer, self._rasas.warm_up(newcomer.url), WARM_LIMIT)
        self._note(swap=Swap.SWITCHING)
        found = await self._step(newcomer, self._rasas.find_model(newcomer.url), CHECK_LIMIT)
        if found != wanted.model:
            raise CannotSwap(f"the new process serves {found or 'nothing'} instead")

    async def _give_way(self, newcomer: _Running) -> None:
        """Let buyers come first for a while, as far as that can be taken back."""
        pid = newcomer.keeper.pid
        if pid is None:
            return
        set_niceness(pid, GIVES_WAY)
        try:
            await self._clock.sleep(self._gives_way_for)
        finally:
            set_niceness(pid, os.nice(0))

    def _switch(self, wanted: Wanted) -> _Running:
        """From here on web finds the newcomer; the one that was live."""
        old, newcomer = self._running
        serving = replace(
            self._serving,
            model=wanted.model,
            url=newcomer.url,
            wanted=wanted.model,
            request=wanted.request,
            chosen=True,
            swap=Swap.DRAINING,
            error="",
        )
        write_serving(self._state, serving)
        self._serving = serving
        newcomer.keeper.on_trial = False
        old.keeper.on_trial = True  # it may die now, and is not wanted back
        self._running = [newcomer, old]
        with suppress(OSError):
            note_served(self._state, wanted.model)

        return old

    async def _drain(self, old: _Running) -> None:
        """End the old process as soon as it has no turn to work on, or its time is up."""
        ends = self._clock.now() + self._patience
        await self._clock.sleep(SETTLE)
        while not old.task.done() and self._clock.now() < ends:
            if await self._rasas.count_turns(old.url) == 0:
                break
            await self._clock.sleep(POLL)
        await self._end(old)
        self._keep_files()

    async def _drop_newcomer(self) -> None:
        for one in self._running[1:]:
            await self._end(one)
        self._keep_files()

    async def _end(self, one: _Running) -> None:
        one.task.cancel()
        await asyncio.gather(one.task, return_exceptions=True)
        self._running.remove(one)

    def _keep_files(self) -> None:
        with suppress(OSError):
            self._rasas.keep_only(frozenset(one.live.name for one in self._running))

    def _begin(self, live: Live, port: int, *, on_trial: bool) -> _Running:
        keeper = Keeper(
            self._rasas.process(live.model, port),
            logs=self._logs,
            say=self._say,
            clock=self._clock,
            grace=self._grace,
            on_trial=on_trial,
        )
        begun = _Running(live, self._rasas.url(port), keeper, asyncio.create_task(keeper.run()))
        self._running.append(begun)

        return begun

    async def _step[Found](
        self, newcomer: _Running, work: Coroutine[Any, Any, Found], limit: float
    ) -> Found:
        """
        A step on the way to the switch.

        `Superseded`, `CannotSwap` after so many seconds, `NeverReady` when the process dies.
        """
        request = self._serving.request

        async def too_slow() -> Found:
            await self._clock.sleep(limit)
            raise CannotSwap(f"it was not ready within {limit:g} s")

        async def superseded() -> Found:
            while (wanted := read_wanted(self._state)) and wanted.request == request:
                await self._clock.sleep(LOOK)
            raise Superseded

        return await self._either(newcomer, work, too_slow(), superseded())

    async def _either[Found](self, process: _Running, *works: Coroutine[Any, Any, Found]) -> Found:
        """What the first of them comes to; the end of the process comes before all."""
        tasks = [asyncio.create_task(work) for work in works]
        try:
            await asyncio.wait([process.task, *tasks], return_when=asyncio.FIRST_COMPLETED)
            if process.task.done():
                await process.task  # which raises what ended it
            return await next(task for task in tasks if task.done())
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def _note(self, **changes: Any) -> None:
        """Tell whoever watches. A full disk hinders nobody but them."""
        self._serving = replace(self._serving, **{"error": "", **changes})
        with suppress(OSError):
            write_serving(self._state, self._serving)


def may_take_back() -> bool:
    """Whether a process of ours that was nice may be as before; without that it must not be."""
    if sys.platform != "linux":
        return False
    ceiling, _ = resource.getrlimit(resource.RLIMIT_NICE)

    return os.geteuid() == 0 or ceiling >= 20 - os.nice(0)


def set_niceness(pid: int, niceness: int) -> None:
    """
    How much a process gives way to all others; on Linux each of its threads is told.

    Where Linux groups processes by session (autogroup), a process's own niceness counts only
    within its session, and ours have a session each: there the group is told, which anybody may
    take back.
    """
    with suppress(OSError):  # it may have ended, or there are no such groups
        Path(f"/proc/{pid}/autogroup").write_text(str(niceness), "ascii")
    if may_take_back():
        with suppress(OSError):
            for thread in Path(f"/proc/{pid}/task").iterdir():
                os.setpriority(os.PRIO_PROCESS, int(thread.name), niceness)


def _find_port(first: int) -> int:
    """A free port on loopback: the configured one or one of its neighbours, else any."""
    for port in range(first, min(first + PORTS, 65536)):
        if _is_free(port):
            return port
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        # As servers do: a connection that has just been closed does not count.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return True

    return False
