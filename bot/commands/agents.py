"""The commands about people: who works at the desk, and how they get in."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from bot.casework.accounts import Account
    from bot.services.house import House

REFUSED = 1
ROLES = ("agent", "lead", "trainer", "owner")
EMAIL = click.argument("email")


@click.group()
def agents() -> None:
    """People who work at the desk."""


@agents.command("add")
@EMAIL
@click.option("--name", required=True, help="Buyers see the first word of it.")
@click.option("--role", type=click.Choice(ROLES), default="agent", show_default=True)
@click.option("--team", default="", help="Such as returns; conversations can be given to a team.")
@click.option("--reads", default="", metavar="CODES", help="Languages they read, such as en,ru.")
def add_agent(email: str, name: str, role: str, team: str, reads: str) -> None:
    """Add somebody; prints the one-time link by which they choose a password."""
    from bot.casework.agents import Role
    from bot.opened_house import opened_house
    from bot.services.accounts import Doer, do_add_agent
    from bot.services.links import do_make_link

    with opened_house() as house, refusals():
        agent = do_add_agent(
            house,
            email=email,
            name=name,
            role=Role(role),
            team=team,
            reads=reads.split(","),
            by=Doer(),
        )
        _, link = do_make_link(house, agent.id, by=Doer())
    click.echo(f"Added {agent.name} ({agent.role}).")
    show_link(link.address(_web_url()))


@agents.command("list")
def list_all() -> None:
    """List everybody."""
    from rich.console import Console
    from rich.table import Table

    from bot.opened_house import opened_house
    from bot.services.accounts import list_agents

    with opened_house() as house:
        accounts = list_agents(house)
    if not accounts:
        click.echo("Nobody works here yet: makegood agents add EMAIL --name NAME --role owner")
        return
    table = Table("e-mail", "name", "role", "team", "reads", "state", box=None)
    for account in accounts:
        agent = account.agent
        reads = ",".join(agent.reads)
        table.add_row(agent.email, agent.name, agent.role, agent.team, reads, _state(account))
    Console().print(table)


@agents.command("link")
@EMAIL
@click.option("--drop-totp", is_flag=True, help="Switch their second factor off: a lost phone.")
def make_link(email: str, drop_totp: bool) -> None:
    """Print a link by which somebody chooses a new password; their older links end."""
    from bot.opened_house import opened_house
    from bot.services.accounts import Doer
    from bot.services.links import do_make_link

    with opened_house() as house, refusals():
        account = _account(house, email)
        _, link = do_make_link(house, account.agent.id, drop_totp=drop_totp, by=Doer())
    show_link(link.address(_web_url()))


@agents.command("disable")
@EMAIL
def disable(email: str) -> None:
    """Lock somebody out, at once and everywhere."""
    from bot.opened_house import opened_house
    from bot.services.accounts import Change, Doer, do_change_agent

    with opened_house() as house, refusals():
        account = _account(house, email)
        agent = do_change_agent(house, account.agent.id, Change(disabled=True), by=Doer())
    click.echo(f"{agent.name} is locked out.")


@agents.command("enable")
@EMAIL
def enable(email: str) -> None:
    """Let somebody in again who was locked out."""
    from bot.opened_house import opened_house
    from bot.services.accounts import Change, Doer, do_change_agent

    with opened_house() as house, refusals():
        account = _account(house, email)
        agent = do_change_agent(house, account.agent.id, Change(disabled=False), by=Doer())
    click.echo(f"{agent.name} may sign in again.")


def show_link(address: str) -> None:
    """The link, and what it is worth."""
    click.echo("This link works once, within 24 hours; whoever has it gets in:")
    click.echo(f"  {address}")


@contextmanager
def refusals() -> Iterator[None]:
    """What a service refuses ends in one line."""
    from bot.services.turn_queue import NotAcceptable

    try:
        yield
    except NotAcceptable as refusal:
        click.echo(f"Not possible: {refusal}", err=True)
        sys.exit(REFUSED)


def _account(house: "House", email: str) -> "Account":
    with house.units.reading() as unit:
        account = unit.accounts.find_by_email(email.strip().lower())
    if account is None:
        raise click.UsageError(f"There is no agent {email}; makegood agents list names all")

    return account


def _state(account: "Account") -> str:
    if account.agent.disabled:
        return "locked out"
    if account.password_hash is None:
        return "has not used the link yet"

    return "second factor" if account.has_totp else ""


def _web_url() -> str:
    from bot.settings import get_settings

    return get_settings().web_url
