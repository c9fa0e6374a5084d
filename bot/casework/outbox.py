"""
Where a remedy stands on its way out, and what follows from each answer about it.

Pure like all of the core: the worker (bot/services/outbox.py) calls, this decides.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from bot.casework.gateways import DETAIL_LENGTH, Answer, Outcome, gives_up, next_try, next_try_at


class OutboxState(StrEnum):
    """How far a remedy is with its gateway."""

    NEW = "new"
    """Never sent."""
    SENDING = "sending"
    """Written before the call: found with a lease that has ended, its fate is unknown."""
    RETRY = "retry"
    """It certainly did not arrive, and is sent again."""
    UNKNOWN = "unknown"
    """It may have arrived: the gateway is asked before anything is repeated."""
    ACCEPTED = "accepted"
    """The gateway has it and is asked from time to time whether it is done."""
    LISTED = "listed"
    """The seller has it and says when it is done; nobody is asked."""
    LOST = "lost"
    """The gateway took it and does not know it any more: it is asked again, never sent again."""
    DONE = "done"
    FAILED = "failed"
    PERSON = "person"
    """Given up after a day: a person finds out what became of it."""


SENDABLE = frozenset({OutboxState.NEW, OutboxState.RETRY})
ASKABLE = frozenset({OutboxState.UNKNOWN, OutboxState.ACCEPTED, OutboxState.LOST})
UNTAKEN = frozenset({OutboxState.RETRY, OutboxState.UNKNOWN, OutboxState.LOST})
"""What is given up after a day. What a gateway accepted is its work, however long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxRow:
    """
    One remedy on its way out.

    `fence` grows with whoever takes it: who comes back with an older one has lost it.
    `lease_until` is until when nobody else may, `first_at` when it was sent first, `detail` the
    gateway's last word.
    """

    id: int
    remedy_id: str
    state: OutboxState
    attempts: int
    next_at: datetime
    first_at: datetime | None
    lease_until: datetime | None
    fence: int
    detail: str

    def is_being_sent(self, now: datetime) -> bool:
        """Whether its gateway may be getting it at this very moment."""
        held = self.lease_until is not None and now < self.lease_until

        return self.state is OutboxState.SENDING and held


def taken(row: OutboxRow, now: datetime, until: datetime) -> OutboxRow:
    """
    The row as its new holder writes it down, before any call.

    What is about to be sent is marked so. What somebody else was sending when their lease ended
    may have arrived.
    """
    state = row.state
    if state is OutboxState.SENDING:
        state = OutboxState.UNKNOWN
    elif state in SENDABLE and not _is_over(row, now):
        state = OutboxState.SENDING

    return replace(
        row,
        state=state,
        attempts=row.attempts + 1,
        first_at=row.first_at or now,
        lease_until=until,
        fence=row.fence + 1,
    )


def after(row: OutboxRow, answer: Answer, key: str, *, polled: bool, now: datetime) -> OutboxRow:
    """
    The row after its gateway's answer, free for others.

    `polled` says whether asking that gateway can tell when it is done.
    """
    state = _state_after(row.state, answer.outcome, polled=polled)
    if state in UNTAKEN and _is_over(row, now) and not _is_just_lost(row, state):
        state = OutboxState.PERSON
    anew = state in (OutboxState.ACCEPTED, OutboxState.LOST) and state is not row.state
    attempts = 1 if anew else row.attempts
    first_at = now if _is_just_lost(row, state) else row.first_at or now
    if state is OutboxState.ACCEPTED:
        next_at = now + next_try(attempts, key)
    elif state in UNTAKEN:
        next_at = next_try_at(attempts, key, first_try_at=first_at, now=now)
    else:
        next_at = now

    return replace(
        row,
        state=state,
        attempts=attempts,
        first_at=first_at,
        next_at=next_at,
        lease_until=None,
        detail=_word(row, answer, state),
    )


def _word(row: OutboxRow, answer: Answer, state: OutboxState) -> str:
    """
    The latest word on it.

    What another gateway was sent before the seller changed to a list keeps that one's word: the
    seller is not to pay what was paid already.
    """
    if state is OutboxState.LISTED and row.detail:
        return f"{row.detail} {answer.detail}"[:DETAIL_LENGTH]

    return answer.detail or row.detail


def _state_after(state: OutboxState, outcome: Outcome, *, polled: bool) -> OutboxState:
    was_sent = state in (OutboxState.SENDING, *SENDABLE)
    match outcome:
        case Outcome.DONE:
            return OutboxState.DONE
        case Outcome.REFUSED:
            return OutboxState.FAILED
        case Outcome.ACCEPTED:
            return OutboxState.ACCEPTED if polled else OutboxState.LISTED
        case Outcome.UNREACHED if was_sent:
            return OutboxState.RETRY
        case Outcome.NEVER_SEEN if state in (OutboxState.ACCEPTED, OutboxState.LOST):
            return OutboxState.LOST
        case Outcome.NEVER_SEEN if not was_sent:
            return OutboxState.RETRY

    # An answer that says nothing leaves what was accepted accepted, and what was lost lost.
    return OutboxState.UNKNOWN if was_sent else state


def _is_over(row: OutboxRow, now: datetime) -> bool:
    return row.first_at is not None and gives_up(row.first_at, now)


def _is_just_lost(row: OutboxRow, state: OutboxState) -> bool:
    """Whether it was accepted until now: its day to be found again begins."""
    return state is OutboxState.LOST and row.state is not OutboxState.LOST
