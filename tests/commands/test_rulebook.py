"""The commands about the rulebook, as a seller types them."""

import shutil
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.casework.money import Money
from bot.casework.orders import BuyerType, Marketplace, Order
from bot.casework.products import Product
from bot.cli import main
from bot.intake.demo import demo_store
from bot.settings import ROOT
from bot.store.database import open_database, writing
from bot.store.imports import import_orders, put_product
from bot.store.migrate import migrate
from bot.store.stores import add_store
from tests.factories import NOW, a_line, a_parcel, an_order

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """Where the installation keeps its database."""
    return tmp_path / "state"


@pytest.fixture
def makegood(
    state: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Run:
    """Runs the command line on a fresh installation; exit code, output, errors."""
    monkeypatch.setenv("MAKEGOOD_STATE", str(state))
    monkeypatch.delenv("MAKEGOOD_DATABASE_URL", raising=False)

    def run(*arguments: str | Path) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["makegood", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()

        return int(ended.value.code or 0), said.out, said.err

    return run


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Our own rulebook, to be changed."""
    return Path(shutil.copytree(ROOT / "rulebook", tmp_path / "rulebook"))


def change(folder: Path, old: str, new: str, file: str = "seller.yml") -> None:
    """Save the file with something else in it."""
    text = (folder / file).read_text()
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1))


def a_fresh_order(**changes: Any) -> Order:
    """A delivered order that may still come back, whatever day it is for the command."""
    given = {"promised_by": date(2999, 1, 1), "parcel": a_parcel()}

    return an_order(**(given | changes))


def with_orders(state: Path, *orders: Order) -> Path:
    """A database with the demo store and these orders; its file."""
    state.mkdir(parents=True, exist_ok=True)
    file = state / "makegood.db"
    migrate(f"sqlite:///{file}")
    engine = open_database(f"sqlite:///{file}")
    with writing(engine) as connection:
        add_store(connection, demo_store(), NOW)
    list(import_orders(engine, orders))
    with writing(engine) as connection:
        for line in (line for order in orders for line in order.lines):
            product = Product(
                sku=line.sku, title=line.title, variant=line.variant, stock=line.stock
            )
            put_product(connection, "demo", product)
    engine.dispose()

    return file


# check


def test_ours_is_right(makegood: Run, state: Path) -> None:
    """
    Version, problems, caps and stores; nothing to look at, and no database is made by looking.
    """
    code, out, err = makegood("rulebook", "check")

    assert (code, err) == (0, "")
    assert "is right: version " in out
    assert "Problems: " in out
    assert "wrong_item" in out
    assert "Caps that are zero: none." in out
    assert "Stores with answers of their own: demo." in out
    assert "Look at this" not in out
    assert not (state / "makegood.db").exists()


def test_a_broken_one_names_its_mistakes(makegood: Run, folder: Path) -> None:
    """
    All of them, on the error channel; a script sees the exit code 2.
    """
    change(folder, "late_grace_days: 3", "late_grace_dys: 3")
    change(folder, "name: Amazon", "nam: Amazon", "marketplaces/amazon.yml")
    code, out, err = makegood("rulebook", "check", folder)

    assert (code, out) == (2, "")
    first, second = err.splitlines()
    assert first.startswith(f"{folder}/seller.yml, line ")
    assert "did you mean late_grace_days?" in first
    assert second.startswith(f"{folder}/marketplaces/amazon.yml, line ")
    assert "did you mean name?" in second


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("seller.yml", "{EUR: 250, USD", "{EUR: 0, USD", "caps.per_remedy.EUR is 0: whatever"),
        (
            "seller.yml",
            "needs_approval: []",
            "needs_approval: [discount, replacement, return, refund]",
            "problems.damaged_item: all that it offers always needs a person's yes",
        ),
        (
            "marketplaces/wish.yml",
            "clocks:",
            "may_offer: [refund, return]\nclocks:",
            "problems.damaged_item offers discount, replacement, which is not in may_offer of Wish",
        ),
        (
            "marketplaces/wish.yml",
            "clocks:",
            "may_offer: [intercept]\nclocks:",
            "problems.damaged_item.ladder has nothing that Wish allows",
        ),
    ],
)
def test_what_may_not_be_meant_is_told_and_breaks_nothing(
    makegood: Run, folder: Path, file: str, old: str, new: str, said: str
) -> None:
    """
    Advice in one line each.
    """
    change(folder, old, new, file)
    code, out, err = makegood("rulebook", "check", folder)

    assert (code, err) == (0, "")
    assert f"Look at this: {said}" in out


def test_zero_caps_are_listed(makegood: Run, folder: Path) -> None:
    """
    A seller who wants to see every euro first writes a 0.
    """
    change(folder, "{EUR: 250, USD: 250", "{EUR: 0, USD: 0")
    _, out, _ = makegood("rulebook", "check", folder)

    assert "Caps that are zero: per_remedy.EUR, per_remedy.USD." in out


def test_a_coupon_that_nobody_gets_is_told(makegood: Run, folder: Path) -> None:
    """
    Set, but neither on a ladder nor given on request.
    """
    text = (folder / "seller.yml").read_text()
    (folder / "seller.yml").write_text(text.replace("[discount, coupon]", "[discount]"))
    assert "coupon is never given" in makegood("rulebook", "check", folder)[1]

    change(folder, "on_request: false", "on_request: true")
    assert "coupon is never given" not in makegood("rulebook", "check", folder)[1]


def test_unanswered_topics_are_told(makegood: Run, folder: Path) -> None:
    """
    Each leads to a person, which the seller may want or not.
    """
    shutil.rmtree(folder / "stores")
    text = (folder / "seller.yml").read_text()
    faq, links = text.index("faq:"), text.index("tracking_links:")
    (folder / "seller.yml").write_text(text[:faq] + text[links:])
    _, out, _ = makegood("rulebook", "check", folder)

    for topic in ("shipping", "returns", "payment", "product"):
        assert f"Look at this: faq.{topic} is not written" in out


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ("seller.yaml", "seller.yaml is not read: only seller.yml is."),
        ("marketplaces/ebay.yml", "ebay.yml is not read: only wish.yml, amazon.yml, wildberries"),
        ("stores/clay.yaml", "stores/clay.yaml is not read: only clay.yml is."),
    ],
)
def test_a_file_that_is_not_read_is_told(makegood: Run, folder: Path, file: str, said: str) -> None:
    """
    Its seller waits in vain for what is written there.
    """
    (folder / file).write_text("late_grace_days: 3\n")
    code, out, _ = makegood("rulebook", "check", folder)

    assert code == 0
    assert said in out


def test_intents_that_trainers_added_are_told(makegood: Run, folder: Path) -> None:
    """
    They are checked beside the rules, with lines like those.
    """
    assert "Intents that trainers have added: none." in makegood("rulebook", "check", folder)[1]
    with (folder / "intents.yml").open("a") as file:
        file.write("  bulk_order: {description: Many., titles: {en: Many}, does: {answer: true}}\n")
    code, out, _ = makegood("rulebook", "check", folder)
    assert (code, "Intents that trainers have added: bulk_order." in out) == (0, True)

    change(folder, "{answer: true}}", "{playbook: give_money}}", "intents.yml")
    code, _, err = makegood("rulebook", "check", folder)
    assert code == 2
    assert "bulk_order: give_money is no playbook, allowed are cancel_order, " in err

    (folder / "intents.yml").unlink()
    assert makegood("rulebook", "check", folder)[0] == 0


def test_a_file_of_no_store_is_a_mistake(makegood: Run, folder: Path, state: Path) -> None:
    """
    Where the stores are known; its answers would never be given.
    """
    (folder / "stores" / "dmo.yml").write_text("faq:\n  payment: {en: Cash.}\n")
    assert makegood("rulebook", "check", folder)[0] == 0

    with_orders(state)
    code, out, err = makegood("rulebook", "check", folder)
    assert (code, out) == (2, "")
    assert err == f"{folder}/stores/dmo.yml: there is no store dmo, known are demo\n"


def test_a_folder_that_is_not_there(makegood: Run) -> None:
    """
    A typing error in the command itself.
    """
    code, _, err = makegood("rulebook", "check", "/nowhere")

    assert code == 2
    assert "/nowhere" in err


# explain


def test_the_whole_way_is_printed(makegood: Run, state: Path) -> None:
    """
    Each step that passed or decided, what the buyer reads, and each round with its numbers.
    """
    with_orders(state, a_fresh_order())
    code, out, err = makegood("rulebook", "explain", "demo-1003", "damaged_item")

    assert (code, err) == (0, "")
    assert "DEMO-1003: delivered, bought at shop, sent by seller, paid €20.00." in out
    for line in (
        "1. The buyer says (damaged_item)",
        "   damaged_item.ask_which_line passes: line_id: ",
        "   ask_for_photo decides: Ask",
        "2. The buyer sends a photo",
        "   choose_remedy decides: Propose",
        "     discount: 100 EUR",
        "3. The buyer presses option:0",
        "4. The buyer presses yes",
        "   confirm_remedy decides: Perform discount €1.00, 5 %",
        "The ladder of damaged_item for default. Buyer: retail, country DE (developed).",
        "Round 1:",
        "  discount: offered, €1.00, 5 %",
        "Round 2, after a no:",
        "  return: not offered (return.not_worth_returning: 2000 <= 4000)",
        "  refund: offered, €20.00",
        "Round 3: a person",
    ):
        assert line in out
    assert "   > [Yes] [No]" in out


def test_what_needs_approval_is_said_with_the_numbers(makegood: Run, state: Path) -> None:
    """
    Offered, but only with a person's yes as well.
    """
    line = a_line(unit_price=Money.from_text("300", "EUR"))
    with_orders(state, a_fresh_order(lines=(line,)))
    _, out, _ = makegood("rulebook", "explain", "DEMO-1003", "damaged_item")

    assert (
        "replacement: offered, no money, needs a person's yes "
        "(replacement.over_limit: per_remedy: 0 + 30000 > 25000)"
    ) in out
    assert "refund: not offered (refund.worth_too_much: 30000 > 4000)" in out


def test_who_buys_is_said(makegood: Run, state: Path) -> None:
    """
    A wholesale buyer has a ladder of their own.
    """
    with_orders(state, a_fresh_order(buyer_type=BuyerType.WHOLESALE))
    _, out, _ = makegood("rulebook", "explain", "DEMO-1003", "wrong_item")

    assert "The ladder of wrong_item for wholesale. Buyer: wholesale" in out


def test_what_the_marketplace_forbids_is_left_out(makegood: Run, state: Path) -> None:
    """
    No coupon on Amazon, and why.
    """
    order = a_fresh_order(marketplace=Marketplace.AMAZON, buyer_type=BuyerType.WHOLESALE)
    with_orders(state, order)
    _, out, _ = makegood("rulebook", "explain", "DEMO-1003", "wrong_item")

    assert "coupon: not offered (coupon.not_offered_there: coupon on amazon)" in out


def test_a_case_without_a_ladder(makegood: Run, state: Path) -> None:
    """
    A plain question has an answer and nothing else.
    """
    with_orders(state, a_fresh_order())
    _, out, _ = makegood("rulebook", "explain", "DEMO-1003", "order_status")

    assert "tell_facts decides: Close" in out
    assert "The case does not come to a ladder of remedies." in out


def test_another_rulebook_is_tried(makegood: Run, state: Path, folder: Path) -> None:
    """
    Before it comes into use.
    """
    with_orders(state, a_fresh_order())
    change(folder, "discount_percent: 5 ", "discount_percent: 50 ")
    _, out, _ = makegood("rulebook", "explain", "DEMO-1003", "damaged_item", "--rulebook", folder)

    assert "discount: offered, €10.00, 50 %" in out


def test_nothing_is_written(makegood: Run, state: Path) -> None:
    """
    Not a byte of the database.
    """
    file = with_orders(state, a_fresh_order())
    before = file.read_bytes()
    makegood("rulebook", "explain", "DEMO-1003", "damaged_item")

    assert file.read_bytes() == before
    wal = state / "makegood.db-wal"
    assert not wal.exists() or not wal.read_bytes()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("DEMO-9999", "damaged_item"), "There is no order DEMO-9999 in the store demo"),
        (("DEMO-1003", "damaged_item", "--store", "clay"), "in the store clay"),
        (("DEMO-1003", "greet"), "No playbook works on greet; there are: "),
    ],
)
def test_what_is_not_there_is_said(
    makegood: Run, state: Path, arguments: tuple[str, ...], said: str
) -> None:
    """
    A usage error, and what there is instead.
    """
    with_orders(state, a_fresh_order())
    code, out, err = makegood("rulebook", "explain", *arguments)

    assert (code, out) == (2, "")
    assert said in err


def test_without_a_database_none_is_made(makegood: Run, state: Path) -> None:
    """
    Looking at an order must not set up an empty shop.
    """
    code, _, err = makegood("rulebook", "explain", "DEMO-1003", "damaged_item")

    assert code == 2
    assert "There is no database" in err
    assert not state.exists()
