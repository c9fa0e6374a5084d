"""One model in another's place, with small processes that stand in for Rasa and die as told."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.live_models import ProjectRasas
from bot.serving import (
    LiveAddress,
    Serving,
    Swap,
    find_before,
    find_used,
    list_served,
    read_serving,
    want,
    want_present,
)
from bot.settings import ROOT, Settings
from bot.startup import find_chosen
from bot.supervision.keeping import NeverReady
from bot.supervision.processes import Process
from bot.supervision.swapping import GIVES_WAY, Live, Swapper, may_take_back
from bot.training import RasaProject
from tests.e2e.running_house import free_port

SECRET = "open sesame"
FASTER = 20
"""The supervisor's time runs so much faster than the machine's."""
PATIENCE = 20.0

RASA = """
import http.server, json, os, pathlib, sys

model, port = pathlib.Path(sys.argv[1]), int(sys.argv[2])
does = model.read_text()
pathlib.Path(sys.argv[3]).open("a").write(model.name + "\\n")
turns = 1 if does == "busy" else 0
if does == "dies":
    sys.exit("no such pipeline")

class Rasa(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        told = {"status": "ok", "model": model.name, "turns": turns, "pid": os.getpid()}
        if does == "poses":
            told["model"] = "another.tar.gz"
        self.answer(503 if does == "hangs" else 200, told)

    def do_POST(self):
        global turns
        if self.path == "/finish":
            turns = 0
            return self.answer(200, {})
        if does == "dies reading":
            os._exit(3)
        texts = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["texts"]
        known = self.headers["X-Makegood-Secret"] == "open sesame"
        heard = [{"intent": "" if does == "is mute" else "greet"} for _ in texts]
        self.answer(200 if known else 401, {"heard": heard})

    def answer(self, status, told):
        body = json.dumps(told).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass

http.server.ThreadingHTTPServer(("127.0.0.1", port), Rasa).serve_forever()
"""
"""What a model's file says decides how its process behaves."""

DIES_WARMING = """
import asyncio, os, signal, sys
from pathlib import Path
from bot.live_models import ProjectRasas
from tests.test_swapping import Scene

class Doomed(ProjectRasas):
    async def warm_up(self, url):
        os.kill(os.getpid(), signal.SIGKILL)

scene = Scene(Path(sys.argv[1]))
asyncio.run(scene.swapper("first", rasas=scene.rasas(Doomed)).run())
"""
"""A supervisor that is killed in the middle of a swap."""


class FastClock:
    """The machine's time, run faster."""

    def now(self) -> float:
        """Seconds of the faster time."""
        return time.monotonic() * FASTER

    async def sleep(self, seconds: float) -> None:
        """So many of its seconds."""
        await asyncio.sleep(seconds / FASTER)


@dataclass
class Scene:
    """A project with models that do as their files say, and a state folder."""

    folder: Path
    said: asyncio.Queue[str] = field(default_factory=asyncio.Queue)

    @property
    def state(self) -> Path:
        return self.folder / "var"

    @property
    def project(self) -> RasaProject:
        for name in ("config.yml", "requirements/rasa.txt"):
            (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / name).touch()
        return RasaProject(folder=self.folder, logs=self.state, rasa=(), env=os.environ)

    def settings(self) -> Settings:
        return Settings(_env_file=None, state=self.state, project=self.folder)

    def model(self, name: str, does: str = "serves", *, engine: str = "") -> str:
        """A sealed model of that behaviour; its whole name."""
        project = self.project
        project.models.mkdir(exist_ok=True)
        model = project.models / f"{name}.tar.gz"
        model.write_text(does)
        project.seals.add(model, inputs="", engine=engine or project.engine)
        return model.name

    def process(self, model: Path, port: int) -> Process:
        starts = str(self.folder / "starts")
        return Process(
            name="rasa",
            command=(sys.executable, "-c", RASA, str(model), str(port), starts),
            env=os.environ,
            folder=self.folder,
            health_url=f"http://127.0.0.1:{port}/webhooks/makegood/",
        )

    def rasas(self, kind: type[ProjectRasas] = ProjectRasas) -> ProjectRasas:
        own = self.state / "run" / "model"
        return kind(project=self.project, own=own, secret=SECRET, to_process=self.process)

    def swapper(self, name: str, *, rasas: ProjectRasas | None = None, **more: Any) -> Swapper:
        rasas = rasas or self.rasas()
        return Swapper(
            more.pop("live", None) or Live(model=rasas.take(name)),
            rasas,
            state=self.state,
            port=free_port(),
            logs=self.state / "logs",
            say=self.said.put_nowait,
            clock=FastClock(),
            grace=1.0,
            **{"patience": PATIENCE, "start_limit": 1000.0, **more},
        )

    @property
    def starts(self) -> list[str]:
        """The models whose processes were started, in order."""
        return (self.folder / "starts").read_text().split()

    @asynccontextmanager
    async def serving(self, name: str = "first", **more: Any) -> AsyncIterator[Swapper]:
        """The house's Rasa, up with that model."""
        swapper = self.swapper(name, **more)
        running = asyncio.create_task(swapper.run())
        try:
            await asyncio.wait_for(swapper.answered.wait(), 30)
            yield swapper
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)

    async def until(self, **wanted: object) -> Serving:
        """What is served, once it is as wanted."""

        def as_wanted() -> Serving | None:
            now = read_serving(self.state)
            same = now and all(getattr(now, name) == value for name, value in wanted.items())
            return now if same else None

        return await eventually(as_wanted, lambda: f"{wanted}, but {read_serving(self.state)}")

    async def asks(self) -> dict[str, Any]:
        """What answers a turn now."""
        return await get(LiveAddress(self.state, "http://nowhere")())


