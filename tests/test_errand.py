"""Programs beside the house: one at a time, out of the way, gone with us."""

import logging
import os
import sys
import threading
from pathlib import Path

import pytest

from bot.supervision.errand import Errand
from bot.supervision.processes import Program

PATIENCE = 20.0


def program(code: str, folder: Path) -> Program:
    return Program(command=(sys.executable, "-c", code), env=dict(os.environ), folder=folder)


@pytest.fixture
def errand(tmp_path: Path) -> Errand:
    return Errand("the errand", tmp_path / "logs" / "errand.log")


def test_it_runs_at_the_lowest_priority(errand: Errand, tmp_path: Path):
    code = "import os; open('nice', 'w').write(str(os.nice(0))); print('done')"
    assert errand.start(program(code, tmp_path))

    assert errand.wait(PATIENCE)
    assert (tmp_path / "nice").read_text() == "19"
    assert (tmp_path / "logs" / "errand.log").read_text() == "done\n"


def test_one_at_a_time(errand: Errand, tmp_path: Path):
    """
    Who comes meanwhile is told so; afterwards it may run again.
    """
    os.mkfifo(tmp_path / "go")
    assert errand.start(program("open('go').read()", tmp_path))
    assert errand.is_running
    assert not errand.start(program("", tmp_path))

    (tmp_path / "go").write_text("go")
    assert errand.wait(PATIENCE)
    assert errand.start(program("", tmp_path))
    assert errand.wait(PATIENCE)


def test_a_failure_is_logged_and_the_next_one_runs(
    errand: Errand, tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    ended: list[int] = []
    with caplog.at_level(logging.ERROR):
        errand.start(program("raise SystemExit('no model')", tmp_path), ended.append)
        assert errand.wait(PATIENCE)

    assert "the errand ended with code 1" in caplog.text
    assert "no model" in caplog.text
    assert ended == [1]
    assert errand.start(program("", tmp_path), ended.append)
    assert errand.wait(PATIENCE)
    assert ended == [1, 0]


def test_what_cannot_be_started_is_a_failure(
    errand: Errand, tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    errand.start(program("", tmp_path / "nowhere"))

    assert errand.wait(PATIENCE)
    assert "could not be started" in caplog.text


def test_it_ends_with_the_house(errand: Errand, tmp_path: Path):
    """
    And is not begun again.
    """
    os.mkfifo(tmp_path / "up")
    code = "open('up', 'w').write(str(__import__('os').getpid())); import time; time.sleep(600)"
    begun: list[str] = []
    reader = threading.Thread(target=lambda: begun.append((tmp_path / "up").read_text()))
    reader.start()
    errand.start(program(code, tmp_path))
    reader.join(PATIENCE)
    errand.stop()

    assert not errand.is_running
    with pytest.raises(ProcessLookupError):
        os.kill(int(begun[0]), 0)
    assert not errand.start(program("", tmp_path))
