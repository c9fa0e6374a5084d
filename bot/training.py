"""
The Rasa model, trained again only when something that it is made of has changed.

A model's name carries the checksum of its inputs, so whether one has to train is a look at
the file's name. It is trained in a folder of its own and moved into place whole: a crash or
a full disk in the middle leaves the old models as they were.
"""

import hashlib
import os
import re
import shutil
import signal
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.model_seal import Seals
from bot.obstacles import Obstacle, is_full_disk
from bot.supervision.aside import Priority, standing_aside
from bot.supervision.processes import GRACE, Program, how_it_ended, put_aside, running

MODELS_KEPT = 10
SHOWN = 8
"""Lines of Rasa's log that go into a complaint."""
NOT_TRAINED_ON = frozenset({"demo", "test"})
DRAFT = ".draft-"
DRAFT_AGE = 3600.0
"""Seconds after which a draft folder is what a killed training left behind."""
NO_SPACE = "No space left on device"
NO_MEMORY = re.compile(r"MemoryError|Cannot allocate memory|bad_alloc|Unable to allocate")
TOO_LITTLE_MEMORY = "There was too little memory for the training: free some, and start again."

RED = "\x1b[91m"
"""Rasa prints the error that ends it in this colour."""

CAUSE_ABOVE = "The above exception was the direct cause"
"""Above this line of a traceback stands what went wrong, below it who passed it on."""

# Colours, and what a progress bar drew over before its last state.
_DECORATION = re.compile(r"\x1b\[[0-9;]*m|[^\n]*\r(?!\n)")


class BrokenTraining(Obstacle):
    """No model came of it; the text says why as far as Rasa told, and where its log is."""


@dataclass(frozen=True, kw_only=True)
class RasaProject:
    """
    The folder that Rasa trains from, and the program that trains.

    `log_name` is the file in `logs` that gets what Rasa says; `grace` are the seconds that it has
    to end once it is told to.
    """

    folder: Path
    logs: Path
    rasa: tuple[str, ...]
    env: Mapping[str, str]
    log_name: str = "train.log"
    priority: Priority = "normal"
    grace: float = GRACE
    find_used: Callable[[], frozenset[str]] = frozenset
    """Names of models that stay however old they are: the live one, and the one wanted live."""

    @property
    def log(self) -> Path:
        """What Rasa says while it trains."""
        return self.logs / self.log_name

    @property
    def models(self) -> Path:
        """Where trained models are kept."""
        return self.folder / "models"

    @property
    def model(self) -> Path:
        """The model that belongs to the inputs as they are now; it need not exist yet."""
        return self.models / f"makegood-{self.inputs_checksum[:12]}.tar.gz"

    @property
    def seals(self) -> Seals:
        """Which models were trained here."""
        return Seals(self.models)

    @property
    def is_trained(self) -> bool:
        """Whether the model of the present inputs is there, as we trained it."""
        return self.seals.holds(self.model)

    @property
    def inputs_checksum(self) -> str:
        """Of everything that the model is made of."""
        return checksum(self.folder, self.inputs())

    @property
    def engine(self) -> str:
        """A checksum of what runs a model: one that was trained with another does not fit."""
        return checksum(self.folder, self.runners())

    @property
    def data(self) -> list[Path]:
        """
        Files and folders with training data: all in data/ but the demo shop and the test set.

        What models are measured with is never trained on, and no model is another one for it.
        """
        return sorted(
            path for path in (self.folder / "data").iterdir() if path.name not in NOT_TRAINED_ON
        )

    def inputs(self) -> list[Path]:
        """Every file that has a part in the model."""
        return sorted(
            {
                self.folder / "domain.yml",
                *(file for path in self.data for file in _yaml_files(path)),
                *self.runners(),
            }
        )

    def runners(self) -> list[Path]:
        """The files among them that a model needs to run: its pipeline, Rasa and our code."""
        return sorted(
            {
                self.folder / "config.yml",
                self.folder / "requirements" / "rasa.txt",
                *(self.folder / "bot" / "engine").glob("**/*.py"),
            }
        )

    async def train_if_changed(self) -> Path:
        """The model of the present inputs, trained if there is none yet that was trained here."""
        model = self.model
        if self.seals.holds(model):
            # The oldest go first, and this one is in use again.
            model.touch()
        else:
            await self.train(model)
            self.forget_old_models(model)

        return model

    async def train(self, model: Path) -> None:
        """The whole model, written to `model`."""
        inputs = self.inputs_checksum
        # Rasa's validator reads everything twice more; what it finds, tests/contracts find too.
        data = [str(path) for path in self.data]
        await self._train(
            model, "--force", "--skip-validation", "--domain", "domain.yml", "--data", *data,
            inputs=inputs,
        )  # fmt: skip

    async def train_nlu(self, data: Path, model: Path) -> None:
        """Our NLU pipeline trained on a folder (absolute) of Rasa NLU files, to `model`."""
        await self._train(model, "nlu", "--nlu", str(data), inputs=_checksum_of(data))

    async def _train(self, model: Path, *what: str, inputs: str) -> None:
        engine = self.engine
        with self._draft(model.parent) as draft:
            log = self.log
            put_aside(log)
            start = log.stat().st_size if log.exists() else 0
            command = standing_aside(
                self.priority, (*self.rasa, "train", *what, "--config", "config.yml")
            )
            training = Program(
                command=(*command, "--out", str(draft), "--fixed-model-name", "model"),
                # Rasa's cache knows a component by its class, not by what that imports.
                env={**self.env, "RASA_CACHE_DIRECTORY": str(draft / "cache")},
                folder=self.folder,
            )
            async with running(training, log=log, grace=self.grace) as child:
                code = await child.wait()

            trained = draft / "model.tar.gz"
            if code != 0 or not trained.exists():
                raise BrokenTraining(_complaint(log, start, code))
            # First: a seal without its model does no harm, and the other way round it is foreign.
            self.seals.add(trained, inputs=inputs, engine=engine, name=model.name)
            move_into_place(trained, model)

    @contextmanager
    def _draft(self, models: Path) -> Iterator[Path]:
        """A folder to train in, on the disk where the model will stand."""
        try:
            models.mkdir(parents=True, exist_ok=True)
            for left in models.glob(f"{DRAFT}*"):
                if time.time() - left.stat().st_mtime > DRAFT_AGE:
                    shutil.rmtree(left, ignore_errors=True)
            draft = tempfile.TemporaryDirectory(
                prefix=DRAFT, dir=models, ignore_cleanup_errors=True
            )
        except OSError as error:
            if is_full_disk(error):
                raise
            raise BrokenTraining(f"{models} cannot be written to: {error.strerror}.") from error
        with draft:
            yield Path(draft.name)

    def trained(self) -> list[Path]:
        """All models of this project, the last used first."""
        found = self.models.glob("makegood-*.tar.gz")

        return sorted(found, key=lambda path: path.stat().st_mtime, reverse=True)

    def forget_old_models(self, model: Path) -> None:
        """Leave ten models, that one and those in use among them; the oldest of the others go."""
        trained = self.trained()
        used = {model.name, *self.find_used()}
        others = [path for path in trained if path.name not in used]
        for path in others[max(0, MODELS_KEPT - (len(trained) - len(others))) :]:
            path.unlink(missing_ok=True)
            self.seals.forget(path.name)


