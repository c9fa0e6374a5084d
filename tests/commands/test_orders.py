"""The commands about orders, products and stores, as a seller types them."""

import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.cli import main
from bot.settings import ROOT
from tests.intake.order_files import a_row, as_text

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def makegood(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Run:
    """Runs the command line on a fresh installation; exit code, output, errors."""
    monkeypatch.setenv("MAKEGOOD_STATE", str(tmp_path / "state"))
    monkeypatch.delenv("MAKEGOOD_DATABASE_URL", raising=False)

    def run(*arguments: str | Path) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["makegood", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()

        return int(ended.value.code or 0), said.out, said.err

    return run


def test_a_good_file(makegood: Run, tmp_path: Path) -> None:
    """
    All is added, then nothing is changed.
    """
    path = tmp_path / "orders.csv"
    path.write_text(as_text(a_row(), a_row(order_number="1005")))

    assert makegood("orders", "import", path) == (0, "Orders in demo: 2 added.\n", "")
    assert makegood("orders", "import", path) == (0, "Orders in demo: 2 unchanged.\n", "")


def test_a_file_with_bad_rows(makegood: Run, tmp_path: Path) -> None:
    """
    Line, column and reason are told, the good orders stand, and scripts see an exit code of 1.
    """
    path = tmp_path / "orders.csv"
    path.write_text(
        as_text(
            a_row() | {"ribbon": "red"},
            a_row(order_number="1005", quantity="0", title="[red]" + "x" * 600),
            a_row(order_number="1006"),
        )
    )
    code, out, err = makegood("orders", "import", path)

    assert (code, err) == (1, "")
    assert out.splitlines() == [
        "Columns that are not read: 'ribbon'",
        "line 3, title: has 605 characters, at most 500 are allowed",
        "line 3, quantity: '0' is not a whole number from 1 to 100000",
        "Orders in demo: 2 added.",
        "1 row is bad and not imported.",
        "Orders left out because a row of theirs is bad: '1005'.",
        "Correct these rows and import the file again; the rest stands already.",
    ]


def test_a_file_that_cannot_be_read(makegood: Run, tmp_path: Path) -> None:
    """
    One line, and an exit code of 2.
    """
    path = tmp_path / "orders.csv"
    path.write_text("order_number,status\n1,2\n")
    code, out, err = makegood("orders", "import", path)

    assert (code, out) == (2, "")
    assert err.startswith(f"{path} cannot be read: it lacks the columns marketplace, placed_at")
    assert err.count("\n") == 1


def test_a_store_that_is_not_there(makegood: Run) -> None:
    """
    Those that are there are named.
    """
    makegood("stores", "add", "Lamps & More")
    code, _, err = makegood("orders", "import", ROOT / "data/demo/orders.csv", "--store", "lamp")

    assert code == 2
    assert "no store 'lamp' (there are: lamps-more)" in err


def test_a_store_is_added(makegood: Run) -> None:
    """
    What a shop needs to embed the widget and to sign who its buyers are is printed.
    """
    code, out, _ = makegood("stores", "add", "Lamps & More", "--colour", "#ff0000")

    assert code == 0
    assert 'src="http://127.0.0.1:8080/widget.js" data-store="lamps-more"></script>' in out
    assert re.search(r"Identity secret  \S{32,}\n", out)
    again, _, err = makegood("stores", "add", "Lamps & More")
    assert again == 2
    assert "lamps-more already" in err


@pytest.mark.parametrize("arguments", [("Глина",), ("Lamps", "--colour", "red"), ("",)])
def test_a_store_that_cannot_be(makegood: Run, arguments: tuple[str, ...]) -> None:
    """
    The line says what to write instead.
    """
    code, out, err = makegood("stores", "add", *arguments)

    assert (code, out) == (2, "")
    assert "Traceback" not in err


def test_the_demo_files_are_ordinary_files(makegood: Run) -> None:
    """
    They show a seller what to write.
    """
    makegood("stores", "add", "Lamps")
    demo = ROOT / "data" / "demo"

    assert makegood("orders", "import", demo / "orders.csv", "--store", "lamps")[:2] == (
        0,
        "Orders in lamps: 40 added.\n",
    )
    assert makegood("products", "import", demo / "products.csv", "--store", "lamps")[:2] == (
        0,
        "Products in lamps: 26 written.\n",
    )


def test_a_database_that_is_out_of_order(makegood: Run, tmp_path: Path) -> None:
    """
    One line, no traceback.
    """
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "makegood.db").write_bytes(b"no database " * 1000)
    code, _, err = makegood("orders", "import", ROOT / "data/demo/orders.csv")

    assert code == 2
    assert re.fullmatch(r"The database \S+makegood\.db cannot be used: .*\n", err)
