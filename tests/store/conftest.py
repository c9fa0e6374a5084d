"""Databases to test with: SQLite always, PostgreSQL where MAKEGOOD_TEST_POSTGRES names one."""

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from bot.casework.stores import Store
from bot.store.database import open_database, writing
from bot.store.migrate import migrate
from bot.store.stores import add_store
from tests.factories import NOW

POSTGRES = os.environ.get("MAKEGOOD_TEST_POSTGRES", "")


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database, of both kinds in turn."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'makegood.db'}"
        return
    if not POSTGRES:
        pytest.skip("MAKEGOOD_TEST_POSTGRES names no PostgreSQL database")
    with _schema(POSTGRES) as url:
        yield url


@pytest.fixture
def database(database_url: str) -> Iterator[Engine]:
    """A database with our tables, in which `demo` is a store."""
    migrate(database_url)
    engine = open_database(database_url)
    with writing(engine) as connection:
        add_store(connection, a_store(), NOW)
    yield engine
    engine.dispose()


def a_store(store_id: str = "demo") -> Store:
    """A store."""
    return Store(
        id=store_id,
        name="Clay & Co.",
        title="Clay & Co.",
        greeting="Hello",
        colour="#112233",
        locale="en",
        identity_secret="s" * 32,
    )


@contextmanager
def _schema(url: str) -> Iterator[str]:
    """A schema of our own in that database, which is dropped afterwards."""
    name = f"test_{uuid.uuid4().hex}"
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sa.schema.CreateSchema(name))
        try:
            inside = sa.make_url(url).update_query_dict({"options": f"-csearch_path={name}"})
            yield inside.render_as_string(hide_password=False)
        finally:
            connection.execute(sa.schema.DropSchema(name, cascade=True))
    engine.dispose()
