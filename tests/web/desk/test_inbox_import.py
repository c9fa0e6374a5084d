"""A file of messages that is sent from the page."""

import asyncio
import gzip
import os
import sys
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

from bot.casework.agents import Role
from bot.supervision.processes import Program
from tests.web.desk.conftest import SignIn
from tests.web.front import PATIENCE, Front

pytestmark = pytest.mark.anyio

READER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from bot.teaching.collecting import Collected
from bot.teaching.importing import Import, ImportState, note_import
state, file, name, by = sys.argv[1:]
open(Path(state) / "go").read()
Path(file).unlink()
note_import(Path(state), Import(file=name, by=by, at=datetime.now(UTC), state=ImportState.DONE,
                                total=2, told=Collected(2, 2)))
"""
"""Plays the program that reads a file in, once it may."""


@pytest.fixture
def state(front: Front, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The state folder; the program waits for somebody to write into its file `go`."""

    def program(settings, file: Path, name: str, by: str) -> Program:
        given = (str(settings.state_dir), str(file), name, by)
        return Program(
            command=(sys.executable, "-c", READER, *given), env=dict(os.environ), folder=Path.cwd()
        )

    monkeypatch.setattr("bot.web.desk.inbox_import.import_program", program)
    os.mkfifo(front.app.state.desk.settings.state_dir / "go")

    return front.app.state.desk.settings.state_dir


async def send(kim, content: bytes, name: str = "said.txt"):
    files = {"file": (name, content)}

    return await kim.http.post("/api/desk/inbox/import", files=files, headers=kim.csrf)


async def test_a_file_is_read_in_the_background(front: Front, colleague: SignIn, state: Path):
    """
    One at a time, with how far it has come.
    """
    kim = await colleague(Role.TRAINER, name="Kim Doe")
    assert (await kim.get("inbox/import")).json() == {"latest": None}
    sent = await send(kim, b"where is it\nit broke\n")
    again = await send(kim, b"and more\n")

    assert (sent.status_code, sent.json()["state"], sent.json()["total"]) == (202, "running", 2)
    assert (again.status_code, again.json()["code"]) == (409, "import_running")
    assert len(list((state / "imports").iterdir())) == 1
    await asyncio.to_thread((state / "go").write_text, "go")
    async with asyncio.timeout(PATIENCE):
        while (now := (await kim.get("inbox/import")).json()["latest"])["state"] == "running":
            pass
    assert (now["file"], now["by"], now["new"]) == ("said.txt", "Kim", 2)
    assert list((state / "imports").iterdir()) == []


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("mine.csv", b"id,name\n1,Kim\n", "mine.csv has the columns id, name"),
        ("mine.xlsx.csv", b"PK\x03\x04\0", "mine.xlsx.csv is an archive or a workbook"),
        ("../../etc/mine.txt", b"", "mine.txt is empty"),
        ("mine.txt", "где".encode("utf-16"), "mine.txt is UTF-16"),
        ("mine.csv", "Сообщение;Дата\nгде;1\n".encode("cp1251"), "mine.csv is not UTF-8"),
        ("mine.csv", b"\xef\xbb\xbf", "mine.csv has no message"),
        ("mine.tsv", b"x" * 200_000, "mine.tsv, line 1: field larger"),
        ("mine.gz.csv", gzip.compress(b"text\nwhere is it\n" * 1000), "mine.gz.csv is no text"),
    ],
)
async def test_what_cannot_be_read_is_told_at_once(
    colleague: SignIn, state: Path, name: str, content: bytes, words: str
):
    """
    And nothing is kept of it.
    """
    kim = await colleague(Role.TRAINER)
    answer = await send(kim, content, name)

    assert (answer.status_code, answer.json()["code"]) == (422, "unreadable_file")
    assert answer.json()["detail"].startswith(words)
    assert list((state / "imports").iterdir()) == []
    assert (await kim.get("inbox/import")).json() == {"latest": None}


async def test_what_is_too_large_is_not_taken(colleague: SignIn, state: Path):
    """
    By the length that it says, before it is read.
    """
    kim = await colleague(Role.TRAINER)
    answer = await send(kim, b"x" * 51_000_000)

    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    assert "50 MB" in answer.json()["detail"]


async def test_100_megabytes_without_a_length(colleague: SignIn, state: Path):
    """
    What does not say how long it is, is refused all the same, and nothing is kept of it.
    """
    kim = await colleague(Role.TRAINER)

    async def pieces() -> AsyncIterator[bytes]:
        yield b'--x\r\ncontent-disposition: form-data; name="file"; filename="a.txt"\r\n\r\n'
        for _ in range(100):
            yield b"where is it\n" * 83_334
        yield b"--x--\r\n"

    headers = kim.csrf | {"content-type": "multipart/form-data; boundary=x"}
    with suppress(httpx.WriteError):  # the server may hang up first
        answer = await kim.http.post("/api/desk/inbox/import", content=pieces(), headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    assert (await kim.get("inbox/import")).json() == {"latest": None}
    assert not (state / "imports").exists()


async def test_no_file(colleague: SignIn, state: Path):
    """
    A form without it.
    """
    kim = await colleague(Role.TRAINER)
    answer = await kim.http.post(
        "/api/desk/inbox/import", files={"other": ("a.txt", b"a")}, headers=kim.csrf
    )

    assert (answer.status_code, answer.json()["code"]) == (422, "no_file")
