"""When the model is trained and what becomes of it; a stand-in trains in Rasa's place."""

import asyncio
import os
import re
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from bot.model_seal import REGISTER, ForeignModel
from bot.supervision.aside import Priority
from bot.training import DRAFT, DRAFT_AGE, MODELS_KEPT, BrokenTraining, RasaProject

RASA = """
import argparse, os, pathlib, signal, sys, time

parser = argparse.ArgumentParser()
for option in ("--config", "--domain", "--nlu", "--out", "--fixed-model-name"):
    parser.add_argument(option)
parser.add_argument("--data", nargs="*")
arguments, _ = parser.parse_known_args()
config = pathlib.Path(arguments.config).read_text()

with open("trainings", "a") as trainings:
    print(arguments.nlu or " ".join(arguments.data), file=trainings)
if "broken" in config:
    print("Epochs: 10%\\rEpochs: 20%\\n\\x1b[91mYamlException: pipeline is broken")
    print("  in config.yml, line 3\\x1b[0m")
    sys.exit(1)
if "crash" in config:
    try:
        int("nonsense")
    except ValueError as error:
        raise RuntimeError("a component failed") from error
if "full" in config:
    print("OSError: [Errno 28] No space left on device")
    sys.exit(1)
if "memory" in config:
    raise MemoryError
if "killed" in config:
    os.kill(os.getpid(), signal.Signals[config.split()[1]])
if "slow" in config:
    pathlib.Path(arguments.out, "half").write_text("half")
    pathlib.Path("began").write_text("now")
    time.sleep(600)
pathlib.Path(arguments.out, arguments.fixed_model_name + ".tar.gz").write_text("a model")
"""


@pytest.fixture
def project(tmp_path: Path) -> RasaProject:
    folder = tmp_path / "project"
    for name in (
        "config.yml",
        "domain.yml",
        "data/nlu/orders.yml",
        "data/rules.yml",
        "data/entities/email.yml",
        "data/demo/orders.yml",
        "data/test/en.yml",
        "bot/engine/channel.py",
        "requirements/rasa.txt",
    ):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(f"# {name}\n")

    return RasaProject(
        folder=folder,
        logs=tmp_path / "logs",
        rasa=(sys.executable, "-c", RASA),
        env=os.environ,
    )


def train(project: RasaProject) -> Path:
    return asyncio.run(project.train_if_changed())


def trainings(project: RasaProject) -> list[str]:
    return (project.folder / "trainings").read_text().splitlines()


def left(project: RasaProject) -> list[Path]:
    """Everything among the models but the register of their seals."""
    return [path for path in project.models.iterdir() if path.name != REGISTER]


def change(project: RasaProject, name: str, content: str) -> None:
    (project.folder / name).write_text(content)


def test_nothing_changed_nothing_trained(project: RasaProject) -> None:
    """
    The model is trained once and then found again, named after what it is made of.
    """
    model = train(project)

    assert train(project) == model
    assert re.fullmatch(r"makegood-[0-9a-f]{12}\.tar\.gz", model.name)
    assert model.read_text() == "a model"
    assert len(trainings(project)) == 1


@pytest.mark.parametrize(
    "name",
    [
        "config.yml",
        "domain.yml",
        "data/nlu/orders.yml",
        "data/rules.yml",
        "data/entities/email.yml",
        "bot/engine/channel.py",
        "requirements/rasa.txt",
    ],
)
def test_one_changed_byte_trains_again(project: RasaProject, name: str) -> None:
    """
    Every input counts, by its content; undoing the change finds the first model again.
    """
    first = train(project)
    before = (project.folder / name).read_text()

    change(project, name, before.upper())
    second = train(project)
    change(project, name, before)

    assert second != first
    assert train(project) == first
    assert len(trainings(project)) == 2


def test_a_new_file_of_training_data_trains_again(project: RasaProject) -> None:
    """
    A file that is added is an input like any other.
    """
    first = train(project)
    change(project, "data/nlu/money.yml", "")

    assert train(project) != first


