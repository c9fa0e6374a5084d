"""Keeping the house's processes alive, each watched by a task of its own."""

import asyncio
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Protocol

from bot.supervision.keeping import Clock, Keeper, SystemClock
from bot.supervision.processes import GRACE, Process


class Kept(Protocol):
    """Something that is kept alive by means of its own, such as Rasa with its models."""

    name: str
    answered: asyncio.Event
    """Set once it has worked."""

    async def run(self) -> None:
        """Keep it alive until cancelled; `NeverReady` when it cannot be brought up."""


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
        others: Iterable[Kept] = (),
    ) -> None:
        clock = clock or SystemClock()
        keepers = [
            Keeper(process, logs=logs, say=say, clock=clock, grace=grace) for process in processes
        ]
        self._runs = [
            *((one.name, one.run, one.answered) for one in others),
            *((one.process.name, one.run, one.answered) for one in keepers),
        ]

    @property
    def names(self) -> list[str]:
        """Of everything that is kept alive, in the order in which it is started."""
        return [name for name, _, _ in self._runs]

    @property
    def waiting_for(self) -> list[str]:
        """The processes that have not answered since the start."""
        return [name for name, _, answered in self._runs if not answered.is_set()]

    async def ready(self) -> None:
        """Come back when every process has answered once."""
        await asyncio.gather(*(answered.wait() for _, _, answered in self._runs))

    async def run(self) -> None:
        """Keep them all alive until cancelled; `NeverReady` when one cannot be brought up."""
        async with asyncio.TaskGroup() as tasks:
            for name, run, _ in self._runs:
                tasks.create_task(run(), name=name)
