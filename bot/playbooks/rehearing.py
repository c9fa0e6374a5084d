"""
What a buyer answered then, as an answer to the question that is asked now.

Only for a case that a replay has led elsewhere than it went (bot/services/replay.py). A buyer who
took the second option took a kind of remedy, not a place in a list; and nobody knows what they
would have said to a question that they were not asked.
"""

from dataclasses import replace

from bot.casework.cases import Awaiting, Case
from bot.casework.orders import Order
from bot.casework.past import Seen
from bot.casework.remedies import Remedy
from bot.playbooks.hearing import hear


def hear_again(case: Case, then: Seen) -> Case | None:
    """
    The case with what was answered then, or None if that does not answer what is asked now.

    `then.case` is the case of that time with its answer heard already.
    """
    if then.order is None or case.awaiting is not then.case.awaiting:
        return None
    if case.awaiting is Awaiting.CHOICE:
        return _chosen(case, then, then.order)
    if case.awaiting is Awaiting.CONFIRMATION:
        return _confirmed(case, then, then.order)

    return hear(case, then.order, then.turn)


def _chosen(case: Case, then: Seen, order: Order) -> Case | None:
    before = then.case
    if before.picked is not None:
        same = _like(before.picked, case)
        return replace(case, picked=same) if same else None
    if before.declined:
        offered = before.offer.options if before.offer else ()
        known = {option.kind for option in offered}
        now = case.offer.options if case.offer else ()
        # Who wanted none of three things wants none of two of them; of a fourth nobody knows.
        return replace(case, declined=True) if {one.kind for one in now} <= known else None

    return hear(case, order, replace(then.turn, choice=None))


def _confirmed(case: Case, then: Seen, order: Order) -> Case | None:
    before = then.case
    if before.picked is None:
        return hear(case, order, then.turn)
    if case.picked is not None and _alike(before.picked, case.picked):
        return replace(case, confirmed=before.confirmed)
    other = _like(before.picked, case)

    return replace(case, picked=other) if other and not before.confirmed else None


def _like(taken: Remedy, case: Case) -> Remedy | None:
    """The option that is of the same kind as what was taken."""
    options = case.offer.options if case.offer else ()

    return next((option for option in options if _alike(option, taken)), None)


def _alike(one: Remedy, other: Remedy) -> bool:
    """Of one kind, and of one product where the buyer chooses that too."""
    return one.kind is other.kind and getattr(one, "sku", "") == getattr(other, "sku", "")
