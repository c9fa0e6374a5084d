"""The commands of whoever trains the model."""

from datetime import datetime
from pathlib import Path

import click


@click.command()
@click.option(
    "--model",
    type=click.Path(path_type=Path),
    help="A trained model; without it, that of the project as it is, trained first if need be.",
)
@click.option(
    "--today",
    type=click.DateTime(formats=["%Y-%m-%d"]),
    metavar="YYYY-MM-DD",
    help='The day from which "yesterday" counts; without it, today.',
)
def parse(model: Path | None, today: datetime | None) -> None:
    """
    Say what the model understands: a message a line on stdin, JSON a line on stdout.

    Each line is what the running house would hear: text (as it was read), intent, confidence,
    ranking, entities, language. Of a message with more than 2,000 characters the beginning and
    the end are read. A line that is not UTF-8, or of 50 kB or more, gets an error and its number
    in its place, and the rest goes on.
    """
    import asyncio
    import os

    from bot.settings import get_settings
    from bot.startup import rasa_project
    from bot.workbench.parsing import become_parser

    project = rasa_project(get_settings())
    if model is None:
        from rich.console import Console

        from bot.supervision.steps import Steps

        steps = Steps(Console(stderr=True, highlight=False, soft_wrap=True))
        trained = project.model.exists()
        with steps.step("Take the trained model" if trained else "Train the Rasa model"):
            model = asyncio.run(project.train_if_changed())
    if os.isatty(0):
        click.echo("A message a line; Ctrl-D ends.", err=True)
    become_parser(project, model.absolute(), today.date() if today else None)
