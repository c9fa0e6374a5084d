"""The commands for the training inbox, as a trainer and the house's worker type them."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.cli import main
from bot.model_seal import Seals
from bot.services.house import utc_now
from bot.serving import Serving, Swap, write_serving
from bot.teaching.collecting import Collected
from bot.teaching.importing import Import, ImportState, alone, note_import, read_import
from tests.workbench.engine import a_project

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """Where the house keeps what survives."""
    return tmp_path / "var"


@pytest.fixture
def makegood(
    tmp_path: Path, state: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Run:
    """Runs the command line; exit code, output, errors."""
    place = tmp_path / "project"
    (place / "data" / "nlu").mkdir(parents=True)
    project = a_project(place)
    examples = "nlu:\n- intent: late_delivery\n  examples: |\n    - where is it\n"
    (place / "data" / "nlu" / "some.yml").write_text(examples)
    project.model.write_text("a model")
    project.seals.add(project.model, inputs="", engine="")
    monkeypatch.setenv("MAKEGOOD_STATE", str(state))
    monkeypatch.setenv("MAKEGOOD_PROJECT", str(place))
    monkeypatch.setattr("bot.project.rasa_project", lambda settings: project)

    def run(*arguments: str | Path) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["makegood", "inbox", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()

        return int(ended.value.code or 0), said.out, said.err

    return run


def written(tmp_path: Path, content: bytes, name: str = "said.txt") -> Path:
    path = tmp_path / name
    path.write_bytes(content)

    return path


def test_a_file_comes_in(makegood: Run, tmp_path: Path):
    """
    And a second time it only counts.
    """
    path = written(tmp_path, b"where is it\nit broke\n")

    assert "2 messages read: 2 new, 0 known already, 0 of no use" in makegood("import", path)[1]
    assert "2 messages read: 0 new, 2 known already" in makegood("import", path)[1]


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("said.csv", b"PK\x03\x04 a workbook", "archive or a workbook"),
        ("said.csv", b'text\nfine\n"open', "never closed"),
        ("said.txt", b"", "is empty"),
    ],
)
def test_what_cannot_be_read_is_one_sentence(
    makegood: Run, tmp_path: Path, name: str, content: bytes, words: str
):
    """
    No model is asked, and nothing comes in.
    """
    code, out, error = makegood("import", written(tmp_path, content, name))

    assert (code, out) == (1, "")
    assert words in error
    assert "Traceback" not in error
    assert not (tmp_path / "project" / "calls").exists()


def test_no_file_and_a_folder(makegood: Run, tmp_path: Path):
    assert "is not there" in makegood("import", tmp_path / "nowhere.txt")[2]
    assert "is no file" in makegood("import", tmp_path)[2]


def test_collecting_tells_what_it_did(makegood: Run):
    assert "\n0 messages looked at: 0 new" in makegood("collect")[1]


def test_only_one_collects(makegood: Run, state: Path):
    with alone(state, "collect") as only_us:
        assert only_us
        assert "Another process is collecting" in makegood("collect")[1]


def test_without_a_model_nothing_is_trained(makegood: Run, tmp_path: Path):
    for model in (tmp_path / "project" / "models").glob("*.tar.gz"):
        model.unlink()

    assert "no trained model yet" in makegood("collect", "--with-what-there-is")[1]


def test_the_model_in_use_reads(makegood: Run, tmp_path: Path, state: Path):
    """
    Whatever the project has by now: nothing is trained for it.
    """
    used = tmp_path / "project" / "models" / "makegood-used.tar.gz"
    used.write_text("a model")
    Seals(used.parent).add(used, inputs="", engine="")
    write_serving(state, Serving(model=used.name, url="", wanted="", swap=Swap.STEADY))
    makegood("import", written(tmp_path, b"where is it\n"))

    assert str(used) in (tmp_path / "project" / "calls").read_text()


def test_a_sent_file_is_read_and_removed(makegood: Run, tmp_path: Path, state: Path):
    path = written(tmp_path, b"where is it\nit broke\n", "0123.txt")
    makegood("import", path, "--sent-as", "from the shop.txt", "--by", "Kim")
    found = read_import(state)

    assert found is not None
    assert (found.file, found.by, found.state) == ("from the shop.txt", "Kim", ImportState.DONE)
    assert (found.told, found.total) == (Collected(read=2, new=2), 2)
    assert not path.exists()


def test_a_sent_file_that_cannot_be_read_says_so(makegood: Run, tmp_path: Path, state: Path):
    path = written(tmp_path, b"id,name\n1,Kim\n", "0123.csv")
    makegood("import", path, "--sent-as", "mine.csv", "--by", "Kim")
    found = read_import(state)

    assert found is not None
    assert found.state is ImportState.FAILED
    assert found.error.startswith("mine.csv has the columns id, name")
    assert not path.exists()


def test_a_model_that_dies_leaves_a_sentence(makegood: Run, tmp_path: Path, state: Path):
    path = written(tmp_path, b"where is it\ncrash\n", "0123.txt")
    code, _, error = makegood("import", path, "--sent-as", "mine.txt", "--by", "Kim")
    found = read_import(state)

    assert (code, "no such model" in error) == (1, True)
    assert found is not None
    assert found.state is ImportState.FAILED
    assert "no such model" in found.error


def test_how_far_it_has_come_is_read_as_it_was_written(tmp_path: Path):
    one = Import(file="a.txt", by="Kim", at=utc_now(), told=Collected(3, 2, 1, 0), total=9)
    assert read_import(tmp_path) is None
    note_import(tmp_path, one)

    assert read_import(tmp_path) == one
    (tmp_path / "run" / "import.json").write_text("{}")
    assert read_import(tmp_path) is None
