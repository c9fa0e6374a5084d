"""
A message as a line of Rasa's NLU files, and back.

Rasa's markup has no escape: what looks like a mark is read as one. So a line is read again as Rasa
would read it, and a text that would become another one is refused before it is written.
"""

import json
import re
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final

from bot.workbench.project.wrong_edit import WrongEdit

LONGEST: Final = 2000
"""Characters that the model reads of a message (bot/engine/cleaning.py)."""
SHOWN: Final = 60
"""Characters of an example that are told in a refusal."""

# Rasa's own (rasa/shared/nlu/training_data/entities_parser.py), part by part.
_MARK = re.compile(
    r"\[(?P<text>[^\]]+?)\]"
    r"(?:\((?P<kind>[^:)]+?)(?::(?P<value>[^)]+))?\)|\{(?P<fields>[^}]+?)\}|\[(?P<list>.*?)\])"
)
# Rasa decodes these in a file of ASCII characters alone (rasa/shared/utils/io.py: read_yaml).
_DECODED = re.compile(r"\\[uU]")
_WORD: Final = re.compile(r"\w+")
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Co"})
"""What nobody can see, and the model never gets: control, zero-width, surrogate, private use."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A detail in a text, `start` to `end` in characters; `normal` is its other form, if given."""

    kind: str
    start: int
    end: int
    normal: str | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """A message and the details in it; `marked` is how a file writes it, behind the dash."""

    text: str
    marks: tuple[Mark, ...]
    marked: str

    @property
    def key(self) -> str:
        """The same for the same words, however they are capitalised."""
        return key_of(self.text)


def key_of(text: str) -> str:
    """The same for the same words, however they are capitalised and spaced."""
    return " ".join(text.casefold().split())


def words_of(text: str) -> str:
    """The same for the same words with other punctuation, too; a text without words is itself."""
    return " ".join(_WORD.findall(text.casefold())) or text


def read_line(marked: str) -> Said:
    """What Rasa reads in a line, without its dash; ValueError for a broken mark."""
    plain, read, marks = "", 0, []
    for match in _MARK.finditer(marked):
        plain += marked[read : match.start()]
        start = len(plain)
        plain += match["text"]
        read = match.end()
        marks += [
            Mark(kind, start, len(plain), None if normal == match["text"] else normal)
            for kind, normal in _details(match)
        ]

    return Said(plain + marked[read:], tuple(marks), marked)


def _details(match: re.Match[str]) -> Iterable[tuple[str, str | None]]:
    if match["kind"]:
        return [(match["kind"], match["value"])]
    texts = [match["fields"]] if match["fields"] else re.findall(r"{([^}]+?)\}", match["list"])
    found = []
    for text in texts:
        try:
            fields = json.loads(f"{{{text}}}")
        except RecursionError as error:
            raise ValueError("brackets in brackets, too many of them") from error
        if not isinstance(fields.get("entity"), str):
            raise ValueError(f"{{{text}}} names no entity")
        normal = fields.get("value")
        found.append((fields["entity"], None if normal is None else str(normal)))

    return found


def given(marked: str, kinds: Collection[str]) -> Said:
    """
    An example that somebody typed, in which `[#1234](order_number)` marks a detail.

    It becomes one line of what can be seen. `WrongEdit` says what is wrong with it.
    """
    line, _ = _tidy(marked)
    _check(line)
    shown = shorten(line)
    try:
        said = read_line(line)
    except ValueError as error:
        raise WrongEdit(
            "wrong_example",
            f"“{shown}” holds brackets that Rasa takes for a mark, and they are none that it can "
            "read. Put a space behind the ].",
        ) from error
    for mark in said.marks:
        if mark.kind not in kinds:
            known = ", ".join(sorted(kinds))
            raise WrongEdit(
                "wrong_example",
                f"“{shown}” holds brackets that Rasa takes for the mark of a detail of the kind "
                f"“{shorten(mark.kind)}”, which there is not. Put a space behind the ], or mark "
                f"one of {known}.",
            )
    if any(match["list"] is not None for match in _MARK.finditer(line)):
        raise WrongEdit(
            "wrong_example",
            f"“{shown}” holds brackets of which Rasa would drop a part. Put a space behind the ].",
        )
    if any(not said.text[mark.start : mark.end].strip() for mark in said.marks):
        raise WrongEdit("wrong_example", f"“{shown}” marks a detail that is empty.")
    _check(said.text)

    return marked_up(said.text, said.marks)


