"""Reading rulebook/: each kind of mistake says where it is and what is allowed instead."""

import os
import re
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.casework.orders import Marketplace
from bot.casework.remedies import RemedyKind
from bot.playbooks import PLAYBOOKS
from bot.rulebook import BrokenRulebook, load_rulebook
from bot.settings import ROOT

SELLER = """\
identity: {wrong_tries: 5, within_minutes: 15}
offer_expires_after_hours: 72
hand_off_after_misses: 2
delivery_days_without_promise: 14
late_grace_days: 3
return_within_days: 30
refund_arrives_within_days: 5
refund_without_return_up_to: {EUR: 40.50, JPY: 6000}
money_without_person_up_to:
  EUR: 250
intercept: [express, sea]
problems:
  damaged_item:
    ladder: [discount, refund]
    discount_percent: 5
  wrong_item: {ladder: [replacement]}
  late_delivery: {ladder: [refund]}
  refund_request: {ladder: [return]}
  cancel_order: {ladder: [intercept]}
"""

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a rulebook; without arguments one that is right."""

    def written(
        seller: str | bytes = SELLER, wish: str = "name: Wish\nfront_desk: the app"
    ) -> Path:
        folder = tmp_path / "marketplaces"
        folder.mkdir()
        for name in Marketplace:
            text = wish if name is Marketplace.WISH else f"name: {name}\nfront_desk: there\n"
            (folder / f"{name}.yml").write_text(text, "utf-8")
        content = seller if isinstance(seller, bytes) else seller.encode()
        (tmp_path / "seller.yml").write_bytes(content)
        return tmp_path

    return written


def broken(folder: Path) -> str:
    """What is said about the rulebook in that folder, without the folder's own name."""
    with pytest.raises(BrokenRulebook) as error:
        load_rulebook(folder)

    return str(error.value).replace(f"{folder}{os.sep}", "")


def test_our_own_rulebook_is_right() -> None:
    """
    What a seller starts with, before they change anything.
    """
    rules = load_rulebook(ROOT / "rulebook")

    assert set(rules.marketplaces) == set(Marketplace)
    assert set(rules.problems) == {one.name for one in PLAYBOOKS.values() if not one.at_once}


def test_everything_is_read(write: Write) -> None:
    """
    Amounts stay exact, words become kinds, and there is a version.
    """
    rules = load_rulebook(write())

    assert str(rules.refund_without_return_up_to["EUR"]) in ("40.5", "40.50")
    assert rules.problems["damaged_item"].ladder == (RemedyKind.DISCOUNT, RemedyKind.REFUND)
    assert rules.marketplaces[Marketplace.WISH].front_desk == "the app"
    assert re.fullmatch("[0-9a-f]{12}", rules.version)


def test_a_byte_order_mark_does_no_harm(write: Write) -> None:
    """
    Some editors put one at the beginning.
    """
    assert load_rulebook(write("\ufeff" + SELLER)).late_grace_days == 3


