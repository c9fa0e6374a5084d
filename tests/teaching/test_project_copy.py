"""A project that stands still while it is trained."""

import shutil

import pytest

from bot.teaching.project_copy import NeverStill, copy_project
from tests.teaching.played_rasa import a_project, change


def test_a_copy_has_the_same_name_and_everything_at_hand(tmp_path):
    """
    Inputs are copies; what else they may name is reached, hidden files and the demo shop are not.
    """
    project = a_project(tmp_path)
    (project.folder / ".secret").write_text("secret")
    copy = copy_project(project, tmp_path / "copy")
    name = copy.model.name
    change(project, "data/nlu/a.yml", "changed")

    assert name == copy.model.name != project.model.name
    assert (copy.folder / "other" / "weights.bin").read_text() == "weights"
    assert sorted(path.name for path in (copy.folder / "data").iterdir()) == ["nlu", "rules.yml"]
    assert not (copy.folder / ".secret").exists()


def test_taking_a_copy_away_leaves_the_project(tmp_path):
    """
    What is reached by a link is not the copy's.
    """
    project = a_project(tmp_path)
    copy = copy_project(project, tmp_path / "copy")
    shutil.rmtree(copy.folder)

    assert (project.folder / "other" / "weights.bin").exists()


def test_files_that_change_while_they_are_copied(tmp_path, monkeypatch):
    """
    It is tried again, and not for ever; nothing is left.
    """
    project = a_project(tmp_path)
    real, copied = shutil.copy2, []

    def copy(source, place):
        copied.append(source)
        real(source, place)
        change(project, "domain.yml", f"# {len(copied)}\n")

    monkeypatch.setattr("shutil.copy2", copy)
    with pytest.raises(NeverStill):
        copy_project(project, tmp_path / "copy")

    assert not (tmp_path / "copy").exists()
