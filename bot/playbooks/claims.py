"""What the seller may claim from a partner, put on record with the end of a case."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import wraps

from bot.casework.cases import Case
from bot.casework.decisions import Claim, Decision, HandOff, Perform
from bot.casework.orders import Order
from bot.casework.rulebook import Rulebook
from bot.casework.turns import Turn
from bot.playbooks.playbook import Step

ClaimOf = Callable[[Case, Order, Rulebook], Claim | None]
"""Whose mistake the case was, if not the seller's own."""


def with_claim(step: Step, claim_of: ClaimOf) -> Step:
    """
    The step; where it grants something or passes the case to a person, with the claim.

    A partner pays for its mistake whatever the buyer got for it (AFTER_SALES.md, 3.6).
    """

    @wraps(step)
    def claiming(
        case: Case, order: Order, turn: Turn, rules: Rulebook, now: datetime
    ) -> Decision | Case | None:
        found = step(case, order, turn, rules, now)
        if isinstance(found, Perform | HandOff):
            return replace(found, claim=claim_of(case, order, rules))

        return found

    return claiming
