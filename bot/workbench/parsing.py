"""The program in Rasa's environment that says what a model makes of messages."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from typing import IO, NoReturn

from bot.obstacles import Obstacle
from bot.supervision.aside import standing_aside
from bot.training import RasaProject


class CannotParse(Obstacle):
    """The messages could not be read; the text is what the program said last."""


def become_parser(project: RasaProject, model: Path, today: date | None) -> NoReturn:
    """
    Be that program from here on, with our stdin and stdout.

    Ctrl-C, a closed pipe and the exit code then need no middleman. `model` is absolute.
    """
    command = _command(project, model, today)
    sys.stdout.flush()
    sys.stderr.flush()
    os.chdir(project.folder)
    try:
        os.execve(command[0], command, dict(project.env))  # noqa: S606 (our own program)
    except OSError as error:
        raise _not_there(command, error) from error


def parse(
    project: RasaProject,
    model: Path,
    messages: Iterable[bytes],
    today: date | None = None,
    *,
    vectors: bool = False,
) -> Iterator[bytes]:
    """
    One line of JSON (docs/PARSING.md) for each message, in their order.

    Both stream: of a million messages a few hundred are on their way at any time. A newline in a
    message is white space. With `vectors` each tells what the message means as numbers, too.
    `CannotParse` if the model is none, or the program dies on the way.
    """
    command = [*_command(project, model, today), *(["--vectors"] if vectors else [])]
    with _running(command, project) as (child, said):
        assert child.stdin
        assert child.stdout
        with ThreadPoolExecutor(1) as feeder:
            feeding = feeder.submit(_feed, child.stdin, messages)
            try:
                yield from (line.rstrip(b"\n") for line in child.stdout)
            except GeneratorExit:
                child.kill()  # or the feeder would wait for it, and we for the feeder
                raise
            feeding.result()  # what went wrong with the messages themselves
        if child.wait() != 0:
            raise CannotParse(_last_line(said))


def _command(project: RasaProject, model: Path, today: date | None) -> list[str]:
    day = ["--today", today.isoformat()] if today else []
    command = (project.rasa[0], "-m", "bot.engine.parsing", "--model", str(model), *day)

    return [*standing_aside(project.priority, command)]


@contextmanager
def _running(
    command: list[str], project: RasaProject
) -> Iterator[tuple[subprocess.Popen[bytes], IO[bytes]]]:
    """The program, and the file that its complaints go to; gone at the end of the block."""
    with tempfile.TemporaryFile() as said:
        try:
            child = subprocess.Popen(  # noqa: S603 (our own program)
                command,
                cwd=project.folder,
                env=dict(project.env),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=said,
            )
        except OSError as error:
            raise _not_there(command, error) from error
        try:
            yield child, said
        finally:
            child.kill()
            child.wait()


def _feed(stdin: IO[bytes], messages: Iterable[bytes]) -> None:
    # The program may end early, and says why by itself.
    with suppress(BrokenPipeError), stdin:
        for message in messages:
            stdin.write(message.replace(b"\n", b" ") + b"\n")


def _not_there(command: list[str], error: OSError) -> CannotParse:
    return CannotParse(f"{command[0]} cannot be started ({error.strerror}): run `make up` once.")


def _last_line(said: IO[bytes]) -> str:
    said.seek(0)
    lines = said.read().decode("utf-8", "replace").strip().splitlines()
    return lines[-1] if lines else "The program that reads messages ended without a word."
