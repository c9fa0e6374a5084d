"""What the seller says of a remedy: carried out by hand, or never to be."""

from dataclasses import replace

from bot.casework.gateways import DETAIL_LENGTH, to_line
from bot.casework.outbox import OutboxState
from bot.casework.ports.units import Collision, Missing
from bot.casework.remedies import RemedyState
from bot.services.collisions import retried
from bot.services.house import House
from bot.services.remedy_ends import do_end_well, do_fail, do_record, hold

SELLER = "seller"


class NotPossible(Exception):
    """The remedy is not where the seller takes it to be; the text says where it is."""


WHY_NOT = {
    RemedyState.APPROVAL: "still awaits its approval",
    RemedyState.DONE: "is done already",
    RemedyState.DENIED: "was denied",
    RemedyState.REPLACED: "was replaced by other terms",
    RemedyState.FAILED: "has failed already",
}


def confirm_remedy(house: House, remedy_id: str) -> str:
    """The seller carried it out: the buyer is told so, once; in which conversation."""
    return _say(house, remedy_id, OutboxState.DONE, "Confirmed by the seller.")


def fail_remedy(house: House, remedy_id: str, why: str) -> str:
    """The seller will not: the buyer gets an honest word and a person; in which conversation."""
    return _say(house, remedy_id, OutboxState.FAILED, f"Refused by the seller: {why}")


def _say(house: House, remedy_id: str, state: OutboxState, detail: str) -> str:
    try:
        return retried(lambda: _say_once(house, remedy_id, state, to_line(detail)[:DETAIL_LENGTH]))
    except Collision as error:
        raise NotPossible("is being worked on right now; try again in a moment") from error


def _say_once(house: House, remedy_id: str, state: OutboxState, detail: str) -> str:
    with house.units() as unit:
        try:
            row = unit.outbox.of_remedy(remedy_id)
        except Missing:
            row = None  # it awaits its approval, or never got it
        matter = hold(house, unit, remedy_id)
        if standing := WHY_NOT.get(matter.remedy.state):
            raise NotPossible(standing)
        if row is None or row.is_being_sent(matter.now):
            raise NotPossible("is being sent right now; try again in a moment")
        # The fence grows, so that whoever asks its gateway at this moment comes too late.
        ended = replace(
            row,
            state=state,
            fence=row.fence + 1,
            lease_until=None,
            next_at=matter.now,
            detail=detail,
        )
        unit.outbox.put(ended, held=row.fence)
        do_record(matter, ended, by=SELLER)
        if state is OutboxState.DONE:
            do_end_well(matter)
        else:
            do_fail(matter, detail)

    return matter.conversation.id
