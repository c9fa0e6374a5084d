"""
A new model beside the live one: asked for, worked off in the background, and read.

Whoever works comparisons off does so with the niceness of its own process; both models read the
same messages, one after the other, so that only one of them is in memory.
"""

import logging
import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Final

import msgspec

from bot.casework.agents import Agent
from bot.casework.comparisons import ComparisonState, StoredComparison
from bot.casework.misunderstandings import TrainingRules
from bot.casework.ports.units import UnitOfWork
from bot.obstacles import Obstacle
from bot.project import rasa_project
from bot.rulebook.training import load_training_rules, read_protected
from bot.services.house import House
from bot.services.turn_queue import NotAcceptable
from bot.settings import Settings
from bot.training import RasaProject
from bot.workbench import parsing
from bot.workbench.comparison.comparing import (
    Comparison,
    Latency,
    Part,
    compare,
    compare_entities,
    compare_sets,
    find_changed,
    from_json,
    to_json,
)
from bot.workbench.comparison.dialogues import (
    FOLDER,
    RULES,
    count_dialogues,
    find_failures,
    read_dialogues,
    read_routes,
    to_examples,
)
from bot.workbench.comparison.gate import Gate, Reason, check_gate
from bot.workbench.evaluation.judging import Judged
from bot.workbench.evaluation.measuring import development_sets, judge_files
from bot.workbench.nlu_files import NluFile, read_nlu_file

log = logging.getLogger(__name__)

TESTS: Final = Path("data") / "test"
TOLD_EVERY: Final = 100
"""Messages after which the progress is written down."""
NOT_COMPARED: Final = Reason(
    code="not_compared",
    text="It has not been compared with the model that is live now.",
)

Read = Callable[[Path, Sequence[str], date | None], Iterable[str]]
"""A model, messages and the day that their dates count from, to a line of JSON each."""


class NoModel(Obstacle):
    """A model that was to be compared is gone."""


@dataclass
class Stopwatch:
    """Reads messages with a model, counts them, and takes the time from answer to answer."""

    read: Read
    model: Path
    told: Callable[[int], None]
    count: int = 0
    seconds: float = 0.0
    timed: int = 0

    def __call__(self, texts: Sequence[str], today: date | None) -> Iterator[str]:
        """The lines of JSON, as they come."""
        last = None
        for line in self.read(self.model, texts, today):
            now = time.perf_counter()
            if last is not None:
                self.seconds, self.timed = self.seconds + now - last, self.timed + 1
            self.count += 1
            if not self.count % TOLD_EVERY:
                self.told(self.count)
            yield line
            last = time.perf_counter()

    @property
    def milliseconds(self) -> float:
        """Those of one message in the mean."""
        return round(1000 * self.seconds / self.timed, 2) if self.timed else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """What models are compared on; `parts` tells of each file of messages where it belongs."""

    files: tuple[NluFile, ...]
    parts: dict[str, Part]
    dialogues: tuple[NluFile, ...] = field(default=())

    @property
    def messages(self) -> int:
        """How many there are to read."""
        return sum(len(file.examples) for file in (*self.files, *self.dialogues))


def do_want_comparison(house: House, agent: Agent | None, model: str, live: str) -> str:
    """
    Have a model compared with the live one, by and by; the comparison's id.

    One that waits or runs already is not begun a second time.
    """
    if model == live:
        raise NotAcceptable("same_model", "This model is live: there is nothing to compare.")
    with house.units() as unit:
        unit.comparisons.hold()
        if waiting := unit.comparisons.open_one(model, live):
            return waiting
        comparison_id = house.new_id()
        unit.comparisons.add(comparison_id, agent, model, live, house.clock())

    return comparison_id


def next_comparison(house: House) -> str | None:
    """The one that has waited longest."""
    with house.units.reading() as unit:
        return unit.comparisons.next()


