"""
Rasa's NLU files, read without Rasa: which text carries which intent and which entities.

Only what is said of single messages is read; patterns, synonyms and lookup tables are left to
Rasa.
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.error import YAMLError

from bot.casework.languages import written_language
from bot.obstacles import Obstacle
from bot.workbench.evaluation.predictions import Entity

LANGUAGES = ("en", "ru")
NO_INTENT = "any"
"""Stands for the intent of a message that is there for its entities alone."""

# [text](kind), [text](kind:value), [text]{"entity": "kind", "value": "value"}
_MARKED = re.compile(
    r"\[(?P<text>[^\]]+?)\]"
    r"(?:\((?P<kind>[^:)]+?)(?::(?P<value>[^)]+))?\)|(?P<fields>\{[^}]+?\}))"
)
_TODAY = re.compile(r"^#\s*today:\s*(\S+)\s*$", re.MULTILINE)
_BULLET = "- "


class BrokenNluFile(Obstacle):
    """A file that cannot be read; the text names it, the line if known, and what is wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """
    A message of which somebody says what it means.

    `kinds` are the entities that its file marks at all: only of these is one that is not
    marked known not to be there.
    """

    text: str
    intent: str
    entities: tuple[Entity, ...]
    kinds: frozenset[str]
    language: str
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class NluFile:
    """
    Messages of one file.

    `today` is the day from which its dates count, given by a comment `# today: 2026-11-25`.
    """

    path: Path
    today: date | None
    examples: tuple[Example, ...]


def read_nlu_files(paths: Iterable[Path]) -> list[NluFile]:
    """Those files, and every YAML file below those folders."""
    files = [
        file
        for path in paths
        for file in (
            [path]
            if path.is_file()
            else sorted(found for found in path.rglob("*") if found.suffix in {".yml", ".yaml"})
        )
    ]

    return [read_nlu_file(path) for path in files]


def read_nlu_file(path: Path) -> NluFile:
    """All messages of the file, in its order."""
    try:
        text = path.read_text("utf-8")
        parsed = YAML().load(text)
    except (OSError, UnicodeDecodeError, YAMLError) as error:
        raise BrokenNluFile(f"{path}: {error}") from error
    blocks = parsed.get("nlu") if isinstance(parsed, CommentedMap) else None
    marked = [
        (block["intent"], line, *_split(path, line, example))
        for block in blocks or ()
        if isinstance(block, CommentedMap) and "intent" in block
        for line, example in _examples(path, block)
    ]
    kinds = frozenset(entity.kind for *_, entities in marked for entity in entities)

    return NluFile(
        path,
        _today(path, text),
        tuple(
            Example(
                text=plain,
                intent=intent,
                entities=entities,
                kinds=kinds,
                language=_language(path, plain),
                file=path.name,
                line=line,
            )
            for intent, line, plain, entities in marked
        ),
    )


def split_markup(marked: str) -> tuple[str, tuple[Entity, ...]]:
    """
    The text without its marks, and what they mark; ValueError if a mark is not well-formed.

    `[two](quantity)` says where a quantity stands; `[two](quantity:2)` and
    `[two]{"entity": "quantity", "value": "2"}` say its normal form, too.
    """
    plain, read, entities = "", 0, []
    for match in _MARKED.finditer(marked):
        plain += marked[read : match.start()]
        kind, normalized = _kind_and_value(match)
        start, value = len(plain), match["text"]
        plain += value
        entities.append(Entity(kind, start, len(plain), value, normalized))
        read = match.end()

    return plain + marked[read:], tuple(entities)


def _kind_and_value(match: re.Match[str]) -> tuple[str, str | None]:
    if match["kind"]:
        return match["kind"], match["value"]

    fields = json.loads(match["fields"])
    if "entity" not in fields:
        raise ValueError(f"{match['fields']} names no entity")
    value = fields.get("value")

    return fields["entity"], None if value is None else str(value)


def _split(path: Path, line: int, marked: str) -> tuple[str, tuple[Entity, ...]]:
    try:
        return split_markup(marked)
    except ValueError as error:
        raise BrokenNluFile(f"{path}, line {line}: {error}") from error


def _examples(path: Path, block: CommentedMap) -> Iterator[tuple[int, str]]:
    """Each example of an intent with its line."""
    examples = block.get("examples") or ""
    line = block.lc.key("examples")[0] + 1 if "examples" in block else 0
    if not isinstance(examples, str):  # Rasa's longer form: `- text: …`, with metadata
        for number, one in enumerate(examples):
            yield examples.lc.item(number)[0] + 1, one["text"].strip()
        return

    for number, one in enumerate(examples.splitlines(), start=line + 1):
        if not one.startswith(_BULLET):
            raise BrokenNluFile(f"{path}, line {number}: an example starts with {_BULLET!r}")
        yield number, one.removeprefix(_BULLET).strip()


def _today(path: Path, text: str) -> date | None:
    found = _TODAY.search(text)
    try:
        return date.fromisoformat(found[1]) if found else None
    except ValueError as error:
        raise BrokenNluFile(f"{path}: {error}") from error


def _language(path: Path, text: str) -> str:
    """By the file's name (`dev_ru.yml`), which knows transliterated Russian too, or the script."""
    _, _, suffix = path.stem.rpartition("_")

    return suffix if suffix in LANGUAGES else written_language(text) or "en"
