"""Databases that were migrated like a seller's, empty but for a store."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from bot.casework.stores import Store
from bot.store.database import open_database, writing
from bot.store.migrate import migrate
from bot.store.stores import add_store
from tests.factories import NOW


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
