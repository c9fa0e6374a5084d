"""
How long the model takes over a message: `python -m benchmarks.parsing` (a part of `make bench`).

A message is measured from the moment it is written to the warm program of `makegood parse` until
its answer is read, one at a time, with the program held to one core. The messages are those of
the development set that have about twelve words; the bad input is that of the tests.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from time import perf_counter

from ruamel.yaml import YAML

from benchmarks.figures import Spread, percentile, print_table
from bot.project import rasa_project
from bot.settings import ROOT, Settings
from bot.supervision.steps import Steps
from tests.engine.bad_input import BAD_INPUT

ROUNDS = 5
WORDS = range(11, 14)
LINES = 1000

type Ask = Callable[[str], float]
"""The milliseconds to a message's answer."""


def main() -> None:
    """Measure, and print what was measured."""
    with tempfile.TemporaryDirectory() as folder:
        show(*measure(Path(folder)))


def measure(state: Path) -> tuple[dict[str, Spread], dict[str, Spread]]:
    """Figures by name, and the milliseconds of each kind of bad input."""
    command, env = _program(state)
    texts = _development_set()
    twelve = [text for text in texts if len(text.split()) in WORDS]
    figures: dict[str, list[float]] = {}
    bad: dict[str, list[float]] = {}
    with _asking(command, env) as ask:
        for text in texts[:200]:
            ask(text)  # warm
        for _ in range(ROUNDS):
            times = [ask(text) for text in twelve]
            figures.setdefault("a message of 12 words, p50 ms", []).append(median(times))
            figures.setdefault("a message of 12 words, p95 ms", []).append(percentile(times, 95))
            for name, text in BAD_INPUT.items():
                if name != "a lone surrogate":  # no UTF-8 can say it
                    bad.setdefault(name, []).append(ask(text))
            print(".", end="", file=sys.stderr, flush=True)
    for _ in range(ROUNDS):
        took = _whole(command, env, [texts[at % len(texts)] for at in range(LINES)])
        figures.setdefault(f"{LINES} lines with the start, s", []).append(took)
        print(".", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)

    return _spread(figures), _spread(bad)


def show(figures: dict[str, Spread], bad: dict[str, Spread]) -> None:
    """The figures, and the worst of the bad input."""
    worst = sorted(bad.items(), key=lambda item: -item[1].middle)[:5]
    rows = [[name, str(spread)] for name, spread in figures.items()]
    rows += [[f"bad input, {name}, ms", str(spread)] for name, spread in worst]
    title = f"makegood parse on one core, {ROUNDS} rounds: median (range)"
    print_table(title, ("figure", "value"), rows)


def _program(state: Path) -> tuple[list[str], dict[str, str]]:
    """The program with the model of the present inputs, as `makegood parse` starts it."""
    project = rasa_project(Settings(state=state))
    command = [sys.executable, "-m", "bot.cli", "parse", "--model", str(project.model)]
    if not project.model.exists():
        with Steps().step("Train the Rasa model"):
            subprocess.run([sys.executable, "-m", "bot.cli", "train"], cwd=ROOT, check=True)

    return command, dict(project.env)


def _development_set() -> list[str]:
    """Its messages, without the marks of entities."""
    content = YAML(typ="safe").load((ROOT / "tests" / "nlu" / "dev_en.yml").read_text("utf-8"))
    return [
        line.removeprefix("- ").replace("[", "").split("](")[0]
        for block in content["nlu"]
        for line in block["examples"].splitlines()
    ]


@contextmanager
def _asking(command: Sequence[str], env: dict[str, str]) -> Iterator[Ask]:
    """The program, started and asked once."""
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env=env,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        preexec_fn=_stay_on_one_core,  # there is no other thread
    ) as program:
        assert program.stdin
        assert program.stdout

        def ask(text: str) -> float:
            line = text.replace("\n", " ").encode() + b"\n"
            begun = perf_counter()
            program.stdin.write(line)
            program.stdin.flush()
            answer = program.stdout.readline()
            took = (perf_counter() - begun) * 1000
            assert answer.startswith(b'{"text"'), answer
            return took

        yield ask
        program.stdin.close()


def _whole(command: Sequence[str], env: dict[str, str], texts: Sequence[str]) -> float:
    """The seconds of one call with those lines, from its start to its end."""
    begun = perf_counter()
    ended = subprocess.run(
        command,
        cwd=ROOT,
        env=env,
        input="".join(f"{text}\n" for text in texts).encode(),
        capture_output=True,
        check=True,
    )
    took = perf_counter() - begun
    assert len(ended.stdout.splitlines()) == len(texts)
    return took


def _stay_on_one_core() -> None:
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


def _spread(found: dict[str, list[float]]) -> dict[str, Spread]:
    return {name: Spread(tuple(values)) for name, values in found.items()}


if __name__ == "__main__":
    main()
