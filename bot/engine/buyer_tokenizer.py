"""What a message says, without what is only a name in it: numbers, addresses, spelling, endings."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any, Optional

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.engine.languages import read
from bot.engine.vocabularies import is_russian, russian_dictionary

LANGUAGE = "language"
"""The message's property that says `en`, `ru` or None; it is part of what Rasa answers."""
HEARD = "heard"
"""The message's property with the text as the model hears it."""

_WORD = re.compile(r"\w+|[?!]")
# Signs with a word beside them and not only figures, as in "1,004". A full stop is none: "no.1004".
_GLUE = re.compile(r"(?<=[^\W\d_]{2})[,;:!?/()]+(?=\S)|[,;:!?/()]+(?=[^\W\d_]{2})|(?=[#№])")
_CYRILLIC = re.compile("[а-яё]", re.IGNORECASE)
_YO = str.maketrans("ёЁ", "еЕ")
NUMBER = "ordernumber"
ID_DIGITS = 4
"""Digits that make a word an order number, a postcode or a phone number, whichever."""
MOST_GUESSED = 20
"""Words of a message, in no dictionary, whose ending is guessed, at half a millisecond each."""
MOST_SYMBOLS = 5
"""Emoji that are heard of one message; a row of fifty says no more."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class BuyerTokenizer(Tokenizer):
    """
    Words as the featurizers want them, each with its lemma where it is Russian.

    An order number, an address or a link is replaced by a word for its kind, and an emoji by its
    name: the model learns "emailaddress" once instead of every buyer's. Places of tokens count in
    the text as it is heard, not as it was written.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Intents stay whole; these are Rasa's own options."""
        return {
            "intent_tokenization_flag": False,
            "intent_split_symbol": "_",
            "token_pattern": None,
            "prefix_separator_symbol": None,
        }

    def tokenize(self, message: Message, attribute: str) -> list[Token]:
        """The tokens of the text; its language and what was heard are set on the message."""
        text = message.get(attribute)
        if attribute == TEXT:
            reading = read(text)
            # Half of all buyers write one for the other.
            text = to_heard(reading.text).translate(_YO)
            message.set(LANGUAGE, reading.language, add_to_output=True)
            message.set(HEARD, text)

        found = list(_WORD.finditer(text))
        lemmas = to_lemmas([match[0] for match in found])
        return [
            Token(match[0], match.start(), match.end(), lemma=lemma)
            for match, lemma in zip(found, lemmas, strict=True)
        ]


def to_heard(text: str) -> str:
    """The text with words for numbers, addresses, links and emoji."""
    heard: list[str] = []
    for word in _without_glue(_name_symbols(text)):
        kind = _kind(word, heard[-1] if heard else "")
        if kind is None:
            heard.append(word)
        elif not heard or heard[-1] != kind:
            heard.append(kind)
        if kind and word[-1] in "?!":
            heard.append(word[-1])

    return " ".join(heard)


def _without_glue(text: str) -> Iterator[str]:
    """The words, a number apart from those that are stuck to it: "order:1004,where" is three."""
    for word in text.split():
        if _kind(word, "") == NUMBER:
            yield from _GLUE.sub(lambda sign: f" {sign[0].strip(',;:/()')} ", word).split()
        else:
            yield word


def _kind(word: str, before: str) -> Optional[str]:
    """The word for what this one is a name of; None for a word that means something."""
    if "://" in word or word.lower().startswith("www."):
        return "weblink"
    _, at, host = word.partition("@")
    if at and "." in host:
        return "emailaddress"
    digits = sum(character.isdigit() for character in word)
    if digits >= ID_DIGITS or (digits and word[0] in "#№+"):
        return NUMBER
    # A phone number in groups is one number.
    if before == NUMBER and word.strip("()-.").isdigit():
        return NUMBER

    return None


def _name_symbols(text: str) -> str:
    left = MOST_SYMBOLS
    named = []
    for character in text:
        if character < "\u2000" or character == "№" or unicodedata.category(character) != "So":
            named.append(character)
        elif left:
            left -= 1
            named.append(f" {unicodedata.name(character, '').lower()} ")

    return "".join(named)


def to_lemmas(words: Sequence[str]) -> list[str]:
    """The dictionary form of each; of what no dictionary has, so many are guessed."""
    lemmas, left = [], MOST_GUESSED
    for lower in map(str.lower, words):
        guessed = _CYRILLIC.search(lower) is not None and not is_russian(lower)
        lemmas.append(lower if guessed and not left else to_lemma(lower))
        left -= guessed and left > 0

    return lemmas


@lru_cache(maxsize=50_000)
def to_lemma(word: str) -> str:
    """The dictionary form of a Russian word; any other word as it is, in small letters."""
    lower = word.lower()
    if not _CYRILLIC.search(lower):
        return lower
    return str(russian_dictionary().parse(lower)[0].normal_form)
