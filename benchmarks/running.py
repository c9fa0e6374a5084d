"""The processes that are measured: our house, and stock Rasa beside it."""

import asyncio
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.models import STOCK_RASA, stock_environment
from bot.project import environment_of, rasa_project
from bot.settings import ROOT, Settings
from bot.startup import prepare, processes
from bot.supervision.keeping import SystemClock, until_healthy
from bot.supervision.processes import Process, running
from bot.supervision.steps import Steps

REST_CREDENTIALS = "rest:\n"


@dataclass(frozen=True, slots=True)
class Running:
    """A running system under test: where it listens, and its processes by name."""

    url: str
    pids: dict[str, int]

    def memory(self) -> dict[str, float]:
        """Resident memory of each process with its children, in MB."""
        return {name: memory_of(pid) for name, pid in self.pids.items()}


@asynccontextmanager
async def our_house(state: Path) -> AsyncIterator[Running]:
    """The whole house on free ports, with the demo shop."""
    settings = free_settings(state)
    prepare(settings, Steps())
    model = await rasa_project(settings).train_if_changed()
    async with _all_running(processes(settings, model), state / "logs") as pids:
        yield Running(settings.local_url, pids)


@asynccontextmanager
async def web_alone(settings: Settings) -> AsyncIterator[str]:
    """The web process of our house without a model behind it; its address."""
    command = (sys.executable, "-m", "bot.web")
    web = Process(
        name="web",
        command=command,
        env=environment_of(settings),
        folder=ROOT,
        health_url=f"{settings.local_url}/widget.js",
    )
    async with _all_running((web,), settings.state_dir / "logs"):
        yield settings.local_url


@asynccontextmanager
async def stock_rasa(state: Path, model: Path) -> AsyncIterator[Running]:
    """
    A model of Rasa's default pipeline as Rasa runs it by itself.

    REST channel, its in-memory tracker store, and an action server whose actions only say a
    word: no store, no order, no lease.
    """
    settings = free_settings(state)
    state.mkdir(parents=True, exist_ok=True)
    credentials, endpoints = state / "rest.yml", state / "stock-endpoints.yml"
    credentials.write_text(REST_CREDENTIALS)
    endpoints.write_text(f"action_endpoint:\n  url: {settings.actions_url}/webhook\n")
    rasa = (
        *(*STOCK_RASA, "run", "--model", str(model)),
        *("--credentials", str(credentials), "--endpoints", str(endpoints)),
        *("-i", "127.0.0.1", "-p", str(settings.rasa_port)),
    )
    actions = (
        *(sys.executable, "-m", "rasa_sdk", "--actions", "benchmarks.stock_actions"),
        *("-p", str(settings.actions_port)),
    )
    env = {**stock_environment(), "SANIC_HOST": "127.0.0.1"}
    stock = (
        Process(
            name="rasa", command=rasa, env=env, folder=ROOT, health_url=f"{settings.rasa_url}/"
        ),
        Process(
            name="actions",
            command=actions,
            env=env,
            folder=ROOT,
            health_url=f"{settings.actions_url}/health",
        ),
    )
    async with _all_running(stock, state / "logs") as pids:
        yield Running(settings.rasa_url, pids)


@asynccontextmanager
async def _all_running(wanted: tuple[Process, ...], logs: Path) -> AsyncIterator[dict[str, int]]:
    async with AsyncExitStack() as stack:
        pids = {}
        for process in wanted:
            child = await stack.enter_async_context(
                running(process, log=logs / f"{process.name}.log")
            )
            pids[process.name] = child.pid
        async with asyncio.timeout(180):
            for process in wanted:
                if process.health_url:
                    await until_healthy(process.health_url, SystemClock())
        yield pids


def free_settings(state: Path, project: Path = ROOT) -> Settings:
    """Settings of a house on free ports."""
    web, rasa, actions = (free_port() for _ in range(3))

    return Settings(state=state, project=project, port=web, rasa_port=rasa, actions_port=actions)


def free_port() -> int:
    """A port of this machine that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def memory_of(pid: int) -> float:
    """Resident memory of a process and its children, in MB."""
    return sum(map(_resident, _family(pid)))


def _family(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children")
    found = [int(child) for child in children.read_text().split()] if children.exists() else []

    return [pid, *(member for child in found for member in _family(child))]


def _resident(pid: int) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1000
    return 0.0
