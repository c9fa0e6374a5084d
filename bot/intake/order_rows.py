"""The rows of one order, checked one by one and then made into the order."""

from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from operator import itemgetter

from bot.casework.money import Money, WrongMoney, total
from bot.casework.orders import (
    EVENT_DELIVERED,
    EVENT_HANDED_OVER,
    ORDER_FILE,
    Buyer,
    BuyerType,
    Fulfilment,
    Marketplace,
    Order,
    OrderLine,
    OrderStatus,
    Parcel,
    Payment,
    ShipMode,
    TrackingEvent,
)
from bot.intake.bad_rows import BadRow
from bot.intake.cell_values import shown
from bot.intake.cells import Cells
from bot.intake.delimited import Row

MAX_QUANTITY = 100_000
MAX_ROWS = 1_000
"""Of one order; more is a broken export, and would make a very long transaction."""
NOT_STORED = 0
"""The id of an order and of its lines until the store gives them one."""
SLACK = timedelta(days=1)
"""Between a date without a time and a moment in another zone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderColumns:
    """What repeats in every row of an order, by the names of the columns."""

    order_number: str
    marketplace: Marketplace
    placed_at: datetime
    status: OrderStatus
    fulfilment: Fulfilment
    ship_mode: ShipMode
    buyer_name: str
    buyer_email: str
    buyer_phone: str
    buyer_type: BuyerType
    country: str
    postal_code: str
    city: str
    address: str
    currency: str
    shipping_price: Money
    carrier: str
    tracking_number: str
    shipped_at: datetime | None
    promised_by: date | None
    delivered_at: datetime | None


Wrong = list[tuple[str, str]]
"""Columns and what is wrong with them."""
ORDER_COLUMNS = tuple(column.name for column in fields(OrderColumns))
ORDER_CELLS = itemgetter(*ORDER_COLUMNS)


class OrderRows:
    """
    Gathers the rows of one order, of which there will be `expected`.

    A row that contradicts an earlier one is as bad as one with a wrong cell: nobody knows
    which of the two is right.
    """

    def __init__(self, first: Row, expected: int) -> None:
        self.line = first.line
        self.number = " ".join(first.cells["order_number"].split())
        self.missing = expected
        self.bad = False
        self._too_many = expected > MAX_ROWS
        self._columns: OrderColumns | None = None
        self._columns_row = first
        self._lines: list[OrderLine] = []

    def add(self, row: Row) -> list[BadRow]:
        """Take in the next row; what is wrong with it makes the whole order bad."""
        wrong = self._wrong_with_number(row) if self._too_many else self._wrong_with(row)
        self.missing -= 1
        self.bad = self.bad or bool(wrong)

        return [BadRow(row.line, column, reason) for column, reason in wrong]

    def order(self, store: str) -> Order | BadRow:
        """The whole order, once no row is missing and none was bad."""
        columns = self._columns
        assert columns is not None and not self.missing and not self.bad
        try:
            goods = total([line.price for line in self._lines], columns.currency)
            paid = goods + columns.shipping_price
        except WrongMoney as error:
            return BadRow(self.line, "unit_price", f"the order in all is too dear: {error}")

        return _to_order(store, columns, tuple(self._lines), paid)

    def _wrong_with_number(self, row: Row) -> Wrong:
        """Of an order with too many rows only the first is reported, and none is kept."""
        if row.line != self.line:
            return []
        reason = f"the order has {self.missing} rows, at most {MAX_ROWS} are allowed"

        return [("order_number", reason)]

    def _wrong_with(self, row: Row) -> Wrong:
        if row.problem:
            return [("", row.problem)]

        cells = Cells(row)
        columns = self._columns
        if columns is None or not _same_cells(row, self._columns_row):
            columns = _read_columns(cells)
        self._lines.append(_read_line(cells, columns.currency))
        if cells.wrong:
            return cells.wrong
        if self._columns is None:
            self._columns, self._columns_row = columns, row

        return self._contradictions(columns, row)

    def _contradictions(self, columns: OrderColumns, row: Row) -> Wrong:
        if columns is self._columns:
            return []
        earlier = self._columns_row

        return [
            (
                column,
                f"{shown(row.cells[column])} contradicts line {earlier.line} "
                f"of the same order, which has {shown(earlier.cells[column])}",
            )
            for column in ORDER_COLUMNS
            if getattr(columns, column) != getattr(self._columns, column)
        ]


def _same_cells(one: Row, other: Row) -> bool:
    return bool(ORDER_CELLS(one.cells) == ORDER_CELLS(other.cells))


def _read_columns(cells: Cells) -> OrderColumns:
    currency = cells.currency("currency")
    columns = OrderColumns(
        order_number=cells.text("order_number", 100),
        marketplace=cells.choice("marketplace", Marketplace),
        placed_at=cells.moment("placed_at"),
        status=cells.choice("status", OrderStatus),
        fulfilment=cells.choice("fulfilment", Fulfilment),
        ship_mode=cells.choice("ship_mode", ShipMode),
        buyer_name=cells.text("buyer_name", 200),
        buyer_email=cells.email_if_any("buyer_email"),
        buyer_phone=cells.text_if_any("buyer_phone", 50),
        buyer_type=cells.choice("buyer_type", BuyerType),
        country=cells.country("country"),
        postal_code=cells.text_if_any("postal_code", 20),
        city=cells.text_if_any("city", 200),
        address=cells.lines_if_any("address", 500),
        currency=currency,
        shipping_price=cells.money("shipping_price", currency),
        carrier=cells.text_if_any("carrier", 100),
        tracking_number=cells.text_if_any("tracking_number", 100),
        shipped_at=cells.moment_if_any("shipped_at"),
        promised_by=cells.day_if_any("promised_by"),
        delivered_at=cells.moment_if_any("delivered_at"),
    )
    if not cells.wrong:
        cells.wrong.extend(_wrong_sequence(columns))

    return columns


def _wrong_sequence(columns: OrderColumns) -> Wrong:
    """What cannot have been before that which it follows."""
    placed, shipped, delivered = columns.placed_at, columns.shipped_at, columns.delivered_at
    promised = columns.promised_by
    wrong: Wrong = []
    if shipped and shipped < placed - SLACK:
        wrong.append(("shipped_at", "is before placed_at"))
    if delivered and delivered < (shipped or placed) - SLACK:
        wrong.append(("delivered_at", f"is before {'shipped_at' if shipped else 'placed_at'}"))
    if promised and promised < (placed - SLACK).date():
        wrong.append(("promised_by", "is before placed_at"))

    return wrong


def _read_line(cells: Cells, currency: str) -> OrderLine:
    line = OrderLine(
        id=NOT_STORED,
        sku=cells.text("sku", 100),
        title=cells.text("title", 500),
        variant=cells.text_if_any("variant", 200),
        quantity=cells.whole("quantity", 1, MAX_QUANTITY),
        unit_price=cells.money("unit_price", currency),
    )
    try:
        _ = line.price
    except WrongMoney as error:
        cells.wrong.append(("quantity", f"times unit_price is too much: {error}"))

    return line


def _to_order(
    store: str, columns: OrderColumns, lines: tuple[OrderLine, ...], paid: Money
) -> Order:
    """
    The order as the shop states it.

    The file has no payments, so the order counts as paid in full when it was placed.
    """
    return Order(
        id=NOT_STORED,
        store=store,
        number=columns.order_number,
        marketplace=columns.marketplace,
        placed_at=columns.placed_at,
        status=columns.status,
        fulfilment=columns.fulfilment,
        ship_mode=columns.ship_mode,
        buyer=_to_buyer(columns),
        buyer_type=columns.buyer_type,
        country=columns.country,
        postal_code=columns.postal_code,
        city=columns.city,
        address=columns.address,
        currency=columns.currency,
        shipping_price=columns.shipping_price,
        lines=lines,
        parcel=_to_parcel(columns),
        payments=(Payment(amount=paid, paid_at=columns.placed_at, method=ORDER_FILE),),
        promised_by=columns.promised_by,
    )


def _to_buyer(columns: OrderColumns) -> Buyer:
    return Buyer(name=columns.buyer_name, email=columns.buyer_email, phone=columns.buyer_phone)


def _to_parcel(columns: OrderColumns) -> Parcel | None:
    """The parcel, if the file knows anything of one, with the two scans that it tells of."""
    shipped, delivered = columns.shipped_at, columns.delivered_at
    if not (columns.carrier or columns.tracking_number or shipped or delivered):
        return None

    events = []
    if shipped:
        events.append(TrackingEvent(at=shipped, label=EVENT_HANDED_OVER))
    if delivered:
        events.append(TrackingEvent(at=delivered, label=EVENT_DELIVERED, place=columns.city))

    return Parcel(
        carrier=columns.carrier,
        tracking_number=columns.tracking_number,
        shipped_at=shipped,
        delivered_at=delivered,
        events=tuple(events),
    )
