"""Fixtures that tests of all folders use."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
import sqlalchemy as sa
from hypothesis import settings
from sqlalchemy import Engine

from bot.casework.orders import Order
from bot.casework.replies import Reply
from bot.casework.rulebook import Rulebook
from tests.dialog import Dialog, Shop
from tests.factories import the_rulebook

# The same examples in every run, and no opinion about the speed of a busy machine.
settings.register_profile("house", deadline=None, derandomize=True)
settings.load_profile("house")

collect_ignore = ["engine"]  # runs in Rasa's own environment, see the Makefile

OpenShop = Callable[..., Shop]
BeginDialog = Callable[..., Dialog]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """
    End-to-end tests come last.

    They are the slowest, and Playwright leaves an event loop running in which no other test
    could start its own.
    """
    items.sort(key=lambda item: "e2e" in item.path.parts)


def pytest_assertrepr_compare(op: str, left: object, right: object) -> list[str] | None:
    """A failed comparison of replies names them."""
    said = [
        one.__name__ for one in (left, right) if isinstance(one, type) and issubclass(one, Reply)
    ]

    return [f"{said[0]} {op} {said[1]}"] if len(said) == 2 else None


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database that several threads may use, of both kinds in turn."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'makegood.db'}"
        return
    postgres = os.environ.get("MAKEGOOD_TEST_POSTGRES")
    if not postgres:
        missing = pytest.fail if os.environ.get("MAKEGOOD_CI") else pytest.skip
        missing("MAKEGOOD_TEST_POSTGRES names no PostgreSQL database")
    with a_schema(postgres) as url:
        yield url


@contextmanager
def a_schema(url: str) -> Iterator[str]:
    """A schema of our own in that database, which is dropped afterwards."""
    name = f"test_{uuid4().hex}"
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sa.schema.CreateSchema(name))
        try:
            inside = sa.make_url(url).update_query_dict({"options": f"-csearch_path={name}"})
            yield inside.render_as_string(hide_password=False)
        finally:
            connection.execute(sa.schema.DropSchema(name, cascade=True))
    engine.dispose()


@pytest.fixture(scope="session")
def vacant() -> Iterator[list[Engine]]:
    """Databases of shops that are closed, for the next to open."""
    engines: list[Engine] = []

    yield engines
    for engine in engines:
        engine.dispose()


@pytest.fixture
def shop(vacant: list[Engine]) -> Iterator[OpenShop]:
    """Opens shops with the orders given."""
    opened: list[Shop] = []

    def open_shop(*orders: Order, rules: Rulebook | None = None) -> Shop:
        engine = vacant.pop() if vacant else None
        opened.append(Shop(*orders, rules=rules or the_rulebook(), engine=engine))
        return opened[-1]

    yield open_shop
    vacant.extend(one.engine for one in opened)


@pytest.fixture
def dialog(shop: OpenShop) -> BeginDialog:
    """Begins a conversation of a signed-in buyer about the orders given."""

    def begin(
        *orders: Order,
        email: str | None = "ada@example.com",
        rules: Rulebook | None = None,
        locale: str = "en",
        chosen: bool = False,
    ) -> Dialog:
        return Dialog(shop(*orders, rules=rules), email, locale=locale, chosen=chosen)

    return begin
