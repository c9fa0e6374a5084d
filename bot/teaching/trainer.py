"""
The trainer: works off the trainings that people asked for, one at a time, then other long jobs.

It is a process of its own that nobody calls: what it is to do stands in the database, and so does
how far it has come. A training that it did not finish, because it was stopped or killed, has
failed and leaves nothing behind; the model that answers buyers goes on doing so.
"""

import asyncio
import logging
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractContextManager, asynccontextmanager, nullcontext, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Protocol

from bot.casework.trainings import Result, Training, TrainingState
from bot.obstacles import Obstacle, is_full_disk
from bot.services.house import House
from bot.services.training_queue import (
    do_end_interrupted,
    do_end_training,
    how_interrupted,
    note_progress,
    take_training,
)
from bot.teaching.project_copy import copy_project
from bot.teaching.training_steps import Progress
from bot.training import DRAFT, RasaProject, move_into_place
from bot.workbench.nlu_check import check_nlu

log = logging.getLogger(__name__)

POLL: Final = 1.0
"""Seconds between two looks at the database."""
GRACE: Final = 1.0
"""Seconds that Rasa has to end: it has nothing to save, and whoever stops us waits."""
LOGS: Final = "trainings"
"""The folder of the trainings' logs, below that of all logs."""
LOGS_KEPT: Final = 20
FULL_DISK: Final = "The disk is full: free some space and press Train again."
BROKEN: Final = "Something went wrong on our side; the log of the trainer says what."
NOTHING_NEW: Final = "Nothing has changed since: that model is there already."
READY: Final = "The model is trained"

type Job = Callable[[], Awaitable[bool]]
"""Does one piece of other work; False if there was none."""


class Clock(Protocol):
    """Time as the trainer sees it; tests bring their own."""

    def now(self) -> float:
        """Seconds that only grow."""

    async def sleep(self, seconds: float) -> None:
        """Come back after that many seconds."""


class Cancelled(Exception):
    """Somebody wants the training to end."""


def log_of(logs: Path, training_id: str) -> Path:
    """Where a training's log lies."""
    return logs / LOGS / f"{training_id}.log"


@dataclass(frozen=True, kw_only=True)
class Trainer:
    """
    Whoever trains: the project as it is, and the house that says what is wanted.

    `still` keeps the desk from changing the project's files while they are copied.
    `checks` look at the project's folder before Rasa does, and raise an `Obstacle`.
    `made` is told each model that was trained, before anybody else hears of it. `jobs` have their
    turn when no training waits.
    """

    house: House
    project: RasaProject
    clock: Clock
    still: Callable[[], AbstractContextManager[object]] = nullcontext
    checks: Sequence[Callable[[Path], object]] = ()
    made: Sequence[Callable[[Path], None]] = ()
    jobs: Sequence[Job] = ()

    async def run(self) -> None:
        """Work until cancelled."""
        self.tidy()
        log.info("the trainer waits for work")
        while True:
            if not await self.work_once():
                await self.clock.sleep(POLL)

    def tidy(self) -> None:
        """End what a trainer before us has left, and take away its drafts."""
        for training in do_end_interrupted(self.house):
            log.warning("training %s was interrupted", training.id)
            shutil.rmtree(self._place(training), ignore_errors=True)
        logs = (self.project.logs / LOGS).glob("*.log")
        for old in sorted(logs, key=lambda path: path.stat().st_mtime)[:-LOGS_KEPT]:
            old.unlink(missing_ok=True)

    async def work_once(self) -> bool:
        """Do whatever comes next; False if there is nothing to do."""
        if training := take_training(self.house):
            await self._work_off(training)
            return True
        for job in self.jobs:
            if await job():
                return True

        return False

    async def _work_off(self, training: Training) -> None:
        log.info("training %s begins", training.id)
        result = how_interrupted(training)
        try:
            result = await self._train(training)
        except Cancelled:
            result = Result(state=TrainingState.CANCELLED)
        except Obstacle as obstacle:
            result = _failed(str(obstacle).replace(f"{self._copy(training)}/", ""))
        except asyncio.CancelledError:
            with self.house.units.reading() as unit:
                result = how_interrupted(unit.trainings.get(training.id))
            raise
        except Exception as error:
            log.exception("training %s failed", training.id)
            result = _failed(FULL_DISK if is_full_disk(error) else BROKEN)
        finally:
            do_end_training(self.house, training.id, result)
            log.info("training %s: %s %s", training.id, result.state, result.error)

    async def _train(self, training: Training) -> Result:
        place, progress = self._place(training), Progress(self.clock.now())
        self._note(training, progress)
        async with _gone_afterwards(place):
            project = await asyncio.to_thread(self._copied, training)
            examples = await asyncio.to_thread(check_nlu, project.folder / "data")
            for check in self.checks:
                await asyncio.to_thread(check, project.folder)
            model = self.project.models / project.model.name
            if self.project.seals.holds(model):
                # The oldest go first, and this one is in use again.
                model.touch()
                return _done(NOTHING_NEW, model, examples)
            trained = place / model.name
            await self._follow(training, project.train(trained), progress)
            self._publish(trained, model)

        return _done(READY, model, examples)

    def _copied(self, training: Training) -> RasaProject:
        """The project as whole changes have left it."""
        with self.still():
            return copy_project(self._its(training), self._copy(training))

    async def _follow(self, training: Training, work: Awaitable[None], progress: Progress) -> None:
        """Wait for the training, and note meanwhile how far it has come."""
        log_file, read = log_of(self.project.logs, training.id), 0
        task = asyncio.ensure_future(work)
        try:
            while not task.done():
                pause = asyncio.ensure_future(self.clock.sleep(POLL))
                await asyncio.wait({task, pause}, return_when=asyncio.FIRST_COMPLETED)
                pause.cancel()
                text = _rest_of(log_file, read)
                read += len(text)
                progress.hear(text.decode("utf-8", "replace"), self.clock.now())
                self._note(training, progress)
            await task
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError, Obstacle, OSError):
                await task

    def _note(self, training: Training, progress: Progress) -> None:
        share = progress.share(self.clock.now())
        if note_progress(self.house, training.id, progress.words, share):
            raise Cancelled

    def _publish(self, trained: Path, model: Path) -> None:
        """Put it among the models, from which the oldest go."""
        move_into_place(trained, model)
        self.project.forget_old_models(model)
        for tell in self.made:
            tell(model)

    def _its(self, training: Training) -> RasaProject:
        """The project with a log for that training alone."""
        file = log_of(self.project.logs, training.id)

        return replace(self.project, logs=file.parent, log_name=file.name, grace=GRACE)

    def _place(self, training: Training) -> Path:
        """A folder for everything of that training, on the disk where the model will stand."""
        return self.project.models / f"{DRAFT}{training.id}"

    def _copy(self, training: Training) -> Path:
        return self._place(training) / "project"


@asynccontextmanager
async def _gone_afterwards(place: Path) -> AsyncIterator[None]:
    try:
        yield
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _rest_of(file: Path, start: int) -> bytes:
    """What stands in the file from there on; it may not be there yet."""
    try:
        with file.open("rb") as opened:
            opened.seek(start)
            return opened.read()
    except FileNotFoundError:
        return b""


def _done(step: str, model: Path, examples: int) -> Result:
    return Result(state=TrainingState.DONE, step=step, model=model.name, examples=examples)


def _failed(error: str) -> Result:
    return Result(state=TrainingState.FAILED, error=error)
