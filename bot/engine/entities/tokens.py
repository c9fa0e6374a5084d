"""
How a message is cut into tokens: numbers, codes, links and addresses stay whole.

spaCy's own tokenizer strips one sign after the other from both ends of a chunk and searches it
anew each time, which takes seconds for a screenful of brackets. This one goes through the text
once. No alternative can be matched in two ways, and each repetition that is tried again at another
place has a bound.
"""

import re
from dataclasses import dataclass

from spacy.attrs import LOWER
from spacy.tokens import Doc
from spacy.vocab import Vocab

# Words that are written without a space before a number; "ord" and "inv" are parts of numbers.
_GLUED = (
    "order ordernumber orderno no nr n size tel phone заказ заказа заказу номер размер тел".split()
)

_TOKEN = re.compile(
    rf"""
    \s+
    # a link, also without its scheme: nothing in it is anything else
  | (?P<link>(?:https?://|www\.)[^\s<>"']+
      | (?<![\w.@-])[^\W_][\w-]{{0,62}}(?:\.[\w-]{{1,63}}){{1,5}}/[^\s<>"']*)
    # an e-mail address
  | (?P<address>(?<![\w.+-])[\w.+-]{{1,64}}@[\w-]{{1,63}}(?:\.[\w-]{{1,63}}){{1,5}})
    # a Wildberries srid
  | (?<![\w@/+.-])(?:[a-z]{{1,3}}\.)?[0-9a-z]{{12,40}}\.\d{{1,2}}\.\d{{1,2}}(?!\w|[.-]\w)
    # a number with what belongs into it: 12/05, 15.01.2024, 1,000.00
  | (?<!\w)\d{{1,4}}(?:/\d{{1,4}}){{1,2}}(?![\w/])
  | (?<!\w)\d{{1,3}}(?:,\d{{3}}){{1,5}}(?:\.\d{{1,2}})?(?!\d)
  | (?<!\w)\d{{1,12}}(?:[.]\d{{1,12}}){{1,8}}(?:,\d{{1,2}})?(?!\d)
  | (?<!\w)\d{{1,12}},\d{{1,2}}(?!\d)
    # a word that sticks to its number: order12345, size-42
  | (?<!\w)(?:{"|".join(_GLUED)})(?=[-_]?\d)
    # words and codes: DEMO-1003, 304-5521987-0093345, don't
  | [^\W_]+(?:(?:[-_]|(?<=\d)[–‑](?=\d)|(?<=[^\W\d])['’](?=[^\W\d_]))[^\W_]+)*
    # signs that mean something stand alone, but not a whole row of one; others in a row are one
  | (?P<sign>[^\w\s])(?P=sign){{2,}}
  | [#№€$£₽₴₸¥+()/@&.,:;!?"'«»„“”‘’=_–—-]
  | [^\w\s#№€$£₽₴₸¥+()/@&.,:;!?"'«»„“”‘’=–—-]+
    """,
    re.IGNORECASE | re.VERBOSE,
)

_CLOSED = ("link", "address")


@dataclass(frozen=True)
class Tokens:
    """A text in pieces; `starts` and `ends` count characters, `lower` is what is compared."""

    text: str
    words: tuple[str, ...]
    lower: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    closed: frozenset[int]
    """Places of links and e-mail addresses."""

    def __len__(self) -> int:
        return len(self.words)

    def glued(self, place: int) -> bool:
        """Whether no space stands before this token."""
        return 0 < place < len(self.words) and self.starts[place] == self.ends[place - 1]

    def raw(self, start: int, end: int) -> str:
        """The text of the tokens from `start` up to `end`, as it was written."""
        return self.text[self.starts[start] : self.ends[end - 1]]


def cut(text: str) -> Tokens:
    """The tokens of a text; white space is none."""
    found = [match for match in _TOKEN.finditer(text) if not match[0].isspace()]
    words = tuple(match[0] for match in found)
    return Tokens(
        text=text,
        words=words,
        lower=tuple(word.lower() for word in words),
        starts=tuple(match.start() for match in found),
        ends=tuple(match.end() for match in found),
        closed=frozenset(place for place, match in enumerate(found) if match.lastgroup in _CLOSED),
    )


def new_vocab() -> Vocab:
    """A vocabulary that computes of a word only what patterns compare."""
    return Vocab(lex_attr_getters={LOWER: str.lower})


def to_doc(tokens: Tokens, vocab: Vocab) -> Doc:
    """The tokens as spaCy takes them, which knows no half characters."""
    words = [word.encode("utf-8", "replace").decode() for word in tokens.words]
    return Doc(vocab, words=words)
