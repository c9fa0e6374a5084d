"""Days, seen from Wednesday, 2026-11-25."""

import pytest

from bot.engine.entities.finder import EntityFinder
from tests.engine.entities import found, normalized


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("yesterday", "2026-11-24"),
        ("вчера", "2026-11-24"),
        ("the day before yesterday", "2026-11-23"),
        ("послезавтра", "2026-11-27"),
        ("two weeks ago", "2026-11-11"),
        ("a couple of days ago", "2026-11-23"),
        ("a month ago", "2026-10-25"),
        ("3 дня назад", "2026-11-22"),
        ("неделю назад", "2026-11-18"),
        ("через две недели", "2026-12-09"),
        ("in 3 days", "2026-11-28"),
        ("last Monday", "2026-11-23"),
        ("last Wednesday", "2026-11-18"),
        ("next Wednesday", "2026-12-02"),
        ("it came on Friday", "2026-11-20"),
        ("I need it by Friday", "2026-11-27"),
        ("it was due last Friday", "2026-11-20"),
        ("в прошлый вторник", "2026-11-24"),
        ("last week", "2026-11-16/2026-11-22"),
        ("на прошлой неделе", "2026-11-16/2026-11-22"),
        ("next month", "2026-12-01/2026-12-31"),
        ("в прошлом году", "2025-01-01/2025-12-31"),
        ("3 марта", "2026-03-03"),
        ("March 3rd", "2026-03-03"),
        ("the 3rd of March, 2025", "2025-03-03"),
        ("5 декабря", "2026-12-05"),
        ("5 января", "2026-01-05"),
        ("on 29 February", "2024-02-29"),
        ("since the 3rd", "2026-11-03/2026-11-25"),
        ("on the 30th", "2026-10-30"),
        ("by the 30th", "2026-11-30"),
        ("3-го числа", "2026-11-03"),
        ("in March", "2026-03-01/2026-03-31"),
        ("с 3 марта", "2026-03-03/2026-11-25"),
        ("12/05", "2026-05-12"),
        ("11/20", "2026-11-20"),
        ("15.01.2024", "2024-01-15"),
        ("2024-01-15", "2024-01-15"),
        ("до 03.12", "2026-12-03"),
    ],
)
def test_a_day_is_read_from_the_given_day(finder: EntityFinder, text: str, meant: str) -> None:
    """
    As one day, or as the first and the last of several.
    """
    assert normalized(finder, text, "date") == [meant]


@pytest.mark.parametrize(
    "text",
    [
        "you may come in, and march on",
        "31/31, 99/99 or 31.02.2026",
        "discount on the 2nd item",
        "it weighs 3.5 and costs 12.05",
        "9999999 weeks ago",
        "in 99999999 years",
        "order 304-5521987-0093345",
    ],
)
def test_what_is_no_day_is_left(finder: EntityFinder, text: str) -> None:
    """
    Nor does a day that the calendar lacks stop the message.
    """
    assert found(finder, text, "date") == []
