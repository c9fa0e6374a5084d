"""
Another model in the live one's place while buyers write: `python -m benchmarks.swap`.

The house with the demo shop, and two models of it: the project's, and one with an example more
(trained once, kept in the state folder's benchmarks/). Twenty messages a second come from twenty
buyers whether or not they were answered, while the supervisor swaps the models to and fro.

What is lost, unanswered or doubled is counted in the store afterwards: a message that was taken
with 202 has to be there, be answered by the bot (a hand-off for want of an answer counts as
none), and no answer may stand twice. A reply's time is from the POST to the bot's first message
on the widget's event stream.
"""

import argparse
import asyncio
import os
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter

import aiohttp
import sqlalchemy as sa

from benchmarks.buyers import SENTENCES, WidgetBuyer
from benchmarks.figures import Spread, Value, beside, percentile
from benchmarks.pace import Pace, add_options, state_folder, to_pace
from benchmarks.results import Section, present
from benchmarks.running import free_settings, memory_of
from benchmarks.traffic import any_many
from bot.casework.turns import Floor
from bot.obstacles import Obstacle
from bot.project import rasa_project
from bot.serving import Swap, read_serving, want
from bot.settings import ROOT, Settings, get_settings
from bot.startup import other_processes, prepare, rasas, swapper
from bot.store.database import open_database, reading
from bot.store.tables import conversations, messages
from bot.supervision.steps import Steps
from bot.supervision.supervisor import Supervisor
from bot.supervision.swapping import Live, Swapper
from bot.training import RasaProject

A_SECOND = 20
"""Messages, of all buyers together."""
BUYERS = 20
QUIET = 3.0
"""Seconds before the first swap and after the last."""
SLOWEST = 3.0
LONGEST_ROLL_BACK = 60.0
MEMORY = 1.1
"""After the last swap the house may take so many times what it took after the first."""
PARTS = (
    "config.yml",
    "domain.yml",
    "data",
    "rulebook",
    "bot/__init__.py",
    "bot/engine",
    "requirements",
)
ONE_MORE = """version: "3.1"

nlu:
- intent: greet
  examples: |
    - good day to everybody in the swap shop
"""


@dataclass(slots=True)
class Found:
    """What came of it; times in seconds, memory in MB."""

    sent: int = 0
    refused: list[str] = field(default_factory=list)
    replies: list[float] = field(default_factory=list)
    lost: int = 0
    unanswered: int = 0
    doubled: int = 0
    readers: Counter[str] = field(default_factory=Counter)
    live_after: list[float] = field(default_factory=list)
    steady_after: list[float] = field(default_factory=list)
    memory: list[dict[str, float]] = field(default_factory=list)


def main() -> None:
    """Measure and print."""
    asked = argparse.ArgumentParser(description=__doc__)
    add_options(asked)
    try:
        measure(to_pace(asked.parse_args()))
    except Obstacle as obstacle:
        sys.exit(str(obstacle))


def measure(pace: Pace) -> None:
    """Measure, present it."""
    state = state_folder(pace)
    project = get_settings().state_dir / "benchmarks" / "swap-project"
    names = asyncio.run(two_models(project))
    with tempfile.TemporaryDirectory() as folder:
        settings = free_settings(Path(folder), project)
        prepare(settings, Steps())
        found = asyncio.run(_swap_under_load(settings, names, pace.swaps))
        count(settings, found)
    present("swap", [to_section(found)], state)


async def two_models(folder: Path) -> tuple[str, str]:
    """The names of two models in a copy of the project: the project's own, and one more."""
    ours = rasa_project(get_settings())
    model = await ours.train_if_changed()
    _copy_project(folder)
    project = rasa_project(Settings(project=folder))
    first = _adopt(project, model)
    more = folder / "data" / "nlu" / "one_more.yml"
    more.write_text(ONE_MORE, "utf-8")
    second = await project.train_if_changed()
    more.unlink()

    return first.name, second.name


def _copy_project(folder: Path) -> None:
    for part in PARTS:
        source, target = ROOT / part, folder / part
        if source.is_dir():
            shutil.rmtree(target, ignore_errors=True)
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, target)
    encoders = folder / "models" / "encoders"
    encoders.parent.mkdir(exist_ok=True)
    encoders.unlink(missing_ok=True)  # it may lead to a checkout that is gone
    if (ROOT / "models" / "encoders").exists():
        encoders.symlink_to(ROOT / "models" / "encoders")