def test_the_test_set_is_no_training_data(project: RasaProject) -> None:
    """
    What models are measured with is never trained on, and makes no model another one.
    """
    change(project, "data/test/en.yml", "one")
    first = train(project)
    change(project, "data/test/en.yml", "two")

    assert train(project) == first
    (data,) = trainings(project)
    assert "test" not in data.replace(str(project.folder), "")


def test_the_demo_shop_is_no_training_data(project: RasaProject) -> None:
    """
    Orders of the demo shop neither cause a training nor are given to Rasa.
    """
    train(project)
    change(project, "data/demo/orders.yml", "changed")
    train(project)

    (data,) = trainings(project)
    assert [Path(path).name for path in data.split()] == ["entities", "nlu", "rules.yml"]


def test_a_failed_training_leaves_the_old_model(project: RasaProject) -> None:
    """
    What failed leaves no trace among the models; the complaint is Rasa's own, with its log.
    """
    model = train(project)
    change(project, "config.yml", "broken")

    with pytest.raises(BrokenTraining) as failed:
        train(project)

    lines = str(failed.value).splitlines()
    assert [line.strip() for line in lines[1:3]] == [
        "YamlException: pipeline is broken",
        "in config.yml, line 3",
    ]
    assert lines[-1].endswith(str(project.logs / "train.log"))
    assert left(project) == [model]


def test_a_crash_of_rasa_shows_its_cause(project: RasaProject) -> None:
    """
    Of a traceback the cause is shown, not the layers that passed it on.
    """
    change(project, "config.yml", "crash")

    with pytest.raises(BrokenTraining) as failed:
        train(project)

    *_, cause, _log = str(failed.value).splitlines()
    assert cause.strip() == "ValueError: invalid literal for int() with base 10: 'nonsense'"


def test_a_full_disk_is_named_as_such(project: RasaProject) -> None:
    """
    A full disk in the middle of a training is one line, not Rasa's.
    """
    change(project, "config.yml", "full")

    with pytest.raises(BrokenTraining, match=r"^The disk is full: free some space"):
        train(project)


@pytest.mark.parametrize(
    ("config", "words"),
    [
        ("memory", "There was too little memory for the training"),
        ("killed SIGKILL", "The system has ended the training (signal 9, Killed), as it does when"),
        ("killed SIGSEGV", "The training was ended by signal 11 (Segmentation fault): start again"),
    ],
)
def test_an_end_without_words_is_put_into_words(
    project: RasaProject, config: str, words: str
) -> None:
    """
    Rasa says nothing of it, or nothing that helps.
    """
    change(project, "config.yml", config)

    with pytest.raises(BrokenTraining) as failed:
        train(project)

    assert str(failed.value).startswith(words)


@pytest.mark.parametrize("priority", ["idle", "nice"])
def test_a_training_can_let_others_go_first(project: RasaProject, priority: Priority) -> None:
    """
    Its niceness is the highest, and it is the first to end when memory runs out.
    """
    look = "import os, sys; print(os.nice(0), open('/proc/self/oom_score_adj').read()); "
    project = replace(project, rasa=(sys.executable, "-c", look + RASA), priority=priority)
    train(project)

    assert project.log.read_text().split()[:2] == ["19", "800"]


def test_an_interrupted_training_leaves_nothing(project: RasaProject) -> None:
    """
    Ctrl-C in the middle: the trainer ends, and neither a half model nor a draft stays.
    """
    change(project, "config.yml", "slow")
    began = project.folder / "began"
    os.mkfifo(began)

    async def interrupted() -> None:
        training = asyncio.create_task(project.train_if_changed())
        await asyncio.to_thread(began.read_text)
        training.cancel()
        await asyncio.gather(training, return_exceptions=True)

    asyncio.run(asyncio.wait_for(interrupted(), 30))

    assert left(project) == []


