"""Incomplete or empty: what is missing decides what can be done about it."""

import pytest

from bot.casework.cases import Awaiting
from bot.casework.orders import OrderStatus
from bot.playbooks.missing_item import PhotoOfParcel, WhatIsMissing, WhichPart
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
from bot.store.tables import claims
from tests.factories import (
    a_lamp,
    a_line,
    an_order,
    an_order_by_marketplace,
    eur,
    the_rulebook,
)

MUG_AND_LAMP = (a_line(quantity=3), a_lamp())
PACKED = {"country_groups": {"eu": ("DE",)}, "packed_by_warehouse": ("eu",)}


def test_the_buyer_is_told_what_was_sent(dialog):
    """
    What lies in the parcel is not known to us; what was sent is.
    """
    chat = dialog(an_order(lines=MUG_AND_LAMP))

    assert chat.says("missing_item", "something is missing") == WhatIsMissing
    assert [line.sku for line in chat.said.lines] == ["MUG-1", "LAMP-1"]
    assert chat.buttons == ["missing:empty", "missing:item", "missing:part"]


# An item


def test_an_item_short_is_sent_or_paid_back(dialog):
    """
    Which, how many, a photo, an offer for exactly those; nothing to keep and nothing to send back.
    """
    chat = dialog(an_order(lines=MUG_AND_LAMP))
    chat.says("missing_item")

    assert chat.presses("missing:item") == WhichLine
    assert chat.presses("line:1") == HowMany
    assert chat.presses("quantity:2") == AskForPhoto
    assert chat.said.problem == "missing_item"
    assert chat.sends_photo() == OfferRemedies
    assert chat.labels == ["replacement_option", "refund_option", "person"]
    assert chat.presses("option:1") == ConfirmRemedy
    assert chat.presses("yes") == RemedyRequested
    assert (chat.remedies, chat.amounts) == (["refund"], [4000])


def test_dear_goods_that_never_came_are_not_sent_back(dialog):
    """
    A lamp of 60 euros that was not in the parcel is refunded without a return.
    """
    chat = dialog(an_order(lines=(a_line(), a_lamp())))
    chat.says("missing_item", "the lamp is missing", photos=1)

    assert chat.reply == OfferRemedies
    assert chat.labels == ["replacement_option", "refund_option", "person"]
    assert chat.said.line.sku == "LAMP-1"


@pytest.mark.parametrize(
    "intent", ["provide_details", "wrong_item", "nlu_fallback", "missing_item"]
)
def test_a_named_product_answers_what_is_missing(dialog, intent):
    """
    Whatever else the model takes it for.
    """
    chat = dialog(an_order(lines=MUG_AND_LAMP))
    chat.says("missing_item")

    assert chat.says(intent, "the desk lamp") == AskForPhoto
    assert chat.said.line.sku == "LAMP-1"
    assert len(chat.cases) == 1


def test_the_warehouse_that_packed_it_is_claimed_from(dialog):
    """
    Only where a warehouse packs the orders of that country group.
    """
    for rules, expected in ((the_rulebook(**PACKED), ["warehouse"]), (the_rulebook(), [])):
        chat = dialog(an_order(lines=(a_line(), a_lamp())), rules=rules)
        chat.says("missing_item", "the lamp is missing", photos=1)
        chat.presses("option:0")
        chat.presses("yes")

        assert chat.remedies == ["replacement"]
        assert [claim["against"] for claim in chat.shop.rows(claims)] == expected


# All of it


@pytest.mark.parametrize("pressed", [True, False])
def test_an_empty_parcel_is_the_whole_order(dialog, pressed):
    """
    A photo of parcel and label, then everything again or all the money, claimed from the carrier.
    """
    chat = dialog(an_order(lines=MUG_AND_LAMP, shipping_price=eur("5")), rules=the_rulebook())
    if pressed:
        chat.says("missing_item")
        assert chat.presses("missing:empty") == PhotoOfParcel
    else:
        assert chat.says("missing_item", "the box was empty") == PhotoOfParcel
    assert chat.awaiting is Awaiting.PHOTO
    assert chat.sends_photo() == OfferRemedies
    assert chat.labels == ["replacement_option", "refund_option", "person"]
    chat.presses("option:1")
    chat.presses("yes")

    assert (chat.remedies, chat.amounts) == (["refund"], [12500])
    assert [claim["against"] for claim in chat.shop.rows(claims)] == ["carrier"]


