"""The whole house as `make up` starts it, on free ports and with a state folder of its own."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx
import sqlalchemy as sa

from bot.settings import ROOT
from bot.store.database import open_database, reading

START_SECONDS = 240
PATIENCE = 60.0


@dataclass(frozen=True)
class RunningHouse:
    """Where it listens and what it keeps."""

    url: str
    state: Path
    supervisor: subprocess.Popen[bytes]

    def rows(self, table: sa.Table) -> list[dict[str, object]]:
        """All rows of a table, as they stand now."""
        engine = open_database(f"sqlite:///{self.state / 'makegood.db'}")
        try:
            with reading(engine) as db:
                return [dict(row) for row in db.execute(sa.select(table)).mappings()]
        finally:
            engine.dispose()

    def health(self) -> dict[str, str]:
        """What GET /health says now."""
        try:
            found: dict[str, str] = httpx.get(f"{self.url}/health", timeout=10).json()
        except httpx.TransportError:
            return {"status": "down", "web": "down"}
        return found

    def wait_until_healthy(self) -> None:
        """Come back when a buyer can chat."""
        eventually(lambda: self.health()["status"] == "ok", seconds=START_SECONDS)

    def pid_of(self, name: str) -> int:
        """The process of that name, found by its command line among our children."""
        wanted = {
            "rasa": "bot.engine", "actions": "actions", "web": "bot.web", "trainer": "trainer",
        }[name]  # fmt: skip
        for pid in _children(self.supervisor.pid):
            with suppress(FileNotFoundError):  # it may end while we look
                command = Path(f"/proc/{pid}/cmdline").read_bytes().decode().split("\0")
                if wanted in command:
                    return pid
        raise LookupError(f"{name} is not running")

    def kill(self, name: str) -> None:
        """End a process of it with SIGKILL, as a crash would."""
        os.kill(self.pid_of(name), signal.SIGKILL)


@contextmanager
def run_house(state: Path, *, folder: Path = ROOT, **settings: str) -> Iterator[RunningHouse]:
    """A house that is started by `makegood up` in a checkout, and stopped by SIGTERM."""
    ports = {
        "MAKEGOOD_PORT": free_port(),
        "MAKEGOOD_RASA_PORT": free_port(),
        "MAKEGOOD_ACTIONS_PORT": free_port(),
    }
    environment = {
        **os.environ,
        **{name: str(port) for name, port in ports.items()},
        "MAKEGOOD_STATE": str(state),
        **settings,
    }
    log = state.parent / "up.log"
    with log.open("wb") as output:
        supervisor = subprocess.Popen(
            [sys.executable, "-m", "bot.cli", "up"],
            cwd=folder,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    house = RunningHouse(f"http://127.0.0.1:{ports['MAKEGOOD_PORT']}", state, supervisor)
    try:
        house.wait_until_healthy()
        yield house
    finally:
        supervisor.terminate()
        supervisor.wait(30)
        assert _children(supervisor.pid) == []


def eventually(holds: Callable[[], bool], *, seconds: float = PATIENCE) -> None:
    """Come back as soon as it holds; a failure if it does not in time."""
    ends = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > ends:
            raise AssertionError(f"did not come to hold within {seconds} s")
        time.sleep(0.05)


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _children(pid: int) -> list[int]:
    found = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False
    )
    own = [int(child) for child in found.stdout.split()]

    return own + [below for child in own for below in _children(child)]
