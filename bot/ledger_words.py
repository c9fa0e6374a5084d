"""Past decisions and replays in words and JSON, for a seller who asks why."""

from collections.abc import Iterable, Iterator
from typing import Any

from rich.console import Console
from rich.table import Table

from bot.amounts import format_money
from bot.casework.decisions import Rule
from bot.casework.money import Money
from bot.casework.past import PastDecision
from bot.decision_words import say_decision
from bot.services.replay import CaseReplay, Difference, Verdict
from bot.services.replay_totals import Given, Totals
from bot.taken_words import say_taken

LOCALE = "en"
FACTS = ("order", "status", "marketplace", "left_to_refund", "problem_reason", "reason")
"""Facts that are told beside a decision where it has them; the ledger has all."""


def print_decision(console: Console, decision: PastDecision) -> None:
    """One decision with its reasons, as a paragraph."""
    head = f"{decision.decided_at:%Y-%m-%d %H:%M} UTC  {say_decision(decision)}"
    console.print(head, style="bold", markup=False)
    lines = [
        ("step", f"{decision.playbook}, {decision.step}"),
        ("by", f"{decision.decided_by}, rulebook {decision.rulebook_version}"),
        ("case", decision.case_id[:8]),
    ]
    if decision.amount:
        lines.append(("amount", format_money(decision.amount, LOCALE)))
    lines += [("held" if rule.held else "not", _as_written(rule)) for rule in decision.rules]
    lines.append(("facts", ", ".join(_facts(decision))))
    for name, text in lines:
        console.print(f"    {name:<8}{text}", markup=False)
    console.print()


def _as_written(rule: Rule) -> str:
    """A rule with what was compared, as it stands in the ledger."""
    return f"{rule.name}: {rule.compared}"


def _facts(decision: PastDecision) -> Iterator[str]:
    currency = decision.facts.get("currency")
    for name in FACTS:
        value = decision.facts.get(name)
        if value is None or value == "":
            continue
        if name == "left_to_refund" and isinstance(value, int) and isinstance(currency, str):
            value = format_money(Money(value, currency), LOCALE)
        yield f"{name.replace('_', ' ')} {value}"


def print_totals(console: Console, totals: Totals, version: str) -> None:
    """What all cases come to, then and now."""
    counts = totals.verdicts
    console.print(f"{totals.cases} cases under the rulebook {version}:", markup=False)
    for verdict, text in (
        (Verdict.SAME, "would end as they did"),
        (Verdict.DIFFERENT, "would differ"),
        (Verdict.ANEW, "would differ, and the buyer would have to choose anew"),
        (Verdict.NOT_REPLAYABLE, "are not replayable: what was seen is not on record"),
    ):
        console.print(f"  {counts[verdict]:>7}  {text}")
    table = Table("", "then", "now", "difference", box=None)
    for row in _rows(totals.then, totals.now):
        table.add_row(*row)
    if table.row_count:
        console.print("\nOf the cases of which both ends are known:")
        console.print(table)
    anew = totals.then_of_anew
    if counts[Verdict.ANEW]:
        given = [*(f"{count} {kind}" for kind, count in sorted(anew.remedies.items()))]
        given += [format_money(Money(sum_, of), LOCALE) for of, sum_ in sorted(anew.money.items())]
        console.print(f"\nThose to choose anew were given then: {', '.join(given) or 'nothing'}.")


def _rows(then: Given, now: Given) -> Iterator[tuple[str, str, str, str]]:
    for kind in sorted({*then.remedies, *now.remedies}):
        yield _count(kind, then.remedies[kind], now.remedies[kind])
    for currency in sorted({*then.money, *now.money}):
        before, after = then.money[currency], now.money[currency]
        was, would, change = (
            format_money(Money(minor, currency), LOCALE)
            for minor in (before, after, abs(after - before))
        )
        yield f"money, {currency}", was, would, f"{_sign(after - before)}{change}"
    for reason in sorted({*then.hand_offs, *now.hand_offs}):
        yield _count(f"handed off: {reason}", then.hand_offs[reason], now.hand_offs[reason])
    if then.approvals or now.approvals:
        yield _count("approvals asked", then.approvals, now.approvals)


def _count(name: str, then: int, now: int) -> tuple[str, str, str, str]:
    return name, str(then), str(now), f"{_sign(now - then)}{abs(now - then)}"


def _sign(change: int) -> str:
    return "+" if change > 0 else "-" if change < 0 else ""


def print_cases(console: Console, cases: Iterable[CaseReplay], *, more: int) -> None:
    """Cases that differ, each with its first decision that does, and why."""
    for case in cases:
        difference = case.difference
        if difference is None:
            continue
        anew = ", the buyer would have to choose anew" if case.verdict is Verdict.ANEW else ""
        head = f"\n{case.order_number or 'no order'}, case {case.case_id[:8]}{anew}"
        console.print(head, style="bold", markup=False)
        console.print(
            f"    {difference.decided_at:%Y-%m-%d %H:%M} UTC, decision {difference.number}",
            markup=False,
        )
        console.print(f"    then  {say_taken(difference.then)}", markup=False)
        console.print(f"    now   {say_taken(difference.now)}", markup=False)
        for when, rule in say_why(difference):
            console.print(f"    {when:<6}{rule}", markup=False)
    if more:
        console.print(f"\nand {more} cases more; --json names all.")


def say_why(difference: Difference) -> Iterator[tuple[str, str]]:
    """The rules that one of the two decisions has alone, with the numbers compared."""
    then, now = difference.rules_then, difference.rules_now
    yield from (("then", _as_written(rule)) for rule in then if rule not in now)
    yield from (("now", _as_written(rule)) for rule in now if rule not in then)


def case_as_json(case: CaseReplay) -> dict[str, Any]:
    """One case as a line of JSON."""
    difference = case.difference

    return {
        "case": case.case_id,
        "store": case.store,
        "order": case.order_number,
        "verdict": case.verdict,
        "awaiting": case.awaiting,
        "then": [say_taken(one) for one in case.then],
        "now": [say_taken(one) for one in case.now],
        "first_difference": difference
        and {
            "decision": difference.number,
            "at": difference.decided_at.isoformat(),
            "then": say_taken(difference.then),
            "now": say_taken(difference.now),
            "step_then": difference.step_then,
            "step_now": difference.step_now,
            "why": [f"{when} {rule}" for when, rule in say_why(difference)],
        },
    }


def totals_as_json(totals: Totals, version: str) -> dict[str, Any]:
    """The totals as a line of JSON; money in minor units."""
    return {
        "rulebook": version,
        "cases": totals.cases,
        "verdicts": {verdict: totals.verdicts[verdict] for verdict in Verdict},
        "then": _given(totals.then),
        "now": _given(totals.now),
        "then_of_anew": _given(totals.then_of_anew),
    }


def _given(given: Given) -> dict[str, Any]:
    return {
        "remedies": dict(sorted(given.remedies.items())),
        "money": dict(sorted(given.money.items())),
        "hand_offs": dict(sorted(given.hand_offs.items())),
        "approvals": given.approvals,
    }
