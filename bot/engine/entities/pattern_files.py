"""
The pattern files of data/entities, read and checked; data/entities/README.md describes them.

A trainer writes them, so what is wrong with one is said with its file and line, and all of it at
once. Read they are plain values again, which a model carries with it as JSON.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Optional

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from bot.engine.entities.endings import spell_out
from bot.engine.entities.patterns import Cues, Element, Kind, Pattern, Patterns
from bot.engine.entities.readings import READINGS

_ELEMENT = re.compile(
    r"(?P<regex>/(?:[^/\\]|\\.)+/)(?P<op>\?|\{\d,\d{1,2}\})?|(?P<words>[^\s/{}]+?)(?P<may>\?)?"
)
_FILE_KEYS = {"entity", "priority", "words", "phrases", "patterns", "cues", "fillers"}
_AROUND = ("after", "before", "near", "not_near", "not_after")
_PATTERN_KEYS = {"tokens", "reads", "priority", *_AROUND}


class BrokenPatterns(ValueError):
    """Some pattern file cannot be used; the text has a line for each mistake."""


def read_patterns(folder: Path) -> Patterns:
    """The pattern files of a folder; `BrokenPatterns` names every mistake in them."""
    files = sorted(folder.glob("*.yml"))
    if not files:
        raise BrokenPatterns(f"{folder}: no pattern files (*.yml) are here.")
    readers = [_File(file) for file in files]
    cues = Cues(
        {word: cue for reader in readers for word, cue in reader.cues.items()},
        {name: words for reader in readers for name, words in reader.fillers.items()},
    )
    known = frozenset(cues.words.values())
    kinds = tuple(kind for reader in readers if (kind := reader.kind(known)))
    mistakes = [line for reader in readers for line in reader.mistakes]
    if mistakes:
        raise BrokenPatterns("\n".join(mistakes))

    return Patterns(kinds, cues)


class _File:
    """One file, while it is read; `mistakes` fills on the way."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.mistakes: list[str] = []
        self.content = self._load()
        for key in self.content:
            if key not in _FILE_KEYS:
                self._complain(self.content, key, f"`{key}` means nothing here.")
        self.cues = self._inverted("cues")
        self.fillers = {
            name: frozenset(self._split(self._map("fillers"), name))
            for name in self._map("fillers")
        }

    def kind(self, known_cues: frozenset[str]) -> Optional[Kind]:
        """The entity that the file describes; None for a file of cues."""
        if "entity" not in self.content:
            if "patterns" in self.content or "phrases" in self.content:
                self._complain(self.content, None, "`entity` is missing.")
            return None
        lists = self._map("words")
        words = {name: self._list(lists, name) for name in lists}
        written = self.content.get("patterns") or []
        if not isinstance(written, list):
            self._complain(self.content, "patterns", "`patterns` is a list.")
            written = []
        patterns = [self._pattern(each, words, known_cues) for each in written]
        return Kind(
            entity=str(self.content["entity"]),
            priority=self._priority(self.content, 50),
            words=words,
            phrases=self._inverted("phrases"),
            patterns=tuple(each for each in patterns if each),
        )

    def _priority(self, written: CommentedMap, default: int) -> int:
        priority = written.get("priority", default)
        if isinstance(priority, int):
            return priority
        self._complain(written, "priority", "`priority` is a whole number.")
        return default

    def _load(self) -> CommentedMap:
        try:
            content = YAML(typ="rt").load(self.path.read_text("utf-8"))
        except MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 1
            self.mistakes.append(f"{self.path}:{line}: {error.problem}")
        except (YAMLError, UnicodeDecodeError) as error:
            self.mistakes.append(f"{self.path}:1: {error}")
        else:
            if isinstance(content, CommentedMap):
                return content
            self.mistakes.append(f"{self.path}:1: `entity`, `cues` or the like is expected.")
        return CommentedMap()

    def _map(self, key: str) -> CommentedMap:
        value = self.content.get(key)
        if isinstance(value, CommentedMap):
            return value
        if value is not None:
            self._complain(self.content, key, f"`{key}` needs names with words behind them.")
        return CommentedMap()

    def _inverted(self, key: str) -> dict[str, str]:
        """From each word or phrase to the name that it stands under."""
        names = self._map(key)
        found: dict[str, str] = {}
        for name in names:
            for word in self._split(names, name):
                if found.setdefault(word, str(name)) != str(name):
                    self._complain(names, name, f"“{word}” stands under `{found[word]}`, too.")
        return found

    def _list(self, lists: CommentedMap, name: str) -> dict[str, str]:
        """A list of words: each word means itself, or the name that it stands under."""
        if not str(name).isupper():
            self._complain(lists, name, f"`{name}`: the name of a list is in capitals.")
        under = lists[name]
        if not isinstance(under, CommentedMap):
            return {word: word for word in self._split(lists, name)}
        return {word: str(value) for value in under for word in self._split(under, value)}

    def _split(self, names: CommentedMap, name: Any) -> list[str]:
        """Words divided by spaces or, where one has a space in it, a list of phrases."""
        value = names[name]
        texts = value.split() if isinstance(value, str) else value
        if not isinstance(texts, list) or not all(isinstance(one, (str, int)) for one in texts):
            self._complain(names, name, f"`{name}` needs words, divided by spaces, or a list.")
            return []
        return [form for one in texts for form in spell_out(str(one).lower())]

    def _pattern(
        self, written: Any, words: Mapping[str, Mapping[str, str]], known: frozenset[str]
    ) -> Optional[Pattern]:
        if not isinstance(written, CommentedMap) or not isinstance(written.get("tokens"), str):
            at = written if isinstance(written, CommentedMap) else self.content
            self._complain(at, None, "A pattern needs `tokens`.")
            return None
        for key in written:
            if key not in _PATTERN_KEYS:
                self._complain(written, key, f"`{key}` means nothing in a pattern.")
        reads = str(written.get("reads", "plain"))
        if reads not in READINGS:
            self._complain(
                written, "reads", f"`reads: {reads}` is none of: {', '.join(sorted(READINGS))}."
            )
        around = {key: str(written.get(key, "")) for key in _AROUND}
        for key, said in around.items():
            for cue in said.split():
                if cue not in known and cue != "number":
                    self._complain(written, key, f"No cue is called `{cue}`.")
        try:
            elements = tuple(_elements(written["tokens"], words))
        except ValueError as error:
            self._complain(written, "tokens", str(error))
            return None
        return Pattern(
            elements=elements,
            reads=reads,
            after=around["after"],
            before=around["before"],
            near=tuple(around["near"].split()),
            not_near=tuple(around["not_near"].split()),
            not_after=tuple(around["not_after"].split()),
            priority=self._priority(written, 0),
        )

    def _complain(self, at: CommentedMap, key: Any, what: str) -> None:
        line = at.lc.key(key)[0] if key is not None and key in at else at.lc.line
        self.mistakes.append(f"{self.path}:{line + 1}: {what}")


def _elements(tokens: str, lists: Mapping[str, Mapping[str, str]]) -> Iterator[Element]:
    for text in tokens.split():
        match = _ELEMENT.fullmatch(text)
        if match is None:
            raise ValueError(f"“{text}” is neither words nor a /regular expression/.")
        if match["regex"]:
            regex = match["regex"][1:-1]
            try:
                re.compile(regex)
            except re.error as error:
                raise ValueError(f"“{text}”: {error}.") from error
            yield Element(regex=rf"\A(?:{regex})\Z", op=match["op"] or "")
            continue
        words: list[str] = []
        for word in match["words"].split("|"):
            if word.isupper() and word not in lists:
                raise ValueError(f"No list is called {word}.")
            words += lists[word] if word.isupper() else spell_out(word)
        yield Element(words=tuple(dict.fromkeys(words)), op=match["may"] or "")
    if not tokens.split() or all("?" in text[-1:] for text in tokens.split()):
        raise ValueError("Something in a pattern has to be there.")
