"""The commands of whoever trains the model."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from bot.training import RasaProject

PLACE = click.Path(exists=True, path_type=Path)
FILE = click.Path(dir_okay=False, path_type=Path)
NARROWEST = 110
"""Characters in a line of the printed report."""


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

    from bot.project import rasa_project
    from bot.settings import get_settings
    from bot.workbench.parsing import become_parser

    project = rasa_project(get_settings())
    if model is None:
        from rich.console import Console

        from bot.supervision.steps import Steps

        steps = Steps(Console(stderr=True, highlight=False, soft_wrap=True))
        trained = project.is_trained
        with steps.step("Take the trained model" if trained else "Train the Rasa model"):
            model = asyncio.run(project.train_if_changed())
    else:
        _warn_of_foreign(project, model)
    if os.isatty(0):
        click.echo("A message a line; Ctrl-D ends.", err=True)
    become_parser(project, model.absolute(), today.date() if today else None)


@click.command()
@click.option(
    "--on",
    "places",
    type=PLACE,
    multiple=True,
    metavar="FILE_OR_FOLDER",
    help="Rasa NLU files; without it, the development sets, tests/nlu/*.yml.",
)
@click.option("--model", type=FILE, help="A trained model; without it, that of the present inputs.")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder of the report; without it, evaluation/ in the state folder.",
)
@click.option("--baseline", type=FILE, help="Exit with 1 if a figure has dropped below this one.")
@click.option("--write-baseline", is_flag=True, help="Write the file --baseline instead.")
def evaluate(
    places: tuple[Path, ...],
    model: Path | None,
    out: Path | None,
    baseline: Path | None,
    write_baseline: bool,
) -> None:
    """
    Measure how well the model understands: print figures, write a page and JSON.

    Nothing is trained on these messages. A comment `# today: 2026-11-25` in a file is the day from
    which its dates count; the intent `any` stands for messages that are there for their entities.
    """
    if write_baseline and not baseline:
        raise click.UsageError("--write-baseline needs --baseline FILE, the file to write")
    import asyncio

    from rich.console import Console

    from bot.project import rasa_project
    from bot.settings import get_settings
    from bot.supervision.steps import Steps
    from bot.workbench.evaluation import baseline as baselines
    from bot.workbench.evaluation.measuring import development_sets, engine_of, measure
    from bot.workbench.evaluation.report import to_json
    from bot.workbench.evaluation.report_page import render_page
    from bot.workbench.evaluation.report_text import print_report

    settings = get_settings()
    project = rasa_project(settings)
    steps = Steps()
    # Read first: who names a file that is not there should not wait for a model.
    was = baselines.read_baseline(baseline) if baseline and not write_baseline else None
    if model:
        _warn_of_foreign(project, model)
    else:
        with steps.step("Take the trained model" if project.is_trained else "Train the Rasa model"):
            model = asyncio.run(project.train_if_changed())
    with steps.step("Let the model read the messages"):
        parse = engine_of(project, model.absolute())
        report = measure(model.name, places or development_sets(project.folder), parse)
    out = out or settings.state_dir / "evaluation"
    with steps.step("Write the report"):
        out.mkdir(parents=True, exist_ok=True)
        (out / "report.json").write_text(to_json(report), encoding="utf-8")
        (out / "report.html").write_text(render_page(report), encoding="utf-8")

    # Narrower, figures would be torn from their intervals.
    print_report(report, Console(highlight=False, width=max(Console().width, NARROWEST)))
    click.echo(f"\n{out / 'report.html'}\n{out / 'report.json'}")
    if baseline and write_baseline:
        baselines.write_baseline(baseline, report)
        click.echo(baseline)
    if was:
        for line in baselines.find_other_sets(report, was):
            click.echo(f"Look at this: {line}.")
        baselines.check_baseline(report, was)
        click.echo(f"Nothing is below the baseline {baseline}.")


def _warn_of_foreign(project: "RasaProject", model: Path) -> None:
    """A model that somebody names by hand may be from elsewhere: it is theirs to judge."""
    import tarfile

    from bot.model_seal import ForeignModel

    if not model.is_file() or not tarfile.is_tarfile(model):
        return  # what it is then, the reader says
    try:
        project.seals.check(model)
    except ForeignModel as foreign:
        click.echo(f"Mind that a model can run any code: {foreign}", err=True)
