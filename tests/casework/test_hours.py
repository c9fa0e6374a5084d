"""When somebody is there again: in the seller's own time, on the days that they work."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.casework.hours import BusinessHours

WEEKDAYS = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), "09:00-18:00")


def in_berlin(**changes: object) -> BusinessHours:
    """Nine to six on weekdays, in Berlin."""
    given: dict[str, object] = {"timezone": "Europe/Berlin", "open": WEEKDAYS}

    return BusinessHours(**(given | changes))


def utc(text: str) -> datetime:
    """That moment in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "opens"),
    [
        ("2026-01-14 07:59:59", "2026-01-14 08:00"),  # a Wednesday, before nine
        ("2026-01-14 08:00", None),
        ("2026-01-14 16:59:59", None),
        ("2026-01-14 17:00", "2026-01-15 08:00"),
        ("2026-01-16 17:00", "2026-01-19 08:00"),  # over the weekend
        ("2026-01-17 10:00", "2026-01-19 08:00"),
        ("2026-07-14 07:00", None),  # nine o'clock of summer
        ("2026-07-14 06:59", "2026-07-14 07:00"),
    ],
)
def test_somebody_is_there_or_will_be(now: str, opens: str | None) -> None:
    """
    To the second, in UTC, with summer time and weekends.
    """
    assert in_berlin().next_opening(utc(now)) == (utc(opens) if opens else None)


@pytest.mark.parametrize(
    ("now", "opens"),
    [
        ("2026-03-27 17:00", "2026-03-30 07:00"),  # clocks go forward on the 29th
        ("2026-10-23 16:00", "2026-10-26 08:00"),  # and back on the 25th
    ],
)
def test_a_weekend_on_which_the_clocks_change(now: str, opens: str) -> None:
    """
    Nine on Monday is nine by the new time, not sixty-three hours after six on Friday.
    """
    assert in_berlin().next_opening(utc(now)) == utc(opens)


def test_the_night_of_the_change_itself_has_hours() -> None:
    """
    Open around the hour that is skipped, and around the one that comes twice.
    """
    hours = in_berlin(open={"sun": "01:00-04:00"})

    assert hours.next_opening(utc("2026-03-29 01:30")) is None  # 03:30, which follows 01:59
    assert hours.next_opening(utc("2026-03-29 02:00")) == utc("2026-04-04 23:00")
    assert hours.next_opening(utc("2026-10-25 02:30")) is None  # 03:30, after 02:00 came twice


def test_the_seller_far_away_is_on_another_day() -> None:
    """
    Sunday evening in UTC is Monday morning in Auckland.
    """
    hours = BusinessHours(timezone="Pacific/Auckland", open={"mon": "09:00-18:00"})

    assert hours.next_opening(utc("2026-01-18 20:00")) is None
    assert hours.next_opening(utc("2026-01-18 19:00")) == utc("2026-01-18 20:00")


def test_a_day_that_is_closed_is_passed_over() -> None:
    """
    A holiday on a Thursday: who writes then is answered on Friday.
    """
    hours = in_berlin(closed_on=(date(2026, 1, 15),))

    assert hours.next_opening(utc("2026-01-15 10:00")) == utc("2026-01-16 08:00")
    assert hours.next_opening(utc("2026-01-14 17:00")) == utc("2026-01-16 08:00")


def test_nothing_is_promised_that_is_too_far_ahead() -> None:
    """
    Closed for three weeks: no day is named, rather than one that nobody has thought about.
    """
    hours = in_berlin(closed_on=tuple(date(2026, 1, day) for day in range(12, 32)))

    assert hours.next_opening(utc("2026-01-12 10:00")) is None


@pytest.mark.parametrize(
    ("start", "hours", "ends"),
    [
        ("2026-01-14 08:00", 9, "2026-01-14 17:00"),  # a whole day, to its end and not the next
        ("2026-01-14 08:00", 10, "2026-01-15 09:00"),
        ("2026-01-14 03:00", 1, "2026-01-14 09:00"),  # asked at night
        ("2026-01-14 20:00", 1, "2026-01-15 09:00"),
        ("2026-01-16 16:30", 1, "2026-01-19 08:30"),  # half an hour on Friday, half on Monday
        ("2026-01-17 10:00", 48, "2026-01-26 11:00"),  # five days of nine hours, and three hours
        ("2026-03-27 16:00", 2, "2026-03-30 08:00"),  # clocks go forward on the 29th
        ("2026-10-23 15:00", 2, "2026-10-26 09:00"),  # and back on the 25th
    ],
)
def test_hours_count_while_somebody_is_there(start: str, hours: int, ends: str) -> None:
    """
    Nights, weekends and the change of clocks are passed over.
    """
    assert in_berlin().add(utc(start), hours) == utc(ends)


