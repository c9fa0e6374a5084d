"""The command for whoever edits the bot's words or adds a language."""

import sys
from pathlib import Path

import click

WRONG = 1
FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.group()
def templates() -> None:
    """The bot's words, language by language."""


@templates.command()
@click.argument("folder", type=FOLDER, required=False)
def check(folder: Path | None) -> None:
    """
    List what is missing or wrong in the templates in FOLDER, or in those in use.

    Each line names file and line. The exit code is 1 if a reply could fail; hints change nothing.
    """
    from bot.intents import load_intents
    from bot.settings import get_settings
    from bot.template_check import check_templates
    from bot.words_wanted import words_wanted

    settings = get_settings()
    folder = folder or settings.templates
    intents = load_intents(settings.project / "rulebook")
    findings = check_templates(folder, words_wanted(filter(intents.answers, intents.added)))
    errors = [finding for finding in findings if finding.is_error]
    for finding in findings:
        click.echo(f"{'' if finding.is_error else 'Look at this: '}{finding}.")
    locales = ", ".join(sorted(place.name for place in folder.iterdir() if place.is_dir()))
    hints = len(findings) - len(errors)
    click.echo(
        f"{locales or 'No language'}: {_counted(len(errors), 'error')}, {_counted(hints, 'hint')}."
    )
    if errors:
        sys.exit(WRONG)


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
