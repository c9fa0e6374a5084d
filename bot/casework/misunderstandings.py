"""What it costs to take a message for another, in units of an ordinary misunderstanding."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from bot.casework.limits import CLOSED, check_within

ANYTHING: Final = "anything"
"""Stands for every intent in a row of costs."""
DEAREST: Final = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class CostRow:
    """Messages of the intents or groups `meant`, taken for one of `said`, cost that much."""

    __pydantic_config__ = CLOSED

    meant: tuple[str, ...]
    said: tuple[str, ...]
    cost: Decimal

    def __post_init__(self) -> None:
        if not self.meant or not self.said:
            raise ValueError("a row of costs needs meant and said")
        check_within("cost", self.cost, 0, DEAREST)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bootstrap:
    """How intervals are drawn: so often, and the same in every run of a seed."""

    __pydantic_config__ = CLOSED

    rounds: int = 2000
    seed: int = 20261125

    def __post_init__(self) -> None:
        check_within("rounds", self.rounds, 200, 10_000)
        check_within("seed", self.seed, 0, 2**32 - 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingRules:
    """
    What decides whether one model is better than another.

    `asked_again` is what a message of ours costs that is refused, so that its buyer is asked
    again. Of `costs` the first row that fits counts, else `default`. `protected` are intents whose
    protection trainers cannot take away; `may_lose` is by how many sentences a protected intent
    may get worse.
    """

    __pydantic_config__ = CLOSED

    default: Decimal = Decimal(1)
    asked_again: Decimal = Decimal("0.5")
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    costs: tuple[CostRow, ...] = ()
    protected: tuple[str, ...] = ()
    may_lose: int = 0
    bootstrap: Bootstrap = field(default_factory=Bootstrap)

    def __post_init__(self) -> None:
        check_within("default", self.default, 0, DEAREST)
        check_within("asked_again", self.asked_again, 0, DEAREST)
        check_within("may_lose", self.may_lose, 0, 100)
        if ANYTHING in self.groups:
            raise ValueError(f"groups.{ANYTHING}: no group may have this name")

    def cost(self, meant: str, said: str, *, refused: bool) -> float:
        """
        What it costs to answer a message of the one intent on the other; 0 if that is right.

        `refused` tells that the buyer was asked again instead, which `said` then has a name for.
        """
        if meant == said:
            return 0.0
        for row in self.costs:
            if self._names(row.meant, meant) and self._names(row.said, said):
                return float(row.cost)

        return float(self.asked_again if refused else self.default)

    def find_unknown(self, intents: Iterable[str]) -> Iterator[str]:
        """A sentence for each name that is neither an intent nor a group."""
        known = {*intents, *self.groups, ANYTHING}
        named = [
            *(("costs", name) for row in self.costs for name in (*row.meant, *row.said)),
            *((f"groups.{group}", name) for group, names in self.groups.items() for name in names),
            *(("protected", name) for name in self.protected),
        ]
        for place, name in dict.fromkeys(named):
            if name not in known:
                yield f"{place} names {name}, which no intent is called"

    def _names(self, names: tuple[str, ...], intent: str) -> bool:
        return any(
            name in {ANYTHING, intent} or intent in self.groups.get(name, ()) for name in names
        )
