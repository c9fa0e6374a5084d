"""What is wrong with a rulebook file, told so that a seller can mend it."""

from dataclasses import dataclass
from pathlib import Path

from bot.obstacles import CannotStart

MOST_TOLD = 5
"""Mistakes that are told at once: who has mended these sees the next."""
LONGEST_LINE = 300


@dataclass(frozen=True, slots=True)
class Mistake:
    """One mistake; `line` counts from 1 and is None where the whole file is meant."""

    path: Path
    line: int | None
    text: str

    def __str__(self) -> str:
        return self._at(str(self.path))

    @property
    def in_short(self) -> str:
        """One line without the file's folders, for whoever must not see how we are set up."""
        line = " ".join(self._at(self.path.name).split())

        return line if len(line) <= LONGEST_LINE else f"{line[: LONGEST_LINE - 3]}..."

    def _at(self, place: str) -> str:
        return (
            f"{place}: {self.text}"
            if self.line is None
            else f"{place}, line {self.line}: {self.text}"
        )


class BrokenRulebook(CannotStart):
    """A rulebook that cannot be used; the text names files, lines and what is allowed."""

    def __init__(self, *mistakes: Mistake) -> None:
        told = [str(one) for one in mistakes[:MOST_TOLD]]
        if more := len(mistakes) - len(told):
            told.append(f"... and {more} more.")
        super().__init__("\n".join(told))
        self.mistakes = mistakes
