"""Another address: once, before hand-over, exactly as written, after a plain yes."""

import pytest

from bot.casework.cases import Awaiting
from bot.casework.orders import OrderStatus, ShipMode
from bot.casework.remedies import AddressChange, RemedyKind
from bot.playbooks.cancel_order import LeftAsItIs
from bot.playbooks.change_address import (
    AddressLacksNumber,
    AskNewAddress,
    CourierIsAsked,
    TooLateForAddress,
)
from bot.playbooks.changes import AlreadyChanged
from bot.playbooks.order_questions import WhereItIs
from bot.playbooks.steps import (
    AlreadySettled,
    ConfirmRemedy,
    FrontDesk,
    NothingAllowed,
    OfferRemedies,
    OrderIsOff,
    RemedyRequested,
)
from bot.services.case_work import NotQuite
from bot.services.hand_off import HandedOff
from bot.services.take_turn import ChoiceIsOver
from bot.store.tables import handoffs, remedies
from tests.factories import (
    a_lamp,
    a_line,
    an_order,
    an_order_by_marketplace,
    the_rulebook,
)

BERLIN = "Hauptstr. 5, 10115 Berlin"


def waiting(**changes):
    """An order that has not left."""
    return an_order(**({"status": OrderStatus.PROCESSING} | changes))


def test_the_address_is_asked_for_shown_and_changed_after_a_yes(dialog):
    """
    The straight way: exactly the buyer's words, and nothing before the yes.
    """
    chat = dialog(waiting())

    assert chat.says("change_address", "change my address please") == AskNewAddress
    assert not chat.said.shipped
    assert chat.says("provide_details", BERLIN) == ConfirmRemedy
    assert chat.said.remedy == AddressChange(order_id=1, address=BERLIN)
    assert chat.remedies == []
    assert chat.says("affirm", "yes please") == RemedyRequested
    assert chat.remedies == ["address_change"]
    assert chat.amounts == [None]
    assert chat.shop.rows(remedies)[0]["terms"]["address"] == BERLIN


@pytest.mark.parametrize(
    "said",
    [
        f"please change the address to {BERLIN}",
        f"I moved, my new address is {BERLIN}.",
        f"Could you send DEMO-1003 to {BERLIN} instead?",
        f"DEMO-1003 must go to another address: {BERLIN}, thanks",
    ],
)
def test_an_address_in_the_first_message_is_taken_up(dialog, said):
    """
    Nobody is asked for what they have said.
    """
    chat = dialog(waiting())

    assert chat.says("change_address", said) == ConfirmRemedy
    assert chat.said.remedy.address == BERLIN


@pytest.mark.parametrize(
    "said",
    [
        "name on the parcel should be Keller and not Kessler",
        "Please update my phone to 07700 900461.",
        "I gave you the wrong postcode, it should be EH8 9YL",
    ],
)
def test_a_part_of_it_is_passed_on_as_a_sentence(dialog, said):
    """
    A name, phone or postcode means something only with the words around it.
    """
    chat = dialog(waiting())

    assert chat.says("change_address", said) == ConfirmRemedy
    assert chat.said.remedy.address == said


@pytest.mark.parametrize(
    "said",
    ["change address", "wrong phone number on my order", "can I change DEMO-1003 to a new one"],
)
def test_a_wish_without_an_address_is_asked_for_one(dialog, said):
    """
    The order's number is no house number.
    """
    assert dialog(waiting()).says("change_address", said) == AskNewAddress


@pytest.mark.parametrize(
    ("intent", "said"),
    [
        ("provide_details", "ada@example.com"),
        ("provide_details", "DEMO-1003"),
        ("provide_details", "Berlin"),
        ("provide_details", "12345678"),
        ("provide_details", "x" * 301),
        ("affirm", "yes I want to change it"),
        ("out_of_scope", "what do you need from me?"),
    ],
)
def test_what_cannot_be_an_address_is_asked_for_again(dialog, intent, said):
    """
    An e-mail, the order's number, too little, too much, no letters, a question.
    """
    chat = dialog(waiting())
    chat.says("change_address")
    chat.says(intent, said)

    assert chat.reply == AskNewAddress
    assert chat.says("provide_details", BERLIN) == ConfirmRemedy


@pytest.mark.parametrize("length", [8, 300])
def test_the_lengths_that_an_address_may_have(dialog, length):
    """
    Both ends are allowed.
    """
    address = ("Weg 1 " + "a" * 300)[:length]
    chat = dialog(waiting())
    chat.says("change_address")

    assert chat.says("provide_details", address) == ConfirmRemedy
    assert chat.said.remedy.address == address


def test_a_missing_number_is_asked_about_once(dialog):
    """
    Some addresses have none: said again, it is taken as it is.
    """
    chat = dialog(waiting())
    chat.says("change_address")

    assert chat.says("provide_details", "Rose Cottage, Little Haven") == AddressLacksNumber
    assert chat.said.new_address == "Rose Cottage, Little Haven"
    assert chat.says("provide_details", "Rose Cottage, Little Haven, Wales") == ConfirmRemedy
    assert chat.said.remedy.address == "Rose Cottage, Little Haven, Wales"


