"""Rasa's NLU files, read without Rasa."""

from datetime import date
from pathlib import Path

import pytest

from bot.settings import ROOT
from bot.workbench.evaluation.predictions import Entity
from bot.workbench.nlu_files import BrokenNluFile, read_nlu_file, read_nlu_files, split_markup

FILE = """\
# Written by hand.
# today: 2026-11-25
version: "3.1"

nlu:
- intent: order_status
  examples: |
    - where is [#1004](order_number)?
    - it was sent [yesterday]{"entity": "date", "value": "2026-11-24"}
- regex: email
  examples: |
    - [a-z]+@[a-z]+
- intent: thanks
  examples: |
    - спасибо большое
"""


def a_file(folder: Path, text: str = FILE, name: str = "entities.yml") -> Path:
    """The file with that text."""
    path = folder / name
    path.write_text(text, "utf-8")

    return path


def test_examples_come_with_intent_place_and_day(tmp_path):
    """
    Patterns are left alone; a line number leads to the very line.
    """
    file = read_nlu_file(a_file(tmp_path))

    assert file.today == date(2026, 11, 25)
    assert [(one.intent, one.text, one.line) for one in file.examples] == [
        ("order_status", "where is #1004?", 8),
        ("order_status", "it was sent yesterday", 9),
        ("thanks", "спасибо большое", 15),
    ]
    assert file.examples[1].entities == (Entity("date", 12, 21, "yesterday", "2026-11-24"),)
    assert {one.kinds for one in file.examples} == {frozenset({"order_number", "date"})}


@pytest.mark.parametrize(
    ("name", "languages"),
    [
        ("entities.yml", ["en", "en", "ru"]),
        ("dev_ru.yml", ["ru", "ru", "ru"]),
        ("dev_en.yml", ["en", "en", "en"]),
    ],
)
def test_the_name_of_the_file_says_the_language(tmp_path, name, languages):
    """
    Transliterated Russian is Russian; where the name says nothing, the script does.
    """
    file = read_nlu_file(a_file(tmp_path, name=name))

    assert [one.language for one in file.examples] == languages


@pytest.mark.parametrize(
    ("marked", "plain", "entities"),
    [
        ("no mark [at all] (here)", "no mark [at all] (here)", ()),
        ("[#1](id), [#2](id)", "#1, #2", (("id", 0, 2, None), ("id", 4, 6, None))),
        ("i want [two](quantity:2)", "i want two", (("quantity", 7, 10, "2"),)),
        ('[пять]{"entity": "size", "value": 5} раз', "пять раз", (("size", 0, 4, "5"),)),
        ('[red]{"entity": "colour"} one', "red one", (("colour", 0, 3, None),)),
    ],
)
def test_marks_are_taken_out_of_the_text(marked, plain, entities):
    """
    Places count in the text without the marks.
    """
    text, found = split_markup(marked)

    assert text == plain
    assert tuple((one.kind, one.start, one.end, one.normalized) for one in found) == entities
    assert all(one.value == text[one.start : one.end] for one in found)


def test_the_long_form_of_examples_is_read_too(tmp_path):
    """
    Rasa's form for examples with metadata.
    """
    text = "nlu:\n- intent: greet\n  examples:\n  - text: |\n      hello\n  - text: hi\n"

    examples = read_nlu_file(a_file(tmp_path, text)).examples

    assert [(one.text, one.line) for one in examples] == [("hello", 4), ("hi", 6)]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("nlu: [", "entities.yml: "),
        ("# today: tomorrow\nnlu: []", "Invalid isoformat string: 'tomorrow'"),
        (FILE.replace("- where", "where"), "line 8: an example starts with '- '"),
        (FILE.replace('"date", ', '"date" '), "line 9: "),
        (FILE.replace('"entity": "date"', '"kind": "date"'), "names no entity"),
    ],
)
def test_a_broken_file_names_the_place(tmp_path, text, why):
    """
    The file, and the line where one is to blame.
    """
    with pytest.raises(BrokenNluFile) as broken:
        read_nlu_file(a_file(tmp_path, text))

    assert str(tmp_path / "entities.yml") in str(broken.value)
    assert why in str(broken.value)


def test_a_folder_gives_all_its_files_and_nothing_else(tmp_path):
    """
    A baseline lies beside the sets.
    """
    (tmp_path / "more").mkdir()
    one, two = a_file(tmp_path), a_file(tmp_path / "more", name="dev_ru.yml")
    a_file(tmp_path, "{}", name="baseline.json")

    assert [file.path for file in read_nlu_files([tmp_path])] == [one, two]


def test_our_own_files_can_be_read():
    """
    The development sets, and what the model learns from.
    """
    files = read_nlu_files([ROOT / "tests" / "nlu", ROOT / "data" / "nlu"])

    assert sum(len(file.examples) for file in files) > 1000
