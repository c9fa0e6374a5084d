"""`makegood intents check`, as somebody types it."""

import sys

import pytest

from bot.cli import main
from tests.workbench.projects import a_folder


@pytest.fixture
def check(tmp_path, monkeypatch, capsys):
    folder = a_folder(tmp_path)
    monkeypatch.setenv("MAKEGOOD_PROJECT", str(folder))
    monkeypatch.setattr(sys, "argv", ["makegood", "intents", "check"])

    def run():
        with pytest.raises(SystemExit) as ended:
            main()
        return ended.value.code, *capsys.readouterr()

    return folder, run


def test_what_holds_together_is_counted(check):
    _, run = check

    assert run() == (
        0,
        "5 intents with 13 examples hold together; 0 messages stand in the test set.\n",
        "",
    )


def test_a_mistake_is_one_line(check):
    folder, run = check
    (folder / "data" / "nlu" / "dialogue.yml").write_text("nlu: [")

    code, out, told = run()
    assert (code, out) == (1, "")
    assert told.startswith("data/nlu/dialogue.yml, line ")
