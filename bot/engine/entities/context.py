"""
What stands around a number: the word that says what it is, and signs that make it part of more.

"Order 1004", "size 42", "call me on 12345678": the digits alone say nothing.
"""

from bot.engine.entities.patterns import Cues
from bot.engine.entities.tokens import Tokens

NEAR = 6
"""Tokens between a number and the word that says what it is, at most."""

LONG = 4
"""Digits from which on a number has used up the word before it: "tracking 123456, 83850025"."""

_ENDS = frozenset("!?;")
_JOINING = frozenset("@/+-_\\")
_FILES = frozenset(
    "jpg jpeg png gif heic webp pdf doc docx mp4 mov avi txt com net org ru de".split()
)


class Context:
    """Looks around in one text."""

    def __init__(self, tokens: Tokens, cues: Cues) -> None:
        self._tokens = tokens
        self._cues = cues
        self._before: dict[int, str] = {}
        self._following: dict[tuple[int, str, bool], bool] = {}

    def cue_before(self, place: int) -> str:
        """The nearest cue before a token, in its sentence and within reach; empty if none."""
        if place not in self._before:
            self._before[place] = self._find_before(place)
        return self._before[place]

    def _find_before(self, place: int) -> str:
        lower = self._tokens.lower
        if self.word(place - 1) in self._cues.fillers["turning"]:
            return ""  # "tracking for 83850025"
        for at in range(place - 1, max(place - 2 - NEAR, -1), -1):
            word = lower[at]
            cue = self._cues.words.get(word)
            if cue:
                asked = cue == "tracking" and self.word(place - 1) in self._cues.fillers["asking"]
                return "" if asked else cue
            if word in _ENDS or (word == "." and not self._is_abbreviated(at)):
                return ""
            if sum(map(str.isdigit, word)) >= LONG:
                return ""
        return ""

    def follows(self, place: int, cue: str, *, numbered: bool) -> bool:
        """
        Whether the cue stands before the token with nothing but fillers between.

        `numbered` asks for one of them that says "number". A number that was joined by "and" or a
        comma is passed: "orders 1004, 1005 and 1006".
        """
        key = place, cue, numbered
        if key not in self._following:
            self._following[key] = self._find_following(place, cue, numbered=numbered)
        return self._following[key]

    def _find_following(self, place: int, cue: str, *, numbered: bool) -> bool:
        lower, fillers = self._tokens.lower, self._cues.fillers
        between = fillers["between"] | fillers.get(cue, frozenset())
        joined = said = False
        for at in range(place - 1, max(place - 2 - 3 * NEAR, -1), -1):
            word = lower[at]
            if self._cues.words.get(word) == cue:
                return (said or not numbered) and not self._is_verb(at)
            if word in fillers["number"]:
                said = True
            elif word in fillers["joining"]:
                joined = True
            elif joined and any(map(str.isdigit, word)):
                joined = False
            elif word not in between:
                return False
            if word == "." and not self._is_abbreviated(at):
                return False
        return False

    def _is_verb(self, place: int) -> bool:
        """Whether "order" is what somebody does here."""
        before, fillers = self.word(place - 1), self._cues.fillers
        return before in fillers["acting"] or (
            before == "to" and self.word(place - 2) in fillers["wanting"]
        )

    def precedes(self, place: int, cue: str) -> bool:
        """Whether a token is followed by "is my", or the like, and the cue: "1004 is my order"."""
        lower, fillers = self._tokens.lower, self._cues.fillers
        for at in range(place, min(place + NEAR, len(lower))):
            word = lower[at]
            if self._cues.words.get(word) == cue:
                return at > place
            if word not in fillers["explaining"] and word not in fillers["number"]:
                return False
        return False

    def is_free(self, start: int, end: int) -> bool:
        """Whether the tokens are no part of an address, a path, a file's name or a longer code."""
        return self._opens(start) and self._closes(end)

    def word(self, place: int) -> str:
        """The token at a place in lower case; empty beyond both ends."""
        return self._tokens.lower[place] if 0 <= place < len(self._tokens) else ""

    def _opens(self, start: int) -> bool:
        tokens = self._tokens
        if not tokens.glued(start):
            return True
        before, earlier = tokens.lower[start - 1], self.word(start - 2)
        glued = tokens.glued(start - 1)
        if tokens.lower[start] in ("#", "№"):
            return not before[-1:].isalnum() or self._is_known(before)
        if before == ".":
            return not (glued and earlier[-1:].isalnum()) or self._is_known(earlier)
        if before in ("-", "_"):
            return not (glued and earlier[-1:].isalnum()) or self._is_known(earlier)
        if before == "/":
            return glued and any(map(str.isdigit, earlier)) and start - 2 not in tokens.closed
        if before[-1:].isalnum():
            return self._is_known(before)
        return before not in _JOINING

    def _closes(self, end: int) -> bool:
        tokens = self._tokens
        if not tokens.glued(end):
            return True
        after = tokens.lower[end]
        if after == "@" or after[:1].isalnum():
            return False
        if not tokens.glued(end + 1):
            return True
        following = tokens.lower[end + 1]
        if after in "-_":
            return not following[0].isalnum()
        if after == ".":
            return not following[0].isdigit() and following not in _FILES
        return True

    def _is_known(self, word: str) -> bool:
        return word in self._cues.words or word in self._cues.fillers["number"]

    def _is_abbreviated(self, stop: int) -> bool:
        """Whether the full stop at this place shortens a word: "no.", "тел."."""
        return stop > 0 and (
            self._tokens.lower[stop - 1] in self._cues.fillers["number"]
            or (
                len(self._tokens.lower[stop - 1]) <= 3
                and self._cues.words.get(self._tokens.lower[stop - 1]) is not None
            )
        )
