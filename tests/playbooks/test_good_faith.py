"""Signals of bad faith: each with its reason, each to a person, none a denial."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.casework.orders import History, OrderStatus, TrackingEvent
from bot.casework.remedies import RemedyKind
from bot.playbooks.good_faith import find_signals
from bot.playbooks.steps import AskForPhoto, ConfirmRemedy, OfferRemedies
from bot.services.hand_off import HandedOff
from bot.store.tables import remedies
from tests.dialog import Dialog
from tests.factories import (
    NOW,
    a_case,
    a_parcel,
    a_refund,
    an_order,
    days_ago,
    eur,
    the_rulebook,
)

RULES = the_rulebook()


def signals(case=None, order=None) -> dict[str, str]:
    """What was found, by name, with what was compared."""
    found = find_signals(case or a_case(), order or an_order(), RULES, NOW)

    return {rule.name.removeprefix("bad_faith."): rule.compared for rule in found}


def test_an_honest_buyer_gives_none():
    """
    A first case about a delivered order.
    """
    assert signals() == {}


@pytest.mark.parametrize(
    ("had", "signal"), [(2, {}), (3, {"repeats": "3 remedies in 90 days >= 3"})]
)
def test_the_same_buyer_again_and_again(had, signal):
    """
    As many as the rulebook calls too many.
    """
    assert signals(order=an_order(history=History(remedies=had))) == signal


@pytest.mark.parametrize(
    ("asked", "wanted", "is_signal"),
    [
        (RemedyKind.REPLACEMENT, RemedyKind.REFUND, True),
        (RemedyKind.EXCHANGE, RemedyKind.RETURN, True),
        (RemedyKind.REFUND, RemedyKind.REFUND, False),
        (RemedyKind.DISCOUNT, RemedyKind.REFUND, False),
    ],
)
def test_refund_and_reship_both_asked(asked, wanted, is_signal):
    """
    The goods again in one conversation, their price in another.
    """
    order = an_order(history=History(asked=frozenset({(1, asked)})))
    picked = replace(a_refund()) if wanted is RemedyKind.REFUND else None
    if picked is None:
        from bot.casework.remedies import Return

        picked = Return(order_id=3, line_id=1, quantity=1, amount=eur("20"))

    assert ("refund_and_reship" in signals(a_case(picked=picked), order)) is is_signal


def test_another_line_is_another_matter():
    """
    A new lamp and the mug's price are two things.
    """
    order = an_order(history=History(asked=frozenset({(2, RemedyKind.REPLACEMENT)})))

    assert signals(a_case(picked=a_refund()), order) == {}


def test_a_photo_that_was_seen_before():
    """
    How many of the case's photos.
    """
    case = a_case(photos=("a", "b"), reused_photos=("b",))

    assert signals(case) == {"reused_photo": "1 of 2 seen before"}


@pytest.mark.parametrize(
    ("label", "is_signal"),
    [
        ("Delivered, signed by Field", True),
        ("Handed to the recipient", True),
        ("Вручено адресату", True),
        ("Прибыло в место вручения", False),
        ("Delivered, left at the door", False),
        ("Assigned to a courier", False),
    ],
)
def test_not_received_though_somebody_took_it(label, is_signal):
    """
    Only what says that it was taken in person.
    """
    event = TrackingEvent(at=days_ago(3), label=label, place="Berlin")
    order = an_order(parcel=a_parcel(delivered_at=days_ago(3), events=(event,)))
    case = a_case(playbook="not_received", intent="not_received")

    assert ("handed_over" in signals(case, order)) is is_signal
    assert "handed_over" not in signals(a_case(), order)


@pytest.mark.parametrize(
    ("hours", "is_signal"), [(2, True), (11.9, True), (12, False), (48, False)]
)
def test_arrived_broken_sooner_than_it_can_have_arrived(hours, is_signal):
    """
    Two hours after the carrier got it nothing has arrived, broken or whole.
    """
    order = an_order(
        status=OrderStatus.SHIPPED, parcel=a_parcel(shipped_at=NOW - timedelta(hours=hours))
    )

    assert ("too_early" in signals(order=order)) is is_signal


@pytest.mark.parametrize(
    ("place", "is_signal"),
    [("Berlin", False), ("Berlin-Mitte", False), ("Hamburg", True), ("", False)],
)
def test_delivered_in_another_town(place, is_signal):
    """
    A town that is part of the other's name is the same.
    """
    event = TrackingEvent(at=days_ago(3), label="Delivered", place=place)
    order = an_order(parcel=a_parcel(delivered_at=days_ago(3), events=(event,)))

    assert ("elsewhere" in signals(order=order)) is is_signal


# In a conversation


def orders(*numbers: int):
    """Orders of one mug each, of the same buyer."""
    return [an_order(number=f"DEMO-{number}") for number in numbers]


def make_good(chat: Dialog, order: str):
    """The agreeable way to a new mug."""
    chat.says("damaged_item", order=order)
    chat.sends_photo()
    chat.presses("option:1")

    return chat.presses("yes")


def test_the_fourth_remedy_in_three_months_is_looked_at_by_a_person(dialog):
    """
    Three are granted; then a person looks, who sees why, and nothing was denied.
    """
    chat = dialog(*orders(1, 2, 3, 4))
    for order in ("DEMO-1", "DEMO-2", "DEMO-3"):
        make_good(chat, order)
    chat.says("damaged_item", order="DEMO-4")

    assert chat.sends_photo() == HandedOff
    assert chat.handed_off_for == ["bad_faith"]
    last = chat.decisions[-1]
    assert last["step"] == "look_for_bad_faith"
    assert last["rules"][-1] == {
        "name": "bad_faith.repeats",
        "held": True,
        "compared": "3 remedies in 90 days >= 3",
    }
    assert chat.remedies == ["replacement"] * 3


def test_a_new_name_with_the_same_address_is_the_same_buyer(dialog):
    """
    The e-mail counts, whatever name stands beside it.
    """
    numbered = orders(1, 2, 3, 4)
    numbered[3] = replace(numbered[3], buyer=replace(numbered[3].buyer, name="Eda Field"))
    chat = dialog(*numbered)
    for order in ("DEMO-1", "DEMO-2", "DEMO-3"):
        make_good(chat, order)
    chat.says("damaged_item", order="DEMO-4")

    assert chat.sends_photo() == HandedOff


def test_long_ago_does_not_count(dialog):
    """
    After ninety days everybody starts anew.
    """
    chat = dialog(*orders(1, 2, 3), an_order(number="DEMO-4", promised_by=None))
    for order in ("DEMO-1", "DEMO-2", "DEMO-3"):
        make_good(chat, order)
    chat.waits(days=91)
    chat.says("damaged_item", order="DEMO-4")

    assert chat.sends_photo() == OfferRemedies


def test_a_photo_of_another_order_brings_a_person(dialog):
    """
    The same picture, saved anew: three bits differ.
    """
    chat = dialog(*orders(1, 2))
    chat.says("damaged_item", order="DEMO-1")
    assert chat.sends_photo_like(0b1011 << 40) == OfferRemedies
    other = Dialog(chat.shop, "ada@example.com")
    other.says("damaged_item", order="DEMO-2")

    assert other.sends_photo_like(0b1100 << 40) == HandedOff
    assert other.handed_off_for == ["bad_faith"]


def test_the_same_photo_about_the_same_order_is_honest(dialog):
    """
    Who comes back the next day sends it again.
    """
    chat = dialog(*orders(1))
    chat.says("damaged_item")
    assert chat.sends_photo_like(77) == OfferRemedies
    again = Dialog(chat.shop, "ada@example.com")
    again.says("damaged_item")

    assert again.sends_photo_like(77) == OfferRemedies


def test_another_picture_is_another_picture(dialog):
    """
    Four bits of difference are one too many to be the same.
    """
    chat = dialog(*orders(1, 2))
    chat.says("damaged_item", order="DEMO-1")
    chat.sends_photo_like(0)
    other = Dialog(chat.shop, "ada@example.com")
    other.says("damaged_item", order="DEMO-2")

    assert other.sends_photo_like(0x0001_0001_0001_0001) == OfferRemedies


def test_a_signal_between_offer_and_yes_counts_too(dialog):
    """
    The remedies of other conversations come in while this buyer makes up their mind.
    """
    numbered = orders(1, 2, 3, 4)
    chat = dialog(*numbered)
    chat.says("damaged_item", order="DEMO-4")
    chat.sends_photo()
    assert chat.presses("option:1") == ConfirmRemedy
    other = Dialog(chat.shop, "ada@example.com")
    for order in ("DEMO-1", "DEMO-2", "DEMO-3"):
        make_good(other, order)

    assert chat.presses("yes") == HandedOff
    assert len(chat.shop.rows(remedies)) == 3


def test_cancelling_before_it_left_is_nobodys_loss(dialog):
    """
    However often.
    """
    pending = [an_order(number=f"DEMO-{n}", status=OrderStatus.PENDING) for n in range(5)]
    chat = dialog(*pending)
    for n in range(5):
        chat.says("cancel_order", order=f"DEMO-{n}")
        chat.says("affirm")

    assert chat.remedies == ["cancellation"] * 5


def test_questions_are_answered_whoever_asks(dialog):
    """
    A signal stands between a buyer and money, not between them and an answer.
    """
    chat = dialog(*orders(1, 2, 3, 4))
    for order in ("DEMO-1", "DEMO-2", "DEMO-3"):
        make_good(chat, order)

    assert chat.says("damaged_item", order="DEMO-4") == AskForPhoto
    chat.says("order_status", order="DEMO-4")
    assert HandedOff not in chat.replies
