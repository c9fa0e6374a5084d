"""The commands with which a person decides about money: approvals and their own grants."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from bot.casework.agents import Agent
    from bot.casework.orders import Order, OrderLine
    from bot.casework.ports.remedies import RemedyRow
    from bot.casework.refusals import Refusal
    from bot.services.house import House

REFUSED = 1
SHORTEST = 6
AGENT = click.option(
    "--agent",
    required=True,
    metavar="EMAIL",
    help="Who decides, by the e-mail of their account; a name while nobody has one. On record.",
)
GRANTABLE = ("refund", "discount", "replacement", "return")


@click.group()
def approvals() -> None:
    """Remedies that wait for a person's yes."""


@approvals.command("list")
@click.option("--store", metavar="NAME", help="Of one store only.")
def list_approvals(store: str | None) -> None:
    """List what waits, the oldest first."""
    from rich.console import Console
    from rich.table import Table

    from bot.amounts import format_money
    from bot.opened_house import opened_house

    with opened_house() as house, house.units.reading() as unit:
        rows = unit.remedies.waiting(store)
        table = Table("id", "since", "store", "order", "what", "amount", "why", box=None)
        for row in rows:
            order = unit.orders.get(row.order_id)
            amount = row.remedy.amount
            table.add_row(
                row.id[:8],
                f"{row.created_at:%Y-%m-%d %H:%M}",
                row.store,
                order.number,
                str(row.remedy.kind),
                format_money(amount, "en") if amount else "",
                row.reason,
            )
    if not rows:
        click.echo("Nothing waits for approval.")
        return
    Console().print(table)


@approvals.command()
@click.argument("remedy")
@AGENT
def approve(remedy: str, agent: str) -> None:
    """Let the REMEDY (its id, or the beginning of it) go out; the buyer is told."""
    from bot.casework.refusals import Refusal
    from bot.casework.remedies import RemedyState
    from bot.opened_house import opened_house
    from bot.services.approvals import do_approve

    with opened_house() as house:
        row = _waiting(house, remedy)
        said = do_approve(house, row.id, _agent(house, agent))
        _tell(house, row.id)
        if said is RemedyState.APPROVAL:
            click.echo(f"Your yes is on record: {row.remedy.kind} needs a second person's as well.")
            return
        refused = said if isinstance(said, Refusal) else None
        _end(refused, f"Approved: {row.remedy.kind}, the buyer is told.")


@approvals.command()
@click.argument("remedy")
@AGENT
@click.option("--why", required=True, help="For the record; the buyer hears it from you.")
def deny(remedy: str, agent: str, why: str) -> None:
    """Say no to the REMEDY; the conversation is handed to a person."""
    from bot.opened_house import opened_house
    from bot.services.approvals import do_deny

    with opened_house() as house:
        row = _waiting(house, remedy)
        with _words_for_people():
            refused = do_deny(house, row.id, _agent(house, agent), why)
        _tell(house, row.id)
        _end(refused, "Denied; the conversation waits for a person.")


@click.command()
@click.option("--store", metavar="NAME", help="Of one store only.")
def waiting(store: str | None) -> None:
    """
    List the conversations that wait for a person: since when, why, and what is known.

    The most urgent comes first, with the time by which it is to be handled.
    """
    from bot.opened_house import opened_house

    with opened_house() as house, house.units.reading() as unit:
        talks = unit.archive.waiting(store)
    if not talks:
        click.echo("Nobody waits for a person.")
        return
    for talk in talks:
        due = f", due {talk.due_at:%Y-%m-%d %H:%M} UTC" if talk.due_at else ""
        click.echo(f"{talk.handed_at:%Y-%m-%d %H:%M} UTC  {talk.store}  {talk.reason}{due}")
        click.echo("".join(f"    {line}\n" for line in talk.summary.splitlines()))


