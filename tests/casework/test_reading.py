"""Order numbers, proofs, products and remedies in what buyers really write."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.casework.order_numbers import order_key
from bot.casework.orders import OrderLine
from bot.casework.reading import (
    is_bare_detail,
    mentioned_order,
    money_back_option,
    named_line,
    named_option,
    named_order,
    typed_order,
    typed_proof,
)
from bot.casework.remedies import Discount, Intercept, Refund, Remedy, Replacement, Return
from tests.factories import a_lamp, a_line, a_summary, a_turn, eur

# Order numbers


@pytest.mark.parametrize(
    ("text", "number"),
    [
        # Amazon, with the hyphens, spaces or en dashes that people put there
        ("304-5521987-0093345", "304-5521987-0093345"),
        ("it is 304-5521987-0093345, thanks", "304-5521987-0093345"),
        ("304 5521987 0093345", "304 5521987 0093345"),
        ("my number: 304–5521987–0093345.", "304–5521987–0093345"),
        ("D01-5521987-0093345", "D01-5521987-0093345"),
        # Wish
        ("5f2b8c1e9a7d4e0012c3b4a5", "5f2b8c1e9a7d4e0012c3b4a5"),
        ("order id 5f2b8c1e9a7d4e0012c3b4a5 please check", "5f2b8c1e9a7d4e0012c3b4a5"),
        # Wildberries, the order and its srid
        ("90417725583", "90417725583"),
        ("№83850025", "№83850025"),
        ("№ 83850025", "№ 83850025"),
        ("2163980212113608N.0.0", "2163980212113608N.0.0"),
        ("srid is dp.r5ab3c9e2f70d4418.1.0 ok?", "dp.r5ab3c9e2f70d4418.1.0"),
        # own shops
        ("#1004", "#1004"),
        ("1004", "1004"),
        ("1004.", "1004"),
        ("it's 1004!", "1004"),
        ("DEMO-1003", "DEMO-1003"),
        ("demo-1003 it was", "demo-1003"),
        ("DEMO 1003", "DEMO 1003"),
        ("I think DEMO 1003", "DEMO 1003"),
        ("SH-20931", "SH-20931"),
        ("INV-2024-77", "INV-2024-77"),
        ("W2378156", "W2378156"),
        ("ORD12345", "ORD12345"),
        ("2024/1187", "2024/1187"),
        ("order 1004 from ada@example.com", "1004"),
        ("ada99@example.com, order 1004", "1004"),
        # short ones, only where the message is nothing else
        ("#17", "#17"),
        ("17", "17"),
        ("A7", "A7"),
    ],
)
def test_an_order_number_is_found_in_the_answer(text: str, number: str) -> None:
    """
    All four marketplaces' shapes, and what shops make up.
    """
    assert order_key(typed_order(text)) == order_key(number)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "no idea",
        "I can't find it",
        "the mug",
        "my order",
        "ada@example.com",
        "ada1234@example.com",
        "I have 2 kids",
        "it cost 20.00",
        "№",
        "#",
        "MY NUMBER IS GONE",
        "\x00\x01",
    ],
)
def test_without_a_number_nothing_is_found(text: str) -> None:
    """
    An e-mail address with digits is none, nor is a small number in a sentence.
    """
    assert typed_order(text) == ""


def test_the_models_entity_is_the_order_that_is_meant() -> None:
    """
    The first one counts; an e-mail is no order.
    """
    text = "DEMO-1003 of ada@example.com"

    assert mentioned_order(a_turn(text, order_number="DEMO-1003")) == "DEMO-1003"
    assert mentioned_order(a_turn(text, email="ada@example.com")) == ""
    assert mentioned_order(a_turn(text)) == ""


# Proofs

BERLIN = "10115"
POSTCODES = {
    "GB": ["SW1A 1AA", "sw1a1aa", "M1 1AE", "B33 8TH", "CR2 6XH", "DN55 1PT", "EC1A 1BB"],
    "CA": ["K1A 0B1", "k1a0b1", "M5V 3L9"],
    "IE": ["D02 AF30", "D02AF30", "A65 F4E2", "D6W XY00"],
    "NL": ["1012 AB", "1012ab", "1012 ab"],
    "DE": ["10115"],
    "FR": ["75001"],
    "US": ["90210", "90210-1234"],
    "AT": ["1010"],
    "IS": ["101"],
    "CZ": ["110 00", "11000"],
    "SE": ["114 55"],
    "GR": ["104 31"],
    "PL": ["00-950"],
    "PT": ["1000-205"],
    "BR": ["01310-100", "01310100"],
    "JP": ["100-0001"],
    "RU": ["101000"],
    "IN": ["110001"],
    "AR": ["C1425CLA"],
    "LV": ["LV-1010"],
    "LT": ["LT-01100"],
    "LU": ["L-1234"],
    "AD": ["AD500"],
    "TW": ["106"],
    "KZ": ["A15E3B3", "050000"],
    "IR": ["1234567890"],
}


@pytest.mark.parametrize(
    "postcode", [postcode for of_country in POSTCODES.values() for postcode in of_country]
)
@pytest.mark.parametrize(
    "text",
    [
        "{}",
        "{}.",
        "it's {}",
        "{} please",
        "my postcode is {}",
        "Postcode: {}, thank you",
        "zip {}",
        "the postal code of the order is {} I think, as I said two times",
        "#1004, {}",
    ],
)
def test_a_postcode_is_found_whole(postcode: str, text: str) -> None:
    """
    Of every country's shape, bare or where the buyer says that it is one.
    """
    turn = a_turn(text.format(postcode), order_number="#1004" if "#1004" in text else None)

    assert order_key(typed_proof(turn, "#1004")) == order_key(postcode)


@pytest.mark.parametrize(
    ("text", "postcode"),
    [
        ("1010 in Vienna", "1010"),
        ("1010 Wien", "1010"),
        ("8001 is my zip", "8001"),
        ("1050 at the moment", "1050"),
        ("10115 Berlin", "10115"),
        ("Berlin 10115 Ackerstr. 1", "10115"),
        ("101 Reykjavik", "101"),
    ],
)
def test_words_beside_a_postcode_are_no_part_of_it(text: str, postcode: str) -> None:
    """
    Two letters after four digits are Dutch only where Dutch letters stand.
    """
    assert typed_proof(a_turn(text), "") == postcode


@pytest.mark.parametrize(
    ("text", "email"),
    [
        ("ada@example.com", "ada@example.com"),
        ("it's ada@example.com.", "ada@example.com"),
        ("<ada.field+shop@mail.example.co.uk>", "ada.field+shop@mail.example.co.uk"),
        ("mailto:ada@example.com", "ada@example.com"),
        ("'ada@example.com'", "ada@example.com"),
        ("o'neil@example.com", "o'neil@example.com"),
        ("...ada@example.com", "ada@example.com"),
        ("ADA@EXAMPLE.COM or 10115", "ADA@EXAMPLE.COM"),
        ("ада@пример.рф", "ада@пример.рф"),
        ("DEMO-1003, ada@example.com, 10115", "ada@example.com"),
        ("one@example.com two@example.com", "one@example.com"),
    ],
)
def test_an_email_is_the_proof_before_any_postcode(text: str, email: str) -> None:
    """
    One proof a message: a list of guesses is one try.
    """
    assert typed_proof(a_turn(text), "DEMO-1003") == email


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no",
        "why do you need that?",
        "DEMO-1003",
        "demo-1003",
        "this is the 2nd time",
        "the mug from DEMO-1003 came in 200 pieces and I am sad",
        "DEMO-1003: 250 of 500 plates were broken when they came",
        "I ordered DEMO-1003 on 12.03.2026 and it is broken",
        "I ordered on 2026-03-01",
        "it cost 1.234,00",
        "ada@",
        "@example.com",
        "ada@example",
    ],
)
def test_a_message_without_proof_is_no_wrong_try(text: str) -> None:
    """
    Neither the order's own number nor other numbers of a story are a guess at the postcode.
    """
    assert typed_proof(a_turn(text), "DEMO-1003") == ""


def test_an_order_number_within_a_postcode_leaves_it_whole() -> None:
    """
    Only the number itself is taken away, not the same digits elsewhere.
    """
    turn = a_turn("order 101, my postcode is 10115", order_number="101")

    assert typed_proof(turn, "101") == BERLIN


def test_who_was_asked_may_answer_at_length() -> None:
    """
    After the question, the first number that can be a postcode is the answer.
    """
    turn = a_turn("well that parcel should have gone to my parents in 10115 Berlin")

    assert typed_proof(turn, "DEMO-1003") == ""
    assert typed_proof(turn, "DEMO-1003", asked=True) == BERLIN


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("DEMO-1003", True),
        ("order DEMO-1003", True),
        ("it's DEMO-1003, ada@example.com", True),
        ("10115", True),
        ("ada@example.com", True),
        ("DEMO-1003 thank you", True),
        ("where is it", False),
        ("hello", False),
        ("", False),
        ("the mug from order DEMO-1003 came in pieces", False),
    ],
)
def test_a_bare_detail_has_few_words_beside_it(text: str, bare: bool) -> None:
    """
    Only such a message is the answer to "which order?", whatever the model made of it.
    """
    number = "DEMO-1003" if "DEMO-1003" in text else None
    email = "ada@example.com" if "ada@" in text else None

    assert is_bare_detail(a_turn(text, order_number=number, email=email)) is bare


# Products

MUG, LAMP = a_line(), a_lamp()
RED = a_line(id=3, title="Cotton T-shirt", variant="red, M")
BLUE = a_line(id=4, title="Cotton T-shirt", variant="blue, XL")
GERMAN = a_line(id=5, title="Große Teekanne", variant="grün")
RUSSIAN = a_line(id=6, title="Кружка керамическая", variant="")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("the mug", MUG),
        ("the MUGS are broken", MUG),
        ("my stoneware mug has a crack", MUG),
        ("the lamp", LAMP),
        ("desk lamps", LAMP),
        ("the warm white one", LAMP),
        ("the red shirt", RED),
        ("t-shirt in blue", BLUE),
        ("the XL one is torn", BLUE),
        ("die teekanne ist kaputt", GERMAN),
        ("разбилась кружка", RUSSIAN),
    ],
)
def test_a_product_is_named_by_its_words(text: str, line: OrderLine) -> None:
    """
    By title or variant, one word or several, in any case, singular or plural.
    """
    lines = [MUG, LAMP, RED, BLUE, GERMAN, RUSSIAN]

    assert named_line(text, [one for one in lines if one is not MUG or "blue" not in text]) == line


@pytest.mark.parametrize(
    "text",
    [
        "",
        "it came broken",
        "the mug and the lamp",
        "the shirt",
        "the cotton shirts",
        "the oak desk lamp and the mug",
        "my order",
        "it's a size too small",
    ],
)
def test_no_product_or_several_name_none(text: str) -> None:
    """
    The buyer is asked which one.
    """
    assert named_line(text, [MUG, LAMP, RED, BLUE]) is None


def test_more_of_its_words_make_a_product_the_one() -> None:
    """
    "The blue lamp" is the lamp, although a blue mug was ordered with it.
    """
    mug, lamp = a_line(title="Blue mug", variant=""), a_lamp(title="Blue desk lamp", variant="")

    assert named_line("the blue lamp is broken", [mug, lamp]) == lamp
    assert named_line("the blue one is broken", [mug, lamp]) is None
    assert named_line("", []) is None


def test_an_order_is_named_by_what_is_in_it() -> None:
    """
    For a buyer of several orders who says only what it was.
    """
    mugs, lamp = a_summary(id=1), a_summary(id=2, titles=("Oak desk lamp", "Light bulb"))

    assert named_order("my lamp flickers", [mugs, lamp]) == lamp
    assert named_order("it is broken", [mugs, lamp]) is None
    assert named_order("the lamp", []) is None


# Remedies

DISCOUNT = Discount(order_id=3, line_id=1, quantity=1, amount=eur("1"), percent=5)  # type: ignore[arg-type]
REPLACEMENT = Replacement(order_id=3, line_id=1, quantity=1)
RETURN = Return(order_id=3, line_id=1, quantity=1, amount=eur("20"))
REFUND = Refund(order_id=3, line_id=1, quantity=1, amount=eur("20"))
INTERCEPT = Intercept(order_id=3, amount=eur("20"))
ALL = (DISCOUNT, REPLACEMENT, RETURN, REFUND)


@pytest.mark.parametrize(
    ("text", "option"),
    [
        ("I take the refund", REFUND),
        ("refund please", REFUND),
        ("REFUND!!!", REFUND),
        ("the discount is fine", DISCOUNT),
        ("I'll keep it then", DISCOUNT),
        ("the 5 % thing", DISCOUNT),
        ("reship please", REPLACEMENT),
        ("send me a new one", REPLACEMENT),
        ("can I have a replacement", REPLACEMENT),
        ("I send it back", RETURN),
        ("return", RETURN),
        ("the second one", REPLACEMENT),
        ("2", REPLACEMENT),
        ("option 4", REFUND),
        ("the last one", REFUND),
        ("no discount, I want a refund", REFUND),
        ("I don't want a discount but a replacement", REPLACEMENT),
        ("refund instead of a replacement", REFUND),
    ],
)
def test_an_option_is_named_by_kind_or_place(text: str, option: Remedy) -> None:
    """
    In the buyer's words for it, or by where it stands.
    """
    assert named_option(text, ALL) == option


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yes",
        "both",
        "all three",
        "all of them",
        "refund and replacement",
        "refund or discount?",
        "no refund please",
        "I don't want a refund",
        "the fifth one",
        "option 9",
        "I paid 3 euros",
        "hm",
    ],
)
def test_several_or_no_options_name_none(text: str) -> None:
    """
    Remedies exclude each other, so whoever wants two is asked again.
    """
    assert named_option(text, ALL) is None
    assert named_option(text, ()) is None


def test_just_refund_means_whatever_gives_money_back() -> None:
    """
    Refund before return, return before intercept; never a discount or new goods.
    """
    assert money_back_option(ALL) == REFUND
    assert money_back_option((DISCOUNT, RETURN)) == RETURN
    assert money_back_option((INTERCEPT, REPLACEMENT)) == INTERCEPT
    assert money_back_option((DISCOUNT, REPLACEMENT)) is None


# Hostile text

SIGNS = "a1A#№ -/@.,'_\n0x(é"


@pytest.mark.parametrize(
    "text",
    [
        *(sign * 4000 for sign in SIGNS),
        "a/" * 2000,
        "a-" * 2000,
        "a." * 2000,
        "1 " * 2000,
        "1-" * 2000,
        "# " * 2000,
        "a@" * 2000,
        "a@a." * 1000,
        "12 ab " * 650,
        "zip " * 1000,
        "zip 1" * 800,
        "AB 1234 " * 500,
        "a.b1c2d3e4f5g6.1." * 230,
        ("x" * 63 + "@") * 62,
        "\u0300" * 4000,
    ],
    ids=lambda text: ascii(text[:12]),
)
def test_hostile_text_is_read_at_once(text: str) -> None:
    """
    4 000 characters of anything take milliseconds: no pattern backtracks without bounds.
    """
    turn = a_turn(text)
    began = time.process_time()
    typed_order(text)
    typed_proof(turn, text[:40], asked=True)
    is_bare_detail(turn)
    named_line(text, [MUG, LAMP, RED, BLUE])
    named_option(text, ALL)

    assert time.process_time() - began < 0.3


@given(st.text(max_size=200))
def test_any_text_is_read_without_an_error(text: str) -> None:
    """
    What is found was in the text, and at most one of each.
    """
    turn = a_turn(text)

    assert typed_order(text) in text
    assert typed_proof(turn, "") in " ".join(text.split()) or "@" in typed_proof(turn, "")
    assert named_option(text, ALL) in (None, *ALL)
    assert isinstance(is_bare_detail(turn), bool)


def test_quantities_are_no_postcode():
    """
    Or the first word of a buyer with a broken delivery would be a wrong try.
    """
    turn = a_turn("INV-2026-88: 35 of 200 plates are cracked", order_number="INV-2026-88")

    assert typed_proof(turn, "INV-2026-88") == ""


def test_five_digits_alone_at_the_end_are_a_postcode():
    """
    As somebody writes who has done this before.
    """
    turn = a_turn("I no longer want the rug, cancel FX-1004 please. 90210", order_number="FX-1004")

    assert typed_proof(turn, "FX-1004") == "90210"


def test_a_price_at_the_end_is_no_postcode():
    """
    Only a sentence of its own is taken for one.
    """
    turn = a_turn("my rug FX-1004 is torn and it was not cheap, 12500", order_number="FX-1004")

    assert typed_proof(turn, "FX-1004") == ""
