"""
Reading `rulebook/` into a Rulebook, with errors that a seller can act on.

Files are checked whole before anything uses them: an unknown key, a wrong type or a number
out of bounds names the file, the line and what is allowed.
"""

import contextlib
import hashlib
import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import AliasEvent, CollectionEndEvent, CollectionStartEvent

from bot.casework.hours import BusinessHours
from bot.casework.limits import CLOSED, BadFaithRules, CapRules, CouponRules, IdentityRules
from bot.casework.marketplaces import Clocks, MarketplaceRules, Marks
from bot.casework.orders import Marketplace
from bot.casework.problems import ProblemRules
from bot.casework.rulebook import FAQ_TOPICS, Faq, Rulebook
from bot.obstacles import CannotStart
from bot.playbooks import PLAYBOOKS

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreRules:
    """What one store answers otherwise than the seller's other stores."""

    __pydantic_config__ = CLOSED

    faq: Faq

    def __post_init__(self) -> None:
        for topic in self.faq:
            if topic not in FAQ_TOPICS:
                raise ValueError(f"faq.{topic} is not known, allowed are {', '.join(FAQ_TOPICS)}")


SELLER = TypeAdapter(Rulebook)
MARKETPLACE = TypeAdapter(MarketplaceRules)
STORE = TypeAdapter(StoreRules)
NOT_IN_FILE = ("version", "marketplaces", "faq_of_stores")
END = "person"
"""How a ladder ends: when nothing suited, a person decides."""
LOOK_AGAIN_SECONDS = 1.0
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
    stores = {path.stem: path for path in sorted((folder / "stores").glob("*.yml"))}
    seller = folder / "seller.yml"
    content = {path: _bytes(path) for path in (seller, *files.values(), *stores.values())}
    marketplaces = {
        name: _check(path, MARKETPLACE, _parse(path, content[path])) for name, path in files.items()
    }
    parsed = _parse(seller, content[seller])
    for key in NOT_IN_FILE:
        if key in parsed:
            raise BrokenRulebook(f"{seller}, line {_line(parsed, [key])}: {key} is not set here")
    of_stores = {
        name: _check(path, STORE, _parse(path, content[path])) for name, path in stores.items()
    }
    more = {
        "marketplaces": marketplaces,
        "faq_of_stores": {name: rules.faq for name, rules in of_stores.items()},
        "problems": _with_rounds(seller, parsed),
        "version": hashlib.sha256(b"".join(content.values())).hexdigest()[:12],
    }
    rules: Rulebook = _check(seller, SELLER, parsed, more)
    _check_problems(seller, parsed, rules)

    return rules


class WatchedRulebook:
    """
    The rulebook in a folder as it is now, read again when a file there has changed.

    A broken change keeps the old rules and is told once in the log; `problem` says what is wrong
    as long as it stands.
    """

    def __init__(self, folder: Path, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._folder, self._clock = folder, clock
        self._stamp = _stamp(folder)
        self._rules = load_rulebook(folder)
        self._looked = clock()
        self._lock = threading.Lock()
        self.problem = ""

    def __call__(self) -> Rulebook:
        """The rules that hold now."""
        with self._lock:
            if self._clock() - self._looked >= LOOK_AGAIN_SECONDS:
                self._look()
                self._looked = self._clock()
            return self._rules

    def _look(self) -> None:
        stamp = _stamp(self._folder)
        if stamp == self._stamp:
            return
        self._stamp = stamp
        try:
            self._rules = load_rulebook(self._folder)
        except BrokenRulebook as error:
            self.problem = str(error)
            log.error("The rulebook has changed and is broken, the old one is kept: %s", error)
        else:
            self.problem = ""
            log.info("The rulebook has changed: version %s from now on", self._rules.version)


def _stamp(folder: Path) -> tuple[tuple[str, int, int], ...]:
    """What tells that a file was written, added or taken away."""
    found = []
    for path in sorted(folder.rglob("*.yml")):
        with contextlib.suppress(OSError):  # it may go while we look
            known = path.stat()
            found.append((str(path), known.st_mtime_ns, known.st_size))

    return tuple(found)


def _with_rounds(path: Path, parsed: CommentedMap) -> object:
    """
    The problems with every ladder as rounds that end before the person.

    `[discount, refund, person]` is one round, `[[discount], [refund], [person]]` two. A ladder
    without the person at its end would leave a buyer whom nothing suits standing there.
    """
    problems = parsed.get("problems")
    if not isinstance(problems, dict):
        return problems
    read: dict[object, object] = {}
    for name, rules in problems.items():
        read[name] = rules
        if not isinstance(rules, dict):
            continue
        read[name] = found = dict(rules)
        for key in ("ladder", "before_arrival"):
            if key in rules:
                found[key] = _rounds(path, parsed, ["problems", name, key], rules[key])
        if isinstance(rules.get("ladders"), dict):
            found["ladders"] = {
                audience: _rounds(path, parsed, ["problems", name, "ladders", audience], ladder)
                for audience, ladder in rules["ladders"].items()
            }

    return read


def _rounds(path: Path, parsed: CommentedMap, loc: list[str], ladder: object) -> object:
    if not isinstance(ladder, list) or not ladder:
        return ladder
    nested = any(isinstance(one, list) for one in ladder)
    flat = [kind for one in ladder for kind in (one if isinstance(one, list) else [one])]
    place = f"{path}, line {_line(parsed, loc)}: {'.'.join(map(str, loc))}"
    if not flat or flat[-1] != END:
        raise BrokenRulebook(
            f"{place} has no end: its last step must be {END}, who decides when nothing suited"
        )
    if flat.count(END) > 1:
        raise BrokenRulebook(f"{place} names {END} before its end")
    if not nested:
        return [flat[:-1]] if len(flat) > 1 else []
    rounds = [list(one) if isinstance(one, list) else [one] for one in ladder]
    rounds[-1] = rounds[-1][:-1]

    return [one for one in rounds if one]


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
        place = _place(schema, error["loc"])
        names = [field.name for field in fields(place) if field.name not in NOT_IN_FILE]
        return f"is not known here, allowed are {', '.join(names)}"

    return MISTAKES.get(error["type"]) or error["msg"].removeprefix("Value error, ")


PARTS: dict[str, type[Any]] = {
    "identity": IdentityRules,
    "caps": CapRules,
    "bad_faith": BadFaithRules,
    "coupon": CouponRules,
    "business_hours": BusinessHours,
    "problems": ProblemRules,
    "clocks": Clocks,
    "marks": Marks,
}
WHOLE = {id(SELLER): Rulebook, id(MARKETPLACE): MarketplaceRules, id(STORE): StoreRules}


def _place(schema: TypeAdapter[Any], loc: tuple[int | str, ...]) -> type[Any]:
    """The class that does not know the key at `loc`."""
    return PARTS[str(loc[0])] if len(loc) > 1 and loc[0] in PARTS else WHOLE[id(schema)]


def _check_problems(path: Path, parsed: CommentedMap, rules: Rulebook) -> None:
    """Each problem that a playbook works on has its rules, and there are no others."""
    worked = {playbook.name for playbook in PLAYBOOKS.values() if playbook.has_ladder}
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
