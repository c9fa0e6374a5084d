"""Which variant, and how many, a buyer wants instead, as they write it."""

import time

import pytest

from bot.casework.changing import is_about_quantity, named_variant, wanted_pieces
from bot.casework.orders import Variant
from tests.factories import a_line, eur


def variants(*names: str) -> tuple[Variant, ...]:
    """Mugs of those variants."""
    return tuple(
        Variant(sku=name, title="Stoneware mug", variant=name, price=eur("20"), stock=5)
        for name in names
    )


MUGS = variants("sand, 350 ml", "ocean blue, 350 ml", "sage green, 500 ml")
SIZES = variants("navy, M", "navy, L", "black, S", "black, L")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("in sand please", "sand, 350 ml"),
        ("the blue one instead", "ocean blue, 350 ml"),
        ("Ocean blue, not sage green", "ocean blue, 350 ml"),
        ("the 500 ml one", "sage green, 500 ml"),
        ("sand instead of blue", "sand, 350 ml"),
        ("not sand but blue", "ocean blue, 350 ml"),
        ("sand or blue?", None),
        ("another colour please", None),
        ("sage green", None),
        ("350 ml", None),
        ("", None),
    ],
)
def test_what_sets_a_variant_apart_names_it(text, name):
    """
    What was ordered (sage green, 350 ml) has in common with it names nothing.
    """
    line = a_line(variant="sage green, 350 ml")
    found = named_variant(text, line, MUGS)

    assert (found.variant if found else None) == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("size M please", "navy, M"),
        ("size m instead of s", "navy, M"),
        ("I need it in large", "navy, L"),
        ("change from S to L", "navy, L"),
        ("black please", "black, S"),
        ("L in black", "black, L"),
        ("L not M", "navy, L"),
        ("M or L", None),
        ("I'm not sure", None),
    ],
)
def test_sizes_are_letters_or_words(text, name):
    """
    Who names only the size keeps the colour, and the other way round (ordered: navy, S).
    """
    found = named_variant(text, a_line(variant="navy, S"), SIZES)

    assert (found.variant if found else None) == name


def test_decimals_are_one_word():
    """
    "2 of them" is no 1.2 l.
    """
    pots = variants("1.2 l", "2,5 l")

    assert named_variant("2 of them", a_line(variant="0.8 l"), pots) is None
    assert named_variant("the 2.5 l one", a_line(variant="0.8 l"), pots) == pots[1]


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("make it three please", 3),
        ("one more please", 3),
        ("could you add another one", 3),
        ("2 more", 4),
        ("add three", 5),
        ("Please change the quantity to 5", 5),
        ("quantity wrong should be 1", 1),
        ("reduce the quantity from two to one", 1),
        ("change it from 48 to 50", None),
        ("46 not 44", None),
        ("size 46 instead of 44", None),
        ("one instead of two", 1),
        ("I only need 1", 1),
        ("I need 6 pieces", 6),
        ("make that six please", 6),
        ("I want one in blue", None),
        ("one size bigger please", None),
        ("change the size from 38 to 40 cm", None),
        ("make it blue", None),
        ("make it 40 cm", None),
        ("I ordered 2 mugs yesterday", None),
        ("make it 0", None),
        ("make it 5000", None),
        ("change my order", None),
    ],
)
def test_how_many_in_all(text, pieces):
    """
    Only where a text plainly says so (two were ordered).
    """
    assert wanted_pieces(text, 2) == pieces


def test_a_wish_may_be_about_the_quantity_without_a_number():
    """
    It is asked for then.
    """
    assert is_about_quantity("Where can I change the quantity?")
    assert not is_about_quantity("can I change the colour")


@pytest.mark.parametrize("text", ["quantity " * 440, "2 instead of " * 300, "1," * 2000])
def test_a_long_text_is_read_at_once(text):
    """
    4 000 characters in milliseconds.
    """
    began = time.perf_counter()
    wanted_pieces(text, 2)
    named_variant(text, a_line(), SIZES)

    assert time.perf_counter() - began < 0.2
