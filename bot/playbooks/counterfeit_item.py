"""
The buyer says that it is fake: to a person at once, whatever the order.

A marketplace counts counterfeits against the seller (AFTER_SALES.md, 2), so nothing is granted,
argued or asked by a machine. What the buyer sent is kept with the case as evidence.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.casework.cases import Case
from bot.casework.decisions import Decision, HandOff, Reason
from bot.casework.reading import mentioned_order
from bot.casework.replies import Reply
from bot.casework.rulebook import Rulebook
from bot.casework.turns import Turn
from bot.playbooks.playbook import Playbook


@dataclass(frozen=True, kw_only=True)
class KeepItForUs(Reply):
    """We are sorry and take it seriously; keep the goods, photos may be sent here."""

    photos: int


def keep_evidence(case: Case, turn: Turn, _rules: Rulebook, _now: datetime) -> Case | None:
    """The photos of the message and the order that it names go with the case."""
    photos = tuple(photo for photo in turn.photos if photo not in case.photos)
    kept = replace(
        case,
        photos=(*case.photos, *photos),
        claimed=mentioned_order(turn) or case.claimed,
    )

    return kept if kept != case else None


def hand_to_person(case: Case, _turn: Turn, _rules: Rulebook, _now: datetime) -> Decision:
    """Not even the order number is asked for first."""
    return HandOff(reason=Reason.COUNTERFEIT, reply=KeepItForUs(photos=len(case.photos)))


COUNTERFEIT_ITEM = Playbook(
    name="counterfeit_item",
    before_order=(keep_evidence, hand_to_person),
)
