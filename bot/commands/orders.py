"""The commands about what is a seller's own: orders, products, stores."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from bot.intake.importing import Report
    from bot.intake.watching import TerminalWatcher

SOME_BAD = 1
FILE = click.argument("file", type=click.Path(path_type=Path))
STORE = click.option(
    "--store", default="demo", show_default=True, metavar="NAME", help="Into which store."
)


@click.group()
def orders() -> None:
    """What was ordered."""


@click.group()
def products() -> None:
    """What is sold, and how much of it is left."""


@click.group()
def stores() -> None:
    """Seller accounts, each with its own widget."""


@orders.command("import")
@FILE
@STORE
@click.option(
    "--format",
    "form",
    type=click.Choice(["generic"]),
    default="generic",
    show_default=True,
    help="What kind of file it is.",
)
def import_orders(file: Path, store: str, form: str) -> None:
    """
    Import an order file (CSV): a row is an order line, its order columns repeat.

    An order of which a row is bad is not imported, all others are. Importing a file again
    changes nothing; an order that is different in it is changed. The exit code is 0 if all
    rows were good, 1 if some were bad, 2 if the file could not be read.
    """
    from bot.intake.importing import import_order_file
    from bot.settings import get_settings

    with _watcher() as watcher:
        report = import_order_file(get_settings(), file, store, watcher, form)
    counted = ", ".join(f"{count} {outcome}" for outcome, count in report.orders.items())
    click.echo(f"Orders in {store}: {counted or 'none'}.")
    _end(report)


@products.command("import")
@FILE
@STORE
def import_products(file: Path, store: str) -> None:
    """
    Import a product file (CSV) with sku, title, variant and stock.

    An empty stock is one that is not known. The exit code is as with orders.
    """
    from bot.intake.importing import import_product_file
    from bot.settings import get_settings

    with _watcher() as watcher:
        report = import_product_file(get_settings(), file, store, watcher)
    click.echo(f"Products in {store}: {report.products} written.")
    _end(report)


@stores.command("add")
@click.argument("name")
@click.option("--id", "store_id", help="For addresses and the embed tag; made from NAME.")
@click.option("--title", help="What the chat window is called; NAME by default.")
@click.option("--greeting", default="", help="The bot's first line.")
@click.option("--colour", default="#2f6f5e", show_default=True, help="Of the widget.")
@click.option("--avatar", help="Address of a picture for the widget.")
@click.option("--locale", default="en", show_default=True, help="The shop's language.")
def add_store(
    name: str,
    store_id: str | None,
    title: str | None,
    greeting: str,
    colour: str,
    avatar: str | None,
    locale: str,
) -> None:
    """Add a store; prints its embed tag and its identity secret."""
    from datetime import UTC, datetime

    from bot.casework.stores import Store, WrongStore, new_identity_secret, to_store_id
    from bot.settings import get_settings
    from bot.store import stores as stored
    from bot.store.database import writing
    from bot.store.migrate import migrate
    from bot.store.opening import opened

    if not (store_id := store_id or to_store_id(name)):
        raise click.UsageError(f"{name!r} has no Latin letter to make an id of; choose one: --id")
    try:
        store = Store(
            id=store_id,
            name=name,
            title=title or name,
            greeting=greeting,
            colour=colour,
            avatar_url=avatar,
            locale=locale,
            identity_secret=new_identity_secret(),
        )
    except WrongStore as error:
        raise click.UsageError(f"{error}; --help names the options") from error

    settings = get_settings()
    migrate(settings.store_url)
    with opened(settings.store_url) as engine, writing(engine) as connection:
        if not stored.add_store(connection, store, datetime.now(UTC)):
            raise click.UsageError(f"There is a store {store.id} already; choose another --id")
    click.echo(f"Store            {store.id}")
    click.echo(f"Embed tag        {embed_tag(settings.web_url, store.id)}")
    click.echo(f"Identity secret  {store.identity_secret}")


def embed_tag(web_url: str, store: str) -> str:
    """The one line by which a shop's page gets the widget."""
    return f'<script type="module" src="{web_url}/widget.js" data-store="{store}"></script>'


def _watcher() -> "TerminalWatcher":
    from rich.console import Console

    from bot.intake.watching import TerminalWatcher

    return TerminalWatcher(Console())


def _end(report: "Report") -> None:
    """Say what was bad, and let the exit code say it to scripts."""
    if not report.bad_rows:
        return

    rows = "1 row is" if report.bad_rows == 1 else f"{report.bad_rows} rows are"
    click.echo(f"{rows} bad and not imported.")
    if report.refused:
        more = report.refused - len(report.refused_numbers)
        named = ", ".join(map(repr, report.refused_numbers)) + (f" and {more} more" if more else "")
        click.echo(f"Orders left out because a row of theirs is bad: {named}.")
    click.echo("Correct these rows and import the file again; the rest stands already.")
    sys.exit(SOME_BAD)
