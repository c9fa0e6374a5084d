"""An address, a name or a phone number in a buyer's words."""

import time

import pytest

from bot.casework.addresses import (
    address_in,
    is_written_address,
    lacks_number,
    typed_address,
)
from tests.factories import a_turn

BERLIN = "Hauptstr. 5, 10115 Berlin"


@pytest.mark.parametrize(
    ("text", "address"),
    [
        (f"please change the address to {BERLIN}", BERLIN),
        (f"My new address is {BERLIN}.", BERLIN),
        (f"change to: {BERLIN} please", BERLIN),
        ("Can you send it to 14 Bennett Road, Leeds LS6 3HN?", "14 Bennett Road, Leeds LS6 3HN"),
        (
            "deliver to the back entrance, no, better to my sister: Lindenstr. 8, 50674 Köln",
            "Lindenstr. 8, 50674 Köln",
        ),
        ("forgot the flat number, it's flat 12", "forgot the flat number, it's flat 12"),
        ("change my address", ""),
        ("change the address of order DEMO-1003 to a new one", ""),
        ("is it going to my old flat or to the new one?", ""),
        ("ship DEMO-1003 to 27 Rue des Lilas, not to 72", ""),
        ("Could you redirect it to my neighbour at number 9?", ""),
        ("wrong phone number, please correct it", ""),
        ("", ""),
    ],
)
def test_an_address_within_a_wish(text, address):
    """
    What follows the wish; whatever is doubtful is asked for.
    """
    assert address_in(text, "DEMO-1003") == address


@pytest.mark.parametrize(
    ("text", "intent", "address"),
    [
        (BERLIN, "provide_details", BERLIN),
        (f"yes, {BERLIN}", "affirm", BERLIN),
        ("sorry, it's Hauptstr. 5b in Berlin", "deny", "Hauptstr. 5b in Berlin"),
        ("Rose Cottage, Little Haven", "out_of_scope", "Rose Cottage, Little Haven"),
        ("Rose Cottage, Little Haven", "thanks", ""),
        ("+49 171 1234567", "provide_details", "+49 171 1234567"),
        ("where is it, DEMO-1003?", "order_status", ""),
        ("ada@example.com", "provide_details", ""),
        ("DEMO-1003", "provide_details", ""),
        ("#DEMO-1003", "provide_details", ""),
        ("12345678", "provide_details", ""),
        ("........ 7", "provide_details", ""),
    ],
)
def test_an_address_as_an_answer(text, intent, address):
    """
    Anything that can be one, and nothing that cannot.
    """
    assert typed_address(a_turn(text, intent), "DEMO-1003") == address


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        (BERLIN, True),
        ("Ada Field\n14 Bennett Road\nLeeds LS6 3HN", True),
        ("it broke, I have 2 pieces", False),
        ("where is it, I ordered 10115 days ago?", False),
        ("DEMO-1003, where does it stand, 10115", False),
        ("Hauptstr. 5", False),
    ],
)
def test_what_can_hardly_be_anything_but_an_address(text, is_one):
    """
    Lines or commas, words, and something like a postcode.
    """
    assert is_written_address(text, "DEMO-1003") is is_one


def test_a_name_or_a_phone_needs_no_number():
    """
    Only an address may lack its house number or postcode.
    """
    assert lacks_number("Rose Cottage, Wales", "change my address")
    assert not lacks_number("Tomasz Keller", "my name is wrong on the parcel")
    assert not lacks_number(BERLIN, "change my address")


@pytest.mark.parametrize("text", ["to: " * 1000, "name to " * 500, "to a 1 " * 85, "1 " * 2000])
def test_a_long_text_is_read_at_once(text):
    """
    4 000 characters in milliseconds.
    """
    began = time.perf_counter()
    address_in(text, "DEMO-1003")
    typed_address(a_turn(text, "provide_details"), "DEMO-1003")

    assert time.perf_counter() - began < 0.2
