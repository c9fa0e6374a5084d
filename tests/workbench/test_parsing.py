"""Messages go to Rasa's environment and answers come back; a stand-in answers in its place."""

import itertools
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bot.training import RasaProject
from bot.workbench.parsing import CannotParse, parse

MODEL = Path("/models/any.tar.gz")
ENGINE = """
import json, sys

if "none" in sys.argv[2]:
    print("a warning", file=sys.stderr)
    sys.exit(f"{sys.argv[2]} is no model")
for line in sys.stdin.buffer:
    if line == b"die\\n":
        sys.exit(3)
    print(json.dumps({"line": line.decode(), "told": sys.argv[1:]}), flush=True)
"""
BECOME = """
import os, sys
from pathlib import Path
from bot.training import RasaProject
from bot.workbench.parsing import become_parser

folder = Path(sys.argv[1])
project = RasaProject(folder=folder, logs=folder, rasa=(sys.executable,), env=os.environ)
become_parser(project, Path("/models/any.tar.gz"), None)
"""


@pytest.fixture
def project(tmp_path: Path) -> RasaProject:
    engine = tmp_path / "bot" / "engine"
    engine.mkdir(parents=True)
    (tmp_path / "bot" / "__init__.py").touch()
    (engine / "__init__.py").touch()
    (engine / "parsing.py").write_text(ENGINE)

    return RasaProject(
        folder=tmp_path, logs=tmp_path / "logs", rasa=(sys.executable, "-m", "any"), env=os.environ
    )


def lines(answers: Iterator[bytes]) -> list[str]:
    return [json.loads(answer)["line"] for answer in answers]


def test_each_message_has_its_answer(project: RasaProject) -> None:
    """
    In their order; a newline within a message does not make two of it.
    """
    answers = parse(project, MODEL, [b"one", b"two\nlines", b"", "три".encode()])

    assert lines(answers) == ["one\n", "two lines\n", "\n", "три\n"]


def test_no_message_no_answer(project: RasaProject) -> None:
    """
    Nothing in, nothing out, no complaint.
    """
    assert list(parse(project, MODEL, [])) == []


@pytest.mark.parametrize(
    ("today", "told"), [(None, []), (date(2026, 3, 20), ["--today", "2026-03-20"])]
)
def test_the_program_is_told_the_model_and_the_day(
    project: RasaProject, today: date | None, told: list[str]
) -> None:
    """
    Without a day the program takes its own.
    """
    (answer,) = parse(project, MODEL, [b"one"], today)

    assert json.loads(answer)["told"] == ["--model", str(MODEL), *told]


def test_messages_without_end_stream(project: RasaProject) -> None:
    """
    Answers come while messages are still being given, and who has enough may go.
    """
    answers = parse(project, MODEL, (str(number).encode() for number in itertools.count()))

    assert lines(itertools.islice(answers, 3)) == ["0\n", "1\n", "2\n"]
    answers.close()  # type: ignore[attr-defined]


def test_a_model_that_is_none_is_said_in_the_programs_words(project: RasaProject) -> None:
    """
    Its last word, without what libraries said before it.
    """
    with pytest.raises(CannotParse, match=r"^/models/none.tar.gz is no model$"):
        list(parse(project, Path("/models/none.tar.gz"), [b"one"] * 100_000))


def test_a_program_that_dies_on_the_way_is_no_end(project: RasaProject) -> None:
    """
    Fewer answers than messages are an error, not a short list.
    """
    answers = parse(project, MODEL, [b"one", b"die", b"two"])

    assert json.loads(next(answers))["line"] == "one\n"
    with pytest.raises(CannotParse, match="without a word"):
        next(answers)


def test_what_is_wrong_with_the_messages_is_not_swallowed(project: RasaProject) -> None:
    """
    They are read in a thread; its exception is the caller's.
    """

    def messages() -> Iterator[bytes]:
        yield b"one"
        raise LookupError("no more of them")

    with pytest.raises(LookupError, match="no more of them"):
        list(parse(project, MODEL, messages()))


def test_an_environment_that_is_not_there_is_said(project: RasaProject) -> None:
    """
    A clone in which nothing was installed yet.
    """
    bare = replace(project, rasa=("/no/python", "-m", "any"))

    with pytest.raises(CannotParse, match=r"^/no/python cannot be started .* `make up` once\.$"):
        list(parse(bare, MODEL, [b"one"]))


def test_the_command_becomes_the_program(project: RasaProject) -> None:
    """
    Stdin, stdout and the exit code are the program's own.
    """
    became = subprocess.run(
        [sys.executable, "-c", BECOME, project.folder],
        input=b"one\ndie\ntwo\n",
        capture_output=True,
        check=False,
    )

    assert [json.loads(line)["line"] for line in became.stdout.splitlines()] == ["one\n"]
    assert became.returncode == 3
