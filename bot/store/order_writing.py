"""
Writing one order, with all that belongs to it, as the shop states it now.

An order that stands already is changed in place and its `revision` grows, so that an offer made
for the order as it was is void.
"""

from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy import Connection, bindparam

from bot.store.line_writing import change_lines
from bot.store.prepared import PreparedInsert
from bot.store.shop_rows import ShopRows
from bot.store.standing_rows import StandingRows
from bot.store.tables import order_lines, orders, parcels, payments, tracking_events

FIND_ORDER = (
    sa.select(orders.c.id, orders.c.fingerprint, orders.c.erased_at)
    .where(orders.c.store_id == bindparam("store"), orders.c.number_key == bindparam("key"))
    .with_for_update()
)
FIND_PARCEL = sa.select(parcels.c.id).where(parcels.c.order_id == bindparam("order"))


class Outcome(StrEnum):
    """What became of an order that was to be written."""

    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


class OrderWriter:
    """Writes orders over one connection, each into the transaction that is open then."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection
        self.standing = StandingRows(connection)
        self._insert_order = self._insert_with_id(orders)
        self._insert_parcel = self._insert_with_id(parcels)
        self._insert_lines = self._insert(order_lines)
        self._insert_events = self._insert(tracking_events)
        self._insert_payments = self._insert(payments)

    def write(self, rows: ShopRows) -> Outcome:
        """Add the order, or let the one of its number be as this one is."""
        key = {"store": rows.store, "key": rows.key}
        found = self._db.execute(FIND_ORDER, key).one_or_none()
        if not found:
            return self.add(rows)
        if found.fingerprint == rows.fingerprint or found.erased_at:
            # The file still names a buyer who was erased on request: it must not bring them back.
            return Outcome.UNCHANGED

        return self._change(found.id, rows)

    def add(self, rows: ShopRows) -> Outcome:
        """Add the order; an IntegrityError if there is one of its number."""
        self.standing.put_products(rows)
        links = {"buyer_id": self.standing.buyer_id(rows.buyer), "fingerprint": rows.fingerprint}
        order_id = self._insert_order.add({**rows.order, **links, "revision": 1, "erased_at": None})
        self._insert_lines.add_all({**line, "order_id": order_id} for line in rows.lines)
        self._insert_payments.add_all({**row, "order_id": order_id} for row in rows.payments)
        self._add_parcel(order_id, rows)

        return Outcome.ADDED

    def _change(self, order_id: int, rows: ShopRows) -> Outcome:
        self.standing.put_products(rows)
        links = {"buyer_id": self.standing.buyer_id(rows.buyer), "fingerprint": rows.fingerprint}
        changed = {**rows.order, **links, "revision": orders.c.revision + 1}
        self._db.execute(sa.update(orders).where(orders.c.id == order_id).values(changed))
        change_lines(self._db, order_id, rows.lines)
        self._change_parcel(order_id, rows)
        self._change_payments(order_id, rows)

        return Outcome.CHANGED

    def _change_payments(self, order_id: int, rows: ShopRows) -> None:
        """What the shop states of a payment counts; payments from elsewhere stay."""
        for row in rows.payments:
            same = sa.and_(payments.c.order_id == order_id, payments.c.method == row["method"])
            if not self._db.execute(sa.update(payments).where(same).values(row)).rowcount:
                self._insert_payments.add_all([{**row, "order_id": order_id}])

    def _add_parcel(self, order_id: int, rows: ShopRows) -> None:
        if rows.parcel is None:
            return
        parcel_id = self._insert_parcel.add({**rows.parcel, "order_id": order_id})
        self._insert_events.add_all({**event, "parcel_id": parcel_id} for event in rows.events)

    def _change_parcel(self, order_id: int, rows: ShopRows) -> None:
        parcel_id = self._db.execute(FIND_PARCEL, {"order": order_id}).scalar_one_or_none()
        if parcel_id is None:
            self._add_parcel(order_id, rows)
            return

        of_parcel = tracking_events.c.parcel_id == parcel_id
        this = parcels.c.id == parcel_id
        self._db.execute(sa.delete(tracking_events).where(of_parcel))
        if rows.parcel is None:
            self._db.execute(sa.delete(parcels).where(this))
            return
        self._db.execute(sa.update(parcels).where(this).values(rows.parcel))
        self._insert_events.add_all({**event, "parcel_id": parcel_id} for event in rows.events)

    def _insert(self, table: sa.Table) -> PreparedInsert:
        return PreparedInsert(self._db, table, sa.insert(table))

    def _insert_with_id(self, table: sa.Table) -> PreparedInsert:
        return PreparedInsert(self._db, table, sa.insert(table).returning(table.c.id))
