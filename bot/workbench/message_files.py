"""Files with messages of buyers: one a line, or a column of a CSV file."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from bot.obstacles import Obstacle

MOST_BYTES: Final = 50_000_000
MOST_CHARACTERS: Final = 4_000
"""More than a buyer may write; a longer line is a file that has lost its line ends."""
COLUMNS: Final = ("text", "message", "body", "question", "сообщение", "текст")
"""What the column with the messages may be called."""


class UnreadableMessages(Obstacle):
    """Nothing of the file can be used; the text says why and what to do."""


def check_file(path: Path) -> None:
    """Raise `UnreadableMessages` for a file that is too large, or no text at all."""
    size = path.stat().st_size
    if size > MOST_BYTES:
        raise UnreadableMessages(
            f"{path.name} has {size / 1e6:.0f} MB, and at most {MOST_BYTES / 1e6:.0f} MB are read "
            "at once. Divide it, for example with `split -l 100000`."
        )
    with path.open("rb") as file:
        start = file.read(4096)
    if b"\0" in start:
        raise UnreadableMessages(
            f"{path.name} is no text. Save it as UTF-8: a message a line, or CSV with a column "
            "named text."
        )
    if not start.strip():
        raise UnreadableMessages(f"{path.name} is empty.")


def read_messages(path: Path) -> Iterator[tuple[int, str]]:
    """
    Each message with its line; those that are broken come as an empty text.

    A file whose name ends in .csv or .tsv has a header, of which one of `COLUMNS` is read.
    """
    check_file(path)
    with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as file:
        for number, text in _column(path, file) if _is_table(path) else enumerate(file, start=1):
            message = " ".join(text.split())
            if message or _is_table(path):
                yield number, message if _is_whole(message) else ""


def _is_table(path: Path) -> bool:
    return path.suffix.lower() in {".csv", ".tsv"}


def _column(path: Path, file: Iterator[str]) -> Iterator[tuple[int, str]]:
    header = next(file)
    delimiter = max("\t;,", key=header.count)
    names = [name.strip().casefold() for name in next(csv.reader([header], delimiter=delimiter))]
    place = next((names.index(name) for name in COLUMNS if name in names), None)
    if place is None:
        raise UnreadableMessages(
            f"{path.name} has the columns {', '.join(names)[:200]}; the one with the messages is "
            f"to be named one of {', '.join(COLUMNS)}."
        )
    rows = csv.reader(file, delimiter=delimiter)
    try:
        for row in rows:
            yield rows.line_num + 1, row[place] if place < len(row) else ""
    except csv.Error as error:
        raise UnreadableMessages(f"{path.name}, line {rows.line_num + 1}: {error}") from error


def _is_whole(text: str) -> bool:
    return len(text) <= MOST_CHARACTERS and text.isprintable()
