"""From a file's bytes to keys and values that still know their lines."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.constructor import DuplicateKeyError
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import AliasEvent, CollectionEndEvent, CollectionStartEvent

from bot.rulebook.mistakes import BrokenRulebook, Mistake

MOST_BYTES = 128 * 1024
"""Ten times what a seller with every ladder and answer writes."""
DEEPEST = 10
OF_TRAINERS = ("intents.yml", "training.yml")
"""What lies beside the seller's rules for those who teach the bot, and is no part of them."""


def read_file(path: Path) -> bytes:
    """What is in the file."""
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise BrokenRulebook(Mistake(path, None, f"{error.strerror}. Restore the file.")) from error
    if len(content) > MOST_BYTES:
        raise BrokenRulebook(
            Mistake(path, None, f"larger than {MOST_BYTES // 1024} KiB, which no rulebook is")
        )

    return content


def parse(path: Path, content: bytes) -> CommentedMap:
    """The keys and values of the file."""
    try:
        text = content.decode("utf-8")
        _check_shape(path, text)
        parsed = YAML().load(text)
    except UnicodeDecodeError as error:
        raise BrokenRulebook(
            Mistake(path, None, f"not UTF-8 at byte {error.start}. Save it as UTF-8.")
        ) from error
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise BrokenRulebook(Mistake(path, line, _in_plain_words(error))) from error
    except (YAMLError, ValueError) as error:  # ValueError: such as a 30th of February
        raise BrokenRulebook(Mistake(path, None, str(error))) from error
    if not isinstance(parsed, CommentedMap):
        raise BrokenRulebook(Mistake(path, 1, "lines of `key: value` are expected"))

    return parsed


def find_line(node: Any, loc: Sequence[int | str]) -> int:
    """The line of the innermost part of `loc` that the file holds, from 1."""
    line = 1
    for part in loc:
        if isinstance(node, CommentedMap) and part in node:
            line = node.lc.key(part)[0] + 1
        elif isinstance(node, CommentedSeq) and isinstance(part, int) and part < len(node):
            line = node.lc.item(part)[0] + 1
        else:
            break
        node = node[part]

    return line


def _in_plain_words(error: MarkedYAMLError) -> str:
    problem = str(error.problem or "is no YAML")
    if isinstance(error, DuplicateKeyError):
        return f"{problem.partition(' with value')[0]}, write it once"
    if r"'\t'" in problem:
        return f"{problem}: a tab stands here, indent with spaces"

    return problem


def _check_shape(path: Path, text: str) -> None:
    """Refuse what would grow without end when it is read: aliases, and lists in lists in lists."""
    depth = 0
    for event in YAML().parse(text):
        line = event.start_mark.line + 1
        if isinstance(event, AliasEvent):
            raise BrokenRulebook(
                Mistake(path, line, f"*{event.anchor} is not read here, write the value itself")
            )
        depth += isinstance(event, CollectionStartEvent) - isinstance(event, CollectionEndEvent)
        if depth > DEEPEST:
            raise BrokenRulebook(Mistake(path, line, "nested too deeply"))
