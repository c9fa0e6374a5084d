"""By when a conversation that waits for a person is to be answered, and what rings for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from bot.casework.decisions import Reason
from bot.casework.limits import DeskClock
from bot.casework.orders import Order
from bot.casework.rulebook import Rulebook
from bot.casework.turns import Floor

COMPLAINTS = (Reason.COMPLAINT, Reason.COUNTERFEIT)
"""What runs against the clock for complaints (AFTER_SALES.md, 2)."""


def clock_of(reason: Reason) -> DeskClock:
    """The clock that runs for a hand-off of that reason."""
    return DeskClock.COMPLAINT if reason in COMPLAINTS else DeskClock.TICKET


def due_at(rules: Rulebook, reason: Reason, order: Order | None, now: datetime) -> datetime:
    """
    By when a hand-off of now is to be handled.

    The marketplace's clock decides where it has one and the order is known, else the seller's.
    """
    clock = clock_of(reason)
    complaint = clock is DeskClock.COMPLAINT
    hours = rules.complaint_hours(order) if complaint else rules.ticket_hours(order)

    return rules.counted(clock, now, hours)


def hours_to_tell(rules: Rulebook, reason: Reason, order: Order | None) -> int | None:
    """
    Within how many hours the buyer is promised an answer: only to a complaint.

    Hours that stand still while the seller is closed are no promise that a buyer could check.
    """
    if clock_of(reason) is not DeskClock.COMPLAINT:
        return None
    if DeskClock.COMPLAINT in rules.count_in_business_hours:
        return None

    return rules.complaint_hours(order)


class Alarm(StrEnum):
    """What rings for a hand-off, each once."""

    WARNING = "warning"
    """Its deadline is near."""
    ESCALATION = "escalation"
    """Its deadline has passed."""


def alarm_at(due: datetime, now: datetime) -> Alarm:
    """What rings for a deadline that is near or past."""
    return Alarm.ESCALATION if due <= now else Alarm.WARNING


def warned_until(rules: Rulebook, now: datetime) -> Mapping[DeskClock, datetime]:
    """
    For each clock, up to which deadline one is near.

    The hours before it are counted like those of the clock: who is warned on Friday afternoon of
    what is due on Monday at ten can still do something.
    """
    hours = rules.desk.warn_before_hours

    return {clock: rules.counted(clock, now, hours) if hours else now for clock in DeskClock}


def warned_from(rules: Rulebook, reason: str, due: datetime | None) -> datetime | None:
    """From when on a deadline is near, for what was handed over for that reason; None for none."""
    if due is None or not reason:
        return due
    hours = rules.desk.warn_before_hours

    return rules.counted_back(clock_of(Reason(reason)), due, hours) if hours else due


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingHandOff:
    """
    A hand-off that no agent has answered yet, held against other writers.

    `agent` is the first name of whoever has claimed the conversation or got it assigned, empty for
    nobody; `team` likewise.
    """

    id: str
    conversation_id: str
    store: str
    floor: Floor
    reason: Reason
    handed_at: datetime
    due_at: datetime
    agent: str = ""
    team: str = ""


class DeskClocks(Protocol):
    """The deadlines of what waits for a person."""

    def near(
        self, until: Mapping[DeskClock, datetime], now: datetime, most: int
    ) -> tuple[WaitingHandOff, ...]:
        """
        Hand-offs for which something is to ring, the most urgent first, at most so many.

        Near are those due up to `until`, by their clock. What has rung before does not ring again.
        """

    def note(self, hand_off: str, alarm: Alarm, now: datetime) -> None:
        """It has rung."""
