"""What an import leaves in the store, and what it leaves alone."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import IntegrityError

from bot.casework.orders import Buyer, Order, OrderLine, OrderStatus, Parcel, Payment, TrackingEvent
from bot.casework.products import Product
from bot.store import imports
from bot.store.database import open_database, reading, writing
from bot.store.imports import import_orders, import_products
from bot.store.order_writing import OrderWriter, Outcome
from bot.store.orders import SqlOrders
from bot.store.shop_rows import ShopRows
from bot.store.tables import (
    buyers,
    cases,
    conversations,
    decisions,
    order_lines,
    orders,
    payments,
    products,
    remedies,
    tracking_events,
)
from tests.factories import NOW, a_line, an_order, eur


def put(database: Engine, *stated: Order) -> Counter[Outcome]:
    """Import those orders."""
    return Counter(import_orders(database, stated))


def found(database: Engine, number: str) -> Order:
    """The order as chats see it."""
    with reading(database) as connection:
        order = SqlOrders(connection).find("demo", number)
    assert order is not None

    return order


def rows(database: Engine, table: sa.Table) -> Sequence[sa.Row[Any]]:
    """All rows of a table."""
    with reading(database) as connection:
        return connection.execute(sa.select(table).order_by(table.c.id)).all()


def stated(**changes: Any) -> Order:
    """An order as a file states it, with two lines, a parcel and one payment."""
    order = an_order(
        store="demo",
        number="1004",
        lines=(a_line(sku="A", quantity=2), a_line(sku="B", title="Lamp", quantity=1)),
        parcel=Parcel(
            carrier="DHL",
            tracking_number="JD1",
            shipped_at=NOW - timedelta(days=3),
            delivered_at=None,
            events=(TrackingEvent(at=NOW - timedelta(days=3), label="Handed to the carrier"),),
        ),
        payments=(Payment(amount=eur("65"), paid_at=NOW - timedelta(days=5), method="order file"),),
    )

    return replace(order, **changes)


def test_an_order_comes_back_as_it_was_stated(database: Engine) -> None:
    """
    Only ids, stock, revision and what else is sold under the same titles are the store's.
    """
    order = stated()
    assert put(database, order) == {Outcome.ADDED: 1}

    back = found(database, "#1004")
    assert [line.id for line in back.lines] == [1, 2]
    assert [line.stock for line in back.lines] == [None, None]
    assert back.revision == 1
    assert [one.sku for one in back.variants] == ["A", "B"]
    same = {"id": 0, "stock": None}
    assert replace(
        back, id=0, variants=(), lines=tuple(replace(line, **same) for line in back.lines)
    ) == (replace(order, id=0, lines=tuple(replace(line, **same) for line in order.lines)))


def test_a_second_import_writes_nothing(database: Engine) -> None:
    """
    Not even with the lines in another sequence.
    """
    put(database, stated(), stated(number="1005"))
    before = [rows(database, table) for table in (orders, order_lines, payments, tracking_events)]
    turned = stated(lines=stated().lines[::-1])

    assert put(database, turned, stated(number="1005")) == {Outcome.UNCHANGED: 2}
    assert before == [
        rows(database, table) for table in (orders, order_lines, payments, tracking_events)
    ]


def test_an_unchanged_order_is_passed_over_while_another_writes(database: Engine) -> None:
    """
    A second import of a file holds up no chat and is held up by none.
    """
    put(database, stated())
    with writing(database) as connection:
        connection.execute(sa.update(orders).values(city="Bonn"))
        assert put(database, stated()) == {Outcome.UNCHANGED: 1}


def test_a_changed_order_is_changed_in_place(database: Engine) -> None:
    """
    Ids stay, the revision grows, and what the buyer paid follows.
    """
    put(database, stated())
    first = found(database, "1004")
    delivered = Parcel(
        carrier="DHL",
        tracking_number="JD1",
        shipped_at=NOW - timedelta(days=3),
        delivered_at=NOW,
        events=(
            TrackingEvent(at=NOW - timedelta(days=3), label="Handed to the carrier"),
            TrackingEvent(at=NOW, label="Delivered", place="Berlin"),
        ),
    )
    changed = stated(
        number="#1004",
        status=OrderStatus.DELIVERED,
        parcel=delivered,
        lines=(a_line(sku="A", quantity=3, unit_price=eur("21")), a_line(sku="B", title="Lamp")),
        payments=(replace(stated().payments[0], amount=eur("88")),),
    )

    assert put(database, changed) == {Outcome.CHANGED: 1}
    second = found(database, "1004")
    assert (second.id, second.number, second.revision) == (first.id, "#1004", 2)
    assert [line.id for line in second.lines] == [line.id for line in first.lines]
    assert (second.lines[0].quantity, second.lines[0].unit_price) == (3, eur("21"))
    assert second.parcel == delivered
    assert second.paid == eur("88")
    assert len(rows(database, payments)) == 1


def test_a_parcel_may_come_and_go(database: Engine) -> None:
    """
    The shop may have been wrong about it.
    """
    put(database, stated(parcel=None))
    assert found(database, "1004").parcel is None
    put(database, stated())
    assert found(database, "1004").parcel == stated().parcel
    put(database, stated(parcel=None))
    assert found(database, "1004").parcel is None
    assert rows(database, tracking_events) == []


def test_payments_from_elsewhere_stay(database: Engine) -> None:
    """
    The file speaks of its own payment only.
    """
    put(database, stated())
    order_id = found(database, "1004").id
    with writing(database) as connection:
        connection.execute(
            sa.insert(payments).values(
                order_id=order_id, amount=500, currency="EUR", paid_at=NOW, method="voucher"
            )
        )
    put(database, stated(payments=(replace(stated().payments[0], amount=eur("70")),)))

    assert found(database, "1004").paid == eur("75")


def test_a_line_is_known_by_its_product(database: Engine) -> None:
    """
    Another product at its place is another line: a remedy for the one is none for the other.
    """
    a, b, c = (a_line(sku=sku, title=sku) for sku in "ABC")
    put(database, stated(lines=(a, b)))
    first = {line.sku: line.id for line in found(database, "1004").lines}
    put(database, stated(lines=(b, c, a, a)))
    second = found(database, "1004").lines

    assert [line.sku for line in second] == ["B", "C", "A", "A"]
    assert second[0].id == first["B"]
    assert second[2].id == first["A"]
    assert len({line.id for line in second}) == 4


def test_lines_of_one_product_are_told_apart_by_variant(database: Engine) -> None:
    """
    Two sizes of one SKU change places and keep their ids.
    """
    small, large = (a_line(sku="A", variant=variant) for variant in ("S", "L"))
    put(database, stated(lines=(small, large)))
    first = {line.variant: line.id for line in found(database, "1004").lines}
    put(database, stated(lines=(large, small, a_line(sku="B"))))

    assert {line.variant: line.id for line in found(database, "1004").lines[:2]} == first


def test_a_line_that_is_gone_is_deleted(database: Engine) -> None:
    """
    If nobody speaks of the order.
    """
    put(database, stated())
    put(database, stated(lines=stated().lines[:1]))

    assert [row.sku for row in rows(database, order_lines)] == ["A"]


@pytest.mark.parametrize("with_remedy", [True, False])
def test_a_line_of_a_case_is_kept_with_no_pieces(database: Engine, with_remedy: bool) -> None:
    """
    A case or a remedy may point to it, and both must still find it.
    """
    put(database, stated())
    order = found(database, "1004")
    with writing(database) as connection:
        add_case(connection, order, order.lines[0] if with_remedy else None)
    put(database, stated(lines=(a_line(sku="C"), stated().lines[1])))

    kept = {row.id: row.quantity for row in rows(database, order_lines)}
    assert kept[order.lines[0].id] == 0
    assert kept[order.lines[1].id] == 1
    assert len(kept) == 3


def test_buyers_are_one_by_e_mail_and_name(database: Engine) -> None:
    """
    The last phone that was given counts, none given takes none away.
    """
    ann = Buyer(name="Ann", email="ann@example.com", phone="1")
    put(
        database,
        stated(number="1", buyer=ann),
        stated(number="2", buyer=replace(ann, phone="2")),
        stated(number="3", buyer=replace(ann, phone="")),
        stated(number="4", buyer=replace(ann, name="Ann's mother")),
    )

    assert [(row.name, row.phone) for row in rows(database, buyers)] == [
        ("Ann", "2"),
        ("Ann's mother", "1"),
    ]


def test_products_come_from_lines_and_keep_their_stock(database: Engine) -> None:
    """
    An order knows what was sold, not what is left.
    """
    list(import_products(database, "demo", [Product(sku="A", title="Stoneware mug", stock=7)]))
    put(database, stated())
    assert [(row.sku, row.title, row.stock) for row in rows(database, products)] == [
        ("A", "Stoneware mug", 7),
        ("B", "Lamp", None),
    ]

    changed = [Product(sku="B", title="Lamp", stock=2), Product(sku="A", title="Mug", stock=None)]
    list(import_products(database, "demo", changed))
    assert [(row.sku, row.title, row.stock) for row in rows(database, products)] == [
        ("A", "Mug", None),
        ("B", "Lamp", 2),
    ]


def test_a_product_has_the_price_that_the_newest_file_names(database: Engine) -> None:
    """
    With its currency; a file without prices takes the old one away rather than let it grow stale.
    """
    list(import_products(database, "demo", [Product(sku="A", title="Mug", price=eur("14.90"))]))
    assert [(row.price, row.currency) for row in rows(database, products)] == [(1490, "EUR")]

    list(import_products(database, "demo", [Product(sku="A", title="Mug", stock=3)]))
    assert [(row.price, row.currency) for row in rows(database, products)] == [(None, None)]


def test_each_order_is_a_transaction(database: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    What breaks in the middle of an order leaves the ones before, and nothing of itself.
    """
    writer_add = OrderWriter.add

    def break_in_second(self: OrderWriter, order: ShopRows) -> Outcome:
        outcome = writer_add(self, order)
        if order.key == "1005":
            raise RuntimeError("power cut")
        return outcome

    monkeypatch.setattr(OrderWriter, "add", break_in_second)
    second = stated(number="1005", buyer=Buyer(name="Eve", email=""), lines=(a_line(sku="Z"),))
    with pytest.raises(RuntimeError):
        put(database, stated(), second)

    assert [row.number for row in rows(database, orders)] == ["1004"]
    assert [row.name for row in rows(database, buyers)] == [stated().buyer.name]
    assert [row.sku for row in rows(database, products)] == ["A", "B"]

    monkeypatch.undo()
    assert put(database, stated(), second) == {Outcome.UNCHANGED: 1, Outcome.ADDED: 1}


