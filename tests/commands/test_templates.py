"""`makegood templates check`, as a seller types it."""

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.cli import makegood
from bot.settings import ROOT


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of our own words, to edit."""
    return Path(shutil.copytree(ROOT / "templates", tmp_path / "templates"))


def test_our_own_words_are_right() -> None:
    """
    Without a folder the words in use are checked.
    """
    ran = CliRunner().invoke(makegood, ["templates", "check"])

    assert ran.output == "en, ru: 0 errors, 0 hints.\n"
    assert ran.exit_code == 0


def test_a_mistake_is_told_and_fails(folder: Path) -> None:
    """
    Whoever edits learns file, line and what is wrong.
    """
    path = folder / "ru" / "small_talk.j2"
    path.write_text(path.read_text(encoding="utf-8").replace("goodbye", "godbye"), encoding="utf-8")

    ran = CliRunner().invoke(makegood, ["templates", "check", str(folder)])

    assert f"{path}: the reply goodbye has no words." in ran.output
    assert ran.output.splitlines()[-1] == "en, ru: 3 errors, 0 hints."
    assert ran.exit_code == 1


def test_a_hint_fails_nothing(folder: Path) -> None:
    """
    A seller may leave out what they do not want to say.
    """
    path = folder / "ru" / "card.j2"
    words = path.read_text(encoding="utf-8").replace("Заказ {{ number }}", "Ваш заказ")
    path.write_text(words, encoding="utf-8")

    ran = CliRunner().invoke(makegood, ["templates", "check", str(folder)])

    hint, end = ran.output.splitlines()
    assert hint.startswith(f"Look at this: {path}, line 3: title does not use number")
    assert end == "en, ru: 0 errors, 1 hint."
    assert ran.exit_code == 0
