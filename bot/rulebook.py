"""
Reading `rulebook/` into a Rulebook, with errors that a seller can act on.

Files are checked whole before anything uses them: an unknown key, a wrong type or a number
out of bounds names the file, the line and what is allowed.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from bot.casework.orders import Marketplace
from bot.casework.rulebook import MarketplaceRules, Rulebook
from bot.playbooks import PLAYBOOKS

SELLER = TypeAdapter(Rulebook)
MARKETPLACE = TypeAdapter(MarketplaceRules)


class BrokenRulebook(Exception):
    """A rulebook file that cannot be used; the text names file, line and what is allowed."""


def load_rulebook(folder: Path) -> Rulebook:
    """The rulebook in that folder; its version is the checksum of all its files."""
    files = {name: folder / "marketplaces" / f"{name}.yml" for name in Marketplace}
    seller = folder / "seller.yml"
    content = b"".join(_bytes(path) for path in (seller, *files.values()))
    marketplaces = {name: _check(path, MARKETPLACE, _parse(path)) for name, path in files.items()}

    parsed = _parse(seller)
    for key in ("version", "marketplaces"):
        if key in parsed:
            raise BrokenRulebook(f"{seller}, line {_line(parsed, [key])}: {key} is not set here")
    rules: Rulebook = _check(seller, SELLER, {**parsed, "marketplaces": marketplaces}, at=parsed)
    worked = {playbook.name for playbook in PLAYBOOKS.values() if not playbook.at_once}
    if missing := worked - set(rules.problems):
        raise BrokenRulebook(f"{seller}: problems lacks {', '.join(sorted(missing))}")

    version = hashlib.sha256(content).hexdigest()[:12]

    return replace(rules, version=version)


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise BrokenRulebook(f"{path}: {error.strerror}. Restore the file.") from error


def _parse(path: Path) -> CommentedMap:
    try:
        parsed = YAML().load(_bytes(path).decode("utf-8"))
    except UnicodeDecodeError as error:
        raise BrokenRulebook(f"{path}: not UTF-8 at byte {error.start}") from error
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise BrokenRulebook(f"{path}, line {line}: {error.problem}") from error
    except YAMLError as error:
        raise BrokenRulebook(f"{path}: {error}") from error
    if not isinstance(parsed, CommentedMap):
        raise BrokenRulebook(f"{path}, line 1: a list of `key: value` lines is expected")

    return parsed


def _check(path: Path, schema: TypeAdapter[Any], value: Any, at: CommentedMap | None = None) -> Any:
    try:
        return schema.validate_python(value)
    except ValidationError as error:
        first = error.errors()[0]
        place = at if at is not None else value
        name = ".".join(str(part) for part in first["loc"])
        message = first["msg"].removeprefix("Value error, ")
        raise BrokenRulebook(
            f"{path}, line {_line(place, first['loc'])}: {name + ': ' if name else ''}{message}"
        ) from error


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
