"""
The house for whoever teaches the model, in a process of its own.

It has the store, the words and the rules, and nobody who sends anything out: without them such a
process takes a quarter less memory.
"""

from bot.replies import Templates
from bot.rulebook import WatchedRulebook
from bot.services.house import House
from bot.settings import Settings
from bot.store.database import open_database
from bot.store.units import SqlUnits


def build_workshop(settings: Settings) -> House:
    """The house as the settings say; `BrokenRulebook` if its rules cannot be used."""
    return House(
        units=SqlUnits(open_database(settings.store_url)),
        speaker=Templates(settings.templates),
        rulebooks=WatchedRulebook(settings.rulebook),
    )
