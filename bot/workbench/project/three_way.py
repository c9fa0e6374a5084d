"""Taking a change back out of a text that has been changed further since."""

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher, unified_diff
from io import StringIO


class Conflict(Exception):
    """Both changed the same lines."""


def merge(base: str, ours: str, theirs: str) -> str:
    """The base with what both changed of it; `Conflict` where that is the same lines."""
    if base == ours:
        return theirs
    if base == theirs or ours == theirs:
        return ours

    return "".join(_merged(_lines(base), _lines(ours), _lines(theirs)))


def _merged(base: Sequence[str], ours: Sequence[str], theirs: Sequence[str]) -> Iterator[str]:
    one, other = _matching(base, ours), _matching(base, theirs)
    at = left = right = 0
    for place in [*(line for line in sorted(one.keys() & other.keys())), len(base)]:
        # Between two lines that all three have, one side at most may differ from the base.
        mine = ours[left : one.get(place, len(ours))]
        yours = theirs[right : other.get(place, len(theirs))]
        before = base[at:place]
        if list(mine) == list(yours) or list(yours) == list(before):
            yield from mine
        elif list(mine) == list(before):
            yield from yours
        else:
            raise Conflict
        if place < len(base):
            yield base[place]
            at, left, right = place + 1, one[place] + 1, other[place] + 1


def _matching(base: Sequence[str], text: Sequence[str]) -> dict[int, int]:
    """Which line of the base is which line of the text."""
    blocks = SequenceMatcher(None, base, text, autojunk=False).get_matching_blocks()

    return {block.a + offset: block.b + offset for block in blocks for offset in range(block.size)}


def diff(path: str, before: str | None, after: str | None) -> str:
    """A unified diff, as git would show it."""
    old, new = _lines(before or ""), _lines(after or "")
    names = (
        "/dev/null" if before is None else f"a/{path}",
        "/dev/null" if after is None else f"b/{path}",
    )

    return "".join(
        line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
        for line in unified_diff(old, new, *names)
    )


def _lines(text: str) -> list[str]:
    """The lines with their ends, of which only \\n is one."""
    return StringIO(text, newline="\n").readlines()