@click.command()
@click.argument("kind", type=click.Choice(GRANTABLE))
@click.argument("order")
@click.option("--store", default="demo", show_default=True, metavar="NAME")
@click.option("--sku", help="Which product of the order; needed if it has several.")
@click.option("--quantity", type=click.IntRange(1), help="How many pieces; all by default.")
@click.option("--amount", help="Such as 12.50; the price of the pieces by default.")
@AGENT
@click.option("--reason", required=True, help="For the record.")
@click.option("--request", "request_id", help="The same request grants once; made up by default.")
def grant(
    kind: str,
    order: str,
    store: str,
    sku: str | None,
    quantity: int | None,
    amount: str | None,
    agent: str,
    reason: str,
    request_id: str | None,
) -> None:
    """
    Grant a remedy for ORDER yourself, beyond the bot's caps.

    Never more than was paid, never goods and their price: exit code 1 says why not. What is over
    the limit of your role waits for somebody else's yes.
    """
    from bot.casework.refusals import Refusal
    from bot.casework.remedies import RemedyState
    from bot.opened_house import opened_house
    from bot.services.grants import do_grant
    from bot.services.wanted_remedies import Wanted, to_remedy

    with opened_house() as house:
        with house.units.reading() as unit:
            found = unit.orders.find(store, order)
        if found is None:
            raise click.UsageError(f"There is no order {order} in the store {store}")
        wanted = Wanted(kind=kind, line_id=_line(found, sku).id, quantity=quantity, amount=amount)
        with _words_for_people():
            granted = do_grant(
                house,
                [to_remedy(found, wanted)],
                agent=_agent(house, agent),
                reason=reason,
                request_id=request_id or house.new_id(),
            )
        if isinstance(granted, Refusal):
            _end(granted, "")
            return
        _tell(house, granted.remedies[0])
        begun = "Granted" if granted.state is not RemedyState.APPROVAL else "Waits for approval"
        _end(None, f"{begun}: {kind} on {found.number}, remedy {granted.remedies[0][:8]}.")


def _tell(house: "House", remedy_id: str) -> None:
    """Let open pages know that something became of that remedy, over Redis where there is one."""
    from bot.services.remedy_queue import find_place
    from bot.settings import get_settings
    from bot.web.bus import make_crier

    crier = make_crier(get_settings().bus_url)
    crier.tell(find_place(house, remedy_id).conversation_id)


@contextmanager
def _words_for_people() -> Iterator[None]:
    """What a service cannot take is a mistake in the command."""
    from bot.services.turn_queue import NotAcceptable

    try:
        yield
    except NotAcceptable as error:
        raise click.UsageError(str(error)) from error


def _agent(house: "House", named: str) -> "Agent":
    """Whoever decides; a usage error if nobody has that account."""
    from bot.casework.authority import at_the_console

    with house.units.reading() as unit:
        if not unit.accounts.exist():
            return at_the_console(named)
        account = unit.accounts.find_by_email(named.strip().lower())
    if account is None or account.agent.disabled:
        raise click.UsageError(f"Nobody at the desk has the e-mail {named}")

    return account.agent


def _line(order: "Order", sku: str | None) -> "OrderLine":
    lines = [line for line in order.goods if sku in (None, line.sku)]
    if len(lines) != 1:
        known = ", ".join(line.sku for line in order.goods)
        raise click.UsageError(f"Name one product of {order.number} with --sku: {known}")

    return lines[0]


def _waiting(house: "House", beginning: str) -> "RemedyRow":
    """The remedy that waits and whose id begins so; a usage error if that is not just one."""
    if len(beginning) < SHORTEST:
        raise click.UsageError(f"Give at least {SHORTEST} signs of the remedy's id")
    with house.units.reading() as unit:
        found = [row for row in unit.remedies.waiting(None) if row.id.startswith(beginning)]
    if len(found) != 1:
        many = "Several remedies" if found else "No remedy"
        raise click.UsageError(f"{many} that wait for approval begin with {beginning}")

    return found[0]


def _end(refusal: "Refusal | None", done: str) -> None:
    if refusal is None:
        click.echo(done)
        return
    click.echo(f"Not possible: {refusal.reason} ({refusal.compared}).", err=True)
    sys.exit(REFUSED)
