"""
Hints about the examples in the project's files, for whoever is about to train.

What needs the trained model is read in a process of its own (`makegood hints`), which may take
minutes; until then, and while the files change, whatever is known already is shown.
"""

import fcntl
import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from bot.obstacles import Obstacle
from bot.services.house import House
from bot.training import RasaProject
from bot.workbench.hints import (
    Alike,
    FoundDetail,
    Hint,
    Reading,
    Traffic,
    find_hints,
    find_unused,
    in_order,
)
from bot.workbench.messages.readings import Read, compare, load_readings, read_texts
from bot.workbench.nlu_files import LANGUAGES, Example, NluFile, read_nlu_files

DAYS: Final = 30
"""The latest days whose messages tell which intents occur."""
Stamp = tuple[tuple[str, int, int], ...]
"""Files as they are: path, time of the last change, size."""


class ReadingState(StrEnum):
    """How much of the examples the model has read."""

    NO_MODEL = "no_model"
    """Nothing is trained yet, so nobody can read them."""
    WANTED = "wanted"
    """Never read, or the examples or the model have changed since."""
    RUNNING = "running"
    FAILED = "failed"
    READY = "ready"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingTold:
    """How far the reading is: `done` of `total` texts that were new, and what went wrong."""

    state: ReadingState
    model: str = ""
    done: int = 0
    total: int = 0
    error: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Corpus:
    """
    What is trained on, and what is measured on; `checksum` changes with what is trained on.

    Two are the same only if they are one: comparing thousands of examples takes its time.
    """

    examples: tuple[Example, ...]
    tests: tuple[Example, ...]
    checksum: str


@dataclass(frozen=True, slots=True)
class HintList:
    """Everything worth a look, and what of it the model has not said yet."""

    hints: tuple[Hint, ...]
    reading: ReadingTold
    examples: int


class AlreadyReading(Obstacle):
    """Another process reads the examples at this moment; what it finds serves as well."""


def list_hints(house: House, project: RasaProject, state: Path) -> HintList:
    """The hints as the files are now, the worst first; `BrokenNluFile` names a file that is not."""
    corpus = read_corpus(project.folder)
    found = find_in_files(project.folder, state)
    with house.units.reading() as unit:
        counts = unit.reports.intents_since(house.clock() - timedelta(days=DAYS))
    traffic = Traffic(DAYS, sum(counts.values()), counts)

    return HintList(
        tuple(in_order([*found, *find_unused(corpus.examples, traffic)])),
        find_reading(project, state, corpus),
        len(corpus.examples),
    )


def find_in_files(project: Path, state: Path) -> tuple[Hint, ...]:
    """All hints but those that need the messages of buyers."""
    return _find(stamp_of(project), _stamp([state / "hints" / "found.json"]), str(project))


def read_corpus(project: Path) -> Corpus:
    """The examples and the test set of the project; read again only when a file has changed."""
    return _read_corpus(stamp_of(project), str(project))


def stamp_of(project: Path) -> Stamp:
    """The files of examples and tests as they are."""
    return _stamp(path for folder in _folders(project) for path in sorted(folder.rglob("*.y*ml")))


def find_reading(project: RasaProject, state: Path, corpus: Corpus) -> ReadingTold:
    """How much of these examples the model has read."""
    model = find_model(project)
    if model is None:
        return ReadingTold(state=ReadingState.NO_MODEL)
    folder = state / "hints"
    told = _load(folder / "progress.json")
    now = {"of": corpus.checksum, "model": model.name}
    same = {name: told.get(name) for name in now} == now
    if _is_locked(folder / "lock"):
        return ReadingTold(
            state=ReadingState.RUNNING,
            model=model.name,
            done=int(told.get("done", 0)),
            total=int(told.get("total", 0)),
        )
    found = _load(folder / "found.json")
    if {name: found.get(name) for name in now} == now:
        return ReadingTold(state=ReadingState.READY, model=model.name)
    if same and told.get("error"):
        return ReadingTold(state=ReadingState.FAILED, model=model.name, error=str(told["error"]))

    return ReadingTold(state=ReadingState.WANTED, model=model.name)


def note_failure(project: RasaProject, state: Path, error: str) -> None:
    """Write down that the reading ended without a word, unless it said one or goes on elsewhere."""
    told = find_reading(project, state, read_corpus(project.folder))
    if told.state is ReadingState.WANTED:
        corpus = read_corpus(project.folder)
        now = {"of": corpus.checksum, "model": told.model}
        _save(state / "hints" / "progress.json", {**now, "error": error})


