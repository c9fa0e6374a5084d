"""Figures of ours and of stock Rasa's beside each other: as a table, and as JSON."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median, quantiles

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True, slots=True)
class Spread:
    """One figure over several rounds."""

    rounds: tuple[float, ...]
    digits: int = 1

    def __str__(self) -> str:
        """The median, and the smallest and largest round if there was more than one."""
        low, middle, high = (
            f"{value:.{self.digits}f}"
            for value in (min(self.rounds), self.middle, max(self.rounds))
        )

        return middle if len(self.rounds) == 1 else f"{middle} ({low} to {high})"

    @property
    def middle(self) -> float:
        """The median round."""
        return median(self.rounds)

    def to_json(self) -> dict[str, object]:
        """The median and every round."""
        return {"median": self.middle, "rounds": list(self.rounds)}


@dataclass(frozen=True, slots=True)
class Share:
    """So many of `n` messages, from 0 to 1, with a 95 % interval."""

    middle: float
    low: float
    high: float
    n: int

    def __str__(self) -> str:
        """In percent, with the interval."""
        return f"{self.middle:.1%} ({self.low:.1%} to {self.high:.1%})"

    def to_json(self) -> dict[str, object]:
        """All four numbers."""
        return {"share": self.middle, "low": self.low, "high": self.high, "n": self.n}


type Value = Spread | Share
"""One figure of one system."""


@dataclass(frozen=True, slots=True)
class Row:
    """One figure of both; None where one of them has none."""

    name: str
    ours: Value | None
    stock: Value | None

    @property
    def ratio(self) -> str:
        """Ours to theirs, of what is measured in rounds; shares are compared by eye."""
        if not isinstance(self.ours, Spread) or not isinstance(self.stock, Spread):
            return ""

        return f"{self.ours.middle / self.stock.middle:.2f}" if self.stock.middle else ""

    def to_json(self) -> dict[str, object]:
        """Both, by name."""
        return {
            "figure": self.name,
            "makegood": self.ours and self.ours.to_json(),
            "stock": self.stock and self.stock.to_json(),
        }


def beside(ours: dict[str, Value], stock: dict[str, Value]) -> list[Row]:
    """The figures of both, in the order in which ours has them."""
    names = [*ours, *(name for name in stock if name not in ours)]

    return [Row(name, ours.get(name), stock.get(name)) for name in names]


def percentile(values: Sequence[float], percent: int) -> float:
    """That percentile, interpolated."""
    return quantiles(values, n=100, method="inclusive")[percent - 1]


def print_rows(title: str, rows: Sequence[Row]) -> None:
    """Both systems on the terminal."""
    print_table(
        title,
        ("figure", "Makegood", "stock Rasa", "ratio"),
        [
            (row.name, str(row.ours or "–"), str(row.stock or "–"), row.ratio)
            for row in rows
        ],
    )  # fmt: skip


def print_table(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A table on the terminal."""
    table = Table(title=title, title_justify="left")
    for number, column in enumerate(columns):
        table.add_column(column, justify="left" if number == 0 else "right")
    for row in rows:
        table.add_row(*row)
    Console(width=110).print(table)