async def eventually[Found](
    look: Callable[[], Found | None], missed: Callable[[], str] = lambda: ""
) -> Found:
    """What is found as soon as there is anything; a failure if there is not in time."""
    ends = time.monotonic() + 30
    while not (found := look()):
        assert time.monotonic() < ends, missed()
        await asyncio.sleep(0.01)
    return found


async def get(url: str) -> dict[str, Any]:
    async with aiohttp.request("GET", f"{url}/webhooks/makegood/") as answer:
        found: dict[str, Any] = await answer.json()
    return found


async def gone(url: str) -> bool:
    try:
        await get(url)
    except aiohttp.ClientError:
        return True
    return False


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    """With one good model, `first`, and another, `second`."""
    scene = Scene(tmp_path)
    scene.model("first")
    scene.model("second")
    return scene


def test_the_wanted_model_takes_the_live_ones_place(scene: Scene) -> None:
    """
    Web finds it at once, the one before is gone, and everybody can see how far it is.
    """

    async def play() -> None:
        async with scene.serving():
            before = await scene.until(model="first.tar.gz", swap=Swap.STEADY, chosen=False)
            assert (await scene.asks())["model"] == "first.tar.gz"
            request = want(scene.state, "second").request
            after = await scene.until(model="second.tar.gz", swap=Swap.STEADY)

            assert (after.request, after.chosen, after.error) == (request, True, "")
            assert (await scene.asks())["model"] == "second.tar.gz"
            assert after.url != before.url
            assert await gone(before.url)
            assert find_before(scene.state) == "first.tar.gz"
            assert {path.name for path in scene.rasas().own.iterdir()} == {"second.tar.gz"}

            want(scene.state, "first")
            back = await scene.until(model="first.tar.gz", swap=Swap.STEADY)
            assert back.url == before.url
            assert await gone(after.url)

    asyncio.run(play())

    assert scene.starts == ["first.tar.gz", "second.tar.gz", "first.tar.gz"]
    assert [one.model for one in list_served(scene.state)] == [*reversed(scene.starts)]
    assert find_used(scene.state) == {"first.tar.gz", "second.tar.gz"}


