"""The commands with which a seller looks at their rulebook before and after a change."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console

    from bot.casework.decisions import Rule
    from bot.casework.orders import Order
    from bot.casework.remedies import Remedy
    from bot.casework.rulebook import Rulebook
    from bot.rulebook import Mistake
    from bot.services.explain import Explanation, KindExplained, LadderExplained, TurnExplained
    from bot.settings import Settings

FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.group()
def rulebook() -> None:
    """The seller's limits: check them, and see what they lead to."""


@rulebook.command()
@click.argument("folder", type=FOLDER, required=False)
def check(folder: Path | None) -> None:
    """
    Check the rulebook in FOLDER, or the one in use.

    Exit code 2 if it is broken, with the mistakes; advice changes no exit code.
    """
    from bot.intents import FILE, load_intents
    from bot.rulebook import BrokenRulebook, load_rulebook
    from bot.rulebook.advice import find_advice, find_unread, zero_caps
    from bot.settings import get_settings

    settings = get_settings()
    folder = folder or settings.rulebook
    rules = load_rulebook(folder)
    if unknown := tuple(_unknown_stores(folder, settings)):
        raise BrokenRulebook(*unknown)
    intents = load_intents(folder) if (folder / FILE).exists() else None

    click.echo(f"The rulebook in {folder} is right: version {rules.version}.")
    click.echo(f"Problems: {', '.join(rules.problems)}.")
    click.echo(f"Caps that are zero: {', '.join(zero_caps(rules)) or 'none'}.")
    click.echo(f"Stores with answers of their own: {', '.join(rules.faq_of_stores) or 'none'}.")
    if intents:
        click.echo(f"Intents that trainers have added: {', '.join(intents.added) or 'none'}.")
    for line in (*find_unread(folder), *find_advice(rules)):
        click.echo(f"Look at this: {line}.")


@rulebook.command()
@click.argument("order")
@click.argument("intent")
@click.option("--store", default="demo", show_default=True, metavar="NAME")
@click.option(
    "--rulebook", "folder", type=FOLDER, help="Another rulebook than the one in use, to compare."
)
def explain(order: str, intent: str, store: str, folder: Path | None) -> None:
    """
    Print the path that a case of INTENT about ORDER would take now, and why.

    The buyer is taken to agree to everything. Nothing is written and nobody is told.
    """
    from rich.console import Console

    from bot.playbooks import PLAYBOOKS
    from bot.rulebook import load_rulebook
    from bot.services.explain import explain as explain_case
    from bot.services.house import utc_now
    from bot.settings import get_settings

    if intent not in PLAYBOOKS:
        raise click.UsageError(
            f"No playbook works on {intent}; there are: {', '.join(sorted(PLAYBOOKS))}"
        )
    settings = get_settings()
    rules = load_rulebook(folder or settings.rulebook)
    now = utc_now()
    found = _find_order(settings, store, order, rules)
    if found is None:
        raise click.UsageError(f"There is no order {order} in the store {store}")

    console = Console(highlight=False, markup=False, soft_wrap=True)
    console.print(f"{found.number}: {_order_line(found)}. Rulebook {rules.version}.")
    _print(console, explain_case(found, intent, rules, now), settings, rules)


def _print(
    console: "Console", explanation: "Explanation", settings: "Settings", rules: "Rulebook"
) -> None:
    for number, turn in enumerate(explanation.turns, 1):
        console.print()
        console.print(f"{number}. The buyer {turn.said}", style="bold")
        for line in _turn_lines(turn):
            console.print(f"   {line}")
        for line in _words(turn, settings):
            console.print(f"   > {line}", style="green")
    if explanation.stuck:
        console.print("\nNo answer that can be foreseen leads on from here.")
    console.print()
    if explanation.ladder is None:
        console.print("The case does not come to a ladder of remedies.")
        return
    for line in _ladder_lines(explanation.ladder, explanation.order, rules):
        console.print(line)


def _turn_lines(turn: "TurnExplained") -> "Iterator[str]":
    from bot.casework.decisions import HandOff, Perform

    for step in turn.steps:
        found = f": {', '.join(step.found)}" if step.found else ""
        yield f"{step.playbook}.{step.step} passes{found}"
    decision = turn.decision
    what = type(decision).__name__
    if isinstance(decision, HandOff):
        what += f" to a person: {decision.reason}"
    if isinstance(decision, Perform):
        what += f" {decision.remedy.kind} {_terms(decision.remedy)}".rstrip()
        what += ", once a person has approved it" if decision.needs_approval else ""
    yield f"{turn.decided_by} decides: {what}"
    for rule in decision.rules:
        yield f"  {_rule(rule)}"


