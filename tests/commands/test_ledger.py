"""The commands of the ledger, as a seller runs them."""

import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
import sqlalchemy as sa

from bot.cli import main
from bot.rulebook import load_rulebook
from bot.settings import ROOT, get_settings
from bot.store import guard
from bot.store.database import writing
from bot.store.migrate import migrate
from bot.store.tables import decisions
from tests.dialog import Dialog, Shop
from tests.factories import a_lamp, a_line, an_order

ADA = "ada@example.com"


class Told(NamedTuple):
    """How a command ended, and all that it printed."""

    exit_code: int
    output: str


Run = Callable[..., Told]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs `makegood ledger ...` on a fresh installation."""
    monkeypatch.setenv("MAKEGOOD_STATE", str(tmp_path / "state"))
    monkeypatch.delenv("MAKEGOOD_DATABASE_URL", raising=False)

    def invoke(*arguments: str) -> Told:
        monkeypatch.setattr(sys, "argv", ["makegood", "ledger", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()

        return Told(int(ended.value.code or 0), said.out + said.err)

    return invoke


@pytest.fixture
def shop(run: Run) -> Shop:
    """Two orders of which one was made good under the rulebook that we ship."""
    url = get_settings().store_url
    migrate(url)
    opened = Shop(
        an_order(lines=(a_line(stock=0),)),
        an_order(number="DEMO-1005", lines=(a_lamp(stock=9),)),
        rules=load_rulebook(ROOT / "rulebook"),
        url=url,
    )
    chat = Dialog(opened, ADA)
    chat.says("damaged_item", order="DEMO-1003", photos=1)
    chat.presses("option:0")
    chat.presses("yes")
    assert len(chat.remedies) == 1

    return opened


def another_rulebook(folder: Path, old: str, new: str) -> str:
    """A copy of our rulebook with one line changed."""
    shutil.copytree(ROOT / "rulebook", folder)
    seller = folder / "seller.yml"
    text = seller.read_text("utf-8")
    assert old in text
    seller.write_text(text.replace(old, new), "utf-8")

    return str(folder)


CAP = ("per_remedy:\n    {EUR: 250", "per_remedy:\n    {EUR: 0.01")
"""Everything needs a person's yes."""


# verify


def test_an_intact_ledger_prints_the_head_to_note(run: Run, shop: Shop) -> None:
    """
    And takes it back.
    """
    told = run("verify")
    assert (told.exit_code, told.output.count("\n")) == (0, 1)
    assert told.output.startswith("demo: 3 decisions, intact, newest seal 3:")

    head = told.output.split()[-1]
    assert run("verify", "--head", head).exit_code == 0
    assert run("verify", "--store", "demo", "--head", f"3:{'0' * 64}").exit_code == 1
    assert "its tail was cut" in run("verify", "--head", f"9{head[1:]}").output


def test_a_broken_ledger_ends_with_1(run: Run, shop: Shop) -> None:
    """
    Every wrong row in a line.
    """
    with writing(shop.engine) as db:
        guard.take_down(db)
        db.execute(sa.update(decisions).where(decisions.c.id == 2).values(amount=1))

    told = run("verify")
    assert told.exit_code == 1
    assert "demo: altered: number 2 (decision 2, " in told.output
    assert "demo: 3 decisions, BROKEN" in told.output


@pytest.mark.parametrize(
    "wrong", [("--store", "nobody"), ("--head", "3"), ("--head", "x:" + "0" * 64)]
)
def test_what_cannot_be_looked_at_ends_with_2(run: Run, shop: Shop, wrong: tuple[str, ...]) -> None:
    """
    No store of that name, no head of that shape.
    """
    assert run("verify", *wrong).exit_code == 2


def test_a_head_is_of_one_store(run: Run, shop: Shop) -> None:
    """
    With several, it must be said of which.
    """
    shop.add_store("other")

    assert "Say with --store" in run("verify", "--head", f"3:{'0' * 64}").output


def test_a_database_that_is_none_ends_with_2(run: Run, tmp_path: Path) -> None:
    """
    As every command does.
    """
    file = sa.make_url(get_settings().store_url).database
    assert file
    Path(file).parent.mkdir(exist_ok=True)
    Path(file).write_bytes(b"no database" * 1000)

    assert run("verify").exit_code == 2


# replay


def test_our_own_rulebook_changes_nothing(run: Run, shop: Shop) -> None:
    """
    All cases would end as they did.
    """
    told = run("replay")

    assert told.exit_code == 0, told.output
    assert "1  would end as they did" in told.output
    assert "0  would differ" in told.output


def test_another_rulebook_is_compared_in_remedies_and_money(
    run: Run, shop: Shop, tmp_path: Path
) -> None:
    """
    With the first decision that differs and the numbers compared.
    """
    stricter = another_rulebook(tmp_path / "strict", *CAP)
    told = run("replay", "--rulebook", stricter)
    assert told.exit_code == 0, told.output
    assert "DEMO-1003, case " in told.output
    assert "over_limit: per_remedy: 0 + " in told.output
    assert "approvals asked" in told.output


def test_json_has_a_line_a_case_and_one_of_totals(run: Run, shop: Shop, tmp_path: Path) -> None:
    """
    For a script.
    """
    stricter = another_rulebook(tmp_path / "strict", *CAP)
    case, totals = map(
        json.loads, run("replay", "--json", "--rulebook", stricter).output.split("\n")[:2]
    )

    assert case["order"] == "DEMO-1003"
    assert case["first_difference"]["why"]
    assert totals["cases"] == 1


def test_a_broken_rulebook_is_told(run: Run, shop: Shop, tmp_path: Path) -> None:
    """
    With file and line, before any case is looked at.
    """
    folder = another_rulebook(tmp_path / "broken", "late_grace_days:", "late_grace_dayz:")

    told = run("replay", "--rulebook", folder)
    assert (told.exit_code, "late_grace_dayz" in told.output) == (2, True)


def test_no_case_since_then(run: Run, shop: Shop) -> None:
    """
    A day ahead of all of them.
    """
    told = run("replay", "--since", "2999-01-01", "--limit", "5", "--store", "demo")

    assert told.output.startswith("0 cases under the rulebook ")


# show


def test_show_tells_why(run: Run, shop: Shop) -> None:
    """
    When, which step, what was decided, by whom, under which rulebook, with the numbers compared.
    """
    told = run("show", "DEMO-1003").output

    assert "2026" in told
    assert "Offered 5 % off" in told
    assert "Arranged 5 % off" in told
    assert "damaged_item, choose_remedy" in told
    assert f"bot, rulebook {shop.rules.version}" in told
    assert "    held    discount: 100 EUR\n" in told
    assert "    not     replacement.out_of_stock: MUG-1: 0 < 1\n" in told


def test_show_of_an_order_without_decisions_says_so(run: Run, shop: Shop) -> None:
    """
    And an order that does not exist is told.
    """
    assert "Nothing was decided about DEMO-1005" in run("show", "demo1005").output
    assert run("show", "DEMO-9999").exit_code == 2