def _adopt(project: RasaProject, model: Path) -> Path:
    """The model of the very same inputs, trained in the checkout itself."""
    own = project.models / model.name
    own.write_bytes(model.read_bytes())
    project.seals.add(own, inputs=project.inputs_checksum, engine=project.engine)

    return own


async def _swap_under_load(settings: Settings, names: tuple[str, str], swaps: int) -> Found:
    found = Found()
    async with AsyncExitStack() as stack:
        served = await stack.enter_async_context(_house(settings, names[0]))
        http = await stack.enter_async_context(aiohttp.ClientSession(connector=any_many()))
        buyers = [
            await stack.enter_async_context(buyer)
            for buyer in await _find_buyers(http, settings.local_url)
        ]
        writing = asyncio.create_task(_write_on(buyers, found))
        await asyncio.sleep(QUIET)
        for number in range(1, swaps + 1):
            await _swap(settings, names[number % 2], found)
            await asyncio.sleep(1)
            found.memory.append(_memory(served))
            print(".", end="", file=sys.stderr, flush=True)
        await asyncio.sleep(QUIET)
        writing.cancel()
        await asyncio.gather(writing, return_exceptions=True)
        await asyncio.sleep(settings.turn_deadline / 2)  # the last answers
        print(file=sys.stderr)
        _time_replies(settings, buyers, found)

    return found


@asynccontextmanager
async def _house(settings: Settings, model: str) -> AsyncIterator[Swapper]:
    """The house under its supervisor, in this process."""
    said: list[str] = []
    rasa = swapper(settings, Live(model=rasas(settings).take(model)), said.append)
    supervisor = Supervisor(
        other_processes(settings),
        logs=settings.state_dir / "logs",
        say=said.append,
        others=(rasa,),
    )
    running = asyncio.create_task(supervisor.run())
    try:
        async with asyncio.timeout(180):
            await supervisor.ready()
        yield rasa
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        for line in said:
            print(line, file=sys.stderr)


async def _find_buyers(http: aiohttp.ClientSession, url: str) -> list[WidgetBuyer]:
    async with http.get(f"{url}/demo/buyers") as answer:
        known = [(one["email"], one["orders"][0]) for one in await answer.json()]

    return [WidgetBuyer(http, url, *known[number % len(known)]) for number in range(BUYERS)]


