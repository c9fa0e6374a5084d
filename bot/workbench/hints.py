"""
What is worth a look in the examples before anything is trained on them.

Hints never keep anybody from anything: each says in a sentence what is odd, how bad that is, and
which examples it is about. What needs the trained model comes in as a `Reading`.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations
from typing import Final

from bot.desk_words import say_intent
from bot.workbench.nlu_files import LANGUAGES, Example

FEW: Final = 30
"""Examples of an intent in a language; with fewer, config.yml lets the sense count twice."""
FEWEST: Final = 10
"""With fewer, a model hardly learns it at all."""
LOPSIDED: Final = 4
"""So many times more examples in one language than in another are out of balance."""
TESTS: Final = 10
"""Messages of the test set for an intent; of fewer, F1 says next to nothing."""
ENOUGH: Final = 1000
"""Messages after which it means something that an intent never came."""
SHOWN: Final = 20
"""Examples that a hint names; `count` tells of all."""
SHORTEST: Final = 3
"""Signs of a value that is looked for elsewhere; shorter ones are everywhere."""
LONGEST_VALUE: Final = 5
"""Words of such a value."""

_NAMES: Final = {"en": "English", "ru": "Russian"}
_APART: Final = re.compile(r"[\W_]+")
_EDGES: Final = ".,;:!?()[]{}\"'«»“”…"


class HintKind(StrEnum):
    """What a hint is about; the first ones mislead a model the most."""

    CONTRADICTED = "contradicted"
    """The same words under two intents."""
    FEW = "few"
    ALIKE = "alike"
    """Other words, the same sense, under two intents."""
    UNMARKED = "unmarked"
    """A detail that is marked elsewhere."""
    UNBALANCED = "unbalanced"
    DUPLICATED = "duplicated"
    """The same words twice under one intent."""
    UNTESTED = "untested"
    UNUSED = "unused"
    """No buyer ever means it."""


class Grade(StrEnum):
    """How bad it is."""

    BAD = "bad"
    """It misleads the model."""
    WEAK = "weak"
    """The model learns less than it could."""
    LOOK = "look"
    """It may be meant so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """An example that a hint is about; `note` says what about it."""

    text: str
    intent: str
    language: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hint:
    """
    One thing worth a look; `advice` says what helps.

    `intent` is where it is put right, empty if it is about the whole; `count` is how often it is
    so, and `mentions` are some of the examples.
    """

    kind: HintKind
    grade: Grade
    text: str
    advice: str
    intent: str = ""
    language: str = ""
    count: int = 1
    mentions: tuple[Mention, ...] = ()


@dataclass(frozen=True, slots=True)
class Traffic:
    """How often buyers meant what in the latest days, and how many messages were read then."""

    days: int
    messages: int
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Alike:
    """Two examples of different intents, by their place, and the cosine of their vectors."""

    one: int
    other: int
    cosine: float


