"""Units of work over a database: one writer at a time, in the order in which they came."""

import os
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from bot.store.database import open_database, reading, writing

SECONDS = 10.0
COUNT = sa.text("SELECT value FROM counter")
RAISE = sa.text("UPDATE counter SET value = value + 1")


@pytest.fixture
def counter(database_url: str) -> Iterator[Engine]:
    """A database in which writers count."""
    engine = counting(database_url)
    yield engine
    engine.dispose()


def counting(url: str) -> Engine:
    """A database with a number in it."""
    engine = open_database(url)
    with writing(engine) as db:
        db.execute(sa.text("CREATE TABLE counter (value INTEGER)"))
        db.execute(sa.text("INSERT INTO counter VALUES (0)"))
    return engine


def value(engine: Engine) -> object:
    """What was counted."""
    with reading(engine) as db:
        return db.execute(COUNT).scalar_one()


def test_nothing_stands_of_what_broke(counter: Engine):
    """
    A unit stands as a whole or not at all, and lets the next one write.
    """
    with pytest.raises(RuntimeError), writing(counter) as db:
        db.execute(RAISE)
        raise RuntimeError

    with writing(counter) as db:
        db.execute(RAISE)
    assert value(counter) == 1


def test_many_writers_all_get_their_turn(counter: Engine):
    """
    None gives up waiting, none overwrites another.
    """

    def write(_: int) -> None:
        with writing(counter) as db:
            db.execute(RAISE)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(80), timeout=SECONDS))

    assert value(counter) == 80


def test_readers_wait_for_nobody(counter: Engine):
    """
    They see what stood before, while somebody writes.
    """
    with writing(counter) as db:
        db.execute(RAISE)
        assert value(counter) == 0


def test_the_next_writer_begins_when_the_first_is_done(tmp_path: Path):
    """
    On SQLite they stand in line; the second has not even begun.
    """
    engine = counting(f"sqlite:///{tmp_path}/counter.db")
    done: list[str] = []
    started = Event()

    def second() -> None:
        started.set()
        with writing(engine):
            done.append("second")

    with ThreadPoolExecutor(1) as pool:
        with writing(engine):
            waiting = pool.submit(second)
            assert started.wait(SECONDS)
            done.append("first")
        waiting.result(SECONDS)

    assert done == ["first", "second"]


def test_a_writer_that_is_killed_stands_in_nobodys_way(tmp_path: Path):
    """
    What it had written is gone, and its place in the line with it.
    """
    engine = counting(f"sqlite:///{tmp_path}/counter.db")
    engine.dispose()
    child = os.fork()
    if child == 0:
        with writing(engine) as db:
            db.execute(RAISE)
            os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(child, 0)

    with writing(engine) as db:
        db.execute(RAISE)
    assert value(engine) == 1


def test_a_database_in_memory_needs_no_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """
    Nobody else can write to it, and it has no place where a line could be.
    """
    monkeypatch.chdir(tmp_path)

    assert value(counting("sqlite://")) == 0
    assert list(tmp_path.iterdir()) == []
