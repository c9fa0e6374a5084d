"""What the trainer does when no training waits: comparisons, and shadow runs."""

import asyncio
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Final

from bot.project import rasa_project
from bot.services.house import House
from bot.services.turn_queue import NotAcceptable
from bot.settings import Settings
from bot.teaching.comparing import (
    Read,
    do_want_comparison,
    next_comparison,
    put_back_comparisons,
    read_by,
    work_off_comparison,
)
from bot.teaching.models import find_live
from bot.teaching.shadowing import shadow_once
from bot.teaching.trainer import Clock, Job

SHADOW_EVERY: Final = 60.0
"""Seconds between two looks of a candidate: it takes some to load its model."""


class Stopped(BaseException):
    """The trainer is to end. No `Exception`: what was begun has not failed and begins anew."""


def compare_after_training(house: House, settings: Settings) -> Callable[[Path], None]:
    """Told of a model that was trained, has it compared with the live one."""

    def made(model: Path) -> None:
        with house.units.reading() as unit:
            live = find_live(unit, settings)
        try:
            do_want_comparison(house, None, model.name, live)
        except NotAcceptable:
            return  # it is the live one

    return made


def side_jobs(
    house: House, settings: Settings, clock: Clock, read: Read | None = None
) -> Sequence[Job]:
    """Comparisons that wait, then what a shadow run has to read; those that broke off come back."""
    put_back_comparisons(house)
    project = replace(rasa_project(settings), priority=settings.training_priority)
    reading = read or read_by(project)
    looked = -SHADOW_EVERY

    async def compare() -> bool:
        waiting = await asyncio.to_thread(next_comparison, house)
        if waiting is None:
            return False
        with _until_stopped(reading) as patient:
            await asyncio.to_thread(work_off_comparison, house, settings, waiting, patient)
        return True

    async def shadow() -> bool:
        nonlocal looked
        if clock.now() - looked < SHADOW_EVERY:
            return False
        looked = clock.now()
        with _until_stopped(reading) as patient:
            return bool(await asyncio.to_thread(shadow_once, house, settings, patient))

    return (compare, shadow)


@contextmanager
def _until_stopped(read: Read) -> Iterator[Read]:
    """Reading that ends with the next answer once the block is left: its thread goes on else."""
    stopped = threading.Event()

    def patient(model: Path, texts: Sequence[str], today: date | None) -> Iterator[str]:
        for line in read(model, texts, today):
            if stopped.is_set():
                raise Stopped
            yield line

    try:
        yield patient
    finally:
        stopped.set()
