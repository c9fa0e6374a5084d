"""
Orders and products from a shop's files, written beside running chats.

Each order is one transaction: a chat waits for one order at most, and an import that is broken
off leaves whole orders behind.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import batched
from time import monotonic, sleep

import sqlalchemy as sa
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import IntegrityError

from bot.casework.orders import Order
from bot.casework.products import Product
from bot.store.database import reading
from bot.store.order_writing import OrderWriter, Outcome
from bot.store.shop_rows import ShopRows, to_rows
from bot.store.standing_rows import upsert
from bot.store.tables import orders
from bot.store.tables import products as products_table

LOOKED_UP_AT_ONCE = 10
PAUSE = 0.0003
"""Seconds between two orders while others write: SQLite's waiting writers look now and then."""
PAUSE_FOR = 5.0
"""Seconds for which a write by others makes us pause."""


def import_orders(engine: Engine, stated: Iterable[Order]) -> Iterator[Outcome]:
    """
    Write the orders one by one, and tell of each what became of it.

    An order that stands just so is passed over without a write: importing a file again changes
    nothing and holds up nobody.
    """
    with _quick_commits(engine) as connection:
        writer, courtesy = OrderWriter(connection), _Courtesy(connection)
        for batch in batched(map(to_rows, stated), LOOKED_UP_AT_ONCE):
            standing = _fingerprints(engine, batch)
            for rows in batch:
                known = standing.get((rows.store, rows.key))
                if known == rows.fingerprint:
                    yield Outcome.UNCHANGED
                else:
                    yield _write(connection, writer, rows, is_new=known is None)
                    courtesy.pause()


def put_orders(connection: Connection, stated: Iterable[Order]) -> None:
    """Write the orders into the transaction that is open, all of them or none."""
    writer = OrderWriter(connection)
    for order in stated:
        writer.write(to_rows(order))


def import_products(engine: Engine, store: str, products: Iterable[Product]) -> Iterator[Product]:
    """Write the products one by one: what the file says of title, variant and stock counts."""
    with _quick_commits(engine) as connection:
        for product in products:
            with connection.begin():
                put_product(connection, store, product)
            yield product


def put_product(connection: Connection, store: str, product: Product) -> None:
    """Add the product, or let the one of its SKU be as this one is."""
    put = upsert(connection, products_table)
    connection.execute(
        put.on_conflict_do_update(
            index_elements=["store_id", "sku"],
            set_={name: put.excluded[name] for name in ("title", "variant", "stock")},
        ),
        {
            "store_id": store,
            "sku": product.sku,
            "title": product.title,
            "variant": product.variant,
            "stock": product.stock,
        },
    )


def _fingerprints(engine: Engine, batch: Sequence[ShopRows]) -> Mapping[tuple[str, str], str]:
    """The fingerprints of those of the orders that stand, by store and number."""
    store, number, fingerprint = orders.c.store_id, orders.c.number_key, orders.c.fingerprint
    in_stores = store.in_({rows.store for rows in batch})
    of_numbers = number.in_({rows.key for rows in batch})
    with reading(engine) as connection:
        found = connection.execute(
            sa.select(store, number, fingerprint).where(in_stores, of_numbers)
        )

        return {(row.store_id, row.number_key): row.fingerprint for row in found}


def _write(connection: Connection, writer: OrderWriter, rows: ShopRows, *, is_new: bool) -> Outcome:
    writer.standing.begin()
    try:
        with connection.begin():
            outcome = writer.add(rows) if is_new else writer.write(rows)
    except IntegrityError:
        if not is_new:
            raise
        # Another import has added it since we looked.
        return _write(connection, writer, rows, is_new=False)
    writer.standing.committed()

    return outcome


class _Courtesy:
    """
    Lets other writers through, where there is only one lock for all of them.

    SQLite does not queue those who wait; they look again after a while and must then find the
    lock free. So as long as others write we leave it free for most of the time.
    """

    def __init__(self, connection: Connection) -> None:
        self._cursor = connection.connection.cursor()
        self._one_lock = connection.dialect.name == "sqlite"
        self._version: int | None = None
        self._until = 0.0

    def pause(self) -> None:
        """Wait a moment if others have been writing."""
        if not self._one_lock:
            return
        (version,) = self._cursor.execute("PRAGMA data_version").fetchone()
        if self._version not in (None, version):
            self._until = monotonic() + PAUSE_FOR
        self._version = version
        if monotonic() < self._until:
            sleep(PAUSE)


@contextmanager
def _quick_commits(engine: Engine) -> Iterator[Connection]:
    """
    A connection that does not wait for the disk after each commit.

    A power cut may undo the last orders but breaks none, and importing the file again brings
    them back. Remedies are never written over such a connection.
    """
    quick, usual = DURABILITY[engine.dialect.name]
    with engine.connect().execution_options(writes=True) as connection:
        driver = connection.connection.driver_connection
        assert driver is not None
        # Past SQLAlchemy, which would begin a transaction; within one they have no effect.
        driver.execute(quick)
        driver.commit()
        try:
            yield connection
        finally:
            driver.execute(usual)
            driver.commit()


DURABILITY = {
    "sqlite": ("PRAGMA synchronous = NORMAL", "PRAGMA synchronous = FULL"),
    "postgresql": ("SET synchronous_commit = off", "RESET synchronous_commit"),
}