def test_two_imports_at_once_add_an_order_once(
    database: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    The one that comes second finds the order after it has looked for it in vain.
    """
    put(database, stated(number="1005"))
    monkeypatch.setattr(imports, "_fingerprints", lambda *_: {})

    assert put(database, stated(number="1005")) == {Outcome.UNCHANGED: 1}
    eve = Buyer(name="Eve", email="eve@example.com")
    assert put(database, stated(number="1005", buyer=eve)) == {Outcome.CHANGED: 1}
    assert found(database, "1005").revision == 2
    assert found(database, "1005").buyer == eve


def test_an_order_of_no_store_is_our_mistake(database: Engine) -> None:
    """
    It is not taken for a database that is out of order.
    """
    with pytest.raises(IntegrityError):
        put(database, stated(store="nowhere"))


def test_other_commits_stay_safe_from_power_cuts(database: Engine) -> None:
    """
    The connection that an import used goes back as strict as it came.
    """
    put(database, stated())
    question = {"sqlite": "PRAGMA synchronous", "postgresql": "SHOW synchronous_commit"}
    with reading(database) as connection:
        answer = connection.exec_driver_sql(question[database.dialect.name]).scalar_one()

    assert answer in (2, "on")


def test_a_chat_writes_between_two_orders(database: Engine) -> None:
    """
    Between two orders the lock is free.
    """
    other = open_database(database.url.render_as_string(hide_password=False))
    written = import_orders(database, (stated(number=str(number)) for number in range(5)))
    for number, _ in enumerate(written):
        with writing(other) as connection:
            connection.execute(
                sa.update(orders).where(orders.c.number == str(number)).values(city="Bonn")
            )
    other.dispose()

    assert {row.city for row in rows(database, orders)} == {"Bonn"}


def add_case(connection: Connection, order: Order, line: OrderLine | None) -> None:
    """A case about the order, or a remedy for the line out of a case about no order."""
    connection.execute(
        sa.insert(conversations).values(
            id="c", store_id="demo", locale="en", floor="BOT", misses=0, last_seq=0, fence=0,
            created_at=NOW,
        )
    )  # fmt: skip
    connection.execute(
        sa.insert(cases).values(
            id="k", conversation_id="c", order_id=None if line else order.id,
            playbook="damaged_item",
            intent="damaged_item", state="open", awaiting="nothing", known={}, opened_at=NOW,
            touched=1,
        )
    )  # fmt: skip
    if line is None:
        return
    connection.execute(
        sa.insert(decisions).values(
            id=1, conversation_id="c", case_id="k", playbook="damaged_item", step="s",
            decision="Perform", facts={}, rules={}, rulebook_version="1", decided_at=NOW,
        )
    )  # fmt: skip
    connection.execute(
        sa.insert(remedies).values(
            id="r", idempotency_key="r", case_id="k", decision_id=1, store_id="demo",
            buyer_id=sa.select(orders.c.buyer_id).where(orders.c.id == order.id).scalar_subquery(),
            order_id=order.id, order_revision=1, line_id=line.id, kind="refund", amount=100,
            currency="EUR", worth=100, worth_currency="EUR", terms={}, reason="r",
            state="requested", approved_by="", reference="", created_at=NOW,
        )
    )  # fmt: skip
