"""
How fast both answer, and how much memory they take: `python -m benchmarks.traffic`.

Our whole house with the demo shop and the model of all our examples, and stock Rasa's default
pipeline with our rules and a sample of our examples (the model of the part `project-sample`), one
after the other. Times are from a buyer's POST to the bot's answer: for us the message on the
widget's event stream, after it was stored, understood, looked up and written; for stock Rasa the
REST answer of an action that only says a word. A figure is the median of several rounds with the
smallest and the largest beside it.

A long conversation of stock Rasa ends earlier than ours, because it grows slower with each message:
Rasa's tracker keeps and rebuilds every event.
"""

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path
from statistics import median
from time import perf_counter

import aiohttp

from benchmarks.buyers import Buyer, RestBuyer, WidgetBuyer, talk
from benchmarks.figures import Spread, Value, beside, percentile
from benchmarks.models import Trained, train_stock
from benchmarks.pace import Pace, add_options, state_folder, to_pace
from benchmarks.results import Section, present
from benchmarks.running import Running, our_house, stock_rasa
from benchmarks.samples import sample_own
from benchmarks.stock import SAMPLE, own_in_stock
from bot.obstacles import Obstacle

BUYERS = (1, 8, 32)
AT_ONCE = 8
"""Messages at either end of a long conversation: all that a buyer says, once (buyers.SENTENCES)."""
FLAT = 1.3
"""The last messages of a long conversation may take so many times as long as the first."""
UNLIKE = "Ours has the model of all our examples, stock Rasa that of a sample of them."
type NewBuyer = Callable[[int], Buyer]
type Figures = dict[str, Value]


def main() -> None:
    """Measure both, one after the other, and print."""
    asked = argparse.ArgumentParser(description=__doc__)
    add_options(asked)
    try:
        measure(to_pace(asked.parse_args()))
    except Obstacle as obstacle:
        sys.exit(str(obstacle))


def measure(pace: Pace) -> None:
    """Measure both, present it."""
    state = state_folder(pace)
    stock_model = train_stock(SAMPLE, own_in_stock(sample_own(), pace), state)
    with tempfile.TemporaryDirectory() as folder:
        speed, memory = asyncio.run(_measure_both(Path(folder), stock_model, pace))
    ours, stock = speed
    sections = [
        Section(
            f"Over HTTP, {pace.rounds} rounds: median (range)",
            beside(ours, stock),
            [judge_flatness(ours, pace), UNLIKE],
        ),
        Section(
            "Resident memory, MB: after the model was loaded, and after all of the above",
            beside(*memory),
            [stock_model.note] if stock_model.kept else [],
        ),
    ]
    present("traffic", sections, state)


def judge_flatness(ours: Figures, pace: Pace) -> str:
    """Whether a long conversation costs as much at its end as at its beginning."""
    ratio = ours[_ratio_name(pace.longest)].middle
    held = "held" if ratio <= FLAT else "MISSED"

    return (
        f"Flat cost, at most {FLAT} times message 5 at message {pace.longest}: {ratio:.2f}, {held}."
    )


async def _measure_both(
    folder: Path, stock_model: Trained, pace: Pace
) -> tuple[tuple[Figures, Figures], tuple[Figures, Figures]]:
    """Speed of ours and of stock Rasa, memory of ours and of stock Rasa."""
    _say("Measuring our house")
    ours, our_memory = await measure_house(folder / "ours", pace)
    _say("Measuring stock Rasa")
    stock, stock_memory = await measure_stock(folder / "stock", stock_model.model, pace)

    return (ours, stock), (our_memory, stock_memory)


async def measure_house(state: Path, pace: Pace) -> tuple[Figures, Figures]:
    """Our figures, and the memory of each process before and after."""
    async with our_house(state) as system, aiohttp.ClientSession(connector=any_many()) as http:
        async with http.get(f"{system.url}/demo/buyers") as answer:
            buyers = [(one["email"], one["orders"][0]) for one in await answer.json()]

        def new_buyer(number: int) -> WidgetBuyer:
            email, order = buyers[number % len(buyers)]
            return WidgetBuyer(http, system.url, email, order)

        return await _measure(system, new_buyer, pace, pace.longest)


async def measure_stock(state: Path, model: Path, pace: Pace) -> tuple[Figures, Figures]:
    """Stock Rasa's figures."""
    async with (
        stock_rasa(state, model) as system,
        aiohttp.ClientSession(connector=any_many()) as http,
    ):

        def new_buyer(number: int) -> RestBuyer:
            return RestBuyer(http, system.url, f"DEMO-{1001 + number}")

        return await _measure(system, new_buyer, pace, pace.longest_stock)


def any_many() -> aiohttp.TCPConnector:
    """As many connections as there are buyers, each with an open event stream beside its POST."""
    return aiohttp.TCPConnector(limit=0)


async def _measure(
    system: Running, new_buyer: NewBuyer, pace: Pace, longest: int
) -> tuple[Figures, Figures]:
    """All figures of one system; `longest` is the length of its long conversation."""
    memory = _memory(system, "loaded")
    await _crowd(new_buyer, 2, 20)  # warm
    found: dict[str, list[float]] = {}
    for _ in range(pace.rounds):
        for many in BUYERS:
            times, took = await _crowd(new_buyer, many, pace.messages)
            name = f"{many} buyer{'s' if many > 1 else ''}"
            found.setdefault(f"{name}, p50 ms", []).append(median(times))
            found.setdefault(f"{name}, p95 ms", []).append(percentile(times, 95))
            found.setdefault(f"{name}, messages/s", []).append(len(times) / took)
            print(".", end="", file=sys.stderr, flush=True)
    for number in range(pace.long_conversations):
        async with new_buyer(number) as buyer:
            times = await talk(buyer, longest)
        early, late = median(times[2 : 2 + AT_ONCE]), median(times[-AT_ONCE:])
        found.setdefault("message 5, ms", []).append(early)
        found.setdefault(f"message {longest}, ms", []).append(late)
        found.setdefault(_ratio_name(longest), []).append(late / early)
        print(".", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    memory |= _memory(system, "after the load")
    figures: Figures = {
        name: Spread(tuple(values), digits=2 if "/ message" in name else 1)
        for name, values in found.items()
    }

    return figures, memory


def _ratio_name(longest: int) -> str:
    return f"message {longest} / message 5"


def _memory(system: Running, when: str) -> Figures:
    return {
        f"{process}, {when}": Spread((size,), digits=0) for process, size in system.memory().items()
    }


async def _crowd(new_buyer: NewBuyer, buyers: int, messages: int) -> tuple[list[float], float]:
    """So many buyers at once, each with so many messages; all times, and the seconds it took."""
    async with AsyncExitStack() as stack:
        there = [await stack.enter_async_context(new_buyer(number)) for number in range(buyers)]
        began = perf_counter()
        times = await asyncio.gather(*(talk(buyer, messages, start=1) for buyer in there))
        return [time for one in times for time in one], perf_counter() - began


def _say(what: str) -> None:
    print(what, end=" ", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