def put_back_comparisons(house: House) -> int:
    """
    Let those begin anew that were running when their process died; how many there are.

    For the start of the one process that works them off.
    """
    with house.units() as unit:
        return unit.comparisons.put_back()


def work_off_comparison(
    house: House, settings: Settings, comparison_id: str, read: Read | None = None
) -> ComparisonState | None:
    """
    Do a comparison that waits; how it ended, None if it does not wait any more.

    What goes wrong is written into it, in words.
    """
    with house.units() as unit:
        unit.comparisons.hold()
        stored = unit.comparisons.take(comparison_id)
    if stored is None:
        return None

    def told(progress: float) -> None:
        with house.units() as unit:
            unit.comparisons.tell(comparison_id, progress)

    error = ""
    project = rasa_project(settings)
    try:
        rules = load_training_rules(settings.rulebook)
        result = compare_models(
            project, stored.model, stored.live, rules, read or read_by(project), told
        )
    except Obstacle as obstacle:
        error = str(obstacle)
    except Exception:
        log.exception("comparing %s with %s failed", stored.model, stored.live)
        error = "Something went wrong on our side; the log tells what."
    with house.units() as unit:
        if error:
            unit.comparisons.fail(comparison_id, without_folders(error, settings), house.clock())
            return ComparisonState.FAILED
        unit.comparisons.finish(comparison_id, zlib.compress(to_json(result)), house.clock())

    return ComparisonState.FINISHED


def compare_models(
    project: RasaProject,
    model: str,
    live: str,
    rules: TrainingRules,
    read: Read,
    told: Callable[[float], None] = lambda _: None,
) -> Comparison:
    """Both models on all messages and dialogues of the project; an `Obstacle` says why not."""
    dialogues = read_dialogues(project.folder)
    material = find_material(project, to_examples(dialogues))
    whole = max(2 * material.messages, 1)
    judged, watches = [], []
    for number, name in enumerate((live, model)):
        path = (project.models / name).absolute()
        if not path.is_file():
            raise NoModel(f"The model {name} is not there any more.")
        project.seals.check(path)
        done = number * material.messages
        watch = Stopwatch(read, path, partial(_tell, told, done, whole))
        judged.append(judge_files((*material.files, *material.dialogues), watch))
        watches.append(watch)
    (before, before_said), (now, now_said) = (_apart(one, material) for one in judged)
    figures, cost, intents = compare(before, now, rules, material.parts)
    better, worse = find_changed(before, now, rules)
    routes = read_routes(project.folder) if dialogues else {}
    failed_before = {(one.file, one.line) for one in find_failures(dialogues, before_said, routes)}

    return Comparison(
        model=model,
        live=live,
        messages=len(before),
        figures=figures,
        cost=cost,
        intents=intents,
        entities=compare_entities(before, now, rules),
        sets=compare_sets(before, now),
        better=better,
        worse=worse,
        latency=Latency(before=watches[0].milliseconds, now=watches[1].milliseconds),
        dialogues=len(dialogues),
        failures=tuple(
            replace(one, before=(one.file, one.line) in failed_before)
            for one in find_failures(dialogues, now_said, routes)
        ),
        notes=tuple(_notes(project, rules, material)),
    )


def _tell(told: Callable[[float], None], done: int, whole: int, count: int) -> None:
    told((done + count) / whole)


def find_material(project: RasaProject, dialogues: Sequence[NluFile] = ()) -> Material:
    """Development messages, the frozen test set, and the lines of the dialogues."""
    development = development_sets(project.folder)
    tests = sorted((project.folder / TESTS).rglob("*.yml"))
    files = [_named(read_nlu_file(path), project) for path in (*development, *tests)]
    if not any(file.examples for file in files):
        raise NoModel("There are no messages to compare on: tests/nlu and data/test are empty.")

    return Material(
        files=tuple(files),
        parts={
            file.path.as_posix(): Part.DEVELOPMENT if number < len(development) else Part.TEST
            for number, file in enumerate(files)
        },
        dialogues=tuple(dialogues),
    )


