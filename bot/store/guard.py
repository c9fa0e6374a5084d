"""
The ledger's guard: triggers by which the database itself refuses to change what was decided.

It stands against mistakes, of ours and of a tool that a seller uses on the database; who may drop
a trigger is found by the seals (bot/store/ledger_check.py). SQLite loses a table's triggers when a
migration makes the table anew, so the guard is no migration: it is taken down before migrations
run and put up after them.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.store.tables import decisions, ledger_seals

GUARDED = (decisions.name, ledger_seals.name)
REFUSED = "the decision ledger is append-only"
OF_SQLITE = (
    "CREATE TRIGGER {table}_not_updated BEFORE UPDATE ON {table}"
    " BEGIN SELECT RAISE(ABORT, '{refused}'); END",
    "CREATE TRIGGER {table}_not_deleted BEFORE DELETE ON {table}"
    " BEGIN SELECT RAISE(ABORT, '{refused}'); END",
)
OF_POSTGRESQL = (
    "CREATE OR REPLACE FUNCTION refuse_ledger_change() RETURNS trigger LANGUAGE plpgsql AS"
    " $$ BEGIN RAISE EXCEPTION '{refused}'; END $$",
    "CREATE TRIGGER {table}_not_updated BEFORE UPDATE ON {table}"
    " FOR EACH ROW EXECUTE FUNCTION refuse_ledger_change()",
    "CREATE TRIGGER {table}_not_deleted BEFORE DELETE ON {table}"
    " FOR EACH ROW EXECUTE FUNCTION refuse_ledger_change()",
    "CREATE TRIGGER {table}_not_truncated BEFORE TRUNCATE ON {table}"
    " FOR EACH STATEMENT EXECUTE FUNCTION refuse_ledger_change()",
)
STANDING = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :table",
    "postgresql": "SELECT tgname FROM pg_trigger"
    " WHERE tgrelid = to_regclass(:table) AND NOT tgisinternal",
}

LIFTING = {
    "sqlite": ("DROP TRIGGER {name}", OF_SQLITE[0]),
    "postgresql": (
        "ALTER TABLE {table} DISABLE TRIGGER {name}",
        "ALTER TABLE {table} ENABLE TRIGGER {name}",
    ),
}
"""How to lift the guard against changes of decisions, and how to let it down again."""


def put_up(connection: Connection) -> None:
    """Guard the ledger's tables, where they are not guarded already."""
    statements = OF_SQLITE if connection.dialect.name == "sqlite" else OF_POSTGRESQL
    for table in GUARDED:
        standing = _standing(connection, table)
        for statement in statements:
            name = statement.split()[2].format(table=table)
            if name not in standing and (standing == [] or "TRIGGER" in statement):
                connection.exec_driver_sql(statement.format(table=table, refused=REFUSED))


def take_down(connection: Connection) -> None:
    """Let the ledger's tables be changed, by a migration; `put_up` has to follow."""
    of_table = "" if connection.dialect.name == "sqlite" else " ON {table}"
    for table in GUARDED:
        for name in _standing(connection, table):
            connection.exec_driver_sql(f"DROP TRIGGER {name}{of_table.format(table=table)}")


@contextmanager
def lifted(connection: Connection) -> Iterator[None]:
    """
    What keeps decisions from being changed, down for a moment of this transaction.

    Nobody sees it down. On PostgreSQL the trigger is switched off and on, which lets whoever reads
    the ledger go on; taking it away would wait for them, and all turns behind it.
    """
    name = f"{decisions.name}_not_updated"
    stood = name in _standing(connection, decisions.name)
    down, up = LIFTING[connection.dialect.name]
    if stood:
        connection.exec_driver_sql(down.format(name=name, table=decisions.name))
    yield
    if stood:
        connection.exec_driver_sql(up.format(name=name, table=decisions.name, refused=REFUSED))


def _standing(connection: Connection, table: str) -> list[str]:
    found = connection.scalars(sa.text(STANDING[connection.dialect.name]), {"table": table})

    return [name for name in found if name.startswith(f"{table}_not_")]
