"""The command that writes the file of evidence about an order."""

from pathlib import Path

import click


@click.command()
@click.argument("order")
@click.option("--store", default="demo", show_default=True, metavar="NAME")
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where the page goes; evidence-ORDER.html by default.",
)
def evidence(order: str, store: str, out: Path | None) -> None:
    """
    Write the chat, photos, timeline and decisions about ORDER as one HTML page.

    For an appeal to a marketplace: the page needs no other file and runs no script.
    """
    from bot.evidence.page import render_evidence
    from bot.opened_house import opened_house
    from bot.services.evidence import find_evidence
    from bot.settings import get_settings

    with opened_house() as house:
        found = find_evidence(house, store, order)
    if found is None:
        raise click.UsageError(f"There is no order {order} in the store {store}")
    safe = "".join(sign if sign.isalnum() or sign in "-_." else "-" for sign in found.order.number)
    path = out or Path(f"evidence-{safe}.html")
    page = render_evidence(found, get_settings().state_dir / "photos")
    draft = path.with_name(f".{path.name}.draft")
    draft.write_text(page, encoding="utf-8")
    draft.replace(path)
    click.echo(f"{path}: {len(found.chats)} chats, {len(found.decisions)} decisions.")
