"""What follows from each answer about a remedy on its way out."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.casework.gateways import Answer, Outcome, give_up_at
from bot.casework.outbox import OutboxRow, OutboxState, after, taken
from tests.factories import NOW

KEY = "case-7:refund:1:1"
UNTIL = NOW + timedelta(minutes=5)


def a_row(state: OutboxState = OutboxState.NEW, **changes: object) -> OutboxRow:
    """A row that nobody has taken yet."""
    row = OutboxRow(
        id=1,
        remedy_id="4c1f",
        state=state,
        attempts=0,
        next_at=NOW,
        first_at=None if state is OutboxState.NEW else NOW - timedelta(hours=1),
        lease_until=None,
        fence=3,
        detail="",
    )

    return replace(row, **changes)


def told(row: OutboxRow, outcome: Outcome, *, polled: bool = True, now=NOW) -> OutboxRow:
    """The row after that answer."""
    return after(row, Answer(outcome, detail="its word"), KEY, polled=polled, now=now)


@pytest.mark.parametrize(
    ("found", "marked"),
    [
        ("new", "sending"),
        ("retry", "sending"),
        ("sending", "unknown"),
        ("unknown", "unknown"),
        ("accepted", "accepted"),
        ("lost", "lost"),
    ],
)
def test_what_is_taken_is_marked_before_any_call(found: str, marked: str) -> None:
    """
    Who finds a row that was being sent does not know whether it arrived.
    """
    ours = taken(a_row(OutboxState(found)), NOW, UNTIL)

    assert ours.state == marked
    assert (ours.fence, ours.attempts, ours.lease_until) == (4, 1, UNTIL)
    assert ours.first_at is not None


@pytest.mark.parametrize(
    ("state", "outcome", "next_state"),
    [
        ("sending", "accepted", "accepted"),
        ("sending", "done", "done"),
        ("sending", "refused", "failed"),
        ("sending", "unknown", "unknown"),
        ("sending", "unreached", "retry"),
        ("sending", "never_seen", "unknown"),
        ("unknown", "accepted", "accepted"),
        ("unknown", "done", "done"),
        ("unknown", "refused", "failed"),
        ("unknown", "unknown", "unknown"),
        ("unknown", "never_seen", "retry"),
        ("unknown", "unreached", "unknown"),
        ("accepted", "accepted", "accepted"),
        ("accepted", "done", "done"),
        ("accepted", "refused", "failed"),
        ("accepted", "unknown", "accepted"),
        ("accepted", "never_seen", "lost"),
        ("lost", "accepted", "accepted"),
        ("lost", "done", "done"),
        ("lost", "unknown", "lost"),
        ("lost", "never_seen", "lost"),
    ],
)
def test_each_answer_in_each_state(state: str, outcome: str, next_state: str) -> None:
    """
    Sent again is only what certainly did not arrive, and never what was accepted once.
    """
    row = told(a_row(OutboxState(state), lease_until=UNTIL), Outcome(outcome))

    assert row.state == next_state
    assert row.lease_until is None
    assert row.detail == "its word"
    pending = next_state in ("accepted", "unknown", "retry", "lost")
    assert (row.next_at > NOW) is pending


def test_what_nobody_can_be_asked_about_waits_for_the_seller() -> None:
    """
    The seller's own list does not know more tomorrow.
    """
    assert told(a_row(OutboxState.SENDING), Outcome.ACCEPTED, polled=False).state == "listed"


def test_what_was_sent_elsewhere_keeps_that_word_on_the_sellers_list() -> None:
    """
    The seller changed from a webhook to a list: it may have been paid already.
    """
    row = a_row(OutboxState.UNKNOWN, detail="No answer: timed out.")

    assert told(row, Outcome.ACCEPTED, polled=False).detail == "No answer: timed out. its word"


def test_an_accepted_remedy_is_asked_for_at_growing_intervals_for_ever() -> None:
    """
    From seconds up to a day, and a month later still.
    """
    row, now, waits = a_row(OutboxState.SENDING, attempts=9), NOW, []
    for _ in range(25):
        row = told(row, Outcome.ACCEPTED, now=now)
        waits.append(row.next_at - now)
        now = row.next_at
        row = taken(row, now, now + timedelta(minutes=5))

    assert waits[0] <= timedelta(seconds=30)
    assert waits[:11] == sorted(waits[:11])
    assert timedelta(hours=12) <= waits[-1] <= timedelta(hours=24)
    assert row.state is OutboxState.ACCEPTED


@pytest.mark.parametrize(
    ("state", "outcome"), [("sending", "unreached"), ("unknown", "unknown"), ("lost", "never_seen")]
)
def test_after_a_day_a_person_takes_over(state: str, outcome: str) -> None:
    """
    Exactly at the 24th hour, at which the last look falls.
    """
    row, now = a_row(OutboxState(state)), NOW
    assert row.first_at
    while row.state is not OutboxState.PERSON:
        row = told(replace(row, attempts=row.attempts + 1), Outcome(outcome), now=now)
        if row.state is not OutboxState.PERSON:
            assert row.next_at > now
            now = row.next_at
            row = taken(row, now, now + timedelta(minutes=5))

    assert now == give_up_at(row.first_at or NOW)


def test_what_is_over_is_not_sent_once_more() -> None:
    """
    The worker was down for two days: what certainly did not arrive stays where it is.
    """
    late = NOW + timedelta(days=2)
    ours = taken(a_row(OutboxState.RETRY), late, late + timedelta(minutes=5))

    assert ours.state is OutboxState.RETRY
    assert told(ours, Outcome.UNREACHED, now=late).state is OutboxState.PERSON


def test_what_is_over_is_asked_for_once_more() -> None:
    """
    A question is harmless: if it was done meanwhile, the buyer hears that.
    """
    late = NOW + timedelta(days=2)
    ours = taken(a_row(OutboxState.SENDING), late, late + timedelta(minutes=5))

    assert ours.state is OutboxState.UNKNOWN
    assert told(ours, Outcome.DONE, now=late).state is OutboxState.DONE
    assert told(ours, Outcome.NEVER_SEEN, now=late).state is OutboxState.PERSON
    assert told(ours, Outcome.ACCEPTED, now=late).state is OutboxState.ACCEPTED


def test_what_a_gateway_has_lost_gets_a_day_of_its_own() -> None:
    """
    It was accepted for weeks, and a deployment answers 404 for a minute.
    """
    late = NOW + timedelta(days=30)
    row = told(a_row(OutboxState.ACCEPTED), Outcome.NEVER_SEEN, now=late)

    assert row.state is OutboxState.LOST
    assert row.first_at == late
