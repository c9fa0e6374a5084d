"""Texts that nobody writes who wants an answer."""

import time

import pytest

from bot.engine.entities.finder import EntityFinder
from tests.engine.entities import WEDNESDAY

LONG = 2000
"""Characters of a message that Rasa reads (bot/engine/cleaning.py)."""
PROMISED = 0.020
"""Seconds of computing for the worst of them on one core."""
SLOWNESS = 3
"""How much slower a machine may be that runs other tests at the same time."""

TEXTS = {
    "digits": "1234567890",
    "digits one by one": "1 ",
    "years": "2026 ",
    "phones": "+79161234567 ",
    "emoji": "😀",
    "emoji one by one": "😀 ",
    "html": '<a href="x">1004</a><b>&nbsp;',
    "a link": "a1-/?",
    "points": "a.1.",
    "commas": "1,1,",
    "thousands": "1,000",
    "brackets": "(",
    "pluses": "+",
    "signs": "(+1)-",
    "at signs": "a@",
    "mixed scripts": "aб1漢ع٣",
    "number signs": "# 1 ",
    "orders": "order 1004, ",
    "order numbers": "304-5521987-0093345 ",
    "hexadecimal": "5f2b8c1e9a7d4e0012c3b4a5",
    "dates": "since the 3rd ",
    "sizes": "s m l ",
    "amounts": "$1 000 000 ",
    "dashes": "order - ",
    "domains": "aa.",
    "hyphens": "1-",
    "no-break spaces": "1\u00a0",
}


@pytest.mark.parametrize("piece", TEXTS.values(), ids=TEXTS)
def test_no_text_takes_long(finder: EntityFinder, piece: str) -> None:
    """
    Whatever is repeated until a message is full.
    """
    text = (piece * LONG)[:LONG]

    assert min(seconds(finder, text) for _ in range(4)) < PROMISED * SLOWNESS


def test_a_message_of_twelve_words_takes_about_a_millisecond(finder: EntityFinder) -> None:
    """
    1.2 ms is what the whole of a message's 8 ms leaves for it.
    """
    text = "I paid $20 for the XL shirt from DEMO-1003 two weeks ago"

    assert min(seconds(finder, text) for _ in range(50)) < 0.0012 * SLOWNESS


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\u200b\u202e",
        "\ud800 1004",
        "заказ ①②③④",
        "order ١٠٠٤",
        "order ²²²²",
        "tracking ①②③④⑤⑥⑦⑧",
        "RR12345678५CN",
        "the 3³rd of ³ march, size ²²",
        "$١٢ and ½ €",
        "İ" * 50 + " order 1004",
        "ﬁ № #",
        "order " + "9" * 5000,
        "1" * 300 + " weeks ago",
    ],
)
def test_every_text_is_read_without_an_error(finder: EntityFinder, text: str) -> None:
    """
    Unicode has more digits than int() takes, and letters that grow in lower case.
    """
    for one in finder.find(text, WEDNESDAY):
        assert text[one.start : one.end] == one.value


def seconds(finder: EntityFinder, text: str) -> float:
    """The time that this process computed for it; others may be running."""
    start = time.process_time()
    finder.find(text, WEDNESDAY)
    return time.process_time() - start
