"""
`make bench`: our house and stock Rasa in one run, on this machine.

Times are from a buyer's POST to the bot's answer: for us the message on the widget's event
stream, after it was stored, understood, looked up and written; for stock Rasa the REST answer of
an action that only says a word. Every figure is the median of several rounds with the smallest
and the largest beside it.
"""

import asyncio
import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from statistics import median
from time import perf_counter

import aiohttp

from benchmarks import parsing, replay, turns
from benchmarks.buyers import Buyer, RestBuyer, WidgetBuyer, talk
from benchmarks.figures import Spread, percentile, print_table
from benchmarks.running import our_house, stock_rasa

ROUNDS = 5
LONG_CONVERSATIONS = 3
NewBuyer = Callable[[int], Buyer]


async def measure(new_buyer: NewBuyer, longest: int) -> dict[str, Spread]:
    """All figures of one system; `longest` is the length of its long conversation."""
    await _crowd(new_buyer, 2, 20)  # warm
    found: dict[str, list[float]] = {}
    for _ in range(ROUNDS):
        alone, _took = await _crowd(new_buyer, 1, 60)
        eight, _took = await _crowd(new_buyer, 8, 25)
        many, took = await _crowd(new_buyer, 16, 20)
        for name, value in (
            ("1 buyer, p50 ms", median(alone)),
            ("1 buyer, p95 ms", percentile(alone, 95)),
            ("8 buyers, p50 ms", median(eight)),
            ("8 buyers, p95 ms", percentile(eight, 95)),
            ("16 buyers, messages/s", len(many) / took),
        ):
            found.setdefault(name, []).append(value)
        print(".", end="", file=sys.stderr, flush=True)

    early, late, ratio = [], [], []
    for number in range(LONG_CONVERSATIONS):
        async with new_buyer(number) as buyer:
            times = await talk(buyer, longest)
        early.append(median(times[2:10]))
        late.append(median(times[-8:]))
        ratio.append(late[-1] / early[-1])
        print(".", end="", file=sys.stderr, flush=True)
    found["message 5, ms"] = early
    found[f"message {longest}, ms"] = late
    found[f"message {longest} / message 5"] = ratio
    print(file=sys.stderr)

    return {name: Spread(tuple(values)) for name, values in found.items()}


async def _crowd(new_buyer: NewBuyer, buyers: int, messages: int) -> tuple[list[float], float]:
    """So many buyers at once, each with so many messages; all times, and the seconds it took."""
    async with AsyncExitStack() as stack:
        there = [await stack.enter_async_context(new_buyer(number)) for number in range(buyers)]
        began = perf_counter()
        times = await asyncio.gather(*(talk(buyer, messages, start=1) for buyer in there))
        return [time for one in times for time in one], perf_counter() - began


async def measure_house(state: Path) -> tuple[dict[str, Spread], dict[str, float]]:
    """Our figures, and the memory of each process after the load."""
    async with our_house(state) as system, aiohttp.ClientSession() as http:
        async with http.get(f"{system.url}/demo/buyers") as answer:
            buyers = [(one["email"], one["orders"][0]) for one in await answer.json()]

        def new_buyer(number: int) -> WidgetBuyer:
            email, order = buyers[number % len(buyers)]
            return WidgetBuyer(http, system.url, email, order)

        return await measure(new_buyer, 500), system.memory()


async def measure_stock(state: Path) -> tuple[dict[str, Spread], dict[str, float]]:
    """Stock Rasa's figures; its conversations grow slow, so its long one is shorter."""
    async with stock_rasa(state) as system, aiohttp.ClientSession() as http:

        def new_buyer(number: int) -> RestBuyer:
            return RestBuyer(http, system.url, f"DEMO-{1001 + number}")

        return await measure(new_buyer, 150), system.memory()


def show(
    ours: dict[str, Spread],
    stock: dict[str, Spread],
    memory: Sequence[tuple[str, dict[str, float]]],
) -> None:
    """Both beside each other."""
    names = [*ours, *(name for name in stock if name not in ours)]
    rows = []
    for name in names:
        both = name in ours and name in stock
        ratio = f"{ours[name].middle / stock[name].middle:.2f}" if both else ""
        rows.append([name, str(ours.get(name, "")), str(stock.get(name, "")), ratio])
    title = (
        f"Makegood and stock Rasa 3.6.21, {os.cpu_count()} cores, {ROUNDS} rounds: median (range)"
    )
    print_table(title, ("figure", "Makegood", "stock Rasa", "ratio"), rows)
    print_table(
        "Resident memory, MB",
        ("process", "MB"),
        [
            (f"{system}: {process}", f"{size:.0f}")
            for system, sizes in memory
            for process, size in sizes.items()
        ],
    )


async def main() -> None:
    """Measure both, one after the other, and print."""
    with tempfile.TemporaryDirectory() as folder:
        print("Measuring our house", end=" ", file=sys.stderr, flush=True)
        ours, our_memory = await measure_house(Path(folder) / "ours")
        print("Measuring stock Rasa", end=" ", file=sys.stderr, flush=True)
        stock, stock_memory = await measure_stock(Path(folder) / "stock")
        print("Measuring turns", end=" ", file=sys.stderr, flush=True)
        (Path(folder) / "turns").mkdir()
        among_many = turns.measure(Path(folder) / "turns")
        print("Replaying past cases", end=" ", file=sys.stderr, flush=True)
        past = replay.measure(f"sqlite:///{folder}/past.db")
        print("Parsing messages", end=" ", file=sys.stderr, flush=True)
        parsed = parsing.measure(Path(folder) / "parsing")
    show(ours, stock, (("Makegood", our_memory), ("stock Rasa", stock_memory)))
    turns.show(among_many)
    replay.show(past)
    parsing.show(*parsed)


if __name__ == "__main__":
    asyncio.run(main())
