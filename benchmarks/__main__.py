"""
`make bench`: our house and stock Rasa in one run, on this machine.

Every part can be run alone (`python -m benchmarks.understanding`, `.traffic`, `.turns`,
`.replay`), or several of them with `--only`.
"""

import argparse
import sys
import tempfile
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from benchmarks import parsing, replay, traffic, turns, understanding
from benchmarks.pace import Pace, add_options, to_pace
from bot.obstacles import Obstacle

PARTS: Mapping[str, Callable[[Pace], None]] = {
    "turns": lambda _pace: measure_turns(),
    "replay": lambda _pace: measure_replay(),
    "parsing": lambda _pace: measure_parsing(),
    **{part: partial(understanding.measure, part) for part in understanding.PARTS},
    "traffic": traffic.measure,
}
"""The quick ones first; traffic needs the model that `project` has trained, or trains it."""


def main() -> None:
    """Measure part after part; each prints when it is done."""
    asked = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    asked.add_argument("--only", nargs="+", choices=[*PARTS], default=[*PARTS], metavar="PART")
    add_options(asked)
    given = asked.parse_args()
    for number, part in enumerate(given.only, start=1):
        print(f"[{number}/{len(given.only)}] {part}", file=sys.stderr, flush=True)
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


def measure_parsing() -> None:
    """Single messages, bad ones too, and a thousand lines through `makegood parse`."""
    with tempfile.TemporaryDirectory() as folder:
        parsing.show(*parsing.measure(Path(folder)))


if __name__ == "__main__":
    main()
