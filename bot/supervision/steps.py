"""The lines that a person watches while the house starts: one a step, with its time."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

WIDTH = 44


class Steps:
    """Shows each step as it goes on and once it is done."""

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console(highlight=False, soft_wrap=True)

    @contextmanager
    def step(self, title: str) -> Iterator[None]:
        """
        The block is this step. A terminal shows its running time; a log gets a line when it
        begins and one when it ends, so that a slow step can be told from a stuck one.
        """
        began = time.monotonic()
        if self._console.is_terminal:
            columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
            with Progress(*columns, console=self._console, transient=True) as progress:
                progress.add_task(escape(f"{title:<{WIDTH}}"), total=None)
                yield
        else:
            self.say(f"  {title} ...")
            yield

        self.say(f"✓ {title:<{WIDTH}} {time.monotonic() - began:6.1f} s")

    def say(self, line: str) -> None:
        """One line, as it is."""
        self._console.print(line, markup=False)
