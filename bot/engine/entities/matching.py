"""
What the patterns find in a text, with spaCy's Matcher and PhraseMatcher.

Most words of a message begin no pattern, so the Matcher is shown only the places where one can
begin: a token with a digit or a sign in it for patterns that begin with a regular expression, a
word of some pattern's first list for the others. Phrases are looked up everywhere, which is quick.
"""

from collections.abc import Iterator, Sequence
from itertools import product
from typing import Any, NamedTuple, Optional

from spacy.matcher import Matcher, PhraseMatcher
from spacy.tokens import Doc
from spacy.vocab import Vocab

from bot.engine.entities.patterns import Element, Kind, Pattern, Patterns
from bot.engine.entities.tokens import Tokens, cut, new_vocab, to_doc

SIGNS = frozenset("#№€$£₽₴₸¥+(")
MOST = 300
"""Places of one text that are looked at. No message has so many numbers; a pasted table has."""


class Found(NamedTuple):
    """Tokens that fit a pattern; or a phrase, which has no pattern but its `meaning`."""

    kind: Kind
    pattern: Optional[Pattern]
    start: int
    end: int
    meaning: str = ""


class PatternMatcher:
    """The patterns, ready to be looked for."""

    def __init__(self, patterns: Patterns) -> None:
        self._vocab: Vocab = new_vocab()
        self._figures = _Windows(self._vocab)
        self._words = _Windows(self._vocab)
        self._phrases = PhraseMatcher(self._vocab, attr="LOWER")
        self._kinds = {kind.entity: kind for kind in patterns.kinds}
        self._meanings: dict[tuple[str, tuple[str, ...]], str] = {}
        self._patterns: dict[str, tuple[Kind, Pattern]] = {}
        self._firsts: set[str] = set()
        for kind in patterns.kinds:
            for number, pattern in enumerate(kind.patterns):
                self._add(f"{kind.entity} {number}", kind, pattern)
            for phrase, meaning in kind.phrases.items():
                tokens = cut(phrase)
                self._meanings[kind.entity, tokens.lower] = meaning
                self._phrases.add(kind.entity, [to_doc(tokens, self._vocab)])

    def find(self, tokens: Tokens) -> list[Found]:
        """All that fits, overlapping or not."""
        # What spaCy remembers of these words is forgotten with the message: they are endless.
        with self._vocab.memory_zone():
            return list(self._find(tokens, to_doc(tokens, self._vocab)))

    def _find(self, tokens: Tokens, doc: Doc) -> Iterator[Found]:
        figures = [at for at, word in enumerate(tokens.lower) if _is_figure(word)]
        words = [at for at, word in enumerate(tokens.lower) if word in self._firsts]
        for windows, places in ((self._figures, figures), (self._words, words)):
            for key, start, end in windows.find(doc, places[:MOST]):
                yield Found(*self._patterns[key], start, end)
        for key, start, end in self._phrases(doc):
            kind = self._kinds[self._vocab.strings[key]]
            meaning = self._meanings[kind.entity, tokens.lower[start:end]]
            yield Found(kind, None, start, end, meaning)

    def _add(self, key: str, kind: Kind, pattern: Pattern) -> None:
        self._patterns[key] = kind, pattern
        for elements in _beginnings(pattern.elements):
            first, *rest = elements
            after = [_to_spacy(element) for element in rest]
            if first.regex:
                self._figures.add(key, [[_to_spacy(first), *after]])
            else:
                self._firsts.update(first.words)
                self._words.add(key, [[{"LOWER": word}, *after] for word in first.words])


class _Windows:
    """A Matcher that is run on parts of a text."""

    def __init__(self, vocab: Vocab) -> None:
        self._matcher = Matcher(vocab, validate=False)
        self._strings = vocab.strings
        self._written: dict[str, list[list[dict[str, Any]]]] = {}
        self._reach = 1

    def add(self, key: str, written: list[list[dict[str, Any]]]) -> None:
        self._written.setdefault(key, []).extend(written)
        if key in self._matcher:
            self._matcher.remove(key)
        self._matcher.add(key, self._written[key], greedy="LONGEST")
        self._reach = max(self._reach, *(_length(one) for one in written))

    def find(self, doc: Doc, places: Sequence[int]) -> Iterator[tuple[str, int, int]]:
        """Matches that begin at these places or within reach behind them."""
        for start, end in _merged(places, self._reach, len(doc)):
            for key, first, last in self._matcher(doc[start:end]):
                yield self._strings[key], start + first, start + last


def _is_figure(word: str) -> bool:
    return word in SIGNS or "@" in word or any(map(str.isdigit, word))


def _beginnings(elements: tuple[Element, ...]) -> Iterator[tuple[Element, ...]]:
    """The elements with and without each of the first ones that need not be there."""
    optional = 0
    while elements[optional].op == "?":
        optional += 1
    for present in product((True, False), repeat=optional):
        kept = [one for one, there in zip(elements, present) if there]
        rest = [Element(one.words, one.regex) for one in kept] + list(elements[optional:])
        yield tuple(rest)


def _to_spacy(element: Element) -> dict[str, Any]:
    if element.regex:
        token: dict[str, Any] = {"LOWER": {"REGEX": element.regex}}
    elif len(element.words) == 1:
        token = {"LOWER": element.words[0]}
    else:
        token = {"LOWER": {"IN": list(element.words)}}
    return {**token, "OP": element.op} if element.op else token


def _length(written: list[dict[str, Any]]) -> int:
    """Tokens that a pattern takes at most."""
    ops = (token.get("OP", "") for token in written)
    return sum(int(op[1:-1].split(",")[1]) if op.startswith("{") else 1 for op in ops)


def _merged(places: Sequence[int], reach: int, length: int) -> Iterator[tuple[int, int]]:
    """From each place as far as a pattern reaches, those that meet put together."""
    start = end = -1
    for place in places:
        if place > end:
            if end > 0:
                yield start, end
            start = place
        end = min(place + reach, length)
    if end > 0:
        yield start, end
