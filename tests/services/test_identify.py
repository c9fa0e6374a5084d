"""Whose order is it? Nothing of an order is told or done before that is certain."""

from dataclasses import replace

import pytest

from bot.casework.turns import Identity
from bot.playbooks.order_questions import WhenItComes, WhereItIs
from bot.playbooks.steps import AskForPhoto, OfferRemedies
from bot.services.hand_off import HandedOff
from bot.services.identify import (
    AskOrderNumber,
    AskProof,
    NoMatch,
    TooManyTries,
    WhichOrder,
)
from bot.services.sessions import do_identify
from bot.store.tables import choices, identity_tries, messages
from tests.dialog import Dialog
from tests.factories import a_lamp, a_line, an_order, days_ago

ADA, BOB = "ada@example.com", "bob@example.com"


@pytest.fixture
def anonymous(dialog):
    """Begins a conversation of a buyer of whom nothing is known."""
    return lambda *orders: dialog(*orders, email=None)


def told(chat: Dialog) -> list[tuple[object, ...]]:
    """All that the bot said in the shop, as far as a buyer can see it."""
    rows = [row for row in chat.shop.rows(messages) if row["sender"] == "bot"]
    buttons = [(row["value"], row["label"]) for row in chat.shop.rows(choices)]

    return [*((row["reply"], row["kind"], row["text"], row["card"]) for row in rows), *buttons]


def guesses(chat: Dialog, times: int, proof: str = "eve{}@example.com", order: str = "DEMO-1003"):
    """Try to prove the order so often, with another wrong proof each time."""
    for number in range(times):
        chat.says("order_status", proof.format(number), order=order)


# Number and proof


def test_an_anonymous_buyer_is_asked_for_the_number_then_for_a_proof(anonymous):
    """
    One question at a time, and then the answer to what was asked at first.
    """
    chat = anonymous(an_order())

    assert chat.says("order_status", "where is my order?") == AskOrderNumber
    assert chat.says("provide_details", order="DEMO-1003") == AskProof
    assert chat.says("provide_details", ADA) == WhereItIs


@pytest.mark.parametrize("proof", [ADA, "10115", "my postcode is 10115"])
def test_number_and_proof_in_one_message_are_enough(anonymous, proof):
    """
    Who gives both at once is asked for neither.
    """
    chat = anonymous(an_order())

    assert chat.says("order_status", f"where is it? {proof}", order="DEMO-1003") == WhereItIs


def test_the_email_before_the_number_is_remembered(anonymous):
    """
    "I told you already" is never heard.
    """
    chat = anonymous(an_order())
    chat.says("order_status", f"where is my order? I am {ADA}")

    assert chat.says("provide_details", order="DEMO-1003") == WhereItIs


def test_a_remembered_email_is_tried_once(anonymous):
    """
    A wrong one counts as one try, not again with every further message.
    """
    chat = anonymous(an_order())
    chat.says("order_status", f"I am {BOB}")

    assert chat.says("provide_details", order="DEMO-1003") == NoMatch
    assert chat.says("provide_details", ADA) == WhereItIs
    assert len(chat.shop.rows(identity_tries)) == 1


@pytest.mark.parametrize(
    ("stored", "typed"),
    [
        ("10115", "10115"),
        ("SW1A 1AA", "sw1a1aa"),
        ("sw1a1aa", "SW1A 1AA"),
        ("110 00", "11000"),
        ("1012AB", "1012 ab"),
        ("LV-1010", "lv1010"),
        ("90210-1234", "90210-1234"),
    ],
)
def test_a_postcode_counts_however_it_is_spelt(anonymous, stored, typed):
    """
    Spaces, hyphens and capitals are not what tells buyers apart.
    """
    chat = anonymous(an_order(postal_code=stored))
    chat.says("order_status", order="DEMO-1003")

    assert chat.says("provide_details", typed) == WhereItIs


@pytest.mark.parametrize("typed", ["ADA@Example.com", " ada@example.com ", "it's ada@example.com."])
def test_an_email_counts_however_it_is_spelt(anonymous, typed):
    """
    Capitals and what stands around it do not matter.
    """
    chat = anonymous(an_order())
    chat.says("order_status", order="DEMO-1003")

    assert chat.says("provide_details", typed) == WhereItIs


@pytest.mark.parametrize("typed", ["demo-1003", "DEMO 1003", "#DEMO1003", "demo_1003"])
def test_a_number_counts_however_it_is_spelt(anonymous, typed):
    """
    Also where the model found no number in it, because it was asked for.
    """
    chat = anonymous(an_order())
    chat.says("order_status")
    chat.says("provide_details", typed)

    assert chat.reply == AskProof
    assert chat.says("provide_details", ADA) == WhereItIs


