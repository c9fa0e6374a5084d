"""A conversation behind the actions."""

from pathlib import Path

import pytest

from tests.actions.calls import Line
from tests.dialog import Shop
from tests.factories import an_order, the_rulebook


@pytest.fixture
def anyio_backend() -> str:
    """The loop that we run on."""
    return "asyncio"


@pytest.fixture
def line(tmp_path: Path) -> Line:
    """A conversation in the demo shop, in a file so that threads share it."""
    return Line(Shop(an_order(), rules=the_rulebook(), url=f"sqlite:///{tmp_path}/makegood.db"))
