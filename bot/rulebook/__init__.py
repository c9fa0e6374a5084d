"""The seller's rulebook: read from `rulebook/`, looked over, and watched while the house runs."""

from bot.rulebook.mistakes import BrokenRulebook, Mistake
from bot.rulebook.reading import load_rulebook
from bot.rulebook.watching import WatchedRulebook

__all__ = ["BrokenRulebook", "Mistake", "WatchedRulebook", "load_rulebook"]