def test_what_a_killed_training_left_is_removed(project: RasaProject) -> None:
    """
    An old draft goes with the next training; a young one may be somebody else's at work.
    """
    old, young = project.models / f"{DRAFT}old", project.models / f"{DRAFT}young"
    for draft in (old, young):
        draft.mkdir(parents=True)
    long_ago = time.time() - DRAFT_AGE - 60
    os.utime(old, (long_ago, long_ago))

    train(project)

    assert not old.exists()
    assert young.exists()


def test_only_the_last_models_are_kept(project: RasaProject) -> None:
    """
    Old models go, the oldest in use first; one that is used again counts as new.
    """
    project.models.mkdir()
    for number in range(MODELS_KEPT):
        model = project.models / f"makegood-{number:012}.tar.gz"
        model.write_text("")
        os.utime(model, (number, number))
    mine = project.models / "my-own.tar.gz"
    mine.write_text("")

    new = train(project)

    kept = {path.name for path in project.models.glob("makegood-*")}
    assert len(kept) == MODELS_KEPT
    assert new.name in kept
    assert "makegood-000000000000.tar.gz" not in kept
    assert mine.exists()


def test_what_is_live_or_wanted_is_never_forgotten(project: RasaProject) -> None:
    """
    However old it is: a roll-back must find it. Seals of models that are gone go with them.
    """
    live = train(project)
    gone = project.models / "makegood-000000000001.tar.gz"
    gone.write_text("gone")
    project.seals.add(gone, inputs="", engine="")
    for number, model in enumerate((live, gone)):
        os.utime(model, (number, number))
    for number in range(MODELS_KEPT):
        (project.models / f"makegood-{number + 2:012}.tar.gz").write_text("")
    change(project, "data/nlu/orders.yml", "changed")

    new = train(replace(project, find_used=lambda: frozenset({live.name})))

    assert live.exists()
    assert new.exists()
    assert not gone.exists()
    assert len(list(project.models.glob("makegood-*"))) == MODELS_KEPT
    assert len(list(project.seals.folder.glob("*.json"))) == 2


def test_a_trained_model_is_sealed_with_what_it_is_made_of(
    project: RasaProject, tmp_path: Path
) -> None:
    """
    Ours, and one of other people's messages as well.
    """
    model = train(project)
    data, foreign = tmp_path / "foreign", tmp_path / "foreign.tar.gz"
    data.mkdir()
    asyncio.run(project.train_nlu(data, foreign))

    seal = project.seals.check(model)
    assert (seal.inputs, seal.engine) == (project.inputs_checksum, project.engine)
    assert project.seals.check(foreign).engine == project.engine


def test_a_model_without_a_seal_is_trained_again(project: RasaProject) -> None:
    """
    It may be from before there were seals, from elsewhere, or changed.
    """
    model = train(project)
    model.write_text("another model")
    with pytest.raises(ForeignModel):
        project.seals.check(model)

    assert train(project) == model
    assert project.is_trained
    assert len(trainings(project)) == 2


def test_any_folder_of_messages_trains_the_pipeline(project: RasaProject, tmp_path: Path) -> None:
    """
    Foreign NLU files are trained on alone, to the place that was asked for.
    """
    data, model = tmp_path / "foreign", tmp_path / "out" / "foreign.tar.gz"
    data.mkdir()

    asyncio.run(project.train_nlu(data, model))

    assert trainings(project) == [str(data)]
    assert model.read_text() == "a model"


def test_a_place_that_cannot_be_written_is_named(project: RasaProject, tmp_path: Path) -> None:
    """
    Before anything is trained for it.
    """
    file = tmp_path / "file"
    file.touch()

    with pytest.raises(BrokenTraining, match=rf"^{file} cannot be written to: "):
        asyncio.run(project.train_nlu(tmp_path, file / "model.tar.gz"))

    assert not (project.folder / "trainings").exists()
