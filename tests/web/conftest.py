"""A web process for each test."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.store.database import writing
from bot.store.tables import stores
from tests.dialog import Shop
from tests.factories import an_order, the_rulebook
from tests.web.front import SECRET, Front, open_front


@pytest.fixture
def anyio_backend() -> str:
    """The loop that we run on."""
    return "asyncio"


@pytest.fixture
def demo_shop(tmp_path: Path) -> Shop:
    """A shop in a file, so that threads share it; its clock shows the real time and stands."""
    shop = Shop(an_order(), rules=the_rulebook(), url=f"sqlite:///{tmp_path}/shop.db")
    shop.now = datetime.now(UTC)
    with writing(shop.engine) as db:
        db.execute(sa.update(stores).values(identity_secret=SECRET))

    return shop


@pytest.fixture
async def front(demo_shop: Shop, tmp_path: Path) -> AsyncIterator[Front]:
    """The web process over that shop."""
    async with open_front(demo_shop, tmp_path) as running:
        yield running
