"""
Orders and products from a shop's files, written beside running chats.

Each order is one transaction: a chat waits for one order at most, and an import that is broken
off leaves whole orders behind.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import batched

import sqlalchemy as sa
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import IntegrityError

from bot.casework.orders import Order
from bot.casework.products import Product
from bot.store.bulk_connection import Courtesy, bulk_connection
from bot.store.database import reading
from bot.store.order_writing import OrderWriter, Outcome
from bot.store.shop_rows import ShopRows, to_rows
from bot.store.standing_rows import upsert
from bot.store.tables import orders
from bot.store.tables import products as products_table

LOOKED_UP_AT_ONCE = 25
SAID_OF_PRODUCTS = ("title", "variant", "stock", "price", "currency")


def import_orders(engine: Engine, stated: Iterable[Order]) -> Iterator[Outcome]:
    """
    Write the orders one by one, and tell of each what became of it.

    An order that stands just so is passed over without a write: importing a file again changes
    nothing and holds up nobody.
    """
    with bulk_connection(engine) as connection:
        writer, courtesy = OrderWriter(connection), Courtesy(connection)
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
    """Write the products one by one: what the file says of them counts."""
    with bulk_connection(engine) as connection:
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
            set_={name: put.excluded[name] for name in SAID_OF_PRODUCTS},
        ),
        {
            "store_id": store,
            "sku": product.sku,
            "title": product.title,
            "variant": product.variant,
            "stock": product.stock,
            "price": product.price.minor if product.price else None,
            "currency": product.price.currency if product.price else None,
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
