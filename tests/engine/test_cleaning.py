"""What is left of a text before Rasa reads it."""

import pytest

from bot.engine.cleaning import LONGEST, clean
from tests.engine.bad_input import BAD_INPUT


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("where is my order?", "where is my order?"),
        ("  two\n\n lines\tand a tab ", "two lines and a tab"),
        ("/restart", "restart"),
        ("///restart", "restart"),
        ("／restart", "restart"),
        (" \u2003\u00a0/restart", "restart"),
        ("\u200b/\u200brestart", "restart"),
        ("/ / \u202e/restart", "restart"),
        ("\x1c/restart", "restart"),
        ("\ufeff/restart", "restart"),
        (
            '/nlu_fallback@NaN{"order_number": "DEMO-1003"}',
            'nlu_fallback@NaN{"order_number": "DEMO-1003"}',
        ),
        ("and/or", "and/or"),
        ("\x00b\x07roken\x7f", "broken"),
        ("lone \ud800 surrogate", "lone surrogate"),
        ("ｗｉｄｅ ﬁne", "wide fine"),
        ("№12345678 ①", "№12345678 1"),
        ("/", ""),
        (" \u200b\n", ""),
        ("", ""),
    ],
)
def test_only_visible_text_without_a_leading_slash_is_left(written: str, read: str) -> None:
    """
    Rasa obeys a message that starts with a slash, in whatever disguise it comes.
    """
    assert clean(written) == read


@pytest.mark.parametrize("letter", ["a", "ﷺ", "\u0301\u0323", "/", " ", "\u200b"])
def test_a_long_text_keeps_its_beginning_and_its_end(letter: str) -> None:
    """
    What the buyer wants stands in one of the two, whatever is poured in between.
    """
    text = clean(f"the start {letter * 100_000} the end")

    assert len(text) <= LONGEST
    assert text.startswith("the start")
    assert text.endswith("the end")


def test_a_cut_does_not_bring_a_slash_to_the_front() -> None:
    """
    Cleaning comes before the last cut, and the cut keeps the beginning.
    """
    assert not clean("\u200b" * 3000 + "/restart" + "/" * 5000).startswith("/")


@pytest.mark.parametrize("name", BAD_INPUT)
def test_bad_input_leaves_one_clean_line(name: str) -> None:
    """
    Whatever comes: UTF-8, of bounded length, no control character, clean a second time.
    """
    text = clean(BAD_INPUT[name])

    assert text.encode().decode() == text
    assert len(text) <= LONGEST
    assert not text.startswith("/")
    assert text.replace(" ", "x").isprintable()
    assert clean(text) == text
