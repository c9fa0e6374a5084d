"""The commands for the inbox of messages that may teach the model something."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from bot.settings import Settings
    from bot.teaching.collecting import Collected, Read
    from bot.training import RasaProject


@click.group()
def inbox() -> None:
    """Messages that may teach the model something."""


@inbox.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--sent-as", default="", hidden=True, help="Its name; it is removed afterwards.")
@click.option("--by", default="", hidden=True, help="Who sent it from the page.")
def import_(file: Path, sent_as: str, by: str) -> None:
    """
    Put messages of a file into the inbox.

    A text file holds a message a line; a CSV file has a header with a column named text or
    message. Personal data is taken out first. The same words come in once, so a second import of
    the same file changes nothing but how often they were seen.
    """
    from bot.settings import get_settings

    settings = get_settings()
    if sent_as:
        _import_sent(settings, file, sent_as, by)
        return
    told = _import(settings, file, lambda _told, _total: None)
    click.echo(
        f"{told.read} messages read: {told.new} new, {told.known} known already, "
        f"{told.unusable} of no use (empty, broken, or longer than 4,000 characters)."
    )


@inbox.command()
@click.option(
    "--with-what-there-is",
    "as_is",
    is_flag=True,
    help="Never train: read with the model in use, and do nothing while there is none.",
)
def collect(as_is: bool) -> None:
    """
    Put messages of conversations into the inbox.

    Those are taken that agents corrected, that buyers said more about when asked, that were not
    understood, and that had two likely meanings; each once. What people said later of those that
    are there is heard, what waits is read again by a new model, and what it knows is marked.
    """
    from bot.opened_house import opened_house
    from bot.settings import get_settings
    from bot.teaching.collecting import collect_talks
    from bot.teaching.importing import alone
    from bot.teaching.upkeep import hear_later_words, mark_known, reread

    settings = get_settings()
    with alone(settings.state_dir, "collect") as only_us:
        if not only_us:
            click.echo("Another process is collecting just now; nothing to do.")
            return
        model = _model(settings, as_is=as_is)
        if model is None:
            click.echo("There is no trained model yet; nothing to do.")
            return
        with opened_house() as house:
            heard = hear_later_words(house)
            examples = _examples(settings)
            told = _take_in(
                settings,
                model,
                partial(collect_talks, house, model=model.name, examples=examples),
            )
            again = reread(house, _reader(settings, model), model.name)
            marked = mark_known(house, examples)
    click.echo(
        f"{told.read} messages looked at: {told.new} new, {told.known} known already, "
        f"{told.unusable} that the model is sure of. People had said more about {heard.words}, "
        f"which asks for {heard.reopened} decisions again. {again} were read again by this model; "
        f"of {marked} it changed whether it knows them."
    )


def _import(
    settings: "Settings", file: Path, progress: Callable[["Collected", int], None]
) -> "Collected":
    from bot.opened_house import opened_house
    from bot.teaching.collecting import import_messages
    from bot.workbench.messages.files import load_messages

    texts = load_messages(file)
    model = _model(settings, as_is=False)
    assert model is not None
    with opened_house() as house:
        return _take_in(
            settings,
            model,
            partial(
                import_messages,
                house,
                texts,
                model=model.name,
                examples=_examples(settings),
            ),
            total=len(texts),
            progress=progress,
        )


def _import_sent(settings: "Settings", file: Path, name: str, by: str) -> None:
    """The same for the page, which reads how far it has come, and why it failed."""
    from bot.obstacles import Obstacle
    from bot.services.house import utc_now
    from bot.teaching.importing import Import, ImportState, alone, note_import

    found = Import(file=name, by=by, at=utc_now())

    def note(now: Import) -> None:
        note_import(settings.state_dir, now)

    with alone(settings.state_dir, "import") as only_us:
        if not only_us:
            file.unlink(missing_ok=True)
            raise Obstacle("A file is being read in just now.")
        try:
            note(found)
            told = _import(
                settings,
                file,
                lambda told, total: note(replace(found, told=told, total=total)),
            )
        except Obstacle as obstacle:
            why = str(obstacle).replace(file.name, name)
            note(replace(found, state=ImportState.FAILED, error=why))
            raise
        except BaseException:
            why = "Something went wrong on our side. Send the file again: nothing comes in twice."
            note(replace(found, state=ImportState.FAILED, error=why))
            raise
        finally:
            file.unlink(missing_ok=True)
        note(replace(found, state=ImportState.DONE, told=told, total=told.read))


def _model(settings: "Settings", *, as_is: bool) -> Path | None:
    """The model that reads: the one in use, else the project's, which is trained if it may be."""
    import asyncio

    from bot.project import rasa_project
    from bot.serving import read_serving
    from bot.supervision.steps import Steps

    project, serving = rasa_project(settings), read_serving(settings.state_dir)
    in_use = project.models / serving.model if serving else None
    if in_use and project.seals.holds(in_use):
        return in_use
    trained = project.is_trained
    if as_is:
        return project.model if trained else None
    with Steps().step("Take the trained model" if trained else "Train the Rasa model"):
        return asyncio.run(project.train_if_changed())


def _examples(settings: "Settings") -> Mapping[str, str]:
    from bot.teaching.upkeep import to_examples
    from bot.workbench.nlu_files import read_nlu_files

    return to_examples(read_nlu_files([settings.project / "data" / "nlu"]))


def _reader(settings: "Settings", model: Path) -> "Read":
    from bot.project import rasa_project
    from bot.workbench.parsing import parse

    project: RasaProject = rasa_project(settings)

    return partial(parse, project, model.absolute(), vectors=True)


def _take_in(
    settings: "Settings",
    model: Path,
    collecting: Callable[..., Iterator["Collected"]],
    *,
    total: int | None = None,
    progress: Callable[["Collected", int], None] = lambda _told, _total: None,
) -> "Collected":
    """What came of it, with the trained model as reader; its progress is shown."""
    from rich.progress import MofNCompleteColumn, Progress, SpinnerColumn, TextColumn

    from bot.teaching.collecting import Collected

    told = Collected()
    columns = (SpinnerColumn(), TextColumn("{task.description}"), MofNCompleteColumn())
    with Progress(*columns) as shown:
        task = shown.add_task("Messages read", total=total)
        progress(told, total or 0)
        for told in collecting(read=_reader(settings, model)):
            shown.update(task, completed=told.read)
            progress(told, total or 0)

    return told
