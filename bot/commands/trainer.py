"""The command that trains what people ask for at the desk."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.obstacles import CannotStart

if TYPE_CHECKING:
    from bot.services.house import House
    from bot.settings import Settings
    from bot.teaching.trainer import Trainer


@click.command()
def trainer() -> None:
    """Train models that are asked for at the desk, until Ctrl-C; `makegood up` starts it."""
    from bot.supervision.stopping import stoppable

    with stoppable() as stop:
        import asyncio

        from bot.logs import set_up_logs
        from bot.settings import get_settings
        from bot.workshop import build_workshop

        settings = get_settings()
        set_up_logs(settings.log_level)

        async def work() -> None:
            task = asyncio.current_task()
            assert task
            stop.cancels(task)
            await build_trainer(settings, house).run()

        with alone(settings.state_dir / "run" / "trainer.lock"):
            house = build_workshop(settings)
            try:
                asyncio.run(work())
            finally:
                house.units.close()


def build_trainer(settings: "Settings", house: "House") -> "Trainer":
    """Whoever trains, with all that follows a training and all other long jobs."""
    from dataclasses import replace
    from functools import partial

    from bot.project import rasa_project
    from bot.supervision.keeping import SystemClock
    from bot.teaching.changing import held_still
    from bot.teaching.side_jobs import compare_after_training, side_jobs
    from bot.teaching.trainer import Trainer
    from bot.workbench.project.check import check_project
    from bot.workbench.project.files import read_project

    def check(folder: Path) -> None:
        check_project(read_project(folder))

    clock = SystemClock()

    return Trainer(
        house=house,
        project=replace(rasa_project(settings), priority=settings.training_priority),
        clock=clock,
        still=partial(held_still, house, settings.project, settings.state_dir),
        checks=(check,),
        made=(compare_after_training(house, settings),),
        jobs=side_jobs(house, settings, clock),
    )


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """The block for one process of this house at a time; the lock goes with the process."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise CannotStart(
                "A trainer works for this house already, perhaps that of `make up`."
            ) from error
        yield
