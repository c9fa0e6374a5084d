"""Files of messages through a model; a stand-in understands them."""

from pathlib import Path

import pytest

from bot.obstacles import Obstacle
from bot.training import RasaProject
from bot.workbench.evaluation.measuring import CannotMeasure, engine_of, measure
from bot.workbench.evaluation.report import Report
from tests.workbench.engine import a_project, calls, nlu


@pytest.fixture
def project(tmp_path: Path) -> RasaProject:
    """Where the stand-in lives."""
    folder = tmp_path / "project"
    folder.mkdir()

    return a_project(folder)


@pytest.fixture
def sets(tmp_path: Path) -> Path:
    """The folder of the messages."""
    folder = tmp_path / "sets"
    folder.mkdir()

    return folder


def measured(project: RasaProject, sets: Path) -> Report:
    """The report on that folder."""
    return measure("model", [sets], engine_of(project, Path("/m.tar.gz")))


def test_messages_of_all_files_are_read_in_one_go(project, sets):
    """
    Loading a model takes longer than reading a thousand messages.
    """
    (sets / "dev_en.yml").write_text(nlu(("thanks", "thanks a lot"), ("greet", "thanks")))
    (sets / "dev_ru.yml").write_text(nlu(("greet", "greet вас")))

    report = measured(project, sets)

    assert [one.accuracy.value for one in report.languages] == [2 / 3, 1 / 2, 1]
    assert report.sets == ("dev_en.yml", "dev_ru.yml")
    assert calls(project.folder) == ["-m bot.engine.parsing --model /m.tar.gz"]


def test_the_day_of_a_file_is_told(project, sets):
    """
    A file that names none joins another; of two days each has its own run.
    """
    (sets / "a.yml").write_text(nlu(("thanks", "thanks"), today="2026-11-25"))
    (sets / "b.yml").write_text(nlu(("thanks", "greet")))
    (sets / "c.yml").write_text(nlu(("deny", "deny"), today="2027-01-01"))

    report = measured(project, sets)

    assert [one.example.text for one in report.judged] == ["thanks", "greet", "deny"]
    assert [call.partition("--today ")[2] for call in calls(project.folder)] == [
        "2026-11-25",
        "2027-01-01",
    ]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("crash", "ValueError: no such model"),
        ("too long", "line 2: longer than 50 kB"),
        ("silence", "2 messages were given, 1 came back"),
    ],
)
def test_a_model_that_does_not_answer_gives_no_figures(project, sets, text, why):
    """
    Figures of the messages that happened to come back would be wrong.
    """
    (sets / "dev_en.yml").write_text(nlu(("thanks", "thanks"), ("greet", text)))

    with pytest.raises(Obstacle) as cannot:
        measured(project, sets)

    assert why in str(cannot.value)


def test_no_messages_are_no_report(project, sets):
    """
    A folder of other files.
    """
    (sets / "rules.yml").write_text("rules: []\n")

    with pytest.raises(CannotMeasure, match="No messages in"):
        measured(project, sets)
