"""
How fast buyers are answered while a model is trained beside them: `training-beside-chats`.

The whole house with the demo shop, and four buyers who write a message every second or so. In each
round they are measured alone, and then beside a training of the project, once with each priority
that MAKEGOOD_TRAINING_PRIORITY knows: `normal` is what a training gets without further ado. Each
figure beside a training is divided by that of the buyers alone in the same round. The last column
is what the training got of the processors: one that gets nothing slows nobody down.
"""

import asyncio
import random
import resource
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import get_args

import aiohttp

from benchmarks.buyers import SENTENCES, WidgetBuyer
from benchmarks.figures import Spread, percentile, print_table
from benchmarks.pace import Pace
from benchmarks.results import describe_machine
from benchmarks.running import our_house
from benchmarks.traffic import any_many
from bot.project import rasa_project
from bot.settings import Settings
from bot.supervision.aside import Priority
from bot.training import RasaProject

BUYERS = 4
PAUSE = 1.0
"""Seconds on the average that a buyer thinks before the next message."""
SECONDS = 45.0
"""That are measured each time; a training lasts longer than that on any machine that we know."""
ROUNDS = 3
LIMIT = 1.5
ALONE = "alone"
PRIORITIES: tuple[Priority, ...] = get_args(Priority)


@dataclass(frozen=True, slots=True)
class Round:
    """Milliseconds of the answers, and seconds of a processor that the training had meanwhile."""

    p50: float
    p95: float
    worked: float


def measure(pace: Pace) -> None:
    """Measure, and print."""
    rounds, seconds = (1, 5.0) if pace.epochs else (ROUNDS, SECONDS)
    with tempfile.TemporaryDirectory() as folder:
        found = asyncio.run(measure_all(Path(folder), rounds, seconds))
    show(found)


async def measure_all(folder: Path, rounds: int, seconds: float) -> dict[str, list[Round]]:
    """Each round, by what ran beside the buyers."""
    found: dict[str, list[Round]] = {}
    async with our_house(folder / "house") as house, chatting(house.url) as buyers:
        await chat(buyers, min(seconds, 10.0))  # warm
        for number in range(rounds):
            # In another order each time: a machine may grow slower.
            kinds = [ALONE, *PRIORITIES]
            for kind in kinds[number % len(kinds) :] + kinds[: number % len(kinds)]:
                before = worked()
                async with beside(folder / "trained", kind):
                    times = await chat(buyers, seconds)
                one = Round(median(times), percentile(times, 95), worked() - before)
                found.setdefault(kind, []).append(one)
                print(".", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)

    return found


def worked() -> float:
    """Seconds of a processor that children of ours had which have ended: of trainings, here."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)

    return used.ru_utime + used.ru_stime


def show(found: dict[str, list[Round]]) -> None:
    """As a table, with the ratios, and whether the limit is held by what we ship."""
    alone = found[ALONE]
    rows = [
        (
            kind,
            str(Spread(tuple(one.p50 for one in rounds), 0)),
            str(Spread(tuple(one.p95 for one in rounds), 0)),
            str(ratio(rounds, alone)),
            str(Spread(tuple(one.worked for one in rounds), 0)),
        )
        for kind, rounds in found.items()
    ]
    title = f"{BUYERS} buyers beside a training, {len(alone)} rounds: median (range)"
    print_table(title, ("training", "p50 ms", "p95 ms", "p95 ratio", "processor s"), rows)
    ours = Settings(_env_file=None).training_priority
    slower = ratio(found[ours], alone).middle
    held = "held" if slower <= LIMIT else "MISSED"
    print(f"p95 at most {LIMIT} times the usual with {ours}: {slower:.2f}, {held}.")
    print(describe_machine())


def ratio(rounds: list[Round], alone: list[Round]) -> Spread:
    """The p95 of each round to that of the buyers alone in it."""
    pairs = zip(rounds, alone, strict=True)

    return Spread(tuple(one.p95 / peer.p95 for one, peer in pairs), 2)


@asynccontextmanager
async def chatting(url: str) -> AsyncIterator[list[WidgetBuyer]]:
    """Buyers of the demo shop, each with a conversation."""
    async with AsyncExitStack() as stack:
        http = await stack.enter_async_context(aiohttp.ClientSession(connector=any_many()))
        async with http.get(f"{url}/demo/buyers") as answer:
            people = [(one["email"], one["orders"][0]) for one in await answer.json()]
        yield [
            await stack.enter_async_context(WidgetBuyer(http, url, *people[number % len(people)]))
            for number in range(BUYERS)
        ]


async def chat(buyers: list[WidgetBuyer], seconds: float) -> list[float]:
    """Let all of them write for so long; the milliseconds of every answer."""
    each = await asyncio.gather(*(_chat(one, n, seconds) for n, one in enumerate(buyers)))

    return [time for times in each for time in times]


async def _chat(buyer: WidgetBuyer, number: int, seconds: float) -> list[float]:
    pauses, times = random.Random(number), []
    ends = perf_counter() + seconds
    while perf_counter() < ends:
        await asyncio.sleep(pauses.uniform(0, 2 * PAUSE))
        sentence = SENTENCES[(len(times) + number) % len(SENTENCES)].format(order=buyer.order)
        times.append(await buyer.send(sentence))

    return times


@asynccontextmanager
async def beside(folder: Path, kind: str) -> AsyncIterator[None]:
    """A training of the project as the trainer begins it, ended with the block."""
    if kind == ALONE:
        yield
        return
    settings = Settings(_env_file=None, state=folder)
    priorities = {one: one for one in PRIORITIES}
    project = replace(rasa_project(settings), priority=priorities[kind], grace=0.5)
    training = asyncio.create_task(_train_on(project, folder / "model.tar.gz"))
    try:
        yield
        if training.done():
            training.result()
    finally:
        training.cancel()
        await asyncio.gather(training, return_exceptions=True)


async def _train_on(project: RasaProject, model: Path) -> None:
    """One training after the other, should the first be over too early."""
    while True:
        await project.train(model)
