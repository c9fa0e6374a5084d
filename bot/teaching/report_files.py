"""Reports as files for a spreadsheet."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from bot.teaching.reporting import Cell

MARK: Final = "\ufeff"
"""Without it Excel takes UTF-8 for something else."""
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
"""How a cell begins that a spreadsheet would run (OWASP, CSV injection)."""


def to_csv(table: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """The lines of a CSV file, one after the other."""
    yield MARK.encode()
    for row in table:
        line = io.StringIO()
        csv.writer(line).writerow([to_field(cell) for cell in row])
        yield line.getvalue().encode()


def to_field(cell: Cell) -> str:
    """One cell: numbers as programs write them, and no text that a spreadsheet would run."""
    if cell is None:
        return ""
    if isinstance(cell, float):
        return f"{cell:.4f}"
    if isinstance(cell, str) and cell.startswith(FORMULA):
        return f"'{cell}"

    return str(cell)
