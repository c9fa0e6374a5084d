"""The demo shop is whole, makes sense on any day, and is loaded once."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.casework.orders import BuyerType, Fulfilment, Marketplace, Order, OrderStatus, ShipMode
from bot.intake import demo
from bot.intake.demo import ANCHOR, FOLDER, load_demo, read_orders, read_products
from bot.rulebook import load_rulebook
from bot.settings import ROOT, Settings
from bot.store.database import reading, writing
from bot.store.migrate import migrate
from bot.store.opening import opened
from bot.store.orders import SqlOrders
from bot.store.tables import orders, products, stores

TODAY = date(2028, 2, 29)
SENT = (OrderStatus.SHIPPED, OrderStatus.DELIVERED, OrderStatus.REFUSED)


@pytest.fixture
def shop() -> list[Order]:
    """The demo shop's orders, as on TODAY."""
    return read_orders(FOLDER / "orders.csv", TODAY - ANCHOR)


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    """A fresh installation."""
    settings = Settings(state=tmp_path, database_url=database_url)
    migrate(settings.store_url)

    return settings


def test_the_shop_has_all_kinds_of_orders(shop: list[Order]) -> None:
    """
    Every word that the order file knows stands there, and every common combination.
    """
    assert len(shop) == 40
    assert {order.marketplace for order in shop} == set(Marketplace)
    assert {order.status for order in shop} == set(OrderStatus)
    assert {order.fulfilment for order in shop} == set(Fulfilment)
    assert {order.ship_mode for order in shop} == set(ShipMode)
    assert {order.buyer_type for order in shop} == set(BuyerType)
    assert len({order.currency for order in shop}) >= 5
    assert max(len(order.lines) for order in shop) >= 3
    assert max(Counter(order.buyer.email for order in shop).values()) >= 3
    assert all(order.buyer.email.endswith("@example.com") for order in shop)


def test_parcels_are_on_time_late_and_very_late(shop: list[Order]) -> None:
    """
    Whatever the day is on which the shop is loaded.
    """
    rules = load_rulebook(ROOT / "rulebook")
    under_way = [order for order in shop if order.status is OrderStatus.SHIPPED]
    very_late = [order for order in under_way if rules.makes_good_from(order) <= TODAY]
    late = [order for order in under_way if rules.expected_by(order) < TODAY]

    assert len(under_way) > len(late) > len(very_late) > 1
    assert any(
        rules.makes_good_from(order) <= TODAY
        for order in shop
        if order.status is OrderStatus.PROCESSING
    )


def test_dates_make_sense(shop: list[Order]) -> None:
    """
    Nothing has happened that is still to come, and nothing before what it follows.
    """
    for order in shop:
        parcel = order.parcel
        assert (parcel is not None) == (order.status in SENT), order.number
        assert order.placed_at.date() < TODAY
        if parcel:
            assert parcel.shipped_at is not None
            assert order.placed_at < parcel.shipped_at
            assert parcel.shipped_at.date() < TODAY
            assert (parcel.delivered_at is not None) == (order.status is OrderStatus.DELIVERED)
        if parcel and parcel.delivered_at and parcel.shipped_at:
            assert parcel.shipped_at < parcel.delivered_at
            assert parcel.delivered_at.date() < TODAY


def test_the_mug_came_in_pieces(settings: Settings) -> None:
    """
    DEMO-1003 is what the README tells newcomers to try.
    """
    load_demo(settings, TODAY)
    with opened(settings.store_url) as engine, reading(engine) as connection:
        order = SqlOrders(connection).find("demo", "demo-1003")

    assert order is not None
    (line,) = order.lines
    assert "mug" in line.title
    assert line.quantity == 1
    assert line.stock
    assert order.status is OrderStatus.DELIVERED
    assert order.fulfilment is Fulfilment.SELLER
    assert order.buyer_type is BuyerType.RETAIL
    assert order.parcel is not None
    assert order.parcel.delivered_at is not None
    assert order.parcel.delivered_at.date() == TODAY - timedelta(days=3)


def test_every_product_that_was_sold_is_known(shop: list[Order]) -> None:
    """
    Some are in stock, some are not, of some it is not known.
    """
    known = {product.sku: product.stock for product in read_products(FOLDER / "products.csv")}

    assert {line.sku for order in shop for line in order.lines} <= known.keys()
    assert {0, None} < set(known.values())


def test_there_is_something_to_change_to(shop: list[Order]) -> None:
    """
    Of two products at least, other variants are in stock and cost more, less or the same; of one
    the price is not known.
    """
    known = read_products(FOLDER / "products.csv")
    others = {
        title: [product for product in known if product.title == title and product.stock]
        for title in {line.title for order in shop for line in order.lines}
    }

    assert sum(len(variants) > 1 for variants in others.values()) >= 2
    assert any(product.price is None for variants in others.values() for product in variants)


def test_a_later_start_disturbs_nothing(settings: Settings) -> None:
    """
    Neither orders nor stock nor the secret.
    """
    load_demo(settings, TODAY)
    with opened(settings.store_url) as engine:
        with writing(engine) as connection:
            connection.execute(sa.update(products).values(stock=1))
            connection.execute(sa.update(orders).values(city="Bonn"))
            before = connection.execute(sa.select(stores)).all()
        load_demo(settings, TODAY + timedelta(days=1))
        with reading(engine) as connection:
            assert connection.execute(sa.select(stores)).all() == before
            assert set(connection.scalars(sa.select(products.c.stock))) == {1}
            assert set(connection.scalars(sa.select(orders.c.city))) == {"Bonn"}


def test_starts_at_once_load_one_shop(settings: Settings) -> None:
    """
    Whoever comes second finds it loaded, or waits until it is.
    """
    with ThreadPoolExecutor(3) as starts:
        for start in [starts.submit(load_demo, settings, TODAY) for _ in range(3)]:
            start.result()

    with opened(settings.store_url) as engine, reading(engine) as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(orders)) == 40


def test_a_start_that_breaks_off_leaves_no_half_shop(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    The next start loads all of it.
    """

    def power_cut(*_: object) -> None:
        raise RuntimeError("power cut")

    with monkeypatch.context() as patched:
        patched.setattr(demo, "put_orders", power_cut)
        with pytest.raises(RuntimeError):
            load_demo(settings, TODAY)
    load_demo(settings, TODAY)

    with opened(settings.store_url) as engine, reading(engine) as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(orders)) == 40
