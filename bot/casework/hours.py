"""When people of the seller answer."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.casework.limits import CLOSED

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SPAN = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)")
MOST_DAYS_AHEAD = 14
MOST_DAYS_COUNTED = 732
"""Who is open for a minute a week gets no deadline in the next century."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BusinessHours:
    """
    The hours of each weekday, such as `mon: "09:00-18:00"`, in `timezone`.

    A day that is not listed is free, and so are the days in `closed_on`.
    """

    __pydantic_config__ = CLOSED

    timezone: str
    open: Mapping[str, str]
    closed_on: tuple[date, ...] = ()

    def __post_init__(self) -> None:
        try:
            ZoneInfo(self.timezone)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise ValueError(
                f"timezone {self.timezone!r} is not known, write one such as Europe/Berlin"
            ) from error
        if not self.open:
            raise ValueError("open is empty, at least one day must stand there")
        for day, span in self.open.items():
            if day not in DAYS:
                raise ValueError(f"open.{day} is no day, allowed are {', '.join(DAYS)}")
            found = SPAN.fullmatch(span)
            if not found or found.group(1, 2) >= found.group(3, 4):
                raise ValueError(f"open.{day} is {span!r}, allowed is such as 09:00-18:00")

    def next_opening(self, now: datetime) -> datetime | None:
        """When somebody is there again, in UTC; None while somebody is, or for two weeks nobody."""
        here = now.astimezone(ZoneInfo(self.timezone))
        for ahead in range(MOST_DAYS_AHEAD):
            day = here.date() + timedelta(days=ahead)
            if (span := self._span(day)) is None:
                continue
            opens, closes = span
            if opens <= here < closes:
                return None
            if here < opens:
                return opens.astimezone(now.tzinfo)

        return None

    def add(self, start: datetime, hours: float) -> datetime:
        """
        When that many open hours have passed since `start`, in UTC.

        Hours are counted as they pass, not as the clock on the wall shows them: the night in which
        clocks change is an hour longer or shorter. What would take more than two years ends there.
        """
        at, left = start.astimezone(UTC), timedelta(hours=hours)
        first = start.astimezone(ZoneInfo(self.timezone)).date()
        for ahead in range(MOST_DAYS_COUNTED):
            if (span := self._span(first + timedelta(days=ahead))) is None:
                continue
            # In UTC, because two times of one zone are subtracted as they stand on the wall.
            opens, closes = (one.astimezone(UTC) for one in span)
            begins = max(opens, at)
            if left <= closes - begins:
                return begins + left
            left -= max(closes - begins, timedelta(0))

        return at + timedelta(days=MOST_DAYS_COUNTED)

    def before(self, end: datetime, hours: float) -> datetime:
        """
        The earliest moment from which no more than that many open hours are left until `end`.

        In UTC. What began when nobody was there began when they left: `add` counts from there to
        the same `end`.
        """
        at, left = end.astimezone(UTC), timedelta(hours=hours)
        last = end.astimezone(ZoneInfo(self.timezone)).date()
        for back in range(MOST_DAYS_COUNTED):
            if (span := self._span(last - timedelta(days=back))) is None:
                continue
            opens, closes = (one.astimezone(UTC) for one in span)
            ends = min(closes, at)
            if left < ends - opens:
                return ends - left
            left -= max(ends - opens, timedelta(0))

        return at - timedelta(days=MOST_DAYS_COUNTED)

    def _span(self, day: date) -> tuple[datetime, datetime] | None:
        span = self.open.get(DAYS[day.weekday()])
        if span is None or day in self.closed_on:
            return None
        opens, closes = (time.fromisoformat(one) for one in span.split("-"))
        zone = ZoneInfo(self.timezone)

        return datetime.combine(day, opens, zone), datetime.combine(day, closes, zone)
