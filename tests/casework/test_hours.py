"""When somebody is there again: in the seller's own time, on the days that they work."""

from datetime import UTC, date, datetime

import pytest

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