def test_a_corrected_number_is_the_one_that_counts(anonymous):
    """
    "Sorry, DEMO-1003" after a number that was wrong.
    """
    chat = anonymous(an_order())
    chat.says("order_status", order="DEMO-1030")
    chat.says("provide_details", ADA)

    assert chat.says("provide_details", "sorry, it is", order="DEMO-1003") == AskProof
    assert chat.says("provide_details", ADA) == WhereItIs


def test_what_was_told_on_the_way_is_not_asked_again(anonymous):
    """
    The broken lamp was named and shown in the first message, before we knew whose it is.
    """
    chat = anonymous(an_order(lines=(a_line(), a_lamp())))
    chat.says("damaged_item", "my lamp broke", photos=1)
    chat.says("provide_details", order="DEMO-1003")

    assert chat.says("provide_details", ADA) == OfferRemedies
    assert chat.said.line.sku == "LAMP-1"
    assert chat.said.photos == 1


def test_a_proven_order_stays_proven_in_its_conversation(anonymous):
    """
    Asked once, not for every question.
    """
    chat = anonymous(an_order(), an_order(number="DEMO-1005"))
    chat.says("order_status", ADA, order="DEMO-1003")

    assert chat.says("delivery_time", order="demo 1003") == WhenItComes
    assert chat.says("damaged_item") == AskForPhoto


def test_one_proven_order_opens_no_other(anonymous):
    """
    Not even another of the same buyer: the proof was for one.
    """
    chat = anonymous(an_order(), an_order(number="DEMO-1005"))
    chat.says("order_status", ADA, order="DEMO-1003")

    assert chat.says("order_status", order="DEMO-1005") == AskProof


def test_a_proof_does_not_carry_over_to_another_conversation(shop):
    """
    Whoever comes next from the same place proves it again.
    """
    house = shop(an_order())
    Dialog(house, None).says("order_status", ADA, order="DEMO-1003")

    assert Dialog(house, None).says("order_status", order="DEMO-1003") == AskProof


# No such order, or not theirs


@pytest.mark.parametrize("proof", [BOB, "99999"])
def test_a_wrong_proof_and_an_unknown_order_get_the_very_same_answers(anonymous, proof):
    """
    Word for word, field for field, button for button, until the lock and beyond.
    """
    real, empty = anonymous(an_order()), anonymous(an_order(number="DEMO-1005"))
    for chat in (real, empty):
        chat.says("order_status", order="DEMO-1003")
        for _ in range(7):
            chat.says("provide_details", proof)

    assert told(real) == told(empty)
    assert [row["reply"] for row in real.shop.rows(messages) if row["sender"] == "bot"] == [
        "identify.ask_proof",
        *["identify.no_match"] * 5,
        "identify.too_many_tries",
        "hand_off.handed_off",
    ]


def test_nothing_of_the_order_is_said_before_it_is_proven(anonymous):
    """
    No product, no name, no day, no card: neither in the questions nor in the refusals.
    """
    chat = anonymous(an_order())
    chat.says("damaged_item")
    chat.says("provide_details", order="DEMO-1003")
    for _ in range(6):
        chat.says("provide_details", BOB)

    for fact in ("mug", "Ada", "Berlin", "10115", "DHL", "0034", "€", "EUR", "2000", "card"):
        assert fact not in str(told(chat))


@pytest.mark.parametrize("proof", ["", "@", "ada@", "example.com", "Berlin", "Ada Field"])
def test_what_is_no_proof_is_no_try(anonymous, proof):
    """
    A name or a city opens nothing and is not counted as a guess.
    """
    chat = anonymous(an_order())
    chat.says("order_status", order="DEMO-1003")

    assert chat.says("provide_details", proof) == AskProof
    assert chat.shop.rows(identity_tries) == []


def test_an_order_without_email_and_postcode_is_opened_by_nobody(anonymous):
    """
    What is missing equals nothing, least of all something that is missing too.
    """
    order = an_order(postal_code="", buyer=replace(an_order().buyer, email=""))
    chat = anonymous(order)

    assert chat.says("order_status", "0000", order="DEMO-1003") == NoMatch


def test_a_list_of_guesses_is_one_guess(anonymous):
    """
    Only one proof is taken from a message, so nobody tries ten at once.
    """
    chat = anonymous(an_order())
    chat.says("order_status", f"{BOB} eve@example.com {ADA}", order="DEMO-1003")

    assert chat.reply == NoMatch
    assert len(chat.shop.rows(identity_tries)) == 1


# The lock


def test_after_five_wrong_tries_even_the_right_proof_is_refused(anonymous):
    """
    The sixth is not looked at, and the answer says for how long.
    """
    chat = anonymous(an_order())
    guesses(chat, 5)
    assert chat.reply == NoMatch

    assert chat.says("provide_details", ADA) == TooManyTries
    assert chat.said.minutes == 15
    assert chat.buttons == ["person"]


