"""
`make bench`: our house and stock Rasa in one run, on this machine.

Every part can be run alone (`python -m benchmarks.understanding`, `.traffic`, `.turns`,
`.replay`), or several of them with `--only`. Without a word everything is measured but `project`
and `banking77-full`, in which stock Rasa is trained for hours on both cores; that takes about an
hour, most of it two trainings of stock Rasa. `--all` measures them, too.
"""

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from benchmarks import (
    beside_training,
    desk,
    inbox,
    parsing,
    replay,
    search,
    swap,
    traffic,
    turns,
    understanding,
)
from benchmarks.pace import Pace, add_options, add_parts, to_pace, to_parts
from bot.obstacles import Obstacle

PARTS: Mapping[str, Callable[[Pace], None]] = {
    "turns": lambda _pace: measure_turns(),
    "replay": lambda _pace: measure_replay(),
    "search": lambda _pace: measure_search(),
    "parsing": lambda _pace: measure_parsing(),
    "desk": lambda _pace: desk.main(),
    "inbox": lambda _pace: measure_inbox(),
    "training-beside-chats": beside_training.measure,
    "swap": swap.measure,
    **{part: partial(understanding.measure, part) for part in understanding.PARTS},
    "traffic": traffic.measure,
}
"""The quick ones first; traffic takes the stock model that `project-sample` has trained."""


def main() -> None:
    """Measure part after part; each prints when it is done."""
    asked = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    add_parts(asked, PARTS)
    add_options(asked)
    given = asked.parse_args()
    parts = to_parts(given, PARTS)
    for number, part in enumerate(parts, start=1):
        print(f"[{number}/{len(parts)}] {part}", file=sys.stderr, flush=True)
        try:
            PARTS[part](to_pace(given))
        except Obstacle as obstacle:
            sys.exit(str(obstacle))


def measure_turns() -> None:
    """Turns among many orders, without HTTP and without Rasa."""
    with tempfile.TemporaryDirectory() as folder:
        turns.show(turns.measure(Path(folder)))


def measure_replay() -> None:
    """Past cases decided again."""
    with tempfile.TemporaryDirectory() as folder:
        replay.show(replay.measure(f"sqlite:///{folder}/past.db"))


def measure_search() -> None:
    """The desk's search among many conversations."""
    with tempfile.TemporaryDirectory() as folder:
        search.show(search.measure(f"sqlite:///{folder}/search.db"))


def measure_inbox() -> None:
    """The training inbox with 50 000 messages."""
    with tempfile.TemporaryDirectory() as folder:
        inbox.show(*asyncio.run(inbox.measure(Path(folder))))


def measure_parsing() -> None:
    """Single messages, bad ones too, and a thousand lines through `makegood parse`."""
    with tempfile.TemporaryDirectory() as folder:
        parsing.show(*parsing.measure(Path(folder)))


if __name__ == "__main__":
    main()