async def _write_on(buyers: list[WidgetBuyer], found: Found) -> None:
    """So many messages a second, each from the next buyer, until cancelled."""
    began, posting = perf_counter(), set()
    number = 0
    try:
        while True:
            buyer = buyers[number % len(buyers)]
            text = SENTENCES[1 + number // len(buyers) % (len(SENTENCES) - 1)]
            post = asyncio.create_task(_post(buyer, text.format(order=buyer.order), found))
            posting.add(post)
            post.add_done_callback(posting.discard)
            number += 1
            await asyncio.sleep(max(0.0, began + number / A_SECOND - perf_counter()))
    finally:
        await asyncio.gather(*posting)


async def _post(buyer: WidgetBuyer, text: str, found: Found) -> None:
    try:
        await buyer.post(text)
        found.sent += 1
    except aiohttp.ClientResponseError as error:
        found.refused.append(f"status {error.status}")
    except (aiohttp.ClientError, TimeoutError) as error:
        found.refused.append(type(error).__name__)


async def _swap(settings: Settings, name: str, found: Found) -> None:
    began = perf_counter()
    request = want(settings.state_dir, name).request
    live = False
    while True:
        serving = read_serving(settings.state_dir)
        if serving and serving.request == request:
            if serving.swap is Swap.FAILED:
                raise Obstacle(f"The swap failed: {serving.error}")
            if not live and serving.model == name:
                live = True
                found.live_after.append(perf_counter() - began)
            if serving.swap is Swap.STEADY:
                found.steady_after.append(perf_counter() - began)
                return
        await asyncio.sleep(0.1)


def _memory(rasa: Swapper) -> dict[str, float]:
    """Of Rasa alone, and of the supervisor with all that runs under it."""
    assert rasa.pid

    return {"rasa": memory_of(rasa.pid), "all": memory_of(os.getpid())}


def _time_replies(settings: Settings, buyers: list[WidgetBuyer], found: Found) -> None:
    """From each message to its first answer, which the store knows, as the buyer saw it."""
    first: dict[tuple[str, int], int] = {}
    for row in _rows(settings, messages):
        if row["answers"]:
            asked = (row["conversation_id"], row["asked"])
            first[asked] = min(row["seq"], first.get(asked, row["seq"]))
    for buyer in buyers:
        for place, began in buyer.sent.items():
            seen = buyer.shown.get(first.get((buyer.id, place), 0))
            if seen is not None:
                found.replies.append(seen - began)


def count(settings: Settings, found: Found) -> None:
    """What the store holds of what was sent."""
    rows = _rows(settings, messages)
    asked = [row for row in rows if row["sender"] == "buyer"]
    answers = Counter((row["answers"], row["reply"]) for row in rows if row["answers"])
    answered = {message for message, _ in answers}
    given_up = sum(row["floor"] != Floor.BOT for row in _rows(settings, conversations))
    found.lost = found.sent - len(asked)
    found.unanswered = sum(row["id"] not in answered for row in asked) + given_up
    found.doubled = sum(times > 1 for times in answers.values())
    found.readers = Counter(str(row["read_by"]) for row in asked)


def _rows(settings: Settings, table: sa.Table) -> list[dict[str, object]]:
    engine = open_database(settings.store_url)
    try:
        with reading(engine) as db:
            rows = [dict(row) for row in db.execute(sa.select(table)).mappings()]
    finally:
        engine.dispose()
    if table is messages:
        places = {row["id"]: row["seq"] for row in rows}
        for row in rows:
            row["asked"] = places.get(row["answers"])

    return rows


def to_section(found: Found) -> Section:
    """The figures, and whether the limits were held."""
    milliseconds = [reply * 1000 for reply in found.replies]
    first, last = found.memory[0], found.memory[-1]
    figures: dict[str, Value] = {
        "messages sent": _one(found.sent),
        "refused at the door": _one(len(found.refused)),
        "lost": _one(found.lost),
        "unanswered": _one(found.unanswered),
        "answered twice": _one(found.doubled),
        "reply, p50 ms": _one(percentile(milliseconds, 50)),
        "reply, p95 ms": _one(percentile(milliseconds, 95)),
        "reply, slowest ms": _one(max(milliseconds)),
        "from the wish to live, s": Spread(tuple(found.live_after)),
        "until the old one is gone, s": Spread(tuple(found.steady_after)),
        "rasa after each swap, MB": Spread(tuple(one["rasa"] for one in found.memory), digits=0),
        "house after each swap, MB": Spread(tuple(one["all"] for one in found.memory), digits=0),
        "house after the first swap, MB": _one(first["all"]),
        "house after the last swap, MB": _one(last["all"]),
    }
    counts = (len(found.refused), found.lost, found.unanswered, found.doubled)
    ratio = last["all"] / first["all"]
    notes = [
        _held("Nothing refused, lost, unanswered or doubled", not any(counts)),
        _held(f"Slowest reply under {SLOWEST:g} s", max(found.replies) < SLOWEST),
        _held(f"Live within {LONGEST_ROLL_BACK:g} s", max(found.live_after) < LONGEST_ROLL_BACK),
        _held(f"Memory at most {MEMORY} times that after the first swap: {ratio:.2f}",
              ratio <= MEMORY),
        *(f"Refused: {why}, {many} times." for why, many in Counter(found.refused).items()),
        "Read by " + ", ".join(f"{name}: {many}" for name, many in found.readers.items()),
    ]  # fmt: skip

    return Section(
        f"{len(found.steady_after)} swaps under {A_SECOND} messages a second",
        beside(figures, {}),
        notes,
    )


def _one(value: float) -> Spread:
    return Spread((value,), digits=0)


def _held(what: str, held: bool) -> str:
    return f"{what}, {'held' if held else 'MISSED'}."


if __name__ == "__main__":
    main()
