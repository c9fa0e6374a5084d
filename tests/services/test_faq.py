"""General questions: the seller's own words, exactly, or a person."""

import pytest

from bot.casework.turns import Floor, LocaleFrom
from bot.playbooks.steps import AskForPhoto
from bot.replies import Templates
from bot.services.faq import FAQ, AnswerNotKnown, FaqAnswer
from bot.services.hand_off import HandedOff
from bot.settings import ROOT
from tests.dialog import Dialog
from tests.factories import NOW, an_order, the_rulebook

ANSWERS = the_rulebook(
    faq={
        "shipping": {"en": "5 to 7 days.", "ru": "От 5 до 7 дней."},
        "returns": {"en": "Within 30 days."},
        "payment": {"en": "By card."},
        "product": {"en": "Ask us."},
    },
    faq_of_stores={"other": {"shipping": {"en": "We only hand over in person."}}},
)


@pytest.mark.parametrize(("intent", "topic"), FAQ.items())
def test_each_topic_has_the_sellers_words(dialog, intent, topic):
    """
    At once, without an order, a case or a hand-off.
    """
    chat = dialog(an_order(), email=None, rules=ANSWERS)

    assert chat.says(intent) == FaqAnswer
    assert chat.said.text == ANSWERS.faq[topic]["en"]
    assert (chat.cases, chat.floor) == ([], Floor.BOT)


def test_a_store_may_answer_otherwise(shop):
    """
    Only where it says so; on other topics it answers as the seller's other stores.
    """
    open_shop = shop(an_order(), rules=ANSWERS)
    open_shop.add_store("other")
    chat = Dialog(open_shop, None, store="other")

    chat.says("faq_shipping")
    assert chat.said.text == "We only hand over in person."
    chat.says("faq_returns")
    assert chat.said.text == "Within 30 days."


@pytest.mark.parametrize(
    ("intent", "text"), [("faq_shipping", "От 5 до 7 дней."), ("faq_returns", "Within 30 days.")]
)
def test_it_is_answered_in_the_buyers_language_where_it_was_written(dialog, intent, text):
    """
    English where it was not.
    """
    chat = dialog(an_order(), rules=ANSWERS)
    with chat.shop.house.units() as unit:
        unit.conversations.set_locale(chat.id, "ru-RU", LocaleFrom.CHOSEN)
    chat.says(intent)

    assert chat.said.text == text


@pytest.mark.parametrize("intent", FAQ)
def test_what_the_seller_did_not_write_a_person_answers(dialog, intent):
    """
    Nothing is guessed.
    """
    chat = dialog(an_order(), email=None)
    chat.says(intent, "do you ship to the moon?")

    assert chat.replies == [HandedOff]
    assert chat.said.reason == "no_answer_known"
    assert chat.handed_off_for == ["no_answer_known"]
    assert chat.floor is Floor.WAITING


@pytest.mark.parametrize(("rules", "reply"), [(ANSWERS, FaqAnswer), (None, AnswerNotKnown)])
def test_in_the_middle_of_a_case_the_open_question_is_put_again(dialog, rules, reply):
    """
    An unknown answer takes nobody out of their case; a person is one press away.
    """
    chat = dialog(an_order(), rules=rules)
    assert chat.says("damaged_item") == AskForPhoto

    chat.says("faq_returns", "who pays for returns?")
    assert chat.replies == [reply, AskForPhoto]
    assert (chat.awaiting, chat.floor) == ("photo", Floor.BOT)


def test_the_person_who_is_offered_in_a_case_takes_it_over(dialog):
    """
    The button stands under the answer, above the question that was put again.
    """
    chat = dialog(an_order())
    chat.says("damaged_item")
    chat.says("faq_returns")

    assert chat.presses("person") == HandedOff
    assert [case["state"] for case in chat.cases] == ["handed_off"]


def test_the_words_come_out_as_they_were_written():
    """
    Braces, angle brackets and line breaks are the seller's own.
    """
    written = "Up to 30 € {{ 7*7 }} <b>{% x %}\nSee https://shop.example/returns"
    spoken = Templates(ROOT / "templates").render(
        FaqAnswer(text=written), "en", variant="", now=NOW
    )

    assert spoken.text == written
