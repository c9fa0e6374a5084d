"""
Reading `rulebook/` into a Rulebook, with errors that a seller can act on.

Files are checked whole before anything uses them: an unknown key, a wrong type or a number
out of bounds names the file, the line and what is allowed.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import AliasEvent, CollectionEndEvent, CollectionStartEvent

from bot.casework.orders import Marketplace
from bot.casework.rulebook import IdentityRules, MarketplaceRules, ProblemRules, Rulebook
from bot.obstacles import CannotStart
from bot.playbooks import PLAYBOOKS

SELLER = TypeAdapter(Rulebook)
MARKETPLACE = TypeAdapter(MarketplaceRules)
NOT_IN_FILE = ("version", "marketplaces")
DEEPEST = 10
MISTAKES = {
    "missing": "is missing",
    "tuple_type": "a list such as [return, refund] is expected",
    "mapping_type": "lines of `key: value` are expected",
    "dict_type": "lines of `key: value` are expected",
    "dataclass_type": "lines of `key: value` are expected",
    "finite_number": "a plain number is expected",
    "decimal_type": "a number is expected",
    "decimal_parsing": "a number is expected",
    "int_type": "a whole number is expected",
    "int_parsing": "a whole number is expected",
    "int_from_float": "a whole number is expected",
    "bool_type": "true or false is expected",
    "bool_parsing": "true or false is expected",
}
"""Where pydantic's words are for programmers, ours by its error type."""


class BrokenRulebook(CannotStart):
    """A rulebook file that cannot be used; the text names file, line and what is allowed."""


def load_rulebook(folder: Path) -> Rulebook:
    """The rulebook in that folder; its version is the checksum of all its files."""
    files = {name: folder / "marketplaces" / f"{name}.yml" for name in Marketplace}
    seller = folder / "seller.yml"
    content = {path: _bytes(path) for path in (seller, *files.values())}
    marketplaces = {
        name: _check(path, MARKETPLACE, _parse(path, content[path])) for name, path in files.items()
    }
    parsed = _parse(seller, content[seller])
    for key in NOT_IN_FILE:
        if key in parsed:
            raise BrokenRulebook(f"{seller}, line {_line(parsed, [key])}: {key} is not set here")
    more = {
        "marketplaces": marketplaces,
        "version": hashlib.sha256(b"".join(content.values())).hexdigest()[:12],
    }
    rules: Rulebook = _check(seller, SELLER, parsed, more)
    _check_problems(seller, parsed, rules)

    return rules


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise BrokenRulebook(f"{path}: {error.strerror}. Restore the file.") from error


def _parse(path: Path, content: bytes) -> CommentedMap:
    try:
        text = content.decode("utf-8")
        _check_shape(path, text)
        parsed = YAML().load(text)
    except UnicodeDecodeError as error:
        raise BrokenRulebook(
            f"{path}: not UTF-8 at byte {error.start}. Save it as UTF-8."
        ) from error
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise BrokenRulebook(f"{path}, line {line}: {error.problem}") from error
    except (YAMLError, ValueError) as error:  # ValueError: such as a 30th of February
        raise BrokenRulebook(f"{path}: {error}") from error
    if not isinstance(parsed, CommentedMap):
        raise BrokenRulebook(f"{path}, line 1: lines of `key: value` are expected")

    return parsed


def _check_shape(path: Path, text: str) -> None:
    """Refuse what would grow without end when it is read: aliases, and lists in lists in lists."""
    depth = 0
    for event in YAML().parse(text):
        line = event.start_mark.line + 1
        if isinstance(event, AliasEvent):
            raise BrokenRulebook(
                f"{path}, line {line}: *{event.anchor} is not read here, write the value itself"
            )
        depth += isinstance(event, CollectionStartEvent) - isinstance(event, CollectionEndEvent)
        if depth > DEEPEST:
            raise BrokenRulebook(f"{path}, line {line}: nested too deeply")


def _check(
    path: Path,
    schema: TypeAdapter[Any],
    parsed: CommentedMap,
    more: Mapping[str, object] | None = None,
) -> Any:
    try:
        return schema.validate_python({**parsed, **(more or {})})
    except ValidationError as error:
        # A misspelt key is told before the key that is missing because of it.
        first = min(error.errors(), key=lambda one: one["type"] == "missing")
        loc, message = first["loc"], _message(schema, first)
        name = ".".join(str(part) for part in loc)
        # What a class checks by itself begins with the name of the field.
        inner = message.partition(" ")[0].split(".")
        line = _line(parsed, [*loc, *inner])
        raise BrokenRulebook(
            f"{path}, line {line}: {name + ': ' if name else ''}{message}"
        ) from error


def _message(schema: TypeAdapter[Any], error: ErrorDetails) -> str:
    if error["type"] == "unexpected_keyword_argument":
        match error["loc"]:
            case ("identity", _):
                place: type[Any] = IdentityRules
            case ("problems", _, _):
                place = ProblemRules
            case _:
                place = MarketplaceRules if schema is MARKETPLACE else Rulebook
        names = [field.name for field in fields(place) if field.name not in NOT_IN_FILE]
        return f"is not known here, allowed are {', '.join(names)}"

    return MISTAKES.get(error["type"]) or error["msg"].removeprefix("Value error, ")


def _check_problems(path: Path, parsed: CommentedMap, rules: Rulebook) -> None:
    """Each problem that a playbook works on has its rules, and there are no others."""
    worked = {playbook.name for playbook in PLAYBOOKS.values() if not playbook.at_once}
    if missing := sorted(worked - set(rules.problems)):
        line = _line(parsed, ["problems"])
        raise BrokenRulebook(f"{path}, line {line}: problems lacks {', '.join(missing)}")
    if unknown := [name for name in rules.problems if name not in worked]:
        line = _line(parsed, ["problems", unknown[0]])
        raise BrokenRulebook(
            f"{path}, line {line}: problems.{unknown[0]}: is not known here, allowed are "
            f"{', '.join(sorted(worked))}"
        )


def _line(node: Any, loc: Sequence[int | str]) -> int:
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
