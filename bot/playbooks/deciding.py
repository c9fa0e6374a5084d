"""From a case and a turn to a decision, by the case's playbook."""

from dataclasses import dataclass
from datetime import datetime

from bot.casework.cases import Case
from bot.casework.orders import Order
from bot.casework.rulebook import Rulebook
from bot.casework.turns import Turn
from bot.playbooks import BY_NAME
from bot.playbooks.good_faith import look_for_bad_faith
from bot.playbooks.playbook import Decided, EarlyStep, NoDecision

MOST_PLAYBOOKS = 3
"""A case may go on as another playbook's, but not in a circle."""


@dataclass(frozen=True, slots=True)
class Passed:
    """A step that decided nothing; `case` is what it left to the next one."""

    playbook: str
    step: str
    case: Case


def decide_early(case: Case, turn: Turn, rules: Rulebook, now: datetime) -> Decided | Case:
    """What the case's playbook decides without an order; the case itself if it needs one."""
    return _first_of(BY_NAME[case.playbook].before_order, case, turn, rules, now)


def decide_without_order(case: Case, turn: Turn, rules: Rulebook, now: datetime) -> Decided | Case:
    """The same where no order of the buyer is known, so that they would be asked for one."""
    return _first_of(BY_NAME[case.playbook].without_order, case, turn, rules, now)


def _first_of(
    steps: tuple[EarlyStep, ...], case: Case, turn: Turn, rules: Rulebook, now: datetime
) -> Decided | Case:
    for step in steps:
        found = step(case, turn, rules, now)
        if isinstance(found, Case):
            case = found
        elif found is not None:
            return Decided(case=case, step=step.__name__, decision=found)

    return case


def decide(
    case: Case,
    order: Order,
    turn: Turn,
    rules: Rulebook,
    now: datetime,
    *,
    passed: list[Passed] | None = None,
) -> Decided:
    """
    The first decision of the case's playbook, with the case as its steps left it.

    A step may hand the case to another playbook (a refund request turns out to be a damaged
    item); that one then starts from its first step. Those that need no order come first here too,
    so that the rulebook as it is now counts. What would give something goes to a person first if
    there is a signal of bad faith. Steps that decided nothing are noted in `passed`, for whoever
    wants to know why.
    """
    for _ in range(MOST_PLAYBOOKS):
        playbook = BY_NAME[case.playbook]
        early = decide_early(case, turn, rules, now)
        if isinstance(early, Decided):
            return early
        case = early
        for step in playbook.steps:
            found = step(case, order, turn, rules, now)
            if found is not None and not isinstance(found, Case):
                if doubt := look_for_bad_faith(found, case, order, rules, now):
                    return Decided(case=case, step=look_for_bad_faith.__name__, decision=doubt)
                return Decided(case=case, step=step.__name__, decision=found)
            case = found or case
            if passed is not None:
                passed.append(Passed(playbook.name, step.__name__, case))
            if case.playbook != playbook.name:
                break
        else:
            raise NoDecision(f"{playbook.name} passed all its steps")

    raise NoDecision(f"{case.playbook} was reached in a circle")
