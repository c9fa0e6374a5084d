"""Following an import at a terminal: a progress bar, and the bad rows above it as they come."""

from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from bot.intake.bad_rows import BadRow
from bot.intake.cell_values import shown

STEP = 250
"""Rows between two movements of the bar."""


class TerminalWatcher:
    """A `bot.intake.importing.Watcher`; where no terminal is, it prints the bad rows only."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        self._task = self._progress.add_task("Reading", total=None)
        self._moved_at = 0

    def __enter__(self) -> Self:
        self._progress.start()

        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._progress.stop()

    def begin(self, rows: int | None, ignored: tuple[str, ...]) -> None:
        """The file can be read."""
        if ignored:
            self._print(f"Columns that are not read: {', '.join(map(shown, ignored))}")
        self._progress.update(self._task, description="Importing", total=rows)

    def at(self, rows_read: int) -> None:
        """So far have we come."""
        if rows_read - self._moved_at >= STEP:
            self._moved_at = rows_read
            self._progress.update(self._task, completed=rows_read)

    def bad(self, row: BadRow) -> None:
        """A row is bad."""
        self._print(str(row))

    def _print(self, line: str) -> None:
        # Foreign text: no markup, no colours, and never broken in the middle.
        self._console.print(line, markup=False, highlight=False, emoji=False, soft_wrap=True)
