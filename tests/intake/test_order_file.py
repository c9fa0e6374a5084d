"""What a shop's order file says, and what a hostile one can do to the rest of it: nothing."""

import os
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.casework.money import Money
from bot.casework.orders import BuyerType, Marketplace, OrderStatus, ShipMode
from bot.intake.delimited import MAX_ROW, UnreadableFile
from bot.intake.order_file import open_order_file
from bot.intake.order_rows import MAX_ROWS
from tests.intake.order_files import GOOD_ROW, a_row, as_text, bad, good, read, read_text, refused


def test_a_row_becomes_an_order(tmp_path: Path) -> None:
    """
    Every column is found again in the order; the order counts as paid when it was placed.
    """
    (order,) = good(read_text(tmp_path, as_text(a_row(delivered_at="2026-03-05T14:00:00+02:00"))))

    assert (order.number, order.store) == ("1004", "demo")
    assert order.marketplace is Marketplace.SHOP
    assert order.status is OrderStatus.SHIPPED
    assert order.ship_mode is ShipMode.POST
    assert order.buyer_type is BuyerType.RETAIL
    assert (order.buyer.name, order.buyer.email) == ("Ann Buyer", "ann@example.com")
    assert (order.country, order.postal_code, order.city) == ("DE", "10115", "Berlin")
    assert order.placed_at == datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
    assert order.promised_by == date(2026, 3, 9)
    (line,) = order.lines
    assert (line.sku, line.title, line.variant, line.quantity) == (
        "MUG-1", "Stoneware mug", "blue", 2,
    )  # fmt: skip
    assert line.unit_price == Money(1250, "EUR")
    assert line.stock is None
    (payment,) = order.payments
    assert payment.amount == Money(2 * 1250 + 490, "EUR")
    assert payment.paid_at == order.placed_at
    assert order.parcel is not None
    assert [(event.label, event.place) for event in order.parcel.events] == [
        ("Handed to the carrier", ""),
        ("Delivered", "Berlin"),
    ]
    assert order.parcel.delivered_at == datetime(2026, 3, 5, 12, tzinfo=UTC)


def test_only_what_every_shop_knows_is_required(tmp_path: Path) -> None:
    """
    Contact, address, variant and parcel may be missing as columns.
    """
    optional = (
        "buyer_email buyer_phone postal_code city address variant carrier tracking_number "
        "shipped_at promised_by delivered_at"
    ).split()
    row = {name: value for name, value in GOOD_ROW.items() if name not in optional}
    (order,) = good(read_text(tmp_path, as_text(row)))

    assert order.parcel is None
    assert order.promised_by is None
    assert order.buyer.email == ""


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_files_of_all_programs_are_read(
    tmp_path: Path, delimiter: str, start: bytes, line_end: str
) -> None:
    """
    Any delimiter, with or without BOM, any line ends, columns in any order and case.
    """
    columns = [name.upper() for name in reversed(GOOD_ROW)]
    row = {name.upper(): value for name, value in a_row(title='Big, "blue"; mug').items()}
    text = as_text(row, columns=columns, delimiter=delimiter).replace("\r\n", line_end)
    (order,) = good(read_text(tmp_path, start + text.encode()))

    assert order.lines[0].title == 'Big, "blue"; mug'


def test_unknown_columns_are_named_and_ignored(tmp_path: Path) -> None:
    """
    A shop's export has more than we read.
    """
    path = tmp_path / "orders.csv"
    path.write_text(as_text(a_row() | {"Colour of the ribbon": "red", "": "x"}))
    with open_order_file(path) as file:
        assert file.ignored == ("colour of the ribbon",)
        assert len(good(list(file.orders("demo")))) == 1


def test_line_breaks_within_quotes(tmp_path: Path) -> None:
    """
    An address keeps its lines as commas, and line numbers count the file's own lines.
    """
    items = read_text(
        tmp_path,
        as_text(
            a_row(address="Main Street 1,\n2nd floor\n\nleft", title="Stoneware\nmug"),
            a_row(order_number="1005", quantity="0"),
        ),
    )

    assert good(items)[0].address == "Main Street 1, 2nd floor, left"
    assert good(items)[0].lines[0].title == "Stoneware mug"
    assert [(row.line, row.column) for row in bad(items)] == [(7, "quantity")]


