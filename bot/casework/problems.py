"""How the rulebook says that one problem is made good."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from bot.casework.limits import CLOSED, check_percent
from bot.casework.remedies import CHANGES, RemedyKind

Rounds = tuple[tuple[RemedyKind, ...], ...]
"""Remedies that are offered together, round after round: the next one follows a no."""

OFFERABLE = tuple(kind for kind in RemedyKind if kind not in CHANGES)
"""What a ladder may offer: a change is asked for, it makes nothing good."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemRules:
    """
    How one problem is made good: `ladder` is offered from its first round on, then a person.

    A remedy that the facts do not allow (no stock, too late) is left out of the offer.
    `ladders` are for buyer types and country groups that want another one. A discount may be
    offered in two rounds: at `first_discount_percent`, then at `discount_percent`.
    """

    __pydantic_config__ = CLOSED

    ladder: Rounds
    ladders: Mapping[str, Rounds] = field(default_factory=dict)
    before_arrival: Rounds = ()
    ask_photo: bool = False
    discount_percent: Decimal = Decimal(0)
    first_discount_percent: Decimal | None = None

    def __post_init__(self) -> None:
        check_percent("discount_percent", self.discount_percent)
        if self.first_discount_percent is not None:
            check_percent("first_discount_percent", self.first_discount_percent)
            if not 0 < self.first_discount_percent < self.discount_percent:
                raise ValueError("first_discount_percent must be above 0 and below the other")
        self._check_ladder("ladder", self.ladder)
        for audience, rounds in self.ladders.items():
            self._check_ladder(f"ladders.{audience}", rounds)
        if self.before_arrival:
            self._check_ladder("before_arrival", self.before_arrival)

    def _check_ladder(self, name: str, rounds: Rounds) -> None:
        if not rounds or not all(rounds):
            raise ValueError(f"{name} is empty, at least one remedy must stand there")
        most = {RemedyKind.DISCOUNT: 2 if self.first_discount_percent else 1}
        for kind, times in Counter(kind for kinds in rounds for kind in kinds).items():
            if times > most.get(kind, 1):
                raise ValueError(f"{name} names a remedy twice: {kind}")
            if kind in CHANGES:
                raise ValueError(f"{name} names {kind}, which makes nothing good")
        if any(len(set(kinds)) < len(kinds) for kinds in rounds):
            raise ValueError(f"{name} names a remedy twice in one round")
        if RemedyKind.DISCOUNT in self.kinds and not self.discount_percent:
            raise ValueError(f"{name} offers a discount, so discount_percent must be above 0")

    @property
    def kinds(self) -> frozenset[RemedyKind]:
        """Every remedy that any of its ladders names."""
        ladders = (self.ladder, self.before_arrival, *self.ladders.values())

        return frozenset(kind for rounds in ladders for kinds in rounds for kind in kinds)

    def percent(self, rounds: Rounds, place: int) -> Decimal:
        """The discount of that round: the lower one as long as another discount follows."""
        later = any(RemedyKind.DISCOUNT in kinds for kinds in rounds[place + 1 :])
        if later and self.first_discount_percent is not None:
            return self.first_discount_percent

        return self.discount_percent