def plain(text: str, marks: Iterable[Mark], kinds: Collection[str]) -> Said:
    """
    A message as a buyer wrote it, with the details that were found in it.

    Brackets of the buyer's own mean nothing; `WrongEdit` where Rasa would see a mark in them.
    Details of unknown kinds, overlapping ones and such as cannot be marked are left unmarked.
    """
    line, places = _tidy(text)
    _check(line)
    kept: list[Mark] = []
    for mark in sorted(marks, key=lambda one: (one.start, -one.end)):
        moved = _moved(line, mark, places)
        if moved is None or mark.kind not in kinds or (kept and moved.start < kept[-1].end):
            continue
        if not set(line[moved.start : moved.end]) & {"[", "]"}:
            kept.append(moved)

    return marked_up(line, kept)


def marked_up(text: str, marks: Iterable[Mark]) -> Said:
    """The line of a text; `WrongEdit` unless Rasa reads just that text and those marks in it."""
    said = Said(text, tuple(marks), _write(text, marks))
    try:
        read = read_line(said.marked)
    except ValueError:
        read = None
    if read != said:
        raise WrongEdit(
            "wrong_example",
            f"“{shorten(text)}” holds brackets that Rasa would take for the mark of a detail. "
            "Put a space behind the ].",
        )

    return said


def shorten(text: str) -> str:
    """The beginning of a text that may be long."""
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


def _write(text: str, marks: Iterable[Mark]) -> str:
    written, read = "", 0
    for mark in marks:
        value = text[mark.start : mark.end]
        if mark.normal is None:
            tail = f"({mark.kind})"
        elif set(mark.normal) & {")", "]"}:
            tail = json.dumps({"entity": mark.kind, "value": mark.normal}, ensure_ascii=False)
        else:
            tail = f"({mark.kind}:{mark.normal})"
        written += f"{text[read : mark.start]}[{value}]{tail}"
        read = mark.end

    return written + text[read:]


def _tidy(text: str) -> tuple[str, list[int]]:
    """One line of what can be seen, and where each character of the text (and its end) stands."""
    kept: list[str] = []
    places: list[int] = []
    for character in text:
        places.append(len(kept))
        if character.isspace():
            if kept and kept[-1] != " ":
                kept.append(" ")
        elif not _is_unseen(character):
            kept.append(character)
    places.append(len(kept))
    line = "".join(kept).rstrip(" ")

    return line, [min(place, len(line)) for place in places]


def _is_unseen(character: str) -> bool:
    """The last two of each plane are no characters at all, and YAML refuses a file with some."""
    return unicodedata.category(character) in _UNSEEN or ord(character) & 0xFFFE == 0xFFFE


def _moved(line: str, mark: Mark, places: list[int]) -> Mark | None:
    if not 0 <= mark.start < mark.end < len(places):
        return None
    start, end = places[mark.start], places[mark.end]
    value = line[start:end]
    start, end = start + len(value) - len(value.lstrip()), end - len(value) + len(value.rstrip())

    return Mark(mark.kind, start, end, mark.normal) if start < end else None


def _check(line: str) -> None:
    shown = shorten(line)
    if not line or not any(not unicodedata.combining(one) and one != " " for one in line):
        raise WrongEdit("wrong_example", "An example is empty: nothing in it can be seen.")
    if len(line) > LONGEST:
        raise WrongEdit(
            "wrong_example",
            f"“{shown}” has {len(line)} characters. The model reads {LONGEST} at most: shorten it.",
        )
    if unicodedata.normalize("NFKC", line).lstrip().startswith("/"):
        raise WrongEdit(
            "wrong_example",
            f"“{shown}” starts with a slash, which Rasa takes for a command. Leave the slash out.",
        )
    if _DECODED.search(line):
        raise WrongEdit(
            "wrong_example",
            f"“{shown}” holds \\u, which Rasa reads as the code of a letter. Write it with /.",
        )
