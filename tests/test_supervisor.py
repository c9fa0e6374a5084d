"""The supervisor with real processes: stand-ins that answer, die and refuse to die."""

import asyncio
import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import aiohttp
import pytest

from bot.settings import ROOT
from bot.supervision.keeping import NeverReady
from bot.supervision.processes import LEASH, LOG_LIMIT, Process, put_aside
from bot.supervision.supervisor import Supervisor

linux_only = pytest.mark.skipif(
    sys.platform != "linux", reason="only Linux's kernel ends the children of a killed process"
)

ANSWERS = """
import http.server, os, sys

class Health(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(str(os.getpid()).encode())

server = http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Health)
"""
SERVES = ANSWERS + "server.serve_forever()"
ANSWERS_ONCE = ANSWERS + "server.handle_request()"
STUBBORN = """
import signal, subprocess, sys
signal.signal(signal.SIGTERM, signal.SIG_IGN)
signal.signal(signal.SIGINT, signal.SIG_IGN)
child = subprocess.Popen([sys.executable, "-c", "import signal; signal.pause()"])
print("family", os.getpid(), child.pid, flush=True)
"""
"""A process that ignores requests to end, and has a child that would outlive it (it inherits
what is ignored)."""

HOUSE = """
import asyncio, os, sys
from pathlib import Path
from bot.startup import watch
from bot.supervision.processes import Process
from bot.supervision.steps import Steps
from bot.supervision.stopping import stoppable

port, script, logs = sys.argv[1:]
process = Process(
    name="stand-in", command=(sys.executable, "-u", "-c", script, port), env=os.environ,
    folder=Path.cwd(), health_url=f"http://127.0.0.1:{port}/",
)

async def house(stop):
    stop.cancels(asyncio.current_task())
    await watch((process,), logs=Path(logs), steps=Steps(), welcome="WELCOME", grace=0.3)

with stoppable() as stop:
    asyncio.run(house(stop))
print("STOPPED", flush=True)
"""


class FakeClock:
    """
    Time that passes only in the supervisor's own pauses, and while a process lives as told.

    Ends the supervisor by raising `Enough` instead of beginning a pause too many.
    """

    def __init__(self, pauses: int, lives: dict[int, float] | None = None) -> None:
        self.pauses: list[float] = []
        self._time = 0.0
        self._wanted = pauses
        self._lives = lives or {}

    def now(self) -> float:
        """Grows by a whole life at each look while that process is said to live long."""
        self._time += self._lives.get(len(self.pauses), 0.0)
        return self._time

    async def sleep(self, seconds: float) -> None:
        """Remembers pauses; looks for health (shorter) only let the others work."""
        if seconds >= 0.5:
            if len(self.pauses) == self._wanted:
                raise Enough
            self.pauses.append(seconds)
        await asyncio.sleep(0)


class Enough(Exception):
    """The test has seen what it wanted."""


@pytest.fixture
def port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def stand_in(script: str, port: int) -> Process:
    return Process(
        name="stand-in",
        command=(sys.executable, "-u", "-c", script, str(port)),
        env=os.environ,
        folder=Path.cwd(),
        health_url=f"http://127.0.0.1:{port}/",
    )


def pauses_of(supervisor: Supervisor, clock: FakeClock) -> list[float]:
    with pytest.RaisesGroup(Enough):
        asyncio.run(supervisor.run())

    return clock.pauses


def test_pauses_double_up_to_half_a_minute(tmp_path: Path, port: int) -> None:
    """
    A process that keeps dying is started again, more and more patiently.
    """
    clock = FakeClock(pauses=8)
    supervisor = Supervisor(
        [stand_in(ANSWERS_ONCE, port)], logs=tmp_path, say=lambda _: None, clock=clock
    )

    assert pauses_of(supervisor, clock) == [0.5, 1, 2, 4, 8, 16, 30, 30]


def test_a_minute_of_life_begins_the_pauses_anew(tmp_path: Path, port: int) -> None:
    """
    A process that had recovered is not punished for what was before.
    """
    clock = FakeClock(pauses=5, lives={3: 60.0})
    supervisor = Supervisor(
        [stand_in(ANSWERS_ONCE, port)], logs=tmp_path, say=lambda _: None, clock=clock
    )

    assert pauses_of(supervisor, clock) == [0.5, 1, 2, 0.5, 1]


def test_a_process_that_never_answers_is_given_up(tmp_path: Path, port: int) -> None:
    """
    Something that cannot start is not tried for ever: the end names it and its log.
    """
    clock = FakeClock(pauses=10)
    supervisor = Supervisor(
        [stand_in("exit('no such model')", port)], logs=tmp_path, say=lambda _: None, clock=clock
    )

    wanted = r"(?s)ended with code 1, 5 times in a row.*stand-in.log.*no such model"
    with pytest.RaisesGroup(pytest.RaisesExc(NeverReady, match=wanted)):
        asyncio.run(supervisor.run())
    assert clock.pauses == [0.5, 1, 2, 4]


