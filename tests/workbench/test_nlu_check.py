"""A folder that nothing can be learnt from is told before Rasa is started."""

from pathlib import Path

import pytest

from bot.workbench.nlu_check import NothingToTrain, check_nlu

TWO = """\
version: "3.1"
nlu:
- intent: card/lost
  examples: |
    - I lost my card
- intent: yes
  examples:
  - text: |
      - of course
"""
ONE = 'nlu:\n- intent: "where is it?"\n  examples: |\n    - where is it\n'
RULES = "rules:\n- rule: say hello\n  steps:\n  - intent: greet\n  - action: utter_greet\n"
BROKEN = "nlu:\n- intent: greet\n  examples: |\n    - hello\n   - hi\n"


def write(folder: Path, **files: str | bytes) -> Path:
    for name, content in files.items():
        path = folder / name.replace("__", "/").replace("_yml", ".yml")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)

    return folder


def refusal(data: Path) -> str:
    with pytest.raises(NothingToTrain) as refused:
        check_nlu(data)
    said = str(refused.value)

    assert "\n" not in said
    return said


def test_two_intents_are_enough(tmp_path: Path) -> None:
    """
    In one file or two, below a folder or not, in either form of Rasa's, whatever they are called.
    """
    check_nlu(write(tmp_path / "one", a_yml=TWO))
    check_nlu(write(tmp_path / "two", deep__a_yml=ONE, b_yml=ONE.replace("where", "when")))
    check_nlu(write(tmp_path / "rules", a_yml=TWO, rules_yml=RULES, readme="no YAML: {"))
    check_nlu(write(tmp_path / "file", a_yml=TWO) / "a.yml")


@pytest.mark.parametrize(
    "files",
    [
        {},
        {"rules_yml": RULES},
        {"a_txt": TWO},
        {".git__a_yml": TWO},
        {"a_yml": ""},
        {"a_yml": "[1]"},
    ],
    ids=["empty", "rules alone", "another ending", "hidden", "an empty file", "a list"],
)
def test_a_folder_without_examples_is_refused(tmp_path: Path, files: dict[str, str]) -> None:
    """
    With the folder's name and what was looked for.
    """
    said = refusal(write(tmp_path, **files))

    assert said == f"{tmp_path}: no intent with examples in any .yml or .yaml file there."


def test_one_intent_is_nothing_to_choose_from(tmp_path: Path) -> None:
    """
    However many files it is spread over.
    """
    said = refusal(write(tmp_path, a_yml=ONE, b_yml=ONE))

    assert said == f"{tmp_path}: there is one intent only (where is it?); two are needed."


def test_broken_yaml_is_named_with_its_line(tmp_path: Path) -> None:
    """
    File, line and reason, in one line.
    """
    said = refusal(write(tmp_path, a_yml=TWO, b_yml=BROKEN))

    assert said.startswith(f"{tmp_path / 'b.yml'}, line 5: expected ")


def test_a_file_that_is_no_utf8_is_named(tmp_path: Path) -> None:
    """
    Old editors write other code pages.
    """
    path = write(tmp_path, a_yml=ONE.replace("?", "ё").encode("cp1251")) / "a.yml"

    assert refusal(tmp_path) == f"{path} is not UTF-8 text (byte 28)."


@pytest.mark.parametrize("name", ["7", "0", "1.5", "true"])
def test_a_name_that_is_no_text_is_named(tmp_path: Path, name: str) -> None:
    """
    Data sets number their labels; in quotes a number is as good a name as any.
    """
    path = write(tmp_path, a_yml=TWO.replace("intent: yes", f"intent: {name}")) / "a.yml"

    assert f"{path}: the intent {name}" in refusal(tmp_path).replace("True", "true")
    check_nlu(write(tmp_path, a_yml=TWO.replace("intent: yes", f'intent: "{name}"')))
