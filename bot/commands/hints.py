"""The command that looks through the examples before a training."""

import click


@click.command()
def hints() -> None:
    """
    Say what is worth a look in the examples of data/nlu.

    The trained model reads them first, which takes minutes once and seconds later; the page
    "Hints" of the desk shows the same with the examples and how often buyers mean each intent.
    """
    import os
    from functools import partial

    from rich.console import Console
    from rich.progress import MofNCompleteColumn, Progress, SpinnerColumn, TextColumn

    from bot.project import rasa_project
    from bot.settings import get_settings
    from bot.teaching.hinting import find_in_files, find_model, read_examples
    from bot.workbench.parsing import parse

    os.nice(10)  # chats come first
    settings = get_settings()
    project = rasa_project(settings)
    model = find_model(project)
    columns = (SpinnerColumn(), TextColumn("{task.description}"), MofNCompleteColumn())
    if model:
        read = partial(parse, project, model.absolute(), vectors=True)
        with Progress(*columns) as progress:
            task = progress.add_task("New examples read", total=None)
            for done, total in read_examples(project, model, settings.state_dir, read):
                progress.update(task, completed=done, total=total)
    found = find_in_files(project.folder, settings.state_dir)
    console = Console(highlight=False, soft_wrap=True)
    for hint in found:
        console.print(f"{hint.grade:>4}  {hint.text}", markup=False)
    click.echo(f"{len(found)} hints." if model else f"{len(found)} hints, without a trained model.")