@pytest.mark.parametrize(
    ("start", "ends"),
    [
        ("2026-03-28 12:00", "2026-03-29 04:00"),  # 00:00 to 06:00 is five hours on that night
        ("2026-10-24 12:00", "2026-10-25 03:00"),  # and seven on this one
        ("2026-06-27 12:00", "2026-06-28 03:00"),
    ],
)
def test_the_night_of_the_change_is_as_long_as_it_lasts(start: str, ends: str) -> None:
    """
    Five hours from midnight: by the clock on the wall they end at six, at four or at five.
    """
    nights = {"sat": "23:00-23:59", "sun": "00:00-06:00"}
    begun = in_berlin(open=nights).add(utc(start), 59 / 60)

    assert in_berlin(open=nights).add(begun, 5) == utc(ends)


def test_a_holiday_does_not_count() -> None:
    """
    From Wednesday afternoon over a closed Thursday to Friday.
    """
    hours = in_berlin(closed_on=(date(2026, 1, 15),))

    assert hours.add(utc("2026-01-14 16:00"), 2) == utc("2026-01-16 09:00")


def test_who_is_hardly_ever_open_gets_a_deadline_all_the_same() -> None:
    """
    A minute a week, and a closed year: two years are looked at, not a thousand.
    """
    start = utc("2026-01-14 16:00")
    closed = tuple(date(2026, 1, 1) + timedelta(days=day) for day in range(900))

    assert in_berlin(open={"mon": "09:00-09:01"}).add(start, 1000) == start + timedelta(days=732)
    assert in_berlin(closed_on=closed).add(start, 1) == start + timedelta(days=732)


@given(
    start=st.integers(0, 2 * 365 * 24 * 60).map(
        lambda minutes: utc("2025-01-01") + timedelta(minutes=minutes)
    ),
    hours=st.integers(1, 60),
    more=st.integers(1, 60),
)
def test_hours_add_up(start: datetime, hours: int, more: int) -> None:
    """
    In one go or in two: the same end, never before the start, always while somebody is there.
    """
    berlin = in_berlin(closed_on=(date(2025, 12, 25), date(2026, 5, 1)))
    end = berlin.add(start, hours + more)

    assert end == berlin.add(berlin.add(start, hours), more)
    assert end >= start + timedelta(hours=hours + more)
    assert berlin.next_opening(end - timedelta(minutes=1)) is None


@pytest.mark.parametrize(
    ("end", "hours", "since"),
    [
        ("2026-01-14 12:00", 2, "2026-01-14 10:00"),
        ("2026-01-14 09:00", 2, "2026-01-13 16:00"),  # an hour on Tuesday, an hour on Wednesday
        ("2026-01-19 09:00", 4, "2026-01-16 14:00"),  # over the weekend
        ("2026-01-14 09:00", 1, "2026-01-13 17:00"),  # all night long it is as near as at nine
        ("2026-01-14 20:00", 1, "2026-01-14 16:00"),  # due while nobody is there
        ("2026-03-30 08:00", 2, "2026-03-27 16:00"),  # clocks went forward on the 29th
    ],
)
def test_hours_are_counted_back_as_well(end: str, hours: int, since: str) -> None:
    """
    From the earliest moment at which no more than that is left.
    """
    assert in_berlin().before(utc(end), hours) == utc(since)


@given(
    end=st.integers(0, 365 * 24 * 60).map(
        lambda minutes: utc("2025-01-01") + timedelta(minutes=minutes)
    ),
    hours=st.integers(1, 60),
    sooner=st.integers(-300, 300),
)
def test_counting_back_agrees_with_counting(end: datetime, hours: int, sooner: int) -> None:
    """
    What is near by the one is near by the other, at every moment.
    """
    berlin = in_berlin(closed_on=(date(2025, 12, 25), date(2026, 5, 1)))
    due = berlin.add(end, 1)
    since = berlin.before(due, hours)
    now = since + timedelta(minutes=sooner)

    assert (now >= since) == (berlin.add(now, hours) >= due)


@pytest.mark.parametrize("zone", ["Mars/Crater", "", "../etc/passwd", "/etc/localtime"])
def test_a_timezone_must_exist(zone: str) -> None:
    """
    The name is looked up among files: nothing outside of them is.
    """
    with pytest.raises(ValueError, match="is not known, write one such as Europe/Berlin"):
        in_berlin(timezone=zone)


@pytest.mark.parametrize(
    "span",
    [
        "9-18",
        "09:00-24:00",
        "09:60-18:00",
        "09:00 - 18:00",
        "18:00-09:00",  # overnight: write both days
        "22:00-06:00",
        "09:00-09:00",
        "",
        "09:00-18:00, 19:00-20:00",
    ],
)
def test_hours_that_make_no_sense_cannot_exist(span: str) -> None:
    """
    A span lies within its day; one over midnight stands under two days.
    """
    with pytest.raises(ValueError, match=r"open\.mon is .*allowed is such as 09:00-18:00"):
        in_berlin(open={"mon": span})


def test_a_day_must_be_one() -> None:
    """
    Whoever writes Monday out is told how it is written here.
    """
    with pytest.raises(ValueError, match=r"open\.monday is no day, allowed are mon, tue"):
        in_berlin(open={"monday": "09:00-18:00"})
    with pytest.raises(ValueError, match="open is empty"):
        in_berlin(open={})