@dataclass(frozen=True, slots=True)
class FoundDetail:
    """What the model finds in an example, by its place, and nobody has marked."""

    example: int
    kind: str
    value: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What the model says of the examples."""

    alike: Sequence[Alike] = ()
    details: Sequence[FoundDetail] = ()


def find_hints(
    examples: Sequence[Example],
    *,
    tests: Sequence[Example] = (),
    traffic: Traffic | None = None,
    reading: Reading | None = None,
) -> list[Hint]:
    """Everything that is worth a look, the worst first, then what concerns most examples."""
    reading = reading or Reading()
    found = [
        *find_contradictions(examples),
        *find_duplicates(examples),
        *find_few(examples),
        *find_unbalanced(examples),
        *find_untested(examples, tests),
        *find_unmarked(examples, reading.details),
        *find_alike(examples, reading.alike),
        *(find_unused(examples, traffic) if traffic else ()),
    ]

    return in_order(found)


def in_order(hints: Iterable[Hint]) -> list[Hint]:
    """The worst first, then what misleads a model the most, then what concerns most examples."""
    grades, kinds = list(Grade), list(HintKind)

    return sorted(
        hints,
        key=lambda one: (grades.index(one.grade), kinds.index(one.kind), -one.count, one.intent),
    )


def to_words(text: str) -> str:
    """The same for texts that differ in capitals, spaces and punctuation only."""
    return " ".join(_APART.split(text.casefold())).strip() or text.strip()


def find_contradictions(examples: Sequence[Example]) -> Iterator[Hint]:
    """The same words under two intents or more, a hint for each pair of intents."""
    pairs: dict[tuple[str, str], list[Example]] = defaultdict(list)
    for same in _same_words(examples):
        for pair in combinations(sorted({one.intent for one in same}), 2):
            first = {one.intent: one for one in reversed(same)}
            pairs[pair].extend(first[name] for name in pair)
    for (one, other), both in pairs.items():
        count = len(both) // 2
        yield Hint(
            kind=HintKind.CONTRADICTED,
            grade=Grade.BAD,
            text=f"{_number(count, 'message stands', 'messages stand')} both under "
            f"“{say_intent(one)}” and under “{say_intent(other)}”.",
            advice="A model cannot learn both. Take each away where it is meant less often.",
            intent=one,
            count=count,
            mentions=_mentions(both, lambda example: say_intent(example.intent)),
        )


def find_duplicates(examples: Sequence[Example]) -> Iterator[Hint]:
    """The same words more than once under an intent."""
    twice: dict[str, list[list[Example]]] = defaultdict(list)
    for same in _same_words(examples):
        for intent, times in Counter(one.intent for one in same).items():
            if times > 1:
                twice[intent].append([one for one in same if one.intent == intent])
    for intent, groups in twice.items():
        yield Hint(
            kind=HintKind.DUPLICATED,
            grade=Grade.LOOK,
            text=f"{_number(len(groups), 'example', 'examples')} of “{say_intent(intent)}” "
            f"{'stands' if len(groups) == 1 else 'stand'} there more than once.",
            advice="Once is enough: what stands there twice counts twice.",
            intent=intent,
            count=len(groups),
            mentions=_mentions([group[1] for group in groups]),
        )


def find_few(examples: Sequence[Example]) -> Iterator[Hint]:
    """Intents with too few examples in a language, none at all included."""
    counts = _count(examples)
    for intent, language in _both(examples):
        count = counts[intent, language]
        if count >= FEW:
            continue
        yield Hint(
            kind=HintKind.FEW,
            grade=Grade.BAD if count < FEWEST else Grade.WEAK,
            text=f"“{say_intent(intent)}” has {_number(count, 'example', 'examples')} in "
            f"{_NAMES.get(language, language)}; {FEW} are wanted.",
            advice="Take what buyers wrote: label messages of the inbox, or add some here.",
            intent=intent,
            language=language,
            # What lacks most comes first.
            count=FEW - count,
        )


def find_unbalanced(examples: Sequence[Example]) -> Iterator[Hint]:
    """Intents that one language tells much more about than another; too few is said elsewhere."""
    counts = _count(examples)
    for intent in sorted({one.intent for one in examples}):
        by_language = sorted((counts[intent, language], language) for language in LANGUAGES)
        (fewest, poor), (most, rich) = by_language[0], by_language[-1]
        if fewest < FEW or most < LOPSIDED * fewest:
            continue
        yield Hint(
            kind=HintKind.UNBALANCED,
            grade=Grade.WEAK,
            text=f"“{say_intent(intent)}” has {most} examples in {_NAMES.get(rich, rich)} and "
            f"{fewest} in {_NAMES.get(poor, poor)}.",
            advice=f"Add examples in {_NAMES.get(poor, poor)}.",
            intent=intent,
            language=poor,
            count=most // fewest,
        )


def find_untested(examples: Sequence[Example], tests: Sequence[Example]) -> Iterator[Hint]:
    """Intents of which the test set holds too few messages to say how well they are known."""
    intents = sorted({one.intent for one in examples})
    counts = Counter(one.intent for one in tests)
    missing = [intent for intent in intents if counts[intent] < TESTS]
    if missing and not tests:
        yield Hint(
            kind=HintKind.UNTESTED,
            grade=Grade.WEAK,
            text="There is no test set yet: two models cannot be compared on what they never saw.",
            advice="A share of the labels goes there by itself once they are written into files.",
            count=len(missing),
        )
        return
    for intent in missing:
        yield Hint(
            kind=HintKind.UNTESTED,
            grade=Grade.LOOK,
            text=f"The test set has {_number(counts[intent], 'message', 'messages')} of "
            f"“{say_intent(intent)}”; {TESTS} are wanted before a figure means something.",
            advice="A share of new labels goes there by itself: label more messages that mean it.",
            intent=intent,
            count=TESTS - counts[intent],
        )


def find_unused(examples: Sequence[Example], traffic: Traffic) -> Iterator[Hint]:
    """Intents that no buyer meant, if there were messages enough to say so."""
    if traffic.messages < ENOUGH:
        return
    for intent in sorted({one.intent for one in examples}):
        if traffic.counts.get(intent):
            continue
        yield Hint(
            kind=HintKind.UNUSED,
            grade=Grade.LOOK,
            text=f"None of {traffic.messages:,} messages in {traffic.days} days was understood as "
            f"“{say_intent(intent)}”.",
            advice="Perhaps nobody means it, or another intent takes its messages. "
            "Retire it or look at what it is taken for.",
            intent=intent,
        )


def find_unmarked(
    examples: Sequence[Example], details: Sequence[FoundDetail] = ()
) -> Iterator[Hint]:
    """
    Details that stand unmarked: the same value is marked elsewhere, or the model finds one.

    Only kinds that the example's file marks at all: a file that marks none need not.
    """
    missing: dict[tuple[str, str], dict[int, str]] = defaultdict(dict)
    for number, kind, value in _unmarked_values(examples):
        missing[examples[number].intent, kind].setdefault(number, value)
    for detail in details:
        example = examples[detail.example]
        if detail.kind in example.kinds and not _is_marked(example, detail.kind, detail.value):
            missing[example.intent, detail.kind].setdefault(detail.example, detail.value)
    for (intent, kind), found in missing.items():
        words = kind.replace("_", " ")
        one = len(found) == 1
        yield Hint(
            kind=HintKind.UNMARKED,
            grade=Grade.WEAK,
            text=f"{_number(len(found), 'example', 'examples')} of “{say_intent(intent)}” "
            f"{'holds' if one else 'hold'} a detail that is not marked ({words}).",
            advice=f"Mark it as {words}, as the others are, or leave it if it is none.",
            intent=intent,
            count=len(found),
            mentions=tuple(
                _mention(examples[number], f"{words}: {value}")
                for number, value in sorted(found.items())[:SHOWN]
            ),
        )


def find_alike(examples: Sequence[Example], alike: Sequence[Alike]) -> Iterator[Hint]:
    """Examples of different intents that mean the same to the model; the same words aside."""
    pairs: dict[tuple[str, str], list[Alike]] = defaultdict(list)
    for pair in alike:
        one, other = examples[pair.one], examples[pair.other]
        if one.intent != other.intent and to_words(one.text) != to_words(other.text):
            first, second = sorted((one.intent, other.intent))
            pairs[first, second].append(pair)
    for (first, second), found in pairs.items():
        found.sort(key=lambda pair: -pair.cosine)
        mentions = tuple(
            _mention(
                examples[place], f"{say_intent(examples[place].intent)}, {pair.cosine:.0%} alike"
            )
            for pair in found[: SHOWN // 2]
            for place in sorted((pair.one, pair.other), key=lambda at: examples[at].intent)
        )
        yield Hint(
            kind=HintKind.ALIKE,
            grade=Grade.WEAK,
            text=f"{_number(len(found), 'pair', 'pairs')} of examples of “{say_intent(first)}” and "
            f"“{say_intent(second)}” {'looks' if len(found) == 1 else 'look'} alike to the model.",
            advice="Move what stands under the wrong one; if both may be meant, merge the two.",
            intent=first,
            count=len(found),
            mentions=mentions,
        )


def _same_words(examples: Sequence[Example]) -> Iterator[list[Example]]:
    groups: dict[str, list[Example]] = defaultdict(list)
    for one in examples:
        groups[to_words(one.text)].append(one)

    return (group for group in groups.values() if len(group) > 1)


def _count(examples: Sequence[Example]) -> Counter[tuple[str, str]]:
    return Counter((one.intent, one.language) for one in examples)


def _both(examples: Sequence[Example]) -> Iterator[tuple[str, str]]:
    for intent in sorted({one.intent for one in examples}):
        for language in LANGUAGES:
            yield intent, language


def _unmarked_values(examples: Sequence[Example]) -> Iterator[tuple[int, str, str]]:
    """Where a value stands that is marked in another example: its place, kind and value."""
    values: dict[str, str] = {}
    for one in examples:
        for entity in one.entities:
            value = entity.value.casefold()
            if len(value) >= SHORTEST:
                values.setdefault(value, entity.kind)
    lengths: dict[str, set[int]] = defaultdict(set)
    for value in values:
        first, *others = value.split()
        if len(others) < LONGEST_VALUE:
            lengths[first].add(1 + len(others))
    for number, one in enumerate(examples):
        if not one.kinds:
            continue
        marked = {entity.value.casefold() for entity in one.entities}
        for words in _runs(one.text, lengths):
            kind = values.get(words.casefold())
            if kind in one.kinds and not any(words.casefold() in value for value in marked):
                yield number, kind, words


def _runs(text: str, lengths: Mapping[str, set[int]]) -> Iterator[str]:
    """Runs of words, so many from each that may begin one, without punctuation around them."""
    words = [word.strip(_EDGES) for word in text.split()]
    for at, word in enumerate(words):
        for length in sorted(lengths.get(word.casefold(), ())):
            yield " ".join(words[at : at + length])


def _is_marked(example: Example, kind: str, value: str) -> bool:
    """Whether somebody marked it, or a part of it, or more than it."""
    value = value.casefold()
    marked = [one.value.casefold() for one in example.entities if one.kind == kind]

    return any(value in one or one in value for one in marked)


def _mention(example: Example, note: str = "") -> Mention:
    return Mention(text=example.text, intent=example.intent, language=example.language, note=note)


def _mentions(
    examples: Sequence[Example], note: Callable[[Example], str] = lambda _: ""
) -> tuple[Mention, ...]:
    return tuple(_mention(one, note(one)) for one in examples[:SHOWN])


def _number(count: int, one: str, many: str) -> str:
    return f"{count or 'no'} {one if count == 1 else many}"
