"""One order, however its number is written."""

import unicodedata

import pytest

from bot.casework.order_numbers import order_key


@pytest.mark.parametrize(
    "written",
    ["1004", "#1004", "# 1004", "№1004", "№ 1004", "No. 1004", "Nº1004", "１００４", " 1004. "],
)
def test_signs_around_a_number_do_not_count(written: str) -> None:
    """
    Buyers write the sign that the shop prints, or do not.
    """
    assert order_key(written) == "1004"
    assert order_key(unicodedata.normalize("NFKC", written)) == "1004"


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("demo-1003", "DEMO1003"),
        ("DEMO 1003", "DEMO1003"),
        ("302-4471905-8836142", "30244719058836142"),
        ("68403f1a9c2e7b05d4816fa2", "68403F1A9C2E7B05D4816FA2"),
        ("NORD-17", "NORD17"),
        ("№ A-17", "A17"),
        ("#/-", ""),
        ("", ""),
    ],
)
def test_letters_count_in_either_case(written: str, key: str) -> None:
    """
    The numbers of all marketplaces.
    """
    assert order_key(written) == key
    assert order_key(key) == key
