"""Order numbers and e-mail addresses, found in what buyers write."""

import pytest

from bot.engine.entities.finder import EntityFinder
from tests.engine.entities import found, normalized


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        # Amazon
        ("where is 304-5521987-0093345?", ["304-5521987-0093345"]),
        ("order 304 5521987 0093345 please", ["304 5521987 0093345"]),
        ("30455219870093345", ["30455219870093345"]),
        ("d01-5521987-0093345", ["d01-5521987-0093345"]),
        # Wish
        ("5f2b8c1e9a7d4e0012c3b4a5 hasn't come", ["5f2b8c1e9a7d4e0012c3b4a5"]),
        ("5F2B8C1E9A7D4E0012C3B4A5", ["5F2B8C1E9A7D4E0012C3B4A5"]),
        # Wildberries
        ("90417725583?", ["90417725583"]),
        ("№83850025 is late", ["№83850025"]),
        ("№ 83850025", ["№ 83850025"]),
        ("#83850025", ["#83850025"]),
        ("No.83850025", ["83850025"]),
        ("srid 2163980212113608N.0.0", ["2163980212113608N.0.0"]),
        ("dp.r5ab3c9e2f70d4418.1.0.", ["dp.r5ab3c9e2f70d4418.1.0"]),
        # own shops
        ("#1004", ["#1004"]),
        ("(order #1004)", ["#1004"]),
        ("DEMO-1003 came in pieces", ["DEMO-1003"]),
        ("demo-1003's lid", ["demo-1003"]),
        ("SH-20931, sh-20932", ["SH-20931", "sh-20932"]),
        ("W2378156 and w2378157", ["W2378156", "w2378157"]),
        ("ORD12345", ["ORD12345"]),
        ("INV-2024-77?", ["INV-2024-77"]),
        ("order12345", ["12345"]),
        ("my order 1004 is broken", ["1004"]),
        ("Order number 20931", ["20931"]),
        ("order no. 20931", ["20931"]),
        ("order: 20931", ["20931"]),
        ("the order number is 20931", ["20931"]),
        ("20931 is my order", ["20931"]),
        ("the demo 1003 mug", ["demo 1003"]),
        ("fx1002?", ["fx1002"]),
        ("order-1004", ["1004"]),
        ("parcel 89134062735", ["89134062735"]),
        ("the contact number on 91120447", ["91120447"]),
        ("отправление 85520193", ["85520193"]),
        ("tracking for 83850025 stopped", ["83850025"]),
        ("tracking code 402-7718390-1150264", ["402-7718390-1150264"]),
        ("tel 020 7946 0958 order 7120", ["7120"]),
        ("order id: kz7x2-9", ["kz7x2-9"]),
        ("I need tracking, 83850025", ["83850025"]),
        ("it's order number 20931 not 20932", ["20931", "20932"]),
        ("order_id=20931", ["20931"]),
        ("orders #1004-#1006", ["#1004", "#1006"]),
        ("the mug belongs to order 1004", ["1004"]),
        ("nr. 1004 is broken", ["1004"]),
        ("the number is 20931", ["20931"]),
        # in Russian
        ("номер 1004, где он", ["1004"]),
        ("заказ 1004", ["1004"]),
        ("заказ №1004", ["№1004"]),
        ("номер заказа: 83850025", ["83850025"]),
        ("1004 - это мой заказ", ["1004"]),
        ("zakaz 1004", ["1004"]),
        ("заказ N1004", ["1004"]),
        ("номер заказа у меня 1004", ["1004"]),
        ("Заказ от 12.11 №1004", ["№1004"]),
        # several
        ("orders 1004, 1005 and 1006", ["1004", "1005", "1006"]),
        ("DEMO-1003/DEMO-1004", ["DEMO-1003", "DEMO-1004"]),
        ("DEMO-1003 and #1004, not 90417725583", ["DEMO-1003", "#1004", "90417725583"]),
    ],
)
def test_an_order_number_is_found_once(finder: EntityFinder, text: str, numbers: list[str]) -> None:
    """
    In every shape that the four marketplaces and own shops give it, in either case.
    """
    assert found(finder, text, "order_number") == numbers


@pytest.mark.parametrize(
    "text",
    [
        "the cafe facade is a decade old, dead beef",
        "covid-19, a PS5 and an iPhone-15 in XL-42",
        "i paid 1004 dollars for 20931 screws",
        "1,000.00 or 12345678.50",
        "order 500 more",
        "order 1500 pieces",
        "I order 1500 lamps and want to order 2000",
        "C#1004",
        "файл IMG_4471",
        "индекс LV-1010",
        "in my order were 5000 screws",
        "call me on 83850025",
        "8 916 123-45-67 or 89161234567",
        "phone 9161234567",
        "ticket 88120934",
        "ticket number 881209, card number 1234",
        "дом номер 1004, телефон номер 441234",
        "a number of 1004 people, number 1500 pcs",
        "article number is 172390",
        "артикул 172390455",
        "IMG_20240115.jpg",
        "20240115.jpg",
        "the size is 1004",
        "https://shop.example/a?order=DEMO-1003&n=#1004",
        "shop.example/DEMO-1003",
        "on 2024-01-15 at 15.01.2024",
        "my number is +447911123456 or +49 151 55501234",
        "tracking RR123456789CN and 1Z999AA10123456784",
        "9400111899223344556677",
        "https://shop.example/orders/12345678",
        "jane.order12345@example.com",
        "12345678@example.com",
        "w2378156@example.com",
        "bob+12345678@example.com",
        "demo-1003.jones@example.com",
        "jane@sh-20931.example.com",
        "5f2b8c1e9a7d4e0012c3b4a5@example.com",
        "5f2b8c1e9a7d4e0012c3b4a5ff",
    ],
)
def test_nothing_else_is_an_order_number(finder: EntityFinder, text: str) -> None:
    """
    Words, prices, dates, phone and tracking numbers, links and e-mail addresses.
    """
    assert found(finder, text, "order_number") == []


@pytest.mark.parametrize(
    ("text", "addresses"),
    [
        ("it's jane.doe@example.com.", ["jane.doe@example.com"]),
        ("Jane_Doe+shop@Mail.Example.co.uk, thanks", ["Jane_Doe+shop@Mail.Example.co.uk"]),
        ("<x-y@example.org>", ["x-y@example.org"]),
        ("a@example.com or b@example.com", ["a@example.com", "b@example.com"]),
        ("meet @ noon, user@localhost, @handle", []),
    ],
)
def test_an_e_mail_address_is_found(finder: EntityFinder, text: str, addresses: list[str]) -> None:
    """
    Without the punctuation around it.
    """
    assert found(finder, text, "email") == addresses


@pytest.mark.parametrize(
    ("text", "spelt"),
    [
        ("304 5521987 0093345", "304-5521987-0093345"),
        ("D0155219870093345", "D01-5521987-0093345"),
        ("5F2B8C1E9A7D4E0012C3B4A5", "5F2B8C1E9A7D4E0012C3B4A5"),
        ("№ 83850025", "83850025"),
        ("#1004", "1004"),
        ("demo 1003", "DEMO-1003"),
        ("dp.r5ab3c9e2f70d4418.1.0", "dp.r5ab3c9e2f70d4418.1.0"),
    ],
)
def test_an_order_number_has_one_spelling(finder: EntityFinder, text: str, spelt: str) -> None:
    """
    Beside its value, which is what the buyer wrote.
    """
    assert normalized(finder, text, "order_number") == [spelt]
