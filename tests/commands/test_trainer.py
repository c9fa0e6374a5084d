"""`makegood trainer` as a process: one a house, and gone in time when it is told to."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.settings import ROOT
from bot.store.migrate import migrate

PATIENCE = 60


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """A house of its own with an empty database."""
    migrate(f"sqlite:///{tmp_path / 'makegood.db'}")

    return {**os.environ, "MAKEGOOD_STATE": str(tmp_path), "PYTHONPATH": str(ROOT)}


def start(environment: dict[str, str]) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "bot.cli", "trainer"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.fixture
def trainer(environment: dict[str, str], tmp_path: Path) -> Iterator["subprocess.Popen[str]"]:
    """One that is at work."""
    process = start(environment | {"MAKEGOOD_LOG_LEVEL": "INFO"})
    try:
        assert process.stderr
        assert "waits" in process.stderr.readline()
        yield process
    finally:
        process.kill()
        process.wait()


def test_one_a_house(trainer: "subprocess.Popen[str]", environment: dict[str, str]):
    """
    A second says in one line why it does not begin.
    """
    second = start(environment)
    _, said = second.communicate(timeout=PATIENCE)

    assert (second.returncode, said.count("\n")) == (2, 1)
    assert said.startswith("A trainer works for this house already")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_when_it_is_told_to(trainer: "subprocess.Popen[str]", number: signal.Signals):
    """
    Without a complaint.
    """
    trainer.send_signal(number)
    _, said = trainer.communicate(timeout=PATIENCE)

    assert (trainer.returncode, said) == (0, "")
