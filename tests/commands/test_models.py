"""The commands that list models and put one of them live."""

import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.cli import main
from bot.serving import (
    Serving,
    Swap,
    note_served,
    read_wanted,
    served_by_us,
    write_serving,
)
from bot.training import RasaProject
from tests.workbench.engine import a_project

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "var"


@pytest.fixture
def project(tmp_path: Path) -> RasaProject:
    """With the model of its files, and two more that were trained there: one, two."""
    project = a_project(tmp_path)
    for name in ("one", "two"):
        model = project.models / f"{name}.tar.gz"
        model.write_text(name)
        project.seals.add(model, inputs="", engine=project.engine)

    return project


@pytest.fixture
def makegood(
    project: RasaProject,
    state: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Run:
    """Runs the command line; exit code, output, errors."""
    monkeypatch.setenv("MAKEGOOD_STATE", str(state))
    monkeypatch.setenv("MAKEGOOD_PROJECT", str(project.folder))

    def run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["makegood", "models", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()

        return int(ended.value.code or 0), said.out, said.err

    return run


def serving(model: str, **more: object) -> Serving:
    return Serving(
        **{"model": model, "url": "http://nowhere", "wanted": model, "swap": Swap.STEADY, **more}
    )


def test_models_are_listed_with_a_star_at_the_live_one(makegood, project, state):
    """
    What has no seal, what is wanted, and why the last one did not become live.
    """
    (project.models / "theirs.tar.gz").write_text("theirs")
    write_serving(
        state,
        serving("one.tar.gz", wanted="two.tar.gz", swap=Swap.FAILED, error="it died"),
    )
    makegood("promote", "two")

    code, out, _ = makegood()

    listed, last = out.splitlines()[:-1], out.splitlines()[-1]
    lines = {line.split(".tar.gz")[0].split()[-1]: line for line in listed}
    assert code == 0
    assert lines["one"].startswith("*")
    assert not lines["two"].startswith("*")
    assert "wanted live" in lines["two"]
    assert "no seal" in lines["theirs"]
    assert last == "two.tar.gz was not put live: it died"


def test_without_a_house_it_is_taken_at_the_next_start(makegood, state):
    """
    The wish is kept; `present` takes it back.
    """
    code, out, _ = makegood("promote", "one")
    assert (code, out) == (0, "one.tar.gz is live from the next start of the house on.\n")
    wanted = read_wanted(state)
    assert wanted
    assert wanted.model == "one.tar.gz"

    makegood("present")
    assert read_wanted(state) is None


@pytest.mark.parametrize("name", ["theirs", "no-such", "../../etc/passwd"])
def test_a_foreign_model_is_refused_at_once(makegood, project, state, name):
    """
    Whoever asks for it is told, and nothing is wished.
    """
    (project.models / "theirs.tar.gz").write_text("theirs")

    code, _, errors = makegood("promote", name)

    assert code == 1
    assert len(errors.splitlines()) == 1
    assert read_wanted(state) is None


def test_one_rolls_back_to_the_model_before_or_to_any(makegood, state):
    """
    Without a name the one that was live before; if there was none, the line says what to do.
    """
    code, _, errors = makegood("roll-back")
    assert code == 1
    assert "Name one" in errors

    for model in ("two.tar.gz", "one.tar.gz"):
        note_served(state, model)
    write_serving(state, serving("one.tar.gz"))
    makegood("roll-back")
    wanted = read_wanted(state)
    assert wanted
    assert wanted.model == "two.tar.gz"

    makegood("roll-back", "one")
    wanted = read_wanted(state)
    assert wanted
    assert wanted.model == "one.tar.gz"


@pytest.fixture
def supervisor(state: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """Whoever serves that state; comes to the next of these stages whenever the command waits."""
    stages: list[Serving] = []

    def work(_: float) -> None:
        wanted = read_wanted(state)
        assert wanted
        write_serving(state, replace(stages.pop(0), wanted=wanted.model, request=wanted.request))

    monkeypatch.setattr("time.sleep", work)
    with served_by_us(state):
        yield lambda *more: stages.extend(more)


def test_one_waits_until_it_is_live(makegood, supervisor):
    """
    Each stage is a line; the end is the step's own.
    """
    supervisor(
        serving("two.tar.gz", swap=Swap.STARTING),
        serving("two.tar.gz", swap=Swap.STARTING),
        serving("one.tar.gz", swap=Swap.DRAINING),
        serving("one.tar.gz"),
    )

    code, out, _ = makegood("promote", "one")

    assert code == 0
    assert out.count("A second process starts") == 1
    assert "the one before ends what it has begun" in out
    assert "✓ Put one.tar.gz live" in out


def test_a_failed_swap_is_an_error(makegood, supervisor):
    """
    In the supervisor's words.
    """
    supervisor(serving("two.tar.gz", swap=Swap.FAILED, error="it died"))

    code, _, errors = makegood("promote", "one")

    assert code == 1
    assert errors == "one.tar.gz was not put live: it died\n"
