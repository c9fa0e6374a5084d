"""The commands for the inbox of messages that may teach the model something."""

from pathlib import Path

import click


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
    import asyncio
    from functools import partial

    from rich.progress import MofNCompleteColumn, Progress, SpinnerColumn, TextColumn

    from bot.opened_house import opened_house
    from bot.settings import get_settings
    from bot.startup import rasa_project
    from bot.supervision.steps import Steps
    from bot.workbench.collecting import Collected, import_messages
    from bot.workbench.message_files import read_messages
    from bot.workbench.parsing import parse

    texts = [text for _, text in read_messages(file)]
    project = rasa_project(get_settings())
    trained = project.model.exists()
    with Steps().step("Take the trained model" if trained else "Train the Rasa model"):
        model = asyncio.run(project.train_if_changed())

    total = Collected()
    columns = (SpinnerColumn(), TextColumn("{task.description}"), MofNCompleteColumn())
    with opened_house() as house, Progress(*columns) as progress:
        task = progress.add_task("Messages read", total=len(texts))
        read = partial(parse, project, model.absolute(), vectors=True)
        for total in import_messages(house, texts, read, model.name):
            progress.update(task, completed=total.read)
    click.echo(
        f"{total.read} messages read: {total.new} new, {total.known} known already, "
        f"{total.unusable} of no use (empty, broken, or longer than 4,000 characters)."
    )
