"""In which language a buyer writes, and Russian in Latin letters."""

import pytest

from bot.engine.languages import read
from bot.engine.transliteration import to_cyrillic


@pytest.mark.parametrize(
    "text",
    [
        "where is my order",
        "ok",
        "I ordered the Матрёшка doll and it came broken",  # a name is not a language
        "no, not for me",  # each of them could be Russian in Latin letters
        "ETA? zip 90210",
        "u sent green i asked black plz",
        "na so, una service bad",  # Nigerian English
        "change adress",
        "net curtains torn",  # Russian by chance, and no "the" or "my" that would say otherwise
        "Trek bike arrived damaged",
        "brake pads wrong model",
        "v disappointed",
        "blender",
        "quiero mi dinero",  # a language that we do not know
        "kann ich das umtauschen",
    ],
)
def test_english(text: str) -> None:
    """
    English, however it is spelt, is left as it is.
    """
    assert read(text).language == "en"
    assert read(text).text == text


@pytest.mark.parametrize(
    "text", ["где мой заказ", "да", "хочу refund за order", "где мой DEMO-1003?", "ВЕРНИТЕ ДЕНЬГИ"]
)
def test_russian(text: str) -> None:
    """
    Some Cyrillic is enough among a few Latin words.
    """
    assert read(text).language == "ru"
    assert read(text).text == text


@pytest.mark.parametrize(
    ("typed", "heard"),
    [
        ("gde moi zakaz", "где мой заказ"),
        ("Hochu vernut dengi", "хочу вернут денги"),
        ("kogda privezut posylku DEMO-1003?", "когда привезут посылку DEMO-1003?"),
        ("pozhaluysta otmenite zakaz", "пожалуйста отмените заказ"),
        ("spasibo", "спасибо"),
        ("net", "нет"),
        ("kur'er ne prishel", "курьер не пришел"),
        ("zabyli polozhit", "забыли положит"),  # no word that everybody uses
        ("predlagaem raskrutku saita", "предлагаем раскрутку сайта"),
        ("do svidaniya", "до свидания"),
        ("hochu refund", "хочу рефунд"),
    ],
)
def test_russian_in_latin_letters(typed: str, heard: str) -> None:
    """
    It is Russian, and heard in Cyrillic; what holds a digit stays as it was typed.
    """
    assert read(typed).language == "ru"
    assert read(typed).text == heard


@pytest.mark.parametrize("text", ["", "👍", "1004", "DEMO-1003", "jane@example.com", "???"])
def test_of_no_language(text: str) -> None:
    """
    What has no words says nothing of a language.
    """
    assert read(text).language is None


def test_the_longest_spelling_wins() -> None:
    """
    "shch" is one letter and not three.
    """
    assert to_cyrillic("borshch") == "борщ"
    assert to_cyrillic("Schas") == "щас"
