"""Orders with all that belongs to them."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Row

from bot.casework.money import Money
from bot.casework.order_numbers import order_key
from bot.casework.orders import (
    Buyer,
    BuyerType,
    Fulfilment,
    Marketplace,
    Order,
    OrderLine,
    OrderStatus,
    OrderSummary,
    Parcel,
    Payment,
    ShipMode,
    TrackingEvent,
    Variant,
)
from bot.casework.ports.units import Missing
from bot.casework.remedies import Granted, RemedyKind, RemedyState
from bot.store.remedies import STANDS
from bot.store.tables import (
    buyers,
    order_lines,
    orders,
    parcels,
    payments,
    products,
    remedies,
    tracking_events,
)

ORDER_WITH_BUYER = (
    sa.select(orders, buyers.c.name, buyers.c.email, buyers.c.phone)
    .join(buyers, buyers.c.id == orders.c.buyer_id)
    .with_for_update(of=orders)
)
KEY: sa.BindParameter[int] = sa.bindparam("key")
STORE: sa.BindParameter[str] = sa.bindparam("store")
ORDER_BY_ID = ORDER_WITH_BUYER.where(orders.c.id == KEY)
ORDER_BY_NUMBER = ORDER_WITH_BUYER.where(orders.c.store_id == STORE, orders.c.number_key == KEY)
# Products are held too, in one order for all: two replacements cannot both take the last.
LINES = (
    sa.select(order_lines, products.c.stock)
    .join(products, sa.and_(products.c.store_id == STORE, products.c.sku == order_lines.c.sku))
    .where(order_lines.c.order_id == KEY)
    .order_by(products.c.id)
    .with_for_update(of=products)
)
PARCEL = sa.select(parcels).where(parcels.c.order_id == KEY)
TRACKING_EVENTS = (
    sa.select(tracking_events)
    .where(tracking_events.c.parcel_id == KEY)
    .order_by(tracking_events.c.at, tracking_events.c.id)
)
PAYMENTS = sa.select(payments).where(payments.c.order_id == KEY).order_by(payments.c.id)
REMEDIES = (
    sa.select(remedies)
    .where(remedies.c.order_id == KEY, STANDS)
    .order_by(remedies.c.created_at, remedies.c.id)
)
VARIANTS = (
    sa.select(products)
    .where(
        products.c.store_id == STORE, products.c.title.in_(sa.bindparam("titles", expanding=True))
    )
    .order_by(products.c.id)
    .limit(100)
)
SUMMARIES = (
    sa.select(
        orders.c.id, orders.c.number, orders.c.placed_at, orders.c.status, order_lines.c.title
    )
    .join(buyers, buyers.c.id == orders.c.buyer_id)
    .join(order_lines, order_lines.c.order_id == orders.c.id)
    .order_by(orders.c.placed_at.desc(), orders.c.id.desc(), order_lines.c.position)
)
# By the buyer alone, who belongs to one store as their orders do: named as well, the orders'
# store would lead SQLite to look at all of them.
SUMMARIES_OF_EMAIL = SUMMARIES.where(
    buyers.c.store_id == STORE,
    buyers.c.email == sa.bindparam("email"),
    buyers.c.email != "",
)
SUMMARIES_OF_IDS = SUMMARIES.where(orders.c.id.in_(sa.bindparam("keys", expanding=True)))


class SqlOrders:
    """`bot.casework.ports.orders.Orders` in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def get(self, order_id: int) -> Order:
        found = self._one(ORDER_BY_ID, key=order_id)
        if found is None:
            raise Missing(f"no order {order_id}")
        return found

    def find(self, store: str, number: str) -> Order | None:
        return self._one(ORDER_BY_NUMBER, store=store, key=order_key(number))

    def of_email(self, store: str, email: str) -> tuple[OrderSummary, ...]:
        return self._summaries(SUMMARIES_OF_EMAIL, store=store, email=email.strip().lower())

    def summaries(self, order_ids: Sequence[int]) -> tuple[OrderSummary, ...]:
        return self._summaries(SUMMARIES_OF_IDS, keys=order_ids) if order_ids else ()

    def buyers_of(self, store: str) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
        rows = self._db.execute(
            sa.select(buyers.c.email, buyers.c.name, orders.c.number)
            .join(orders, orders.c.buyer_id == buyers.c.id)
            .where(buyers.c.store_id == store, buyers.c.email != "")
            .order_by(buyers.c.name, buyers.c.email, orders.c.placed_at.desc())
        )
        found: dict[tuple[str, str], tuple[str, ...]] = {}
        for row in rows:
            key = (row.email, row.name)
            found[key] = (*found.get(key, ()), row.number)

        return tuple((email, name, numbers) for (email, name), numbers in found.items())

    def take_stock(self, store: str, sku: str, pieces: int) -> bool:
        taken = self._db.execute(
            sa.update(products)
            .where(products.c.store_id == store, products.c.sku == sku, products.c.stock >= pieces)
            .values(stock=products.c.stock - pieces)
        )
        return taken.rowcount == 1

    def give_back_stock(self, store: str, sku: str, pieces: int) -> None:
        self._db.execute(
            sa.update(products)
            .where(products.c.store_id == store, products.c.sku == sku)
            .values(stock=products.c.stock + pieces)
        )

    def _one(self, query: sa.Select[Any], **values: object) -> Order | None:
        row = self._db.execute(query, values).one_or_none()
        if row is None:
            return None
        lines = self._lines(row)

        return Order(
            id=row.id,
            store=row.store_id,
            number=row.number,
            marketplace=Marketplace(row.marketplace),
            placed_at=row.placed_at,
            status=OrderStatus(row.status),
            fulfilment=Fulfilment(row.fulfilment),
            ship_mode=ShipMode(row.ship_mode),
            buyer=Buyer(name=row.name, email=row.email, phone=row.phone),
            buyer_type=BuyerType(row.buyer_type),
            country=row.country,
            postal_code=row.postal_code,
            city=row.city,
            address=row.address,
            currency=row.currency,
            shipping_price=Money(row.shipping_price, row.currency),
            lines=lines,
            parcel=self._parcel(row.id),
            payments=self._payments(row.id),
            promised_by=row.promised_by,
            revision=row.revision,
            granted=self._granted(row.id),
            variants=self._variants(row, lines),
        )

    def _lines(self, order: Row[tuple[object, ...]]) -> tuple[OrderLine, ...]:
        rows = self._db.execute(LINES, {"store": order.store_id, "key": order.id})

        return tuple(
            OrderLine(
                id=row.id,
                sku=row.sku,
                title=row.title,
                variant=row.variant,
                quantity=row.quantity,
                unit_price=Money(row.unit_price, order.currency),
                stock=row.stock,
            )
            for row in sorted(rows, key=lambda row: row.position)
        )

    def _variants(
        self, order: Row[tuple[object, ...]], lines: tuple[OrderLine, ...]
    ) -> tuple[Variant, ...]:
        """What else is sold under those titles; a price in another currency is none."""
        titles = sorted({line.title for line in lines})
        rows = self._db.execute(VARIANTS, {"store": order.store_id, "titles": titles})

        return tuple(
            Variant(
                sku=row.sku,
                title=row.title,
                variant=row.variant,
                price=Money(row.price, row.currency)
                if row.price is not None and row.currency == order.currency
                else None,
                stock=row.stock,
            )
            for row in rows
        )

    def _parcel(self, order_id: int) -> Parcel | None:
        row = self._db.execute(PARCEL, {"key": order_id}).one_or_none()
        if row is None:
            return None
        events = self._db.execute(TRACKING_EVENTS, {"key": row.id})

        return Parcel(
            carrier=row.carrier,
            tracking_number=row.tracking_number,
            shipped_at=row.shipped_at,
            delivered_at=row.delivered_at,
            events=tuple(
                TrackingEvent(at=event.at, label=event.label, place=event.place) for event in events
            ),
        )

    def _payments(self, order_id: int) -> tuple[Payment, ...]:
        rows = self._db.execute(PAYMENTS, {"key": order_id})

        return tuple(
            Payment(amount=Money(row.amount, row.currency), paid_at=row.paid_at, method=row.method)
            for row in rows
        )

    def _granted(self, order_id: int) -> tuple[Granted, ...]:
        rows = self._db.execute(REMEDIES, {"key": order_id})

        return tuple(
            Granted(
                kind=RemedyKind(row.kind),
                line_id=row.line_id,
                amount=None if row.amount is None else Money(row.amount, row.currency),
                state=RemedyState(row.state),
                quantity=row.quantity,
                granted_at=row.created_at,
                done_at=row.ended_at,
                remedy_id=row.id,
                reason=row.reason,
            )
            for row in rows
        )

    def _summaries(self, query: sa.Select[Any], **values: object) -> tuple[OrderSummary, ...]:
        rows = self._db.execute(query, values)
        found: dict[int, OrderSummary] = {}
        for row in rows:
            before = found[row.id].titles if row.id in found else ()
            found[row.id] = OrderSummary(
                id=row.id,
                number=row.number,
                placed_at=row.placed_at,
                status=OrderStatus(row.status),
                titles=(*before, row.title),
            )

        return tuple(found.values())
