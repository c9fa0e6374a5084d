"""
Details that an agent marked in a message, in what the inbox keeps of that message.

The agent marked what the buyer wrote. What is kept went through the model's cleaning, and through
the taking out of personal data. So both texts are laid side by side, word by word, and a detail is
carried over where its very words stand, or what they gave way to. Nothing is guessed: what cannot
be found is told.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

from bot.casework.turns import Entity as Detail
from bot.workbench.evaluation.predictions import Entity
from bot.workbench.messages.redacting import (
    NAME,
    PLACEHOLDERS,
    STREETS,
    move_along,
    put_instead,
    repeated,
    without_overlaps,
)

MOST_PAIRS: Final = 250_000
"""Words of one text times those of the other beyond which they are not compared."""
_INSTEAD: Final = frozenset({*PLACEHOLDERS.values(), NAME, *STREETS.values()})
_WORD = re.compile(
    rf"(?<!\w)(?:{'|'.join(map(re.escape, sorted(_INSTEAD, key=len, reverse=True)))})(?!\w)"
    r"|\w+|[^\w\s]"
)
"""A placeholder is one word, so that no part of it is taken for one of the buyer's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """
    The message with an agent's details: `marked` are these, `entities` those of the model.

    `text` is another one than before where the agent marked personal data that nobody had found.
    `lost` are the kinds of details that do not stand in it.
    """

    text: str
    entities: tuple[Detail, ...]
    marked: tuple[Detail, ...]
    lost: tuple[str, ...]


def carry(
    marks: Sequence[Detail], written: str, kept: str, entities: Sequence[Detail] = ()
) -> Carried:
    """The details that were marked in what the buyer has `written`, in what is `kept` of it."""
    beside = list(_blocks(_words(written), _words(kept)))
    places = [_place(mark, written, kept, beside) for mark in marks]
    found = [one for one in places if one]
    theirs = [one for one in found if one.kind in PLACEHOLDERS]
    spans = without_overlaps(
        [
            (start, end, instead)
            for start, end, instead in (
                *((one.start, one.end, PLACEHOLDERS[one.kind]) for one in theirs),
                *repeated(kept, [one for one in theirs if one.value not in _INSTEAD]),
            )
            if kept[start:end] != instead
        ]
    )
    text, moved = put_instead(kept, spans)
    carried = [next(iter(move_along(text, [one] if one else [], moved)), None) for one in places]

    return Carried(
        text=text,
        entities=tuple(move_along(text, [_to_entity(one) for one in entities], moved)),
        marked=tuple(sorted(filter(None, carried), key=lambda one: one.start)),
        lost=tuple(mark.name for mark, one in zip(marks, carried, strict=True) if one is None),
    )


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Block:
    """Words of the one text that stand for words of the other; `same` ones pair by pair."""

    same: bool
    before: Sequence[_Word]
    after: Sequence[_Word]


def _words(text: str) -> list[_Word]:
    return [_Word(_plain(one[0]), *one.span()) for one in _WORD.finditer(text)]


def _plain(text: str) -> str:
    """The same for what the model's cleaning and people take for the same."""
    normal = unicodedata.normalize("NFKC", text)
    seen = "".join(one for one in normal if one.isspace() or unicodedata.category(one)[0] != "C")

    return " ".join(seen.casefold().split())


def _blocks(before: Sequence[_Word], after: Sequence[_Word]) -> Iterator[_Block]:
    """What stands for what, in order; what was only added is left out."""
    shorter = min(len(before), len(after))
    head = next((n for n in range(shorter) if before[n].text != after[n].text), shorter)
    rest = shorter - head
    tail = next((n for n in range(rest) if before[-1 - n].text != after[-1 - n].text), rest)
    yield _Block(True, before[:head], after[:head])
    old, new = before[head : len(before) - tail], after[head : len(after) - tail]
    if old and len(old) * len(new) > MOST_PAIRS:
        yield _Block(False, old, new)
    elif old:
        compared = SequenceMatcher(
            None, [one.text for one in old], [one.text for one in new], autojunk=False
        )
        for tag, i1, i2, j1, j2 in compared.get_opcodes():
            if tag != "insert":
                yield _Block(tag == "equal", old[i1:i2], new[j1:j2])
    yield _Block(True, before[len(before) - tail :], after[len(after) - tail :])


def _place(mark: Detail, written: str, kept: str, blocks: Sequence[_Block]) -> Entity | None:
    """Where a detail stands now, if it does, and if it still is what was marked."""
    value = written[mark.start : mark.end]
    start = mark.start + len(value) - len(value.lstrip())
    end = mark.end - (len(value) - len(value.rstrip()))
    span = _span(start, end, blocks) or _instead_of(written[start:end], start, end, blocks)
    if span is None:
        return None
    now = kept[slice(*span)]
    is_same = _plain(now) == _plain(value)
    if not now or not (is_same or (mark.name in PLACEHOLDERS and now in _INSTEAD)):
        return None

    return Entity(mark.name, *span, now)


def _span(start: int, end: int, blocks: Sequence[_Block]) -> tuple[int, int] | None:
    first = last = None
    for block in blocks:
        if not block.before or not block.after:
            continue
        if block.before[0].start == start:
            first = block.after[0].start
        if block.before[-1].end == end:
            last = block.after[-1].end
        if block.same:
            for one, other in zip(block.before, block.after, strict=True):
                as_long = one.end - one.start == other.end - other.start
                if one.start == start or (as_long and one.start < start < one.end):
                    first = other.start + start - one.start
                if one.end == end or (as_long and one.start < end < one.end):
                    last = other.end - (one.end - end)

    return None if first is None or last is None or first >= last else (first, last)


def _instead_of(
    value: str, start: int, end: int, blocks: Sequence[_Block]
) -> tuple[int, int] | None:
    """What has taken the place of a number that was marked without the sign before it."""
    for block in blocks:
        if block.same or len(block.after) != 1 or not block.before:
            continue
        words = block.before
        inside = words[0].start <= start and end <= words[-1].end
        if inside and "".join(one.text for one in words).lstrip("#№") == _plain(value):
            return block.after[0].start, block.after[0].end

    return None


def _to_entity(detail: Detail) -> Entity:
    return Entity(detail.name, detail.start, detail.end, detail.value)