def test_without_a_photo_of_the_parcel_it_goes_on(dialog):
    """
    The parcel may be gone already.
    """
    chat = dialog(an_order())
    chat.says("missing_item", "the parcel was empty")

    assert chat.says("deny", "I threw it away") == OfferRemedies


def test_what_a_part_of_the_order_got_stands_in_the_way_of_the_whole(dialog):
    """
    A mug that was refunded is not refunded again with all the rest.
    """
    chat = dialog(an_order(lines=(a_line(), a_lamp())))
    chat.says("missing_item", "the mug is missing", photos=1)
    chat.presses("option:0")
    chat.presses("yes")

    assert chat.says("missing_item", "the parcel was empty") == AlreadySettled
    assert chat.remedies == ["replacement"]


# A part


def test_a_part_is_a_discount_or_a_replacement(dialog):
    """
    Not the whole price back for goods that lack a part and are kept.
    """
    chat = dialog(an_order())
    chat.says("missing_item")

    assert chat.presses("missing:part") == WhichPart
    assert chat.says("provide_details", "the saucer") == AskForPhoto
    assert chat.sends_photo() == OfferRemedies
    assert chat.labels == ["discount_option", "replacement_option", "return_option", "person"]
    chat.presses("option:0")
    chat.presses("yes")
    assert (chat.remedies, chat.amounts) == (["discount"], [100])
    assert chat.shop.rows(claims) == []
    assert chat.cases[0]["known"]["detail"] == "the saucer"


def test_a_part_that_was_named_is_not_asked_for(dialog):
    """
    "The screws are missing" says both.
    """
    chat = dialog(an_order())

    assert chat.says("missing_item", "the screws are missing") == AskForPhoto


def test_a_part_need_not_be_named(dialog):
    """
    The button goes on without it.
    """
    chat = dialog(an_order())
    chat.says("missing_item")
    chat.presses("missing:part")

    assert chat.presses("skip") == AskForPhoto


# Limits and ends


def test_unclear_words_are_asked_again_once(dialog):
    """
    Then a person takes over.
    """
    chat = dialog(an_order())
    chat.says("missing_item")
    chat.says("provide_details", "well, guess")

    assert chat.replies == [NotQuite, WhatIsMissing]
    assert chat.says("provide_details", "as I said") == HandedOff
    assert chat.handed_off_for == ["not_understood"]


def test_over_the_limit_a_person_has_to_agree(dialog):
    """
    An empty parcel for 300 euros waits for an approval; the claim does not.
    """
    chat = dialog(an_order(lines=(a_lamp(unit_price=eur("300")),)))
    chat.says("missing_item", "the parcel was empty", photos=1)
    chat.presses("option:1")

    assert chat.presses("yes") == ApprovalAsked
    assert chat.outbox == 0
    assert len(chat.shop.rows(claims)) == 1


def test_no_to_all_ways_is_a_persons_business(dialog):
    """
    With the claim against the carrier on record.
    """
    chat = dialog(an_order())
    chat.says("missing_item", "the parcel was empty", photos=1)

    assert chat.says("deny", "no thanks") == HandedOff
    assert chat.handed_off_for == ["offer_declined"]
    assert [claim["against"] for claim in chat.shop.rows(claims)] == ["carrier"]


def test_a_refund_request_goes_on_here(dialog):
    """
    "Something is missing" is why the money is wanted; it stays one case.
    """
    chat = dialog(an_order())
    chat.says("refund_request")

    assert chat.says("missing_item", "because of the screws") == WhatIsMissing
    assert len(chat.cases) == 1


@pytest.mark.parametrize(
    ("status", "reply"),
    [
        (OrderStatus.PENDING, NotSentYet),
        (OrderStatus.CANCELLED, OrderIsOff),
        (OrderStatus.REFUSED, OrderIsOff),
    ],
)
def test_nothing_is_missing_from_what_never_came(dialog, status, reply):
    """
    It must be another order.
    """
    assert dialog(an_order(status=status)).says("missing_item") == reply


def test_the_marketplaces_parcels_are_its_own(dialog):
    """
    Its front desk settles them.
    """
    assert dialog(an_order_by_marketplace()).says("missing_item") == FrontDesk
