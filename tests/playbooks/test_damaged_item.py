"""Arrived broken: apology, photo, offer, explicit yes."""

from bot.playbooks.steps import (
    AlreadySettled,
    AskForPhoto,
    ConfirmRemedy,
    FrontDesk,
    OfferRemedies,
    RemedyRequested,
)
from tests.factories import an_order, an_order_by_marketplace


def test_a_broken_mug_is_made_good_after_a_photo_a_choice_and_a_yes(dialog):
    """
    The straight way: nothing is written before the yes to exact terms.
    """
    chat = dialog(an_order())

    assert chat.says("damaged_item", "the mug came in pieces", order="DEMO-1003") == AskForPhoto
    assert chat.sends_photo() == OfferRemedies
    assert chat.labels == ["discount_option", "replacement_option", "refund_option", "person"]
    assert chat.presses("option:1") == ConfirmRemedy
    assert chat.remedies == []
    assert chat.presses("yes") == RemedyRequested
    assert chat.remedies == ["replacement"]
    assert chat.outbox == 1


def test_a_message_that_comes_twice_is_answered_once(dialog):
    """
    The same yes delivered again finds itself answered, and no second remedy is made.
    """
    chat = dialog(an_order())
    chat.says("damaged_item", order="DEMO-1003")
    chat.sends_photo()
    chat.presses("option:0")
    chat.presses("yes")

    assert chat.repeats() == RemedyRequested
    assert len(chat.answers) == 1
    assert chat.remedies == ["discount"]


def test_a_line_is_not_made_good_twice(dialog):
    """
    Who got a discount to keep the goods does not get a second remedy for them.
    """
    chat = dialog(an_order())
    chat.says("damaged_item", order="DEMO-1003")
    chat.sends_photo()
    chat.presses("option:0")
    chat.presses("yes")

    assert chat.says("damaged_item", order="DEMO-1003") == AlreadySettled
    assert chat.remedies == ["discount"]


def test_a_marketplace_fulfilled_order_is_led_to_the_front_desk(dialog):
    """
    The marketplace settles what it stores and ships; we would lose twice.
    """
    chat = dialog(an_order_by_marketplace())

    assert chat.says("damaged_item", order="DEMO-1003") == FrontDesk
    assert chat.remedies == []
