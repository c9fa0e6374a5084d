"""It has not come: facts while there is time, past the grace period a remedy."""

from datetime import timedelta

import pytest

from bot.casework.orders import OrderStatus
from bot.casework.remedies import RemedyKind
from bot.playbooks.cancel_order import LeftAsItIs
from bot.playbooks.late_delivery import (
    LateButComing,
    NotLateYet,
)
from bot.playbooks.not_received import IsAddressRight
from bot.playbooks.steps import (
    AlreadySettled,
    ApprovalAsked,
    ConfirmRemedy,
    FrontDesk,
    OfferRemedies,
    OrderIsOff,
    RemedyRequested,
)
from bot.store.tables import claims
from tests.factories import (
    TODAY,
    a_lamp,
    a_line,
    an_order,
    an_order_by_marketplace,
    days_ago,
    eur,
    with_ladder,
)


def promised(days: int, **changes):
    """A shipped order that was promised for so many days from today."""
    given = {"status": OrderStatus.SHIPPED, "promised_by": TODAY + timedelta(days=days)}

    return an_order(**(given | changes))


# While there is time


@pytest.mark.parametrize("days", [0, 1, 10])
def test_an_order_within_its_time_is_shown_as_it_is(dialog, days):
    """
    Until the promised day has passed nothing is late; the facts reassure.
    """
    chat = dialog(promised(days))

    assert chat.says("late_delivery") == NotLateYet
    assert chat.said.expected_by == TODAY + timedelta(days=days)
    assert chat.said.card
    assert chat.remedies == []


@pytest.mark.parametrize("days", [1, 2, 3])
def test_within_the_grace_period_the_bot_says_when_it_makes_good(dialog, days):
    """
    Late is called late; from which day on something can be done is said, too.
    """
    chat = dialog(promised(-days))

    assert chat.says("late_delivery") == LateButComing
    assert chat.said.late_days == days
    assert chat.said.makes_good_from == TODAY + timedelta(days=4 - days)
    assert chat.said.card


def test_coming_back_on_the_day_that_was_named_is_worth_it(dialog):
    """
    On the very day that the bot named there is an offer.
    """
    chat = dialog(promised(-1))
    chat.says("late_delivery")
    named = chat.said.makes_good_from
    chat.waits(days=(named - TODAY).days)

    assert chat.says("late_delivery") == OfferRemedies


def test_without_a_promise_the_usual_time_counts(dialog):
    """
    Fourteen days after the order, where the shop promised no day.
    """
    chat = dialog(promised(0, promised_by=None, placed_at=days_ago(15)))

    assert chat.says("late_delivery") == LateButComing
    assert chat.said.late_days == 1


# Past the grace period


def test_past_the_grace_period_it_is_made_good(dialog):
    """
    Reship or refund of the whole order, after a yes.
    """
    chat = dialog(an_order(overdue=True, lines=(a_line(), a_lamp()), shipping_price=eur("4.90")))

    assert chat.says("late_delivery", order="DEMO-1003") == OfferRemedies
    assert chat.labels == ["replacement_option", "refund_option", "person"]
    assert chat.says("refund_request", "I want my money back") == ConfirmRemedy
    assert chat.says("affirm") == RemedyRequested
    assert (chat.remedies, chat.amounts) == (["refund"], [8490])


def test_a_lost_order_is_sent_again_as_a_whole(dialog):
    """
    Every line of it is taken from stock.
    """
    chat = dialog(an_order(overdue=True, lines=(a_line(quantity=2), a_lamp())))
    chat.says("late_delivery")
    chat.presses("option:0")
    chat.presses("yes")

    assert chat.remedies == ["replacement"]
    assert (chat.shop.stock("MUG-1"), chat.shop.stock("LAMP-1")) == (3, 0)


def test_an_order_that_cannot_be_sent_whole_is_not_sent_again(dialog):
    """
    The lamp is gone, so only the refund is left.
    """
    chat = dialog(an_order(overdue=True, lines=(a_line(), a_lamp(stock=0))))
    chat.says("late_delivery")

    assert chat.labels == ["refund_option", "person"]


def test_who_rather_waits_keeps_the_order(dialog):
    """
    A no to the offer means waiting on, not a person.
    """
    chat = dialog(an_order(overdue=True))
    chat.says("late_delivery")

    assert chat.says("deny", "no, I'll wait") == LeftAsItIs
    assert chat.remedies == []
    assert chat.says("late_delivery") == OfferRemedies


