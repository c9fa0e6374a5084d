"""The commands for the inbox of messages that may teach the model something."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from bot.teaching.collecting import Collected


@click.group()
def inbox() -> None:
    """Messages that may teach the model something."""


@inbox.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def import_(file: Path) -> None:
    """
    Put messages of a file into the inbox.

    A text file holds a message a line; a CSV file has a header with a column named text or
    message. Personal data is taken out first. The same words come in once, so a second import of
    the same file changes nothing but how often they were seen.
    """
    from bot.teaching.collecting import import_messages
    from bot.workbench.message_files import read_messages

    texts = [text for _, text in read_messages(file)]
    told = _take_in(partial(import_messages, texts=texts), total=len(texts))
    click.echo(
        f"{told.read} messages read: {told.new} new, {told.known} known already, "
        f"{told.unusable} of no use (empty, broken, or longer than 4,000 characters)."
    )


@inbox.command()
def collect() -> None:
    """
    Put messages of conversations into the inbox.

    Those are taken that agents corrected, that buyers said more about when asked, that were not
    understood, and that had two likely meanings; each once.
    """
    from bot.teaching.collecting import collect_talks

    told = _take_in(collect_talks, total=None)
    click.echo(
        f"{told.read} messages looked at: {told.new} new, {told.known} known already, "
        f"{told.unusable} that the model is sure of."
    )


def _take_in(collecting: Callable[..., Iterator["Collected"]], *, total: int | None) -> "Collected":
    """What came of it, with the trained model as reader; its progress is shown."""
    import asyncio

    from rich.progress import MofNCompleteColumn, Progress, SpinnerColumn, TextColumn

    from bot.opened_house import opened_house
    from bot.project import rasa_project
    from bot.settings import get_settings
    from bot.supervision.steps import Steps
    from bot.teaching.collecting import Collected
    from bot.workbench.parsing import parse

    project = rasa_project(get_settings())
    trained = project.is_trained
    with Steps().step("Take the trained model" if trained else "Train the Rasa model"):
        model = asyncio.run(project.train_if_changed())

    told = Collected()
    columns = (SpinnerColumn(), TextColumn("{task.description}"), MofNCompleteColumn())
    with opened_house() as house, Progress(*columns) as progress:
        task = progress.add_task("Messages read", total=total)
        read = partial(parse, project, model.absolute(), vectors=True)
        for told in collecting(house, read=read, model=model.name):
            progress.update(task, completed=told.read)

    return told
