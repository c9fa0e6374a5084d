"""Buyers and products that orders refer to, made where they are missing."""

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite

from bot.store.prepared import PreparedInsert
from bot.store.shop_rows import Row, ShopRows
from bot.store.tables import buyers, products

NOT_KNOWN: dict[str, object] = {"stock": None, "price": None, "currency": None}
"""What an order does not tell of its products."""
REMEMBERED = 100_000
"""Of each kind; in a store with more, some are asked for again."""


def upsert(connection: Connection, table: sa.Table) -> sqlite.Insert | postgresql.Insert:
    """An insert that can say what to do when the row stands already."""
    if connection.dialect.name == "postgresql":
        return postgresql.insert(table)

    return sqlite.insert(table)


class StandingRows:
    """
    The buyers and products that are known to stand, so that they are not asked for again.

    What was made in a transaction counts as standing from `committed` on, not before.
    """

    def __init__(self, connection: Connection) -> None:
        self._put_product = PreparedInsert(
            connection, products, upsert(connection, products).on_conflict_do_nothing()
        )
        self._put_buyer = PreparedInsert(connection, buyers, _put_buyer(connection))
        self._buyers: dict[tuple[str, ...], int] = {}
        self._products: set[tuple[str, str]] = set()
        self._new_buyers: dict[tuple[str, ...], int] = {}
        self._new_products: set[tuple[str, str]] = set()

    def begin(self) -> None:
        """Forget what a transaction made that did not come to its end."""
        self._new_buyers.clear()
        self._new_products.clear()

    def committed(self) -> None:
        """What the transaction made now stands."""
        if len(self._buyers) > REMEMBERED:
            self._buyers.clear()
        if len(self._products) > REMEMBERED:
            self._products.clear()
        self._buyers |= self._new_buyers
        self._products |= self._new_products

    def buyer_id(self, buyer: Row) -> int:
        """The id of the buyer with that e-mail and name."""
        key = tuple(buyer.values())
        if known := self._buyers.get(key) or self._new_buyers.get(key):
            return known
        made = self._put_buyer.add(buyer)
        self._new_buyers[key] = made

        return made

    def put_products(self, rows: ShopRows) -> None:
        """Let every line have its product; one that stands keeps its title and stock."""
        lines = {(rows.store, line["sku"]): line for line in rows.lines}
        # In one sequence for all, lest two imports wait for each other.
        missing = sorted(lines.keys() - self._products - self._new_products)
        self._put_product.add_all(
            {**lines[key], "store_id": rows.store, **NOT_KNOWN} for key in missing
        )
        self._new_products.update(missing)


def _put_buyer(connection: Connection) -> sa.Insert:
    put = upsert(connection, buyers)
    empty: sa.ColumnElement[str] = sa.literal_column("''")
    # A buyer's last known phone is kept when an order comes without one.
    phone = sa.case((put.excluded.phone == empty, buyers.c.phone), else_=put.excluded.phone)

    return put.on_conflict_do_update(
        index_elements=["store_id", "email", "name"], set_={"phone": phone}
    ).returning(buyers.c.id)
