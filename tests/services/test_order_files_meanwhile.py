"""An order file that changes an order in the middle of a case, read as the command reads it."""

from pathlib import Path

from bot.playbooks.steps import ConfirmRemedy, RemedyRequested
from bot.store.imports import import_orders
from bot.store.tables import orders, remedies
from tests.dialog import Dialog, Shop
from tests.intake.order_files import a_row, as_text, bad, good, read_text

DELIVERED = {"status": "delivered", "delivered_at": "2026-03-18", "quantity": "1"}


def takes_in(shop: Shop, folder: Path, *rows: dict[str, str]) -> list[str]:
    """Import a file of these rows; what was wrong with it."""
    items = read_text(folder, as_text(*rows))
    list(import_orders(shop.engine, good(items)))

    return [str(row) for row in bad(items)]


def at_the_yes(shop: Shop) -> Dialog:
    """A discount on the mug, put for a yes."""
    chat = Dialog(shop, "ann@example.com")
    chat.says("damaged_item", photos=1)
    chat.presses("option:0")
    assert chat.reply == ConfirmRemedy

    return chat


def test_a_file_that_changes_the_price_voids_the_offer(shop, tmp_path):
    """
    The yes to the old terms grants nothing; the new ones are put, and those are granted.
    """
    one = shop()
    takes_in(one, tmp_path, a_row(**DELIVERED))
    chat = at_the_yes(one)
    takes_in(one, tmp_path, a_row(**DELIVERED, unit_price="6.00"))

    chat.presses("yes")
    assert one.rows(remedies) == []
    chat.presses("option:0")
    chat.presses("yes")
    assert chat.reply == RemedyRequested
    assert chat.amounts == [30]


def test_a_bad_row_is_told_and_the_offer_stands_as_it_was(shop, tmp_path):
    """
    Line and reason; the order that is stored, and the terms made for it, are untouched.
    """
    one = shop()
    takes_in(one, tmp_path, a_row(**DELIVERED))
    chat = at_the_yes(one)
    before = one.rows(orders)

    wrong = takes_in(one, tmp_path, a_row(**DELIVERED, unit_price="NaN"))
    assert any("line 2" in text and "unit_price" in text for text in wrong)
    assert one.rows(orders) == before
    chat.presses("yes")
    assert (chat.reply, chat.amounts) == (RemedyRequested, [63])