def test_a_process_that_nobody_calls_is_up_when_it_stays(tmp_path: Path, port: int) -> None:
    """
    It listens nowhere; dying at once still counts as never having worked.
    """
    stays, dies = (
        replace(stand_in(script, port), health_url=None)
        for script in ("import time; time.sleep(60)", "exit('no such queue')")
    )

    async def comes_up() -> None:
        supervisor = Supervisor([stays], logs=tmp_path, say=lambda _: None)
        running = asyncio.create_task(supervisor.run())
        await asyncio.wait_for(supervisor.ready(), 10)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)

    asyncio.run(comes_up())
    with pytest.RaisesGroup(pytest.RaisesExc(NeverReady, match="no such queue")):
        asyncio.run(Supervisor([dies], logs=tmp_path, say=lambda _: None).run())


def test_a_killed_process_comes_back(tmp_path: Path, port: int) -> None:
    """
    After kill -9 another process answers at the same address, and one line tells of each event.
    """
    said: asyncio.Queue[str] = asyncio.Queue()

    async def scene() -> tuple[list[str], set[int]]:
        supervisor = Supervisor([stand_in(SERVES, port)], logs=tmp_path, say=said.put_nowait)
        running = asyncio.create_task(supervisor.run())
        await asyncio.wait_for(supervisor.ready(), 10)
        first = await answering_process(port)
        os.kill(first, signal.SIGKILL)
        lines = [await asyncio.wait_for(said.get(), 10) for _ in range(2)]
        second = await answering_process(port)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        return lines, {first, second}

    (died, back), processes = asyncio.run(scene())

    assert died.startswith("stand-in was ended by signal 9 (Killed); next try in 0.5 s")
    assert back.startswith("stand-in is back after")
    assert len(processes) == 2


async def answering_process(port: int) -> int:
    async with aiohttp.request("GET", f"http://127.0.0.1:{port}/") as answer:
        return int(await answer.text())


@pytest.fixture
def house(tmp_path: Path, port: int) -> Iterator[subprocess.Popen[str]]:
    """A supervisor in a process of its own, once its stubborn family is up."""
    script = "import os\n" + STUBBORN + SERVES
    command = [sys.executable, "-c", HOUSE, str(port), script, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as house:
        assert house.stdout
        for line in house.stdout:
            if "WELCOME" in line:
                break
        yield house
        house.kill()


def family(logs: Path) -> list[int]:
    """Handles of the stand-in and its child, by which their end can be waited for."""
    line = (logs / "stand-in.log").read_text().splitlines()[0]

    return [os.pidfd_open(int(pid)) for pid in line.removeprefix("family ").split()]


def ended(process: int) -> bool:
    """Whether that process ends; a generous limit instead of a guess how long it takes."""
    readable, _, _ = select.select([process], [], [], 10)

    return bool(readable)


@linux_only
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_leaves_nothing_behind(
    house: subprocess.Popen[str], tmp_path: Path, number: signal.Signals
) -> None:
    """
    Ctrl-C, SIGTERM or a closed terminal: whole families end, even stubborn ones; exit code 0.
    """
    members = family(tmp_path)

    # The terminal, make and timeout each send theirs.
    house.send_signal(number)
    house.send_signal(signal.SIGTERM)

    assert house.wait(10) == 0
    assert all(ended(member) for member in members)


@linux_only
def test_kill_9_of_the_supervisor_leaves_no_process_behind(
    house: subprocess.Popen[str], tmp_path: Path
) -> None:
    """
    A supervisor that cannot clean up takes its processes with it all the same.
    """
    process, child = family(tmp_path)

    house.kill()

    assert ended(process)
    # What our processes start is theirs to end; the stand-in's child is ours to remove.
    signal.pidfd_send_signal(child, signal.SIGKILL)


@linux_only
def test_a_child_of_a_dead_parent_does_not_start(tmp_path: Path) -> None:
    """
    A supervisor that dies before the kernel knows whose end to watch leaves nothing either.
    """
    somebody_else = "1"
    program = [sys.executable, "-c", f"open({str(tmp_path / 'ran')!r}, 'w')"]

    done = subprocess.run(
        [sys.executable, LEASH, somebody_else, *program], capture_output=True, text=True
    )

    assert "is gone" in done.stderr
    assert not (tmp_path / "ran").exists()


def test_a_missing_program_is_named() -> None:
    """
    A program that is not there is named in the log, with the reason.
    """
    done = subprocess.run(
        [sys.executable, LEASH, str(os.getpid()), "no-such-program"], capture_output=True, text=True
    )

    assert done.returncode == 1
    assert done.stderr.strip() == "no-such-program cannot be started: No such file or directory"


def test_a_large_log_is_put_aside(tmp_path: Path) -> None:
    """
    A log beyond the limit becomes NAME.1 at the next start, a small one is continued.
    """
    log = tmp_path / "web.log"
    log.write_bytes(b"x" * LOG_LIMIT)
    put_aside(log)
    assert log.stat().st_size == LOG_LIMIT

    log.write_bytes(b"x" * (LOG_LIMIT + 1))
    put_aside(log)

    assert not log.exists()
    assert (tmp_path / "web.log.1").stat().st_size == LOG_LIMIT + 1
