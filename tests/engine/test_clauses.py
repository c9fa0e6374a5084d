"""Where a message ends one matter and begins another."""

import time

import pytest

from bot.engine.clauses import MOST, split
from bot.engine.cleaning import LONGEST


@pytest.mark.parametrize(
    ("written", "clauses"),
    [
        # sentences
        ("The mug broke. Where is #1005?", ["The mug broke.", "Where is #1005?"]),
        ("it never came!!! was i charged?", ["it never came!!!", "was i charged?"]),
        ('I read "no returns." Is that so?', ['I read "no returns."', "Is that so?"]),
        ("it was size M. Where is it?", ["it was size M.", "Where is it?"]),
        ("Is it whole? No. I want it new", ["Is it whole? No.", "I want it new"]),
        # lines and lists
        ("mug broken\r\n\nwhere is DEMO-1005", ["mug broken", "where is DEMO-1005"]),
        ("the mug broke; one cup is missing", ["the mug broke", "one cup is missing"]),
        ("1) mug is broken 2) where is it", ["mug is broken", "where is it"]),
        ("1. Mug is broken.\n2. Where is it?", ["Mug is broken.", "Where is it?"]),
        ("- mug is broken\n- where is it", ["mug is broken", "where is it"]),
        # connectors
        ("The mug broke. Also, where is it?", ["The mug broke.", "where is it?"]),
        ("the mug broke, also where is it", ["the mug broke", "where is it"]),
        ("the mug broke also where is it", ["the mug broke", "where is it"]),
        ("the mug broke and also where is it", ["the mug broke", "where is it"]),
        ("the mug broke, plus the box is wet", ["the mug broke", "the box is wet"]),
        ("The mug broke. Besides, it is late", ["The mug broke.", "it is late"]),
        ("The mug broke. Another thing: it is late", ["The mug broke.", "it is late"]),
        ("The mug broke. And secondly it is late", ["The mug broke.", "it is late"]),
        # two finite clauses
        ("the lamp is broken and one cup is missing", ["the lamp is broken", "one cup is missing"]),
        ("lamp broken and where's my refund", ["lamp broken", "where's my refund"]),
        ("my mug broke & #1005 is late", ["my mug broke", "#1005 is late"]),
        # Russian
        ("Кружка разбита. Также где заказ?", ["Кружка разбита.", "где заказ?"]),
        ("кружка разбита, а ещё где заказ", ["кружка разбита", "где заказ"]),
        ("кружка разбита и еще где заказ", ["кружка разбита", "где заказ"]),
        ("Кружка разбита. Кроме того, нет ложки", ["Кружка разбита.", "нет ложки"]),
        ("кружка разбита и где мой заказ?", ["кружка разбита", "где мой заказ?"]),
    ],
)
def test_matters_are_told_apart(written: str, clauses: list[str]) -> None:
    """
    At the ends of sentences and lines, and at the words that open a new matter.
    """
    assert split(written) == clauses


@pytest.mark.parametrize(
    "text",
    [
        "where is my order DEMO-1005?",
        "the lamp and the cup are broken",
        "the lamp came and it is broken",
        "it is broken and I want a refund",
        "my mug is also broken in two pieces",
        "I would like a mug plus the lid",
        "it works besides the noise",
        "write to jane.doe@example.com or a.b@example.co.uk",
        "see https://shop.example/a.html?b=c;d",
        "I paid 12.50 for it, not 1,250.00",
        "order No. 83850025 never came",
        "orders 304-5521987-0093345 and 304 5521987 0093346",
        "Mr. J. Smith never got it",
        "a small thing, e.g. the lid, i.e. the top",
        "dp.r5ab3c9e2f70d4418.1.0 is late",
        "я ещё не получил заказ",
        "т.е. посылка не пришла",
        "Order DEMO-1003. Where is it?",
        "Where is it? DEMO-1003.",
        "DEMO-1003",
    ],
)
def test_one_matter_stays_whole(text: str) -> None:
    """
    Nothing is torn inside addresses, numbers and abbreviations, or within one thought.
    """
    assert split(text) == [text]


@pytest.mark.parametrize(
    ("written", "clauses"),
    [
        ("Hi there! Where is it? Thank you very much.", ["Where is it?"]),
        ("Здравствуйте! Где мой заказ? Спасибо", ["Где мой заказ?"]),
        ("Hello. Thanks!", []),
        ("", []),
        (" .\n;; \u200b ... ", []),
    ],
)
def test_greetings_and_thanks_are_no_matters(written: str, clauses: list[str]) -> None:
    """
    "Hi. Where is it?" is one clause and costs no second look.
    """
    assert split(written) == clauses


@pytest.mark.parametrize(
    "text",
    [
        "my mug broke. /restart it all",
        "my mug broke; ／restart it all",
        "my mug broke\n \u200b/restart it all",
        "my mug broke, also / /restart it all",
        "my mug broke. Also, /restart it all",
    ],
)
def test_no_clause_is_a_command(text: str) -> None:
    """
    Rasa obeys a leading slash, and the end of a sentence brings one to the front.
    """
    assert split(text) == ["my mug broke" + ("." if "." in text else ""), "restart it all"]


def test_many_sentences_are_joined_where_nothing_new_begins() -> None:
    """
    No more than the model is given, and nothing of what was said is lost.
    """
    text = (
        "My name is Al. I ordered a lamp. It came today. The box was crushed. The lamp is broken. "
        "Also, where is my mug? I have waited for weeks."
    )

    clauses = split(text)

    assert len(clauses) == MOST
    assert " ".join(clauses) == text.replace("Also, ", "")
    assert clauses[-1].startswith("where is my mug?")


@pytest.mark.parametrize(
    "part",
    ["word ", "it is. ", "the lamp is ok and ", "a b\n", ". ", "; ", "the ", "a'", "1) ", "ﷺ. ",
     "also ", "one more ", ", ", "No. ", "also\n", "и где "],
)  # fmt: skip
def test_a_long_text_is_split_quickly(part: str) -> None:
    """
    Whatever is written: 4 000 characters is what web takes, more is what a stranger would try.
    """
    for length in (4_000, 200_000):
        start = time.perf_counter()
        clauses = split(part * (length // len(part)))

        assert time.perf_counter() - start < 0.5
        assert len(clauses) <= MOST
        # NFKC makes eighteen letters of the longest one.
        assert sum(len(clause) for clause in clauses) <= LONGEST * 18