@pytest.mark.parametrize("status", [OrderStatus.PENDING, OrderStatus.PROCESSING])
def test_an_overdue_order_that_never_left_can_be_cancelled(dialog, status):
    """
    Nothing can be sent again that was not sent; all that was paid goes back.
    """
    chat = dialog(an_order(overdue=True, status=status, shipping_price=eur("5")))

    assert chat.says("late_delivery") == OfferRemedies
    assert chat.labels == ["cancellation_option", "person"]
    assert chat.says("affirm") == ConfirmRemedy
    assert chat.says("affirm") == RemedyRequested
    assert (chat.remedies, chat.amounts) == (["cancellation"], [2500])


@pytest.mark.parametrize("place", [0, 1])
def test_over_the_cap_a_person_has_to_approve_it(dialog, place):
    """
    300 euros, or goods for 300 euros, are agreed with the buyer and wait for somebody's yes.
    """
    chat = dialog(an_order(overdue=True, lines=(a_lamp(unit_price=eur("300")),)))
    assert chat.says("late_delivery") == OfferRemedies
    assert chat.labels == ["replacement_option", "refund_option", "person"]
    assert chat.presses(f"option:{place}") == ConfirmRemedy
    assert chat.said.needs_approval

    assert chat.presses("yes") == ApprovalAsked
    assert (chat.remedy_states, chat.outbox) == (["approval"], 0)
    assert chat.cases[0]["state"] == "approval"
    assert chat.handed_off_for == []
    assert chat.says("late_delivery") == AlreadySettled
    assert len(chat.remedies) == 1


def test_a_lost_parcel_is_not_refunded_and_sent_again(dialog):
    """
    One remedy for one order.
    """
    chat = dialog(an_order(overdue=True))
    chat.says("late_delivery")
    chat.presses("option:1")
    chat.presses("yes")

    assert chat.says("late_delivery") == AlreadySettled
    assert chat.remedies == ["refund"]


def test_delivered_between_offer_and_yes_is_not_refunded(dialog):
    """
    The parcel turned up while the buyer was deciding: paying for it too would be paying twice.
    """
    chat = dialog(an_order(overdue=True))
    chat.says("late_delivery")
    chat.presses("option:1")
    chat.shop.take_in(an_order())

    assert chat.presses("yes") == IsAddressRight
    assert chat.remedies == []


# Marked delivered


@pytest.mark.parametrize("overdue", [True, False])
def test_marked_delivered_has_a_way_of_its_own(dialog, overdue):
    """
    Late or not, the carrier's word stands against the buyer's: the address is confirmed first.
    """
    promised_by = days_ago(30 if overdue else -4).date()
    chat = dialog(an_order(promised_by=promised_by))

    assert chat.says("late_delivery") == IsAddressRight
    assert chat.cases[0]["playbook"] == "not_received"


def test_it_goes_on_there_as_one_case(dialog):
    """
    To the remedy of a parcel that was not received, with the carrier's claim.
    """
    chat = dialog(an_order())
    chat.says("late_delivery")
    chat.presses("yes")
    assert chat.says("late_delivery", "I looked, it never came") == OfferRemedies
    assert chat.said.problem == "not_received"
    chat.presses("option:1")
    chat.presses("yes")

    assert (chat.remedies, len(chat.cases)) == (["refund"], 1)
    assert [claim["against"] for claim in chat.shop.rows(claims)] == ["carrier"]


# When it cannot be


@pytest.mark.parametrize("status", [OrderStatus.CANCELLED, OrderStatus.REFUSED])
def test_what_was_ended_does_not_come(dialog, status):
    """
    A cancelled or refused order is not late.
    """
    chat = dialog(an_order(overdue=True, status=status))

    assert chat.says("late_delivery") == OrderIsOff
    assert chat.said.refused is (status is OrderStatus.REFUSED)


def test_the_marketplaces_parcels_are_its_own(dialog):
    """
    However late it is.
    """
    chat = dialog(an_order_by_marketplace(overdue=True))

    assert chat.says("late_delivery") == FrontDesk
    assert chat.remedies == []


def test_the_ladder_is_the_sellers(dialog):
    """
    A seller who only refunds what is lost offers only that.
    """
    rules = with_ladder("late_delivery", RemedyKind.REFUND)
    chat = dialog(an_order(overdue=True), rules=rules)
    chat.says("late_delivery")

    assert chat.labels == ["refund_option", "person"]
