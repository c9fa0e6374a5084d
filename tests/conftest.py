"""Fixtures that tests of all folders use."""

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import Engine

from bot.casework.orders import Order
from bot.casework.replies import Reply
from bot.casework.rulebook import Rulebook
from tests.dialog import Dialog, Shop
from tests.factories import the_rulebook

collect_ignore = ["engine"]  # runs in Rasa's own environment, see the Makefile

OpenShop = Callable[..., Shop]
BeginDialog = Callable[..., Dialog]


def pytest_assertrepr_compare(op: str, left: object, right: object) -> list[str] | None:
    """A failed comparison of replies names them."""
    said = [
        one.__name__ for one in (left, right) if isinstance(one, type) and issubclass(one, Reply)
    ]

    return [f"{said[0]} {op} {said[1]}"] if len(said) == 2 else None


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
        *orders: Order, email: str | None = "ada@example.com", rules: Rulebook | None = None
    ) -> Dialog:
        return Dialog(shop(*orders, rules=rules), email)

    return begin