def test_rows_of_an_order_need_not_stand_together(tmp_path: Path) -> None:
    """
    Lines belong to their order by its number, in whatever spelling of spaces.
    """
    orders = good(
        read_text(
            tmp_path,
            as_text(
                a_row(sku="A"),
                a_row(order_number="1005", sku="B"),
                a_row(order_number=" 1004 ", sku="C"),
            ),
        )
    )

    assert {order.number: [line.sku for line in order.lines] for order in orders} == {
        "1005": ["B"],
        "1004": ["A", "C"],
    }


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("order_number", ""),
        ("order_number", "#/-"),
        ("order_number", "9" * 101),
        ("marketplace", "ebay"),
        ("marketplace", ""),
        ("status", "lost"),
        ("fulfilment", "nobody"),
        ("ship_mode", "pigeon"),
        ("buyer_type", "robot"),
        ("buyer_name", "  "),
        ("buyer_name", "x" * 201),
        ("buyer_email", "ann"),
        ("buyer_email", "ann@example"),
        ("buyer_email", "a@b@example.com"),
        ("buyer_email", "ann <ann@example.com>"),
        ("buyer_phone", "1" * 51),
        ("country", "Germany"),
        ("country", "UK"),
        ("country", "XX"),
        ("country", "D"),
        ("postal_code", "1" * 21),
        ("city", "x" * 201),
        ("address", "x" * 501),
        ("currency", "EURO"),
        ("currency", "XXX"),
        ("currency", "€"),
        ("sku", ""),
        ("title", ""),
        ("title", "x" * 501),
        ("variant", "x" * 201),
        ("quantity", "0"),
        ("quantity", "-1"),
        ("quantity", "1.5"),
        ("quantity", "1e3"),
        ("quantity", "1000000000"),
        ("quantity", "9" * 5000),
        ("quantity", "²"),
        ("unit_price", "-5.00"),
        ("unit_price", "12.505"),
        ("unit_price", "1,234.50"),
        ("unit_price", "NaN"),
        ("unit_price", "Infinity"),
        ("unit_price", "1e9"),
        ("unit_price", "9999999999999"),
        ("unit_price", "999999999999.99"),
        ("unit_price", "€ 5"),
        ("shipping_price", ""),
        ("placed_at", ""),
        ("placed_at", "01.03.2026"),
        ("placed_at", "03/01/2026"),
        ("placed_at", "2026-02-30"),
        ("placed_at", "2026-03-01T25:00"),
        ("placed_at", "2026-W09-1"),
        ("placed_at", "0001-01-01T00:00:00+14:00"),
        ("placed_at", "9999-12-31T23:59:59-14:00"),
        ("placed_at", "20260301"),
        ("placed_at", "1772355000"),
        ("shipped_at", "2026-02-20"),
        ("delivered_at", "2026-02-25"),
        ("promised_by", "2025-03-09"),
        ("promised_by", "soon"),
        ("carrier", "x" * 101),
        ("tracking_number", "x" * 101),
        ("city", "Ber\x00lin"),
        ("city", "Ber\x1b[31mlin"),
    ],
)
def test_a_wrong_cell_is_named_with_line_and_column(
    tmp_path: Path, column: str, value: str
) -> None:
    """
    The order with the wrong cell is refused, the one before and the one after are read.
    """
    items = read_text(
        tmp_path,
        as_text(a_row(order_number="1003"), a_row(**{column: value}), a_row(order_number="1005")),
    )

    assert [(row.line, row.column) for row in bad(items)] == [(3, column)]
    assert len(str(bad(items)[0])) < 300
    assert str(bad(items)[0]).isprintable()
    assert [order.number for order in good(items)] == ["1003", "1005"]


