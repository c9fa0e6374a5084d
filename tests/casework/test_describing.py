"""What buyers say of their goods: read where it is plain, asked where it is not."""

import pytest

from bot.casework.describing import has_found, has_looked, what_differs, what_is_missing, words_in


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("the box was empty", "empty"),
        ("I got an empty parcel", "empty"),
        ("Opened it and there was nothing inside", "empty"),
        ("nothing in the box!", "empty"),
        ("only got one of the two mugs", "item"),
        ("I only received 2", "item"),
        ("one item is missing", "item"),
        ("the screws are missing", "part"),
        ("there is no charger with it", "part"),
        ("only one and no manual", ""),
        ("something is missing", ""),
        ("I have missed you", ""),
        ("the empty feeling", ""),
        ("", ""),
    ],
)
def test_what_is_missing(text: str, what: str) -> None:
    """
    All, an item or a part; nothing where it is unclear or two of them.
    """
    assert what_is_missing(text) == what


@pytest.mark.parametrize(
    ("text", "way"),
    [
        ("poor quality", "quality"),
        ("it's tiny", "size"),
        ("it doesn’t fit", "size"),
        ("this isn't leather", "material"),
        ("it looks nothing like the photo", "look"),
        ("wrong", ""),
        ("thin plastic", ""),
    ],
)
def test_what_differs(text: str, way: str) -> None:
    """
    One of the four ways, or none.
    """
    assert what_differs(text) == way


@pytest.mark.parametrize(
    ("text", "found", "looked"),
    [
        ("found it", True, False),
        ("my neighbour had it", True, False),
        ("I asked the neighbour and he has it", True, True),
        ("nobody has it", False, True),
        ("I haven’t found it", False, False),
        ("I looked everywhere", False, True),
        ("I will look later", False, False),
        ("not checked yet", False, False),
        ("yes", False, False),
    ],
)
def test_found_or_looked_for(text: str, found: bool, looked: bool) -> None:
    """
    A denial is never a find, an intention never a search.
    """
    assert (has_found(text), has_looked(text)) == (found, looked)


@pytest.mark.parametrize(
    ("text", "words"), [("", 0), ("hmm ...", 1), ("it doesn't work", 3), ("a-b c", 2)]
)
def test_words_are_counted(text: str, words: int) -> None:
    """
    Signs are no words.
    """
    assert words_in(text) == words


def test_a_long_text_is_read_at_once() -> None:
    """
    4 000 characters of the worst kind take no time.
    """
    for text in ("empty " * 700, "n't " * 1000, "a" * 4000, "nothing in the " * 280):
        what_is_missing(text), what_differs(text), has_found(text), has_looked(text)
