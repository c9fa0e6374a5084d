"""
Messages in, what the model makes of them out: `python -m bot.engine.parsing --model PATH`.

A message a line on stdin, a JSON object a line on stdout, in the same order. Nothing else reaches
stdout: what libraries print goes to stderr. What is wrong with one line is said on its line; what
is wrong with the model or the call is one line on stderr and a code.
"""

import argparse
import fcntl
import logging
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from types import FrameType
from typing import NoReturn, Optional

from bot.engine.archives import NoModel, check_archive
from bot.engine.lines import read_lines
from bot.engine.without_tensorflow import leave_out_tensorflow

FAILED = 1
WRONG_CALL = 2
"""The code of a call that names no model or no day, as argparse has it."""
LONGEST_LINE = 49_999
"""Bytes; a line of 50 kB is no buyer's message but a file that has lost its line ends."""

_STDIN, _STDOUT, _STDERR = 0, 1, 2


def main(arguments: Sequence[str]) -> None:
    """Answer stdin line by line until it ends."""
    signal.signal(signal.SIGINT, _on_interrupt)
    # `| head -1` ends us in silence, as it ends any other program in a pipe.
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    options = _options(arguments)
    try:
        check_archive(options.model)
        out = _keep_stdout()
        for answer in _parse_stdin(options.model, options.today, options.vectors):
            _write(out, answer)
    except NoModel as error:
        _end(WRONG_CALL, str(error))
    except OSError as error:  # stdin is closed, the disk behind stdout is full
        _end(FAILED, f"Reading or writing failed: {error.strerror}")


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bot.engine.parsing", allow_abbrev=False)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--today", type=date.fromisoformat, metavar="YYYY-MM-DD")
    parser.add_argument("--vectors", action="store_true", help="what each means, as numbers")
    return parser.parse_args(arguments)


def _keep_stdout() -> int:
    """Stdout for the answers alone; whatever prints there from here on prints to stderr."""
    # Never in the place of a stdin that is closed.
    out = fcntl.fcntl(_STDOUT, fcntl.F_DUPFD_CLOEXEC, _STDERR + 1)
    os.dup2(_STDERR, _STDOUT)
    return out


def _parse_stdin(model: Path, today: Optional[date], vectors: bool) -> Iterator[bytes]:
    """Load the model; then the answer to each line as it comes in."""
    logging.basicConfig(stream=sys.stderr, level=logging.ERROR, format="%(message)s")
    # Rasa's libraries warn of one another's age, and set filters of their own. TensorFlow, which
    # Rasa imports whatever the pipeline is, misses a graphics card.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    logging.captureWarnings(True)
    logging.getLogger("py.warnings").setLevel(logging.ERROR)
    leave_out_tensorflow()
    from bot.engine.understanding import load

    understanding = load(model, today=today, vectors=vectors)
    for lines in read_lines(partial(os.read, _STDIN), LONGEST_LINE):
        yield from understanding.parse(lines)


def _write(out: int, answer: bytes) -> None:
    """All of it, unbuffered: who waits at the other end gets every answer there is."""
    while answer:
        answer = answer[os.write(out, answer) :]


def _on_interrupt(_number: int, _frame: Optional[FrameType]) -> None:
    """Ctrl-C, at any point of the start or the work, ends us as the shell expects."""
    _end(128 + signal.SIGINT, "Stopped.")


def _end(code: int, why: str) -> NoReturn:
    sys.stderr.write(f"{why}\n")
    sys.exit(code)


if __name__ == "__main__":
    main(sys.argv[1:])
