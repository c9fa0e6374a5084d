"""What the model hears of a message."""

import pytest
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.engine.buyer_tokenizer import (
    HEARD,
    LANGUAGE,
    MOST_GUESSED,
    MOST_SYMBOLS,
    BuyerTokenizer,
    to_heard,
    to_lemma,
    to_lemmas,
)


@pytest.mark.parametrize(
    ("text", "heard"),
    [
        ("where is #1004?", "where is ordernumber ?"),
        ("is 304-5521987-0093345 shipped", "is ordernumber shipped"),
        ("5f2b8c1e9a7d4e0012c3b4a5!", "ordernumber !"),
        ("call +7 916 123 45 67 please", "call ordernumber please"),
        ("mail jane.doe+shop@example.co.uk", "mail emailaddress"),
        ("see https://example.com/a?b=1", "see weblink"),
        ("order:1004,where is it", "order ordernumber where is it"),
        ("заказ№DEMO-1003/где?", "заказ ordernumber где?"),
        ("late!1004?refund", "late ! ordernumber ? refund"),
        ("no.1004", "ordernumber"),  # and no refusal
        ("it was 1,004.50 on 10/03/2026", "it was ordernumber on ordernumber"),
        ("dp.r5ab3c9e2f70d4418.1.0", "ordernumber"),
        ("see:https://example.com/1004/a", "weblink"),
        ("2 cups, size 42", "2 cups, size 42"),
        ("👍", "thumbs up sign"),
        ("", ""),
    ],
)
def test_names_are_heard_as_their_kind(text: str, heard: str) -> None:
    """
    A number, an address, a link and an emoji are words that the examples share.
    """
    assert to_heard(text) == heard


def test_a_row_of_emoji_is_cut() -> None:
    """
    Fifty of them say no more than a few.
    """
    assert to_heard("😡" * 50).split().count("pouting") == MOST_SYMBOLS


def test_russian_words_have_their_dictionary_form() -> None:
    """
    Russian bends its words; English ones stay.
    """
    assert to_lemma("посылку") == to_lemma("Посылки") == "посылка"
    assert to_lemma("Orders") == "orders"


def test_two_letters_are_heard_as_one() -> None:
    """
    Few buyers put the dots on "ё".
    """
    heard = [Message({TEXT: text}) for text in ("Всё пришёл", "Все пришел")]
    tokenizer = BuyerTokenizer(BuyerTokenizer.get_default_config())

    with_dots, without = (tokenizer.tokenize(message, TEXT) for message in heard)

    assert with_dots == without
    assert heard[0].get(HEARD) == heard[1].get(HEARD) == "Все пришел"


def test_few_endings_are_guessed() -> None:
    """
    A row of invented words would cost half a millisecond each; those of the dictionary cost less.
    """
    invented = [f"глок{letter}ую" for letter in "бвгджзклмнпрстфхцчшщбвгджзклмнпрст"]

    lemmas = to_lemmas([*invented, "посылку", "order"])

    assert lemmas[:MOST_GUESSED] == [to_lemma(word) for word in invented[:MOST_GUESSED]]
    assert lemmas[MOST_GUESSED:-2] == invented[MOST_GUESSED:]
    assert to_lemma(invented[MOST_GUESSED]) != invented[MOST_GUESSED]
    assert lemmas[-2:] == ["посылка", "order"]


def test_the_language_goes_out_with_the_message() -> None:
    """
    It is part of what Rasa answers, so the action server is told.
    """
    message = Message({TEXT: "gde moi zakaz"})

    tokens = BuyerTokenizer(BuyerTokenizer.get_default_config()).tokenize(message, TEXT)

    assert [token.text for token in tokens] == ["где", "мой", "заказ"]
    assert message.as_dict(only_output_properties=True)[LANGUAGE] == "ru"
