"""
The clauses of a message that could each be a matter of their own.

"The mug came broken. Also, where is DEMO-1005?" holds two, and a model that is given the whole
hears the louder one, or neither. Where a message ends one thought and begins another is read off
its punctuation and its connectors; no grammar is needed for that, and no time.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.engine.cleaning import clean, clean_lines

MOST = 4
"""Clauses of one message; each is given to the model."""

_SHORTENED = "mr mrs ms dr st e.g i.e etc vs approx inc ltd т.е т.к т.д т.п др руб".split()
# "No. 5" goes on, "No. I never got it" does not.
_NUMBERED = "no nr num vol арт ул кв стр тел".split()
_ABBREVIATED = "".join(rf"(?<!\b{re.escape(each)}\.)" for each in _SHORTENED)
_BEFORE_NUMBER = "".join(rf"(?<!\b{re.escape(each)}\.)" for each in _NUMBERED)
# A single letter is an initial, unless it is a size.
_SENTENCE_END = (
    rf"(?:(?<=[.!?…])|(?<=[.!?…][\"')»])){_ABBREVIATED}(?<!\b[^\W\d_smlx]\.)"
    rf"(?:{_BEFORE_NUMBER}|(?!\s+[#№\d]))\s+"
)

_CONNECTOR = (
    r"(?:also|besides(?:\s+that)?|plus|in\s+addition|additionally|furthermore|moreover|btw"
    r"|by\s+the\s+way|on\s+top\s+of\s+that|secondly|thirdly|(?:second|third)(?=,)"
    r"|(?:another|one\s+(?:more|other))\s+(?:thing|question|problem|issue)(?:\s+is)?(?:\s+that)?"
    r"|также|кроме\s+того|плюс|во-вторых|в-третьих|ещё\s+один\s+вопрос"
    r"|ещ[её](?!\s+(?:не|нет|раз|бы)\b))"
)
_AND = r"(?:and|but|oh|и|а|но)"

# What shows that a clause is finite. A buyer in a hurry leaves the verb out: "one cup missing".
_VERB = (
    r"(?:(?:is|are|was|were|has|have|had|do|does|did|could|would|should)(?:n['’]?t)?|am|can(?:['’]?t)?"
    r"|will|won['’]?t|came|comes?|arrived|broke|broken|cracked|missing|got|wants?|needs?|ordered"
    r"|received|paid|bought|charged|sent|works?|stopped|fell|leaks?|leaked|says|said|shows|never"
    r"|still|\w+['’](?:s|m|ve|re|ll|d))"
)
_THING = r"(?:the|my|our|your|one|two|three|some|another|a|an|there|order|parcel|package|\S*\d\S*)"
_QUESTION = (
    r"(?:(?:where|when|how|why)(?:['’]?s)?\b"
    r"|(?:can|could|would|will|do|does|did|is|are|has|have)\s+(?:my|our|the|your|there|order)\b)"
)
# A pronoun goes on about the same thing ("the lamp came and it is broken"), and so does what the
# buyer wants for it ("it is broken and I want a refund").
_BEGINNING = rf"(?={_QUESTION}|{_THING}\s+(?:[^\s.,;!?]+\s+){{0,4}}?{_VERB}\b)"

_BREAK = re.compile(
    rf"{_SENTENCE_END}"
    r"|;\s+"
    r"|\s+[1-9]\)\s+"
    rf"|(?:,\s*|\s+[-–—]+\s+)(?:{_AND}\s+)?{_CONNECTOR}\b[,:]?\s+"
    rf"|\s+{_AND}\s+{_CONNECTOR}\b[,:]?\s+"
    rf"|(?P<bare>,?\s+(?:and|&|also|plus|besides)\s+){_BEGINNING}"
    r"|,?\s+и\s+(?=(?:где|когда|почему|сколько|можно)\b)",
    re.IGNORECASE,
)
_FINITE = re.compile(rf"\b{_VERB}\b", re.IGNORECASE)
_OPENING = re.compile(
    rf"(?:[-–—*•\s]+|[1-9][.)](?:\s+|$)|(?:{_AND}\s+)?{_CONNECTOR}\b[,:]?\s+)+", re.IGNORECASE
)
_WORD = re.compile(r"(?<!\S)[^\d\s]{2,}(?!\S)")
_COURTESY = frozenset(
    "hi hello hey dear good morning afternoon evening day there team all sir madam thank thanks you"
    " so very much many lot in advance please best kind regards cheers sorry ok okay again"
    " здравствуйте привет добрый день вечер утро спасибо большое пожалуйста заранее".split()
)


@dataclass(frozen=True)
class Piece:
    """A part of the text; `fresh` if a line break or a connector says that something new begins."""

    text: str
    fresh: bool

    def __add__(self, after: "Piece") -> "Piece":
        return Piece(f"{self.text} {after.text}", self.fresh)

    @property
    def is_courtesy(self) -> bool:
        """Whether nothing but a greeting or thanks is in it; so it is with nothing at all."""
        return all(word.casefold() in _COURTESY for word in re.findall(r"\w+", self.text))

    @property
    def is_fragment(self) -> bool:
        """Whether it is a number or a word alone."""
        return len(_WORD.findall(self.text)) < 2


def split(text: str) -> list[str]:
    """
    The clauses of what a buyer wrote, at most `MOST`, each as clean as a message; maybe none.

    Line breaks count, so the text is wanted as it was written. Greetings and thanks are left out.
    """
    pieces = [piece for line in clean_lines(text) for piece in _break(line)]
    clauses = _join_fragments([piece for piece in pieces if not piece.is_courtesy])
    while len(clauses) > MOST:
        _join_shortest(clauses)
    return [clause.text for clause in clauses]


def _break(line: str) -> Iterator[Piece]:
    start, fresh = 0, True
    for match in _BREAK.finditer(line):
        # "The lamp and the cup are broken" has one verb, and is one clause.
        if match["bare"] and not _FINITE.search(line, start, match.start()):
            continue
        yield _to_piece(line[start : match.start()], fresh)
        start, fresh = match.end(), not match[0].isspace()
    yield _to_piece(line[start:], fresh)


def _to_piece(written: str, fresh: bool) -> Piece:
    """Cleaned again: a piece may start with a slash though its message does not."""
    opening = _OPENING.match(written)
    text = written[opening.end() :] if opening else written
    return Piece(clean(text), fresh or opening is not None)


def _join_fragments(pieces: list[Piece]) -> list[Piece]:
    """Fragments with their neighbours: of "Order DEMO-1003. Where is it?" one clause."""
    clauses: list[Piece] = []
    for piece in pieces:
        if clauses and (piece.is_fragment or clauses[-1].is_fragment):
            clauses[-1] += piece
        else:
            clauses.append(piece)

    return clauses


def _join_shortest(clauses: list[Piece]) -> None:
    """Make one of the two neighbours that are shortest together: nothing said is dropped."""
    first = min(
        range(len(clauses) - 1),
        key=lambda at: (clauses[at + 1].fresh, len(clauses[at].text) + len(clauses[at + 1].text)),
    )
    clauses[first : first + 2] = [clauses[first] + clauses[first + 1]]
