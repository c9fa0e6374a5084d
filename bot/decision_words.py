"""A decision as one sentence: what was done, and why."""

from bot.casework.past import PastDecision
from bot.rule_words import capital
from bot.step_words import say_because
from bot.taken_words import KINDS, say_taken


def say_decision(decision: PastDecision) -> str:
    """
    What was done and why, with the numbers that it was decided by.

    Of a decision of which little is on record, as much as is.
    """
    because = say_because(decision)
    what = capital(say_what(decision))

    return f"{what}: {because}." if because else f"{what}."


def say_what(decision: PastDecision) -> str:
    """What was done, without a capital letter and a full stop."""
    if decision.seen:
        return say_taken(decision.seen.taken, agreed_to=decision.seen.case.picked)

    return KINDS.get(decision.decision, decision.decision.lower())
