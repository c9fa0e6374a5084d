"""The commands about remedies: what is to be carried out, and the seller's word that it was."""

import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from rich.table import Table

    from bot.services.house import House
    from bot.store.remedy_list import ListedRemedy, RemedyList

SHORTEST = 6
"""Signs of an id, from which on it may be abbreviated."""
SHOWN = 8
REFUSED = 1
UNWRITTEN = 2
WIDE = 200
"""Columns for a list that goes into a file or another program."""
STATES = ("approval", "requested", "person", "done", "denied", "replaced", "failed")
BEGINS_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet would take for more than a text."""
COLUMNS = (
    "id requested_at store order what sku product quantity amount currency details reason state"
    " approved_by reference last_word ended_at"
).split()


@click.group()
def remedies() -> None:
    """What was promised to buyers, and how far it is."""


@remedies.command("list")
@click.option("--state", type=click.Choice(STATES), help="In that state only.")
@click.option("--store", metavar="NAME", help="Of one store only.")
def list_all(state: str | None, store: str | None) -> None:
    """
    List remedies, the oldest first.

    `requested` is on its way, or on your list to be carried out by hand; `person` could not be
    delivered for a day: find out what became of it, then confirm or fail it.
    """
    from rich.console import Console

    with _remedy_list() as listed:
        found = list(listed.rows(state=state, store=store))
    if not found:
        click.echo("No remedies.")
        return
    console = Console()
    Console(width=None if console.is_terminal else WIDE).print(_table(found))


@remedies.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--since", type=click.DateTime(["%Y-%m-%d"]), help="Requested on that day (UTC) or later."
)
@click.option("--store", metavar="NAME", help="Of one store only.")
def export(file: Path, since: datetime | None, store: str | None) -> None:
    """Write remedies to FILE, a CSV that spreadsheets open; a file of that name is replaced."""
    import csv

    began = since.replace(tzinfo=UTC) if since else None
    count = 0
    try:
        # With a byte order mark, or Excel would read it in the machine's old code page.
        with _remedy_list() as listed, file.open("w", encoding="utf-8-sig", newline="") as out:
            writer = csv.writer(out)
            writer.writerow(COLUMNS)
            for one in listed.rows(since=began, store=store):
                count += 1
                writer.writerow([harmless(cell) for cell in _cells(one)])
    except OSError as error:
        click.echo(f"{file} cannot be written: {error.strerror}.", err=True)
        sys.exit(UNWRITTEN)
    click.echo(f"{_count(count)} written to {file}.")


@remedies.command()
@click.argument("ids", nargs=-1, required=True, metavar="ID...")
def confirm(ids: tuple[str, ...]) -> None:
    """Say that you carried the remedies out; each buyer is told that it is done."""
    from bot.services.sellers_word import confirm_remedy

    _say(ids, confirm_remedy, "done, the buyer is told")


@remedies.command()
@click.argument("remedy", metavar="ID")
@click.option("--why", required=True, help="For whoever talks to the buyer.")
def fail(remedy: str, why: str) -> None:
    """Say that the remedy will not be carried out; its conversation goes to a person."""
    from bot.services.sellers_word import fail_remedy

    _say(
        (remedy,),
        lambda house, remedy_id: fail_remedy(house, remedy_id, why),
        "failed, the buyer is told and the conversation waits for a person",
    )


def harmless(cell: str) -> str:
    """A cell that no spreadsheet runs: what looks like a formula begins with an apostrophe."""
    return f"'{cell}" if cell.startswith(BEGINS_FORMULA) else cell


def _say(ids: Sequence[str], word: "Callable[[House, str], str]", done: str) -> None:
    """The seller's word on each of these remedies; nothing is said if one cannot be told."""
    from bot.services.sellers_word import NotPossible
    from bot.settings import get_settings
    from bot.web.bus import make_crier
    from bot.wiring import build_house

    with _remedy_list() as listed:
        found = [_find(listed, beginning) for beginning in ids]
    settings = get_settings()
    crier = make_crier(settings.bus_url)
    house = build_house(settings)
    refused = False
    for remedy_id in dict.fromkeys(found):
        try:
            crier.tell(word(house, remedy_id))
        except NotPossible as error:
            click.echo(f"{remedy_id[:SHOWN]} {error}.", err=True)
            refused = True
        else:
            click.echo(f"{remedy_id[:SHOWN]} is {done}.")
    house.units.close()
    if refused:
        sys.exit(REFUSED)


def _find(listed: "RemedyList", beginning: str) -> str:
    """The one id that begins so; a usage error if that is none or several."""
    if len(beginning) < SHORTEST:
        raise click.UsageError(f"{beginning!r} is too short: give at least {SHORTEST} signs")
    found = listed.find_ids(beginning)
    if len(found) != 1:
        raise click.UsageError(
            f"{'Several remedies begin' if found else 'No remedy begins'} with {beginning!r}"
        )

    return found[0]


def _table(found: "Sequence[ListedRemedy]") -> "Table":
    from rich.markup import escape
    from rich.table import Table

    from bot.amounts import format_money

    table = Table(
        "id", "when", "order", "what", "amount", "reason", "state", "approved by", box=None
    )
    table.add_column("last word")
    for one in found:
        what = " ".join(filter(None, (one.kind, _goods(one), one.details)))
        cells = (
            one.id[:SHOWN],
            f"{one.created_at:%Y-%m-%d %H:%M}",
            f"{one.order_number} ({one.store})",
            what,
            format_money(one.amount, "en") if one.amount else "",
            one.reason,
            one.state,
            one.approved_by,
            one.word,
        )
        table.add_row(*(escape(_printable(cell)) for cell in cells))

    return table


def _goods(one: "ListedRemedy") -> str:
    if not one.sku:
        return ""

    return f"{one.quantity} × {one.sku}" if one.quantity else one.sku


def _cells(one: "ListedRemedy") -> list[str]:
    from bot.casework.money import minor_digits

    amount = one.amount

    return [
        one.id,
        f"{one.created_at:%Y-%m-%d %H:%M:%S}",
        one.store,
        one.order_number,
        one.kind,
        one.sku,
        one.title,
        str(one.quantity or ""),
        f"{amount.major:.{minor_digits(amount.currency)}f}" if amount else "",
        amount.currency if amount else "",
        one.details,
        one.reason,
        one.state,
        one.approved_by,
        one.reference,
        one.word,
        f"{one.ended_at:%Y-%m-%d %H:%M:%S}" if one.ended_at else "",
    ]


def _printable(text: str) -> str:
    """Without what would move a terminal's cursor: addresses and words come from strangers."""
    return "".join(sign if sign.isprintable() else " " for sign in text)


def _count(count: int) -> str:
    return "1 remedy" if count == 1 else f"{count} remedies"


def _remedy_list() -> "AbstractContextManager[RemedyList]":
    from bot.settings import get_settings
    from bot.store.remedy_list import open_remedy_list

    return open_remedy_list(get_settings().store_url)
