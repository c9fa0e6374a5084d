"""Marked delivered and not there: address, a look around, a short wait, then it is made good."""

from dataclasses import replace

import pytest

from bot.casework.cases import Awaiting, CaseState
from bot.casework.orders import OrderStatus
from bot.casework.remedies import RemedyKind
from bot.playbooks.defective_item import WhatHappens
from bot.playbooks.late_delivery import LateButComing, NotLateYet
from bot.playbooks.not_received import (
    GladItCame,
    IsAddressRight,
    LookAround,
    NotLostYet,
    WentElsewhere,
)
from bot.playbooks.steps import (
    AlreadySettled,
    ApprovalAsked,
    AskForPhoto,
    ConfirmRemedy,
    FrontDesk,
    NothingAllowed,
    OfferRemedies,
    OrderIsOff,
    RemedyRequested,
)
from bot.playbooks.wrong_item import WhatCame
from bot.services.hand_off import HandedOff
from bot.services.take_turn import Dropped
from bot.store.tables import claims, handoffs
from tests.factories import (
    TODAY,
    a_lamp,
    a_line,
    a_parcel,
    an_order,
    an_order_by_marketplace,
    days_ago,
    eur,
    the_rulebook,
    with_ladder,
)


def delivered(days: float, **changes):
    """An order that the carrier marked delivered so many days ago."""
    return an_order(parcel=a_parcel(delivered_at=days_ago(days)), **changes)


def looked_for(dialog, *orders, **more):
    """A conversation in which address and search are answered."""
    chat = dialog(*(orders or (an_order(),)), **more)
    chat.says("not_received")
    chat.presses("yes")
    chat.presses("searched")

    return chat


# The straight way


def test_the_address_is_shown_first(dialog):
    """
    Street, postcode and city as the order has them, with the carrier's word and its day.
    """
    chat = dialog(an_order())

    assert chat.says("not_received", "tracking says delivered, I have nothing") == IsAddressRight
    assert (chat.said.address, chat.said.postal_code) == ("Ackerstr. 1", "10115")
    assert (chat.said.city, chat.said.carrier) == ("Berlin", "DHL")
    assert chat.said.delivered_on == days_ago(3).date()
    assert chat.buttons == ["yes", "no"]


def test_then_the_buyer_is_asked_to_look_around(dialog):
    """
    Neighbours and the pick-up point, before anything else.
    """
    chat = dialog(an_order())
    chat.says("not_received")

    assert chat.says("affirm", "yes that is right") == LookAround
    assert chat.buttons == ["found", "searched"]


def test_what_is_lost_is_made_good_and_claimed_from_the_carrier(dialog):
    """
    Reship or refund of the whole order after a yes, and a claim that the seller can open.
    """
    chat = looked_for(dialog, an_order(lines=(a_line(), a_lamp()), shipping_price=eur("4.90")))

    assert chat.reply == OfferRemedies
    assert chat.labels == ["replacement_option", "refund_option", "person"]
    assert chat.says("refund_request", "the money please") == ConfirmRemedy
    assert chat.shop.rows(claims) == []
    assert chat.says("affirm") == RemedyRequested
    assert (chat.remedies, chat.amounts) == (["refund"], [8490])
    (claim,) = chat.shop.rows(claims)
    assert (claim["against"], claim["case_id"]) == ("carrier", chat.cases[0]["id"])


def test_it_is_sent_again_as_a_whole(dialog):
    """
    Every line of it is taken from stock.
    """
    chat = looked_for(dialog, an_order(lines=(a_line(quantity=2), a_lamp())))
    chat.presses("option:0")
    chat.presses("yes")

    assert chat.remedies == ["replacement"]
    assert (chat.shop.stock("MUG-1"), chat.shop.stock("LAMP-1")) == (3, 0)


def test_an_order_without_an_address_is_not_asked_about_it(dialog):
    """
    Some marketplaces keep it to themselves.
    """
    chat = dialog(an_order(address=""))

    assert chat.says("not_received") == LookAround


# The address


@pytest.mark.parametrize(
    ("intent", "text"),
    [
        ("deny", "no, I moved"),
        ("change_address", "I live at Torstr. 5 now"),
        ("provide_details", "Torstr. 5"),
        (None, ""),
    ],
)
def test_a_wrong_address_is_a_persons_business(dialog, intent, text):
    """
    Said no or another one: where the parcel went is nothing that a machine settles.
    """
    chat = dialog(an_order())
    chat.says("not_received")
    chat.says(intent, text) if intent else chat.presses("no")

    assert chat.replies == [WentElsewhere, HandedOff]
    assert chat.handed_off_for == ["order_state"]
    (handed,) = chat.shop.rows(handoffs)
    assert text in str(handed["summary"])
    assert chat.remedies == []
    assert chat.shop.rows(claims) == []


