"""
Bringing the database to the schema of this version.

After a change of bot/store/tables.py, `python -m bot.store.migrate "what has changed"` writes
the migration to bot/store/migrations/versions/. Read it before it is committed: Alembic cannot
tell a renamed column from a new one.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, Engine

from bot.store import guard, search_index
from bot.store.opening import BrokenDatabase, opened, shown

MIGRATIONS = Path(__file__).parent / "migrations"
LOCK = 7_203_115
"""PostgreSQL's advisory lock under which one process migrates and the others wait."""
TIDY = (("sort", "check --select I --fix"), ("format", "format"))
"""How ruff makes a generated migration look like the rest of the code."""


def migrate(url: str) -> None:
    """
    Create the schema, or bring an older one up to this version.

    All or nothing, and by one process at a time: whoever comes second finds it done.
    `BrokenDatabase` says why it cannot be.
    """
    with opened(url) as engine, _changing(engine) as connection:
        try:
            _upgrade(connection)
        except CommandError as error:
            raise BrokenDatabase(
                f"The database {shown(engine)} is of another version of Makegood: {error}"
            ) from error


def _upgrade(connection: Connection) -> None:
    """Run the migrations that are missing, with guard and search index down meanwhile."""
    config = _config(connection)
    newest = ScriptDirectory.from_config(config).get_current_head()
    if MigrationContext.configure(connection).get_current_revision() != newest:
        guard.take_down(connection)
        search_index.take_down(connection)
        command.upgrade(config, "head")
    guard.put_up(connection)
    search_index.put_up(connection)


def write_migration(message: str) -> None:
    """Write the migration that leads from the last one to the tables as they are now."""
    with opened("sqlite://") as engine, _changing(engine) as connection:
        config = _config(connection)
        command.upgrade(config, "head")
        config.set_section_option("post_write_hooks", "hooks", ", ".join(name for name, _ in TIDY))
        for name, options in TIDY:
            hook = {"type": "module", "module": "ruff"}
            hook["options"] = f"{options} --quiet REVISION_SCRIPT_FILENAME"
            for key, value in hook.items():
                config.set_section_option("post_write_hooks", f"{name}.{key}", value)
        number = 1 + len(list((MIGRATIONS / "versions").glob("[0-9]*.py")))
        command.revision(config, message, autogenerate=True, rev_id=f"{number:04}")


def _config(connection: Connection) -> Config:
    config = Config(attributes={"connection": connection})
    # Doubled, because a percent sign in the path would be taken for an interpolation.
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")

    return config


@contextmanager
def _changing(engine: Engine) -> Iterator[Connection]:
    """A transaction that may alter tables, and keeps other processes from doing the same."""
    with engine.connect().execution_options(writes=True) as connection:
        if engine.dialect.name == "sqlite":
            # It alters a table by making it anew, to which others must not be bound meanwhile.
            # Asked past SQLAlchemy, because within a transaction this has no effect.
            connection.connection.cursor().execute("PRAGMA foreign_keys = OFF")
        with connection.begin():
            if engine.dialect.name == "postgresql":
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(LOCK)))
            yield connection


if __name__ == "__main__":
    write_migration(" ".join(sys.argv[1:]) or "change of the schema")
