"""The commands about buyers: taking their personal data away."""

import sys
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from bot.casework.erasure import ErasureReport
    from bot.services.house import House
    from bot.settings import Settings

REFUSED = 1


@click.group()
def buyers() -> None:
    """Who has ordered."""


@buyers.command()
@click.argument("email")
@click.option("--store", metavar="NAME", help="In one store only; in all of them by default.")
def erase(email: str, store: str | None) -> None:
    """
    Take away all personal data of the buyer with that EMAIL; it cannot be undone.

    Orders, remedies and decisions stay with their amounts, without the person. The same command
    again finishes what was broken off, or says that nothing is left. The exit code is 0 then, and
    1 while a remedy of theirs is under way.
    """
    import asyncio

    from bot.opened_house import opened_house
    from bot.services.erasure import Eraser, do_erase
    from bot.services.turn_queue import NotAcceptable
    from bot.settings import get_settings

    settings = get_settings()
    with opened_house() as house:
        try:
            report = do_erase(
                house, email, by=Eraser(), uploads=settings.state_dir / "photos", store=store
            )
        except NotAcceptable as refusal:
            click.echo(refusal, err=True)
            sys.exit(REFUSED)
        _print(report)
        if not asyncio.run(_let_forget(house, settings)):
            click.echo(
                "Rasa does not answer. It remembers order numbers of the latest conversations "
                "until it restarts; it is told as soon as Makegood runs."
            )


def _print(report: "ErasureReport") -> None:
    if report.nothing_left:
        click.echo("Nothing is left of this buyer.")
        return
    click.echo("Removed:")
    for what, count in report.removed.items():
        if count:
            click.echo(f"  {count:>6}  {what}")
    kept = [one for one in report.kept if one.count]
    if kept:
        click.echo("Kept:")
    for one in kept:
        click.echo(f"  {one.count:>6}  {one.what}: {one.why}")


async def _let_forget(house: "House", settings: "Settings") -> bool:
    from bot.serving import LiveAddress
    from bot.web.forgetting import let_forget
    from bot.web.rasa import Rasa

    where = LiveAddress(settings.state_dir, settings.rasa_url)
    rasa = Rasa(where, settings.actions_secret)
    try:
        return await let_forget(house, rasa)
    finally:
        await rasa.close()
