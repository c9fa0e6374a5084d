"""Which one and how many: what buyers really write, and what must be asked again."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.casework.choosing import is_plain_yes, named_place, typed_quantity, wanted_words


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("1", 0),
        ("2", 1),
        ("2.", 1),
        ("2)", 1),
        ("#2", 1),
        ("2 please", 1),
        ("второй", 1),
        ("Первое, пожалуйста", 0),
        ("давайте вариант 2", 1),
        ("третий товар", 2),
        ("последний", 2),
        ("two", 1),
        ("two pls", 1),
        ("just 3", 2),
        ("option 2", 1),
        ("Option 2!", 1),
        ("option two please", 1),
        ("number 3", 2),
        ("no. 3", 2),
        ("nr 3", 2),
        ("I take 2", 1),
        ("I'll go with number two please", 1),
        ("ok then I choose 1", 0),
        ("the first", 0),
        ("the second one", 1),
        ("The SECOND one please", 1),
        ("2nd", 1),
        ("2nd one", 1),
        ("the first one, because I like it", 0),
        ("I would like to take the third option", 2),
        ("the second is broken", 1),
        ("the last one", 2),
        ("last one pls", 2),
        ("not the first, the second one", 1),
        ("the second one, not the third one", 1),
    ],
)
def test_a_place_is_named_in_many_ways(text: str, place: int) -> None:
    """
    As a figure, as a word, as an ordinal, in a sentence.
    """
    assert named_place(text, 3) == place


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0",
        "4",
        "99999999999999999999",
        "²",
        "both",
        "all three",
        "второй раз пишу",
        "не второй",
        "четвёртый",
        "первый или второй",
        "вариант 7",
        "1 and 2",
        "1 or 2",
        "option 2 or 3",
        "the first and the second one",
        "first of all I am angry",
        "at first, I was happy",
        "this is the second time",
        "for the last time",
        "it came last week",
        "wait a second",
        "one second please",
        "the red one",
        "the one with two cracks",
        "I take one",
        "take 3 of 4",
        "2 of them are broken",
        "I paid 2 euros",
        "3 % is a joke",
        "$2",
        "not the second one",
        "yes",
    ],
)
def test_what_is_no_place_or_several_names_none(text: str) -> None:
    """
    Numbers of other things, several places, none that is there: asked again.
    """
    assert named_place(text, 3) is None


@pytest.mark.parametrize(
    ("text", "quantity"),
    [
        ("2", 2),
        ("quantity:3".removeprefix("quantity:"), 3),
        ("two", 2),
        ("two mugs", 2),
        ("just the one", 1),
        ("only one of them", 1),
        ("2 of 4", 2),
        ("2 of the 4", 2),
        ("two out of the four", 2),
        ("2 of them came broken", 2),
        ("2x", 2),
        ("x2", 2),
        ("3 pcs", 3),
        ("both", 2),
        ("both of them", 2),
        ("all", 4),
        ("ALL of them!", 4),
        ("all 4", 4),
        ("all four", 4),
        ("all three", 3),
        ("everything", 4),
        ("every single mug", 4),
        ("not all, just 2", 2),
        ("2 are broken, not 3", 2),
        ("3, they cost 20 euros", 3),
    ],
)
def test_a_quantity_is_named_in_many_ways(text: str, quantity: int) -> None:
    """
    Four mugs were ordered.
    """
    assert typed_quantity(text, 4) == quantity


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0",
        "5",
        "9" * 4000,
        "²",
        "1.5",
        "none",
        "not all",
        "all but one",
        "all except two",
        "1 or 2",
        "I ordered 4 and 2 are broken",
        "5 of 4",
        "many",
        "a few",
        "20 euros",
        "yes",
        "1 second",
    ],
)
def test_an_unclear_quantity_is_none(text: str) -> None:
    """
    Refunding a piece too many costs money, so it is asked again.
    """
    assert typed_quantity(text, 4) is None


def test_both_of_one_is_none() -> None:
    """
    Only as many as were ordered.
    """
    assert typed_quantity("both", 1) is None
    assert typed_quantity("all", 1) == 1


@given(st.text(max_size=80), st.integers(1, 50))
def test_a_quantity_is_never_outside_what_was_ordered(text: str, ordered: int) -> None:
    """
    Whatever a buyer writes.
    """
    quantity = typed_quantity(text, ordered)

    assert quantity is None or 1 <= quantity <= ordered


@given(st.text(max_size=80), st.integers(0, 6))
def test_a_place_is_never_outside_what_is_there(text: str, of: int) -> None:
    """
    Whatever a buyer writes, and however little there is.
    """
    place = named_place(text, of)

    assert place is None or 0 <= place < of


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("no refund, a new one", "a new one"),
        ("I don't want a refund", "i"),
        ("I don’t want the refund but a replacement", "i a replacement"),
        ("refund instead of the discount", "refund"),
        ("refund rather than discount", "refund rather"),
        ("no, the refund", "the refund"),
        ("never again", ""),
    ],
)
def test_what_is_turned_down_is_not_wanted(text: str, wanted: str) -> None:
    """
    A negation reaches three words far and never over the end of its clause.
    """
    assert " ".join(wanted_words(text)) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "a" * 4000,
        "1" * 4000,
        "one " * 1000,
        "1 of " * 800,
        "no " * 1300,
        "," * 4000,
        "take " * 800,
        "$" * 4000,
        "1." * 2000,
        "1,1" * 1300,
        " " * 4000,
        "all but " * 500,
    ],
)
def test_hostile_text_is_read_at_once(text: str) -> None:
    """
    4 000 characters of anything take milliseconds.
    """
    began = time.process_time()
    named_place(text, 3)
    typed_quantity(text, 3)

    assert time.process_time() - began < 0.3


@pytest.mark.parametrize(
    "text", ["yes", "Yes please!", "ok do it", "yep, go ahead", "sounds good to me", "ja ok"]
)
def test_a_plain_yes_is_a_yes(text):
    """
    Agreement and nothing else.
    """
    assert is_plain_yes(text)


@pytest.mark.parametrize(
    "text",
    [
        "yes actually no",
        "no wait yes",
        "yes? what happens then?",
        "ok wait",
        "yes but not the socks",
        "yes, don\u2019t cancel it",
        "why do you need that??",
        "ok " + "so " * 50,
    ],
)
def test_a_yes_with_a_but_is_none(text):
    """
    Where money follows, a hedged yes is asked again.
    """
    assert not is_plain_yes(text)


@pytest.mark.parametrize(
    "text", ["Да, но подождите", "да, хотя нет", "Да, а когда?", "не надо", "да, лучше возврат"]
)
def test_a_russian_yes_with_a_but_is_no_plain_yes(text: str) -> None:
    """
    Money moves on a plain one only, in whatever language it is hedged.
    """
    assert not is_plain_yes(text)
    assert is_plain_yes("Да, пожалуйста")
