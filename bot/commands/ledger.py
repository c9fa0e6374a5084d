"""The commands about what was decided: is it as it was written, why, and what would be now."""

import json
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from bot.casework.rulebook import Rulebook
    from bot.services.replay import CaseReplay
    from bot.store.ledger_check import Anchor

BROKEN = 1
SHOWN = 20
"""Cases that a replay names on the terminal; --json names all."""
QUIET_SECONDS = 2.0
STORE = click.option("--store", metavar="NAME", help="Of one store only.")


@click.group()
def ledger() -> None:
    """What was decided, by whom and why."""


@ledger.command()
@STORE
@click.option("--head", metavar="NUMBER:SEAL", help="The newest seal as you noted it before.")
def verify(store: str | None, head: str | None) -> None:
    """
    Look whether every decision stands as it was written.

    Prints the newest seal of each store: note it somewhere else, and give it as --head the next
    time. The exit code is 0 if all is intact, 1 if not, 2 if the ledger could not be read.
    """
    from bot.settings import get_settings
    from bot.store.ledger_check import check_ledger, find_stores
    from bot.store.migrate import migrate
    from bot.store.opening import opened

    anchor = _anchor(head) if head else None
    settings = get_settings()
    migrate(settings.store_url)
    intact = True
    with opened(settings.store_url) as engine, _progress() as progress:
        known = find_stores(engine)
        if store is not None and store not in known:
            raise click.UsageError(f"There is no store {store}; there are: {', '.join(known)}")
        if anchor and store is None and len(known) != 1:
            raise click.UsageError("Say with --store of which store --head is")
        chosen = known if store is None else [store]
        for check in check_ledger(engine, chosen, anchor=anchor, progress=progress):
            for finding in check.findings:
                click.echo(f"{check.store}: {finding.damage}: {finding.text}.")
            if check.unnamed:
                click.echo(f"{check.store}: and {check.unnamed} more.")
            state = "intact" if check.intact else "BROKEN"
            newest = f", newest seal {check.head}" if check.head else ""
            erased = f", {check.erased} of them erased" if check.erased else ""
            click.echo(f"{check.store}: {check.sealed} decisions{erased}, {state}{newest}")
            intact = intact and check.intact
    if not intact:
        sys.exit(BROKEN)


@ledger.command()
@click.option(
    "--rulebook",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="The rulebook to decide by; yours by default.",
)
@STORE
@click.option(
    "--since", type=click.DateTime(formats=["%Y-%m-%d"]), help="Cases that began on that day on."
)
@click.option("--limit", type=click.IntRange(1), help="So many cases at most, the newest.")
@click.option(
    "--json",
    "as_json",
    is_flag=True,
    help="A line of JSON for each case that differs, and one for the totals.",
)
def replay(
    folder: Path | None, store: str | None, since: datetime | None, limit: int | None, as_json: bool
) -> None:
    """
    Decide past cases once more, and print what would differ.

    Nothing is changed and nobody is told. Each case is taken by itself, with its orders and times
    of then. Where the buyer would have been asked something else, nobody knows the answer; such
    cases are counted by themselves.
    """
    from rich.console import Console

    from bot import ledger_words as words
    from bot.services.replay import Verdict
    from bot.services.replay import replay as replay_cases
    from bot.services.replay_totals import Totals
    from bot.settings import get_settings
    from bot.store.migrate import migrate
    from bot.store.opening import opened
    from bot.store.units import SqlUnits

    settings = get_settings()
    rules = _rules(folder or settings.rulebook)
    began = since.replace(tzinfo=UTC) if since else None
    migrate(settings.store_url)
    totals = Totals()
    named: list[CaseReplay] = []
    with (
        opened(settings.store_url) as engine,
        SqlUnits(engine).reading() as unit,
        _progress() as progress,
    ):
        for case in replay_cases(unit, rules, store=store, since=began, limit=limit):
            totals.add(case)
            progress(totals.cases)
            if case.verdict is Verdict.SAME:
                continue
            if as_json:
                click.echo(json.dumps(words.case_as_json(case)))
            elif len(named) < SHOWN and case.verdict is not Verdict.NOT_REPLAYABLE:
                named.append(case)
    if as_json:
        click.echo(json.dumps(words.totals_as_json(totals, rules.version)))
        return
    console = Console(highlight=False, soft_wrap=True)
    words.print_totals(console, totals, rules.version)
    differing = totals.verdicts[Verdict.DIFFERENT] + totals.verdicts[Verdict.ANEW]
    words.print_cases(console, named, more=differing - len(named))


@ledger.command()
@click.argument("order")
@click.option("--store", default="demo", show_default=True, metavar="NAME")
def show(order: str, store: str) -> None:
    """Print every decision about ORDER: when, what, by whom, and the numbers compared."""
    from rich.console import Console

    from bot import ledger_words as words
    from bot.settings import get_settings
    from bot.store.migrate import migrate
    from bot.store.opening import opened
    from bot.store.units import SqlUnits

    settings = get_settings()
    migrate(settings.store_url)
    with opened(settings.store_url) as engine, SqlUnits(engine).reading() as unit:
        found = unit.orders.find(store, order)
        if found is None:
            raise click.UsageError(f"There is no order {order} in the store {store}")
        console = Console(highlight=False, soft_wrap=True)
        decided = 0
        for decision in unit.past.of_order(found.id):
            words.print_decision(console, decision)
            decided += 1
    if not decided:
        click.echo(f"Nothing was decided about {found.number} yet.")


def _rules(folder: Path) -> "Rulebook":
    from bot.rulebook import load_rulebook

    return load_rulebook(folder)


def _anchor(text: str) -> "Anchor":
    from bot.store.ledger_check import Anchor

    number, _, seal = text.strip().partition(":")
    if not number.isdecimal() or len(seal) != 64:
        raise click.UsageError("--head is NUMBER:SEAL, as `ledger verify` prints it")

    return Anchor(int(number), seal)


def _progress() -> "AbstractContextManager[Callable[[int], None]]":
    """Tells on a terminal how far we are, if it takes long enough to be asked."""
    from contextlib import contextmanager

    from rich.console import Console
    from rich.status import Status

    @contextmanager
    def shown() -> "Iterator[Callable[[int], None]]":
        console = Console(stderr=True)
        status = Status("", console=console)
        began = time.monotonic()
        spinning = False

        def progress(done: int) -> None:
            nonlocal spinning
            if not console.is_terminal or time.monotonic() - began < QUIET_SECONDS:
                return
            status.update(f"{done:,} so far")
            if not spinning:
                status.start()
                spinning = True

        try:
            yield progress
        finally:
            if spinning:
                status.stop()

    return shown()
