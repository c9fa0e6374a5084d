"""
How long a turn takes among many orders: `python -m benchmarks.turns` (a part of `make bench`).

`take_turn` is measured with the real store (SQLite, synchronous=FULL), the shipped rulebook and
templates, at 100 000 orders; a step's decision alone, without a store; and beside them, in the
same rounds, the peer that nobody can beat: one bare SQLite transaction that writes a row as
durably (sqlite3 of the standard library).
"""

import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from time import perf_counter

import sqlalchemy as sa

from benchmarks.figures import Spread, print_table
from bot.casework.cases import Case
from bot.casework.decisions import Propose
from bot.casework.money import Money
from bot.casework.orders import (
    Buyer,
    BuyerType,
    Fulfilment,
    Marketplace,
    Order,
    OrderLine,
    OrderStatus,
    Parcel,
    Payment,
    ShipMode,
)
from bot.casework.ports.conversations import NewMessage
from bot.casework.products import Product
from bot.casework.stores import Store
from bot.casework.turns import Entity, Identity, Route, Turn, Understanding
from bot.playbooks.deciding import decide
from bot.replies import Templates
from bot.rulebook import load_rulebook
from bot.services.house import House
from bot.services.sessions import begin_conversation
from bot.services.take_turn import Heard, take_turn
from bot.services.turn_queue import put_down, receive_message
from bot.settings import ROOT
from bot.store.database import open_database, writing
from bot.store.imports import put_orders, put_product
from bot.store.migrate import migrate
from bot.store.stores import add_store
from bot.store.tables import order_lines, orders, parcels, payments
from bot.store.units import SqlUnits

ORDERS = 100_000
ROUNDS = 5
BUYERS = 20
STORE = "bench"
NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)


def main() -> None:
    """Measure, and print what was measured."""
    with tempfile.TemporaryDirectory() as folder:
        show(measure(Path(folder)))


def measure(folder: Path) -> dict[str, Spread]:
    """Milliseconds by figure, the median of each round."""
    url = f"sqlite:///{folder / 'makegood.db'}"
    migrate(url)
    engine = open_database(url)
    rules = load_rulebook(ROOT / "rulebook")
    house = House(
        units=SqlUnits(engine),
        speaker=Templates(ROOT / "templates"),
        rulebooks=lambda: rules,
        clock=lambda: NOW,
    )
    fill(engine, ORDERS)
    bare = bare_commits(folder / "bare.db")
    found: dict[str, list[float]] = {}
    for number in range(ROUNDS):
        buyers = range(number * BUYERS, (number + 1) * BUYERS)
        times = [took for buyer in buyers for took in turns(house, buyer)]
        found.setdefault("take_turn, p50 ms", []).append(median(times))
        found.setdefault("one bare commit, p50 ms", []).append(median(bare() for _ in range(100)))
        found.setdefault("an offer decided, no store, p50 ms", []).append(decisions(house, number))
        print(".", end="", file=sys.stderr, flush=True)
    engine.dispose()
    print(file=sys.stderr)

    return {name: Spread(tuple(values)) for name, values in found.items()}


def show(found: dict[str, Spread]) -> None:
    """As a table, with the ratio to the bare commit."""
    floor = found["one bare commit, p50 ms"].middle
    rows = [
        [name, f"{median(one.rounds):.2f} ({min(one.rounds):.2f} to {max(one.rounds):.2f})",
         f"{one.middle / floor:.1f}"]
        for name, one in found.items()
    ]  # fmt: skip
    title = f"Turns at {ORDERS} orders on SQLite, {ROUNDS} rounds: median (range)"
    print_table(title, ("figure", "ms", "to a bare commit"), rows)


def turns(house: House, number: int) -> Iterator[float]:
    """The milliseconds of each turn of a broken mug's way to a replacement, and of a question."""
    buyer = f"buyer{number}@example.com"
    order = f"PERF-{number:06}"
    chat = begin_conversation(house, STORE, "en", Identity(subject=buyer, email=buyer))
    yield say(house, chat, "damaged_item", f"the mug from {order} is broken", order=order)
    yield say(house, chat, "no_photo", "I have no camera")
    yield say(house, chat, "order_status", f"where is {order}?", order=order)
    yield say(house, chat, "choose_option", "a replacement please")
    yield say(house, chat, "affirm", "yes please")
    yield say(house, chat, "thanks", "thanks")


def say(house: House, chat: str, intent: str, text: str, *, order: str = "") -> float:
    """The milliseconds that the turn took; storing the message is not counted."""
    entities = ()
    if order:
        start = text.index(order)
        found = Entity(name="order_number", value=order, start=start, end=start + len(order))
        entities = (found,)
    message = NewMessage(
        conversation_id=chat,
        client_id=house.new_id(),
        text=text,
        choice_token=None,
        attachments=(),
        ip="127.0.0.1",
    )
    received = receive_message(house, message, "bench", lease_seconds=15)
    heard = Heard(
        message_id=received.message.id,
        fence=received.fence,
        understanding=Understanding(
            route=ROUTES.get(intent, Route.RUN_PLAYBOOK),
            intent=intent,
            confidence=0.9,
            entities=entities,
        ),
    )
    begun = perf_counter()
    take_turn(house, heard)
    took = (perf_counter() - begun) * 1000
    put_down(house, chat, "bench", received.fence or 0, lease_seconds=15)

    return took


