"""The commands about remedies, as a seller types them."""

import csv
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.casework.gateways import Answer, Outcome
from bot.cli import main
from bot.commands.remedies import COLUMNS, STATES, harmless
from bot.store import remedy_list
from bot.store.migrate import migrate
from bot.store.tables import conversations, outbox, remedies
from tests.dialog import Dialog, Shop
from tests.factories import a_line, an_order, the_rulebook
from tests.outbox import PENDING, PlayedGateway, requested, state_of, told, works

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def shop_on_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    """A shop in the database that the commands of this test use."""
    monkeypatch.setenv("MAKEGOOD_STATE", str(tmp_path))
    for name in ("DATABASE_URL", "BUS_URL"):
        monkeypatch.delenv(f"MAKEGOOD_{name}", raising=False)
    url = f"sqlite:///{tmp_path / 'makegood.db'}"
    migrate(url)
    one = Shop(PENDING, rules=the_rulebook(), url=url, migrated=True)
    yield one
    one.engine.dispose()


@pytest.fixture
def makegood(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs the command line; exit code, output, errors."""

    def run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["makegood", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()

        return int(ended.value.code or 0), said.out, said.err

    return run


@pytest.fixture
def remedy(shop_on_disk: Shop) -> str:
    """A cancellation on the seller's list; its id."""
    requested(Dialog(shop_on_disk, "ada@example.com"))
    listed = Answer(Outcome.ACCEPTED, detail="Listed for the [bold]seller.")
    works(shop_on_disk, PlayedGateway(listed, polled=False))

    return str(shop_on_disk.rows(remedies)[0]["id"])


def test_an_empty_list_says_so(shop_on_disk: Shop, makegood: Run) -> None:
    """
    Instead of a table without rows.
    """
    assert makegood("remedies", "list") == (0, "No remedies.\n", "")


def test_the_list_shows_what_is_to_be_done(shop_on_disk: Shop, makegood: Run, remedy: str) -> None:
    """
    One line a remedy, with the gateway's last word as it is.
    """
    code, out, err = makegood("remedies", "list")
    head, line = out.splitlines()

    assert (code, err) == (0, "")
    assert head.split() == ("id when order what amount reason state approved by last word".split())
    for part in (
        remedy[:8],
        "2026-03-20 12:00",
        "DEMO-1003 (demo)",
        "cancellation",
        "€20.00",
        "cancel_order",
        "requested",
        "rulebook",
        "Listed for the [bold]seller.",
    ):
        assert part in line, line


def test_the_list_is_narrowed_by_state_and_store(
    shop_on_disk: Shop, makegood: Run, remedy: str
) -> None:
    """
    What a person has to look after is a state of its own.
    """
    assert remedy[:8] in makegood("remedies", "list", "--state", "requested")[1]
    assert remedy[:8] in makegood("remedies", "list", "--store", "demo")[1]
    assert makegood("remedies", "list", "--store", "other")[1] == "No remedies.\n"
    assert makegood("remedies", "list", "--state", "person")[1] == "No remedies.\n"

    with shop_on_disk.engine.begin() as db:
        db.execute(sa.update(outbox).values(state="person"))

    assert remedy[:8] in makegood("remedies", "list", "--state", "person")[1]
    assert makegood("remedies", "list", "--state", "requested")[1] == "No remedies.\n"


def test_the_command_knows_every_state() -> None:
    """
    Written out there, so that --help needs no database library.
    """
    assert sorted(STATES) == sorted(remedy_list.STATES)


def test_a_confirmed_remedy_is_told_to_the_buyer_once(
    shop_on_disk: Shop, makegood: Run, remedy: str
) -> None:
    """
    By the beginning of its id; a second time says so and does nothing.
    """
    said = f"{remedy[:8]} is done, the buyer is told.\n"
    assert makegood("remedies", "confirm", remedy[:6], remedy) == (0, said, "")
    again = makegood("remedies", "confirm", remedy)

    assert again == (1, "", f"{remedy[:8]} is done already.\n")
    assert told(shop_on_disk) == ["remedy_done"]
    assert state_of(shop_on_disk) == ("done", "done")
    assert "done" in makegood("remedies", "list", "--state", "done")[1]


def test_a_failed_remedy_goes_to_a_person(shop_on_disk: Shop, makegood: Run, remedy: str) -> None:
    """
    With the seller's reason.
    """
    code, out, _ = makegood("remedies", "fail", remedy, "--why", "it has left")

    assert (code, out.split(" is ")[0]) == (0, remedy[:8])
    assert told(shop_on_disk) == ["remedy_not_done", "hand_off.handed_off"]
    assert shop_on_disk.rows(conversations)[0]["floor"] == "WAITING"
    assert makegood("remedies", "confirm", remedy)[2] == f"{remedy[:8]} has failed already.\n"
    assert "it has left" in makegood("remedies", "list", "--state", "failed")[1]


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ("abc", "'abc' is too short: give at least 6 signs"),
        ("zzzzzz", "No remedy begins with 'zzzzzz'"),
        ("%%%%%%", "No remedy begins with '%%%%%%'"),
    ],
)
def test_an_id_that_names_nothing(
    shop_on_disk: Shop, makegood: Run, remedy: str, given: str, why: str
) -> None:
    """
    Nothing is confirmed then, not even what was named rightly beside it.
    """
    code, _, err = makegood("remedies", "confirm", remedy, given)

    assert code == 2
    assert why in err
    assert told(shop_on_disk) == []