@pytest.mark.parametrize("how", ["button", "words"])
def test_an_address_without_a_number_may_be_complete(dialog, how):
    """
    By the button or a yes; that is no yes to the change yet.
    """
    chat = dialog(waiting())
    chat.says("change_address")
    chat.says("provide_details", "Rose Cottage, Little Haven")
    chat.presses("as_it_is") if how == "button" else chat.says("affirm", "yes")

    assert chat.reply == ConfirmRemedy
    assert chat.remedies == []


def test_a_phone_number_is_no_order_number(dialog):
    """
    Eleven digits look like one of Wildberries'.
    """
    chat = dialog(waiting())
    chat.says("change_address", "my phone number is wrong")

    assert chat.says("provide_details", "01511 234567", order="") == ConfirmRemedy
    chat = dialog(waiting())
    chat.says("change_address", "my phone number is wrong")
    assert chat.says("provide_details", "01511234567", order="01511234567") == ConfirmRemedy
    assert chat.said.remedy.address == "01511234567"


def test_lines_of_an_address_are_kept_apart(dialog):
    """
    A comma stands where a line ended.
    """
    chat = dialog(waiting())
    chat.says("change_address")
    chat.says("provide_details", "Ada Field\nHauptstr. 5\n10115 Berlin")

    assert chat.said.remedy.address == "Ada Field, Hauptstr. 5, 10115 Berlin"


@pytest.mark.parametrize("heard", ["order_status", "damaged_item", "greet", "faq_shipping", "deny"])
def test_an_address_is_one_whatever_else_is_heard_in_it(dialog, heard):
    """
    A street's name may sound like anything to a classifier.
    """
    chat = dialog(waiting())
    chat.says("change_address")
    if heard == "faq_shipping":
        heard = "out_of_scope"

    assert chat.says(heard, "Rue de la Lampe 27, 75020 Paris") == ConfirmRemedy
    assert chat.said.remedy.address == "Rue de la Lampe 27, 75020 Paris"


def test_an_interruption_is_no_address(dialog):
    """
    With a number in it, too.
    """
    chat = dialog(waiting())
    chat.says("change_address")
    chat.says("order_status", "where is it now, I ordered 2 weeks ago")

    assert chat.replies == [WhereItIs, AskNewAddress]


def test_a_no_leaves_the_order_as_it_is(dialog):
    """
    To the terms, or to the question.
    """
    chat = dialog(waiting())
    chat.says("change_address")
    chat.says("provide_details", BERLIN)
    assert chat.says("deny", "no") == LeftAsItIs

    assert chat.says("change_address") == AskNewAddress
    assert chat.says("deny", "no") == LeftAsItIs
    assert chat.remedies == []


@pytest.mark.parametrize("heard", ["affirm", "deny", "provide_details", "change_address"])
def test_another_address_instead_of_a_yes_is_shown_anew(dialog, heard):
    """
    A yes with other words is no yes to the words that were shown.
    """
    chat = dialog(waiting())
    chat.says("change_address")
    chat.says("provide_details", BERLIN)

    assert chat.says(heard, "Hauptstr. 6, 10115 Berlin") == ConfirmRemedy
    assert chat.said.remedy.address == "Hauptstr. 6, 10115 Berlin"
    assert chat.remedies == []


@pytest.mark.parametrize("said", ["yes, but wait", "yes? can it still go out today?"])
def test_a_hedged_yes_changes_nothing(dialog, said):
    """
    The words are shown again.
    """
    chat = dialog(waiting())
    chat.says("change_address", f"please send it to {BERLIN}")

    assert chat.says("affirm", said) == ConfirmRemedy
    assert chat.remedies == []


def test_an_old_button_changes_nothing(dialog):
    """
    The yes under the first address is over once another one is shown.
    """
    chat = dialog(waiting())
    chat.says("change_address", f"please send it to {BERLIN}")
    yes = chat.token("yes")
    chat.says("deny", "no, Hauptstr. 6, 10115 Berlin")

    chat.presses("yes", token=yes)
    assert chat.replies[0] == ChoiceIsOver
    assert chat.remedies == []


# When it is too late


@pytest.mark.parametrize("mode", [ShipMode.POST, ShipMode.AIR])
def test_a_parcel_that_cannot_be_turned_keeps_its_address(dialog, mode):
    """
    Said at once, with a person one button away.
    """
    chat = dialog(an_order(status=OrderStatus.SHIPPED, ship_mode=mode))

    assert chat.says("change_address", f"please send it to {BERLIN}") == TooLateForAddress
    assert not chat.said.delivered
    assert chat.buttons == ["person"]
    assert chat.awaiting is Awaiting.NOTHING


