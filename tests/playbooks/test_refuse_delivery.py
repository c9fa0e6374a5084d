"""A parcel that is not taken: why is put on record, and the way depends on where it is."""

from decimal import Decimal

import pytest

from bot.casework.orders import Marketplace, OrderStatus, ShipMode
from bot.casework.problems import ProblemRules
from bot.casework.remedies import RemedyKind
from bot.casework.telling import Refused
from bot.playbooks.cancel_order import AlreadyOff
from bot.playbooks.refuse_delivery import ComesBack, HowToRefuse, OfferToTurnBack, WhyRefused
from bot.playbooks.steps import (
    AlreadySettled,
    ConfirmRemedy,
    FrontDesk,
    OfferRemedies,
    RemedyRequested,
)
from bot.services.case_work import NotQuite
from bot.services.hand_off import HandedOff
from tests.factories import (
    a_lamp,
    a_line,
    an_order,
    an_order_by_marketplace,
    eur,
    the_rulebook,
)


def under_way(mode: ShipMode = ShipMode.EXPRESS, **changes):
    """An order on its way to the buyer."""
    return an_order(**({"status": OrderStatus.SHIPPED, "ship_mode": mode} | changes))


# Why


def test_the_reason_is_asked_first_with_a_button_each(dialog):
    """
    Quality, size, delivery, service, changed mind (AFTER_SALES.md, 5).
    """
    chat = dialog(under_way())

    assert chat.says("refuse_delivery", order="DEMO-1003") == WhyRefused
    assert chat.buttons == [f"reason:{why}" for why in Refused]


@pytest.mark.parametrize("why", Refused)
def test_the_reason_is_on_record(dialog, why):
    """
    In the case and in the ledger, so that refusals can be watched over time.
    """
    chat = dialog(under_way())
    chat.says("refuse_delivery")

    assert chat.presses(f"reason:{why}") == OfferToTurnBack
    assert chat.said.why is why
    assert chat.cases[0]["known"]["reason"] == why
    assert chat.decisions[-1]["facts"]["problem_reason"] == why


def test_a_reason_in_the_opening_is_not_asked_for(dialog):
    """
    Who says why at once is helped at once.
    """
    chat = dialog(under_way())

    assert chat.says("refuse_delivery", "I won't take it, it is too small") == OfferToTurnBack
    assert chat.said.why is Refused.SIZE


@pytest.mark.parametrize(
    ("intent", "text", "why"),
    [
        ("provide_details", "the quality", "quality"),
        ("out_of_scope", "because the courier was rude", "service"),
        ("late_delivery", "it took ages", "delivery"),
        ("cancel_order", "just cancel it", "changed_mind"),
        ("damaged_item", "all wet", "quality"),
        ("refuse_delivery", "I don't need it any more", "changed_mind"),
    ],
)
def test_the_reason_may_be_written(dialog, intent, text, why):
    """
    In plain words, or as a matter that is one of the reasons; it opens no second case.
    """
    chat = dialog(under_way())
    chat.says("refuse_delivery")

    assert chat.says(intent, text) == OfferToTurnBack
    assert chat.cases[0]["known"]["reason"] == why
    assert len(chat.cases) == 1


def test_no_reason_is_asked_for_once_more(dialog):
    """
    Then a person takes over.
    """
    chat = dialog(under_way())
    chat.says("refuse_delivery")

    chat.says("provide_details", "none of your business")
    assert chat.replies == [NotQuite, WhyRefused]
    assert chat.says("provide_details", "as I said") == HandedOff


# Where it is


@pytest.mark.parametrize("mode", [ShipMode.EXPRESS, ShipMode.SEA])
def test_under_way_it_can_be_turned_back_before(dialog, mode):
    """
    All that was paid follows the whole parcel; after a yes to exact terms.
    """
    order = under_way(mode, lines=(a_line(), a_lamp()), shipping_price=eur("4.90"))
    chat = dialog(order)
    chat.says("refuse_delivery", "I changed my mind")

    assert chat.labels == ["intercept_option", "person"]
    assert chat.says("affirm") == ConfirmRemedy
    assert chat.remedies == []
    assert chat.says("affirm") == RemedyRequested
    assert (chat.remedies, chat.amounts) == (["intercept"], [8490])


@pytest.mark.parametrize("mode", [ShipMode.POST, ShipMode.AIR])
def test_what_cannot_be_turned_back_can_be_refused(dialog, mode):
    """
    At the door or by not collecting it; nothing is granted for it.
    """
    chat = dialog(under_way(mode))

    assert chat.says("refuse_delivery", "too small") == HowToRefuse
    assert (chat.said.why, chat.said.left) == (Refused.SIZE, eur("20"))
    assert chat.buttons == ["person"]
    assert (chat.remedies, chat.floor) == ([], "BOT")


def test_who_would_rather_refuse_it_at_the_door_hears_how(dialog):
    """
    A no to turning it back needs no person.
    """
    chat = dialog(under_way())
    chat.says("refuse_delivery", "I changed my mind")

    assert chat.says("deny", "no, I tell the courier") == HowToRefuse
    assert (chat.remedies, chat.floor) == ([], "BOT")


