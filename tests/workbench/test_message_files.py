"""Files of messages, however broken: what can be read is, and the rest is told."""

from pathlib import Path

import pytest

from bot.workbench import message_files
from bot.workbench.message_files import UnreadableMessages, read_messages


def written(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)

    return path


def test_a_message_a_line(tmp_path: Path):
    path = written(tmp_path, "said.txt", "where is it\n\n  it   broke \r\nгде посылка".encode())

    assert list(read_messages(path)) == [(1, "where is it"), (3, "it broke"), (4, "где посылка")]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_column_of_a_table(tmp_path: Path, delimiter: str):
    rows = (("id", "Message"), ("1", "where is it"), ("2", ""), ("3",))
    text = "\n".join(delimiter.join(row) for row in rows)
    path = written(tmp_path, "said.csv", text.encode("utf-8-sig"))

    assert [message for _, message in read_messages(path)] == ["where is it", "", ""]


def test_a_quoted_cell_may_have_lines(tmp_path: Path):
    path = written(tmp_path, "said.csv", b'text,id\n"it broke,\nreally",1\n')

    assert [message for _, message in read_messages(path)] == ["it broke, really"]


@pytest.mark.parametrize(
    "line", [b"caf\xe9 is not UTF-8", b"x" * 4001, b"\x1b[31mred"], ids=["bytes", "long", "escape"]
)
def test_what_is_broken_is_empty_and_the_rest_goes_on(tmp_path: Path, line: bytes):
    path = written(tmp_path, "said.txt", b"before\n" + line + b"\nafter\n")

    assert [message for _, message in read_messages(path)] == ["before", "", "after"]


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("said.txt", b"", "is empty"),
        ("said.txt", b"  \n\n", "is empty"),
        ("photo.txt", b"\x89PNG\r\n\x1a\n\0\0", "is no text"),
        ("said.csv", b"id,name\n1,Kim\n", "the columns id, name"),
    ],
)
def test_a_file_of_no_use_says_why(tmp_path: Path, name: str, content: bytes, words: str):
    with pytest.raises(UnreadableMessages, match=words):
        list(read_messages(written(tmp_path, name, content)))


def test_a_file_that_is_too_large_is_not_begun(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(message_files, "MOST_BYTES", 10)

    with pytest.raises(UnreadableMessages, match="Divide it"):
        list(read_messages(written(tmp_path, "said.txt", b"more than ten bytes")))
