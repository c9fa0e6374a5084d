"""The commands that put models live."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.obstacles import Obstacle

if TYPE_CHECKING:
    from bot.serving import Serving, Wanted
    from bot.settings import Settings

LOOK = 0.2
"""Seconds between two looks at how far it is."""
LONGEST = 300.0
"""Seconds after which nobody should wait any more."""
STAGES = {
    "starting": "A second process starts beside the live one",
    "warming": "It reads its first texts",
    "switching": "It is asked who it is",
    "draining": "It is live; the one before ends what it has begun",
}


class NotLive(Obstacle):
    """The model did not become live; the text says why."""


@click.group(invoke_without_command=True)
@click.pass_context
def models(context: click.Context) -> None:
    """
    List the trained models, and put one of them live.

    The live one has a star. A model without a seal was not trained here and is never served.
    """
    if context.invoked_subcommand:
        return
    from rich.console import Console
    from rich.table import Table

    from bot.serving import read_serving, read_wanted
    from bot.settings import get_settings

    settings = get_settings()
    serving, wanted = read_serving(settings.state_dir), read_wanted(settings.state_dir)
    table = Table(box=None, pad_edge=False)
    for column in ("", "model", "trained", "MB", ""):
        table.add_column(column, justify="right" if column == "MB" else "left")
    for path in list_models(settings.project / "models"):
        trained, note = _describe(settings, path)
        if wanted and wanted.model == path.name and not (serving and serving.model == path.name):
            note = f"{note}, wanted live".removeprefix(", ")
        star = "*" if serving and serving.model == path.name else ""
        table.add_row(star, path.name, trained, f"{path.stat().st_size / 1e6:.1f}", note)
    Console(highlight=False).print(table)
    if serving and serving.error:
        click.echo(f"{serving.wanted} was not put live: {serving.error}")


@models.command()
@click.argument("name")
def promote(name: str) -> None:
    """
    Put a model live, without the workbench's gate: compare it first.

    While the house runs buyers notice nothing; otherwise it is taken at the next start.
    """
    _put_live(name)


@models.command("roll-back")
@click.argument("name", required=False)
def roll_back(name: str | None) -> None:
    """Put the model live that was so before, or any that is named."""
    from bot.serving import find_before
    from bot.settings import get_settings

    before = name or find_before(get_settings().state_dir)
    if not before:
        raise NotLive("No other model was live before. Name one: `makegood models` lists them.")
    _put_live(before)


@models.command()
def present() -> None:
    """From the next start on, take the model of the project's files as they are then."""
    from bot.serving import want_present
    from bot.settings import get_settings

    want_present(get_settings().state_dir)
    click.echo("From the next start on the model of the project's files is live.")


def list_models(folder: Path) -> list[Path]:
    """The models in that folder, the newest first."""
    found = [path for path in folder.glob("*.tar.gz") if path.is_file()]

    return sorted(found, key=lambda path: path.stat().st_mtime, reverse=True)


def _describe(settings: "Settings", path: Path) -> tuple[str, str]:
    """When it was trained, and what is to be said of it."""
    from bot.model_seal import ForeignModel, check_seal

    try:
        seal = check_seal(settings, path)
    except ForeignModel:
        at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        return f"{at:%Y-%m-%d %H:%M}", "no seal"

    return f"{datetime.fromisoformat(seal.trained_at):%Y-%m-%d %H:%M}", ""


def _put_live(name: str) -> None:
    """Check it, wish it, and wait until it is live or has failed."""
    from bot.serving import is_served, want
    from bot.settings import get_settings
    from bot.startup import rasas
    from bot.supervision.steps import Steps

    settings = get_settings()
    # Said at once and by us: the supervisor would say it where nobody looks.
    name = rasas(settings).check(name)
    running = is_served(settings.state_dir)
    wanted = want(settings.state_dir, name)
    if not running:
        click.echo(f"{name} is live from the next start of the house on.")
        return
    steps = Steps()
    with steps.step(f"Put {name} live"):
        for serving in follow(settings, wanted):
            if stage := STAGES.get(serving.swap):
                steps.say(f"  {stage}")
            if serving.error:
                raise NotLive(f"{name} was not put live: {serving.error}")


def follow(settings: "Settings", wanted: "Wanted") -> Iterator["Serving"]:
    """Each state of the swap that somebody wished, to its end; `NotLive` if nothing comes of it."""
    import time

    from bot.serving import Swap, is_served, read_serving, read_wanted

    ends, shown = time.monotonic() + LONGEST, None
    while time.monotonic() < ends:
        serving = read_serving(settings.state_dir)
        if serving and serving.request == wanted.request and serving.swap != shown:
            shown = serving.swap
            yield serving
            if shown in (Swap.STEADY, Swap.FAILED):
                return
        if not is_served(settings.state_dir):
            raise NotLive("The house has stopped. The model is taken at its next start.")
        now = read_wanted(settings.state_dir)
        if now and now.request != wanted.request:
            raise NotLive(f"Meanwhile somebody wants {now.model} live.")
        time.sleep(LOOK)

    raise NotLive("That takes too long; the house's own output says how far it is.")