@pytest.mark.parametrize("text", ["yes, but I moved last week", "yes but without the flat number"])
def test_a_yes_with_a_but_is_asked_again(dialog, text):
    """
    Whether it is right is not quite clear then.
    """
    chat = dialog(an_order())
    chat.says("not_received")

    assert chat.says("affirm", text) == IsAddressRight


@pytest.mark.parametrize("intent", ["not_received", "late_delivery"])
def test_saying_it_once_more_is_no_second_case(dialog, intent):
    """
    "It is not here" does not tell whether the address is right.
    """
    chat = dialog(an_order())
    chat.says("not_received")

    assert chat.says(intent, "I have nothing") == IsAddressRight
    assert len(chat.cases) == 1


def test_an_address_that_the_shop_changes_is_asked_about_again(dialog):
    """
    A yes holds for the address that was shown, and for no other.
    """
    chat = dialog(an_order())
    chat.says("not_received")
    chat.presses("yes")
    chat.shop.take_in(an_order(address="Torstr. 5"))

    assert chat.presses("searched") == IsAddressRight
    assert chat.said.address == "Torstr. 5"


def test_what_was_said_of_the_address_tells_nothing_of_the_goods(dialog):
    """
    "It did come, but it does not work" is asked what happens.
    """
    chat = dialog(an_order())
    chat.says("not_received")
    chat.presses("yes")

    assert chat.says("defective_item", "it came") == WhatHappens


# The look around


@pytest.mark.parametrize(
    ("intent", "text"),
    [
        (None, ""),
        ("affirm", "yes I found it at my neighbour's"),
        ("provide_details", "it turned up at the pick-up point"),
    ],
)
def test_found_after_all(dialog, intent, text):
    """
    It ends well, and nothing is given.
    """
    chat = dialog(an_order())
    chat.says("not_received")
    chat.presses("yes")
    answer = chat.says(intent, text) if intent else chat.presses("found")

    assert answer == GladItCame
    assert chat.floor == "BOT"
    assert chat.remedies == []


@pytest.mark.parametrize(
    ("intent", "text"),
    [
        ("deny", "no, it's not there"),
        ("deny", "nobody has it"),
        ("not_received", "I asked everybody, it was not found"),
        ("late_delivery", "still nothing"),
        ("affirm", "yes, I have looked everywhere"),
    ],
)
def test_looked_and_not_found(dialog, intent, text):
    """
    However it is put, "not found" is not "found".
    """
    chat = dialog(an_order())
    chat.says("not_received")
    chat.presses("yes")

    assert chat.says(intent, text) == OfferRemedies


@pytest.mark.parametrize("text", ["ok, I will ask them later", "ok", "yes"])
def test_who_goes_to_look_is_waited_for(dialog, text):
    """
    "Ok" is neither found nor looked: asked again, patiently.
    """
    chat = dialog(an_order())
    chat.says("not_received")
    chat.presses("yes")

    assert chat.says("affirm", text) == LookAround
    assert chat.replies == [LookAround]
    assert chat.presses("searched") == OfferRemedies


@pytest.mark.parametrize("awaiting", [Awaiting.ADDRESS_CHECK, Awaiting.SEARCH])
@pytest.mark.parametrize("problem", ["damaged_item", "wrong_item"])
def test_who_complains_about_the_goods_has_them(dialog, problem, awaiting):
    """
    "It did come, but broken" answers the question and goes on with the real problem, once.
    """
    chat = dialog(an_order())
    chat.says("not_received")
    if awaiting is Awaiting.SEARCH:
        chat.presses("yes")

    chat.says(problem, "it is here now and it is not right")
    if problem == "wrong_item":
        assert chat.reply == WhatCame
        chat.presses("came:another_product")
    assert chat.reply == AskForPhoto
    assert chat.said.problem == problem
    chat.presses("no_photo")
    chat.presses("option:1")
    chat.presses("yes")
    assert chat.replies == [RemedyRequested]
    assert len(chat.cases) == 1
    assert chat.shop.rows(claims) == []


# The wait


@pytest.mark.parametrize("days", [0, 1, 2])
def test_before_the_day_the_buyer_hears_when_it_is_made_good(dialog, days):
    """
    Many turn up within days of the mark, so the day is named and the case closed.
    """
    chat = looked_for(dialog, delivered(days))

    assert chat.reply == NotLostYet
    assert (chat.said.makes_good_from - TODAY).days == 3 - days
    assert chat.cases[0]["state"] == CaseState.SETTLED
    assert chat.remedies == []


