"""What is left of a message when nobody can tell any more who wrote it."""

import re

import pytest

from bot.workbench.evaluation.predictions import Entity
from bot.workbench.messages.redacting import PLACEHOLDERS, redact


def entity(kind: str, text: str, value: str) -> Entity:
    start = text.index(value)

    return Entity(kind, start, start + len(value), value)


def redacted(text: str, *found: tuple[str, str], language: str = "en", known: tuple[str, ...] = ()):
    return redact(text, [entity(kind, text, value) for kind, value in found], language, known)


def test_what_the_model_finds_gives_way_to_an_example_of_its_kind():
    text, entities = redacted(
        "order 203-1234567-7654321, write to kim@lee.example",
        ("order_number", "203-1234567-7654321"),
        ("email", "kim@lee.example"),
    )

    assert text == "order DEMO-1003, write to buyer@example.com"
    assert [(one.name, one.value, text[one.start : one.end]) for one in entities] == [
        ("order_number", "DEMO-1003", "DEMO-1003"),
        ("email", "buyer@example.com", "buyer@example.com"),
    ]


def test_other_entities_stay_where_they_are_now():
    text, entities = redacted(
        "kim@lee.example wants the mug in blue",
        ("email", "kim@lee.example"),
        ("colour", "blue"),
    )

    colour = entities[1]
    assert (colour.name, text[colour.start : colour.end]) == ("colour", "blue")


def test_a_value_goes_wherever_it_stands():
    text, _ = redacted("1004 is late, I said 1004!", ("order_number", "1004"))

    assert "1004" not in text


@pytest.mark.parametrize(
    ("text", "language", "left"),
    [
        ("My name is Kim Lee and it broke", "en", "My name is Alex and it broke"),
        ("it broke. Best regards, Kim", "en", "it broke. Best regards, Alex"),
        ("Mrs. Robinson here, where is it", "en", "Mrs. Alex here, where is it"),
        ("меня зовут Анна Петрова, где посылка", "ru", "меня зовут Алекс, где посылка"),
        ("где заказ? С уважением, Пётр", "ru", "где заказ? С уважением, Алекс"),
        ("send it to 12 Baker Street, London", "en", "send it to 1 Example Street, London"),
        ("wohne in Hauptstraße 5", "en", "wohne in 1 Example Street"),
        ("отправьте на ул. Ленина, д. 5, кв. 12", "ru", "отправьте на ул. Примерная, д. 1"),
    ],
)
def test_names_and_streets_behind_telling_words(text: str, language: str, left: str):
    assert redacted(text, language=language)[0] == left


@pytest.mark.parametrize(
    "number", ["789-101112-131415", "654321987065432", "ab-1234567", "#900100200"]
)
def test_whatever_has_many_digits_is_a_number_of_theirs(number: str):
    text, (entity,) = redacted(f"it is {number}, late")

    assert text == "it is DEMO-1003, late"
    assert (entity.name, text[entity.start : entity.end]) == ("order_number", "DEMO-1003")


def test_known_names_go_in_any_case():
    text, _ = redacted("kim here, KIM LEE ordered it", known=("Kim Lee",))

    assert text == "Alex here, Alex ordered it"


@pytest.mark.parametrize(
    "text",
    [
        "where is my order",
        "the name is wrong on the parcel",
        "it arrived in 2 pieces",
        "i want to return 3 of them",
        "ms office does not start",
        "спасибо, с уважением отнеслись",
    ],
)
def test_what_names_nobody_stays(text: str):
    assert redacted(text)[0] == text


def test_a_short_name_is_a_word():
    assert redacted("al of them broke", known=("Al",))[0] == "al of them broke"


def test_an_entity_inside_of_a_street_is_none_any_more():
    text, entities = redacted("to 12 Baker Street please", ("quantity", "12"))

    assert text == "to 1 Example Street please"
    assert entities == ()


@pytest.mark.parametrize("kind", PLACEHOLDERS)
def test_an_example_holds_no_markup(kind: str):
    assert not re.search(r"[\[\](){}|]", PLACEHOLDERS[kind])


def test_a_long_text_is_read_quickly():
    text = "Mr. " * 900 + "12 Street " * 40

    assert len(redacted(text)[0]) > 1000