def checksum(folder: Path, files: list[Path]) -> str:
    """A SHA-256 that changes with any byte or name of those files."""
    whole = hashlib.sha256()
    for path in files:
        content = path.read_bytes() if path.exists() else b""
        whole.update(f"{path.relative_to(folder)}\0{len(content)}\0".encode())
        whole.update(content)

    return whole.hexdigest()


def _checksum_of(data: Path) -> str:
    return checksum(data if data.is_dir() else data.parent, sorted(_yaml_files(data)))


def _yaml_files(path: Path) -> list[Path]:
    if path.is_file():
        return [path] if path.suffix in {".yml", ".yaml"} else []

    return [*path.glob("**/*.yml"), *path.glob("**/*.yaml")]


def move_into_place(trained: Path, model: Path) -> None:
    """A model that was trained elsewhere on this disk appears among the models, whole."""
    with trained.open("rb") as file:
        os.fsync(file.fileno())  # a name that survives a power cut must have its content
    trained.replace(model)


def without_decoration(text: str) -> str:
    """What Rasa said, without colours and without what a progress bar drew over."""
    return _DECORATION.sub("", text)


def _complaint(log: Path, start: int, code: int) -> str:
    """Why Rasa gave up, from how it ended and what it wrote to the log since `start`."""
    with log.open("rb") as file:
        file.seek(start)
        text = file.read().decode("utf-8", "replace")
    if NO_SPACE in text:
        return "The disk is full: free some space and start again."
    if NO_MEMORY.search(text):
        return TOO_LITTLE_MEMORY
    if code == -signal.SIGKILL:
        return (
            "The system has ended the training (signal 9, Killed), as it does when memory runs "
            "out: free some, and start again."
        )
    if code < 0:
        return f"The training {how_it_ended(code)}: start again."

    _, red, error = text.rpartition(RED)
    error, _, _ = error.partition(CAUSE_ABOVE)
    lines = [line.rstrip() for line in without_decoration(error).splitlines() if line.strip()]
    shown = lines[:SHOWN] if red else lines[-SHOWN:]

    return "\n".join(
        [
            "The Rasa model could not be trained. Correct what Rasa names here, and start again:",
            *(f"    {line}" for line in shown),
            f"Everything that Rasa said: {log}",
        ]
    )
