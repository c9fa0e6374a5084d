"""The one place where the parts are put together."""

from dataclasses import dataclass

from sqlalchemy import Engine

from bot.replies import Templates
from bot.rulebook import load_rulebook
from bot.services.house import House
from bot.settings import Settings
from bot.store.database import open_database
from bot.store.units import SqlUnits


@dataclass(frozen=True, slots=True, kw_only=True)
class Wired:
    """A house with its database, for whoever must close it."""

    house: House
    engine: Engine


def build_house(settings: Settings) -> Wired:
    """The house as the settings say; `BrokenRulebook` if its rules cannot be used."""
    engine = open_database(settings.store_url)
    house = House(
        units=SqlUnits(engine),
        speaker=Templates(settings.templates),
        rulebook=load_rulebook(settings.rulebook),
    )

    return Wired(house=house, engine=engine)
