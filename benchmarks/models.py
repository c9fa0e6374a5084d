"""
Models of both pipelines, and what it took to train them.

Ours is trained anew each time, in a minute. Stock Rasa takes up to five hours, so its models are
kept by the checksum of everything that they are made of, with the time and the day of their
training, and a training that was broken off goes on with its next epoch.
"""

import asyncio
import json
import os
import resource
import shutil
import sys
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import Any

from benchmarks import rasa_resumed
from benchmarks.figures import Spread, Value
from benchmarks.samples import to_nlu
from benchmarks.stock import StockProject
from bot.project import UNWANTED, rasa_project
from bot.settings import ROOT, get_settings
from bot.training import RasaProject, checksum
from bot.workbench.nlu_files import Example

STOCK_RASA = (str(ROOT / ".venv-rasa" / "bin" / "python"), "-m", "rasa")
STOCK_TRAINING = (STOCK_RASA[0], str(ROOT / "benchmarks" / "rasa_resumed.py"))
"""Is told a folder in which it keeps what it needs to go on."""
RASA_VERSIONS = ROOT / "requirements" / "rasa.txt"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trained:
    """A model, and how long each of its trainings took: by the clock, and of all cores together."""

    model: Path
    seconds: tuple[float, ...]
    core_seconds: tuple[float, ...]
    at: datetime
    kept: bool
    """Whether it is of an earlier run."""

    def figures(self) -> dict[str, Value]:
        """What is compared of it."""
        megabytes = self.model.stat().st_size / 1e6

        return {
            "training, s": Spread(self.seconds),
            "training, s of one core": Spread(self.core_seconds),
            "model file, MB": Spread((megabytes,), digits=2),
        }

    @property
    def note(self) -> str:
        """When that was, if it was not now."""
        return f"The stock model was trained before this run, {self.at:%Y-%m-%d %H:%M} UTC."


def stock_environment() -> dict[str, str]:
    """Stock Rasa is told nothing but not to call home, and takes as many threads as it likes."""
    inherited = {name: value for name, value in os.environ.items() if name not in UNWANTED}

    return {**inherited, "RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3"}


def train_stock(name: str, project: StockProject, state: Path) -> Trained:
    """The stock model of that project, unless one of the very same is kept."""
    folder = state / "stock" / name
    shutil.rmtree(folder, ignore_errors=True)
    project.write(folder)
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    # Which Rasa that is, is a part of what is measured.
    sums = f"{checksum(folder, files)[:8]}-{checksum(ROOT, [RASA_VERSIONS])[:8]}"
    model = state / "models" / f"stock-{name}-{sums}.tar.gz"
    record = model.with_name(f"{model.name}.json")
    if model.exists() and record.exists():
        return _from_record(model, json.loads(record.read_text("utf-8")))

    _say(f"Training stock Rasa on {name}, which takes its time")
    unfinished = state / "unfinished" / f"{name}-{sums}"
    rasa = RasaProject(
        folder=folder,
        logs=state / "logs" / name,
        rasa=(*STOCK_TRAINING, str(unfinished)),
        env=stock_environment(),
    )
    seconds, core_seconds = rasa_resumed.spent(unfinished)
    if project.rules:
        trained = _timed(model, 1, lambda: rasa.train(model))
    else:
        trained = _timed(model, 1, lambda: rasa.train_nlu(folder / "data", model))
    trained = replace(
        trained,
        seconds=tuple(seconds + last for last in trained.seconds),
        core_seconds=tuple(core_seconds + last for last in trained.core_seconds),
    )
    shutil.rmtree(unfinished, ignore_errors=True)
    record.write_text(json.dumps(_to_record(trained)), "utf-8")

    return trained


def train_ours(name: str, examples: Sequence[Example] | None, state: Path, times: int) -> Trained:
    """Our pipeline on those examples, or the whole project with its rules; trained so often."""
    _say(f"Training Makegood on {name}")
    model = state / "models" / f"ours-{name}.tar.gz"
    project = rasa_project(get_settings())
    if examples is None:
        return _timed(model, times, lambda: project.train(model))

    folder = state / "ours" / name
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "nlu.yml").write_text(to_nlu(examples), "utf-8")

    return _timed(model, times, lambda: project.train_nlu(folder, model))


def _timed(model: Path, times: int, train: Callable[[], Coroutine[None, None, None]]) -> Trained:
    seconds, core_seconds = [], []
    for _ in range(times):
        with suppress(FileNotFoundError):
            model.unlink()
        used, began = _children_used(), perf_counter()
        asyncio.run(train())
        seconds.append(perf_counter() - began)
        core_seconds.append(_children_used() - used)

    return Trained(
        model=model,
        seconds=tuple(seconds),
        core_seconds=tuple(core_seconds),
        at=datetime.now(UTC),
        kept=False,
    )


def _children_used() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)

    return used.ru_utime + used.ru_stime


def _to_record(trained: Trained) -> dict[str, object]:
    return {
        "seconds": trained.seconds,
        "core_seconds": trained.core_seconds,
        "at": trained.at.isoformat(),
    }


def _from_record(model: Path, record: dict[str, Any]) -> Trained:
    return Trained(
        model=model,
        seconds=tuple(record["seconds"]),
        core_seconds=tuple(record["core_seconds"]),
        at=datetime.fromisoformat(record["at"]),
        kept=True,
    )


def _say(what: str) -> None:
    print(f"{what} ...", file=sys.stderr, flush=True)