def test_all_that_is_wrong_with_a_row_is_named(tmp_path: Path) -> None:
    """
    A file is corrected once, not once a mistake.
    """
    items = read_text(tmp_path, as_text(a_row(quantity="0", status="lost", currency="euro")))

    assert sorted(row.column for row in bad(items)) == ["currency", "quantity", "status"]
    assert refused(items) == ["1004"]


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("2026-03-01", datetime(2026, 3, 1, tzinfo=UTC)),
        ("2026-03-01 10:15", datetime(2026, 3, 1, 10, 15, tzinfo=UTC)),
        ("2026-03-01T10:15:30.123456789Z", datetime(2026, 3, 1, 10, 15, 30, 123456, tzinfo=UTC)),
        ("2026-03-01T10:15:30-0800", datetime(2026, 3, 1, 18, 15, 30, tzinfo=UTC)),
        ("2026-03-01 10:15:30 +02:00", datetime(2026, 3, 1, 8, 15, 30, tzinfo=UTC)),
        ("2026-03-01t10:15z", datetime(2026, 3, 1, 10, 15, tzinfo=UTC)),
    ],
)
def test_moments_without_a_zone_are_utc(tmp_path: Path, written: str, read_as: datetime) -> None:
    """
    ISO 8601 dates and date-times, as different programs write them.
    """
    (order,) = good(read_text(tmp_path, as_text(a_row(placed_at=written))))

    assert order.placed_at == read_as


def test_a_promise_is_a_calendar_day(tmp_path: Path) -> None:
    """
    A promise "by the 9th" stays the 9th, whatever zone it was written in.
    """
    (order,) = good(read_text(tmp_path, as_text(a_row(promised_by="2026-03-09T23:30:00-08:00"))))

    assert order.promised_by == date(2026, 3, 9)


def test_amounts_follow_their_currency(tmp_path: Path) -> None:
    """
    Yen have no decimals, Jordanian dinars three; a decimal comma is understood.
    """
    orders = good(
        read_text(
            tmp_path,
            as_text(
                a_row(order_number="Y-1", currency="jpy", unit_price="2400", shipping_price="0"),
                a_row(order_number="J-1", currency="JOD", unit_price="1.234", shipping_price="0"),
                a_row(order_number="E-1", unit_price="12,5"),
            ),
        )
    )

    assert [order.lines[0].unit_price for order in orders] == [
        Money(2400, "JPY"),
        Money(1234, "JOD"),
        Money(1250, "EUR"),
    ]


def test_one_bad_row_refuses_its_whole_order_only(tmp_path: Path) -> None:
    """
    Half an order would be refunded by half; other orders are nobody's business.
    """
    items = read_text(
        tmp_path,
        as_text(
            a_row(sku="A"),
            a_row(order_number="1005"),
            a_row(sku="B", quantity="0"),
            a_row(sku="C"),
        ),
    )

    assert refused(items) == ["1004"]
    assert [order.number for order in good(items)] == ["1005"]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("country", "FR"),
        ("shipping_price", "0.00"),
        ("order_number", "#1004"),
        ("status", "pending"),
    ],
)
def test_rows_that_contradict_each_other_are_bad(tmp_path: Path, column: str, value: str) -> None:
    """
    Nobody knows which of two rows is right, so neither is believed.
    """
    items = read_text(tmp_path, as_text(a_row(), a_row(sku="B", **{column: value})))

    assert [(row.line, row.column) for row in bad(items)] == [(3, column)]
    assert "line 2" in bad(items)[0].reason
    assert refused(items) == ["1004"]


def test_the_same_in_other_words_is_no_contradiction(tmp_path: Path) -> None:
    """
    What counts is what a cell means.
    """
    items = read_text(
        tmp_path,
        as_text(
            a_row(placed_at="2026-03-01"),
            a_row(
                placed_at="2026-03-01T01:00+01:00", currency="eur", buyer_email="Ann@Example.com"
            ),
        ),
    )

    assert len(good(items)[0].lines) == 2


def test_bytes_that_are_not_utf_8_cost_their_order_only(tmp_path: Path) -> None:
    """
    The line and the column are named, and the byte.
    """
    text = as_text(
        a_row(order_number="1003"), a_row(city="Köln"), a_row(order_number="1005", city="Köln")
    )
    before, _, rest = text.encode().partition("Köln".encode())
    items = read_text(tmp_path, before + "Köln".encode("latin-1") + rest)

    assert [(row.line, row.column) for row in bad(items)] == [(3, "city")]
    assert "0xf6" in bad(items)[0].reason
    assert [order.number for order in good(items)] == ["1003", "1005"]


