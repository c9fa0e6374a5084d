"""The migrations lead to the tables that the code uses, on both databases."""

import os
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from bot.casework.money import Money
from bot.casework.remedies import Cancellation, Discount, Replacement
from bot.settings import ROOT
from bot.store.ledger import FIRST_SEAL, seal_of
from bot.store.migrate import _changing, _config, migrate
from bot.store.opening import BrokenDatabase, opened
from bot.store.rows import to_remedy
from bot.store.search import SqlSearch
from bot.store.search_index import is_in_tables
from bot.store.tables import (
    conversations,
    decisions,
    handoffs,
    ledger_heads,
    ledger_seals,
    metadata,
    outbox,
    remedies,
)

# SQLAlchemy cannot read SQLite's indexes over expressions back; search_index.py puts them up.
pytestmark = pytest.mark.filterwarnings("ignore:Skipped unsupported reflection")


def test_the_migrated_schema_is_the_one_of_the_code(database_url: str) -> None:
    """
    After a change of tables.py: `python -m bot.store.migrate "what has changed"`.
    """
    migrate(database_url)

    with opened(database_url) as engine, engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "compare_type": True,
                "compare_server_default": True,
                "include_name": is_in_tables,
            },
        )
        assert compare_metadata(context, metadata) == []
        assert _indexes(connection) == {
            index.name for table in metadata.tables.values() for index in table.indexes
        }


def test_migrating_again_changes_nothing(database_url: str) -> None:
    """
    It is done at every start.
    """
    migrate(database_url)
    with opened(database_url) as engine, engine.begin() as connection:
        connection.execute(sa.text("INSERT INTO ratings SELECT * FROM ratings"))
    migrate(database_url)


