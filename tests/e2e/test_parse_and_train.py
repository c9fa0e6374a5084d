"""The commands that train on a folder and ask its model, as they are typed."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.settings import ROOT

FOREIGN = """\
version: "3.1"
nlu:
- intent: card/lost
  examples: |
    - I lost my card
    - my card is lost
    - the card is gone
- intent: card/arrival
  examples: |
    - where is my new card
    - my new card has not come
    - when does the new card come
"""
GIVEN = b"my card is lost\n\nwhen does my new card come\xff\nwhere is my new card"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "foreign").mkdir()
    (tmp_path / "foreign" / "cards.yml").write_text(FOREIGN)

    return tmp_path


def makegood(
    folder: Path, *arguments: str, given: bytes = b""
) -> "subprocess.CompletedProcess[bytes]":
    """The command, typed in that folder."""
    return subprocess.run(
        [sys.executable, "-c", "from bot.cli import main; main()", *arguments],
        cwd=folder,
        env={**os.environ, "MAKEGOOD_STATE": str(folder / "var"), "PYTHONPATH": str(ROOT)},
        input=given,
        capture_output=True,
        check=False,
    )


def test_what_was_trained_on_a_folder_is_asked(folder: Path) -> None:
    """
    By relative paths; slashes in the intents' names are theirs.
    """
    trained = makegood(folder, "train", "--data", "foreign", "--model", "out/cards.tar.gz")
    asked = makegood(folder, "parse", "--model", "out/cards.tar.gz", given=GIVEN)

    assert trained.returncode == 0, trained.stderr.decode()
    assert trained.stdout.decode().splitlines()[-1] == str(folder / "out" / "cards.tar.gz")
    assert (asked.returncode, asked.stderr) == (0, b"")
    lost, silence, broken, where = map(json.loads, asked.stdout.splitlines())
    assert lost["ranking"][0]["name"] == "card/lost"
    assert where["ranking"][0]["name"] == "card/arrival"
    assert silence["intent"] == "nlu_fallback"
    assert broken == {"error": "byte 27 of the line is not UTF-8", "line": 3}


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["train", "--data", "var", "--model", "m.tar.gz"], 1, "var: no intent with examples in"),
        (["train", "--data", "foreign", "--model", "f/m"], 1, "f cannot be written to: File exi"),
        (["parse", "--model", "missing.tar.gz"], 2, "missing.tar.gz cannot be read: No such file"),
        (["parse", "--model", "foreign/cards.yml"], 2, "cards.yml is no model: not a gzip file"),
    ],
)
def test_what_cannot_be_done_is_one_line(
    folder: Path, arguments: list[str], code: int, said: str
) -> None:
    """
    On stderr, with a code and without a traceback.
    """
    (folder / "var").mkdir()
    (folder / "f").touch()

    ended = makegood(folder, *arguments)

    assert ended.returncode == code
    (line,) = ended.stderr.decode().splitlines()
    assert said in line
