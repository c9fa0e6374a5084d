"""Which words are English and which are Russian, by the word lists that came with the models."""

import re
from functools import lru_cache

from pymorphy3 import MorphAnalyzer
from tokenizers import Tokenizer

from bot.engine.encoders import minilm_folder

# Shorter "words" of the English list are syllables, initials and chemical symbols.
_WORD = re.compile(r"[a-z]{3,}")


def is_english(word: str) -> bool:
    """Whether it is among the 20,000 words most frequent in English; `word` in small letters."""
    return word in _english()


@lru_cache(maxsize=50_000)
def is_russian(word: str) -> bool:
    """Whether it is in the dictionary, in whatever form; `word` is in Cyrillic."""
    return bool(russian_dictionary().word_is_known(word))


@lru_cache(maxsize=1)
def russian_dictionary() -> MorphAnalyzer:
    """OpenCorpora's dictionary with its forms, read once."""
    return MorphAnalyzer()


@lru_cache(maxsize=1)
def _english() -> frozenset[str]:
    # What MiniLM has a token for as a whole, instead of a list of our own.
    tokenizer = Tokenizer.from_file(str(minilm_folder() / "tokenizer.json"))
    return frozenset(filter(_WORD.fullmatch, tokenizer.get_vocab()))
