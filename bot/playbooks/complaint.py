"""
Angry about the service: no arguing by a machine, a person answers within the marketplace's time.

The apology and the time stand in the hand-off itself (AFTER_SALES.md, 2).
"""

from datetime import datetime

from bot.casework.cases import Case
from bot.casework.decisions import Decision, HandOff, Reason
from bot.casework.rulebook import Rulebook
from bot.casework.turns import Turn
from bot.playbooks.playbook import Playbook


def give_to_person(_case: Case, _turn: Turn, _rules: Rulebook, _now: datetime) -> Decision | None:
    """At once, whatever is known: nobody who is angry is asked for an order number first."""
    return HandOff(reason=Reason.COMPLAINT)


COMPLAINT = Playbook(name="complaint", before_order=(give_to_person,))
