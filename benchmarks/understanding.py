"""
How well and how fast both pipelines understand: `python -m benchmarks.understanding`.

Stock Rasa's default pipeline and ours are trained on the same examples and read the same messages
by the same means (benchmarks/rasa_side.py). `--only` names parts: `project-sample` (ten of the
project's own examples an intent and language; its development set in both languages, public sets,
the time to parse), `banking77-10` (BANKING77 with ten examples an intent), and for whoever has an
afternoon `project` (all its examples) and `banking77-full`. A stock model that is kept is not
trained again (benchmarks/models.py), so a run that was broken off goes on where it was.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import median

from benchmarks import samples
from benchmarks.figures import Spread, Value, beside
from benchmarks.models import Trained, stock_environment, train_ours, train_stock
from benchmarks.pace import Pace, add_options, add_parts, state_folder, to_pace, to_parts
from benchmarks.results import Section, present
from benchmarks.scoring import score
from benchmarks.stock import SAMPLE, StockProject, own_in_stock
from bot.obstacles import Obstacle
from bot.settings import ROOT
from bot.workbench.evaluation.judging import Judged, judge
from bot.workbench.evaluation.predictions import from_json
from bot.workbench.nlu_files import Example

PYTHON = str(ROOT / ".venv-rasa" / "bin" / "python")
HOUSE = ("skops.io", "bot.engine.graph_runs")
"""What our Rasa imports first, as it does in the running house."""
TIMED = 20
"""Messages of twelve words that are timed, in each language."""
LANGUAGES = {"en": "English", "ru": "Russian"}
SHARES = "share (95 % interval)"


def main() -> None:
    """Measure what is asked for, and print it."""
    asked = argparse.ArgumentParser(description=__doc__)
    add_parts(asked, PARTS)
    add_options(asked)
    given = asked.parse_args()
    try:
        for part in to_parts(given, PARTS):
            measure(part, to_pace(given))
    except Obstacle as obstacle:
        sys.exit(str(obstacle))


def measure(part: str, pace: Pace) -> None:
    """Measure one part and present it; one whose set is not there is left out, and says so."""
    state = state_folder(pace)
    try:
        present(part, PARTS[part](pace, state), state)
    except samples.NoSuchSet as missing:
        print(f"{part} is left out: {missing}", file=sys.stderr)


def measure_project(pace: Pace, state: Path) -> list[Section]:
    """Both on all that the project has."""
    own = samples.read_own()
    ours = train_ours("project", pace.few(own) if pace.epochs else None, state, pace.trainings)
    stock = train_stock("project", own_in_stock(own, pace), state)

    return compare_own("The project's examples and rules", ours, stock, pace, state)


def measure_project_sample(pace: Pace, state: Path) -> list[Section]:
    """Both on a sample of it that stock Rasa can be trained on in minutes."""
    own = samples.sample_own()
    ours = train_ours(SAMPLE, pace.few(own), state, pace.trainings)
    stock = train_stock(SAMPLE, own_in_stock(own, pace), state)
    each = f"{samples.EACH} an intent and language"

    return compare_own(f"{len(own)} of the project's examples, {each}", ours, stock, pace, state)


def compare_own(
    title: str, ours: Trained, stock: Trained, pace: Pace, state: Path
) -> list[Section]:
    """On the project's own sets, and on public ones that speak of the same things."""
    development = samples.read_development_set()
    sets = _by_language("Development set", development)
    if pace.held_back:
        sets |= _by_language("Set held back", samples.read_held_back_set())
    for name, read in (
        ("Bitext, development set, intents of ours only", samples.read_bitext),
        ("CLINC, out of scope", samples.read_clinc),
    ):
        try:
            sets[name] = read()
        except samples.NoSuchSet as missing:
            print(f"Left out: {missing}", file=sys.stderr)
    sets = {name: pace.few(examples) for name, examples in sets.items() if examples}
    timed = {
        f"{samples.WORDS} words, {name}": samples.of_length(development, language, TIMED)
        for language, name in LANGUAGES.items()
    }

    return compare(title, ours, stock, sets, timed, pace, state)


def _by_language(title: str, examples: Sequence[Example]) -> dict[str, list[Example]]:
    return {
        f"{title}, {name}": [one for one in examples if one.language == language]
        for language, name in LANGUAGES.items()
    }


