"""Whole but not working: what happens, a photo, an offer."""

import pytest

from bot.casework.cases import Awaiting
from bot.casework.orders import OrderStatus
from bot.playbooks.defective_item import WhatHappens
from bot.playbooks.steps import (
    AlreadySettled,
    ApprovalAsked,
    AskForPhoto,
    ConfirmRemedy,
    FrontDesk,
    HowMany,
    NotSentYet,
    OfferRemedies,
    OrderIsOff,
    RemedyRequested,
    WhichLine,
)
from bot.services.case_work import NotQuite
from bot.services.hand_off import HandedOff
from bot.store.tables import handoffs
from tests.factories import a_lamp, a_line, an_order, an_order_by_marketplace, eur

LONG = "the lamp worked for two days and since then it only flickers"


def test_the_straight_way(dialog):
    """
    Which, how many, what happens, a photo, an offer, a yes.
    """
    chat = dialog(an_order(lines=(a_line(), a_lamp(quantity=2, unit_price=eur("15"), stock=5))))

    assert chat.says("defective_item", "it does not work") == WhichLine
    assert chat.presses("line:2") == HowMany
    assert chat.presses("quantity:2") == WhatHappens
    assert chat.says("provide_details", "it stays dark") == AskForPhoto
    assert chat.said.problem == "defective_item"
    assert chat.sends_photo() == OfferRemedies
    assert chat.labels == ["replacement_option", "refund_option", "person"]
    assert chat.presses("option:0") == ConfirmRemedy
    assert chat.presses("yes") == RemedyRequested
    assert (chat.remedies, chat.shop.stock("LAMP-1")) == (["replacement"], 3)


def test_who_told_enough_is_not_asked_what_happens(dialog):
    """
    More than eight words say it; they are kept for a person.
    """
    chat = dialog(an_order())

    assert chat.says("defective_item", LONG) == AskForPhoto
    assert chat.cases[0]["known"]["detail"] == LONG


def test_eight_words_are_not_enough(dialog):
    """
    The limit is exact.
    """
    chat = dialog(an_order())

    assert chat.says("defective_item", "one two three four five six seven eight") == WhatHappens


def test_a_long_story_about_something_else_is_no_answer(dialog):
    """
    The words with which a refund was asked for do not tell what is wrong.
    """
    chat = dialog(an_order())
    chat.says("refund_request", "good morning, I would like to have all of my money back please")

    assert chat.presses("reason:defective_item") == WhatHappens


@pytest.mark.parametrize(
    ("intent", "text"),
    [
        ("provide_details", "nothing"),
        ("out_of_scope", "a smell of burning comes out"),
        ("nlu_fallback", "bzzz then it stops"),
        ("damaged_item", "it is broken inside I think"),
        ("defective_item", "flickers"),
        ("refund_request", "it stays dark, I want my money back"),
        ("affirm", "yes it beeps twice"),
        ("deny", "no idea"),
    ],
)
def test_any_words_answer_what_happens(dialog, intent, text):
    """
    Whatever the model takes them for; they are kept as they are, and it stays one case.
    """
    chat = dialog(an_order())
    chat.says("defective_item")

    assert chat.says(intent, text) == AskForPhoto
    assert chat.cases[0]["known"]["detail"] == text
    assert len(chat.cases) == 1


@pytest.mark.parametrize(("intent", "text"), [("nlu_fallback", "hmm"), ("affirm", "ok")])
def test_a_mere_noise_is_asked_again(dialog, intent, text):
    """
    "Ok" tells nothing.
    """
    chat = dialog(an_order())
    chat.says("defective_item")

    assert chat.says(intent, text) == WhatHappens
    assert chat.awaiting is Awaiting.DETAIL


def test_it_may_be_skipped(dialog):
    """
    Nobody has to tell.
    """
    chat = dialog(an_order())
    chat.says("defective_item")

    assert chat.presses("skip") == AskForPhoto


def test_what_was_told_reaches_the_person(dialog):
    """
    Whoever takes over reads it.
    """
    chat = dialog(an_order())
    chat.says("defective_item")
    chat.says("provide_details", "it stays dark")
    chat.says("human_agent")

    (handed,) = chat.shop.rows(handoffs)
    assert "it stays dark" in str(handed["summary"])


def test_without_a_photo_it_goes_on(dialog):
    """
    Who cannot take one is offered the same.
    """
    chat = dialog(an_order())
    chat.says("defective_item", LONG)

    assert chat.says("no_photo") == OfferRemedies


def test_dear_goods_come_back_before_the_money(dialog):
    """
    Above the rulebook's worth the refund waits for the goods.
    """
    chat = dialog(an_order(lines=(a_lamp(),)))
    chat.says("defective_item", LONG, photos=1)

    assert chat.labels == ["replacement_option", "return_option", "person"]


def test_over_the_limit_a_person_has_to_agree(dialog):
    """
    A replacement for 300 euros waits for an approval.
    """
    chat = dialog(an_order(lines=(a_lamp(unit_price=eur("300")),)))
    chat.says("defective_item", LONG, photos=1)
    chat.presses("option:0")

    assert chat.presses("yes") == ApprovalAsked
    assert chat.outbox == 0


def test_no_to_all_ways_is_a_persons_business(dialog):
    """
    Nobody is asked again and again.
    """
    chat = dialog(an_order())
    chat.says("defective_item", LONG, photos=1)

    assert chat.says("deny", "no thanks") == HandedOff
    assert chat.handed_off_for == ["offer_declined"]


def test_a_question_between_costs_nobody_their_answer(dialog):
    """
    "What was that again?" twice is too much; once is asked again.
    """
    chat = dialog(an_order())
    chat.says("defective_item", LONG, photos=1)
    chat.says("out_of_scope", "what is the weather like")

    assert chat.replies == [NotQuite, OfferRemedies]


@pytest.mark.parametrize(
    ("status", "reply"),
    [
        (OrderStatus.PENDING, NotSentYet),
        (OrderStatus.CANCELLED, OrderIsOff),
        (OrderStatus.REFUSED, OrderIsOff),
    ],
)
def test_goods_that_never_came_cannot_fail(dialog, status, reply):
    """
    It must be another order.
    """
    assert dialog(an_order(status=status)).says("defective_item") == reply


def test_the_marketplaces_goods_are_its_own(dialog):
    """
    Its front desk settles them.
    """
    assert dialog(an_order_by_marketplace()).says("defective_item") == FrontDesk


def test_made_good_once(dialog):
    """
    The same goods again end at what stands.
    """
    chat = dialog(an_order())
    chat.says("defective_item", LONG, photos=1)
    chat.presses("option:0")
    chat.presses("yes")

    assert chat.says("defective_item", LONG) == AlreadySettled
