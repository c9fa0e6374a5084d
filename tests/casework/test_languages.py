"""In which language a buyer is answered, decided from what they write and what they were asked."""

import pytest

from bot.casework.cases import Awaiting
from bot.casework.languages import in_written_language, written_language
from bot.casework.turns import Conversation, Entity, Floor, LocaleFrom


def talk(locale: str, locale_from: LocaleFrom = LocaleFrom.WRITTEN) -> Conversation:
    """A conversation in that language so far."""
    return Conversation(
        id="c", store="demo", locale=locale, locale_from=locale_from, floor=Floor.BOT,
        identity=None, misses=0, fence=1,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Где мой заказ?", "ru"),
        ("Где DEMO-1003?", "ru"),
        ("Да", "ru"),
        ("Where is it?", None),
        ("gde moi zakaz", None),
        ("ok", None),
        ("Please send it to улица", None),
        ("я", None),
        ("🙂", None),
        ("12345", None),
        ("", None),
    ],
)
def test_letters_tell_russian_and_nothing_else(text: str, language: str | None) -> None:
    """
    Latin letters are everybody's, and one letter is a slip.
    """
    assert written_language(text) == language


@pytest.mark.parametrize(
    ("page", "text", "heard", "answered_in"),
    [
        ("en", "Где мой заказ?", "ru", "ru"),
        ("en", "Где мой заказ?", None, "ru"),
        ("en", "privet", "ru", "ru"),
        ("ru", "where is my order", "en", "en"),
        ("ru", "hello", "en", "en"),
        ("de", "where is my order", "en", "en"),
        ("ru", "where is my order", None, "ru"),
        ("ru", "🙂 12345", None, "ru"),
        ("ru", "DEMO-1003", "en", "ru"),
        ("ru", "ada@example.com", "en", "ru"),
    ],
)
def test_a_guess_gives_way_to_the_first_word(page, text, heard, answered_in) -> None:
    """
    The page's language is only where a conversation begins; numbers and e-mails are no words.
    """
    after = in_written_language(talk(page, LocaleFrom.GUESSED), text, heard=heard)

    assert after.locale == answered_in


@pytest.mark.parametrize(
    ("so_far", "text", "heard", "answered_in"),
    [
        ("ru", "where is my order", "en", "en"),
        ("ru", "thank you", "en", "en"),
        ("ru", "ok", "en", "ru"),
        ("ru", "refund!", "en", "ru"),
        ("ru", "DEMO-1003 please", "en", "ru"),
        ("en", "gde moi zakaz", "ru", "ru"),
        ("en", "spasibo", "ru", "en"),
        ("en", "спасибо", "ru", "ru"),
        ("en", "спасибо", None, "ru"),
        ("en", "???", None, "en"),
    ],
)
def test_a_language_that_was_written_changes_when_the_buyer_clearly_does(
    so_far, text, heard, answered_in
) -> None:
    """
    Cyrillic is clear by itself; of Latin words it takes two, because one may be a loan.
    """
    assert in_written_language(talk(so_far), text, heard=heard).locale == answered_in


def test_a_detail_that_the_model_found_is_no_word_of_a_language() -> None:
    """
    A product's name beside one word is not a sentence.
    """
    text = "Stoneware mug please"
    found = Entity(name="product", value="Stoneware mug", start=0, end=13)

    assert in_written_language(talk("ru"), text, heard="en", details=[found]).locale == "ru"
    assert in_written_language(talk("ru"), text, heard="en").locale == "en"


@pytest.mark.parametrize(
    "awaiting", [Awaiting.ADDRESS, Awaiting.LINE, Awaiting.VARIANT, Awaiting.ORDER_NUMBER]
)
def test_an_address_or_a_title_switches_nothing(awaiting: Awaiting) -> None:
    """
    A Russian buyer writes them as they stand on the parcel and in the shop.
    """
    said = in_written_language(talk("ru"), "New Street, Berlin", heard="en", awaiting=awaiting)

    assert said.locale == "ru"


def test_cyrillic_switches_whatever_was_asked() -> None:
    """
    Nobody writes Cyrillic who cannot read it.
    """
    after = in_written_language(talk("en"), "Новая улица", heard="ru", awaiting=Awaiting.ADDRESS)

    assert after.locale == "ru"


@pytest.mark.parametrize(
    ("locale", "text", "heard"),
    [
        ("en", "Где мой заказ?", "ru"),
        ("ru", "where is my order", "en"),
        ("en-GB", "where is my order", "en"),
    ],
)
def test_a_chosen_language_stays(locale: str, text: str, heard: str) -> None:
    """
    Whatever is written.
    """
    chosen = talk(locale, LocaleFrom.CHOSEN)

    assert in_written_language(chosen, text, heard=heard) == chosen


@pytest.mark.parametrize("locale", ["en-GB", "en_GB", "EN"])
def test_the_country_of_a_locale_is_kept(locale: str) -> None:
    """
    Dates and money are written as there; that the buyer writes so is now certain.
    """
    after = in_written_language(talk(locale, LocaleFrom.GUESSED), "where is my order", heard="en")

    assert after == talk(locale, LocaleFrom.WRITTEN)


def test_places_beyond_the_text_are_no_details() -> None:
    """
    What the model found counts in the text as it was cleaned, which may be longer.
    """
    beyond = Entity(name="product", value="mug", start=40, end=90)
    after = in_written_language(talk("ru"), "where is it", heard="en", details=[beyond])

    assert after.locale == "en"