@pytest.mark.parametrize(
    ("does", "why"),
    [
        ("dies", "ended with code 1"),
        ("dies reading", ""),  # its death and the broken call are seen in any order
        ("is mute", "does not say what texts mean"),
        ("poses", "serves another.tar.gz instead"),
        ("hangs", "was not ready within 20 s"),
        ("foreign", "was not trained here"),
        ("missing", "cannot be read"),
        ("old", "trained by another version"),
    ],
)
def test_a_newcomer_that_fails_leaves_all_as_it_was(scene: Scene, does: str, why: str) -> None:
    """
    At any stage: the old process serves on, why is said, nothing is tried again by itself, and a
    new wish is a new try.
    """
    name = scene.model("bad", does, engine="old" if does == "old" else "")
    if does == "foreign":
        for seal in scene.project.seals.folder.glob("*.json"):
            if json.loads(seal.read_text())["name"] == name:
                seal.unlink()
    if does == "missing":
        (scene.project.models / name).unlink()

    async def play() -> None:
        async with scene.serving(start_limit=20.0 if does == "hangs" else 1000.0):
            before = await scene.asks()
            request = want(scene.state, name).request
            failed = await scene.until(swap=Swap.FAILED)
            assert (failed.model, failed.wanted, failed.request) == ("first.tar.gz", name, request)
            assert failed.error
            assert why in failed.error or does == "foreign"
            assert await scene.asks() == before
            starts = len(scene.starts)
            if does == "hangs":
                return  # no process is given long here, a good one neither

            want(scene.state, "second")
            await scene.until(model="second.tar.gz", swap=Swap.STEADY)
            assert len(scene.starts) == starts + 1

    asyncio.run(play())


def test_a_port_that_another_program_takes_meanwhile_is_exchanged(scene: Scene) -> None:
    """
    Rasa needs long from its start until it listens.
    """
    took: list[socket.socket] = []

    def crowded(model: Path, port: int) -> Process:
        if model.name == "second.tar.gz" and not took:
            took.append(socket.create_server(("127.0.0.1", port)))
        return scene.process(model, port)

    async def play() -> None:
        rasas = ProjectRasas(
            project=scene.project,
            own=scene.state / "run" / "model",
            secret=SECRET,
            to_process=crowded,
        )
        async with scene.serving(rasas=rasas):
            want(scene.state, "second")
            await scene.until(model="second.tar.gz", swap=Swap.STEADY)
            assert (await scene.asks())["model"] == "second.tar.gz"

    asyncio.run(play())

    assert scene.starts == ["first.tar.gz", "second.tar.gz", "second.tar.gz"]
    took[0].close()


def test_turns_that_have_begun_are_ended(scene: Scene) -> None:
    """
    The old process stays until it has nothing to do; web is with the new one meanwhile.
    """
    scene.model("first", "busy")

    async def play() -> None:
        async with scene.serving(patience=100_000.0):
            old = LiveAddress(scene.state, "")()
            want(scene.state, "second")
            draining = await scene.until(model="second.tar.gz", swap=Swap.DRAINING)
            assert (await scene.asks())["model"] == "second.tar.gz"
            assert draining.url != old
            assert (await get(old))["turns"] == 1

            async with aiohttp.request("POST", f"{old}/finish"):
                pass
            await scene.until(swap=Swap.STEADY)
            assert await gone(old)

    asyncio.run(play())


def test_a_turn_that_never_ends_does_not_hold_the_old_process(scene: Scene) -> None:
    """
    After the turns' own deadline nobody waits for it any more.
    """
    scene.model("first", "busy")

    async def play() -> None:
        async with scene.serving():
            old = LiveAddress(scene.state, "")()
            want(scene.state, "second")
            await scene.until(model="second.tar.gz", swap=Swap.STEADY)
            assert await gone(old)

    asyncio.run(play())


def test_the_new_model_comes_back_after_a_crash(scene: Scene) -> None:
    """
    Killed after the swap, it is started again, with the same model at the same address.
    """

    async def play() -> None:
        async with scene.serving():
            want(scene.state, "second")
            live = await scene.until(model="second.tar.gz", swap=Swap.STEADY)
            killed = (await scene.asks())["pid"]
            os.kill(killed, signal.SIGKILL)
            await eventually(lambda: scene.starts[2:] or None)
            while "is back" not in await asyncio.wait_for(scene.said.get(), 30):
                pass

            again = await scene.asks()
            assert again["model"] == "second.tar.gz"
            assert again["pid"] != killed
            assert read_serving(scene.state) == live

    asyncio.run(play())


def test_whoever_changes_their_mind_is_heard_at_once(scene: Scene) -> None:
    """
    While the newcomer still starts: it is dropped, and nothing has changed.
    """
    name = scene.model("slow", "hangs")

    async def play() -> None:
        async with scene.serving():
            before = await scene.asks()
            want(scene.state, name)
            await eventually(lambda: name in scene.starts or None)
            want(scene.state, "first")
            steady = await scene.until(swap=Swap.STEADY, chosen=True)
            assert steady.wanted == "first.tar.gz"
            assert await scene.asks() == before

            want(scene.state, name)
            await scene.until(swap=Swap.STARTING)
            want_present(scene.state)
            await scene.until(swap=Swap.STEADY, wanted="first.tar.gz")
            assert await scene.asks() == before

    asyncio.run(play())