def test_four_wrong_tries_are_forgiven(anonymous):
    """
    The fifth may still be right.
    """
    chat = anonymous(an_order())
    guesses(chat, 4)

    assert chat.says("provide_details", ADA) == WhereItIs


def test_the_lock_holds_for_the_ip_across_conversations(shop):
    """
    A new chat from the same place is no way around it.
    """
    house = shop(an_order())
    for _ in range(5):
        guesses(Dialog(house, None), 1, BOB)

    assert Dialog(house, None).says("order_status", ADA, order="DEMO-1003") == TooManyTries


def test_the_lock_holds_for_a_proof_across_ips(shop):
    """
    The same wrong address from five places is one and the same guesser.
    """
    house = shop(an_order())
    for number in range(5):
        guesses(Dialog(house, None, ip=f"192.0.2.{number}"), 1, BOB)

    elsewhere = Dialog(house, None, ip="198.51.100.1")
    assert elsewhere.says("order_status", BOB, order="DEMO-1003") == TooManyTries


def test_the_lock_does_not_hold_for_another_ip(shop):
    """
    The real buyer is not locked out by somebody else's guesses.
    """
    house = shop(an_order())
    guesses(Dialog(house, None, ip="192.0.2.66"), 6)

    assert Dialog(house, None).says("order_status", ADA, order="DEMO-1003") == WhereItIs


def test_the_lock_does_not_hold_for_another_order(anonymous):
    """
    Wrong about one order, right about the other.
    """
    chat = anonymous(an_order(), an_order(number="DEMO-1005"))
    guesses(chat, 5)

    assert chat.says("order_status", ADA, order="DEMO-1005") == WhereItIs


def test_the_lock_does_not_hold_in_another_store(shop):
    """
    Two sellers may have orders of one number.
    """
    house = shop(an_order())
    house.add_store("other")
    house.take_in(an_order(store="other"))
    guesses(Dialog(house, None), 5)

    elsewhere = Dialog(house, None, store="other")
    assert elsewhere.says("order_status", ADA, order="DEMO-1003") == WhereItIs


def test_the_lock_ends_fifteen_minutes_after_the_tries(anonymous):
    """
    Refused tries do not make it longer.
    """
    chat = anonymous(an_order())
    guesses(chat, 5)
    chat.waits(minutes=14)
    assert chat.says("provide_details", ADA) == TooManyTries
    chat.waits(minutes=1)

    assert chat.says("provide_details", ADA) == WhereItIs


def test_who_tries_on_while_locked_gets_a_person(anonymous):
    """
    Nobody stands before a closed door for ever; the person is told why.
    """
    chat = anonymous(an_order())
    guesses(chat, 6)

    assert chat.says("provide_details", ADA) == HandedOff
    assert chat.handed_off_for == ["locked"]


def test_a_wrong_try_that_is_delivered_twice_counts_once(anonymous):
    """
    The same message again is no second guess.
    """
    chat = anonymous(an_order())
    guesses(chat, 1)
    chat.repeats()

    assert len(chat.shop.rows(identity_tries)) == 1


def test_wrong_proofs_are_not_kept_in_clear(anonymous):
    """
    A wrong guess may be somebody's address.
    """
    chat = anonymous(an_order())
    guesses(chat, 1, BOB)

    assert BOB not in str(chat.shop.rows(identity_tries))


def test_a_spelling_of_the_number_does_not_go_round_the_lock(anonymous):
    """
    DEMO-1003, demo 1003 and #demo1003 are one order.
    """
    chat = anonymous(an_order())
    for number in ("DEMO-1003", "demo 1003", "demo1003", "#DEMO-1003", "DEMO_1003"):
        guesses(chat, 1, BOB, order=number)

    assert chat.says("order_status", ADA, order="demo-1003") == TooManyTries


# A signed identity


def test_a_signed_buyer_is_asked_nothing(dialog):
    """
    The shop says who they are, and they have one order.
    """
    assert dialog(an_order()).says("order_status") == WhereItIs


def test_a_signed_buyers_email_counts_however_it_is_spelt(dialog):
    """
    The shop's account and its order file may differ in capitals.
    """
    assert dialog(an_order(), email="Ada@Example.com").says("order_status") == WhereItIs


def test_a_signed_buyer_hears_of_their_own_orders_only(dialog):
    """
    Of two orders in the shop one is theirs, so that is the one.
    """
    bobs = an_order(number="DEMO-1005", buyer=replace(an_order().buyer, email=BOB))
    chat = dialog(bobs, an_order())

    chat.says("order_status")
    assert chat.said.order_number == "DEMO-1003"


def test_a_signed_buyer_without_orders_is_asked_for_a_number(dialog):
    """
    They may have ordered with another address.
    """
    assert dialog(an_order(), email=BOB).says("order_status") == AskOrderNumber


