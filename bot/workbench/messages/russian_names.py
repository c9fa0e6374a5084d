"""
Russian names, by the dictionary of OpenCorpora (pymorphy3): "Анна Сергеевна обещала перезвонить".

It knows how often a word is a first name, a surname or a patronymic, in every case, and what else
it is: "Владимир" a city, "Надежда" hope. Only words with a capital letter are looked up.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

from pymorphy3 import MorphAnalyzer

STAND_INS: Final = {
    "nomn": "Алекс",
    "gent": "Алекса",
    "datv": "Алексу",
    "accs": "Алекса",
    "ablt": "Алексом",
    "loct": "Алексе",
}
"""By case; as a woman's name it stays as it is."""

SURELY: Final = 0.9
"""How often a word at the beginning of a sentence must be a name, where any word has a capital."""
PROBABLY: Final = 0.25
"""The same within a sentence: "Надежда" is one in 46 of 100 times, "Марта" (March) in 2."""
PERHAPS: Final = 0.05
"""The same beside another name, or behind words that tell of one."""
A_PLACE: Final = 0.4
"""A word that is as often a place is one when it stands alone."""
NEAR: Final = 24
"""So many characters before a word tell what it is."""

_WORD = re.compile(r"(?<![\w-])[А-ЯЁ][а-яё]+(?:-[А-ЯЁ][а-яё]+)?(?![\w-])")
_INITIALS = r"[А-ЯЁ]\.(?:\s?[А-ЯЁ]\.)?"
_INITIALS_BEFORE = re.compile(rf"(?<!\w){_INITIALS}\s?$")
_INITIALS_AFTER = re.compile(rf"\s?{_INITIALS}")
_OPENS_A_SENTENCE = re.compile(r"[.!?…:\n«\"“(>]\s*$")
_SOMEWHERE = re.compile(
    r"(?<!\w)(?:в|во|из|до|под|через|около|ул\.|улиц\w+|пр\.|проспект\w*|пер\.|площад\w+|г\."
    r"|город\w*|посёл\w+|посел\w+|сел[оае]|стран\w+|адрес\w{0,3}:?)\s+$",
    re.IGNORECASE,
)
_TITLED = re.compile(
    r"(?<!\w)(?:роман\w{0,3}|книг\w{1,3}|повест\w{1,3}|фильм\w{0,3}|мультик\w{0,3}|сериал\w{0,3}"
    r"|дух(?:и|ов|ами|ах)|парфюм\w{0,2}|помад\w{1,2}|крем\w{0,2}|кукл\w{1,2}|кукол|лего|игр[аыуе]"
    r"|бренд\w{0,2}|марк[аиуе]|фирм\w{1,2}|магазин\w{0,3}|торт\w{0,2}|коллекци\w{1,2}|имени)\s+$",
    re.IGNORECASE,
)
_SOMEBODY = re.compile(
    r"(?<!\w)(?:сосед\w{0,4}|муж\w{0,2}|жен[аеыуо]\w?|сын\w{0,3}|доч\w{1,5}|мам\w{1,2}|пап\w{1,2}"
    r"|брат\w{0,2}|сестр\w{1,2}|друг\w{0,2}|подруг\w{1,2}|коллег\w{1,2}|внук\w{0,2}|внучк\w{1,2})\s+$",
    re.IGNORECASE,
)
_A_HOUSE = re.compile(r",?\s(?:д\.?\s?|дом\s)?\d{1,4}(?![\w:.])")
_QUOTED = re.compile(r"«[^»\n]{1,60}»|\"[^\"\n]{1,60}\"|“[^”\n]{1,60}”")


@dataclass(frozen=True, slots=True)
class RussianName:
    start: int
    end: int
    instead: str
    """The stand-in, in the case of the name."""


@dataclass(frozen=True, slots=True)
class _Reading:
    """How often the word is which, of 1."""

    given: float
    """First names and patronymics."""
    surname: float
    place: float
    case: str
    woman: bool
    known: bool

    @property
    def person(self) -> float:
        return self.given + self.surname


@dataclass(frozen=True, slots=True)
class _Word:
    start: int
    end: int
    reading: _Reading


def find_russian_names(text: str) -> Iterator[RussianName]:
    """First names, surnames and patronymics that stand beside each other are one name."""
    quoted = [match.span() for match in _QUOTED.finditer(text)]
    for run in _runs(text):
        start, end = run[0].start, run[-1].end
        before, after = _INITIALS_BEFORE.search(text[:start]), _INITIALS_AFTER.match(text, end)
        if any(left < start and end < right for left, right in quoted):
            continue
        if before or after or _is_name(text, run):
            named = max(run, key=lambda one: one.reading.given)
            yield RussianName(
                before.start() if before else start,
                after.end() if after else end,
                in_its_case(text[named.start : named.end]),
            )


def may_be_name(word: str) -> bool:
    """Whether the dictionary knows it as a name as well, or not at all."""
    reading = _read(word)

    return reading.person >= PERHAPS or not reading.known


def in_its_case(name: str) -> str:
    """The stand-in in the case of the name's first word; of a stand-in itself."""
    first = name.split()[0]
    if first in STAND_INS.values():
        return first
    reading = _read(first)

    return STAND_INS["nomn"] if reading.woman else STAND_INS[reading.case]


def is_cyrillic(word: str) -> bool:
    return "Ѐ" <= word[0] <= "ӿ"


def _runs(text: str) -> Iterator[Sequence[_Word]]:
    run: list[_Word] = []
    for match in _WORD.finditer(text):
        word = _Word(*match.span(), _read(match[0]))
        if run and text[run[-1].end : word.start] != " ":
            yield run
            run = []
        if word.reading.person >= PERHAPS and match[0] not in STAND_INS.values():
            run.append(word)
        elif run:
            yield run
            run = []
    if run:
        yield run


def _is_name(text: str, run: Sequence[_Word]) -> bool:
    before = text[max(0, run[0].start - NEAR) : run[0].start]
    if _TITLED.search(before):
        return False
    if len(run) > 1:
        return any(one.reading.given >= PROBABLY for one in run)
    reading = run[0].reading
    if _SOMEBODY.search(before):
        return reading.person >= PERHAPS
    if _A_HOUSE.match(text, run[0].end):
        return False
    if reading.place and (reading.place >= A_PLACE or _SOMEWHERE.search(before)):
        return False
    if not text[: run[0].start].strip() or _OPENS_A_SENTENCE.search(before):
        return reading.person >= SURELY

    return reading.given >= PROBABLY or reading.surname >= SURELY


@lru_cache(maxsize=20_000)
def _read(word: str) -> _Reading:
    shares = dict.fromkeys(("Name", "Surn", "Patr", "Geox"), 0.0)
    case, woman, known, best = "nomn", False, False, 0.0
    for parse in _dictionary().parse(word):
        known = known or parse.is_known
        kind = next((kind for kind in shares if kind in parse.tag), "")
        if not kind or not parse.is_known or "plur" in parse.tag:
            continue
        shares[kind] += parse.score
        if kind != "Geox" and parse.score > best:
            best = parse.score
            case, woman = str(parse.tag.case), parse.tag.gender == "femn"

    return _Reading(
        given=shares["Name"] + shares["Patr"],
        surname=shares["Surn"],
        place=shares["Geox"],
        case=case if case in STAND_INS else "nomn",
        woman=woman,
        known=known,
    )


@cache
def _dictionary() -> MorphAnalyzer:
    """Read when the first Cyrillic name is asked for: 0.3 s and 27 MB."""
    return MorphAnalyzer()
