"""Amounts, sizes, colours and things."""

import pytest

from bot.engine.entities.finder import EntityFinder
from tests.engine.entities import WEDNESDAY, found, normalized


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("€12.50", "12.50 EUR"),
        ("12,50 EUR", "12.50 EUR"),
        ("12.50€", "12.50 EUR"),
        ("EUR 12.50", "12.50 EUR"),
        ("1 500 руб", "1500.00 RUB"),
        ("1 234 567,89 ₽", "1234567.89 RUB"),
        ("1500р", "1500.00 RUB"),
        ("$20", "20.00 USD"),
        ("20 bucks", "20.00 USD"),
        ("£1,299.99", "1299.99 GBP"),
        ("€1.250,00", "1250.00 EUR"),
        ("$1,500", "1500.00 USD"),
        ("order 1004 500 руб", "500.00 RUB"),
    ],
)
def test_an_amount_has_its_currency(finder: EntityFinder, text: str, meant: str) -> None:
    """
    The cents after a point, whatever the country.
    """
    assert normalized(finder, text, "amount") == [meant]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("in XL please", ["XL"]),
        ("M instead of L", ["L"]),
        ("size s", ["S"]),
        ("2xl", ["XXL"]),
        ("size medium", ["MEDIUM"]),
        ("size 42, not 43", ["42", "43"]),
        ("EU 42", ["EU 42"]),
        ("UK10", ["UK 10"]),
        ("size 10.5", ["10.5"]),
        ("size 10,5", ["10.5"]),
        ("размер 48", ["48"]),
        ("44-46 размера", ["44-46"]),
        ("they sent us 42", []),
        ("I'm 42, it's too small and the lid's broken", []),
        ("42 mugs", []),
    ],
)
def test_a_size_is_one_only_where_sizes_are_spoken_of(
    finder: EntityFinder, text: str, meant: list[str]
) -> None:
    """
    A bare number is a number; a letter alone is often a piece of a word.
    """
    assert normalized(finder, text, "size") == meant


@pytest.mark.parametrize(
    ("text", "entity", "meant"),
    [
        ("a red one, красная, красную и красных", "colour", ["red"] * 4),
        ("light blue or голубой", "colour", ["light blue"] * 2),
        ("синей и тёмно-синяя", "colour", ["blue", "navy"]),
        ("reddish scarred covered", "colour", []),
        ("кроссовки, кроссовок, sneakers", "product", ["sneakers"] * 3),
        ("куртку jackets", "product", ["jacket"] * 2),
        ("phone cases, a phone case", "product", ["phone case"]),
    ],
)
def test_a_word_has_one_meaning_in_all_its_forms(
    finder: EntityFinder, text: str, entity: str, meant: list[str]
) -> None:
    """
    Said in English, for both languages.
    """
    assert normalized(finder, text, entity) == meant


def test_of_what_overlaps_the_longest_stays(finder: EntityFinder) -> None:
    """
    No part of a text is said to be two things.
    """
    text = "dark blue jacket for 1 500 руб since the 3rd of March 2026, order 304 5521987 0093345"

    entities = finder.find(text, WEDNESDAY)

    assert [one.value for one in entities] == [
        "dark blue", "jacket", "1 500 руб", "since the 3rd of March 2026", "304 5521987 0093345",
    ]  # fmt: skip
    assert found(finder, text, "colour") == ["dark blue"]
