"""An agent's details in what the inbox keeps of a message."""

import pytest

from bot.casework.turns import Entity as Detail
from bot.workbench.evaluation.predictions import Entity
from bot.workbench.messages.carrying import Carried, carry
from bot.workbench.messages.redacting import redact


def a_mark(text: str, kind: str, value: str) -> Detail:
    start = text.index(value)

    return Detail(name=kind, value=value, start=start, end=start + len(value))


def carried(written: str, kept: str, *marks: tuple[str, str]) -> Carried:
    return carry([a_mark(written, *one) for one in marks], written, kept)


def told(found: Carried) -> list[tuple[str, str]]:
    assert all(found.text[one.start : one.end] == one.value for one in found.marked)
    return [(one.name, one.value) for one in found.marked]


def test_details_stay_where_nothing_changed():
    found = carried("a mug in blue, XL", "a mug in blue, XL", ("colour", "blue"), ("size", "XL"))

    assert told(found) == [("colour", "blue"), ("size", "XL")]
    assert (found.text, found.lost) == ("a mug in blue, XL", ())


def test_details_move_with_what_gave_way_before_them():
    found = carried(
        "kim@lee.example wants the 👍🏽 mug in blue",
        "buyer@example.com wants the 👍🏽 mug in blue",
        ("colour", "blue"),
        ("email", "kim@lee.example"),
    )

    assert told(found) == [("email", "buyer@example.com"), ("colour", "blue")]


@pytest.mark.parametrize("value", ["#203-1234567-7654321", "203-1234567-7654321"])
def test_a_number_is_what_it_gave_way_to(value: str):
    written = "where is #203-1234567-7654321 now"
    found = carried(written, redact(written, (), "en")[0], ("order_number", value))

    assert told(found) == [("order_number", "DEMO-1003")]


def test_what_gave_way_as_another_kind_gives_way_as_the_agents():
    found = carried("for 4930 1234 567", "for +1 202 555 0143", ("order_number", "4930 1234 567"))

    assert told(found) == [("order_number", "DEMO-1003")]
    assert found.text == "for DEMO-1003"


def test_personal_data_that_nobody_had_found_gives_way_everywhere():
    """
    An agent says that it is an order's number: then it goes, wherever it stands.
    """
    text = "where is 1234, the blue one? 1234!"
    found = carry(
        [a_mark(text, "order_number", "1234")], text, text, [a_mark(text, "colour", "blue")]
    )

    assert found.text == "where is DEMO-1003, the blue one? DEMO-1003!"
    assert told(found) == [("order_number", "DEMO-1003")]
    assert [(one.name, found.text[one.start : one.end]) for one in found.entities] == [
        ("colour", "blue")
    ]


def test_cleaning_is_seen_through():
    """
    Spaces, capitals of another alphabet's form, what cannot be seen.
    """
    written = "  the  ｍｕｇ\nin\u200b  bl\u200bue,  size  XL "
    found = carried(
        written, "the mug in blue, size XL", ("product", "ｍｕｇ"), ("size", "XL"),
        ("colour", "bl\u200bue"),
    )  # fmt: skip

    assert told(found) == [("product", "mug"), ("colour", "blue"), ("size", "XL")]


def test_a_part_of_a_word_stays_one():
    assert told(carried("sizeXL please Kim", "sizeXL please Alex", ("size", "XL"))) == [
        ("size", "XL")
    ]


@pytest.mark.parametrize(
    ("written", "kept", "kind", "value"),
    [
        ("mug for Kim Lee", "mug for Alex", "product", "mug for Kim Lee"),
        ("mug for Kim Lee", "mug for Alex", "colour", "Kim Lee"),
        ("to 221 Baker Street", "to 1 Example Street", "postcode", "221"),
        ("a mug … and more of it", "a mug", "product", "more"),
        ("blue", "", "colour", "blue"),
        ("blue", "something else", "colour", "blue"),
    ],
)
def test_what_is_not_there_is_told_and_not_made_up(written: str, kept: str, kind: str, value: str):
    found = carried(written, kept, (kind, value))

    assert (found.marked, found.lost, found.text) == ((), (kind,), kept)


def test_of_the_same_words_the_ones_that_were_marked():
    written = "kim@lee.example: not blue, but blue"
    start = written.rindex("blue")
    mark = Detail(name="colour", value="blue", start=start, end=start + 4)
    found = carry([mark], written, "buyer@example.com: not blue, but blue")

    assert found.marked[0].start == found.text.rindex("blue")


def test_no_details_are_a_word_as_well():
    assert carry((), "x", "x").marked == ()


def test_long_texts_take_no_time():
    written = "a b " * 1000 + "c"
    kept = "b a " * 1000 + "c"

    assert carry([a_mark(written, "size", "c")], written, kept).lost == ()


def test_entities_are_redacted_as_before():
    text = "kim@lee.example in blue"
    entities = [Entity("email", 0, 15, text[:15]), Entity("colour", 19, 23, "blue")]
    whole, found = redact(text, entities, "en")

    assert [(one.name, whole[one.start : one.end]) for one in found] == [
        ("email", "buyer@example.com"),
        ("colour", "blue"),
    ]