def test_every_change_is_another_version(write: Write, tmp_path: Path) -> None:
    """
    Also one of a marketplace's file; the same files have the same version.
    """
    folder = write()
    first = load_rulebook(folder).version
    assert load_rulebook(folder).version == first

    (folder / "marketplaces" / "wish.yml").write_text("name: Wish\nfront_desk: the website")
    assert load_rulebook(folder).version != first


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        # unknown and missing keys
        ("late_grace_days: 3", "late_grace_dys: 3", "line 5: late_grace_dys: is not known here"),
        ("wrong_tries: 5", "wrong_trys: 5, wrong_tries: 5", "allowed are wrong_tries, within_min"),
        (
            "    discount_percent: 5",
            "    percent: 5",
            "line 15: problems.damaged_item.percent: is not known here, "
            "allowed are ladder, ask_photo, discount_percent",
        ),
        ("late_grace_days: 3\n", "", "late_grace_days: is missing"),
        ("{wrong_tries: 5, ", "{", "line 1: identity.wrong_tries: is missing"),
        ("late_grace_days: 3", "1: 3", "line 5: 1: "),
        ("late_grace_days: 3", "version: 3", "line 5: version is not set here"),
        ("late_grace_days: 3", "marketplaces: {}", "line 5: marketplaces is not set here"),
        # wrong types
        ("late_grace_days: 3", "late_grace_days: three", "line 5: late_grace_days: a whole number"),
        ("late_grace_days: 3", "late_grace_days: 3.5", "line 5: late_grace_days: a whole number"),
        ("late_grace_days: 3", "late_grace_days:", "line 5: late_grace_days: a whole number"),
        ("late_grace_days: 3", "late_grace_days: [3]", "line 5: late_grace_days: a whole number"),
        ("[express, sea]", "express", "line 11: intercept: a list such as"),
        ("[express, sea]", "[rocket]", "line 11: intercept.0: Input should be 'express', 'air'"),
        (
            "{wrong_tries: 5, within_minutes: 15}",
            "often",
            "line 1: identity: lines of `key: value`",
        ),
        ("{ladder: [return]}", "[return]", "line 18: problems.refund_request: lines of `key:"),
        (
            "damaged_item:\n",
            "damaged_item:\n    ask_photo: maybe\n",
            "line 14: problems.damaged_item.ask_photo: true or false",
        ),
        # numbers and ladders
        (
            "percent: 5",
            "percent: 101",
            "line 15: problems.damaged_item: discount_percent is 101, allowed is 0 to 100",
        ),
        ("percent: 5", "percent: -5", "allowed is 0 to 100"),
        ("percent: 5", "percent: .nan", "line 15: problems.damaged_item.discount_percent: a plain"),
        ("percent: 5", "percent: 0", "so discount_percent must be above 0"),
        ("[return]", "[]", "line 18: problems.refund_request: ladder is empty"),
        ("[return]", "[return, return]", "ladder names a remedy twice"),
        (
            "[return]",
            "[voucher]",
            "line 18: problems.refund_request.ladder.0: Input should be 'discount', 'replacement', "
            "'return', 'refund', 'cancellation' or 'intercept'",
        ),
        (
            "late_grace_days: 3",
            "late_grace_days: 61",
            "line 5: late_grace_days is 61, allowed is 0",
        ),
        ("late_grace_days: 3", "late_grace_days: " + "9" * 300, "allowed is 0 to 60"),
        # problems
        ("  cancel_order: {ladder: [intercept]}\n", "", "line 12: problems lacks cancel_order"),
        (
            "  cancel_order:",
            "  cancel_it: {ladder: [refund]}\n  cancel_order:",
            "line 19: problems.cancel_it: is not known here, allowed are cancel_order, dam",
        ),
        # amounts
        ("  EUR: 250", "  EUR: .nan", "line 10: money_without_person_up_to.EUR: a plain number"),
        ("  EUR: 250", "  EUR: .inf", "line 10: money_without_person_up_to.EUR: a plain number"),
        ("  EUR: 250", "  EUR: -.inf", "line 10: money_without_person_up_to.EUR: a plain number"),
        ("  EUR: 250", "  EUR: -1", "line 10: money_without_person_up_to.EUR is -1, allowed is 0"),
        ("  EUR: 250", "  EUR: ten", "line 10: money_without_person_up_to.EUR: a number"),
        ("  EUR: 250", "  EUR: true", "line 10: money_without_person_up_to.EUR: a number"),
        ("  EUR: 250", "  EUR: 2.505", "line 10: money_without_person_up_to.EUR is 2.505, allowed"),
        ("  EUR: 250", "  JPY: 250.5", "is 250.5, allowed are 0 decimals"),
        ("  EUR: 250", "  eur: 250", "line 10: money_without_person_up_to.eur is not a currency"),
        ("  EUR: 250", "  Euro: 250", "not a currency code such as EUR"),
        ("  EUR: 250", "  - 250", "line 9: money_without_person_up_to: lines of `key: value`"),
        # YAML
        ("late_grace_days: 3", "late_grace_days: 3\nlate_grace_days: 4", "line 6: found duplicate"),
        ("late_grace_days: 3", "late_grace_days: [3", "line 6"),
        ("late_grace_days: 3", "late_grace_days 3", "line 6"),
        ("late_grace_days: 3", "\tlate_grace_days: 3", "line 5: found character"),
        ("late_grace_days: 3", "late_grace_days: 2026-99-99", "month must be in 1..12"),
        ("late_grace_days: 3", "late_grace_days: 3\n---\na: 1", "another document"),
        ("late_grace_days: 3", "late_grace_days: \x00", "special characters are not allowed"),
    ],
)
def test_a_mistake_says_where_it_is_and_what_is_allowed(
    write: Write, old: str, new: str, said: str
) -> None:
    """
    File and line, so that the seller finds it; what is allowed, so that they can mend it.
    """
    assert old in SELLER
    message = broken(write(SELLER.replace(old, new, 1)))

    assert message.startswith("seller.yml")
    assert said in message
    assert len(message) < 1000


