"""Sending goods back: why decides, within its time, after a yes to exact terms."""

from dataclasses import replace

import pytest

from bot.casework.orders import OrderStatus
from bot.playbooks.order_questions import WhereItIs
from bot.playbooks.return_item import TooLateToReturn, WhyReturn
from bot.playbooks.steps import (
    AlreadySettled,
    AskForPhoto,
    ConfirmRemedy,
    FrontDesk,
    HowMany,
    OfferRemedies,
    OrderIsOff,
    RemedyRequested,
    WhichLine,
)
from bot.playbooks.wrong_item import WhatCame
from bot.services.hand_off import HandedOff
from bot.services.take_turn import Dropped
from tests.factories import (
    TODAY,
    a_lamp,
    a_line,
    an_order,
    an_order_by_marketplace,
    days_ago,
    eur,
    the_rulebook,
)


def test_a_changed_mind_sends_it_back_after_a_yes(dialog):
    """
    The straight way: reason, offer, exact terms with where to, yes.
    """
    chat = dialog(an_order(), rules=the_rulebook(return_to={"default": "Clay & Co., Berlin"}))

    assert chat.says("return_item", "how do I return this") == WhyReturn
    assert chat.presses("reason:changed_mind") == OfferRemedies
    assert chat.labels == ["return_option", "person"]
    assert chat.presses("option:0") == ConfirmRemedy
    assert chat.said.remedy.amount == eur("20")
    assert chat.said.return_to == "Clay & Co., Berlin"
    assert chat.remedies == []
    assert chat.says("affirm", "yes") == RemedyRequested
    assert chat.said.return_to == "Clay & Co., Berlin"
    assert (chat.remedies, chat.amounts) == (["return"], [2000])


@pytest.mark.parametrize("intent", ["damaged_item", "wrong_item"])
@pytest.mark.parametrize("how", ["button", "words"])
def test_what_is_our_fault_is_made_good_as_such(dialog, intent, how):
    """
    The same case goes on, with the question that is asked first there.
    """
    chat = dialog(an_order())
    chat.says("return_item")
    chat.presses(f"reason:{intent}") if how == "button" else chat.says(intent, "because of that")

    assert chat.reply == {"damaged_item": AskForPhoto, "wrong_item": WhatCame}[intent]
    assert [case["playbook"] for case in chat.cases] == [intent]


def test_which_and_how_many_are_asked(dialog):
    """
    Of several products and pieces.
    """
    chat = dialog(an_order(lines=(a_line(quantity=3), a_lamp())))
    chat.says("return_item")

    assert chat.presses("reason:changed_mind") == WhichLine
    assert chat.says("provide_details", "the mug") == HowMany
    assert chat.says("provide_details", "two of them") == OfferRemedies
    assert chat.says("affirm") == ConfirmRemedy
    assert (chat.said.remedy.quantity, chat.said.remedy.amount) == (2, eur("40"))


def test_on_the_last_day_it_may_come_back_and_not_a_day_later(dialog):
    """
    The last day is named in the no, and a person is one button away.
    """
    in_time = dialog(an_order())
    in_time.waits(days=27)
    in_time.says("return_item")
    assert in_time.presses("reason:changed_mind") == OfferRemedies

    too_late = dialog(an_order())
    too_late.waits(days=28)
    too_late.says("return_item")
    assert too_late.presses("reason:changed_mind") == TooLateToReturn
    assert (too_late.said.last_day - TODAY).days == 27
    assert too_late.buttons == ["person"]
    assert too_late.floor == "BOT"


def test_a_yes_after_the_last_day_takes_nothing_back(dialog):
    """
    The offer still stands by its hours, the window does not.
    """
    chat = dialog(an_order())
    chat.waits(days=26, hours=23)
    chat.says("return_item")
    chat.presses("reason:changed_mind")
    chat.presses("option:0")
    chat.waits(days=2)

    assert chat.says("affirm", "yes") == TooLateToReturn
    assert chat.remedies == []


def test_what_was_broken_is_made_good_after_the_window_too(dialog):
    """
    The window is for a changed mind.
    """
    chat = dialog(an_order())
    chat.waits(days=40)
    chat.says("return_item")

    assert chat.presses("reason:damaged_item") == AskForPhoto


def test_where_no_day_of_delivery_was_written_down_the_expected_one_counts(dialog):
    """
    Promised for 31 days ago: yesterday was the last day.
    """
    parcel = replace(an_order().parcel, delivered_at=None)
    chat = dialog(an_order(parcel=parcel, promised_by=days_ago(31).date()))
    chat.says("return_item")

    assert chat.presses("reason:changed_mind") == TooLateToReturn
    assert chat.said.last_day == days_ago(1).date()


def test_what_never_left_is_cancelled(dialog):
    """
    Nothing needs to be sent back.
    """
    chat = dialog(an_order(status=OrderStatus.PENDING))

    assert chat.says("return_item") == ConfirmRemedy
    assert chat.said.remedy.kind == "cancellation"


def test_what_is_under_way_may_come_back(dialog):
    """
    The carrier's word may be late: who has it can send it back.
    """
    chat = dialog(an_order(status=OrderStatus.SHIPPED))
    chat.says("return_item")

    assert chat.presses("reason:changed_mind") == OfferRemedies


@pytest.mark.parametrize("status", [OrderStatus.CANCELLED, OrderStatus.REFUSED])
def test_an_order_that_is_off_is_said_to_be(dialog, status):
    """
    Nothing of it is with the buyer.
    """
    assert dialog(an_order(status=status)).says("return_item") == OrderIsOff


def test_the_marketplace_takes_back_what_it_fulfils(dialog):
    """
    Before anything is asked.
    """
    assert dialog(an_order_by_marketplace()).says("return_item") == FrontDesk


def test_a_no_brings_a_person(dialog):
    """
    The ladder ends there.
    """
    chat = dialog(an_order())
    chat.says("return_item")
    chat.presses("reason:changed_mind")

    assert chat.says("deny", "no") == HandedOff
    assert chat.handed_off_for == ["offer_declined"]


def test_more_than_the_limit_waits_for_a_person(dialog):
    """
    It is put on record, and the buyer is told honestly.
    """
    chat = dialog(an_order(lines=(a_lamp(unit_price=eur("250.01")),)))
    chat.says("return_item")
    chat.presses("reason:changed_mind")
    chat.presses("option:0")

    assert chat.said.needs_approval
    chat.says("affirm", "yes")
    assert chat.cases[0]["state"] == "approval"
    assert chat.outbox == 0


def test_what_was_returned_is_not_returned_again(dialog):
    """
    It says what stands.
    """
    chat = dialog(an_order())
    for _ in range(2):
        chat.says("return_item")
        chat.presses("reason:changed_mind")
        if chat.reply == OfferRemedies:
            chat.presses("option:0")
            chat.says("affirm", "yes")

    assert chat.reply == AlreadySettled
    assert chat.remedies == ["return"]


def test_interrupted_and_dropped(dialog):
    """
    The question is put again, and never mind ends it.
    """
    chat = dialog(an_order())
    chat.says("return_item")
    chat.says("order_status", "where is it")
    assert chat.replies == [WhereItIs, WhyReturn]

    assert chat.says("never_mind") == Dropped
    assert chat.remedies == []
