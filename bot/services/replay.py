"""
Past cases decided once more, under today's rulebook or another: what would differ?

Each case is replayed by itself, on its orders, times and buyer's turns as the ledger has them. As
long as the decisions are those of then, the next one is taken on what was seen then. From the
first that differs on, the case goes its own way: the buyer's later answers count where they answer
what is asked now (bot/playbooks/rehearing.py), and where they do not, the buyer would have to
answer anew, which is said and not guessed. What a person decided, and the search for the order,
are taken as they were; so are the other cases of an order and what they were given.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from bot.casework.cases import Awaiting, Case, Offer
from bot.casework.decisions import HandOff, Reason, Rule
from bot.casework.past import PastCase, PastDecision, Seen, Taken, to_taken
from bot.casework.ports.units import UnitOfWork
from bot.casework.rulebook import Rulebook
from bot.playbooks import BY_NAME
from bot.playbooks.applying import apply
from bot.playbooks.deciding import decide, decide_early, decide_without_order
from bot.playbooks.playbook import Decided, NoDecision
from bot.playbooks.rehearing import hear_again
from bot.services.case_work import COUNTED


class Verdict(StrEnum):
    """What the replay of a case came to."""

    SAME = "same"
    DIFFERENT = "different"
    ANEW = "anew"
    """It differs, and how it would end depends on an answer that the buyer never gave."""
    NOT_REPLAYABLE = "not_replayable"
    """The ledger does not have what was seen, or the playbook is no more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """
    The first decision that differs.

    `now` is None where the question of then would be put again instead, or the buyer would be
    asked for the order first.
    """

    number: int
    decided_at: datetime
    step_then: str
    step_now: str
    then: Taken
    now: Taken | None
    rules_then: tuple[Rule, ...]
    rules_now: tuple[Rule, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseReplay:
    """One case, then and now; `then` and `now` are the decisions that ended it."""

    case_id: str
    store: str
    order_number: str
    verdict: Verdict
    then: tuple[Taken, ...] = ()
    now: tuple[Taken, ...] = ()
    difference: Difference | None = None
    awaiting: Awaiting = Awaiting.NOTHING
    """What the buyer would have to answer anew."""


def replay(
    unit: UnitOfWork,
    rules: Rulebook,
    *,
    store: str | None = None,
    since: datetime | None = None,
    limit: int | None = None,
) -> Iterator[CaseReplay]:
    """Every past case under these rules, the newest first; one is held in memory at a time."""
    for past in unit.past.cases(store=store, since=since, limit=limit):
        yield replay_case(past, rules)


def replay_case(past: PastCase, rules: Rulebook) -> CaseReplay:
    """One past case under these rules."""
    run = _Run(rules=rules)
    verdict = Verdict.NOT_REPLAYABLE
    if is_replayable(past):
        try:
            for row in past.decisions:
                if row.seen:
                    run.decide(row, row.seen)
            verdict = run.verdict
        except NoDecision:
            pass  # a rulebook under which a playbook has no way out of the case

    return CaseReplay(
        case_id=past.id,
        store=past.store,
        order_number=past.order_number,
        verdict=verdict,
        then=tuple(run.then),
        now=tuple(run.now),
        difference=run.difference,
        awaiting=run.case.awaiting if run.case and verdict is Verdict.ANEW else Awaiting.NOTHING,
    )


def is_replayable(past: PastCase) -> bool:
    """Whether the bot's decisions of the case say what they saw, and their playbooks exist."""
    return all(
        row.seen is not None and row.seen.case.playbook in BY_NAME
        for row in past.decisions
        if row.by_bot
    )


@dataclass(kw_only=True)
class _Run:
    """
    A case on its way through the replay.

    `then` and `now` are the decisions that ended it; `case` is the case as it is now, `offer` the
    last one that was made now. `unheard` says that an answer of then fitted no question of now.
    """

    rules: Rulebook
    case: Case | None = None
    offer: Offer | None = None
    in_step: bool = True
    unheard: bool = False
    then: list[Taken] = field(default_factory=list)
    now: list[Taken] = field(default_factory=list)
    difference: Difference | None = None

    @property
    def verdict(self) -> Verdict:
        """What it came to."""
        if self.difference is None:
            return Verdict.SAME
        open_now = not self.now and (self.then or self.unheard)

        return Verdict.ANEW if open_now else Verdict.DIFFERENT

    def decide(self, row: PastDecision, seen: Seen) -> None:
        """The next decision of the case, as it would be taken now."""
        if seen.taken.ends:
            self.then.append(seen.taken)
        if self.case and self.case.order_id != seen.case.order_id and not self.now:
            self.in_step = True  # the buyer has taken it to another order, and it began anew
        if self.in_step:
            self._as_then(row, seen)
        elif not self.now:
            self._own_way(row, seen)

    def _as_then(self, row: PastDecision, seen: Seen) -> None:
        decided = self._decide_on(row, seen)
        if decided is None:
            self._keep(seen.taken, seen.case, None, row.decided_at)
            return
        if isinstance(decided, Case):
            self.in_step = False
            self.case = decided
            self._note(row, seen, None)
            return
        taken = to_taken(decided.decision)
        if taken != seen.taken:
            self._note(row, seen, decided)
        # Where the same was decided on another way there, the next decision may differ.
        self.in_step = (
            taken == seen.taken
            and decided.case.playbook == row.playbook
            and decided.case.round == row.facts.get("round", decided.case.round)
        )
        self._keep(taken, decided.case, decided, row.decided_at)

    def _decide_on(self, row: PastDecision, seen: Seen) -> Decided | Case | None:
        """
        The decision on what was seen then; None where it is taken as it was.

        A case comes back where the bot would only ask again, or ask for the order first.
        """
        case, limit = seen.case, self.rules.hand_off_after_misses
        if row.step == COUNTED:
            locked = seen.taken.reason is Reason.LOCKED
            return None if locked or case.misses >= limit else case
        if row.step == "drop":
            return None
        if seen.order is None:
            return self._decide_without_order(row, seen)
        if not seen.turn.silent and case.misses >= limit:
            rule = Rule("hand_off_after_misses", held=True, compared=f"{case.misses} >= {limit}")
            given_up = HandOff(reason=Reason.NOT_UNDERSTOOD, rules=(rule,))
            return Decided(case=case, step=COUNTED, decision=given_up)

        return decide(self._with_own_offer(case), seen.order, seen.turn, self.rules, row.decided_at)

    def _decide_without_order(self, row: PastDecision, seen: Seen) -> Decided | Case | None:
        case, turn, at = seen.case, seen.turn, row.decided_at
        early = decide_early(case, turn, self.rules, at)
        if isinstance(early, Decided):
            return early
        playbook = BY_NAME[case.playbook]
        if row.step in {step.__name__ for step in playbook.without_order}:
            return decide_without_order(case, turn, self.rules, at)

        return early if row.step in {step.__name__ for step in playbook.before_order} else None

    def _with_own_offer(self, case: Case) -> Case:
        """The case with its offer for as long as it would hold now."""
        if case.offer and self.offer and case.offer.options == self.offer.options:
            return replace(case, offer=replace(case.offer, expires_at=self.offer.expires_at))

        return case

    def _own_way(self, row: PastDecision, seen: Seen) -> None:
        case = self.case
        if case is None or row.step == "find_order":
            return
        if row.step == "drop":
            self._keep(seen.taken, case, None, row.decided_at)
            return
        turn = seen.turn
        heard = case if turn.silent else hear_again(case, seen)
        if heard is None or seen.order is None or row.step == COUNTED:
            self.unheard = True
            return
        decided = decide(heard, seen.order, turn, self.rules, row.decided_at)
        taken = to_taken(decided.decision)
        if taken != seen.taken:
            self._note(row, seen, decided)
        self._keep(taken, decided.case, decided, row.decided_at)

    def _keep(self, taken: Taken, case: Case, decided: Decided | None, at: datetime) -> None:
        if taken.ends:
            self.now.append(taken)
        self.case = apply(case, decided.decision, at) if decided else case
        if taken.kind == "Propose":
            self.offer = self.case.offer

    def _note(self, row: PastDecision, seen: Seen, decided: Decided | None) -> None:
        """Keep the first difference."""
        if self.difference is None:
            self.difference = Difference(
                number=row.number,
                decided_at=row.decided_at,
                step_then=row.step,
                step_now=decided.step if decided else "",
                then=seen.taken,
                now=to_taken(decided.decision) if decided else None,
                rules_then=row.rules,
                rules_now=decided.decision.rules if decided else (),
            )