def find_model(project: RasaProject) -> Path | None:
    """The model of the files as they are, or the latest that was trained here; None without any."""
    return next(filter(project.seals.holds, (project.model, *project.trained())), None)


def read_examples(
    project: RasaProject, model: Path, state: Path, read: Read
) -> Iterator[tuple[int, int]]:
    """
    Let that model read the examples and write down what it says; how many of how many new ones.

    `AlreadyReading` if somebody else does.
    """
    folder = state / "hints"
    folder.mkdir(parents=True, exist_ok=True)
    corpus = read_corpus(project.folder)
    now = {"of": corpus.checksum, "model": model.name}
    with _locked(folder / "lock"):
        readings = folder / f"{model.name.removesuffix('.tar.gz')}.npz"
        for other in folder.glob("*.npz"):
            if other != readings:
                other.unlink()
        try:
            for done, total in read_texts(readings, [one.text for one in corpus.examples], read):
                _save(folder / "progress.json", {**now, "done": done, "total": total})
                yield done, total
            reading = compare(corpus.examples, load_readings(readings))
        except (Obstacle, ValueError, OSError) as error:
            _save(folder / "progress.json", {**now, "error": str(error)})
            raise
        _save(folder / "found.json", {**now, **_to_json(corpus.examples, reading)})


@lru_cache(maxsize=1)
def _read_corpus(_: Stamp, project: str) -> Corpus:
    """By its files' stamp: of a project that has not changed nothing is read again."""
    trained, tests = (
        tuple(one for file in read_nlu_files([folder]) for one in _in_their_languages(file))
        if folder.is_dir()
        else ()
        for folder in _folders(Path(project))
    )
    whole = hashlib.sha256()
    for one in trained:
        whole.update(f"{one.intent}\0{one.language}\0{one.text}\0{one.entities}\0".encode())

    return Corpus(trained, tests, whole.hexdigest())


@lru_cache(maxsize=1)
def _find(stamp: Stamp, found: Stamp, project: str) -> tuple[Hint, ...]:
    corpus = _read_corpus(stamp, project)
    reading = _from_json(corpus.examples, _load(Path(found[0][0]))) if found else None

    return tuple(find_hints(corpus.examples, tests=corpus.tests, reading=reading))


def _in_their_languages(file: NluFile) -> Iterator[Example]:
    """A folder named by a language knows better than the script: Russian in Latin letters."""
    folder = file.path.parent.name
    for one in file.examples:
        yield replace(one, language=folder) if folder in LANGUAGES else one


def _folders(project: Path) -> tuple[Path, Path]:
    return project / "data" / "nlu", project / "data" / "test"


def _stamp(paths: Iterator[Path] | list[Path]) -> Stamp:
    found = []
    for path in paths:
        try:
            status = path.stat()
        except FileNotFoundError:
            continue
        found.append((str(path), status.st_mtime_ns, status.st_size))

    return tuple(found)


def _to_json(examples: tuple[Example, ...], reading: Reading) -> Mapping[str, object]:
    """By the examples' words: their places change with the files."""

    def name(number: int) -> list[str]:
        return [examples[number].intent, examples[number].text]

    return {
        "alike": [[name(pair.one), name(pair.other), pair.cosine] for pair in reading.alike],
        "details": [[name(one.example), one.kind, one.value] for one in reading.details],
    }


def _from_json(examples: tuple[Example, ...], found: Mapping[str, Any]) -> Reading:
    """What was said of the examples that are still there."""
    places = {(one.intent, one.text): number for number, one in enumerate(examples)}
    alike = [
        Alike(places[tuple(one)], places[tuple(other)], cosine)
        for one, other, cosine in found.get("alike", ())
        if tuple(one) in places and tuple(other) in places
    ]
    details = [
        FoundDetail(places[tuple(one)], kind, value)
        for one, kind, value in found.get("details", ())
        if tuple(one) in places
    ]

    return Reading(alike, details)


def _load(path: Path) -> Mapping[str, Any]:
    """The object in that file; empty if there is none, or if it is broken."""
    try:
        found = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}

    return found if isinstance(found, dict) else {}


def _save(path: Path, fields: Mapping[str, object]) -> None:
    draft = path.with_name(f".{path.name}")
    draft.write_text(json.dumps(fields, ensure_ascii=False), "utf-8")
    draft.replace(path)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("ab") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise AlreadyReading("The examples are being read by another process.") from error
        yield


def _is_locked(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True

    return False
