"""One order, however its number is written."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.casework.order_numbers import order_key


@pytest.mark.parametrize(
    ("key", "spellings"),
    [
        ("1004", ["1004", "#1004", "# 1004", "№1004", "№ 1004", "No1004", "No. 1004", "no. 1004"]),
        ("DEMO1003", ["DEMO-1003", "demo-1003", "Demo 1003", "DEMO_1003", "＃DEMO－１００３"]),
        ("30455219870093345", ["304-5521987-0093345", "304 5521987 0093345", "30455219870093345"]),
        ("2163980212113608N00", ["2163980212113608N.0.0"]),
        ("ЗАКАЗ77", ["Заказ-77", "ЗАКАЗ 77"]),
    ],
)
def test_spellings_of_one_number_share_a_key(key: str, spellings: list[str]) -> None:
    """
    Signs, spaces, case and width of the letters say nothing.
    """
    assert {order_key(spelling) for spelling in spellings} == {key}


@pytest.mark.parametrize("text", ["", " ", "#", "№", "-", "--//--", "\u200b"])
def test_a_text_without_letter_or_digit_has_no_key(text: str) -> None:
    """
    Two empty keys must never be taken for the same order, so callers can see that there is none.
    """
    assert order_key(text) == ""


@pytest.mark.parametrize("text", ["NOTE-5", "NORA12", "N5", "A-NO5"])
def test_no_is_only_a_sign_right_before_the_digits(text: str) -> None:
    """
    A shop's own letters stay, even where they begin like "No.".
    """
    assert order_key(text) == text.replace("-", "")


@given(st.text(string.printable, max_size=60))
def test_case_never_matters(text: str) -> None:
    """
    Upper or lower, it is the same order, and a key has letters and digits only.
    """
    assert order_key(text.lower()) == order_key(text.upper())
    assert not order_key(text) or order_key(text).isalnum()


@pytest.mark.parametrize("text", ["№" * 4000, "-" * 4000 + "N", " No" * 1300, "\u0300" * 4000])
def test_hostile_text_is_read_at_once(text: str) -> None:
    """
    The length of a message is no lever.
    """
    assert len(order_key(text)) <= len(text) * 2
