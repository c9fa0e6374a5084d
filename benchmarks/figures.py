"""Medians, percentiles and their spread over rounds, as a table."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median, quantiles

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True, slots=True)
class Spread:
    """One figure over several rounds."""

    rounds: tuple[float, ...]

    def __str__(self) -> str:
        """The median, and the smallest and largest round."""
        return f"{median(self.rounds):.1f} ({min(self.rounds):.1f} to {max(self.rounds):.1f})"

    @property
    def middle(self) -> float:
        """The median round."""
        return median(self.rounds)


def percentile(values: Sequence[float], percent: int) -> float:
    """That percentile, interpolated."""
    return quantiles(values, n=100, method="inclusive")[percent - 1]


def print_table(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A table on the terminal."""
    table = Table(title=title, title_justify="left")
    for number, column in enumerate(columns):
        table.add_column(column, justify="left" if number == 0 else "right")
    for row in rows:
        table.add_row(*row)
    Console(width=110).print(table)
