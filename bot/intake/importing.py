"""Importing a file into a store: every good order stands afterwards, every bad row is told of."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from bot.casework.orders import Order
from bot.casework.products import Product
from bot.intake.bad_rows import BadRow, RefusedOrder
from bot.intake.demo import DEMO, load_demo
from bot.intake.order_file import OrderFile, open_order_file
from bot.intake.product_file import ProductFile, open_product_file
from bot.obstacles import Obstacle
from bot.settings import Settings
from bot.store.database import reading
from bot.store.imports import import_orders, import_products
from bot.store.migrate import migrate
from bot.store.opening import opened
from bot.store.order_writing import Outcome
from bot.store.stores import find_store, store_ids

REFUSED_NAMED = 20
FORMATS = {"generic": open_order_file}
"""What a file can be; a marketplace's own format is another line here."""


class NoSuchStore(Obstacle):
    """Nothing can be imported into a store that is not there."""

    exit_code = 2


class Watcher(Protocol):
    """Who follows an import while it runs."""

    def begin(self, rows: int | None, ignored: tuple[str, ...]) -> None:
        """The file can be read: so many rows, if known, and these columns nobody reads."""

    def at(self, rows_read: int) -> None:
        """How many rows have been read."""

    def bad(self, row: BadRow) -> None:
        """A row is bad."""


@dataclass(slots=True)
class Report:
    """What became of a file."""

    orders: Counter[Outcome] = field(default_factory=Counter)
    products: int = 0
    bad_rows: int = 0
    refused: int = 0
    refused_numbers: list[str] = field(default_factory=list)
    """The first of them, or the report would be as long as the file."""
    _last_bad: int = 0

    def note_bad(self, row: BadRow) -> None:
        """Count the row, once however much is wrong with it."""
        self.bad_rows += row.line != self._last_bad
        self._last_bad = row.line

    def note_refused(self, order: RefusedOrder) -> None:
        """Count an order that is not imported."""
        self.refused += 1
        if self.refused <= REFUSED_NAMED:
            self.refused_numbers.append(order.number)


def import_order_file(
    settings: Settings, path: Path, store: str, watcher: Watcher, form: str = "generic"
) -> Report:
    """Import the orders of a file; an `Obstacle` if none of it can be read."""
    check_store(settings, store)
    report = Report()
    with FORMATS[form](path) as file, opened(settings.store_url) as engine:
        watcher.begin(file.row_count, file.ignored)
        good = _good_orders(file, store, watcher, report)
        for outcome in import_orders(engine, good):
            report.orders[outcome] += 1

    return report


def import_product_file(settings: Settings, path: Path, store: str, watcher: Watcher) -> Report:
    """Import the products of a file; an `Obstacle` if none of it can be read."""
    check_store(settings, store)
    report = Report()
    with open_product_file(path) as file, opened(settings.store_url) as engine:
        watcher.begin(None, file.ignored)
        for _ in import_products(engine, store, _good_products(file, watcher, report)):
            report.products += 1

    return report


def check_store(settings: Settings, store: str) -> None:
    """NoSuchStore if there is none of that name; the demo shop is set up if it is asked for."""
    migrate(settings.store_url)
    if store == DEMO:
        load_demo(settings)
    with opened(settings.store_url) as engine, reading(engine) as connection:
        if find_store(connection, store):
            return
        names = ", ".join(store_ids(connection)) or "none yet"

    raise NoSuchStore(
        f"There is no store {store!r} (there are: {names}). `makegood stores add NAME` adds one."
    )


def _good_orders(file: OrderFile, store: str, watcher: Watcher, report: Report) -> Iterator[Order]:
    """The orders to write; what is bad goes to the watcher and into the report."""
    for item in file.orders(store):
        if isinstance(item, BadRow):
            report.note_bad(item)
            watcher.bad(item)
        elif isinstance(item, RefusedOrder):
            report.note_refused(item)
        else:
            yield item
        watcher.at(file.rows_read)


def _good_products(file: ProductFile, watcher: Watcher, report: Report) -> Iterator[Product]:
    for item in file.products():
        if isinstance(item, BadRow):
            report.note_bad(item)
            watcher.bad(item)
        else:
            yield item
