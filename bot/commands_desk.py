"""The commands with which a person decides about money: approvals and their own grants."""

import sys
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from bot.casework.orders import Order, OrderLine
    from bot.casework.ports import RemedyRow
    from bot.casework.refusals import Refusal
    from bot.casework.remedies import Remedy
    from bot.services.house import House

REFUSED = 1
SHORTEST = 6
AGENT = click.option("--agent", required=True, metavar="NAME", help="Who decides; on record.")
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
    from bot.opened_house import opened_house
    from bot.services.approvals import do_approve

    with opened_house() as house:
        row = _waiting(house, remedy)
        _end(do_approve(house, row.id, agent), f"Approved: {row.remedy.kind}, the buyer is told.")


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
        _end(do_deny(house, row.id, agent, why), "Denied; the conversation waits for a person.")


@click.command()
@click.option("--store", metavar="NAME", help="Of one store only.")
def waiting(store: str | None) -> None:
    """
    List the conversations that wait for a person: since when, why, and what is known.

    Complaints come first, with the time by which they are to be handled.
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

    Never more than was paid, never goods and their price: exit code 1 says why not.
    """
    from bot.casework.money import WrongMoney
    from bot.casework.refusals import Refusal
    from bot.opened_house import opened_house
    from bot.services.grants import do_grant

    with opened_house() as house:
        with house.units.reading() as unit:
            found = unit.orders.find(store, order)
        if found is None:
            raise click.UsageError(f"There is no order {order} in the store {store}")
        line = _line(found, sku)
        try:
            remedy = _remedy(kind, found, line, quantity, amount)
        except WrongMoney as error:
            raise click.UsageError(f"--amount: {error}") from error
        granted = do_grant(
            house, remedy, agent=agent, reason=reason, request_id=request_id or house.new_id()
        )
        refused = granted if isinstance(granted, Refusal) else None
        _end(refused, f"Granted: {kind} on {found.number}, remedy {str(granted)[:8]}.")


def _line(order: "Order", sku: str | None) -> "OrderLine":
    lines = [line for line in order.goods if sku in (None, line.sku)]
    if len(lines) != 1:
        known = ", ".join(line.sku for line in order.goods)
        raise click.UsageError(f"Name one product of {order.number} with --sku: {known}")

    return lines[0]


def _remedy(
    kind: str, order: "Order", line: "OrderLine", quantity: int | None, amount: str | None
) -> "Remedy":
    from decimal import Decimal

    from bot.casework.money import Money
    from bot.casework.remedies import Discount, Refund, Replacement, Return

    pieces = min(quantity or line.quantity, line.quantity)
    money: Money = line.unit_price.times(pieces)
    if amount is not None:
        money = Money.from_text(amount, order.currency)
    if kind == "replacement":
        return Replacement(order_id=order.id, line_id=line.id, quantity=pieces)
    if kind == "discount":
        share = Decimal(100 * money.minor) / max(1, line.price.minor)
        return Discount(
            order_id=order.id,
            line_id=line.id,
            quantity=pieces,
            amount=money,
            percent=round(share, 2),
        )
    made = {"refund": Refund, "return": Return}[kind]

    return made(order_id=order.id, line_id=line.id, quantity=pieces, amount=money)


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
