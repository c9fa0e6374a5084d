"""The intents of an NLU file with their examples, each with its place in the text."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from bot.workbench.project.example_lines import Said, read_line
from bot.workbench.project.wrong_edit import WrongEdit
from bot.workbench.project.yaml_places import (
    compose,
    items_of,
    line_end,
    line_of,
    line_start,
    lines_of,
    span_of,
    text_of,
    value_of,
)

BULLET = "- "


@dataclass(frozen=True, slots=True)
class Line:
    """One example; `start` and `end` are its whole line, None where it cannot be taken out."""

    said: Said
    start: int | None
    end: int | None


@dataclass(frozen=True, slots=True)
class Block:
    """
    What a file says of an intent, in the lines `start` to `end`.

    `name` is the place of the intent's name, `indent` stands before each dash; None where a line
    cannot be put in, because the examples are written in another form than `examples: |`.
    """

    intent: str
    name: tuple[int, int]
    start: int
    end: int
    lines: tuple[Line, ...]
    indent: str | None


@dataclass(frozen=True, slots=True)
class NluText:
    """
    The intents of a file.

    A new one goes in where the lines end at `end`, its dash `column` spaces in; None where there
    is no list to go into. `alone` says that nothing but examples of intents is in the file.
    """

    blocks: tuple[Block, ...]
    end: int | None
    column: int
    alone: bool


@lru_cache(maxsize=128)
def read_nlu(path: str, text: str) -> NluText:
    """The intents of a file's text; `WrongEdit` names file and line of what cannot be read."""
    root = compose(path, text)
    listed = value_of(root, "nlu")
    items = items_of(listed)
    blocks = tuple(block for item in items if (block := _to_block(path, text, item)))
    others = {key.value for key, _ in root.value} - {"version", "nlu"}
    alone = not others and len(blocks) == len(items)
    if isinstance(listed, SequenceNode) and not listed.flow_style and items:
        return NluText(blocks, lines_of(text, listed)[1], listed.start_mark.column, alone)
    if isinstance(listed, ScalarNode) and listed.value == "":  # `nlu:` and nothing more
        key = next(key for key, value in root.value if value is listed)
        return NluText(blocks, line_end(text, key.end_mark.index), 0, alone)

    return NluText(blocks, None, 0, alone)


def _to_block(path: str, text: str, item: Node) -> Block | None:
    """What an item says of an intent; None for patterns, synonyms and lookup tables."""
    name = value_of(item, "intent")
    if not isinstance(item, MappingNode) or name is None:
        return None
    intent = text_of(name)
    if not intent:
        raise WrongEdit(
            "broken_file", f"{path}, line {line_of(name)}: the name of an intent is expected."
        )
    examples = value_of(item, "examples")
    start, end = lines_of(text, item)
    lines, indent = _examples(path, text, examples)

    return Block(intent, span_of(text, name), start, end, tuple(lines), indent)


def _examples(path: str, text: str, node: Node | None) -> tuple[list[Line], str | None]:
    if isinstance(node, ScalarNode) and node.style == "|":
        return _literal(path, text, node)
    if isinstance(node, SequenceNode):  # Rasa's longer form: `- text: …`, with metadata
        said = [text_of(value_of(one, "text")) for one in node.value]
        return [_read(path, line_of(node), one.strip(), None) for one in said if one], None
    if isinstance(node, ScalarNode):
        found = (line for line in str(node.value).splitlines() if line.strip())
        return [
            _read(path, line_of(node), _unbulleted(path, line_of(node), line), None)
            for line in found
        ], None

    return [], None


def _literal(path: str, text: str, node: ScalarNode) -> tuple[list[Line], str | None]:
    first = line_end(text, node.start_mark.index)
    lines, indent = [], None
    for number, (start, end) in enumerate(_raw_lines(text, first, span_of(text, node)[1]), start=1):
        raw = text[start:end]
        if not raw.strip():
            continue
        if indent is None:
            indent = raw[: len(raw) - len(raw.lstrip(" "))]
        bulleted = raw.removeprefix(indent).rstrip("\r\n")
        line = line_of(node) + number
        lines.append(_read(path, line, _unbulleted(path, line, bulleted), (start, end)))
    read = [line for line in str(node.value).splitlines() if line.strip()]
    if len(read) != len(lines):
        raise WrongEdit(
            "broken_file",
            f"{path}, line {line_of(node)}: an example below holds a line break of another kind.",
        )

    return lines, indent


def _raw_lines(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end:
        following = line_end(text, start)
        yield start, following
        start = following


def _unbulleted(path: str, line: int, written: str) -> str:
    if not written.startswith(BULLET):
        raise WrongEdit(
            "broken_file", f"{path}, line {line}: an example starts with a dash and a space."
        )

    return written.removeprefix(BULLET).strip()


def _read(path: str, line: int, marked: str, place: tuple[int, int] | None) -> Line:
    try:
        said = read_line(marked)
    except ValueError as error:
        raise WrongEdit("broken_file", f"{path}, line {line}: {error}.") from error

    return Line(said, *(place or (None, None)))


def with_blank_before(text: str, start: int) -> int:
    """Where the empty line before a block begins; the block itself without one."""
    before = line_start(text, max(0, start - 1))

    return before if start and not text[before:start].strip() else start
