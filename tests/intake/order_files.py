"""Order files to test with: rows that are good as they are, changed by keyword."""

import csv
import io
from pathlib import Path

from bot.casework.orders import Order
from bot.intake.bad_rows import BadRow, RefusedOrder
from bot.intake.order_file import open_order_file

GOOD_ROW = {
    "order_number": "1004",
    "marketplace": "shop",
    "placed_at": "2026-03-01T09:30:00Z",
    "status": "shipped",
    "fulfilment": "seller",
    "ship_mode": "post",
    "buyer_name": "Ann Buyer",
    "buyer_email": "ann@example.com",
    "buyer_phone": "+49 30 23125 001",
    "buyer_type": "retail",
    "country": "DE",
    "postal_code": "10115",
    "city": "Berlin",
    "address": "Main Street 1",
    "currency": "EUR",
    "sku": "MUG-1",
    "title": "Stoneware mug",
    "variant": "blue",
    "quantity": "2",
    "unit_price": "12.50",
    "shipping_price": "4.90",
    "carrier": "DHL",
    "tracking_number": "JD014600",
    "shipped_at": "2026-03-02",
    "promised_by": "2026-03-09",
    "delivered_at": "",
}


def a_row(**changes: str) -> dict[str, str]:
    """One good row."""
    return GOOD_ROW | changes


def as_text(*rows: dict[str, str], delimiter: str = ",", columns: list[str] | None = None) -> str:
    """The rows as CSV, with the columns of the first row."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(
        text, columns or list(rows[0]), delimiter=delimiter, extrasaction="ignore"
    )
    writer.writeheader()
    writer.writerows(rows)

    return text.getvalue()


def read(path: Path) -> list[Order | BadRow | RefusedOrder]:
    """All that an order file holds."""
    with open_order_file(path) as file:
        return list(file.orders("demo"))


def read_text(folder: Path, text: str | bytes) -> list[Order | BadRow | RefusedOrder]:
    """What is read of a file with that content."""
    path = folder / "orders.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())

    return read(path)


def good(items: list[Order | BadRow | RefusedOrder]) -> list[Order]:
    """The orders among it."""
    return [item for item in items if isinstance(item, Order)]


def bad(items: list[Order | BadRow | RefusedOrder]) -> list[BadRow]:
    """The bad rows among it."""
    return [item for item in items if isinstance(item, BadRow)]


def refused(items: list[Order | BadRow | RefusedOrder]) -> list[str]:
    """The numbers of the refused orders among it."""
    return [item.number for item in items if isinstance(item, RefusedOrder)]
