"""The house opened for one command, on a database that is up to date."""

from collections.abc import Iterator
from contextlib import contextmanager

from bot.services.house import House
from bot.settings import get_settings
from bot.store.migrate import migrate
from bot.wiring import build_house


@contextmanager
def opened_house() -> Iterator[House]:
    """The house as the settings say, closed at the end."""
    settings = get_settings()
    migrate(settings.store_url)
    house = build_house(settings)
    try:
        yield house
    finally:
        house.units.close()
