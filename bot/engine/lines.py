"""Lines of bytes as they come in, and never more than one of them in memory."""

from collections.abc import Callable, Iterator
from typing import Optional

CHUNK = 64 * 1024
"""Bytes that are read at once, which is what a pipe holds."""

Line = Optional[bytes]
"""A line without its end; None for one that was too long, whose bytes are gone."""


def read_lines(read: Callable[[int], bytes], longest: int) -> Iterator[list[Line]]:
    """
    The whole lines that each read brought, together.

    `read` gives what is there and waits only if nothing is, as `os.read` does: a person who types
    gets a list of one line at once, a pipe one of many. Only a newline ends a line.
    """
    begun = bytearray()
    while chunk := read(CHUNK):
        *ends, rest = chunk.split(b"\n")
        lines: list[Line] = []
        for end in ends:
            _append(begun, end, longest)
            lines.append(_to_line(begun, longest))
            begun.clear()
        _append(begun, rest, longest)
        if lines:
            yield lines
    if begun:  # the last line may have no end
        yield [_to_line(begun, longest)]


def _append(line: bytearray, piece: bytes, longest: int) -> None:
    """One byte over the limit is kept, so that the line is known to be too long."""
    line += piece[: longest + 1 - len(line)]


def _to_line(line: bytearray, longest: int) -> Line:
    return bytes(line) if len(line) <= longest else None
