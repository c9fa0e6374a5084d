"""
One child process: started in a group of its own, ended with its whole group.

A group of its own, so that Ctrl-C in the terminal reaches the supervisor only and the
children end in the order and time that it gives them.
"""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from logging.handlers import RotatingFileHandler
from pathlib import Path

LEASH = Path(__file__).with_name("leash.py")
GRACE = 5.0
"""Seconds from SIGTERM to SIGKILL."""
LOG_LIMIT = 5_000_000
"""Bytes from which a log is put aside when its process starts."""
LOGS_KEPT = 3
TAIL_BYTES = 10_000


@dataclass(frozen=True, kw_only=True)
class Program:
    """What to run, where, and with which environment (the whole of it)."""

    command: tuple[str, ...]
    env: Mapping[str, str]
    folder: Path


@dataclass(frozen=True, kw_only=True)
class Process(Program):
    """A program that is meant to run on, and the address that tells whether it works."""

    name: str
    health_url: str | None
    """Answers 200 once the process can do its work; None for one that nobody calls."""


@asynccontextmanager
async def running(
    program: Program, *, log: Path, grace: float = GRACE
) -> AsyncIterator[asyncio.subprocess.Process]:
    """
    The started program; at the end of the block it is gone, with everything it started.

    What it prints goes to the end of `log`.
    """
    put_aside(log)
    with log.open("ab") as output:
        child = await asyncio.create_subprocess_exec(
            *(sys.executable, "-I", "-S", str(LEASH), str(os.getpid())),
            *program.command,
            env=program.env,
            cwd=program.folder,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=output,
            stderr=asyncio.subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield child
    finally:
        await _end(child, grace)


def put_aside(log: Path) -> None:
    """Keep a log that has grown large as `NAME.1` and so on, and begin a new one."""
    log.parent.mkdir(parents=True, exist_ok=True)
    if log.exists() and log.stat().st_size > LOG_LIMIT:
        RotatingFileHandler(log, backupCount=LOGS_KEPT, delay=True).doRollover()


def how_it_ended(code: int) -> str:
    """The end of a process in words: its exit code, or the signal that ended it."""
    if code >= 0:
        return f"ended with code {code}"

    return f"was ended by signal {-code} ({signal.strsignal(-code)})"


def tail(log: Path, lines: int) -> str:
    """The last lines of a log, each set in a little, as they are shown to a person."""
    with log.open("rb") as file:
        file.seek(-min(TAIL_BYTES, log.stat().st_size), os.SEEK_END)
        written = file.read().decode("utf-8", "replace").splitlines()

    return "\n".join(f"    {line}" for line in [line for line in written if line.strip()][-lines:])


async def _end(child: asyncio.subprocess.Process, grace: float) -> None:
    try:
        _signal_group(child, signal.SIGTERM)
        with suppress(TimeoutError):
            await asyncio.wait_for(child.wait(), grace)
    finally:  # also when a second Ctrl-C cancels the wait
        _signal_group(child, signal.SIGKILL)
        await child.wait()


def _signal_group(child: asyncio.subprocess.Process, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.killpg(child.pid, number)
