"""The one place where the parts are put together."""

from bot.replies import Templates
from bot.rulebook import WatchedRulebook
from bot.services.house import House
from bot.settings import Settings
from bot.store.database import open_database
from bot.store.units import SqlUnits


def build_house(settings: Settings) -> House:
    """The house as the settings say; `BrokenRulebook` if its rules cannot be used."""
    rulebook = WatchedRulebook(settings.rulebook)

    return House(
        units=SqlUnits(open_database(settings.store_url)),
        speaker=Templates(settings.templates),
        rulebooks=rulebook,
        find_rulebook_problem=rulebook.find_problem,
    )
