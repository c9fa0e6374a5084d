"""Reports for spreadsheets: quoted, with a mark, and nothing that is run."""

import csv
import io

import pytest

from bot.teaching.report_files import to_csv, to_field


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\r=1", "=cmd|' /C calc'!A0"]
)
def test_no_cell_is_a_formula(text):
    assert to_field(text) == f"'{text}"


@pytest.mark.parametrize(
    ("cell", "field"),
    [(None, ""), (0.82345, "0.8235"), (1.0, "1.0000"), (7, "7"), ("a=b", "a=b"), ("", "")],
)
def test_cells(cell, field):
    assert to_field(cell) == field


def test_a_file_comes_back_as_it_was():
    table = [("who", "labels"), ('Kim "K", Doe', 3), ("two\nlines", 4), ("Ирина", None)]
    content = b"".join(to_csv(table))

    assert content.startswith(b"\xef\xbb\xbf")
    assert list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))) == [
        ["who", "labels"],
        ['Kim "K", Doe', "3"],
        ["two\nlines", "4"],
        ["Ирина", ""],
    ]