def test_what_was_delivered_is_not_sent_elsewhere(dialog):
    """
    Whatever way it came.
    """
    chat = dialog(an_order(ship_mode=ShipMode.EXPRESS))

    assert chat.says("change_address") == TooLateForAddress
    assert chat.said.delivered


@pytest.mark.parametrize("mode", [ShipMode.EXPRESS, ShipMode.SEA])
def test_a_courier_is_asked_by_a_person(dialog, mode):
    """
    With the new address in what the person reads; nothing is promised or recorded as done.
    """
    chat = dialog(an_order(status=OrderStatus.SHIPPED, ship_mode=mode))

    assert chat.says("change_address") == AskNewAddress
    assert chat.said.shipped
    chat.says("provide_details", BERLIN)
    assert chat.replies == [CourierIsAsked, HandedOff]
    assert chat.handed_off_for == ["order_state"]
    assert BERLIN in str(chat.shop.rows(handoffs)[0]["summary"])
    assert chat.remedies == []


def test_an_order_that_leaves_before_the_yes_is_not_changed(dialog):
    """
    The parcel has its label now.
    """
    chat = dialog(waiting())
    chat.says("change_address", f"please send it to {BERLIN}")
    chat.shop.take_in(an_order(status=OrderStatus.SHIPPED))

    assert chat.says("affirm", "yes") == TooLateForAddress
    assert chat.remedies == []


@pytest.mark.parametrize("status", [OrderStatus.CANCELLED, OrderStatus.REFUSED])
def test_an_order_that_is_off_is_said_to_be(dialog, status):
    """
    Nothing goes anywhere.
    """
    chat = dialog(an_order(status=status))

    assert chat.says("change_address") == OrderIsOff
    assert chat.said.refused is (status is OrderStatus.REFUSED)


def test_an_order_whose_cancellation_stands_is_not_changed(dialog):
    """
    The shop's file still says "processing".
    """
    chat = dialog(waiting())
    chat.says("cancel_order")
    chat.says("affirm")

    assert chat.says("change_address") == AlreadySettled
    assert chat.said.kind_of_remedy == "cancellation"


def test_the_marketplace_changes_what_it_fulfils(dialog):
    """
    Before anything is asked.
    """
    chat = dialog(an_order_by_marketplace(status=OrderStatus.PENDING))

    assert chat.says("change_address", f"please send it to {BERLIN}") == FrontDesk


def test_it_is_changed_once(dialog):
    """
    The second time a person decides.
    """
    chat = dialog(waiting())
    chat.says("change_address", f"please send it to {BERLIN}")
    chat.says("affirm", "yes")

    assert chat.says("change_address", "send it to Weg 1, 80331 München") == AlreadyChanged
    assert (chat.said.kind_of_remedy, chat.said.times) == (RemedyKind.ADDRESS_CHANGE, 1)
    assert chat.buttons == ["person"]
    assert chat.remedies == ["address_change"]


def test_the_seller_says_how_often(dialog):
    """
    Not at all, or twice.
    """
    never = dialog(waiting(), rules=the_rulebook(changes_before_shipping=0))
    assert never.says("change_address") == AlreadyChanged
    assert never.said.times == 0

    twice = dialog(waiting(), rules=the_rulebook(changes_before_shipping=2))
    for street in ("Weg 1, 80331 München", "Weg 2, 80331 München"):
        twice.says("change_address", f"send it to {street}")
        assert twice.says("affirm", "yes") == RemedyRequested
    assert twice.says("change_address") == AlreadyChanged


def test_a_marketplace_where_it_is_not_offered_leaves_it_to_a_person(dialog):
    """
    The rulebook's list of what may be offered there.
    """
    rules = the_rulebook()
    for name, one in rules.marketplaces.items():
        object.__setattr__(one, "may_offer", (RemedyKind.REFUND,))
        assert rules.marketplaces[name].may_offer == (RemedyKind.REFUND,)
    chat = dialog(waiting(), rules=rules)
    chat.says("change_address", f"please send it to {BERLIN}")

    assert chat.replies == [NothingAllowed, HandedOff]


def test_a_changed_order_can_still_be_made_good(dialog):
    """
    A change settles nothing that goes wrong afterwards.
    """
    lines = (a_line(quantity=2), a_lamp())
    chat = dialog(waiting(lines=lines))
    chat.says("change_address", f"please send it to {BERLIN}")
    chat.says("affirm", "yes")
    chat.shop.take_in(an_order(lines=lines))
    chat.says("damaged_item", "the lamp is broken", photos=1)

    assert chat.reply == OfferRemedies


def test_who_does_not_answer_gets_a_person(dialog):
    """
    Two misses in a row.
    """
    chat = dialog(waiting())
    chat.says("change_address")
    chat.says("provide_details", "Berlin")
    assert chat.replies == [NotQuite, AskNewAddress]
    assert chat.says("provide_details", "Berlin") == HandedOff
