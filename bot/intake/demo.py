"""
The demo shop: a store with some forty orders in every state, to try Makegood with.

Its orders are an ordinary order file with fixed dates. They are loaded as if the file's
anchor day were today, so that what is late in it is late whenever somebody starts.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from bot.casework.orders import Order, Parcel
from bot.casework.products import Product
from bot.casework.stores import Store, new_identity_secret
from bot.intake.delimited import UnreadableFile
from bot.intake.order_file import open_order_file
from bot.intake.product_file import open_product_file
from bot.settings import ROOT, Settings
from bot.store.database import reading, writing
from bot.store.imports import put_orders, put_product
from bot.store.opening import opened
from bot.store.stores import add_store, find_store

DEMO = "demo"
FOLDER = ROOT / "data" / "demo"
ANCHOR = date(2025, 6, 16)
"""The day in the life of the demo shop that data/demo/orders.csv shows."""


def load_demo(settings: Settings, today: date | None = None) -> None:
    """
    Set up the demo shop, unless there is one already.

    All of it or nothing: a start that is broken off leaves no half of a shop, and what is done
    in the shop later is not undone by the next start.
    """
    with opened(settings.store_url) as engine:
        with reading(engine) as connection:
            if find_store(connection, DEMO):
                return

        now = datetime.now(UTC)
        products = read_products(FOLDER / "products.csv")
        orders = read_orders(FOLDER / "orders.csv", (today or now.date()) - ANCHOR)
        with writing(engine) as connection:
            if not add_store(connection, demo_store(), now):
                return
            for product in products:
                put_product(connection, DEMO, product)
            put_orders(connection, orders)


def demo_store() -> Store:
    """The demo shop's account, with a secret of its own."""
    return Store(
        id=DEMO,
        name="Clay & Co.",
        title="Clay & Co.",
        greeting="Hello! I am the shop's bot. Ask me about an order, or tell me what went wrong.",
        colour="#b4532a",
        locale="en",
        identity_secret=new_identity_secret(),
    )


def read_products(path: Path) -> list[Product]:
    """The demo shop's products."""
    with open_product_file(path) as file:
        return [_expect(item, Product, path) for item in file.products()]


def read_orders(path: Path, by: timedelta) -> list[Order]:
    """The demo shop's orders, all their dates moved."""
    with open_order_file(path) as file:
        return [_moved(_expect(item, Order, path), by) for item in file.orders(DEMO)]


def _expect[Kind](item: object, kind: type[Kind], path: Path) -> Kind:
    if not isinstance(item, kind):
        raise UnreadableFile(f"{path} is not as it was shipped: {item}. Restore it.")

    return item


def _moved(order: Order, by: timedelta) -> Order:
    return replace(
        order,
        placed_at=order.placed_at + by,
        promised_by=order.promised_by and order.promised_by + by,
        parcel=order.parcel and _parcel_moved(order.parcel, by),
        payments=tuple(
            replace(payment, paid_at=payment.paid_at + by) for payment in order.payments
        ),
    )


def _parcel_moved(parcel: Parcel, by: timedelta) -> Parcel:
    return replace(
        parcel,
        shipped_at=parcel.shipped_at and parcel.shipped_at + by,
        delivered_at=parcel.delivered_at and parcel.delivered_at + by,
        events=tuple(replace(event, at=event.at + by) for event in parcel.events),
    )