def test_an_id_that_names_two(shop_on_disk: Shop, makegood: Run, remedy: str) -> None:
    """
    The seller has to give more of it.
    """
    with shop_on_disk.engine.begin() as db:
        db.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        row = db.execute(sa.select(remedies)).mappings().one()
        twin = {"id": remedy[:8] + "0" * 24, "idempotency_key": "another"}
        db.execute(sa.insert(remedies).values({**row, **twin}))

    code, _, err = makegood("remedies", "confirm", remedy[:8])

    assert code == 2
    assert f"Several remedies begin with '{remedy[:8]}'" in err


def test_the_export_opens_in_a_spreadsheet(
    shop_on_disk: Shop, makegood: Run, tmp_path: Path
) -> None:
    """
    UTF-8 with its mark, plain numbers, and no cell that is run.
    """
    evil = a_line(title="=HYPERLINK(1)", sku="+MUG", variant="blåbær")
    shop_on_disk.take_in(replace(an_order(number="@DEMO"), lines=(evil,)))
    chat = Dialog(shop_on_disk, "ada@example.com")
    chat.says("damaged_item", order="@DEMO", photos=1)
    chat.presses("option:1")
    chat.presses("yes")
    file = tmp_path / "out.csv"

    assert makegood("remedies", "export", str(file)) == (0, f"1 remedy written to {file}.\n", "")
    assert file.read_bytes().startswith(b"\xef\xbb\xbf")
    with file.open(encoding="utf-8-sig", newline="") as opened:
        head, row = csv.reader(opened)
    assert head == COLUMNS
    cells = dict(zip(head, row, strict=True))
    assert cells["sku"] == "'+MUG"
    assert cells["product"] == "'=HYPERLINK(1)"
    assert cells["order"] == "'@DEMO"
    assert (cells["what"], cells["state"], cells["ended_at"]) == ("replacement", "requested", "")


def test_the_export_has_amounts_and_a_first_day(
    shop_on_disk: Shop, makegood: Run, remedy: str, tmp_path: Path
) -> None:
    """
    The day counts from its beginning, in UTC.
    """
    file = tmp_path / "out.csv"
    makegood("remedies", "export", str(file), "--since", "2026-03-20")
    assert ",20.00,EUR," in file.read_text("utf-8-sig")

    said = makegood("remedies", "export", str(file), "--since", "2026-03-21")
    assert said[1] == f"0 remedies written to {file}.\n"


def test_an_export_that_cannot_be_written_is_one_line(
    shop_on_disk: Shop, makegood: Run, tmp_path: Path
) -> None:
    """
    And an exit code of 2.
    """
    said = makegood("remedies", "export", str(tmp_path / "no" / "out.csv"))

    assert said[0] == 2
    assert said[2].endswith("out.csv cannot be written: No such file or directory.\n")


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_a_cell_that_a_spreadsheet_would_run_is_a_text(cell: str) -> None:
    """
    An apostrophe makes it one.
    """
    assert harmless(cell) == f"'{cell}"
    assert harmless("12.50") == "12.50"