def test_the_ladder_is_the_sellers(dialog):
    """
    A second round follows a no, in words that fit it; the way to refuse it is told at the end.
    """
    ladder = ((RemedyKind.INTERCEPT,), (RemedyKind.DISCOUNT,))
    rules = ProblemRules(ladder=ladder, discount_percent=Decimal(5))
    chat = dialog(under_way(), rules=the_rulebook(problems={"refuse_delivery": rules}))

    assert chat.says("refuse_delivery", "I changed my mind") == OfferToTurnBack
    assert chat.says("deny", "no") == OfferRemedies
    assert chat.labels == ["discount_option", "person"]
    assert chat.says("deny", "no") == HowToRefuse
    assert chat.remedies == []


@pytest.mark.parametrize("status", [OrderStatus.PENDING, OrderStatus.PROCESSING])
def test_what_has_not_left_is_cancelled(dialog, status):
    """
    Nothing has to be refused then.
    """
    chat = dialog(an_order(status=status))

    assert chat.says("refuse_delivery", "I changed my mind") == ConfirmRemedy
    assert chat.presses("yes") == RemedyRequested
    assert chat.remedies == ["cancellation"]
    assert chat.cases[0]["known"]["reason"] == "changed_mind"


def test_what_was_refused_already_is_settled_by_a_person(dialog):
    """
    The bot tells the way; the money needs somebody who sees the parcel come back.
    """
    chat = dialog(an_order(status=OrderStatus.REFUSED))

    assert chat.says("refuse_delivery") == WhyRefused
    chat.presses("reason:quality")
    assert chat.replies == [ComesBack, HandedOff]
    assert chat.handed_off_for == ["order_state"]
    assert chat.remedies == []


def test_what_was_refused_and_never_paid_needs_nobody(dialog):
    """
    Cash on delivery: there is nothing to pay back.
    """
    chat = dialog(an_order(status=OrderStatus.REFUSED, payments=()))

    assert chat.says("refuse_delivery", "too small") == ComesBack
    assert (chat.said.left, chat.said.seen) == (eur("0"), True)
    assert chat.floor == "BOT"


def test_a_refusal_that_only_the_buyer_knows_of_is_believed(dialog):
    """
    The carrier tells the shop a day later: the way is explained, and no parcel is called back.
    """
    chat = dialog(under_way())

    assert chat.says("refuse_delivery", "I refused it at the door, too small") == ComesBack
    assert not chat.said.seen
    assert chat.buttons == ["person"]
    assert (chat.remedies, chat.floor) == ([], "BOT")


def test_what_was_accepted_after_all_is_sent_back(dialog):
    """
    A delivered parcel can only be returned; the reason is not asked for again.
    """
    chat = dialog(an_order())

    assert chat.says("refuse_delivery", "too small") == OfferRemedies
    assert chat.labels == ["return_option", "person"]
    chat.presses("option:0")
    chat.presses("yes")
    assert chat.remedies == ["return"]


def test_a_cancelled_order_is_not_on_its_way(dialog):
    """
    There is nothing to refuse, and no reason to ask for.
    """
    chat = dialog(an_order(status=OrderStatus.CANCELLED))

    assert chat.says("refuse_delivery") == AlreadyOff


@pytest.mark.parametrize("marketplace", [Marketplace.WILDBERRIES, Marketplace.AMAZON])
def test_the_marketplace_settles_what_it_sent(dialog, marketplace):
    """
    Disputes about its parcels go to its own support.
    """
    chat = dialog(an_order_by_marketplace(marketplace=marketplace, status=OrderStatus.SHIPPED))

    assert chat.says("refuse_delivery") == FrontDesk


def test_a_sellers_own_parcel_for_wildberries_is_turned_back_by_the_seller(dialog):
    """
    Who sends it looks after it.
    """
    chat = dialog(under_way(marketplace=Marketplace.WILDBERRIES))

    assert chat.says("refuse_delivery", "too small") == OfferToTurnBack


# Meanwhile


def test_a_parcel_that_is_refused_before_the_yes_is_not_called_back(dialog):
    """
    It travels back by itself already.
    """
    chat = dialog(under_way())
    chat.says("refuse_delivery", "too small")
    chat.presses("option:0")
    chat.shop.take_in(under_way(status=OrderStatus.REFUSED))
    chat.presses("yes")

    assert chat.replies == [ComesBack, HandedOff]
    assert chat.remedies == []


def test_a_parcel_that_comes_before_the_yes_can_be_sent_back(dialog):
    """
    The yes was one to turning it back, and grants nothing else.
    """
    chat = dialog(under_way())
    chat.says("refuse_delivery", "too small")
    chat.presses("option:0")
    chat.shop.take_in(an_order(ship_mode=ShipMode.EXPRESS))

    assert chat.presses("yes") == OfferRemedies
    assert chat.labels == ["return_option", "person"]
    assert chat.remedies == []


def test_what_is_being_turned_back_is_not_turned_back_again(dialog):
    """
    Whoever asked for it, in whatever words.
    """
    chat = dialog(under_way())
    chat.says("cancel_order")
    chat.presses("option:0")
    chat.presses("yes")

    assert chat.says("refuse_delivery") == AlreadySettled
    assert chat.remedies == ["intercept"]
