"""Erasing a buyer, as a seller types it."""

from pathlib import Path

import pytest

from bot.store.tables import audit, buyers
from tests.commands.test_desk import Run, makegood, shop_on_disk
from tests.dialog import Dialog, Shop
from tests.factories import the_rulebook

__all__ = ["makegood", "shop_on_disk"]


@pytest.fixture(autouse=True)
def _nobody_listens(monkeypatch: pytest.MonkeyPatch) -> None:
    """No Rasa of somebody else's house."""
    monkeypatch.setenv("MAKEGOOD_RASA_PORT", "1")


def test_a_buyer_is_erased_with_a_report(shop_on_disk: Shop, makegood: Run, tmp_path: Path) -> None:
    """
    What was removed, what was kept and why, and that Rasa was not there to be told.
    """
    Dialog(shop_on_disk, "ada@example.com").says("order_status", order="DEMO-1003")

    code, said, complaints = makegood("buyers", "erase", "Ada@Example.com")

    assert (code, complaints) == (0, "")
    assert "1  orders\n" in said
    assert "2  messages\n" in said
    assert "1  orders: with their lines, payments and country, without the person: tax law" in said
    assert "Rasa does not answer" in said
    assert {row["email"] for row in shop_on_disk.rows(buyers)} == {""}
    assert "ada" not in str(shop_on_disk.rows(audit)).lower()


def test_the_second_time_nothing_is_left(shop_on_disk: Shop, makegood: Run) -> None:
    """
    It says so, and that is no failure.
    """
    makegood("buyers", "erase", "ada@example.com")

    assert makegood("buyers", "erase", "ada@example.com")[:2] == (
        0, "Nothing is left of this buyer.\n",
    )  # fmt: skip


def test_it_is_refused_in_one_sentence(shop_on_disk: Shop, makegood: Run) -> None:
    """
    A remedy under way, a store that is none, an e-mail that is none.
    """
    chat = Dialog(shop_on_disk, "ada@example.com")
    chat.says("damaged_item", photos=1)
    chat.presses("option:1")
    chat.presses("yes")

    code, said, complaint = makegood("buyers", "erase", "ada@example.com")
    assert (code, said) == (1, "")
    assert complaint.startswith("A remedy is still under way on DEMO-1003. Confirm it")
    assert makegood("buyers", "erase", "ada@example.com", "--store", "none")[2] == (
        "There is no store none.\n"
    )
    assert makegood("buyers", "erase", "ada")[2] == "That is not an e-mail address.\n"


def test_the_ledger_stays_intact(shop_on_disk: Shop, makegood: Run) -> None:
    """
    And says how many of its decisions have no words any more.
    """
    Dialog(shop_on_disk, "ada@example.com").says("damaged_item", order="DEMO-1003")
    makegood("buyers", "erase", "ada@example.com")

    code, said, _ = makegood("ledger", "verify")
    assert code == 0
    assert said.startswith("demo: 2 decisions, 1 of them erased, intact, newest seal 2:")
    assert makegood("ledger", "show", "DEMO-1003")[0] == 0
    assert the_rulebook().version in makegood("ledger", "show", "DEMO-1003")[1]
