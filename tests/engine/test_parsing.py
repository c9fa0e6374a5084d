"""The program `python -m bot.engine.parsing`: its pipes, its signals, its last words."""

import json
import os
import signal
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import IO, Any

import pytest

from bot.engine.parsing import LONGEST_LINE

REAL = ("-m", "bot.engine.parsing")
# The program with a model that takes no seconds to load and answers with the line itself.
QUICK = """
import json, sys, types
from bot.engine.parsing import main

class Echo:
    def parse(self, lines):
        print("a library prints")
        texts = [None if line is None else line.decode() for line in lines]
        return [json.dumps(text).encode() + b"\\n" for text in texts]

sys.modules["bot.engine.understanding"] = types.SimpleNamespace(load=lambda *_, **__: Echo())
main(sys.argv[1:])
"""
PRINTED = "a library prints\n"


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """What looks like a model from outside."""
    (tmp_path / "metadata.json").write_text("{}")
    archive = tmp_path / "model.tar.gz"
    with tarfile.open(archive, "w:gz") as tar:
        tar.add(tmp_path / "metadata.json", "metadata.json")
    return archive


def start(
    model: Path, *arguments: str, stdout: int | IO[bytes] = subprocess.PIPE
) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-c", QUICK, "--model", str(model), *arguments],
        stdin=subprocess.PIPE,
        stdout=stdout,
        stderr=subprocess.PIPE,
    )


def ask(program: "subprocess.Popen[bytes]", line: str) -> Any:
    assert program.stdin
    assert program.stdout
    program.stdin.write(line.encode() + b"\n")
    program.stdin.flush()
    return json.loads(program.stdout.readline())


def test_a_real_model_answers_line_by_line(model: Path) -> None:
    """
    Stdout holds JSON and nothing else, stderr nothing at all; the last line needs no end.
    """
    longest = b"a" * LONGEST_LINE
    given = b"\n".join([b"hello there", b"", b"\xff", longest + b"a", longest, b"many thanks"])

    command = [sys.executable, *REAL, "--model", str(model), "--today", "2026-03-20"]
    ended = subprocess.run(command, input=given, capture_output=True, check=False)

    heard = [json.loads(line) for line in ended.stdout.splitlines()]
    assert [one.get("intent", one.get("line")) for one in heard[:4]] == [
        "greet", "nlu_fallback", 3, 4,
    ]  # fmt: skip
    assert heard[4]["text"].startswith("aaa")
    assert heard[5]["intent"] == "thanks"
    assert len(heard) == 6
    assert ended.stderr == b""
    assert ended.returncode == 0


def test_more_lines_than_a_pipe_holds_are_answered_in_order(archive: Path) -> None:
    """
    Each at its place, also the one that is too long.
    """
    lines = [*(str(number) for number in range(20_000)), "x" * (LONGEST_LINE + 1), "last"]

    with start(archive) as program:
        out, _ = program.communicate("\n".join(lines).encode())

    assert [json.loads(line) for line in out.splitlines()] == [*lines[:20_000], None, "last"]


def test_what_a_library_prints_is_no_answer(archive: Path) -> None:
    """
    It goes to stderr.
    """
    with start(archive) as program:
        out, err = program.communicate(b"hello\n")

    assert out == b'"hello"\n'
    assert err.decode() == PRINTED


def test_who_types_is_answered_at_once_until_ctrl_c(archive: Path) -> None:
    """
    Before the next line is written; the end is one word and no traceback.
    """
    with start(archive) as program:
        assert [ask(program, text) for text in ("hello", "thanks")] == ["hello", "thanks"]
        program.send_signal(signal.SIGINT)
        assert program.wait(30) == 130
        assert program.stderr
        assert program.stderr.read().decode().endswith("Stopped.\n")


def test_a_reader_that_goes_ends_the_program_in_silence(archive: Path) -> None:
    """
    As `| head -1` does with any program.
    """
    with start(archive) as program:
        ask(program, "hello")
        assert program.stdout
        program.stdout.close()
        assert program.stdin
        program.stdin.write(b"are you there?\n")
        program.stdin.flush()
        assert program.wait(30) == -signal.SIGPIPE
        assert program.stderr
        assert program.stderr.read().decode() == PRINTED * 2


def test_a_full_disk_is_said(archive: Path) -> None:
    """
    In one line.
    """
    with Path("/dev/full").open("wb") as full, start(archive, stdout=full) as program:
        _, err = program.communicate(b"hello\n")

    assert program.returncode == 1
    assert err.decode() == f"{PRINTED}Reading or writing failed: {os.strerror(28)}\n"


def test_no_stdin_is_said(archive: Path) -> None:
    """
    In one line, too.
    """
    command = ["sh", "-c", '"$@" <&-', "sh", sys.executable, "-c", QUICK, "--model", archive]

    ended = subprocess.run(command, capture_output=True, check=False)

    assert ended.returncode == 1
    assert ended.stderr.startswith(b"Reading or writing failed: ")
    assert ended.stdout == b""


@pytest.mark.parametrize("command", [REAL, ("-c", QUICK)], ids=["real", "quick"])
def test_a_model_that_is_not_there_is_one_line(tmp_path: Path, command: "tuple[str, ...]") -> None:
    """
    And does not take the seconds of Rasa's import.
    """
    missing = str(tmp_path / "missing.tar.gz")

    ended = subprocess.run(
        [sys.executable, *command, "--model", missing], capture_output=True, check=False
    )

    assert ended.returncode == 2
    assert ended.stderr.decode() == f"{missing} cannot be read: {os.strerror(2)}\n"


def test_a_day_that_is_none_is_refused(archive: Path) -> None:
    """
    Rather than taken for today.
    """
    with start(archive, "--today", "the 3rd") as program:
        _, err = program.communicate()

    assert program.returncode == 2
    assert b"--today" in err
