"""
Full-text search of conversations: how a text falls into words, and what a search finds.

Both databases only compare words that were made here, so that they find the same: neither
`Возврат` nor `café` depends on how a database was set up.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from bot.casework.order_numbers import order_key
from bot.casework.turns import Floor

LONGEST_WORD = 64
MOST_WORDS = 8
"""Of a query; what follows them narrows nothing any more."""
LONGEST_QUERY = 300
"""Characters of a query that are looked at."""
LONGEST_NUMBER = 100
SHORTEST_BEGINNING = 3
"""A word of a query with so many signs finds longer ones that begin so; an e-mail likewise."""
SNIPPET_LENGTH = 160
LEAD = 40
"""Characters of a message before the first word found."""

RUN = re.compile(r"[^\W_]+(?:[\u0300-\u036f]+[^\W_]*)*")
MARKS = re.compile(r"(?<![иИ])[\u0300-\u036f]")
"""What stands over and under letters; an й is no и."""
EMAIL_PART = re.compile(r"[^\s@\x00-\x1f\x7f]{1,64}(?:@[^\s@\x00-\x1f\x7f]{0,255})?")


def words_in(text: str) -> Iterator[tuple[int, int, str]]:
    """Every word of the text, with its place; case, accents and ё make no difference."""
    for run in RUN.finditer(text):
        if word := _plain(run.group()):
            yield run.start(), run.end(), word


def words_of(text: str) -> str:
    """The text as it is searched: its words, each once, with a blank between."""
    return " ".join(dict.fromkeys(word for _, _, word in words_in(text)))


def _plain(run: str) -> str:
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", run).casefold())
    bare = unicodedata.normalize("NFC", MARKS.sub("", folded))

    return "".join(filter(str.isalnum, bare))[:LONGEST_WORD]


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """
    What was typed, as all that it may be.

    A message is found that has all of `words`. `number` is the key of an order number, `email`
    the beginning of an address, `tracking` the letters and digits of a tracking number; empty
    where the text cannot be one.
    """

    words: tuple[str, ...] = ()
    number: str = ""
    email: str = ""
    tracking: str = ""


def read_query(text: str) -> Query:
    """What to look for; whatever is typed, it is one or nothing."""
    typed = text[:LONGEST_QUERY].strip()
    words = tuple(dict.fromkeys(word for _, _, word in words_in(typed)))[:MOST_WORDS]
    key = order_key(typed)
    compact = "".join(filter(str.isalnum, typed)).upper()
    numbered = any(map(str.isdigit, compact)) and len(compact) <= LONGEST_NUMBER

    return Query(
        words=words,
        number=key if len(key) <= LONGEST_NUMBER else "",
        email=_email(typed),
        tracking=compact if numbered else "",
    )


def _email(typed: str) -> str:
    """The text in lower case if an e-mail can begin so."""
    fits = len(typed) >= SHORTEST_BEGINNING and EMAIL_PART.fullmatch(typed)
    # A lone surrogate fits, and no database would take it.
    return typed.lower() if fits and typed.isprintable() else ""


def is_beginning(word: str) -> bool:
    """Whether a word of a query finds longer words, too."""
    return len(word) >= SHORTEST_BEGINNING


def fits(word: str, query: Query) -> bool:
    """Whether a word of a message is one that was looked for."""
    return any(
        word.startswith(wanted) if is_beginning(wanted) else word == wanted
        for wanted in query.words
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Snippet:
    """A piece of a message; `marks` are the places of what was looked for in it."""

    text: str = ""
    marks: tuple[tuple[int, int], ...] = ()


def snippet_of(text: str, query: Query) -> Snippet:
    """The piece of the text around the first word that was looked for, in one line."""
    places = [(start, end) for start, end, word in words_in(text) if fits(word, query)]
    begin = max(0, places[0][0] - LEAD) if places else 0
    if begin:
        # Not in the middle of a word, where there is a blank to begin behind.
        begin = text.find(" ", begin, places[0][0]) + 1 or begin
    end = min(len(text), begin + SNIPPET_LENGTH)
    before, behind = "…" if begin else "", "…" if end < len(text) else ""
    # Sign by sign, so that the places stay where they are.
    piece = "".join(one if one.isprintable() else " " for one in text[begin:end])
    shift = len(before) - begin

    return Snippet(
        text=f"{before}{piece}{behind}",
        marks=tuple((start + shift, stop + shift) for start, stop in places if stop <= end),
    )


class FoundBy(StrEnum):
    """What of a conversation was found."""

    ORDER = "order"
    TRACKING = "tracking"
    EMAIL = "email"
    TEXT = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """
    A conversation that a search has found.

    `place` orders what is found, the newest first: it is that of the newest message that has the
    words, or of the newest one at all where the conversation was found by a number or an e-mail.
    `at` is when that message was written, and `snippet` is of it.
    """

    conversation_id: str
    store: str
    floor: Floor
    by: FoundBy
    place: int
    at: datetime
    snippet: Snippet


class Search(Protocol):
    """Finds conversations by what was written and by whom."""

    def find_conversations(
        self, text: str, limit: int, before: int | None = None
    ) -> tuple[Found, ...]:
        """
        Conversations of that text, the newest first, at most so many, behind the place `before`.

        The text may be words of a message, an order number in any spelling, a tracking number, or
        an e-mail or its beginning. Nothing that is typed is an error.
        """

    def of_email(self, text: str, among: Sequence[str]) -> tuple[str, ...]:
        """Which of these conversations that text finds as an e-mail or its beginning."""
