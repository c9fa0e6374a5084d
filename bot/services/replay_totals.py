"""What a replay comes to in all: remedies, money, hand-offs and approvals, then and now."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from bot.casework.past import Taken
from bot.services.replay import CaseReplay, Verdict


@dataclass(kw_only=True)
class Given:
    """What was given in some cases; money in minor units by currency, goods sent again none."""

    remedies: Counter[str] = field(default_factory=Counter)
    money: Counter[str] = field(default_factory=Counter)
    hand_offs: Counter[str] = field(default_factory=Counter)
    approvals: int = 0

    def add(self, taken: Iterable[Taken]) -> None:
        """Count these decisions too."""
        for one in taken:
            if one.reason:
                self.hand_offs[one.reason] += 1
            if one.remedy is None:
                continue
            self.remedies[one.remedy.kind] += 1
            self.approvals += one.needs_approval
            if one.remedy.amount:
                self.money[one.remedy.amount.currency] += one.remedy.amount.minor


@dataclass(kw_only=True)
class Totals:
    """
    All cases of a replay.

    `then` and `now` are of the cases of which both ends are known; `then_of_anew` is what was given
    then in those whose buyer would have to answer anew.
    """

    cases: int = 0
    verdicts: Counter[Verdict] = field(default_factory=Counter)
    then: Given = field(default_factory=Given)
    now: Given = field(default_factory=Given)
    then_of_anew: Given = field(default_factory=Given)

    def add(self, case: CaseReplay) -> None:
        """Count this case too."""
        self.cases += 1
        self.verdicts[case.verdict] += 1
        if case.verdict in (Verdict.SAME, Verdict.DIFFERENT):
            self.then.add(case.then)
            self.now.add(case.now)
        elif case.verdict is Verdict.ANEW:
            self.then_of_anew.add(case.then)
