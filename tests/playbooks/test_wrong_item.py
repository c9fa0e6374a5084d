"""Something else came than was ordered: the ways of a damaged item, in other words."""

import pytest

from bot.casework.cases import CaseState
from bot.casework.orders import OrderStatus
from bot.casework.remedies import RemedyKind
from bot.playbooks.steps import (
    AlreadySettled,
    AskForPhoto,
    ConfirmRemedy,
    FrontDesk,
    HowMany,
    NotSentYet,
    OfferRemedies,
    RemedyRequested,
    WhichLine,
)
from tests.factories import a_lamp, a_line, an_order, an_order_by_marketplace, with_ladder


def test_a_wrong_item_is_made_good_after_a_photo_of_what_came(dialog):
    """
    Apology, photo, offer, explicit yes; the words are about what came instead.
    """
    chat = dialog(an_order())

    assert chat.says("wrong_item", "this is not my mug", order="DEMO-1003") == AskForPhoto
    assert chat.said.problem == "wrong_item"
    assert chat.sends_photo() == OfferRemedies
    assert chat.said.problem == "wrong_item"
    assert chat.says("choose_option", "please send the right one, a replacement") == ConfirmRemedy
    assert chat.says("affirm") == RemedyRequested
    assert chat.remedies == ["replacement"]


def test_its_ladder_is_its_own(dialog):
    """
    The seller may make good a wrong item in another way than a broken one.
    """
    rules = with_ladder("wrong_item", RemedyKind.REFUND, RemedyKind.REPLACEMENT)
    chat = dialog(an_order(), rules=rules)
    chat.says("wrong_item", photos=1)

    assert chat.labels == ["refund_option", "replacement_option", "person"]


def test_a_wrong_line_and_the_number_of_pieces_are_asked_for(dialog):
    """
    Of two products one was wrong, and of its three pieces one.
    """
    chat = dialog(an_order(lines=(a_line(quantity=3), a_lamp())))

    assert chat.says("wrong_item") == WhichLine
    assert chat.presses("line:1") == HowMany
    assert chat.says("provide_details", "one") == AskForPhoto
    chat.presses("no_photo")
    chat.presses("option:0")
    chat.presses("yes")
    assert chat.amounts == [100]


def test_a_colour_tells_the_line_apart(dialog):
    """
    Two mugs in two colours: the word for one of them is enough.
    """
    green = a_line(id=2, sku="MUG-2", variant="green")
    chat = dialog(an_order(lines=(a_line(), green)))

    assert chat.says("wrong_item", "instead of the green mug I got a cup") == AskForPhoto
    assert chat.said.line.sku == "MUG-2"


def test_the_marketplace_settles_what_it_sent(dialog):
    """
    Goods fulfilled by the marketplace: its front desk does all after-sales (AFTER_SALES.md, 3.3).
    """
    chat = dialog(an_order_by_marketplace())

    assert chat.says("wrong_item", photos=1) == FrontDesk
    assert chat.said.marketplace == "Amazon"


def test_what_has_not_left_cannot_be_wrong(dialog):
    """
    It must be another order.
    """
    chat = dialog(an_order(status=OrderStatus.PROCESSING))

    assert chat.says("wrong_item") == NotSentYet


@pytest.mark.parametrize("first", ["damaged_item", "wrong_item"])
def test_two_complaints_about_one_mug_get_one_remedy(dialog, first):
    """
    Wrong and broken at once: whatever settles the one has settled the other, without a word more.
    """
    second = {"damaged_item": "wrong_item", "wrong_item": "damaged_item"}[first]
    chat = dialog(an_order())
    chat.says(first)
    chat.says(second, photos=1)
    chat.presses("option:1")

    chat.presses("yes")
    assert chat.replies == [RemedyRequested]
    assert [case["state"] for case in chat.cases] == [CaseState.SETTLED, CaseState.SETTLED]
    assert chat.says(first) == AlreadySettled
    assert chat.remedies == ["replacement"]
