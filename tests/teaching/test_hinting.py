"""Hints over a project's files: what is read again, what the model adds, what may go wrong."""

import os
from datetime import timedelta
from pathlib import Path

import pytest

from bot.model_seal import Seals
from bot.teaching.hinting import (
    AlreadyReading,
    ReadingState,
    find_in_files,
    find_reading,
    list_hints,
    note_failure,
    read_corpus,
    read_examples,
)
from bot.training import RasaProject
from bot.workbench.hints import ENOUGH, HintKind
from bot.workbench.nlu_files import BrokenNluFile
from tests.factories import an_order
from tests.workbench.reading import read

NLU = """version: "3.1"
nlu:
- intent: order_status
  examples: |
    - where is my parcel
    - and [DEMO-1018](order_number)
    - hi
- intent: late_delivery
  examples: |
    - my parcel is late
    - demo-1018 is late
    - Hi!
"""


def write(project: Path, name: str, text: str) -> Path:
    path = project / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    if path.parent.name == "models":
        Seals(path.parent).add(path, inputs="", engine="")
    return path


@pytest.fixture
def project(tmp_path) -> RasaProject:
    """A small project with a model that nobody needs to open."""
    folder = tmp_path / "project"
    write(folder, "data/nlu/orders.yml", NLU)
    write(folder, "models/makegood-1.tar.gz", "")
    return RasaProject(folder=folder, logs=tmp_path, rasa=("rasa",), env={})


def kinds(found) -> set[HintKind]:
    return {one.kind for one in found}


def read_all(project: RasaProject, state: Path, reader=read) -> None:
    model = project.models / "makegood-1.tar.gz"
    list(read_examples(project, model, state, reader))


def test_the_files_alone_tell_much(project, tmp_path):
    assert kinds(find_in_files(project.folder, tmp_path)) == {
        HintKind.CONTRADICTED,
        HintKind.FEW,
        HintKind.UNMARKED,
        HintKind.UNTESTED,
    }


def test_the_model_adds_what_looks_alike(project, tmp_path):
    read_all(project, tmp_path)
    (hint,) = [one for one in find_in_files(project.folder, tmp_path) if one.kind is HintKind.ALIKE]

    assert [one.text for one in hint.mentions] == ["my parcel is late", "where is my parcel"]


def test_what_changed_is_read_again_and_the_rest_is_kept(project, tmp_path):
    read_all(project, tmp_path)
    path = project.folder / "data/nlu/orders.yml"
    path.write_text(NLU.replace("    - hi\n", "    - no parcel here\n"))
    corpus = read_corpus(project.folder)

    assert "no parcel here" in [one.text for one in corpus.examples]
    assert find_reading(project, tmp_path, corpus).state is ReadingState.WANTED
    assert HintKind.ALIKE in kinds(find_in_files(project.folder, tmp_path))
    read_all(project, tmp_path)
    assert find_reading(project, tmp_path, corpus).state is ReadingState.READY


def test_a_folder_says_the_language(project):
    write(project.folder, "data/nlu/ru/orders.yml", NLU)

    assert {one.language for one in read_corpus(project.folder).examples} == {"en", "ru"}


def test_the_test_set_is_no_example(project, tmp_path):
    write(project.folder, "data/test/en.yml", NLU)
    corpus = read_corpus(project.folder)

    assert (len(corpus.examples), len(corpus.tests)) == (6, 6)
    hints = [
        one for one in find_in_files(project.folder, tmp_path) if one.kind is HintKind.UNTESTED
    ]
    assert [one.intent for one in hints] == ["late_delivery", "order_status"]


def test_without_a_model(project, tmp_path):
    (project.models / "makegood-1.tar.gz").unlink()
    told = find_reading(project, tmp_path, read_corpus(project.folder))

    assert told.state is ReadingState.NO_MODEL


def test_two_do_not_read_at_once(project, tmp_path):
    model = project.models / "makegood-1.tar.gz"
    reading = read_examples(project, model, tmp_path, read)
    assert next(reading) == (0, 6)
    told = find_reading(project, tmp_path, read_corpus(project.folder))

    assert (told.state, told.done, told.total) == (ReadingState.RUNNING, 0, 6)
    with pytest.raises(AlreadyReading):
        read_all(project, tmp_path)
    note_failure(project, tmp_path, "killed")
    list(reading)
    state = find_reading(project, tmp_path, read_corpus(project.folder)).state
    assert state is ReadingState.READY


def test_a_failure_is_told_until_something_changes(project, tmp_path):
    def dies(messages):
        raise ValueError("this is no model")

    with pytest.raises(ValueError, match="no model"):
        read_all(project, tmp_path, dies)
    told = find_reading(project, tmp_path, read_corpus(project.folder))
    assert (told.state, told.error) == (ReadingState.FAILED, "this is no model")

    write(project.folder, "data/nlu/more.yml", NLU.replace("DEMO-1018", "DEMO-1019"))
    told = find_reading(project, tmp_path, read_corpus(project.folder))
    assert told.state is ReadingState.WANTED


def test_a_process_that_died_without_a_word(project, tmp_path):
    (tmp_path / "hints").mkdir()
    note_failure(project, tmp_path, "Killed")
    told = find_reading(project, tmp_path, read_corpus(project.folder))

    assert (told.state, told.error) == (ReadingState.FAILED, "Killed")


@pytest.mark.parametrize("name", ["found.json", "progress.json"])
@pytest.mark.parametrize("content", ["", "[1]", "{"])
def test_broken_notes_are_none(project, tmp_path, name, content):
    read_all(project, tmp_path)
    write(tmp_path, f"hints/{name}", content)

    assert find_in_files(project.folder, tmp_path)
    find_reading(project, tmp_path, read_corpus(project.folder))


def test_a_broken_file_is_named(project, tmp_path):
    path = write(project.folder, "data/nlu/more.yml", "nlu: [\n")

    with pytest.raises(BrokenNluFile, match=path.name):
        find_in_files(project.folder, tmp_path)


def test_files_of_another_model_go(project, tmp_path):
    read_all(project, tmp_path)
    newer = write(project.folder, "models/makegood-2.tar.gz", "")
    os.utime(newer, (2e9, 2e9))
    told = find_reading(project, tmp_path, read_corpus(project.folder))
    assert (told.state, told.model) == (ReadingState.WANTED, newer.name)

    list(read_examples(project, newer, tmp_path, read))
    assert [one.name for one in (tmp_path / "hints").glob("*.npz")] == ["makegood-2.npz"]


def test_intents_that_nobody_means_need_traffic(project, tmp_path, dialog, monkeypatch):
    buyer = dialog(an_order())
    for _ in range(3):
        buyer.says("order_status", "where is it")
    assert HintKind.UNUSED not in kinds(list_hints(buyer.shop.house, project, tmp_path).hints)

    assert ENOUGH == 1000
    monkeypatch.setattr("bot.workbench.hints.ENOUGH", 3)
    found = list_hints(buyer.shop.house, project, tmp_path)
    assert [one.intent for one in found.hints if one.kind is HintKind.UNUSED] == ["late_delivery"]
    assert found.examples == 6

    buyer.shop.now += timedelta(days=40)
    assert HintKind.UNUSED not in kinds(list_hints(buyer.shop.house, project, tmp_path).hints)
