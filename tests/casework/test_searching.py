"""How texts fall into words, what a query may be, and what is shown of a message."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.casework.searching import (
    LONGEST_QUERY,
    LONGEST_WORD,
    MOST_WORDS,
    SNIPPET_LENGTH,
    Query,
    read_query,
    snippet_of,
    words_in,
    words_of,
)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Where is my REFUND?!", "where is my refund"),
        ("refund, Refund; REFUND", "refund"),
        ("DEMO-1003 / №1004", "demo 1003 1004"),
        ("Ёлка, ещё и ещё", "елка еще и"),
        ("мой Йод", "мой йод"),  # an й is no и
        ("cafe\u0301 Café CAFÉ", "cafe"),
        ("Straße strasse", "strasse"),
        ("İstanbul ＦＵＬＬ", "istanbul full"),
        ("ada@example.com", "ada example com"),
        ("snake_case don't", "snake case don t"),
        ("🙂 … !!! \x00\x07", ""),
        ("\ud800", ""),
        ("", ""),
        ("x" * 500, "x" * LONGEST_WORD),
    ],
)
def test_a_text_falls_into_words(text: str, words: str) -> None:
    """
    Case, accents and ё make no difference; each word counts once.
    """
    assert words_of(text) == words


@given(st.text())
def test_words_are_letters_and_digits_with_single_blanks(text: str) -> None:
    """
    Whatever comes in: nothing that a database could take for a sign of its own.
    """
    words = words_of(text)

    assert all(word.isalnum() and word == word.casefold() for word in words.split())
    assert words == " ".join(words.split(" "))
    words.encode()


@given(st.text())
def test_words_know_their_places(text: str) -> None:
    """
    In order, without overlapping, within the text.
    """
    at = 0
    for start, end, _ in words_in(text):
        assert at <= start < end <= len(text)
        at = end


@pytest.mark.parametrize("text", ["demo-1003", "DEMO 1003", "№DEMO1003", "  #demo 1003 "])
def test_an_order_number_in_any_spelling(text: str) -> None:
    """
    As buyers and shops write it.
    """
    assert read_query(text).number == "DEMO1003"


@pytest.mark.parametrize(
    ("text", "email"),
    [
        ("Ada@Example.com", "ada@example.com"),
        ("ada@", "ada@"),
        ("ada", "ada"),
        ("ad", ""),  # too many begin so
        ("ada field", ""),
        ("ada@example.com or not", ""),
        ("@example.com", ""),
        ("a\x00da@example.com", ""),
        ("ada\ud800", ""),
    ],
)
def test_what_an_e_mail_may_begin_with(text: str, email: str) -> None:
    """
    In small letters, one word, three signs at least.
    """
    assert read_query(text).email == email


@pytest.mark.parametrize("text", ["", "   ", "?!", "🙂", "\x00", "()", "\ud800"])
def test_there_may_be_nothing_to_look_for(text: str) -> None:
    """
    That is no error.
    """
    assert read_query(text) == Query()


@given(st.text(max_size=2000))
def test_a_query_is_bounded(text: str) -> None:
    """
    Ten kilobytes cost no more than a line, and every part can be given to a database.
    """
    query = read_query(text * 5)

    assert len(query.words) <= MOST_WORDS
    for part in (*query.words, query.number, query.email, query.tracking):
        assert len(part) <= LONGEST_QUERY * 3
        assert "\x00" not in part
        part.encode()


def test_a_snippet_shows_the_words_and_what_is_around_them() -> None:
    """
    From a whole word on, with the places of what was looked for.
    """
    text = "Hello there, " * 10 + "the blue MUG came\nin pieces. " + "Bye " * 100
    snippet = snippet_of(text, read_query("mug piece"))

    assert snippet.text.startswith("…")
    assert snippet.text.endswith("…")
    assert "the blue MUG came in pieces." in snippet.text
    assert [snippet.text[a:b] for a, b in snippet.marks] == ["MUG", "pieces"]


def test_a_snippet_of_what_was_found_otherwise_is_the_beginning() -> None:
    """
    By its order number: no word of it need be in the message.
    """
    assert snippet_of("Hello", read_query("DEMO-1003")).text == "Hello"
    assert snippet_of("", read_query("DEMO-1003")).marks == ()


@given(st.text(), st.text(min_size=1))
def test_a_snippet_marks_places_within_itself(text: str, query: str) -> None:
    """
    Of any text and any query.
    """
    snippet = snippet_of(text, read_query(query))

    assert len(snippet.text) <= SNIPPET_LENGTH + 2
    assert all(0 <= a < b <= len(snippet.text) for a, b in snippet.marks)
    assert "\n" not in snippet.text
