"""Lines are read as they come, and a line of any length takes no more memory than the longest."""

import tracemalloc
from collections.abc import Callable, Iterator

from bot.engine.lines import CHUNK, read_lines


def reading(*chunks: bytes) -> Callable[[int], bytes]:
    """What `os.read` would give, chunk by chunk."""
    left: Iterator[bytes] = iter(chunks)
    return lambda _: next(left, b"")


def test_lines_that_come_together_are_given_together() -> None:
    """
    So that a pipe is read in batches, and a person is answered at once.
    """
    batches = read_lines(reading(b"one\ntwo\n", b"three\n"), 10)

    assert list(batches) == [[b"one", b"two"], [b"three"]]


def test_a_line_may_come_in_pieces() -> None:
    """
    A pipe cuts where it likes.
    """
    assert list(read_lines(reading(b"on", b"e\nt", b"w", b"o\n"), 10)) == [[b"one"], [b"two"]]


def test_the_last_line_needs_no_end() -> None:
    """
    And a file that ends with one has no empty line behind it.
    """
    assert list(read_lines(reading(b"one\ntwo"), 10)) == [[b"one"], [b"two"]]
    assert list(read_lines(reading(b"one\n"), 10)) == [[b"one"]]
    assert list(read_lines(reading(), 10)) == []


def test_an_empty_line_is_a_line() -> None:
    """
    Each line of the answer must stand beside its line.
    """
    assert list(read_lines(reading(b"\n\none\n"), 10)) == [[b"", b"", b"one"]]


def test_only_a_newline_ends_a_line() -> None:
    """
    Carriage returns, form feeds and Unicode's own line ends are white space of a message.
    """
    odd = "a\rb\fc\u2028d\x85e\r".encode()

    assert list(read_lines(reading(odd + b"\n"), 100)) == [[odd]]


def test_a_line_that_is_too_long_is_dropped_and_the_next_is_not() -> None:
    """
    Exactly the longest is still a line, one byte more is none, however it comes in.
    """
    chunks = (b"12345\n123456\nok\n", b"123", b"45", b"\n", b"123", b"456", b"789", b"\nok\n")

    assert list(read_lines(reading(*chunks), 5)) == [
        [b"12345", None, b"ok"], [b"12345"], [None, b"ok"],
    ]  # fmt: skip


def test_too_long_without_an_end_is_too_long() -> None:
    """
    The file may stop in the middle of it.
    """
    assert list(read_lines(reading(b"12345", b"67"), 5)) == [[None]]


def test_a_line_without_end_does_not_fill_the_memory() -> None:
    """
    Of 64 MB in one line less than 1 MB is ever held.
    """
    chunk = b"x" * CHUNK
    tracemalloc.start()
    try:
        assert list(read_lines(reading(*[chunk] * 1000), 50_000)) == [[None]]
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert most < 1_000_000
