"""The migrations lead to the tables that the code uses, on both databases."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from bot.settings import ROOT
from bot.store.migrate import migrate
from bot.store.opening import BrokenDatabase, opened
from bot.store.tables import metadata


def test_the_migrated_schema_is_the_one_of_the_code(database_url: str) -> None:
    """
    After a change of tables.py: `python -m bot.store.migrate "what has changed"`.
    """
    migrate(database_url)

    with opened(database_url) as engine, engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True}
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


def _indexes(connection: sa.Connection) -> set[str | None]:
    inspector = sa.inspect(connection)

    return {
        index["name"]
        for table in metadata.tables
        for index in inspector.get_indexes(table)
        if not index.get("duplicates_constraint")
    }
