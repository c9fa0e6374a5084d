"""
The generic order file: one row an order line, a row's order columns repeat.

Rows of one order need not stand together. The file is read twice: first to count the rows of
each order, then to build the orders, each handed on as soon as its last row is read. So a file
of any length needs only the memory of its order numbers and of the orders that are not
complete yet.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.casework.order_numbers import order_key
from bot.casework.orders import Order
from bot.intake.bad_rows import BadRow, RefusedOrder
from bot.intake.cell_values import shown
from bot.intake.cells import Cells
from bot.intake.delimited import Columns, DelimitedFile, Row, UnreadableFile, open_delimited
from bot.intake.order_rows import OrderRows

COLUMNS = Columns(
    required=(
        "order_number",
        "marketplace",
        "placed_at",
        "status",
        "fulfilment",
        "ship_mode",
        "buyer_name",
        "buyer_type",
        "country",
        "currency",
        "sku",
        "title",
        "quantity",
        "unit_price",
        "shipping_price",
    ),
    optional=(
        "buyer_email",
        "buyer_phone",
        "postal_code",
        "city",
        "address",
        "variant",
        "carrier",
        "tracking_number",
        "shipped_at",
        "promised_by",
        "delivered_at",
    ),
)
CHANGED = "The file was changed while it was read: import it again."


class OrderFile:
    """
    An open order file.

    `ignored` names its columns that nobody reads, `row_count` is all its rows, `rows_read`
    those that `orders` has come past.
    """

    def __init__(self, file: DelimitedFile) -> None:
        self._file = file
        self._rows_of = Counter(map(_key, file.rows()))
        self.ignored = file.ignored
        self.row_count = self._rows_of.total()
        self.rows_read = 0

    def orders(self, store: str) -> Iterator[Order | BadRow | RefusedOrder]:
        """
        The orders of the file as orders of `store`, and what is wrong with it.

        An order of which one row is bad is refused whole: half an order would be refunded by
        half.
        """
        self.rows_read = 0
        gathering: dict[str, OrderRows] = {}
        for row in self._file.rows():
            self.rows_read += 1
            key = _key(row)
            if not key:
                yield from _bad_without_order(row)
                continue
            if key not in gathering:
                gathering[key] = OrderRows(row, self._expected(key))
            yield from gathering[key].add(row)
            if not gathering[key].missing:
                yield from _finished(gathering.pop(key), store)
        if gathering or self.rows_read != self.row_count:
            raise UnreadableFile(CHANGED)

    def _expected(self, key: str) -> int:
        if not (rows := self._rows_of[key]):
            raise UnreadableFile(CHANGED)

        return rows


@contextmanager
def open_order_file(path: Path) -> Iterator[OrderFile]:
    """The order file at `path`, its rows counted; `UnreadableFile` says what is wrong with it."""
    with open_delimited(path, COLUMNS) as file:
        yield OrderFile(file)


def _key(row: Row) -> str:
    """What the rows of one order share; empty where the row does not say whose it is."""
    key = order_key(row.cells.get("order_number", ""))

    return key if len(key) <= 100 else ""


def _bad_without_order(row: Row) -> Iterator[BadRow]:
    """What is wrong with a row that belongs to no order."""
    if row.problem:
        yield BadRow(row.line, "", row.problem)
        return

    cells = Cells(row)
    number = cells.text("order_number", 100)
    if not cells.wrong:
        cells.wrong.append(("order_number", f"{shown(number)} has no letter or digit"))
    for column, reason in cells.wrong:
        yield BadRow(row.line, column, reason)


def _finished(rows: OrderRows, store: str) -> Iterator[Order | BadRow | RefusedOrder]:
    """The order, or why there is none."""
    order = RefusedOrder(rows.number, rows.line) if rows.bad else rows.order(store)
    yield order
    if isinstance(order, BadRow):
        yield RefusedOrder(rows.number, rows.line)
