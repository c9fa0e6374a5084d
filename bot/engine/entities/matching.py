"""
What the patterns find in a text, with spaCy's Matcher and PhraseMatcher.

Given all patterns at once a Matcher tries each of them at each token: 4 ms a message. Most words
begin no pattern, so the first token decides here which patterns are worth trying, the second
whether they are, and a Matcher of just those is shown the rest. Phrases are looked up everywhere,
which is quick.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import product
from typing import Any, NamedTuple, Optional

from spacy.matcher import Matcher, PhraseMatcher
from spacy.tokens import Doc

from bot.engine.entities.patterns import Element, Kind, Pattern, Patterns
from bot.engine.entities.tokens import Tokens, cut, new_vocab, to_doc

SIGNS = frozenset("#№€$£₽₴₸¥+(")
_FIGURE = re.compile(r"[\d@]")
LONGEST = 200
"""Characters of a token that is compared; an e-mail address has fewer."""

MOST = 120
"""Places of one text at which patterns are tried, half of them from its end. No message has so many
numbers; a pasted table may."""

MOST_ROWS = 60
"""Of these, places at which several tokens are compared; each takes a tenth of a millisecond."""


class Found(NamedTuple):
    """Tokens that fit a pattern; or a phrase, which has no pattern but its `meaning`."""

    kind: Kind
    pattern: Optional[Pattern]
    start: int
    end: int
    meaning: str = ""


class Beginning(NamedTuple):
    """A pattern behind its first token, which was found: the elements that are still to come."""

    key: str
    kind: Kind
    pattern: Pattern
    rest: tuple[Element, ...]
    seconds: frozenset[str]
    """Words of which one has to come next, unless one of the `regexes` fits."""
    regexes: tuple["re.Pattern[str]", ...]
    may_end: bool
    """Whether nothing needs to follow."""

    def may_go_on(self, word: str) -> bool:
        """Whether the pattern can go on with this token."""
        return word in self.seconds or any(regex.match(word) for regex in self.regexes)


class PatternMatcher:
    """The patterns, ready to be looked for."""

    def __init__(self, patterns: Patterns) -> None:
        self._vocab = new_vocab()
        self._by_word: dict[str, list[Beginning]] = {}
        self._by_regex: dict[str, tuple[re.Pattern[str], list[Beginning]]] = {}
        self._kinds = {kind.entity: kind for kind in patterns.kinds}
        self._meanings: dict[tuple[str, tuple[str, ...]], str] = {}
        self._phrases = PhraseMatcher(self._vocab, attr="LOWER")
        self._beginnings: dict[str, Beginning] = {}
        self._matcher_of = lru_cache(maxsize=512)(self._new_matcher)
        self._beginning_with = lru_cache(maxsize=4096)(self._find_beginnings)
        for kind in patterns.kinds:
            for pattern in kind.patterns:
                self._add(kind, pattern)
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
        beginnings = [self._beginning_with(word) for word in tokens.lower]
        places = [place for place, begun in enumerate(beginnings) if begun]
        if len(places) > MOST:
            places = places[: MOST // 2] + places[-MOST // 2 :]
        rows = 0
        for place in places:
            following = tokens.lower[place + 1] if place + 1 < len(tokens) else None
            going_on = []
            for one in beginnings[place]:
                if one.may_end:
                    yield Found(one.kind, one.pattern, place, place + 1)
                if following is not None and one.rest and one.may_go_on(following):
                    going_on.append(one.key)
            if going_on and rows < MOST_ROWS:
                rows += 1
                yield from self._go_on(tuple(going_on), doc, place)
        for key, start, end in self._phrases(doc):
            kind = self._kinds[self._vocab.strings[key]]
            meaning = self._meanings[kind.entity, tokens.lower[start:end]]
            yield Found(kind, None, start, end, meaning)

    def _find_beginnings(self, word: str) -> tuple[Beginning, ...]:
        """The patterns whose first token this can be."""
        found = list(self._by_word.get(word, ()))
        if word in SIGNS or (len(word) <= LONGEST and _FIGURE.search(word)):
            for regex, beginnings in self._by_regex.values():
                if regex.match(word):
                    found += beginnings

        return tuple(found)

    def _go_on(self, keys: tuple[str, ...], doc: Doc, place: int) -> Iterator[Found]:
        """The longest match of each pattern whose first token is at this place."""
        matcher, reach = self._matcher_of(keys)
        ends: dict[int, int] = {}
        for key, start, end in matcher(doc[place + 1 : place + 1 + reach]):
            if start == 0:
                ends[key] = max(end, ends.get(key, 0))
        for key, end in ends.items():
            one = self._beginnings[self._vocab.strings[key]]
            yield Found(one.kind, one.pattern, place, place + 1 + end)

    def _add(self, kind: Kind, pattern: Pattern) -> None:
        for first, *rest in _beginnings(pattern.elements):
            key = f"{kind.entity} {len(self._beginnings)}"
            may_end = all(map(_is_optional, rest))
            one = Beginning(key, kind, pattern, tuple(rest), *_seconds(rest), may_end)
            self._beginnings[key] = one
            self._vocab.strings.add(key)
            if first.regex:
                regex = re.compile(first.regex)
                self._by_regex.setdefault(first.regex, (regex, []))[1].append(one)
            for word in first.words:
                self._by_word.setdefault(word, []).append(one)

    def _new_matcher(self, keys: tuple[str, ...]) -> tuple[Matcher, int]:
        matcher = Matcher(self._vocab, validate=False)
        for key in keys:
            rest = self._beginnings[key].rest
            matcher.add(key, [[token for element in rest for token in _to_spacy(element)]])
        return matcher, max(_length(self._beginnings[key].rest) for key in keys)


def _beginnings(elements: tuple[Element, ...]) -> Iterator[tuple[Element, ...]]:
    """The elements with and without each of the first ones that need not be there."""
    optional = 0
    while elements[optional].op == "?":
        optional += 1
    for present in product((True, False), repeat=optional):
        kept = [one for one, there in zip(elements, present) if there]  # noqa: B905 (the first ones)
        yield (*(Element(one.words, one.regex) for one in kept), *elements[optional:])


def _seconds(rest: Iterable[Element]) -> tuple[frozenset[str], tuple["re.Pattern[str]", ...]]:
    """What can come next: the first element that has to be there, and all before it."""
    words: set[str] = set()
    regexes = []
    for element in rest:
        words.update(element.words)
        if element.regex:
            regexes.append(re.compile(element.regex))
        if not _is_optional(element):
            break
    return frozenset(words), tuple(regexes)


def _is_optional(element: Element) -> bool:
    return element.op == "?" or element.op.startswith("{0,")


def _to_spacy(element: Element) -> list[dict[str, Any]]:
    token: dict[str, Any] = {"LOWER": {"REGEX": element.regex}}
    if element.words:
        only = len(element.words) == 1
        token = {"LOWER": element.words[0] if only else {"IN": list(element.words)}}
    if not element.op.startswith("{"):
        return [{**token, "OP": element.op} if element.op else token]
    # spaCy would try every way to leave tokens out of {0,9}. How far "*" goes, the reach bounds.
    least, most = _bounds(element)
    return [token] * least + [{**token, "OP": "*"}] * (most > least)


def _bounds(element: Element) -> tuple[int, int]:
    least, most = element.op[1:-1].split(",")
    return int(least), int(most)


def _length(elements: Iterable[Element]) -> int:
    """Tokens that the elements take at most."""
    return sum(_bounds(one)[1] if one.op.startswith("{") else 1 for one in elements)