def measure_banking(each: int | None, pace: Pace, state: Path) -> list[Section]:
    """Both on BANKING77, with so many examples an intent or all there are."""
    train, test = pace.few(samples.read_banking("train")), samples.read_banking("test")
    known = {example.intent for example in train}
    test = pace.few([example for example in test if example.intent in known])
    if each:
        train = samples.sample(train, each)
    name = f"banking77-{each or 'full'}"
    title = f"BANKING77, {f'{each} examples an intent' if each else 'all examples'}"
    ours = train_ours(name, train, state, 1)
    stock = train_stock(name, StockProject(train, epochs=pace.epochs), state)

    return compare(
        f"{title} ({len(train)})", ours, stock, {f"{title}, test": test}, {}, pace, state
    )


PARTS: Mapping[str, Callable[[Pace, Path], list[Section]]] = {
    "banking77-10": lambda pace, state: measure_banking(10, pace, state),
    SAMPLE: measure_project_sample,
    "project": measure_project,
    "banking77-full": lambda pace, state: measure_banking(None, pace, state),
}


def compare(
    title: str,
    ours: Trained,
    stock: Trained,
    sets: Mapping[str, Sequence[Example]],
    timed: Mapping[str, Sequence[Example]],
    pace: Pace,
    state: Path,
) -> list[Section]:
    """What training cost, what each set of messages was understood as, and how long that took."""
    logs = state / "logs"
    print(f"Reading {sum(map(len, sets.values()))} messages ...", file=sys.stderr, flush=True)
    our_reading = read(ours.model, sets, timed, pace.rounds, logs, first=HOUSE)
    stock_reading = read(stock.model, sets, timed, pace.rounds, logs)
    cost = Section(
        f"{title}: median (range)",
        beside(ours.figures(), stock.figures()),
        [stock.note] if stock.kept else [],
    )
    understood = [
        Section(
            f"{name} ({len(sets[name])} messages): {SHARES}",
            beside(score(our_reading.judged[name]), score(stock_reading.judged[name])),
        )
        for name in sets
    ]
    times = Section(
        f"One message parsed in process, one core, warm, {pace.rounds} rounds: median (range)",
        beside(our_reading.times, stock_reading.times),
    )

    return [cost, *understood, *([times] if timed else [])]


class Reading:
    """What one model made of all sets, and the milliseconds by name."""

    def __init__(self, judged: dict[str, list[Judged]], times: dict[str, Value]) -> None:
        self.judged, self.times = judged, times


def read(
    model: Path,
    sets: Mapping[str, Sequence[Example]],
    timed: Mapping[str, Sequence[Example]],
    rounds: int,
    logs: Path,
    first: Sequence[str] = (),
) -> Reading:
    """All messages through that model, in a process of Rasa's."""
    asked = {
        "texts": [example.text for examples in sets.values() for example in examples],
        "timed": [example.text for examples in timed.values() for example in examples],
        "rounds": rounds,
    }
    found = _ask_rasa(model, asked, first, logs / f"read-{model.stem}.log")
    answers = (from_json(json.dumps(answer)) for answer in found["answers"])
    judged = {
        name: judge(examples, [next(answers) for _ in examples])
        for name, examples in sets.items()
    }  # fmt: skip
    times: dict[str, Value] = {}
    start = 0
    for name, examples in timed.items():
        if examples:
            here = slice(start, start + len(examples))
            middles = tuple(median(one[here]) for one in found["milliseconds"])
            times[f"{name} ({len(examples)} messages), ms"] = Spread(middles)
            start += len(examples)

    return Reading(judged, times)


class CannotRead(Obstacle):
    """A model could not be asked; the text says where the reason is."""


def _ask_rasa(
    model: Path, asked: object, first: Sequence[str], log: Path
) -> dict[str, list[list[float]]]:
    log.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, log.open("wb") as output:
        out = Path(folder) / "answers.json"
        command = [PYTHON, "-m", "benchmarks.rasa_side", "--model", str(model), "--out", str(out)]
        done = subprocess.run(
            [*command, "--first", *first],
            cwd=ROOT,
            env=stock_environment(),
            input=json.dumps(asked).encode(),
            stdout=output,
            stderr=output,
            check=False,
        )
        if done.returncode:
            raise CannotRead(f"{model.name} could not read the messages; {log} says why.")
        found: dict[str, list[list[float]]] = json.loads(out.read_text("utf-8"))

    return found


if __name__ == "__main__":
    main()
