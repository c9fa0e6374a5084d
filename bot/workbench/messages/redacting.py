"""
Messages without the person who wrote them.

What tells who somebody is gives way to an example of its kind that the model's entities know as
well (`data/entities`), so the message still teaches what it taught. Names, which no pattern finds
for certain, are known ones of the conversation, what stands where a name is told ("my name is",
"Dear …,", "your courier …"), and what a dictionary knows as a Russian name.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from bot.casework.turns import Entity as Detail
from bot.workbench.evaluation.predictions import Entity
from bot.workbench.messages.announced_names import find_announced
from bot.workbench.messages.russian_names import find_russian_names, in_its_case, is_cyrillic

PLACEHOLDERS: Final[Mapping[str, str]] = {
    "email": "buyer@example.com",
    "phone": "+1 202 555 0143",
    "order_number": "DEMO-1003",
    "tracking_number": "RR123456785CN",
    "postcode": "10115",
}
"""By kind of entity; nobody has this e-mail or phone (RFC 2606, the 555-01xx of films)."""
KINDS: Final = {example: kind for kind, example in PLACEHOLDERS.items()}
ORDER: Final = PLACEHOLDERS["order_number"]
NAME: Final = "Alex"
STREETS: Final[Mapping[str, str]] = {"en": "1 Example Street", "ru": "ул. Примерная, д. 1"}
SHORTEST_NAME: Final = 3
"""Shorter known names ("Al") are as often a word, and are left to the patterns."""

_NUMBER = re.compile(r"(?<![\w@.])[#№]?(?=(?:[\w-]*\d){6})\w[\w-]*(?![\w@])")
"""A code with six digits or more, which no pattern knows: somebody's order, account or ticket."""
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
"""What the bot and the team write is read by no model."""
_STREET = re.compile(
    r"""
    (?: (?<!\w)\d{1,5}[a-z]?\ (?-i:[A-Z][\w'’.-]{1,30}\ ){1,3}
        (?:street|st|road|rd|avenue|ave|lane|ln|drive|dr|way|court|ct|square|sq|close|terrace|place
          |pl|boulevard|blvd)\b\.?
        (?:,?\ (?:apt|apartment|flat|unit|suite)\.?\ ?\#?\w{1,6})?
      | (?-i:[A-ZÄÖÜ][\wäöüß-]{2,30})(?:straße|strasse|str\.|gasse|weg|platz)\ \d{1,4}[a-z]?
      | (?:ул\.?|улица|пр\.|пр-т|проспект|пер\.?|переулок|бульвар|б-р|шоссе|наб\.?)
        \ [\w\ -]{2,40}?,?\ (?:д\.?|дом)?\ ?\d{1,4}\w?
        (?:,?\ (?:к\.?|корп\.?|стр\.?|кв\.?|квартира)\ ?\d{1,4})*
    )
    """,
    re.IGNORECASE | re.VERBOSE,
)


def redact(
    text: str, entities: Iterable[Entity], language: str, known: Iterable[str] = ()
) -> tuple[str, tuple[Detail, ...]]:
    """
    The text without personal data, and the entities in their new places.

    `known` are names of the people in the conversation. The same value gives way wherever it
    stands, and an example that stands for it is an entity of its kind.
    """
    found = sorted(entities, key=lambda one: one.start)
    spans = without_overlaps(
        [
            *((one.start, one.end, PLACEHOLDERS[one.kind]) for one in found if _is_person(one)),
            *repeated(text, [one for one in found if _is_person(one)]),
            *_named(text, found, known),
            *((*match.span(), PLACEHOLDERS["email"]) for match in _EMAIL.finditer(text)),
            *((*match.span(), ORDER) for match in _NUMBER.finditer(text)),
            *((*match.span(), STREETS[_side(language)]) for match in _STREET.finditer(text)),
        ]
    )
    whole, moved = put_instead(text, spans)
    stood_in = [
        Entity(kind=KINDS[instead], start=start, end=end, value=text[start:end])
        for start, end, instead in spans
        if instead in KINDS
    ]
    others = [one for one in found if not _is_person(one)]
    here = sorted([*stood_in, *others], key=lambda one: one.start)

    return whole, tuple(move_along(whole, here, moved))


def put_instead(
    text: str, spans: Iterable[tuple[int, int, str]]
) -> tuple[str, list[tuple[int, int, str]]]:
    """The text with other words at those places, in order and apart; these for `move_along`."""
    pieces, read, moved = [], 0, list(spans)
    for start, end, instead in moved:
        pieces += [text[read:start], instead]
        read = end

    return "".join([*pieces, text[read:]]), moved


def _is_person(entity: Entity) -> bool:
    return entity.kind in PLACEHOLDERS


def _side(language: str) -> str:
    return language if language in STREETS else "en"


def repeated(text: str, entities: Sequence[Entity]) -> Iterable[tuple[int, int, str]]:
    """Where the value of an entity stands again, unseen."""
    for entity in entities:
        for match in re.finditer(rf"(?<!\w){re.escape(entity.value)}(?!\w)", text, re.IGNORECASE):
            yield (*match.span(), PLACEHOLDERS[entity.kind])


def _named(
    text: str, entities: Sequence[Entity], known: Iterable[str]
) -> Iterable[tuple[int, int, str]]:
    """Whoever is named; what the dictionary takes for a name and the model for more, is no name."""
    told = [(one.start, one.end) for one in find_announced(text)]
    russian = [
        one
        for one in find_russian_names(text)
        if not any(entity.start < one.end and one.start < entity.end for entity in entities)
    ]
    yield from ((one.start, one.end, one.instead) for one in russian)
    yield from ((start, end, to_stand_in(text[start:end])) for start, end in told)

    again = {word for start, end in told for word in text[start:end].split()}
    for word in sorted(again):
        if not word.islower():  # "van", "de"
            yield from _anywhere(text, word)
    words = {word for name in known for word in [name, *name.split()]}
    for word in sorted(words, key=len, reverse=True):
        yield from _anywhere(text, word, re.IGNORECASE)


def _anywhere(text: str, word: str, flags: int = 0) -> Iterable[tuple[int, int, str]]:
    if len(word) >= SHORTEST_NAME:
        for match in re.finditer(rf"(?<!\w){re.escape(word)}(?!\w)", text, flags):
            yield (*match.span(), to_stand_in(word))


def to_stand_in(name: str) -> str:
    """The name that stands for it, in its script and case."""
    return in_its_case(name) if is_cyrillic(name) else NAME


def without_overlaps(spans: Sequence[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """In their order; of two that overlap the earlier, and of those the longer one, stays."""
    kept: list[tuple[int, int, str]] = []
    for span in sorted(spans, key=lambda one: (one[0], -one[1])):
        if not kept or span[0] >= kept[-1][1]:
            kept.append(span)

    return kept


def move_along(
    whole: str, entities: Iterable[Entity], moved: Sequence[tuple[int, int, str]]
) -> Iterable[Detail]:
    """The entities where they stand now; one that gave way to another kind is none any more."""
    for entity in entities:
        inside = [one for one in moved if one[0] < entity.end and entity.start < one[1]]
        whole_of_it = (entity.start, entity.end, PLACEHOLDERS.get(entity.kind, ""))
        if inside and inside != [whole_of_it]:
            continue
        start = entity.start + sum(
            len(instead) - (until - since)
            for since, until, instead in moved
            if until <= entity.start
        )
        end = start + (len(inside[0][2]) if inside else entity.end - entity.start)
        yield Detail(name=entity.kind, value=whole[start:end], start=start, end=end)
