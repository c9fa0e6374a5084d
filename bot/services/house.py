"""What every service works with; wiring builds it once."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import uuid4

from bot.casework.intents import NO_INTENTS, Intents
from bot.casework.ports.clock import Clock
from bot.casework.ports.speaking import Speaker
from bot.casework.ports.units import Units
from bot.casework.rulebook import Rulebook
from bot.casework.summaries import Summary, bare


def utc_now() -> datetime:
    """The real time."""
    return datetime.now(UTC)


def new_id() -> str:
    """A fresh id of 32 hex characters, safe as a Rasa sender id."""
    return uuid4().hex


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """The store, the words, the seller's rules and the time."""

    units: Units
    speaker: Speaker
    rulebooks: Callable[[], Rulebook]
    find_rulebook_problem: Callable[[], str] = lambda: ""
    """What is wrong with the seller's files while older rules hold; empty if nothing is."""
    find_intents: Callable[[], Intents] = lambda: NO_INTENTS
    find_answer: Callable[[str, str, str], str | None] = lambda _intent, _locale, _variant: None
    """What trainers wrote for an intent, in a language, as a variant; None if they did not."""
    sum_up: Callable[[Summary], str] = bare
    """What a person reads of a conversation that is handed to them, in words."""
    clock: Clock = utc_now
    new_id: Callable[[], str] = new_id
    wake_worker: Callable[[], None] = lambda: None
    """Told after a commit that there may be something to send out; the worker looks anyway."""
    writes_letters: bool = False
    """Whether an answer goes by e-mail to a buyer who has left: somebody takes our e-mails."""

    @property
    def rulebook(self) -> Rulebook:
        """The seller's rules as they are now; whoever works on a turn takes them once."""
        return self.rulebooks()

    @property
    def intents(self) -> Intents:
        """What messages can mean, as trainers have it now; a turn takes them once."""
        return self.find_intents()