def _words(turn: "TurnExplained", settings: "Settings") -> "Iterator[str]":
    """What the buyer would read, and the buttons under it."""
    from bot.replies import Templates
    from bot.services.house import utc_now

    reply = turn.decision.reply
    if reply is None:
        return
    spoken = Templates(settings.templates).render(reply, "en", variant="0", now=utc_now())
    yield from spoken.text.splitlines()
    if spoken.choices:
        yield " ".join(f"[{label}]" for _, label in spoken.choices)


def _ladder_lines(ladder: "LadderExplained", order: "Order", rules: "Rulebook") -> "Iterator[str]":
    yield (
        f"The ladder of {ladder.problem} for {ladder.audience}. Buyer: {order.buyer_type}, "
        f"country {order.country} ({rules.country_group(order)}). Amounts are compared in the "
        f"smallest unit of {order.currency}."
    )
    for number, kinds in enumerate(ladder.rounds, 1):
        if not any(one.remedy for one in kinds):
            yield f"Round {number} is passed over:"
        else:
            yield f"Round {number}:" if number == 1 else f"Round {number}, after a no:"
        yield from (f"  {_kind(one)}" for one in kinds)
    yield f"Round {len(ladder.rounds) + 1}: a person"


def _kind(one: "KindExplained") -> str:
    because = "; ".join(_rule(rule) for rule in one.because)
    if one.remedy is None:
        return f"{one.kind}: not offered ({because})"
    offered = f"{one.kind}: offered, {_terms(one.remedy) or 'no money'}"

    return f"{offered}, needs a person's yes ({because})" if one.needs_approval else offered


def _terms(remedy: "Remedy") -> str:
    from bot.amounts import format_money
    from bot.casework.remedies import Discount

    terms = [format_money(remedy.amount, "en")] if remedy.amount else []
    if isinstance(remedy, Discount):
        terms.append(f"{remedy.percent} %")
    terms += [f"{name} {value}" for name, value in remedy.details.items() if value]

    return ", ".join(terms)


def _rule(rule: "Rule") -> str:
    return f"{rule.name}: {rule.compared}" if rule.compared else rule.name


def _order_line(order: "Order") -> str:
    from bot.amounts import format_money

    return (
        f"{order.status}, bought at {order.marketplace}, sent by {order.fulfilment}, paid "
        f"{format_money(order.paid, 'en')}"
    )


def _find_order(settings: "Settings", store: str, number: str, rules: "Rulebook") -> "Order | None":
    """The order with its history; the database is only looked at."""
    from bot.services.exchange import with_history
    from bot.services.house import utc_now
    from bot.store.opening import opened
    from bot.store.units import SqlUnits

    _check_database(settings)
    with opened(settings.store_url) as engine, SqlUnits(engine).reading() as unit:
        order = unit.orders.find(store, number)

        return with_history(unit, order, rules, utc_now()) if order else None


def _check_database(settings: "Settings") -> None:
    """Opening a SQLite file that is not there would make one."""
    from bot.obstacles import CannotStart

    if not _has_database(settings):
        raise CannotStart(
            f"There is no database {settings.state_dir / 'makegood.db'} yet: start once with "
            "`makegood up`, or import orders."
        )


def _has_database(settings: "Settings") -> bool:
    url = settings.store_url

    return not url.startswith("sqlite") or Path(url.removeprefix("sqlite:///")).is_file()


def _unknown_stores(folder: Path, settings: "Settings") -> "Iterator[Mistake]":
    """Files of stores that there are not; nothing is said where there is no database yet."""
    from bot.rulebook import Mistake
    from bot.rulebook.reading import store_files
    from bot.store.database import reading
    from bot.store.opening import opened
    from bot.store.stores import store_ids

    files = store_files(folder)
    if not files or not _has_database(settings):
        return
    with opened(settings.store_url) as engine, reading(engine) as connection:
        known = store_ids(connection)
    for path in files:
        if known and path.stem not in known:
            stores = ", ".join(known)
            yield Mistake(path, None, f"there is no store {path.stem}, known are {stores}")
