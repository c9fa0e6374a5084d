"""
The language of a message, by its letters and, in Latin letters, by its words.

Statistical detectors err on short mixed text; "any Cyrillic is Russian" and a list of frequent
transliterated words did better (tests/engine/test_languages.py has the cases). A dictionary knows
the words that no list has ("zabyli polozhit pult"), and an English one those that are Russian by
chance: nobody writes "net curtains torn" in Russian.
"""

import re
from dataclasses import dataclass
from typing import Literal, Optional

from bot.engine.transliteration import to_cyrillic
from bot.engine.vocabularies import is_english, is_russian

Language = Literal["en", "ru"]

# Stems end with a hyphen. What stands in "_EITHER" is left out.
_RUSSIAN = """
adresa adresu bez blagodar- brak- budet budu byl byla bylo chek- chelovek- cherez chto chtob- cvet
da davai davaite davay den'gi deneg dengi dlya dobriy dobryi dobryy dolgo dostav- drugogo drugoi
drugoy druguyu esche eshche eshe esli eto etot etu gde hochu horosh- horosho hotela hotelos ili iz
kachestv- kak kakaya kakie kakoi kakov kakoy kakuyu karte kartu karty khochu khorosho kogda
konechno korobk- kto kuda kupi- kur'er- kurer- kurier- kvitanc- ladno magazina magazine menya
mesyac- mne mnoi moe moego mogu moi moskv- moy moya moyu mozhet mozhete mozhno nado napishite ne
nedel- nelzya net netu nety nichego nikak nikto nomer- normalno nuzhen nuzhna nuzhno nuzhny obman-
obmen- ochen odobren- ona oni operatora operatorom operatoru oplat- opyat ot otkaz- otkuda otmen-
otprav- otpravk- palen- peredumal- perv- ploho plokho pochemu pochta pochte pochty poddel- podoid-
podoyd- podskazh- pojaluista poka poluchen- poluchi- pomenya- pomogite pomosch- ponyatno posilk-
posylk- povrezh- pozhaluist- pozhalujst- pozhaluyst- pri prikrep- prilozh- prishel prishla prishli
prishlite prishlo prislali priveee- privet privez- privoz- promokod- prosto punkta punkte pusto
rabotae- rasskazh- rassrochk- razbi- razmer- rubl- saite sdelai- sdelay- segodnya seichas sejchas
seychas skazhite skidk- skolko slom- snova snyal- soglas- spasib- spisal- srok- staty- svidan- tak
tam tolko tovar- tozhe trek tsvet tut udachi upakov- utro uzhas- uzhe v vam varianta vas vash
vashego vashei vashi vashu vchera vecher verni- vernuli vernut- vklyucha- vmesto voobsche
voobshche vopros- vozvrasch- vozvrash- vozvrat- vse vsego vsyo vtoro- vtoruyu vy vyber- za zabira-
zabr- zabud- zabyt- zachem zakaz- zakazyv- zamen- zaplat- zavtra zdes zdrast- zdravst- zhalob-
zhalov- zhdat zhdu
""".split()
# Those too short for the dictionary.
_ENGLISH = """
am an at be by he hi if in is it me my of or we
""".split()

# Frequent in both: "do svidaniya", "est variant", "ne to, no ne on".
_EITHER = frozenset("den do est no on to variant".split())

_STEMS = tuple(stem[:-1] for stem in _RUSSIAN if stem.endswith("-") and len(stem) > 3)
_WORDS = frozenset(stem.rstrip("-") for stem in _RUSSIAN if not stem.endswith("-"))
_ENGLISH_WORDS = frozenset(_ENGLISH)
TELLING = 4
"""Letters of a word that the Russian dictionary is asked for; it has most shorter ones."""
CHANCE = 1
"""Words of the Russian dictionary alone that an English message may have: "blender"."""
_LATIN_WORD = re.compile(r"(?<![\w@.])[a-z][a-z'`]*(?![\w@]|-\d)", re.IGNORECASE)
_CYRILLIC_WORD = re.compile(r"[а-яё]+", re.IGNORECASE)
_ID = re.compile(r"[\d@/]")


@dataclass(frozen=True)
class Reading:
    """A message as the model reads it; `language` is None where nothing speaks for one."""

    language: Optional[Language]
    text: str


def read(text: str) -> Reading:
    """The language of the text, and the text with transliterated Russian in Cyrillic."""
    bare = " ".join(word for word in text.split() if not _ID.search(word))
    cyrillic, latin = _CYRILLIC_WORD.findall(bare), _LATIN_WORD.findall(bare)
    if cyrillic:
        # "The Матрёшка doll came broken" is English: a name is not a language.
        return Reading("ru" if 3 * len(cyrillic) >= len(latin) else "en", text)
    if not latin:
        return Reading(None, text)
    if _is_transliterated(latin):
        return Reading("ru", _LATIN_WORD.sub(lambda match: to_cyrillic(match[0]), text))

    return Reading("en", text)


def _is_transliterated(words: list[str]) -> bool:
    listed = english = found = 0
    for word in map(str.lower, words):
        if word in _WORDS:
            listed += 1
        elif word in _EITHER:
            continue
        elif word in _ENGLISH_WORDS or is_english(word):
            english += 1
        elif word.startswith(_STEMS):
            listed += 1
        elif len(word) >= TELLING and is_russian(to_cyrillic(word)):
            found += 1

    return listed + found > english and (listed > 0 or found > CHANCE)
