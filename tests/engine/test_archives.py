"""A trained model is told from any other file by a look at it."""

import tarfile
from pathlib import Path

import pytest

from bot.engine.archives import NoModel, check_archive


def test_what_is_no_model_is_told_from_one(tmp_path: Path, model: Path) -> None:
    """
    By what the file is, before Rasa is asked.
    """
    check_archive(model)
    text, other, cut = (tmp_path / name for name in ("text", "other", "cut"))
    text.write_text("no archive")
    with tarfile.open(other, "w:gz") as tar:
        tar.add(text, "text")
    cut.write_bytes(model.read_bytes()[:-1000])

    for path, why in (
        (text, "no model: not a gzip file"),
        (other, "no model of Rasa is in it"),
        (cut, "ended before the end"),
        (tmp_path, "cannot be read: Is a directory"),
    ):
        with pytest.raises(NoModel, match=why):
            check_archive(path)
