"""What goes out and comes back, and how long is waited in between."""

from collections import Counter
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.casework.gateways import (
    DETAIL_LENGTH,
    Answer,
    Outcome,
    WrongDispatch,
    give_up_at,
    gives_up,
    next_try,
    next_try_at,
)
from tests.factories import NOW
from tests.gateways.dispatches import a_dispatch

DAY = timedelta(hours=24)
ATTEMPTS = st.integers(1, 10_000)
KEYS = st.text(min_size=1, max_size=50)


@given(ATTEMPTS, KEYS)
def test_a_wait_is_between_half_and_all_of_what_doubles_from_30_seconds_to_a_day(
    attempts: int, key: str
) -> None:
    """
    Never above 24 hours, however many tries there were.
    """
    longest = min(timedelta(seconds=30) * 2 ** min(attempts - 1, 20), DAY)

    assert longest / 2 <= next_try(attempts, key) <= longest <= DAY


@given(st.integers(1, 11), KEYS)
def test_a_wait_is_never_shorter_than_the_one_before(attempts: int, key: str) -> None:
    """
    Whatever is drawn, as long as the longest wait doubles.
    """
    assert next_try(attempts, key) <= next_try(attempts + 1, key)


@given(
    ATTEMPTS,
    KEYS,
    st.floats(0.001, 10**6, allow_nan=False),
    st.floats(0.001, 1000, allow_nan=False),
)
def test_the_longest_wait_holds_for_other_settings_too(
    attempts: int, key: str, first_seconds: float, most_hours: float
) -> None:
    """
    Even if the first wait is already longer.
    """
    wait = next_try(attempts, key, first_seconds, most_hours)

    assert timedelta(0) <= wait <= timedelta(hours=most_hours)


def test_waits_are_spread_evenly_over_the_keys() -> None:
    """
    A thousand remedies that failed together come back one by one: a tenth in each tenth.
    """
    waits = [next_try(3, f"case-{number}:refund:1:1") for number in range(1000)]
    tenths = Counter(int((one.total_seconds() - 60) // 6) for one in waits)

    assert len(set(waits)) == 1000
    assert sorted(tenths) == list(range(10))
    assert all(60 <= times <= 140 for times in tenths.values())


def test_a_remedy_waits_the_same_in_every_process() -> None:
    """
    So the waits are written down: a hash of Python's own would differ from run to run.
    """
    waits = [next_try(attempts, "case:refund:order:1") for attempts in (1, 2, 3)]

    assert [round(one.total_seconds(), 3) for one in waits] == [25.176, 34.592, 116.791]


@pytest.mark.parametrize("attempts", [0, -5])
def test_no_try_yet_counts_as_one(attempts: int) -> None:
    """
    A caller who counts from 0 waits as after the first.
    """
    assert timedelta(seconds=15) <= next_try(attempts, "key") <= timedelta(seconds=30)


@pytest.mark.parametrize(
    ("passed", "given_up"),
    [
        (timedelta(hours=-1), False),
        (timedelta(0), False),
        (DAY - timedelta(seconds=1), False),
        (DAY, True),
        (DAY * 3, True),
    ],
)
def test_a_person_takes_over_a_day_after_the_first_try(passed: timedelta, given_up: bool) -> None:
    """
    At the full 24 hours, not before; a clock that was set back gives nothing up.
    """
    assert gives_up(NOW, NOW + passed) is given_up


@given(st.integers(1, 40), KEYS, st.integers(0, 3 * 86_400))
def test_the_next_look_is_never_past_the_time_to_give_up(
    attempts: int, key: str, seconds: int
) -> None:
    """
    Nor in the past: what is overdue is looked at now.
    """
    now = NOW + timedelta(seconds=seconds)
    at = next_try_at(attempts, key, first_try_at=NOW, now=now)

    assert now <= at <= max(now, give_up_at(NOW))
    assert at - now <= next_try(attempts, key)


def test_a_gateway_that_is_never_reached_is_tried_a_dozen_times_and_then_given_up() -> None:
    """
    The whole way, try by try, ends at the 24th hour.
    """
    now, attempts = NOW, 0
    while not gives_up(NOW, now):
        attempts += 1
        now = next_try_at(attempts, "case:refund:order:1", first_try_at=NOW, now=now)

    assert now == NOW + DAY
    assert 11 <= attempts <= 14


def test_a_detail_is_one_plain_line_and_cut() -> None:
    """
    It comes from strangers and is shown to a person and stored: no lines, no NUL, no half
    characters, no turned reading direction.
    """
    answer = Answer(Outcome.UNKNOWN, detail="  Sorry,\r\n\tcome\x00 back \ud800\u202e" + "x" * 999)

    assert answer.detail.startswith("Sorry, come back xxx")
    assert len(answer.detail) == DETAIL_LENGTH


@pytest.mark.parametrize("key", ["", "a b", "a\r\nX-Admin: 1", "ключ", "k" * 201])
def test_a_key_that_no_header_can_hold_is_refused(key: str) -> None:
    """
    Before anything goes out under it.
    """
    with pytest.raises(WrongDispatch, match="idempotency key"):
        a_dispatch(idempotency_key=key)


def test_a_time_without_a_zone_is_refused() -> None:
    """
    It would go out as whatever zone the machine is in.
    """
    with pytest.raises(WrongDispatch, match="time zone"):
        a_dispatch(requested_at=NOW.replace(tzinfo=None))