@pytest.mark.parametrize("text", ["", "# nothing\n", "- a\n- b\n", "just words", "42", "null"])
def test_a_file_must_hold_keys_and_values(write: Write, text: str) -> None:
    """
    An empty file or a list is none.
    """
    assert "line 1: lines of `key: value` are expected" in broken(write(text))


def test_a_file_in_another_encoding_is_named(write: Write) -> None:
    """
    With the byte, which an editor can go to.
    """
    said = broken(write("# Müller\n".encode("latin-1") + SELLER.encode()))

    assert said == "seller.yml: not UTF-8 at byte 3. Save it as UTF-8."


def test_a_missing_file_is_named(write: Write, tmp_path: Path) -> None:
    """
    One of a marketplace's files is as needed as the seller's.
    """
    folder = write()
    (folder / "marketplaces" / "amazon.yml").unlink()
    assert broken(folder) == "marketplaces/amazon.yml: No such file or directory. Restore the file."

    shutil.rmtree(folder)
    assert broken(folder).startswith("seller.yml: No such file")


def test_a_folder_in_a_files_place_is_named(write: Write) -> None:
    """
    Whatever cannot be read is said, not only what is missing.
    """
    folder = write()
    (folder / "seller.yml").unlink()
    (folder / "seller.yml").mkdir()

    assert broken(folder) == "seller.yml: Is a directory. Restore the file."


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        ("name: Wish", "wish.yml, line 1: front_desk: is missing"),
        ("name: Wish\nfront_desk: ''", "wish.yml, line 2: front_desk is empty"),
        (
            "name: Wish\nfront_desk: the app\ndesk: x",
            "wish.yml, line 3: desk: is not known here, allowed are name, front_desk, front",
        ),
        (
            "name: Wish\nfront_desk: the app\nfront_desk_url: http://a.example",
            "wish.yml, line 3: front_desk_url must start with https://",
        ),
        ("name: [Wish]\nfront_desk: the app", "wish.yml, line 1: name: "),
    ],
)
def test_a_marketplaces_mistake_names_its_own_file(write: Write, wish: str, said: str) -> None:
    """
    The seller has five files to look into.
    """
    assert said in broken(write(wish=wish))


ALIAS_BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]\n"
    for before, name in zip("abcdefghi", "bcdefghij", strict=True)
)


@pytest.mark.parametrize(
    "text",
    [
        ALIAS_BOMB + SELLER.replace("[return]", "*j"),
        SELLER.replace("problems:", "problems: &p").replace("[return]", "*p"),
        "a: " + "[" * 5000,
        "a: " + "{a: " * 5000,
        "? " * 3000,
        "a: " + "- " * 3000,
        SELLER.replace("days: 3", "days: 3" + "0" * 100_000),
        SELLER.replace("EUR: 250", "EUR: 1e999999999"),
        SELLER.replace("EUR: 250", 'EUR: "1e999999999"'),
        SELLER.replace("percent: 5", 'percent: "1e-999999999"'),
    ],
    ids=["aliases", "itself", "lists", "maps", "keys", "dashes", "digits", "float", "big", "small"],
)
def test_a_bomb_is_refused_at_once(write: Write, text: str) -> None:
    """
    What would grow without end is not built: no alias is followed, nothing nests deeply.
    """
    folder = write(text)
    began = time.process_time()

    assert len(broken(folder)) < 1000
    assert time.process_time() - began < 5
