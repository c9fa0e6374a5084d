"""
Names by what stands around them: "Dear John,", "regards, Anna", "your courier Mike".

A word counts as a name for its place and its capital letter alone, unless it is one of `NO_NAMES`.
Cyrillic words are asked of the dictionary as well: those that it knows as something else are none.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from bot.workbench.messages.no_names import NO_NAMES
from bot.workbench.messages.russian_names import is_cyrillic, may_be_name

HEADLINE: Final = 0.7
"""Of So Many Words With A Capital Letter a text is a headline, where it tells nothing."""

_WORD = r"[A-ZÀ-ÖØ-ÞА-ЯЁ](?:[^\W\d_]|['’-](?!s\b)(?=[^\W\d_])){0,29}(?<=[a-zß-öø-ÿа-яё])(?!\w)"
_PART = rf"(?:{_WORD}|[A-ZА-ЯЁ]\.)"
_PARTICLES = r"(?:(?:van|von|de|der|den|da|di|al|el|bin|la|le)\ ){0,2}"
_PERSON = rf"{_PART}(?:\ {_PARTICLES}{_PART}){{0,2}}"
_NAME = rf"(?P<name>{_PERSON})"
_LATE = rf"(?P<late>{_PERSON})"
"""What tells of it stands behind it, so it may hold a word before the name: "Ask Julia, she"."""
_QUOTED = rf"[\"“«']?{_NAME}"
_LOUD = r"[A-ZА-ЯЁ]{2,20}(?:\ [A-ZА-ЯЁ]{2,20}){0,2}(?!\w)"
_END = r"(?=\s*(?:[,.!?:;…)\n–—-]|$)|\s+I\b)"
_LAST = r"(?=[.!)\s]*(?:\n|\Z))"
_CALLED = r"(?:named|called|by\ the\ name\ of|по\ имени)"
_STAFF = r"""courier|driver|delivery\ (?:guy|man|woman|person|driver|boy)|postman|postwoman|agent
    |operator|seller|manager|representative|rep|advis[eo]r|assistant|supervisor|employee|colleague
    |customer\ service|consultant|specialist|technician|executive
    |менеджер\w{0,3}|курьер\w{0,3}|оператор\w{0,3}|сотрудни\w{1,4}|специалист\w{0,3}
    |консультант\w{0,3}|водител\w{1,3}|доставщик\w{0,3}|кладовщи\w{1,3}|администратор\w{0,3}
    |руководител\w{1,3}|прода[вц]\w{1,5}"""
_FAMILY = r"""neighbou?rs?|wife|husband|son|daughter|mother|father|mum|mom|dad|brother|sister
    |friend|boss|partner|girlfriend|boyfriend|grandmother|grandfather|flatmate|roommate"""
_DOES = r"""is|was|has|had|who|will|can|could|did|didn['’]t|does|doesn['’]t|never|and|at
    |ordered|said|told|got|bought|paid|wants|picked|signed|received|took|needs"""

_INTRODUCING: Final = (
    # my name is Kim Lee / name on the parcel should be Keller / under my wife's name, Meera Nair
    rf"""\b(?i:(?<!brand\ )(?<!product\ )(?<!company\ )(?<!shop\ )(?<!store\ )(?<!item\ )
         (?:sur)?name(?:['’]?s)?(?:\ on\ (?:it|the\ \w{{3,12}}))?
         (?:\ (?:is|was|of|should\ be|to))?[:,]?
         |фамили[яюией]{{1,2}}:?|(?:моё|мое|на|его|её)\ имя:?|имя:|зовут|фио:?|получатель:?)\s+
         [\"“«']?(?P<sure>{_PERSON}|{_LOUD})""",
    # Mr. O'Brien
    rf"""\b(?:M[Rr]s?|mrs?|Ms|Miss|Mx|D[Rr]|dr|[Pp]rof|[Гг]-(?:н|жа)\w{{0,2}}
         |[Гг]оспо(?:дин|ж)\w{{0,3}}|[Тт]оварищ\w{{0,2}}|[Гг]р)\.?\s+{_NAME}""",
)
"""Tell of a name in whatever is written, a headline or a shout."""
_TELLING: Final = (
    # Dear John, / Good morning Rebecca! / Hi Tom and Lisa, / Здравствуйте, Йонас!
    rf"""(?<!\w\s)\b(?i:dear|hi|hello|hey|hiya|greetings|good\ (?:morning|afternoon|evening|day)
         |уважаем\w{{2,3}}|дорог\w{{2,3}}|здравствуйте?|привет|приветствую
         |добр\w{{2}}\ (?:день|утро|вечер)),?\s+
         (?:(?P<one>{_PERSON})\ (?:and|&|и)\ )?{_NAME}{_END}""",
    # Kind regards, Anna Petrova
    rf"""\b(?i:regards|sincerely|faithfully|truly|wishes|с\ уважением|пожеланиями)
         [,.!\s–—-]{{1,5}}(?:{_NAME}|(?P<loud>{_LOUD})){_END}""",
    # Thanks, / Oliver
    rf"""\b(?i:yours|best|cheers|thanks|thank\ you|спасибо|благодарю)
         [,.!\s–—-]{{1,5}}{_NAME}{_LAST}""",
    # Thank you, Daniel. When …
    rf"""\b(?i:thanks|thank\ you|cheers|спасибо|благодарю),?\ {_NAME}(?=[,.!])""",
    # your courier Mike / an agent named "Kevin" / the driver, Carlos,
    rf"""\b(?i:{_STAFF})(?:(?:,?\ {_CALLED})?\ {_QUOTED}|,\ (?P<between>{_PERSON})(?=,))""",
    # my wife Helen ordered it, but not: I bought my wife Dior perfume
    rf"""\b(?i:{_FAMILY})(?:,?\ {_CALLED}\ {_QUOTED}
         |,?\ (?P<between>{_PERSON})(?=[,.!?;)]|$|\ (?:{_DOES})\b))""",
    rf"""\b(?i:some(?:one|body)\ {_CALLED}|(?:person|man|woman|lady|guy|girl|boy)\ {_CALLED}
         |by\ the\ name\ of|по\ имени|по\ фамилии)\ {_QUOTED}""",
    # I spoke to Jennifer / told by Steve / signed "Kev"
    rf"""\b(?i:(?:spoken?|speak(?:ing)?|talk(?:ed|ing)?|chat(?:ted|ting)?|deal(?:t|ing))
         \ (?:to|with)
         |(?:told|helped|served|assisted|signed|assured|informed|advised|promised)(?:\ for)?\ by
         |signed(?:\ for)?|addressed\ to|on\ behalf\ of|attn:?)\ {_QUOTED}""",
    # Robert from support / hand me over to Sarah, she helped me
    rf"""\b{_LATE}(?:,\ (?:she|he)\b|\ (?:from|of|at)\ (?:the\ |your\ )?
         (?i:customer|support|team|help|sales|complaints|billing|warehouse|chat)\b)""",
    # Hi, its Gordon, I rang / I'm Grace and my order
    rf"""\b(?i:this\ is|i['’]?m|i\ am|it['’]?s|это)\ {_NAME}
         (?=\ (?:here|speaking|from)\b|,\ I\b|\ and\ (?:my|I)\b)""",
)
_INTRODUCED: Final = tuple(re.compile(pattern, re.VERBOSE) for pattern in _INTRODUCING)
_TOLD: Final = tuple(re.compile(pattern, re.VERBOSE) for pattern in _TELLING)

_BETWEEN_SPACES = re.compile(r"\S+")
_CAPITAL = re.compile(r"[A-ZÀ-ÖØ-ÞА-ЯЁ][\w'’-]*")
_LETTERS = re.compile(r"[^\W\d_]{2,}")
_INITIAL = re.compile(r"\w\.")


@dataclass(frozen=True, slots=True)
class AnnouncedName:
    start: int
    end: int


def find_announced(text: str) -> Iterator[AnnouncedName]:
    """Where names stand behind, before or between words that tell of one."""
    if all(word.lower() in NO_NAMES for word in _CAPITAL.findall(text)):
        return
    for place in _INTRODUCED if _is_headline(text) else (*_INTRODUCED, *_TOLD):
        for match in place.finditer(text):
            for group in place.groupindex:
                if match[group]:
                    yield from _to_names(match[group], match.start(group), group)


def _is_headline(text: str) -> bool:
    words = _LETTERS.findall(text)

    return len(words) > 4 and sum(word[0].isupper() for word in words) > HEADLINE * len(words)


def _to_names(written: str, start: int, group: str) -> Iterator[AnnouncedName]:
    """
    The words of it that can be a name: "Sarah" of "Sarah Please".

    Nothing if the first cannot be one and must not be skipped; an initial alone is none.
    """
    first, end = None, 0
    for match in _BETWEEN_SPACES.finditer(written):
        if _may_be_name(match[0], surely=group == "sure"):
            first = match.start() if first is None else first
            end = end if match[0].islower() else match.end()
        elif first is not None or group != "late":
            break
    if first is not None and not _INITIAL.fullmatch(written, first, end):
        yield AnnouncedName(start + first, start + end)


def _may_be_name(word: str, *, surely: bool) -> bool:
    if word.lower().replace("’", "'") in NO_NAMES:
        return False

    return surely or not is_cyrillic(word) or may_be_name(word)
