"""Said to be fake: a person at once, with the evidence, and nothing from the bot."""

from datetime import timedelta

import pytest

from bot.casework.cases import CaseState
from bot.casework.turns import Floor
from bot.playbooks.counterfeit_item import KeepItForUs
from bot.playbooks.steps import AskForPhoto
from bot.services.hand_off import HandedOff
from bot.store.tables import handoffs
from tests.factories import an_order, an_order_by_marketplace


@pytest.mark.parametrize("email", ["ada@example.com", None])
def test_a_person_takes_over_at_once(dialog, email):
    """
    Signed in or not: no number, no proof and no remedy comes first.
    """
    chat = dialog(an_order(), email=email)
    chat.says("counterfeit_item", "this is fake")

    assert chat.replies == [KeepItForUs, HandedOff]
    assert chat.handed_off_for == ["counterfeit"]
    assert chat.floor is Floor.WAITING
    assert chat.cases[0]["state"] == CaseState.HANDED_OFF
    assert chat.remedies == []


def test_the_photos_are_kept_with_the_case(dialog):
    """
    Those of the message, and those that came before it.
    """
    chat = dialog(an_order())
    chat.sends_photo()
    chat.says("counterfeit_item", "these are fakes", photos=2)

    assert len(chat.cases[0]["known"]["photos"]) == 3
    (handed,) = chat.shop.rows(handoffs)
    assert "3 photos came" in str(handed["summary"])


def test_the_reply_counts_the_photos(dialog):
    """
    Who sent one is not asked for photos as if there were none.
    """
    chat = dialog(an_order())
    chat.says("counterfeit_item", photos=1)

    assert chat.shop.words.said[-2].photos == 1


def test_an_order_that_is_named_is_noted_and_not_opened(dialog):
    """
    Nothing of it is told to who has not proven it.
    """
    chat = dialog(an_order(), email="bob@example.com")
    chat.says("counterfeit_item", order="DEMO-1003")

    assert chat.cases[0]["known"]["claimed"] == "DEMO-1003"
    assert chat.cases[0]["order_id"] is None
    (handed,) = chat.shop.rows(handoffs)
    assert "DEMO-1003 was named but not proven" in str(handed["summary"])


def test_the_order_that_was_talked_about_goes_along(dialog):
    """
    "And it's a fake" after a question about the order is about that order.
    """
    chat = dialog(an_order(), an_order(number="DEMO-1005"))
    chat.says("order_details", order="DEMO-1005")
    chat.says("counterfeit_item", "it is a fake")

    (handed,) = chat.shop.rows(handoffs)
    assert "Order DEMO-1005" in str(handed["summary"])


def test_another_order_that_is_named_counts_more(dialog):
    """
    The person is not sent to the order that was talked about before.
    """
    chat = dialog(an_order(), an_order(number="DEMO-1005"))
    chat.says("order_details", order="DEMO-1005")
    chat.says("counterfeit_item", order="DEMO-1003")

    (handed,) = chat.shop.rows(handoffs)
    assert "Order DEMO-1003: delivered" in str(handed["summary"])
    assert "Order DEMO-1005" not in str(handed["summary"])


def test_it_interrupts_whatever_was_asked(dialog):
    """
    In the middle of a damaged item, at the request for a photo.
    """
    chat = dialog(an_order())
    assert chat.says("damaged_item") == AskForPhoto

    assert chat.says("counterfeit_item", "and it is not even real") == HandedOff
    assert chat.handed_off_for == ["counterfeit"]
    assert chat.says("affirm") is None
    assert chat.remedies == []


def test_the_complaints_clock_runs(dialog):
    """
    Within 24 hours, as the rulebook says.
    """
    chat = dialog(an_order())
    chat.says("counterfeit_item")

    (handed,) = chat.shop.rows(handoffs)
    assert handed["due_at"] == chat.shop.now + timedelta(hours=24)


def test_a_marketplaces_order_is_no_other_case(dialog):
    """
    A fake is the seller's business wherever it was packed.
    """
    chat = dialog(an_order_by_marketplace())

    assert chat.says("counterfeit_item") == HandedOff


def test_the_same_message_twice_is_one_hand_off(dialog):
    """
    Delivered again, it is answered as before.
    """
    chat = dialog(an_order())
    chat.says("counterfeit_item", photos=1)
    chat.repeats()

    assert chat.handed_off_for == ["counterfeit"]
    assert len(chat.cases) == 1
