"""
The product file: what is left of each product and what it costs, which no order file can tell.

One row a product, with `sku`, `title`, `variant`, `stock`, `price` and `currency`; an empty stock
or price is "not known". Products of one title are variants of each other.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.casework.products import Product
from bot.intake.bad_rows import BadRow
from bot.intake.cell_values import shown
from bot.intake.cells import Cells
from bot.intake.delimited import Columns, DelimitedFile, Row, open_delimited

COLUMNS = Columns(required=("sku", "title", "stock"), optional=("variant", "price", "currency"))
MAX_STOCK = 100_000_000


class ProductFile:
    """An open product file; `ignored` names its columns that nobody reads."""

    def __init__(self, file: DelimitedFile) -> None:
        self._file = file
        self.ignored = file.ignored

    def products(self) -> Iterator[Product | BadRow]:
        """The products of the file, and what is wrong with it."""
        lines: dict[str, int] = {}
        for row in self._file.rows():
            product = _read_product(row)
            if isinstance(product, list):
                yield from product
            elif earlier := lines.get(product.sku):
                twice = f"{shown(product.sku)} stands in line {earlier} already"
                yield BadRow(row.line, "sku", twice)
            else:
                lines[product.sku] = row.line
                yield product


@contextmanager
def open_product_file(path: Path) -> Iterator[ProductFile]:
    """The product file at `path`; `UnreadableFile` says what is wrong with it."""
    with open_delimited(path, COLUMNS) as file:
        yield ProductFile(file)


def _read_product(row: Row) -> Product | list[BadRow]:
    if row.problem:
        return [BadRow(row.line, "", row.problem)]

    cells = Cells(row)
    product = Product(
        sku=cells.text("sku", 100),
        title=cells.text("title", 500),
        variant=cells.text_if_any("variant", 200),
        stock=cells.whole_if_any("stock", 0, MAX_STOCK),
        price=cells.money_if_any("price", "currency"),
    )

    return [BadRow(row.line, column, reason) for column, reason in cells.wrong] or product