def test_coming_back_on_the_day_that_was_named_is_worth_it(dialog):
    """
    On that very day there is an offer.
    """
    chat = looked_for(dialog, delivered(1))
    chat.waits(days=(chat.said.makes_good_from - TODAY).days)
    chat.says("not_received")
    chat.presses("yes")

    assert chat.presses("searched") == OfferRemedies


def test_the_wait_is_the_sellers(dialog):
    """
    A seller who does not wait makes it good on the same day.
    """
    rules = the_rulebook(not_received_wait_days=0)

    assert looked_for(dialog, delivered(0), rules=rules).reply == OfferRemedies


def test_without_a_day_of_delivery_the_expected_day_counts(dialog):
    """
    Nobody wrote down when it was delivered.
    """
    order = an_order(parcel=a_parcel())

    assert looked_for(dialog, order).reply == NotLostYet
    order = replace(order, promised_by=days_ago(3).date())
    assert looked_for(dialog, order).reply == OfferRemedies


# When it cannot be


@pytest.mark.parametrize(("promised", "reply"), [(1, LateButComing), (-4, NotLateYet)])
def test_what_is_not_marked_delivered_is_late(dialog, promised, reply):
    """
    "The carrier says delivered" of a parcel that is under way: the facts are another.
    """
    chat = dialog(an_order(status=OrderStatus.SHIPPED, promised_by=days_ago(promised).date()))

    assert chat.says("not_received") == reply


@pytest.mark.parametrize("status", [OrderStatus.CANCELLED, OrderStatus.REFUSED])
def test_what_was_ended_is_not_looked_for(dialog, status):
    """
    A cancelled or refused order does not come.
    """
    assert dialog(an_order(status=status)).says("not_received") == OrderIsOff


def test_the_marketplaces_parcels_are_its_own(dialog):
    """
    Its front desk looks for them.
    """
    chat = dialog(an_order_by_marketplace())

    assert chat.says("not_received") == FrontDesk
    assert chat.remedies == []


def test_without_stock_the_money_is_left(dialog):
    """
    What is not there is not promised again.
    """
    chat = looked_for(dialog, an_order(lines=(a_line(stock=0),)))

    assert chat.labels == ["refund_option", "person"]


def test_over_the_limit_a_person_has_to_agree(dialog):
    """
    Offered and confirmed all the same; what stands is an approval that is asked for, and a claim.
    """
    chat = looked_for(dialog, an_order(lines=(a_lamp(unit_price=eur("300")),)))
    chat.presses("option:1")

    assert chat.said.needs_approval
    assert chat.presses("yes") == ApprovalAsked
    assert chat.outbox == 0
    assert len(chat.shop.rows(claims)) == 1


def test_a_no_to_both_ways_is_a_persons_business(dialog):
    """
    The seller's claim against the carrier stands whatever the person does for the buyer.
    """
    chat = looked_for(dialog)

    assert chat.says("deny", "no, neither") == HandedOff
    assert chat.handed_off_for == ["offer_declined"]
    assert len(chat.shop.rows(claims)) == 1


def test_nothing_possible_is_a_persons_business(dialog):
    """
    A seller who only reships, without stock.
    """
    rules = with_ladder("not_received", RemedyKind.REPLACEMENT)
    chat = looked_for(dialog, an_order(lines=(a_line(stock=0),)), rules=rules)

    assert chat.replies == [NothingAllowed, HandedOff]
    assert chat.handed_off_for == ["no_remedy"]


def test_a_lost_parcel_is_not_refunded_and_sent_again(dialog):
    """
    One remedy for one order.
    """
    chat = looked_for(dialog)
    chat.presses("option:0")
    chat.presses("yes")

    assert chat.says("not_received") == AlreadySettled
    assert chat.remedies == ["replacement"]


def test_never_mind_drops_it(dialog):
    """
    "Never mind, my wife has it".
    """
    chat = looked_for(dialog)

    assert chat.says("never_mind") == Dropped
    assert chat.remedies == []


def test_a_parcel_that_goes_back_under_way_is_waited_for(dialog):
    """
    The shop takes the mark back between offer and yes: it is only late then.
    """
    chat = looked_for(dialog)
    chat.presses("option:1")
    chat.shop.take_in(an_order(status=OrderStatus.SHIPPED))

    assert chat.presses("yes") == NotLateYet
    assert chat.remedies == []
