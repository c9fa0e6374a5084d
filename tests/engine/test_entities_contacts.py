"""Phone numbers, postcodes and tracking numbers."""

import pytest

from bot.engine.entities.finder import EntityFinder
from tests.engine.entities import WEDNESDAY, found, normalized


@pytest.mark.parametrize(
    ("text", "spelt"),
    [
        ("+44 7911 123456", "+447911123456"),
        ("my number is +49 151 55501234.", "+4915155501234"),
        ("07911 123456", "+447911123456"),
        ("8 916 123-45-67", "+79161234567"),
        ("8(495)123-45-67", "+74951234567"),
        ("89161234567", "+79161234567"),
        ("(212) 555-0187", "+12125550187"),
        ("call me on 2125550187", "+12125550187"),
        ("тел. 9161234567", "+79161234567"),
        ("order 83850025, phone 89161234567", "+79161234567"),
    ],
)
def test_a_phone_number_is_spelt_internationally(
    finder: EntityFinder, text: str, spelt: str
) -> None:
    """
    Of whichever country its beginning fits.
    """
    assert normalized(finder, text, "phone") == [spelt]


@pytest.mark.parametrize(
    "text",
    [
        "order 89161234567",
        "7312749667",
        "304-5521987-0093345 and 304 5521987 0093345",
        "15.01.2024 2024-01-15",
        "tracking 9161234567",
        "1 500 000 руб",
        "https://shop.example/89161234567",
    ],
)
def test_what_is_no_phone_number_is_left(finder: EntityFinder, text: str) -> None:
    """
    An order number is never one, whatever its first digits.
    """
    assert found(finder, text, "phone") == []


def test_no_text_is_a_phone_and_an_order_number(finder: EntityFinder) -> None:
    """
    Of a number that could be both only one is said.
    """
    text = "89161234567, order 89161234567, phone 83850025, 83850025, call 90417725583"

    places = [(one.start, one.end) for one in finder.find(text, WEDNESDAY)]

    assert len(places) == len(set(places)) == 5


@pytest.mark.parametrize(
    ("text", "spelt"),
    [
        ("sw1a2aa is my postcode: sw1a 2aa", ["SW1A 2AA"]),
        ("my postcode is m45jd", ["M4 5JD"]),
        ("zip 02139-4307", ["02139-4307"]),
        ("New York, NY 10001", ["10001"]),
        ("PLZ 10115", ["10115"]),
        ("10115 Berlin", ["10115"]),
        ("индекс: 101000", ["101000"]),
        ("101000, г. Москва", ["101000"]),
        ("10115 screws, 101000 nails in 90210 boxes", []),
    ],
)
def test_a_postcode_is_known_by_its_look_or_by_its_place(
    finder: EntityFinder, text: str, spelt: list[str]
) -> None:
    """
    Digits alone are a number of anything.
    """
    assert normalized(finder, text, "postcode") == spelt


@pytest.mark.parametrize(
    ("text", "spelt"),
    [
        ("RR123456785CN", ["RR123456785CN"]),
        ("rr 123456785 cn", ["RR123456785CN"]),
        ("RR123456784CN", []),
        ("1Z999AA10123456784", ["1Z999AA10123456784"]),
        ("1Z999AA10123456785", []),
        ("9400 1118 9922 3344 5566 77", ["9400111899223344556677"]),
        ("80111234567897", ["80111234567897"]),
        ("80111234567894", []),
        ("трек 80111234567894", ["80111234567894"]),
        ("СДЭК 1440127789", ["1440127789"]),
        ("the tracking number is 449044304137", ["449044304137"]),
        ("tracking for 90417725583", []),
    ],
)
def test_a_tracking_number_has_its_check_digit_or_its_name(
    finder: EntityFinder, text: str, spelt: list[str]
) -> None:
    """
    Another last digit makes it nothing, unless the buyer says what it is.
    """
    assert normalized(finder, text, "tracking_number") == spelt