def test_a_signed_buyer_may_prove_an_order_of_another_address(dialog):
    """
    A present, or an old address: its e-mail opens it like for anybody.
    """
    chat = dialog(an_order(), email=BOB)

    assert chat.says("order_status", order="DEMO-1003") == AskProof
    assert chat.says("provide_details", ADA) == WhereItIs


def test_an_identity_opens_no_order_of_another_store(shop):
    """
    The same address at another seller is another account.
    """
    house = shop(an_order())
    house.add_store("other")

    chat = Dialog(house, ADA, store="other")
    assert chat.says("order_status") == AskOrderNumber
    assert chat.says("order_status", ADA, order="DEMO-1003") == NoMatch


def test_an_identity_without_an_email_opens_nothing(shop):
    """
    Orders without an address belong to nobody, not to everybody without one.
    """
    house = shop(an_order(buyer=replace(an_order().buyer, email="")))
    chat = Dialog(house, None)
    do_identify(house.house, chat.id, "demo", Identity(subject="7", email=""))

    assert chat.says("order_status") == AskOrderNumber


def test_signing_in_on_the_way_opens_the_orders(anonymous):
    """
    The buyer logs in at the shop instead of looking for the number.
    """
    chat = anonymous(an_order())
    chat.says("order_status")

    assert do_identify(chat.shop.house, chat.id, "demo", Identity(subject="7", email=ADA))
    assert chat.says("affirm", "I am logged in now") == WhereItIs


def test_a_conversation_is_not_taken_over_by_another_buyer(dialog):
    """
    What was said there is not shown to whoever logs in next, nor to another store's buyer.
    """
    chat = dialog(an_order())
    chat.shop.add_store("other")
    bob = Identity(subject=BOB, email=BOB)
    ada = Identity(subject=ADA, email=ADA)

    assert not do_identify(chat.shop.house, chat.id, "demo", bob)
    assert not do_identify(chat.shop.house, chat.id, "other", ada)
    assert do_identify(chat.shop.house, chat.id, "demo", ada)
    assert chat.says("order_status") == WhereItIs


# Several orders


@pytest.fixture
def mug_and_lamp(dialog):
    """A signed-in buyer with two orders: the lamp's is the newer."""
    lamp = an_order(number="DEMO-1005", lines=(a_lamp(),), placed_at=days_ago(5))

    return dialog(an_order(), lamp)


def test_of_several_orders_one_is_chosen_by_its_button(mug_and_lamp):
    """
    All of them are theirs, so they may be shown.
    """
    assert mug_and_lamp.says("order_status") == WhichOrder
    assert mug_and_lamp.labels == ["order", "order"]
    mug_and_lamp.presses(mug_and_lamp.buttons[1])
    assert mug_and_lamp.said.order_number == "DEMO-1003"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("the mug", "DEMO-1003"),
        ("the one with the lamp please", "DEMO-1005"),
        ("the second one", "DEMO-1003"),
        ("1", "DEMO-1005"),
        ("the last one", "DEMO-1003"),
        ("1003", "DEMO-1003"),
        ("demo 1005", "DEMO-1005"),
    ],
)
def test_of_several_orders_one_is_named_in_words(mug_and_lamp, text, number):
    """
    By what was in it, by its place in the list, or by the end of its number.
    """
    mug_and_lamp.says("order_status")

    assert mug_and_lamp.says("choose_option", text) == WhereItIs
    assert mug_and_lamp.said.order_number == number


def test_of_several_orders_the_first_words_may_tell_which(mug_and_lamp):
    """
    "Where is my lamp" needs no question back.
    """
    assert mug_and_lamp.says("order_status", "where is my lamp?") == WhereItIs
    assert mug_and_lamp.said.order_number == "DEMO-1005"


def test_the_end_of_two_numbers_names_neither(dialog):
    """
    Where it is not certain which order is meant, none is taken.
    """
    chat = dialog(an_order(number="A-1003"), an_order(number="B-1003"))
    chat.says("order_status")

    assert chat.says("provide_details", "1003") == AskProof


def test_many_orders_are_listed_in_part_and_found_by_number(dialog):
    """
    The six newest as buttons; an older one by its number.
    """
    orders = [an_order(number=f"DEMO-{n}", placed_at=days_ago(n)) for n in range(11, 20)]
    chat = dialog(*orders)
    chat.says("order_status")

    assert len(chat.buttons) == 6
    assert chat.says("provide_details", order="DEMO-19") == WhereItIs


def test_a_foreign_number_among_ones_own_orders_is_to_be_proven(mug_and_lamp):
    """
    It is not in the list, so it is treated like anybody's.
    """
    mug_and_lamp.says("order_status")

    assert mug_and_lamp.says("provide_details", order="DEMO-7777") == AskProof
    assert mug_and_lamp.says("provide_details", ADA) == NoMatch
