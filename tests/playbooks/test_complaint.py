"""An angry buyer: a person at once, with what was found out so far, within the set time."""

from dataclasses import replace
from datetime import timedelta

from bot.casework.marketplaces import Clocks
from bot.casework.orders import Marketplace
from bot.casework.turns import Floor
from bot.services.hand_off import HandedOff
from bot.store.tables import handoffs
from tests.dialog import with_rules
from tests.factories import an_order, the_rulebook


def hand_off_of(chat):
    """The only hand-off."""
    (row,) = chat.shop.rows(handoffs)

    return row


def test_nobody_who_is_angry_is_asked_for_an_order_number(dialog):
    """
    A stranger's first words: a person, one case that says so, and a decision in the ledger.
    """
    chat = dialog(an_order(), email=None)

    assert chat.says("complaint", "your service is a disgrace") == HandedOff
    assert chat.replies == [HandedOff]
    assert chat.floor is Floor.WAITING
    assert [(case["playbook"], case["state"]) for case in chat.cases] == [
        ("complaint", "handed_off")
    ]
    assert [(row["step"], row["decision"]) for row in chat.decisions] == [
        ("give_to_person", "HandOff")
    ]
    assert hand_off_of(chat)["reason"] == "complaint"


def test_the_clock_runs_from_the_complaint(dialog):
    """
    24 hours where nobody says otherwise, and the buyer is told so.
    """
    chat = dialog(an_order(), email=None)
    began = chat.shop.now
    chat.says("complaint")

    assert chat.said.within_hours == 24
    due = hand_off_of(chat)["due_at"]
    assert timedelta(hours=24) <= due - began <= timedelta(hours=24, minutes=1)


def test_the_marketplaces_own_clock_counts_for_its_order(dialog):
    """
    The order that was talked about decides.
    """
    rules = the_rulebook()
    wish = replace(rules.marketplaces[Marketplace.WISH], clocks=Clocks(complaint_hours=12))
    places = {**rules.marketplaces, Marketplace.WISH: wish}
    chat = dialog(
        an_order(marketplace=Marketplace.WISH), rules=with_rules(rules, marketplaces=places)
    )
    chat.says("order_status")
    chat.says("complaint")

    assert chat.said.within_hours == 12


def test_the_open_case_goes_along_with_all_that_is_known(dialog):
    """
    Not a new, empty one: photos and offers are in the summary, and the case is the person's.
    """
    chat = dialog(an_order())
    chat.says("damaged_item", "the mug came in pieces", photos=2)
    chat.says("complaint", "this is the worst shop ever")

    assert chat.replies == [HandedOff]
    assert [(case["playbook"], case["state"]) for case in chat.cases] == [
        ("damaged_item", "handed_off")
    ]
    row = hand_off_of(chat)
    assert row["case_id"] == chat.cases[0]["id"]
    assert (
        "The buyer says that it arrived damaged, in their words: “the mug came in pieces”"
        in row["summary"]
    )
    assert "2 photos came" in row["summary"]
    assert (chat.decisions[-1]["step"], chat.decisions[-1]["facts"]["reason"]) == (
        "give_to_person",
        "complaint",
    )


def test_what_was_settled_stays_settled(dialog):
    """
    The anger is about it; the remedy stands.
    """
    chat = dialog(an_order(overdue=True))
    chat.says("late_delivery")
    chat.says("refund_request")
    chat.says("affirm")
    chat.says("complaint", "never again")

    assert [case["state"] for case in chat.cases] == ["settled"]
    assert hand_off_of(chat)["case_id"] == chat.cases[0]["id"]
    assert chat.remedies == ["refund"]


def test_of_two_cases_the_named_order_is_the_one(dialog):
    """
    Not the one that was talked about last.
    """
    chat = dialog(an_order(), an_order(number="DEMO-1005"))
    chat.says("damaged_item", order="DEMO-1003")
    chat.says("damaged_item", order="DEMO-1005")
    chat.says("complaint", "you are useless, and so is", order="DEMO-1003")

    assert [case["state"] for case in chat.cases] == ["handed_off", "open"]
    assert "Order DEMO-1003" in hand_off_of(chat)["summary"]


def test_a_named_order_of_which_nothing_was_said_yet(dialog):
    """
    The buyer's own is told as theirs; nobody is asked for anything.
    """
    chat = dialog(an_order(), an_order(number="DEMO-1005"))
    chat.says("order_status", order="DEMO-1005")
    chat.says("complaint", "a disgrace, this", order="DEMO-1003")

    assert chat.reply == HandedOff
    assert "Order DEMO-1003: delivered, own shop" in hand_off_of(chat)["summary"]


def test_somebody_elses_order_is_told_as_unproven(dialog):
    """
    The person must not take it for the buyer's.
    """
    chat = dialog(an_order(), email="bob@example.com")
    chat.says("complaint", "a disgrace, this", order="DEMO-1003")

    assert "Order DEMO-1003 was named but not proven" in hand_off_of(chat)["summary"]


def test_the_same_complaint_twice_is_one_hand_off(dialog):
    """
    Delivered twice by the network.
    """
    chat = dialog(an_order())
    chat.says("complaint")
    chat.repeats()

    assert chat.replies == [HandedOff]
    assert len(chat.shop.rows(handoffs)) == 1
