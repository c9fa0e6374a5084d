"""
Files of rows and columns (CSV and its kin), read row by row however broken they are.

A file is somebody else's: it may be cut off, half Latin-1, or hold a quote that nobody closed.
What is wrong with one row must not cost the rows after it, and no row, however long, is ever
held in memory whole.
"""

import csv
import re
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from bot.obstacles import Obstacle

MAX_ROW = 32_768
"""Bytes of one row, over all its physical lines."""
DRAIN = 1_048_576
DELIMITERS = ",;\t"
FEWEST_TO_TELL = 8
"""Columns by which a line is known as a row of the file and not as a line of somebody's text."""
NOT_CLOSED = "a quote is opened and not closed"
BOM = b"\xef\xbb\xbf"
UTF16 = re.compile(rb"\xff\xfe|\xfe\xff|\x00.|.\x00", re.DOTALL)


class UnreadableFile(Obstacle):
    """Nothing of the file can be used; the text says why and what to do."""

    exit_code = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """What a kind of file calls its columns."""

    required: tuple[str, ...]
    optional: tuple[str, ...] = ()

    @property
    def known(self) -> tuple[str, ...]:
        """All columns that are read."""
        return self.required + self.optional


@dataclass(frozen=True, slots=True)
class Row:
    """
    One row: the physical line where it starts, and its cells by column, "" where the file has
    no such column.

    With a `problem` the row is not one (a quote that is not closed, a field too many); its
    cells are then only what could be made out, good for naming the order and nothing else.
    """

    line: int
    cells: dict[str, str]
    problem: str = ""


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    text: str
    cut: bool


