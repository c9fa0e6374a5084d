"""What a pattern has found, and what a reading makes of it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from bot.engine.entities.context import Context
from bot.engine.entities.patterns import Kind
from bot.engine.entities.tokens import Tokens


@dataclass(frozen=True)
class Match:
    """The tokens from `start` up to `end`, what is around them, and the day of reading."""

    tokens: Tokens
    start: int
    end: int
    kind: Kind
    context: Context
    today: date

    @property
    def raw(self) -> str:
        """As it was written."""
        return self.tokens.raw(self.start, self.end)

    @property
    def words(self) -> tuple[str, ...]:
        """The tokens in lower case."""
        return self.tokens.lower[self.start : self.end]

    def named(self, name: str, *, last: bool = False) -> str:
        """What the first or last word of a list means here; empty if none of them was found."""
        meanings = self.kind.words.get(name, {})
        words = reversed(self.words) if last else self.words
        return next((meanings[word] for word in words if word in meanings), "")

    def read_as(self, normalized: str) -> "tuple[Reading, ...]":
        """The whole of it with this meaning."""
        return (Reading(normalized, self.start, self.end),)


@dataclass(frozen=True)
class Reading:
    """What the tokens from `start` up to `end` mean."""

    normalized: str
    start: int
    end: int


ReadingOf = Callable[[Match], Iterable[Reading]]
"""Nothing comes of a match that is not what it looks like."""
NOTHING: tuple[Reading, ...] = ()
