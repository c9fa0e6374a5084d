"""The command that measures a model, as a trainer types it."""

import json
import sys
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.cli import main
from tests.workbench.engine import a_project, calls, nlu

Run = Callable[..., tuple[int, str, str]]

GOOD = nlu(*[("thanks", "thanks")] * 20, *[("out_of_scope", "out_of_scope")] * 5)
BAD = nlu(*[("thanks", "greet")] * 20, *[("out_of_scope", "out_of_scope")] * 5)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of the project in which the stand-in understands."""
    place = tmp_path / "project"
    place.mkdir()

    return place


@pytest.fixture
def makegood(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Run:
    """Runs the command line; exit code, output, errors."""
    project = a_project(folder)
    monkeypatch.setenv("MAKEGOOD_STATE", str(folder / "var"))
    monkeypatch.setattr("bot.project.rasa_project", lambda settings: project)

    def run(*arguments: str | Path) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["makegood", "evaluate", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()

        return int(ended.value.code or 0), said.out, said.err

    return run


def a_set(folder: Path, text: str = GOOD) -> Path:
    """A file of messages."""
    path = folder / "dev_en.yml"
    path.write_text(text)

    return path


def test_the_report_is_printed_and_written(makegood, folder):
    """
    The present model reads the messages; page and JSON are in the state folder.
    """
    code, out, _ = makegood("--on", a_set(folder))

    page = folder / "var" / "evaluation" / "report.html"
    assert code == 0
    assert "Accuracy" in out
    assert str(page) in out
    assert "dev_en.yml" in page.read_text()
    assert json.loads(page.with_suffix(".json").read_text())["sets"] == ["dev_en.yml"]
    (call,) = calls(folder)
    assert call.startswith(f"-m bot.engine.parsing --model {folder / 'models' / 'makegood-'}")


def test_without_a_name_the_development_sets_are_read(makegood, folder):
    """
    What is held back in a folder below stays unseen until somebody asks for it.
    """
    sets = folder / "tests" / "nlu"
    (sets / "held_back").mkdir(parents=True)
    a_set(sets)
    a_set(sets / "held_back", BAD)

    code, out, _ = makegood()

    assert code == 0
    assert "on dev_en.yml. Per cent" in out
    assert "all, 25" in out


def test_another_model_and_another_place(makegood, folder, tmp_path):
    """
    As asked for.
    """
    model = tmp_path / "mine.tar.gz"
    model.write_text("a model")

    code, out, _ = makegood("--on", a_set(folder), "--model", model, "--out", tmp_path / "here")

    assert code == 0
    assert "mine.tar.gz on dev_en.yml" in out
    assert (tmp_path / "here" / "report.html").exists()
    assert calls(folder) == [f"-m bot.engine.parsing --model {model}"]


def test_a_model_from_elsewhere_is_warned_of(makegood, folder, tmp_path):
    """
    Whoever names it by hand may read with it; the house would not.
    """
    model = tmp_path / "theirs.tar.gz"
    with tarfile.open(model, "w:gz"):
        pass

    code, _, err = makegood("--on", a_set(folder), "--model", model)

    assert code == 0
    assert err.startswith("Mind that a model can run any code: ")
    assert "theirs.tar.gz was not trained here" in err


def test_a_baseline_is_written_kept_and_missed(makegood, folder):
    """
    The exit code is 1 only when a figure has dropped; the report is written all the same.
    """
    baseline = folder / "baseline.json"

    assert makegood("--on", a_set(folder), "--baseline", baseline, "--write-baseline")[0] == 0
    code, out, _ = makegood("--on", a_set(folder), "--baseline", baseline)
    assert (code, out.splitlines()[-1]) == (0, f"Nothing is below the baseline {baseline}.")

    code, out, err = makegood("--on", a_set(folder, BAD), "--baseline", baseline)
    assert code == 1
    assert "en, accuracy: 20.0 (" in err
    assert "Accuracy" in out


def test_a_baseline_that_is_not_there_is_said_before_anything_else(makegood, folder):
    """
    Not after a training.
    """
    code, _, err = makegood("--on", a_set(folder), "--baseline", folder / "nowhere.json")

    assert code == 1
    assert "nowhere.json: No such file" in err
    assert not (folder / "calls").exists()


def test_a_baseline_is_written_only_to_a_named_file(makegood, folder):
    """
    A flag too little is no reason to overwrite anything.
    """
    code, _, err = makegood("--on", a_set(folder), "--write-baseline")

    assert code == 2
    assert "--write-baseline needs --baseline FILE" in err
