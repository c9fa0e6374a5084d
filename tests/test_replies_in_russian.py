"""A buyer who writes Cyrillic is answered in Russian: its plurals, its dates, its money."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.casework.decisions import Reason
from bot.casework.orders import OrderStatus
from bot.casework.remedies import Refund
from bot.casework.replies import Choice, Reply
from bot.playbooks.late_delivery import LateButComing
from bot.playbooks.order_questions import WhatWasOrdered
from bot.playbooks.steps import NO, PERSON, YES, ConfirmRemedy, RemedyRequested
from bot.replies import Templates
from bot.services.hand_off import HandedOff
from bot.services.identify import TooManyTries
from bot.services.small_talk import Hello, IAmABot
from tests.dialog import Dialog
from tests.factories import NOW, TODAY, a_lamp, a_line, an_order, eur

TEMPLATES = Templates(Path(__file__).parents[1] / "templates")
LATIN_WORD = re.compile(r"[A-Za-z]{2,}")
ORDER = "DEMO-1003"


def text(reply: Reply, variant: str = "message-1") -> str:
    """The words of the reply in Russian, with ordinary spaces."""
    said = TEMPLATES.render(reply, "ru", variant=variant, now=NOW).text

    return said.replace("\N{NO-BREAK SPACE}", " ")


# A conversation


@pytest.fixture
def chat(dialog: Callable[..., Dialog]) -> Dialog:
    """A buyer of an order that is under way, in front of the real words."""
    begun = dialog(an_order(status=OrderStatus.SHIPPED))
    begun.shop.house = replace(begun.shop.house, speaker=TEMPLATES)

    return begun


def test_whoever_writes_cyrillic_is_answered_in_russian_from_then_on(chat: Dialog) -> None:
    """
    The session began in English; a button or a bare order number does not switch it back.
    """
    chat.says("greet", "Hello")
    assert "bot" in chat.text

    chat.says("order_status", "Где мой заказ?", order=ORDER)
    assert f"Заказ {ORDER} уже в пути" in chat.text
    assert "Order " not in chat.text

    chat.says("delivery_time", ORDER, order=ORDER)
    assert f"Заказ {ORDER} должен прийти не позднее" in chat.text


def test_buttons_and_the_card_speak_russian_too(chat: Dialog) -> None:
    """
    A Russian sentence over English buttons would look broken.
    """
    chat.says("order_status", "Где мой заказ?", order=ORDER)
    card: Any = chat.answers[-1]["card"]
    assert card["title"] == f"Заказ {ORDER}"
    assert card["status_label"] == "В пути"
    assert next(fact["label"] for fact in card["facts"]) == "Оформлен"

    chat.says("cancel_order", "Отмените его", order=ORDER)
    labels = chat.labels
    assert "Позвать сотрудника" in labels
    assert not any(LATIN_WORD.search(label) for label in labels)


def test_english_words_in_a_russian_sentence_change_nothing(chat: Dialog) -> None:
    """
    Titles of products are often written in Latin letters.
    """
    chat.says("order_status", "Подскажите, пожалуйста, где Stoneware mug?", order=ORDER)
    chat.says("thanks", "ok")

    assert re.match("Пожалуйста|Всегда рады", chat.text)


# Counts


@pytest.mark.parametrize(
    ("days", "late"),
    [(1, "1 день"), (2, "2 дня"), (5, "5 дней"), (11, "11 дней"), (21, "21 день"), (22, "22 дня")],
)
def test_days_late_are_counted_in_russian(days: int, late: str) -> None:
    """
    One, few and many; 11 is many and 21 is one.
    """
    said = text(
        LateButComing(
            order_number=ORDER,
            shipped=True,
            late_days=days,
            expected_by=TODAY,
            makes_good_from=TODAY,
        )
    )

    assert f"опаздывает на {late}, " in said


@pytest.mark.parametrize(
    ("days", "within"), [(1, "1 дня"), (2, "2 дней"), (5, "5 дней"), (21, "21 дня")]
)
def test_within_some_days_stands_in_the_genitive(days: int, within: str) -> None:
    """
    The forms are those of the case, not those of the dictionary.
    """
    said = text(confirm(days))

    assert f"в течение {within} после" in said


@pytest.mark.parametrize(
    ("minutes", "wait"), [(1, "1 минуту"), (2, "2 минуты"), (15, "15 минут"), (21, "21 минуту")]
)
def test_minutes_stand_in_the_accusative(minutes: int, wait: str) -> None:
    """
    "In a minute" is not "a minute" in Russian.
    """
    assert f"через {wait} " in text(TooManyTries(order_number=ORDER, minutes=minutes))


# Money, dates and exact terms


def confirm(days: int = 5) -> ConfirmRemedy:
    """The question before a refund of two mugs."""
    return ConfirmRemedy(
        order_number=ORDER,
        remedy=Refund(order_id=3, line_id=1, quantity=2, amount=eur("1018.50")),
        line=a_line(quantity=3),
        arrives_within_days=days,
        choices=(YES, NO),
    )


def test_a_buyer_agrees_to_exact_terms() -> None:
    """
    How much, for what and how many, when and how, as in English.
    """
    assert text(confirm()) == (
        "Мы вернём 1 018,50 € за товар «Stoneware mug (blue)» (2 шт.) из заказа DEMO-1003, "
        "и товар остаётся у вас. Деньги вернутся тем же способом, которым вы платили, "
        "и придут в течение 5 дней после того, как магазин их отправит. Оформляем?"
    )


def test_a_remedy_is_requested_and_not_said_to_be_done() -> None:
    """
    Nothing in it says that the money has been sent.
    """
    asked = confirm()
    said = text(
        RemedyRequested(
            order_number=ORDER, remedy=asked.remedy, line=asked.line, arrives_within_days=5
        )
    )

    assert said.startswith("Спасибо, заявка на возврат 1 018,50 € за товар «Stoneware mug (blue)»")
    assert "оформлена" in said
    for too_early in ("перевели", "перевёл", "вернули", "отправили", "выплатили", "готово"):
        assert too_early not in said


def test_what_was_ordered_is_a_list() -> None:
    """
    The date follows a preposition, and a Russian address begins with the large.
    """
    said = text(
        WhatWasOrdered(
            order_number=ORDER,
            placed_on=TODAY,
            lines=(a_line(quantity=2), a_lamp(variant="")),
            address="ул. Ленина, 1",
            postal_code="",
            city="Москва",
            country="RU",
            paid=eur("100"),
        )
    )

    assert said.splitlines() == [
        "Заказ DEMO-1003 от 20 марта 2026 (пт):",
        "2 × Stoneware mug (blue), 40,00 €",
        "1 × Oak desk lamp, 60,00 €",
        "Адрес доставки: RU, Москва, ул. Ленина, 1",
        "Вы заплатили 100,00 €.",
    ]


# Tone


@pytest.mark.parametrize("variant", [f"message-{number}" for number in range(6)])
def test_the_bot_says_that_it_is_a_bot(variant: str) -> None:
    """
    Nobody shall think to be talking to a person.
    """
    assert "бот" in text(Hello(), variant)
    assert text(IAmABot(), variant).startswith("Я бот")


@pytest.mark.parametrize("reason", Reason)
def test_a_hand_off_says_why_and_who_goes_on(reason: Reason) -> None:
    """
    Each reason has words of its own before the sentence that is common to all.
    """
    why, _, rest = text(HandedOff(reason=reason)).partition("Дальше вам поможет наш сотрудник.")

    assert why
    assert "ответит вам здесь" in rest


def test_labels_that_stand_for_nothing_are_russian() -> None:
    """
    What the shop wrote may be in any language; what we wrote is in Russian.
    """
    reply = confirm()
    labelled = replace(reply, choices=(YES, NO, PERSON, Choice("no_photo", "no_photo")))
    labels = TEMPLATES.render(labelled, "ru", variant="", now=NOW).choices

    assert [label for _, label in labels][:3] == ["Да", "Нет", "Позвать сотрудника"]
    assert not any(LATIN_WORD.search(label) for _, label in labels)