def read_by(project: RasaProject) -> Read:
    """The program in Rasa's environment."""

    def read(model: Path, texts: Sequence[str], today: date | None) -> Iterator[str]:
        for line in parsing.parse(project, model, (text.encode() for text in texts), today):
            yield line.decode()

    return read


def unpack(stored: StoredComparison) -> Comparison | None:
    """The result of a finished comparison; None if there is none that we can read."""
    if stored.result is None:
        return None
    try:
        return from_json(zlib.decompress(stored.result))
    except (zlib.error, msgspec.MsgspecError):
        return None  # of another version of ours: it is compared anew


def read_gate(unit: UnitOfWork, settings: Settings, model: str, live: str) -> Gate:
    """The gate's word on a model; it is closed to one that was not compared with the live one."""
    return find_gate(unit, settings, model, live) or Gate((NOT_COMPARED,))


def find_gate(unit: UnitOfWork, settings: Settings, model: str, live: str) -> Gate | None:
    """The gate's word by the newest comparison with the live model; None if there is none."""
    finished = unit.comparisons.finished(model, live)
    comparison = unpack(finished) if finished else None

    return judge_comparison(settings, comparison) if comparison else None


def judge_comparison(settings: Settings, comparison: Comparison) -> Gate:
    """The gate's word on a comparison, by the rules as they are now."""
    try:
        rules = load_training_rules(settings.rulebook)
    except Obstacle as error:
        text = without_folders(str(error), settings)
        return Gate(
            (Reason(code="broken_rules", text=f"The rules of the gate are broken: {text}"),)
        )
    protected = read_protected(settings.project / "rulebook") | read_protected(settings.rulebook)
    gate = check_gate(comparison, rules, protected)

    return Gate((*_unseen(settings, comparison), *gate.reasons))


def _unseen(settings: Settings, comparison: Comparison) -> Iterator[Reason]:
    """What the comparison could not know of: nobody can say whether the model passes those."""
    try:
        added = count_dialogues(settings.project) - comparison.dialogues
    except OSError:
        return  # the next comparison will say what cannot be read
    if added > 0:
        tests = "A dialogue test was" if added == 1 else f"{added} dialogue tests were"
        yield Reason(
            code="not_compared", text=f"{tests} added since it was compared. Compare it again."
        )


def _apart(judged: Sequence[Judged], material: Material) -> tuple[list[Judged], list[Judged]]:
    """Messages in the order of their files, and lines of dialogues."""
    said = {file.path.as_posix() for file in material.dialogues}

    return (
        [one for one in judged if one.example.file not in said],
        [one for one in judged if one.example.file in said],
    )


def _named(file: NluFile, project: RasaProject) -> NluFile:
    """The file with its path in the project as its name, which no other file has."""
    path = file.path.relative_to(project.folder)
    examples = tuple(replace(one, file=path.as_posix()) for one in file.examples)

    return NluFile(path, file.today, examples)


def _notes(project: RasaProject, rules: TrainingRules, material: Material) -> Iterator[str]:
    known = {one.intent for file in material.files for one in file.examples}
    routed = read_routes(project.folder) if (project.folder / RULES).exists() else {}
    for sentence in rules.find_unknown({*known, *routed}):
        yield f"rulebook/training.yml: {sentence}."
    if Part.TEST not in material.parts.values():
        yield f"The frozen test set ({TESTS.as_posix()}) has no messages yet."
    if not material.dialogues:
        yield f"There are no dialogue tests ({FOLDER.as_posix()})."


def without_folders(text: str, settings: Settings) -> str:
    """The text without the folders of this machine."""
    for folder in (settings.project, settings.rulebook.parent):
        text = text.replace(f"{folder.absolute()}/", "").replace(f"{folder}/", "")

    return text
