"""The language of a conversation: guessed, written, chosen; with the real words."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.casework.decisions import Reason
from bot.casework.orders import OrderStatus
from bot.casework.turns import LocaleFrom
from bot.replies import Templates
from bot.services.hand_off import do_hand_off_unanswered
from bot.services.sessions import choose_locale
from bot.settings import ROOT
from bot.store.tables import messages
from tests.dialog import Dialog
from tests.factories import a_line, an_order

TEMPLATES = Templates(ROOT / "templates")
ORDER = an_order(status=OrderStatus.SHIPPED)
CYRILLIC = re.compile(r"[А-Яа-яЁё]{3,}")
LETTERS = re.compile(r"[^\W\d_]{3,}")


@pytest.fixture
def begin(dialog: Callable[..., Dialog]) -> Callable[..., Dialog]:
    """Begins a conversation in front of the real words."""

    def with_words(*orders, **how) -> Dialog:
        begun = dialog(*(orders or (ORDER,)), **how)
        begun.shop.house = replace(begun.shop.house, speaker=TEMPLATES)
        return begun

    return with_words


def spoken(chat: Dialog) -> str:
    """The language of the answers to the last message."""
    assert LETTERS.search(chat.text)

    return "ru" if CYRILLIC.search(chat.text) else "en"


def remembered(chat: Dialog) -> tuple[str, LocaleFrom]:
    """What stands in the store."""
    with chat.shop.house.units.reading() as unit:
        conversation = unit.conversations.get(chat.id)

    return conversation.locale, conversation.locale_from


# What the buyer writes


def test_transliterated_russian_is_answered_in_russian(begin):
    """
    The letters do not tell, the model does.
    """
    chat = begin()
    chat.says("order_status", "gde moi zakaz", language="ru")

    assert spoken(chat) == "ru"
    assert remembered(chat) == ("ru", LocaleFrom.WRITTEN)


def test_a_russian_page_answers_an_english_buyer_in_english(begin):
    """
    The page is only a guess.
    """
    chat = begin(locale="ru")
    chat.says("order_status", "where is my parcel", language="en")

    assert spoken(chat) == "en"


def test_what_tells_nothing_is_answered_in_the_language_of_before(begin):
    """
    An order number, emoji, an "ok", a button, a photo.
    """
    chat = begin(an_order())
    chat.says("damaged_item", "Кружка разбита", language="ru")
    assert spoken(chat) == "ru"

    chat.says("order_status", "DEMO-1003", order="DEMO-1003")
    assert spoken(chat) == "ru"
    chat.says("thanks", "ok", language="en")
    assert spoken(chat) == "ru"
    chat.mumbles("🙂🙂")
    assert spoken(chat) == "ru"
    chat.sends_photo()
    assert spoken(chat) == "ru"
    chat.presses("option:1")
    assert spoken(chat) == "ru"


def test_a_buyer_who_switches_is_followed_both_ways(begin):
    """
    With a sentence, not with a word; back to Cyrillic with any.
    """
    chat = begin()
    chat.says("order_status", "Где мой заказ?", language="ru")
    chat.says("delivery_time", "when will it arrive", language="en")
    assert spoken(chat) == "en"

    chat.says("thanks", "спасибо", language="ru")
    assert spoken(chat) == "ru"


def test_an_address_in_latin_letters_does_not_switch(begin):
    """
    It was asked for, and it is written as the post wants it.
    """
    chat = begin(an_order(status=OrderStatus.PROCESSING))
    chat.says("change_address", "Хочу поменять адрес", language="ru")
    chat.says("provide_details", "New Street 2, 10117 Berlin", language="en")

    assert spoken(chat) == "ru"


def test_a_title_on_a_button_does_not_switch(begin):
    """
    What is pressed are the shop's words, not the buyer's.
    """
    chat = begin(an_order(lines=(a_line(title="Кружка"), a_line(title="Лампа", sku="LAMP-2"))))
    chat.says("damaged_item", "something is broken", language="en")
    chat.presses("line:")

    assert "a photo" in chat.text
    assert remembered(chat) == ("en", LocaleFrom.WRITTEN)


def test_a_guess_is_taken_up_in_russian_words(begin):
    """
    "Второе" is as good as a press.
    """
    chat = begin()
    chat.mumbles("ну это самое", "invoice", "order_status")
    chat.says("choose_option", "второе", language="ru")

    assert "уже в пути" in chat.text


@pytest.mark.parametrize(
    ("text", "language", "label"),
    [
        ("ну это самое", "ru", "Где мой заказ?"),
        ("nu eto samoe", "ru", "Где мой заказ?"),
        ("well you know", "en", "Where is my order?"),
    ],
)
def test_guesses_are_offered_and_followed_in_the_buyers_language(begin, text, language, label):
    """
    Buttons, and what is said after a press.
    """
    chat = begin()
    chat.says("greet", text, language=language)
    chat.mumbles(text, "order_status", "invoice")
    assert spoken(chat) == language
    assert chat.labels[0] == label

    chat.presses("intent:order_status")
    assert spoken(chat) == language


def test_the_language_that_was_heard_is_kept_with_the_message(begin):
    """
    For whoever trains the model; nothing where nothing was heard.
    """
    chat = begin()
    chat.says("order_status", "gde moi zakaz", language="ru")
    chat.says("thanks", "👍")
    rows = [row for row in chat.shop.rows(messages) if row["sender"] == "buyer"]

    assert [row["language"] for row in rows] == ["ru", None]


def test_a_failure_at_the_first_message_is_told_in_its_language(begin):
    """
    The model never heard it, but the letters tell.
    """
    chat = begin()
    chat.stores_words("order_status", "Где мой заказ?")
    do_hand_off_unanswered(chat.shop.house, chat.last_message, Reason.NO_REPLY)

    assert spoken(chat) == "ru"


# What was chosen


def test_a_chosen_language_wins_over_what_is_written(begin):
    """
    Words, buttons and failures, from the first message to the last.
    """
    chat = begin(locale="en", chosen=True)
    for text in ("Где мой заказ?", "Я же спрашиваю: когда он придёт?"):
        chat.says("delivery_time", text, language="ru")
        assert spoken(chat) == "en"
    chat.mumbles("ну это самое", "order_status", "invoice")
    assert chat.labels == [
        "Where is my order?",
        "I need an invoice or receipt",
        "It is something else",
    ]
    chat.presses("intent:order_status")
    assert spoken(chat) == "en"
    assert remembered(chat) == ("en", LocaleFrom.CHOSEN)

    chat.stores_words("order_status", "Где он?")
    do_hand_off_unanswered(chat.shop.house, chat.last_message, Reason.NO_REPLY)
    assert spoken(chat) == "en"


def test_a_language_may_be_chosen_in_the_middle(begin):
    """
    From then on it stays.
    """
    chat = begin()
    chat.says("order_status", "Где мой заказ?", language="ru")
    choose_locale(chat.shop.house, chat.id, "en")
    chat.says("delivery_time", "Когда он придёт?", language="ru")

    assert spoken(chat) == "en"
