"""
Days that buyers mean, seen from a given day: "2026-11-24"; or spans: "2026-11-16/2026-11-22".

A day without its year is the latest one that is not far ahead: buyers speak of what has happened,
or of a parcel that is due soon.
"""

import re
from calendar import monthrange
from datetime import date, timedelta
from typing import Optional

from bot.engine.entities.match import NOTHING, Match, Reading

AHEAD = 31
"""Days that a day without its year may lie ahead."""

_FIGURES = re.compile(r"(\d{1,4})[./-](\d{1,2})(?:[./-](\d{2,4}))?\Z")
_DAY = re.compile(r"(\d{1,2})(?!\d)")
_YEAR = re.compile(r"(?:19|20)\d\d")

Days = tuple[date, date]


def day(match: Match) -> tuple[Reading, ...]:
    """Yesterday, today, послезавтра."""
    return _read(match, match.today + timedelta(int(match.named("NEAR_DAY"))))


def day_before_yesterday(match: Match) -> tuple[Reading, ...]:
    """Two days ago, in so many words."""
    return _read(match, match.today - timedelta(2))


def day_after_tomorrow(match: Match) -> tuple[Reading, ...]:
    """In two days, in so many words."""
    return _read(match, match.today + timedelta(2))


def distance(match: Match) -> tuple[Reading, ...]:
    """Two weeks ago, через 3 дня."""
    figures = next((int(word) for word in match.words if word.isdigit()), 0)
    count = figures or int(match.named("NUMBER", last=True) or 1)  # "a couple" is two
    if count > 500:
        return NOTHING
    ahead = bool(match.named("IN"))
    return _read(match, _moved(match.today, match.named("UNIT"), count if ahead else -count))


def weekday(match: Match) -> tuple[Reading, ...]:
    """Last Monday, next Friday, во вторник: without such a word the latest one, today included."""
    wanted = int(match.named("WEEKDAY"))
    back = (match.today.weekday() - wanted) % 7
    which = match.named("WHICH")
    if which == "next" or (not which and _is_due(match)):
        return _read(match, match.today + timedelta(7 - back if back else 7))
    if which == "this":
        return _read(match, match.today + timedelta(wanted - match.today.weekday()))
    if which == "last" and back == 0:
        back = 7

    return _read(match, match.today - timedelta(back))


def period(match: Match) -> tuple[Reading, ...]:
    """Last week, в этом месяце, next year: from its first to its last day."""
    step = {"last": -1, "this": 0, "next": 1}[match.named("WHICH")]
    unit = match.named("UNIT")
    if unit == "day":
        return NOTHING
    if unit == "week":
        monday = match.today - timedelta(match.today.weekday()) + timedelta(7 * step)
        return _read(match, monday, monday + timedelta(6))
    if unit == "year":
        year = match.today.year + step
        return _read(match, date(year, 1, 1), date(year, 12, 31))
    first = _moved(match.today.replace(day=1), "month", step)
    return _read(match, first, _last_of(first))


def calendar(match: Match) -> tuple[Reading, ...]:
    """3 марта, March 3rd, the 3rd of March 2026."""
    number, year = _DAY.search(match.raw), _YEAR.search(match.raw)
    if number is None:
        return NOTHING
    month_ = int(match.named("MONTH"))
    given = int(year[0]) if year else None
    return _read(match, _latest(match.today, int(number[1]), month_, given))


def day_of_month(match: Match) -> tuple[Reading, ...]:
    """The 3rd, числа третьего: the latest one, or the next one where something is due."""
    number = _DAY.search(match.raw)
    counted = match.context.word(match.end) in match.kind.words["COUNTED"]
    if number is None or counted or not 1 <= int(number[1]) <= 31:
        return NOTHING
    wanted, month_ = int(number[1]), match.today.replace(day=1)
    due = _is_due(match)
    for _ in range(4):
        found = _date(month_.year, month_.month, wanted)
        if found and (found >= match.today if due else found <= match.today):
            return _read(match, found)
        month_ = _moved(month_, "month", 1 if due else -1)
    return NOTHING


def month(match: Match) -> tuple[Reading, ...]:
    """In March, в марте 2025 года: from its first to its last day."""
    wanted, year = int(match.named("MONTH")), _YEAR.search(match.raw)
    ahead = wanted > match.today.month + 1
    first = date(int(year[0]) if year else match.today.year - ahead, wanted, 1)
    return _read(match, first, _last_of(first))


def figures(match: Match) -> tuple[Reading, ...]:
    """2026-11-03, 03.11.2026, 12/05: the day stands before the month unless it cannot."""
    written = match.tokens.words[match.end - 1]
    parts = _FIGURES.search(written)
    if parts is None:
        return NOTHING
    first, second, third = parts[1], int(parts[2]), parts[3]
    if len(first) == 4:
        return _read(match, _date(int(first), second, int(third))) if third else NOTHING
    if len(first) == 3 or (third and len(third) == 3):
        return NOTHING
    day_, month_ = (int(first), second) if second <= 12 else (second, int(first))
    year = int(third) + (2000 if len(third) == 2 else 0) if third else None
    return _read(match, _latest(match.today, day_, month_, year))


def _read(match: Match, first: Optional[date], last: Optional[date] = None) -> tuple[Reading, ...]:
    """One day, or the span; with "since" before it the span up to the given day."""
    if first is None or not 1990 <= first.year <= 2100:
        return NOTHING
    if match.named("SINCE") and first <= match.today:
        return match.read_as(f"{first.isoformat()}/{match.today.isoformat()}")
    if last is None:
        return match.read_as(first.isoformat())

    return match.read_as(f"{first.isoformat()}/{last.isoformat()}")


def _last_of(month_: date) -> date:
    return month_.replace(day=monthrange(month_.year, month_.month)[1])


def _is_due(match: Match) -> bool:
    """Whether the word before says that the day is still to come."""
    until = match.kind.words["UNTIL"]
    return match.context.word(match.start - 1) in until or match.words[0] in until


def _latest(today: date, day_: int, month_: int, year: Optional[int]) -> Optional[date]:
    if year is not None:
        return _date(year, month_, day_)
    found = (_date(today.year + ahead, month_, day_) for ahead in (1, 0, -1, -2, -3, -4))
    return next((one for one in found if one and one <= today + timedelta(AHEAD)), None)


def _date(year: int, month_: int, day_: int) -> Optional[date]:
    try:
        return date(year, month_, day_)
    except ValueError:
        return None


def _moved(start: date, unit: str, count: int) -> date:
    """The day so many units away; of a month that is too short its last day."""
    if unit in ("day", "week"):
        return start + timedelta(count * (7 if unit == "week" else 1))
    months = start.year * 12 + start.month - 1 + count * (12 if unit == "year" else 1)
    year, month_ = divmod(months, 12)
    return start.replace(
        year=year, month=month_ + 1, day=min(start.day, monthrange(year, month_ + 1)[1])
    )
