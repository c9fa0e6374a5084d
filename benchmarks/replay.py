"""
How long a backtest takes: 10 000 past cases under the rulebook of then, and under another.

`python -m benchmarks.replay` holds real dialogues of every playbook in a fresh house, writes them
down again and again through the store as other buyers' cases, and replays them all. `--database
URL` takes PostgreSQL. The aim is 10 000 cases in under a minute.
"""

import argparse
import resource
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from itertools import cycle, islice
from time import perf_counter, process_time

from benchmarks.figures import Spread, print_table
from bot.casework.cases import Case
from bot.casework.orders import Order, OrderStatus
from bot.casework.past import PastCase, PastDecision
from bot.casework.ports.ledger import DecisionRow
from bot.casework.rulebook import Rulebook
from bot.rulebook import load_rulebook
from bot.services.replay import Verdict, replay
from bot.services.replay_totals import Totals
from bot.settings import ROOT
from bot.store.database import open_database
from bot.store.ledger_check import check_ledger
from bot.store.migrate import migrate
from bot.store.units import SqlUnits
from tests.dialog import Dialog, Shop
from tests.factories import a_lamp, a_line, an_order, eur

CASES = 10_000
ROUNDS = 3
AT_ONCE = 250
"""Cases that are written in one transaction."""
DIALOGUES = (
    ("damaged_item", "option:0"),
    ("damaged_item", "option:1"),
    ("wrong_item", "option:0"),
    ("late_delivery", "option:0"),
    ("refund_request", "option:0"),
    ("cancel_order", "option:0"),
    ("order_status", ""),
)
"""What is said first, and what is chosen."""


def main() -> None:
    """Measure, and print what was measured."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--cases", type=int, default=CASES)
    asked.add_argument("--database", default="")
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        show(measure(given.database or f"sqlite:///{folder}/makegood.db", given.cases))


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What was measured, a row a work: its name, two spreads, and what it said."""

    cases: int
    most_mb: int
    rows: list[tuple[str, str, str, str]]


def measure(url: str, cases: int = CASES) -> Figures:
    """Write so many cases into that database, and replay and check them."""
    rules = load_rulebook(ROOT / "rulebook")
    migrate(url)
    write_cases(url, rules, cases)
    print(".", end="", file=sys.stderr, flush=True)
    # Nothing needs a photo, and everything a person's yes.
    problems = {name: replace(one, ask_photo=False) for name, one in rules.problems.items()}
    kinds = tuple({kind for one in problems.values() for kind in one.kinds})
    other = replace(rules, problems=problems, needs_approval=kinds, version="other")
    units = SqlUnits(open_database(url))
    rows = []
    for name, under in (("the rulebook of then", rules), ("another rulebook", other)):
        rows.append((f"replay, {name}", *rounds(partial(replay_all, units, under))))
    rows.append(("verify", *rounds(partial(verify_all, units))))
    units.close()
    print(file=sys.stderr)
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024

    return Figures(cases=cases, most_mb=most, rows=rows)


def show(figures: Figures) -> None:
    """Print what was measured."""
    title = (
        f"{figures.cases} past cases, seconds, {ROUNDS} rounds: median (range); "
        f"{figures.most_mb} MB at most"
    )
    print_table(title, ("ledger", "by the clock", "of one core", ""), figures.rows)


def rounds(work: Callable[[], str]) -> tuple[str, str, str]:
    """Do it a few times; seconds by the clock, seconds of a core, and what it said."""
    clock, core, said = [], [], ""
    for _ in range(ROUNDS):
        began, used = perf_counter(), process_time()
        said = work()
        clock.append(perf_counter() - began)
        core.append(process_time() - used)
        print(".", end="", file=sys.stderr, flush=True)

    return str(Spread(tuple(clock))), str(Spread(tuple(core))), said


def replay_all(units: SqlUnits, rules: Rulebook) -> str:
    """Replay every case; how many differ."""
    totals = Totals()
    with units.reading() as unit:
        for case in replay(unit, rules):
            totals.add(case)
    differing = totals.verdicts[Verdict.DIFFERENT] + totals.verdicts[Verdict.ANEW]

    return f"{differing} of {totals.cases} differ"


def verify_all(units: SqlUnits) -> str:
    """Check the chain; whether it is intact."""
    [check] = check_ledger(units.engine, ["demo"], anchor=None, progress=lambda _: None)

    return f"{check.sealed} decisions, {'intact' if check.intact else 'BROKEN'}"


def write_cases(url: str, rules: Rulebook, cases: int) -> None:
    """A ledger of so many cases, each of them one of the real dialogues under other ids."""
    shop = Shop(*map(an_order_for, range(len(DIALOGUES))), rules=rules, url=url)
    for number, (intent, option) in enumerate(DIALOGUES):
        hold(Dialog(shop, "ada@example.com"), number, intent, option)
    units = shop.house.units
    with units.reading() as unit:
        real = list(unit.past.cases(store="demo", since=None, limit=None))
    copies = islice(cycle(real), max(0, cases - len(real)))
    numbered = list(enumerate(copies))
    for start in range(0, len(numbered), AT_ONCE):
        with units() as unit:
            for number, past in numbered[start : start + AT_ONCE]:
                conversation, case_id = f"talk-{number:06}", f"case-{number:06}"
                unit.conversations.add_named(conversation, past.store, "en", shop.now)
                ended = replace(first_seen(past), id=case_id, conversation_id=conversation)
                unit.cases.save(ended, 1, past.opened_at)
                for row in past.decisions:
                    unit.ledger.add_decision(a_copy(row, past.store, conversation, case_id))
    shop.engine.dispose()


def an_order_for(number: int) -> Order:
    """The order of one of the dialogues."""
    intent = DIALOGUES[number][0]
    changes = {"status": OrderStatus.PENDING} if intent == "cancel_order" else {}
    lines = (a_line(stock=99), a_lamp(unit_price=eur("30"), stock=99))

    return an_order(
        number=f"DEMO-{number}", lines=lines, overdue=intent == "late_delivery", **changes
    )


def hold(chat: Dialog, number: int, intent: str, option: str) -> None:
    """One dialogue to its end: the lamp, a photo, that option, and a yes."""
    chat.says(intent, "my lamp", order=f"DEMO-{number}", photos=1)
    for button in ("reason:damaged_item", "line:", "quantity:", option, "yes"):
        if button and any(value.startswith(button) for value in chat.buttons):
            chat.presses(button)


def first_seen(past: PastCase) -> Case:
    """The case as it began."""
    seen = past.decisions[0].seen
    assert seen

    return seen.case


def a_copy(row: PastDecision, store: str, conversation: str, case_id: str) -> DecisionRow:
    """The decision as another case's."""
    assert row.seen
    before = replace(row.seen.case, id=case_id, conversation_id=conversation)

    return DecisionRow(
        store=store,
        conversation_id=conversation,
        case_id=case_id,
        message_id=None,
        playbook=row.playbook,
        step=row.step,
        decision=row.decision,
        facts=row.facts,
        rules=row.rules,
        rulebook_version=row.rulebook_version,
        decided_at=row.decided_at,
        before=before,
        order=row.seen.order,
        turn=row.seen.turn,
        taken=row.seen.taken,
        remedy=row.seen.taken.remedy,
    )


if __name__ == "__main__":
    main()
