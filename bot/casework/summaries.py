"""What a person should know before the first word of a conversation that they take over."""

from dataclasses import dataclass

from bot.casework.cases import Case
from bot.casework.decisions import Reason, Rule
from bot.casework.orders import Order


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """
    Why it is handed over, and all that is known; words make a few lines of it.

    `case` is as it was before it was handed over, `others` are matters that the buyer told of
    beside it. `tried` is what was done beside what the case knows, `rules` what was looked at.
    """

    reason: Reason
    case: Case | None = None
    order: Order | None = None
    last_words: str = ""
    tried: tuple[str, ...] = ()
    rules: tuple[Rule, ...] = ()
    others: tuple[Case, ...] = ()


def bare(summary: Summary) -> str:
    """The reason and the buyer's last words, for a house without words of its own."""
    return f"{summary.reason}: {summary.last_words[:200]}"
