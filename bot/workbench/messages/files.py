"""Files with messages of buyers: one a line, or a column of a CSV file."""

import csv
from collections.abc import Iterator
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Final
from unicodedata import category

from bot.obstacles import Obstacle

MOST_BYTES: Final = 50_000_000
MOST_MESSAGES: Final = 500_000
"""In a file; all of them are in memory at once, and the model needs hours for so many."""
MOST_CHARACTERS: Final = 4_000
"""More than a buyer may write; a longer line is a file that has lost its line ends."""
UTF_16: Final = (b"\xff\xfe", b"\xfe\xff")
ZIP: Final = b"PK\x03\x04"
AS_UTF_8: Final = "Save it as UTF-8: a message a line, or CSV with a column named text."
PIECE: Final = 1 << 20
COLUMNS: Final = ("text", "message", "body", "question", "сообщение", "текст")
"""What the column with the messages may be called."""


class UnreadableMessages(Obstacle):
    """Nothing of the file can be used; the text says why and what to do."""


def check_file(path: Path) -> None:
    """Raise `UnreadableMessages` for what is no file, too large, or no text; no more is read."""
    try:
        if not path.is_file():
            what = "is no file" if path.exists() else "is not there"
            raise UnreadableMessages(f"{path.name or path} {what}. Name a text file or a CSV file.")
        size = path.stat().st_size
        if size > MOST_BYTES:
            raise UnreadableMessages(
                f"{path.name} has {size / 1e6:.0f} MB, and at most {MOST_BYTES / 1e6:.0f} MB are "
                "read at once. Divide it, for example with `split -l 100000`."
            )
        with path.open("rb") as file:
            start = file.read(4096)
    except OSError as error:
        raise UnreadableMessages(f"{path.name} cannot be read: {error.strerror}.") from error
    if start.startswith(UTF_16):
        raise UnreadableMessages(f"{path.name} is UTF-16. {AS_UTF_8}")
    if start.startswith(ZIP):
        raise UnreadableMessages(
            f"{path.name} is an archive or a workbook. Save the sheet or the file in it as CSV "
            "in UTF-8."
        )
    if b"\0" in start:
        raise UnreadableMessages(f"{path.name} is no text. {AS_UTF_8}")
    if not start.strip():
        raise UnreadableMessages(f"{path.name} is empty.")


def load_messages(path: Path) -> list[str]:
    """
    All messages of a file; those that are broken are empty.

    `UnreadableMessages` where it cannot be read to its end, or most of it is no UTF-8, or nothing
    of it can be used: so nothing comes in by halves.
    """
    texts: list[str] = []
    for _, text in read_messages(path):
        if len(texts) == MOST_MESSAGES:
            raise UnreadableMessages(
                f"{path.name} has more than {MOST_MESSAGES:,} messages. Divide it, for example "
                "with `split -l 100000`."
            )
        texts.append(text)
    if not any(texts):
        if _is_utf_8(path):
            raise UnreadableMessages(
                f"{path.name} has no message that can be used: each is empty or longer than "
                f"{MOST_CHARACTERS:,} characters."
            )
        raise UnreadableMessages(f"{path.name} is not UTF-8. {AS_UTF_8}")
    if texts.count("") > len(texts) / 2 and not _is_utf_8(path):
        raise UnreadableMessages(f"Most of {path.name} is not UTF-8. {AS_UTF_8}")

    return texts


def read_messages(path: Path) -> Iterator[tuple[int, str]]:
    """
    Each message with its line; those that are broken come as an empty text.

    A file whose name ends in .csv or .tsv has a header, of which one of `COLUMNS` is read.
    """
    check_file(path)
    with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as file:
        for number, text in _column(path, file) if _is_table(path) else enumerate(file, start=1):
            message = _tidied(text)
            if message or _is_table(path):
                yield number, message if _is_whole(message) else ""


def _is_table(path: Path) -> bool:
    return path.suffix.lower() in {".csv", ".tsv"}


def _column(path: Path, file: Iterator[str]) -> Iterator[tuple[int, str]]:
    head = _to_first_line(file)
    if any("\udc80" <= one <= "\udcff" for line in head for one in line):
        raise UnreadableMessages(f"{path.name} is not UTF-8. {AS_UTF_8}")
    delimiter = max("\t;,", key=head[-1].count) if head else ","
    lines = _Lines(chain(head, file))
    rows = csv.reader(lines, delimiter=delimiter)
    place, begun = None, 0
    try:
        for row in rows:
            if lines.ended:
                raise UnreadableMessages(
                    f"{path.name}, line {begun + 1}: a quotation mark is opened there and never "
                    "closed. Close it, or save the file as CSV again."
                )
            begun = rows.line_num
            if place is not None:
                yield rows.line_num, row[place] if place < len(row) else ""
            elif row:
                place = _find_column(path, row)
    except csv.Error as error:
        raise UnreadableMessages(f"{path.name}, line {rows.line_num}: {error}") from error


def _to_first_line(file: Iterator[str]) -> list[str]:
    """The lines up to the first that says something."""
    head = []
    for line in file:
        head.append(line)
        if line.strip():
            break

    return head


def _find_column(path: Path, header: list[str]) -> int:
    names = [" ".join(name.casefold().split()) for name in header]
    place = next((names.index(name) for name in COLUMNS if name in names), None)
    if place is None:
        raise UnreadableMessages(
            f"{path.name} has the columns {', '.join(names)[:200]}; the one with the messages is "
            f"to be named one of {', '.join(COLUMNS)}."
        )

    return place


class _Lines:
    """Lines that remember whether somebody wanted more than there are."""

    def __init__(self, file: Iterator[str]) -> None:
        self._file = file
        self.ended = False

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        try:
            return next(self._file)
        except StopIteration:
            self.ended = True
            raise


def _is_utf_8(path: Path) -> bool:
    try:
        with path.open(encoding="utf-8") as file:
            for _ in iter(partial(file.read, PIECE), ""):
                pass
    except UnicodeDecodeError:
        return False

    return True


def _tidied(text: str) -> str:
    """One line without marks of direction, joiners and the like, which the model does not get."""
    message = " ".join(text.split())
    if message.isprintable() or len(message) > 2 * MOST_CHARACTERS:
        return message

    return " ".join("".join(one for one in message if category(one) != "Cf").split())


def _is_whole(text: str) -> bool:
    return len(text) <= MOST_CHARACTERS and text.isprintable()