@pytest.mark.parametrize("later", [[], ['"Lamp, big"', '"Mug"']])
def test_a_quote_that_is_not_closed_costs_its_row_only(tmp_path: Path, later: list[str]) -> None:
    """
    All rows behind it are read, quoted or not.
    """
    rows = [a_row(order_number=f"10{number}", title="TITLE") for number in range(10, 40)]
    lines = as_text(*rows).split("\r\n")
    lines[3] = lines[3].replace("TITLE", '"Mug')
    for place, title in enumerate(later, 10):
        lines[place] = lines[place].replace("TITLE", title)
    items = read_text(tmp_path, "\r\n".join(lines))

    assert [(row.line, row.column) for row in bad(items)] == [(4, "")]
    assert "quote" in bad(items)[0].reason
    assert refused(items) == ["1012"]
    assert len(good(items)) == 29


@pytest.mark.parametrize("closing", [("Berlin", 'Berlin"'), (",EUR", '",EUR')])
@pytest.mark.parametrize("until", [4, 7])
def test_two_stray_quotes_swallow_no_row(
    tmp_path: Path, closing: tuple[str, str], until: int
) -> None:
    """
    The rows between them are read, or their orders would be lost, or imported by half.
    """
    rows = [a_row(order_number=f"10{number}") for number in range(10, 20)]
    lines = as_text(*rows).split("\r\n")
    lines[3] = lines[3].replace("Berlin", '"Berlin')
    lines[until] = lines[until].replace(*closing)
    items = read_text(tmp_path, "\r\n".join(lines))

    assert {row.line for row in bad(items)} == {4}
    assert refused(items) == ["1012"]
    assert len(good(items)) == 9


def test_a_first_cell_of_several_lines(tmp_path: Path) -> None:
    """
    Its last line looks like a row and is none.
    """
    row = {"note": 'first\nsecond, "third"\nlast'} | a_row()

    assert len(good(read_text(tmp_path, as_text(row, row | {"order_number": "1005"})))) == 2


def test_a_quote_left_open_at_the_end_is_told(tmp_path: Path) -> None:
    """
    A file that was cut off ends within a row.
    """
    items = read_text(tmp_path, as_text(a_row(), a_row(order_number="1005")) + '1006,shop,"2026')

    assert [row.line for row in bad(items)] == [4]
    assert len(good(items)) == 2


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("1005,shop,2026-03-01", "3 fields, the header has 26"),
        (",".join(GOOD_ROW.values()).replace("1004", "1005") + ",,,x", "29 fields"),
        (",".join(GOOD_ROW.values()).replace("1004", "10\r05"), "carriage return"),
        ('1005,"sh"op', "quote"),
    ],
)
def test_a_row_that_is_none_is_told(tmp_path: Path, row: str, reason: str) -> None:
    """
    Too few or too many fields mean that cells stand in wrong columns.
    """
    items = read_text(tmp_path, as_text(a_row()) + row + "\r\n")

    assert [row.line for row in bad(items)] == [3]
    assert reason in bad(items)[0].reason
    assert [order.number for order in good(items)] == ["1004"]


def test_blank_rows_and_trailing_delimiters_are_no_rows(tmp_path: Path) -> None:
    """
    Spreadsheets leave them.
    """
    text = as_text(a_row()).rstrip() + ",,,\r\n\r\n   \r\n,,,,,,\r\n"
    items = read_text(tmp_path, "\r\n" + text)

    assert len(items) == 1
    assert len(good(items)) == 1


def test_a_line_without_end_is_not_held_in_memory(tmp_path: Path) -> None:
    """
    A line of 64 MB (or 200) is passed over, and the rows after it are read.
    """
    path = tmp_path / "orders.csv"
    _, second = as_text(a_row(), a_row(order_number="1006")).encode().split(b"\r\n", 2)[1:]
    with path.open("wb") as file:
        file.write(as_text(a_row()).encode() + b'1005,shop,"')
        for _ in range(64):
            file.write(b"x" * 1_000_000)
        file.write(b'"\r\n' + second)
    items = read(path)

    assert [(row.line, row.reason) for row in bad(items)] == [
        (3, f"the line is longer than {MAX_ROW} bytes")
    ]
    assert [order.number for order in good(items)] == ["1004", "1006"]
    assert refused(items) == ["1005"]


