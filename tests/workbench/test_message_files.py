"""Files of messages, however broken: what can be read is, and the rest is told."""

import bz2
import gzip
import tracemalloc
from pathlib import Path

import pytest

from bot.workbench.messages import files as message_files
from bot.workbench.messages.files import UnreadableMessages, load_messages, read_messages


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


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("said.txt", "привет\nпосылка".encode("utf-16"), "is UTF-16"),
        ("said.csv", "text\nwhere".encode("utf-16-be"), "is no text"),
        ("said.csv", b"PK\x03\x04\x14\0", "archive or a workbook"),
        ("said.txt", "где посылка\nверните деньги\n".encode("cp1251"), "is not UTF-8"),
        ("said.txt", "где\nкуда\nkto\n".encode("cp1251"), "Most of said.txt is not UTF-8"),
        ("said.txt", b"x" * 5000, "no message that can be used"),
        ("said.csv", b"text\n", "no message that can be used"),
        ("said.csv", b'text\nfine\n"never closed\nmore\nand more\n', "line 3: a quotation mark"),
        ("said.csv", b'text\n"' + b"never closed\n" * 20_000, "field larger than"),
        ("said.csv", b"text\nwh\0ere\nfine\n", "is no text"),
        ("said.csv", "Сообщение;Дата\nгде посылка;1\n".encode("cp1251"), "is not UTF-8"),
        ("said.csv", b"\xef\xbb\xbf", "no message that can be used"),
        ("said.csv", b'"text\nwhere is it\n', "line 1: a quotation mark"),
        ("said.csv", b"x" * 200_000, "line 1: field larger than"),
        ("said.csv", gzip.compress(b"text\nwhere is it\n" * 1000), "is no text"),
        ("said.csv", bz2.compress(b"text\nwhere is it\n" * 1000), "no text|not UTF-8"),
    ],
)
def test_what_comes_in_whole_or_not_at_all(tmp_path: Path, name: str, content: bytes, words: str):
    path = written(tmp_path, name, content)
    with pytest.raises(UnreadableMessages, match=words) as refused:
        load_messages(path)
    assert str(refused.value).encode("utf-8")


def test_a_header_may_have_lines_and_stand_below_empty_ones(tmp_path: Path):
    path = written(tmp_path, "said.csv", b'\n\n"id";"text";"the ""day"",\nor so"\n1;"it\nbroke"\n')

    assert list(read_messages(path)) == [(6, "it broke")]


def test_formulas_are_messages(tmp_path: Path):
    path = written(tmp_path, "said.csv", b'text\n"=HYPERLINK(""http://x"",""y"")"\n')

    assert load_messages(path) == ['=HYPERLINK("http://x","y")']


def test_what_cannot_be_seen_costs_no_message(tmp_path: Path):
    path = written(
        tmp_path, "said.txt", "\u200fwo ist\u00ad\u202e es\u2028👨\u200d👩\n\u200b\n".encode()
    )

    assert load_messages(path) == ["wo ist es 👨👩"]


def test_more_lines_than_fit_into_memory(tmp_path: Path):
    """
    Refused as soon as there are too many, and not when all of them have been read.
    """
    path = written(tmp_path, "said.txt", b"ab\n" * 16_000_000)
    tracemalloc.start()
    try:
        with pytest.raises(UnreadableMessages, match="more than 500,000 messages"):
            load_messages(path)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert most < 100_000_000


def test_a_zero_byte_far_down_breaks_its_line_alone(tmp_path: Path):
    path = written(tmp_path, "said.csv", b"text\n" + b"fine\n" * 1000 + b"wh\0ere\nfine\n")

    assert load_messages(path)[-3:] == ["fine", "", "fine"]


def test_a_quotation_mark_that_is_closed_at_the_end_is_none_that_is_open(tmp_path: Path):
    path = written(tmp_path, "said.csv", b'text\nfine\n"it says ""no"""')

    assert load_messages(path) == ["fine", 'it says "no"']


@pytest.mark.parametrize("size", [100_000_000, 1_000_000_000], ids=["100 MB", "1 GB"])
def test_of_a_huge_file_only_the_size_is_read(tmp_path: Path, size: int):
    path = tmp_path / "huge.txt"
    with path.open("wb") as file:
        file.truncate(size)

    with pytest.raises(UnreadableMessages, match=f"has {size // 1_000_000} MB"):
        load_messages(path)


def test_a_line_of_almost_all_that_may_be_read(tmp_path: Path):
    """
    It is one message that cannot be used; the others can.
    """
    path = written(tmp_path, "said.txt", b"before\n" + b"x" * 40_000_000 + b"\nafter\n")

    assert load_messages(path) == ["before", "", "after"]


@pytest.mark.parametrize("name", ["nowhere.txt", ".", "/dev/zero"])
def test_what_is_no_file(tmp_path: Path, name: str):
    with pytest.raises(UnreadableMessages, match=r"is not there|is no file"):
        load_messages(tmp_path / name)
