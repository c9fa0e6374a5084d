"""What a decision makes of its case, apart from what it makes of the world."""

from dataclasses import replace
from datetime import datetime

from bot.casework.cases import Awaiting, Case, CaseState, Offer
from bot.casework.decisions import Ask, Close, Decision, HandOff, Perform, Propose, Say


def apply(case: Case, decision: Decision, now: datetime, offer: Offer | None = None) -> Case:
    """The case after that decision; `offer` is the proposed one as it was stored, with its id."""
    match decision:
        case Ask():
            put_at = now.isoformat() if decision.awaiting is Awaiting.CONFIRMATION else ""
            # A yes counts in its own turn: what is asked now was not what it agreed to.
            return replace(case, awaiting=decision.awaiting, confirmed=False, terms_put_at=put_at)
        case Propose():
            return replace(
                case,
                offer=offer or decision.offer,
                picked=None,
                confirmed=False,
                awaiting=Awaiting.CHOICE,
            )
        case Perform(needs_approval=needs_approval):
            return _end(case, CaseState.APPROVAL if needs_approval else CaseState.SETTLED)
        case HandOff():
            return _end(case, CaseState.HANDED_OFF)
        case Close():
            return _end(case, decision.state)
        case Say():
            return case


def _end(case: Case, state: CaseState) -> Case:
    return replace(case, state=state, awaiting=Awaiting.NOTHING)