def test_a_first_model_that_never_comes_up_ends_the_house(scene: Scene) -> None:
    """
    As any process that cannot be started; the end names its log.
    """
    scene.model("first", "dies")

    with pytest.raises(NeverReady, match=r"(?s)5 times in a row.*no such pipeline"):
        asyncio.run(scene.swapper("first").run())


def test_a_supervisor_killed_in_the_middle_leaves_a_whole_house(scene: Scene) -> None:
    """
    The next one serves the wanted model, from its file that was there all the time.
    """
    want(scene.state, "second")
    done = subprocess.run(
        [sys.executable, "-c", DIES_WARMING, str(scene.folder)], cwd=ROOT, timeout=60
    )
    assert done.returncode == -signal.SIGKILL
    left = read_serving(scene.state)
    assert left
    assert (left.model, left.swap) == ("first.tar.gz", Swap.WARMING)
    live = find_chosen(scene.settings(), print)
    assert live

    async def play() -> None:
        async with scene.serving(live=live):
            assert (await scene.asks())["model"] == "second.tar.gz"
            await scene.until(model="second.tar.gz", swap=Swap.STEADY, chosen=True)

    asyncio.run(play())


def test_what_was_tried_in_vain_is_not_taken_at_the_next_start(scene: Scene) -> None:
    """
    What was live then is: somebody's choice, or the model of the files; and a line says so.
    """
    name = scene.model("bad", "dies")
    said: list[str] = []
    find = partial(find_chosen, scene.settings(), said.append)

    async def fails_after(*wanted: str) -> None:
        async with scene.serving():
            for one in wanted:
                want(scene.state, one)
                await scene.until(wanted=one, swap=Swap.STEADY)
            want(scene.state, name)
            await scene.until(swap=Swap.FAILED)

    assert find() is None
    asyncio.run(fails_after())
    assert find() is None
    assert "did not come up when it was wanted" in said[-1]
    asyncio.run(fails_after("second.tar.gz"))
    live = find()
    assert live
    assert live.name == "second.tar.gz"
    assert "second.tar.gz was put live and is served" in said[-1]

    want(scene.state, name)  # anew
    live = find()
    assert live
    assert live.name == name


def test_a_chosen_model_that_may_not_be_served_is_named(scene: Scene) -> None:
    """
    Changed since, or made by another version of the program: the line says which and why.
    """
    said: list[str] = []
    want(scene.state, "second")
    (scene.project.models / "second.tar.gz").write_text("serves something else")
    assert find_chosen(scene.settings(), said.append) is None
    scene.model("second", engine="another")
    assert find_chosen(scene.settings(), said.append) is None

    assert "second.tar.gz was put live, but cannot be served" in said[0]
    assert "another version of this program" in said[1]


def test_the_model_in_use_outlives_its_place_among_the_models(scene: Scene) -> None:
    """
    Rasa can be started again after later trainings have removed the model that it runs.
    """
    own = scene.rasas().take("first")
    (scene.project.models / "first.tar.gz").unlink()

    assert own.name == "first.tar.gz"
    assert own.read_text() == "serves"


@pytest.mark.skipif(not may_take_back(), reason="what was nice once has to stay so")
def test_a_newcomer_gives_way_until_it_is_live(scene: Scene) -> None:
    """
    It takes a core while it starts; buyers who are being answered come first.
    """
    name = scene.model("slow", "hangs")

    async def play() -> None:
        async with scene.serving(gives_way_for=100_000.0) as swapper:
            want(scene.state, name)
            await eventually(lambda: name in scene.starts or None)
            newcomer = swapper._running[1].keeper.pid
            assert newcomer
            niceness = partial(os.getpriority, os.PRIO_PROCESS, newcomer)
            await eventually(lambda: niceness() == GIVES_WAY or None)
            want(scene.state, "second")
            await scene.until(model="second.tar.gz")
            assert swapper.pid
            assert os.getpriority(os.PRIO_PROCESS, swapper.pid) == os.nice(0)

    asyncio.run(play())