def test_an_order_of_endless_rows_is_refused(tmp_path: Path) -> None:
    """
    It is told of once, and its rows are not gathered.
    """
    rows = [a_row(order_number="1")] * (MAX_ROWS + 1)
    items = read_text(tmp_path, as_text(*rows, a_row()))

    assert [row.line for row in bad(items)] == [2]
    assert refused(items) == ["1"]
    assert len(good(items)) == 1


def test_an_order_that_is_worth_more_than_money_can_be(tmp_path: Path) -> None:
    """
    Each line is within bounds, the sum is not.
    """
    rich = a_row(unit_price="9999999999.99", quantity="1")
    items = read_text(tmp_path, as_text(rich, rich))

    assert [row.line for row in bad(items)] == [2]
    assert refused(items) == ["1004"]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "it is empty"),
        (b"\xef\xbb\xbf\r\n\r\n", "it is empty"),
        (b"a,b,c\r\n1,2,3\r\n", "names no column that is known"),
        (b"order_number\r\n1\r\n", "lacks the columns marketplace, placed_at, status"),
        ("Bestellung,größe".encode("latin-1"), "line 1 is not UTF-8"),
        (as_text(a_row()).encode("utf-16"), "looks like UTF-16"),
        (as_text(a_row()).encode("utf-16-le"), "looks like UTF-16"),
        (as_text(a_row()).replace("\r\n", "\r").encode(), "line ends"),
        (b"PK\x03\x04" + b"\0" * 100, "spreadsheet"),
        (b"x" * 100_000, "has no end"),
        (as_text(a_row(), columns=[*GOOD_ROW, "sku"]).encode(), "more than one column sku"),
    ],
)
def test_a_file_that_is_none_is_told_in_one_line(tmp_path: Path, content: bytes, why: str) -> None:
    """
    Nothing of it can be used, and the reason says what to do.
    """
    with pytest.raises(UnreadableFile, match=why) as told:
        read_text(tmp_path, content)
    assert "\n" not in str(told.value)


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    """
    All that are missing, and only these.
    """
    row = {name: value for name, value in GOOD_ROW.items() if name not in ("status", "currency")}
    with pytest.raises(UnreadableFile, match="lacks the columns status, currency"):
        read_text(tmp_path, as_text(row))


def test_what_is_no_file_is_told(tmp_path: Path) -> None:
    """
    A folder, a pipe, nothing at all.
    """
    os.mkfifo(tmp_path / "pipe")
    for path, why in (
        (tmp_path, "folder"),
        (tmp_path / "pipe", "not a regular file"),
        (tmp_path / "none.csv", "does not exist"),
    ):
        with pytest.raises(UnreadableFile, match=why):
            read(path)


def test_a_header_alone_is_a_file_without_orders(tmp_path: Path) -> None:
    """
    A shop may have sold nothing.
    """
    assert read_text(tmp_path, ",".join(GOOD_ROW)) == []


def test_a_file_that_changes_while_it_is_read_is_told(tmp_path: Path) -> None:
    """
    It is read twice, and must say the same both times.
    """
    path = tmp_path / "orders.csv"
    path.write_text(as_text(a_row()))
    with open_order_file(path) as file, pytest.raises(UnreadableFile, match="was changed"):
        path.write_text(as_text(a_row(), a_row(order_number="1005")))
        list(file.orders("demo"))


@settings(
    deadline=None,
    derandomize=True,
    max_examples=300,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    where=st.integers(0, 2000),
    cut=st.integers(0, 60),
    put=st.one_of(
        st.binary(max_size=8), st.sampled_from([b'"', b"\x00", b"\r", b"\n", b'","', b"\xff"])
    ),
)
def test_no_damage_stops_the_reading(tmp_path: Path, where: int, cut: int, put: bytes) -> None:
    """
    Whatever happens to a file below its header, orders far from the damage are read.
    """
    rows = [a_row(order_number=str(number), title='A "big" mug') for number in range(1000, 1010)]
    content = as_text(*rows).encode()
    where += content.index(b"\n") + 1
    items = read_text(tmp_path, content[:where] + put + content[where + cut :])

    assert len(good(items)) >= 7
    assert all(str(row).isprintable() for row in bad(items))
