"""
Where things stand in a YAML text, so that it can be changed there and nowhere else.

Places are counted in characters. Only `\\n` ends a line here, with or without `\\r` before it.
"""

import json
from collections.abc import Iterable
from functools import lru_cache

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from bot.workbench.project.wrong_edit import WrongEdit

BLOCK_STYLES = ("|", ">")
STRING_TAG = "tag:yaml.org,2002:str"

Splice = tuple[int, int, str]
"""What stands from the first place to the second gives way to the text."""


@lru_cache(maxsize=128)
def compose(path: str, text: str) -> MappingNode:
    """The nodes of a file that holds a mapping; `WrongEdit` names file and line."""
    if text.startswith("\ufeff"):
        raise WrongEdit("broken_file", f"{path} begins with a byte order mark. Save it without.")
    try:
        # The loader in pure Python: the other one counts places in bytes.
        node = YAML(typ="safe", pure=True).compose(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = f", line {mark.line + 1}" if mark else ""
        what = error.problem or error.context or "this is no YAML"
        raise WrongEdit("broken_file", f"{path}{line}: {what}.") from error
    except (YAMLError, ValueError) as error:
        raise WrongEdit("broken_file", f"{path}: {' '.join(str(error).split())}.") from error
    if not isinstance(node, MappingNode):
        raise WrongEdit("broken_file", f"{path}: lines of `key: value` are expected.")
    _check_keys(path, node)

    return node


def _check_keys(path: str, node: Node) -> None:
    """No mapping says the same twice, and nothing is an alias of something else."""
    if isinstance(node, MappingNode):
        names = [key.value for key, _ in node.value if isinstance(key, ScalarNode)]
        if twice := next((name for name in names if names.count(name) > 1), None):
            raise WrongEdit("broken_file", f"{path}, line {line_of(node)}: {twice} stands twice.")
        for _, value in node.value:
            _check_keys(path, value)
    elif isinstance(node, SequenceNode):
        for value in node.value:
            _check_keys(path, value)


def value_of(node: Node | None, key: str) -> Node | None:
    """What a mapping says of that key; None if it says nothing or is none."""
    if not isinstance(node, MappingNode):
        return None

    return next((value for name, value in node.value if name.value == key), None)


def items_of(node: Node | None) -> list[Node]:
    """The items of a list; none if it is no list."""
    return list(node.value) if isinstance(node, SequenceNode) else []


def text_of(node: Node | None) -> str | None:
    """A text as YAML reads it; None for a number, a truth value, nothing, or more than one."""
    if isinstance(node, ScalarNode) and node.tag == STRING_TAG:
        return str(node.value)

    return None


def line_of(node: Node) -> int:
    """The line of the file, from 1."""
    return int(node.start_mark.line) + 1


def span_of(text: str, node: Node) -> tuple[int, int]:
    """From a node's first character to behind its last, without the empty lines after it."""
    start, end = int(node.start_mark.index), int(node.end_mark.index)
    if isinstance(node, ScalarNode) and node.style in BLOCK_STYLES:
        return start, len(text[:end].rstrip())
    if isinstance(node, MappingNode | SequenceNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return start, span_of(text, last[1] if isinstance(last, tuple) else last)[1]

    return start, end


def lines_of(text: str, node: Node) -> tuple[int, int]:
    """The whole lines that a node stands in, of a list's item with its dash."""
    start, end = span_of(text, node)

    return line_start(text, start), line_end(text, end)


def line_start(text: str, place: int) -> int:
    """Where the line of that place begins."""
    return text.rfind("\n", 0, place) + 1


def line_end(text: str, place: int) -> int:
    """Where the line behind that place's begins, or where the text ends."""
    found = text.find("\n", place)

    return len(text) if found < 0 else found + 1


def newline_of(text: str) -> str:
    """How the text ends its lines."""
    return "\r\n" if "\r\n" in text[: line_end(text, 0)] else "\n"


def splice(text: str, changes: Iterable[Splice]) -> str:
    """The text with those places changed, of which none overlaps another."""
    for start, end, new in sorted(changes, reverse=True):
        text = text[:start] + new + text[end:]

    return text


def without_lines(text: str, start: int, end: int) -> Splice:
    """Take whole lines away; of the last one without an end, the end of the line before it."""
    if end == len(text) and not text.endswith("\n"):
        start = len(text[:start].removesuffix("\n").removesuffix("\r"))

    return start, end, ""


def below(text: str, place: int, lines: Iterable[str]) -> Splice:
    """Put lines in where a line ends: `place` is what `line_end` gave."""
    newline = newline_of(text)
    written = newline.join(lines)
    if place == len(text) and text and not text.endswith("\n"):
        return place, place, newline + written

    return place, place, written + newline


def inline(value: str) -> str:
    """The text as a YAML value in one line, in quotes where it needs them."""
    try:
        node = YAML(typ="safe", pure=True).compose(f"k: {value}\n")
        read = value_of(node, "k")
    except (YAMLError, ValueError):
        read = None
    plain = isinstance(read, ScalarNode) and read.style is None and text_of(read) == value

    return value if plain else json.dumps(value, ensure_ascii=False)