ROUTES = {
    "no_photo": Route.CONTINUE_CASE,
    "choose_option": Route.CONTINUE_CASE,
    "affirm": Route.CONTINUE_CASE,
    "thanks": Route.ANSWER,
}


def decisions(house: House, number: int) -> float:
    """The median milliseconds of the decision to make an offer, the longest of a playbook's."""
    with house.units.reading() as unit:
        order = unit.orders.find(STORE, f"PERF-{ORDERS - 1 - number:06}")
    assert order
    assert not order.granted
    rules, turn = house.rulebook, Turn(intent="damaged_item", text="it is broken")
    case = Case(
        id="case-bench",
        conversation_id="conversation-bench",
        playbook="damaged_item",
        intent="damaged_item",
        order_id=order.id,
        line_id=order.lines[0].id,
        no_photo=True,
    )
    times = []
    for _ in range(200):
        begun = perf_counter()
        decided = decide(case, order, turn, rules, NOW)
        assert isinstance(decided.decision, Propose)
        times.append((perf_counter() - begun) * 1000)

    return median(times)


def bare_commits(path: Path) -> Callable[[], float]:
    """Commits one row into a database of its own; the milliseconds that it took."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("CREATE TABLE rows (text TEXT)")

    def commit() -> float:
        begun = perf_counter()
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO rows VALUES ('a row as a message has it')")
        connection.execute("COMMIT")
        return (perf_counter() - begun) * 1000

    return commit


def fill(engine: sa.Engine, many: int) -> None:
    """So many orders: one is written as an import does, the others are its copies."""
    price = Money(1490, "EUR")
    store = Store(
        id=STORE, name="Bench", title="Bench", greeting="", colour="#336699", locale="en",
        identity_secret="not secret",
    )  # fmt: skip
    sent = NOW - timedelta(days=8)
    first = Order(
        id=0, store=STORE, number="PERF-000000", marketplace=Marketplace.SHOP,
        placed_at=NOW - timedelta(days=10), status=OrderStatus.DELIVERED,
        fulfilment=Fulfilment.SELLER, ship_mode=ShipMode.POST,
        buyer=Buyer(name="Buyer 0", email="buyer0@example.com"), buyer_type=BuyerType.RETAIL,
        country="DE", postal_code="10115", city="Berlin", address="Ackerstr. 1", currency="EUR",
        shipping_price=Money(0, "EUR"),
        lines=(OrderLine(id=0, sku="MUG", title="Mug", quantity=1, unit_price=price, stock=None),),
        parcel=Parcel(carrier="DHL", tracking_number="JD0", shipped_at=sent,
                      delivered_at=sent + timedelta(days=3)),
        payments=(Payment(amount=price, paid_at=NOW - timedelta(days=10), method="card"),),
        promised_by=(NOW - timedelta(days=2)).date(),
    )  # fmt: skip
    with writing(engine) as db:
        add_store(db, store, NOW)
        put_orders(db, [first])
        put_product(db, STORE, Product(sku="MUG", title="Mug", stock=1_000_000))
    with writing(engine) as db:
        db.exec_driver_sql("CREATE TEMP TABLE numbers (n INTEGER PRIMARY KEY)")
        db.exec_driver_sql(
            "WITH RECURSIVE up(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM up WHERE n < ?)"
            " INSERT INTO numbers SELECT n FROM up",
            (many - 1,),
        )
        db.exec_driver_sql(
            "INSERT INTO buyers (id, store_id, email, name, phone) SELECT b.id + n, b.store_id,"
            " 'buyer' || n || '@example.com', 'Buyer ' || n, b.phone FROM buyers b, numbers"
            " WHERE b.store_id = ?",
            (STORE,),
        )
        for table in (orders, order_lines, parcels, payments):
            copy(db, table)


COPIED = {
    "id": "t.id + n",
    "order_id": "t.order_id + n",
    "buyer_id": "t.buyer_id + n",
    "number": "'PERF-' || printf('%06d', n)",
    "number_key": "'PERF' || printf('%06d', n)",
    "tracking_number": "'JD' || n",
}
"""What differs in a copy, by column."""


def copy(db: sa.Connection, table: sa.Table) -> None:
    """Every row of the first order once for each number."""
    names = [column.name for column in table.columns]
    values = ", ".join(COPIED.get(name, f"t.{name}") for name in names)
    key = "id" if table is orders else "order_id"
    db.exec_driver_sql(
        f"INSERT INTO {table.name} ({', '.join(names)}) SELECT {values} FROM {table.name} t,"
        f" numbers WHERE t.{key} = (SELECT id FROM orders WHERE number = 'PERF-000000')"
    )


if __name__ == "__main__":
    main()