class _Lines:
    """The physical lines of a file, numbered; lines can be put back to be read again."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._number = 0
        self._put_back: deque[_Line] = deque()

    def next(self) -> _Line | None:
        """The next line, of which no more than MAX_ROW bytes are kept; None at the end."""
        if self._put_back:
            return self._put_back.popleft()
        if not (raw := self._file.readline(MAX_ROW + 1)):
            return None

        self._number += 1
        cut = len(raw) > MAX_ROW
        rest = raw
        while cut and rest and not rest.endswith(b"\n"):
            rest = self._file.readline(DRAIN)

        # Bytes that are not UTF-8 become lone surrogates, which the cell they stand in reports.
        return _Line(self._number, raw.decode("utf-8", "surrogateescape"), cut)

    def put_back(self, lines: Sequence[_Line]) -> None:
        """Let these lines come next."""
        self._put_back.extendleft(reversed(lines))


class _NoRow(Exception):
    """A line with which no row starts, and why."""


class DelimitedFile:
    """
    An open file whose header has been understood.

    `ignored` names the columns of the file that nobody reads.
    """

    def __init__(self, file: BinaryIO, columns: Columns) -> None:
        header, self._delimiter = _read_header(file, columns)
        _check_header(header, columns)
        self._file = file
        self._header = header
        known = frozenset(columns.known)
        self._places = [(name, place) for place, name in enumerate(header) if name in known]
        self._absent = dict.fromkeys(known.difference(header), "")
        self.ignored = tuple(name for name in header if name and name not in known)

    def rows(self) -> Iterator[Row]:
        """All rows that are not blank, from the first one; every call reads anew."""
        self._file.seek(0)
        lines = _Lines(self._file)
        _skip_to_header(lines)
        while (line := lines.next()) is not None:
            if row := self._row(line, lines):
                yield row

    def _row(self, line: _Line, lines: _Lines) -> Row | None:
        """The row that starts in the line; None if it is blank."""
        taken: list[_Line] = []
        try:
            fields = self._fields(line, lines, taken)
        except _NoRow as problem:
            # A quote in the wrong place may have swallowed whole rows: they are read again.
            lines.put_back(taken)
            return self._broken(line, str(problem))
        if not fields:
            return None
        cells = {name: fields[place] for name, place in self._places}

        return Row(line.number, cells | self._absent)

    def _fields(self, line: _Line, lines: _Lines, taken: list[_Line]) -> list[str]:
        """As many fields as the header has, none for a blank row; other lines go to `taken`."""
        if line.cut:
            raise _NoRow(f"the line is longer than {MAX_ROW} bytes")
        try:
            fields = next(self._reader(_with_next(line, lines, taken)))
        except csv.Error as error:
            raise _NoRow(_quoting_problem(error)) from error
        if taken and self._swallowed_rows(line, taken):
            raise _NoRow(NOT_CLOSED)

        if not any(cell and not cell.isspace() for cell in fields):
            return []
        # Spreadsheets pad rows with empty fields up to their widest one.
        while len(fields) > len(self._header) and not fields[-1]:
            fields.pop()
        if len(fields) != len(self._header):
            raise _NoRow(f"the row has {len(fields)} fields, the header has {len(self._header)}")

        return fields

    def _swallowed_rows(self, line: _Line, taken: list[_Line]) -> bool:
        """
        Whether what a quote holds are rows: two stray quotes can enclose many, and lose them.

        The last line of a row whose first cell is quoted has as many fields as a row, and must
        not be taken for one.
        """
        if len(self._header) < FEWEST_TO_TELL:
            return False
        inner = taken[:-1] if line.text.startswith('"') else taken

        return any(len(self._split(more.text)) == len(self._header) for more in inner)

    def _split(self, text: str) -> list[str]:
        """The fields of one line, however its quotes stand."""
        return next(csv.reader([text.replace("\r", " ")], delimiter=self._delimiter), [])

    def _broken(self, line: _Line, problem: str) -> Row:
        fields = self._split(line.text)
        there = {name: fields[place] for name, place in self._places if place < len(fields)}

        return Row(line.number, there, problem)

    def _reader(self, lines: Iterator[str]) -> Iterator[list[str]]:
        return csv.reader(lines, delimiter=self._delimiter, strict=True, skipinitialspace=True)


@contextmanager
def open_delimited(path: Path, columns: Columns) -> Iterator[DelimitedFile]:
    """The file at `path`; `UnreadableFile` if it has no header with these columns."""
    with _open(path) as file:
        try:
            delimited = DelimitedFile(file, columns)
        except UnreadableFile as error:
            raise UnreadableFile(f"{path} cannot be read: {error}.") from error
        yield delimited


def _with_next(line: _Line, lines: _Lines, taken: list[_Line]) -> Iterator[str]:
    """The line, and as many as the row needs that begins in it; those go to `taken`."""
    yield line.text
    size = len(line.text)
    while '"' in line.text and size <= MAX_ROW and (more := lines.next()) is not None:
        taken.append(more)
        if more.cut:
            return
        size += len(more.text)
        yield more.text


def _quoting_problem(error: csv.Error) -> str:
    if "unexpected end" in str(error):
        return NOT_CLOSED
    if "expected after" in str(error):
        return "a quote is not closed, or a quote within a field is not doubled"

    if "new-line" in str(error):
        return "a carriage return stands within a field that is not quoted"

    return f"the row cannot be taken apart: {error}"


def _open(path: Path) -> BinaryIO:
    if path.is_dir():
        raise UnreadableFile(f"{path} is a folder, not a file.")
    if not path.exists():
        raise UnreadableFile(f"{path} does not exist.")
    if not path.is_file():
        raise UnreadableFile(f"{path} is not a regular file: save it to disk first.")
    try:
        return path.open("rb")
    except OSError as error:
        raise UnreadableFile(f"{path} cannot be opened: {error.strerror}.") from error


def _skip_to_header(lines: _Lines) -> _Line | None:
    """The first line that is not blank."""
    while (line := lines.next()) is not None:
        if line.text.removeprefix("\ufeff").strip():
            return line

    return None


def _read_header(file: BinaryIO, columns: Columns) -> tuple[list[str], str]:
    """The names in the header, lower case, and the delimiter by which most of them are known."""
    _check_kind(file)
    line = _skip_to_header(_Lines(file))
    if line is None:
        raise UnreadableFile("it is empty")
    text = line.text.removeprefix("\ufeff").rstrip("\r\n")
    if line.cut or "\r" in text:
        raise UnreadableFile(
            f"line {line.number} has no end, save the file with ordinary line ends"
        )
    if not text.isascii() and any("\udc80" <= sign <= "\udcff" for sign in text):
        raise UnreadableFile(f"line {line.number} is not UTF-8, save the file as CSV UTF-8")

    headers = [(_names(text, delimiter), delimiter) for delimiter in DELIMITERS]
    known = set(columns.known)

    return max(headers, key=lambda header: len(known & set(header[0])))


def _check_kind(file: BinaryIO) -> None:
    """Refuse what is no text file at all, with the way out."""
    start = file.read(512)
    file.seek(0)
    if start.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise UnreadableFile("it is a spreadsheet or an archive, export it as CSV UTF-8")
    if UTF16.match(start):
        raise UnreadableFile("it is not UTF-8 but looks like UTF-16, save it as CSV UTF-8")


def _names(header: str, delimiter: str) -> list[str]:
    fields = next(csv.reader([header], delimiter=delimiter, skipinitialspace=True), [])

    return [name.strip().lower() for name in fields]


def _check_header(header: list[str], columns: Columns) -> None:
    known = [name for name in header if name in columns.known]
    if not known:
        raise UnreadableFile(
            "its first line names no column that is known, it must name "
            + ", ".join(columns.required)
        )
    if missing := [name for name in columns.required if name not in known]:
        plural = "s" if len(missing) > 1 else ""
        raise UnreadableFile(f"it lacks the column{plural} {', '.join(missing)}")
    if twice := sorted({name for name in known if known.count(name) > 1}):
        raise UnreadableFile(f"it has more than one column {', '.join(twice)}")