def test_several_starts_at_once(database_url: str, tmp_path: Path) -> None:
    """
    One of them migrates, the others wait and find it done; each from a folder of its own, quietly.
    """
    code = "import sys; from bot.store.migrate import migrate; migrate(sys.argv[1])"
    starts = [
        subprocess.Popen(
            [sys.executable, "-c", code, database_url],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        for _ in range(3)
    ]

    assert [start.communicate(timeout=60)[0] for start in starts] == [b""] * 3
    assert [start.returncode for start in starts] == [0] * 3


def test_a_database_of_a_later_version_is_left_alone(database_url: str) -> None:
    """
    Its schema is one that this code does not know.
    """
    migrate(database_url)
    with opened(database_url) as engine, engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(BrokenDatabase, match="another version of Makegood"):
        migrate(database_url)


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    """
    In one line with its name.
    """
    (tmp_path / "makegood.db").write_bytes(b"no database " * 1000)

    with pytest.raises(BrokenDatabase, match=r"makegood\.db cannot be used") as told:
        migrate(f"sqlite:///{tmp_path / 'makegood.db'}")
    assert "\n" not in str(told.value)


def test_a_migration_that_breaks_off_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    The next start begins from where the last one stood.
    """
    path = tmp_path / "makegood.db"
    from alembic import op

    def break_off(*_: object, **__: object) -> None:
        raise RuntimeError("power cut")

    with monkeypatch.context() as patched:
        patched.setattr(op, "batch_alter_table", break_off)
        with pytest.raises(RuntimeError):
            migrate(f"sqlite:///{path}")
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT name FROM sqlite_master").fetchall() == []

    migrate(f"sqlite:///{path}")


# From 0001 to 0002


def _at_version(url: str, version: str) -> None:
    with opened(url) as engine, _changing(engine) as connection:
        command.upgrade(_config(connection), version)


THEN = datetime.fromisoformat("2026-02-01 09:30")
"""Moments are stored in UTC, without saying so."""
ROWS: dict[str, list[dict[str, object]]] = {
    "stores": [
        {
            "id": store, "name": store, "title": store, "greeting": "Hello", "colour": "#336699",
            "locale": "en", "identity_secret": "s", "created_at": THEN,
        }
        for store in ("north", "south")
    ],
    "buyers": [
        {"id": 7, "store_id": "north", "email": "ada@example.com", "name": "Ada", "phone": ""},
        {"id": 8, "store_id": "south", "email": "ben@example.com", "name": "Ben", "phone": ""},
    ],
    "conversations": [
        {
            "id": store, "store_id": store, "locale": "en", "floor": "bot", "misses": 0,
            "last_seq": 1, "fence": 0, "created_at": THEN,
        }
        for store in ("north", "south")
    ],
    "orders": [
        {
            "id": number, "store_id": store, "buyer_id": buyer, "number": f"N-{number}",
            "number_key": f"N{number}", "marketplace": "shop", "placed_at": THEN,
            "status": "delivered", "fulfilment": "seller", "ship_mode": "post",
            "buyer_type": "retail", "country": "DE", "postal_code": "", "city": "", "address": "",
            "currency": currency, "shipping_price": 0, "revision": revision, "fingerprint": "f",
        }
        for number, store, buyer, currency, revision in (
            (31, "north", 7, "EUR", 4),
            (32, "south", 8, "JPY", 1),
        )
    ],
    "order_lines": [
        {
            "id": 5, "order_id": 31, "position": 0, "sku": "MUG", "title": "Mug", "variant": "",
            "quantity": 3, "unit_price": 2000,
        }
    ],
    "cases": [
        {
            "id": f"case-{store}", "conversation_id": store, "order_id": order,
            "playbook": "damaged_item", "intent": "damaged_item", "state": "settled",
            "awaiting": "nothing", "known": {}, "opened_at": THEN, "touched": 1,
        }
        for store, order in (("north", 31), ("south", 32))
    ],
    "decisions": [
        {
            "id": number, "conversation_id": store, "case_id": f"case-{store}", "message_id": None,
            "playbook": "damaged_item", "step": "confirm_remedy", "decision": "Perform",
            "facts": {"order": f"Ä-{number}", "confirmed": True}, "rules": [],
            "rulebook_version": "abc", "decided_at": THEN + timedelta(minutes=number),
        }
        for number, store in ((1, "north"), (2, "south"), (3, "north"))
    ],
    "remedies": [
        {
            "id": kind, "idempotency_key": kind, "case_id": f"case-{store}",
            "decision_id": decision, "order_id": order, "line_id": line, "kind": kind,
            "quantity": quantity,
            "amount": amount, "currency": currency, "percent": percent, "reason": "damaged_item",
            "state": "requested", "created_at": THEN,
        }
        for kind, store, decision, order, line, quantity, amount, currency, percent in (
            ("discount", "north", 1, 31, 5, 2, 200, "EUR", Decimal("5.00")),
            ("replacement", "north", 3, 31, 5, 2, None, None, None),
            ("cancellation", "south", 2, 32, None, None, 3000, "JPY", None),
        )
    ],
    "outbox": [{"id": 1, "remedy_id": "discount", "state": "new", "attempts": 2, "next_at": THEN}],
}  # fmt: skip


@pytest.fixture
def of_before(database_url: str) -> str:
    """A database of 0001 that has given three remedies."""
    _at_version(database_url, "0001")
    with opened(database_url) as engine, engine.begin() as connection:
        before = sa.MetaData()
        before.reflect(connection)
        for name, rows in ROWS.items():
            table = before.tables[name]
            for column in table.columns:  # reflected JSON of SQLite, and moments, as they are
                if column.name in ("facts", "rules", "known"):
                    column.type = sa.JSON()
            connection.execute(sa.insert(table), rows)

    return database_url


def test_remedies_of_before_get_what_they_lack_from_their_order(of_before: str) -> None:
    """
    Store, buyer, revision and terms; goods sent again count at the price of their pieces.
    """
    migrate(of_before)
    with opened(of_before) as engine, engine.connect() as connection:
        rows = {row.id: row for row in connection.execute(sa.select(remedies))}
        (sent,) = connection.execute(sa.select(outbox)).all()

    known = {
        name: (row.store_id, row.buyer_id, row.order_revision, row.worth, row.worth_currency)
        for name, row in rows.items()
    }
    assert known == {
        "discount": ("north", 7, 4, 200, "EUR"),
        "replacement": ("north", 7, 4, 4000, "EUR"),
        "cancellation": ("south", 8, 1, 3000, "JPY"),
    }
    assert [to_remedy(row.terms) for _, row in sorted(rows.items())] == [
        Cancellation(order_id=32, amount=Money(3000, "JPY")),
        Discount(order_id=31, line_id=5, quantity=2, amount=Money(200, "EUR"), percent=Decimal(5)),
        Replacement(order_id=31, line_id=5, quantity=2),
    ]
    assert {(row.state, row.approved_by, row.reference) for row in rows.values()} == {
        ("requested", "", "")
    }
    assert (sent.remedy_id, sent.attempts, sent.fence, sent.detail) == ("discount", 2, 0, "")
    assert sent.lease_until is None


def test_decisions_of_before_are_sealed_as_they_stand(of_before: str) -> None:
    """
    In their order, a chain for every store; the reckoning is the one of the code.
    """
    migrate(of_before)
    with opened(of_before) as engine, engine.connect() as connection:
        made = {row.id: row for row in connection.execute(sa.select(decisions))}
        seals = connection.execute(
            sa.select(ledger_seals).order_by(ledger_seals.c.store_id, ledger_seals.c.number)
        ).all()
        heads = {row.store_id: row for row in connection.execute(sa.select(ledger_heads))}

    assert [(row.store_id, row.number, row.decision_id) for row in seals] == [
        ("north", 1, 1),
        ("north", 2, 3),
        ("south", 1, 2),
    ]
    before = FIRST_SEAL
    for row in seals[:2]:
        before = seal_of(before, made[row.decision_id]._mapping)
        assert row.seal == before
    assert seals[2].seal == seal_of(FIRST_SEAL, made[2]._mapping)
    assert {store: (head.number, head.seal) for store, head in heads.items()} == {
        "north": (2, seals[1].seal),
        "south": (1, seals[2].seal),
    }
    assert {row.decided_by for row in made.values()} == {"bot"}


def test_the_database_of_before_goes_on(of_before: str) -> None:
    """
    The schema is the code's, with rows in it as without.
    """
    migrate(of_before)
    with opened(of_before) as engine, engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "compare_type": True,
                "compare_server_default": True,
                "include_name": is_in_tables,
            },
        )
        assert compare_metadata(context, metadata) == []


# From 0004 to 0005


def test_messages_of_before_are_found_and_what_waits_has_its_clock(database_url: str) -> None:
    """
    In the order in which they were written; what was given back or closed waits for nothing.
    """
    _at_version(database_url, "0004")
    soon, late = THEN + timedelta(hours=24), THEN + timedelta(hours=48)
    with opened(database_url) as engine, engine.begin() as connection:
        before = sa.MetaData()
        before.reflect(connection, only=["stores", "conversations", "messages", "handoffs"])
        rows = {
            "stores": ROWS["stores"][:1],
            "conversations": [
                ROWS["conversations"][0] | {"id": floor, "floor": floor}
                for floor in ("WAITING", "CLOSED")
            ],
            "messages": [
                {
                    "id": f"m{number}", "conversation_id": talk, "seq": 1 + number, "text": text,
                    "sender": "buyer", "kind": "text",
                    "created_at": THEN + timedelta(minutes=number),
                }
                for number, (talk, text) in enumerate(
                    [("WAITING", "My Ёлка is broken"), ("CLOSED", "ёлки"), ("WAITING", "…")]
                )
            ],
            "handoffs": [
                {
                    "id": name, "conversation_id": talk, "reason": "asked_for", "summary": "",
                    "due_at": due, "created_at": THEN + timedelta(minutes=number),
                }
                for number, (name, talk, due) in enumerate(
                    [("h1", "WAITING", soon), ("h2", "WAITING", late), ("h3", "CLOSED", soon)]
                )
            ],
        }  # fmt: skip
        for name, values in rows.items():
            connection.execute(sa.insert(before.tables[name]), values)
    migrate(database_url)

    with opened(database_url) as engine, engine.connect() as connection:
        found = SqlSearch(connection).find_conversations("елк", 9)
        talks = {row.id: row for row in connection.execute(sa.select(conversations))}
        still_open = set(connection.scalars(sa.select(handoffs.c.id).where(handoffs.c.open)))
    assert [one.conversation_id for one in found] == ["CLOSED", "WAITING"]
    assert still_open == {"h1", "h2"}
    assert (talks["WAITING"].handoff_id, talks["CLOSED"].handoff_id) == ("h2", None)
    assert talks["WAITING"].due_at == soon.replace(tzinfo=UTC)
    assert talks["CLOSED"].due_at is None


# From 0008 to 0009


def test_what_was_answered_before_has_no_clock_any_more(database_url: str) -> None:
    """
    An answer of before a hand-off is none to it; a conversation has the clock of what still waits.
    """
    _at_version(database_url, "0008")
    due, answered = THEN + timedelta(hours=24), THEN + timedelta(hours=2)
    with opened(database_url) as engine, engine.begin() as connection:
        before = sa.MetaData()
        before.reflect(connection, only=["stores", "conversations", "messages", "handoffs"])
        rows = {
            "stores": ROWS["stores"][:1],
            "conversations": [
                ROWS["conversations"][0] | {"id": talk, "floor": "HUMAN", "due_at": due}
                for talk in ("answered", "before", "again")
            ],
            "messages": [
                {
                    "id": talk, "conversation_id": talk, "seq": 1, "text": "Hi", "kind": "text",
                    "sender": "agent", "created_at": at,
                }
                for talk, at in (
                    ("answered", answered),
                    ("before", THEN - timedelta(hours=1)),
                    ("again", answered),
                )
            ],
            "handoffs": [
                {
                    "id": name, "conversation_id": talk, "reason": "asked_for", "summary": "",
                    "due_at": due, "created_at": at, "open": True,
                }
                for name, talk, at in (
                    ("h1", "answered", THEN),
                    ("h2", "before", THEN),
                    ("h3", "again", THEN),
                    ("h4", "again", answered + timedelta(hours=1)),
                )
            ],
        }  # fmt: skip
        for name, values in rows.items():
            connection.execute(sa.insert(before.tables[name]), values)
    migrate(database_url)

    with opened(database_url) as engine, engine.connect() as connection:
        clocks = {row.id: row.due_at for row in connection.execute(sa.select(conversations))}
        answers = {row.id: row.answered_at for row in connection.execute(sa.select(handoffs))}
    runs = due.replace(tzinfo=UTC)
    assert clocks == {"answered": None, "before": runs, "again": runs}
    first = answered.replace(tzinfo=UTC)
    assert answers == {"h1": first, "h2": None, "h3": first, "h4": None}


def _indexes(connection: sa.Connection) -> set[str | None]:
    inspector = sa.inspect(connection)

    return {
        index["name"]
        for table in metadata.tables
        for index in inspector.get_indexes(table)
        if not index.get("duplicates_constraint") and is_in_tables(index["name"], "index")
    }
