"""Other than the listing promised: what differs, a photo, a discount in two rounds."""

import pytest

from bot.casework.orders import OrderStatus
from bot.playbooks.not_as_described import WhatDiffers
from bot.playbooks.steps import (
    AlreadySettled,
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
from tests.factories import a_lamp, a_line, an_order, an_order_by_marketplace


def test_the_straight_way(dialog):
    """
    Which, how many, what differs, a photo, an offer, a yes; the reason is on record.
    """
    chat = dialog(an_order(lines=(a_line(quantity=2), a_lamp())))

    assert chat.says("not_as_described", "not what I expected") == WhichLine
    assert chat.presses("line:1") == HowMany
    assert chat.presses("quantity:2") == WhatDiffers
    assert chat.presses("differs:material") == AskForPhoto
    assert chat.said.problem == "not_as_described"
    assert chat.sends_photo() == OfferRemedies
    assert chat.labels == ["discount_option", "person"]
    assert chat.presses("option:0") == ConfirmRemedy
    assert chat.presses("yes") == RemedyRequested
    assert (chat.remedies, chat.amounts) == (["discount"], [120])
    assert chat.cases[0]["known"]["reason"] == "material"


def test_after_a_no_the_second_round(dialog):
    """
    Three percent, then five beside the other ways, then a person.
    """
    chat = dialog(an_order())
    chat.says("not_as_described", "the quality is bad", photos=1)

    assert chat.says("deny", "no, that is too little") == OfferRemedies
    assert chat.said.another
    assert chat.labels == ["discount_option", "replacement_option", "refund_option", "person"]
    assert chat.says("deny", "no") == HandedOff
    assert chat.handed_off_for == ["offer_declined"]
    assert chat.remedies == []


def test_the_second_rounds_discount_is_the_higher_one(dialog):
    """
    Five percent of 20 euros.
    """
    chat = dialog(an_order())
    chat.says("not_as_described", "the quality is bad", photos=1)
    chat.says("deny")
    chat.presses("option:0")
    chat.presses("yes")

    assert chat.amounts == [100]


def test_who_wants_the_money_goes_down_the_ladder(dialog):
    """
    "I want a refund" under a lone discount is a no to it, and chooses nothing by itself.
    """
    chat = dialog(an_order())
    chat.says("not_as_described", "the quality is bad", photos=1)

    assert chat.says("refund_request", "I want my money back") == OfferRemedies
    assert "refund_option" in chat.labels
    assert chat.remedies == []


def test_dear_goods_come_back_before_the_money(dialog):
    """
    Above the rulebook's worth a refund waits for the goods.
    """
    chat = dialog(an_order(lines=(a_lamp(),)))
    chat.says("not_as_described", "the quality is bad", photos=1)
    chat.says("deny")

    assert "return_option" in chat.labels
    assert "refund_option" not in chat.labels


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("it is much smaller than it says", "size"),
        ("it is plastic, not what the page says", "material"),
        ("the colour is a different blue", "look"),
        ("very cheap and badly made", "quality"),
    ],
)
def test_what_the_first_message_tells_is_not_asked(dialog, text, reason):
    """
    Where it is plain.
    """
    chat = dialog(an_order())

    assert chat.says("not_as_described", text) == AskForPhoto
    assert chat.cases[0]["known"]["reason"] == reason


def test_two_differences_are_asked_which(dialog):
    """
    Size and material: the buyer says which of them it is about.
    """
    chat = dialog(an_order())

    assert chat.says("not_as_described", "smaller, and made of plastic") == WhatDiffers


@pytest.mark.parametrize(
    "intent", ["wrong_item", "provide_details", "out_of_scope", "defective_item"]
)
def test_words_answer_it_whatever_the_model_takes_them_for(dialog, intent):
    """
    "Another colour" is no second case here.
    """
    chat = dialog(an_order())
    chat.says("not_as_described")

    assert chat.says(intent, "the colour is another") == AskForPhoto
    assert len(chat.cases) == 1


def test_words_that_say_nothing_are_asked_again(dialog):
    """
    Once; the reason has to be one of those that are counted.
    """
    chat = dialog(an_order())
    chat.says("not_as_described")
    chat.says("provide_details", "everything really")

    assert chat.replies == [NotQuite, WhatDiffers]


def test_a_refund_request_goes_on_here(dialog):
    """
    By the button of its reason, as one case.
    """
    chat = dialog(an_order())
    chat.says("refund_request", "refund me, the colour is awful")

    assert chat.presses("reason:not_as_described") == WhatDiffers
    assert len(chat.cases) == 1


def test_without_a_photo_it_goes_on(dialog):
    """
    Who cannot take one is offered the same.
    """
    chat = dialog(an_order())
    chat.says("not_as_described", "the quality is bad")

    assert chat.says("no_photo") == OfferRemedies


@pytest.mark.parametrize(
    ("status", "reply"),
    [
        (OrderStatus.PENDING, NotSentYet),
        (OrderStatus.CANCELLED, OrderIsOff),
        (OrderStatus.REFUSED, OrderIsOff),
    ],
)
def test_goods_that_never_came_cannot_differ(dialog, status, reply):
    """
    It must be another order.
    """
    assert dialog(an_order(status=status)).says("not_as_described") == reply


def test_the_marketplaces_goods_are_its_own(dialog):
    """
    Its front desk settles them.
    """
    assert dialog(an_order_by_marketplace()).says("not_as_described") == FrontDesk


def test_a_discount_settles_it(dialog):
    """
    Who agreed to keep the goods for it does not get more from a machine.
    """
    chat = dialog(an_order())
    chat.says("not_as_described", "the quality is bad", photos=1)
    chat.presses("option:0")
    chat.presses("yes")

    assert chat.says("not_as_described", "the size is wrong") == AlreadySettled
