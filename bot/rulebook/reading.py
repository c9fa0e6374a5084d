"""
Reading `rulebook/` into a Rulebook, with errors that a seller can act on.

Files are checked whole before anything uses them: an unknown key, a wrong type or a number
out of bounds names the file, the line and what is allowed.
"""

import hashlib
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter
from ruamel.yaml.comments import CommentedMap

from bot.casework.orders import Marketplace
from bot.casework.rulebook import Rulebook
from bot.playbooks import PLAYBOOKS
from bot.rulebook.files import find_line, parse, read_file
from bot.rulebook.ladders import read_ladders
from bot.rulebook.mistakes import BrokenRulebook, Mistake
from bot.rulebook.schema import MARKETPLACE, NOT_IN_FILE, SELLER, STORE, check


def load_rulebook(folder: Path) -> Rulebook:
    """
    The rulebook in that folder; its version is the checksum of all its files.

    `BrokenRulebook` holds the mistakes of all files.
    """
    mistakes: list[Mistake] = []

    def tried[Found](read: Callable[[], Found]) -> Found | None:
        try:
            return read()
        except BrokenRulebook as error:
            mistakes.extend(error.mistakes)
            return None

    def check_one(path: Path, schema: TypeAdapter[Any]) -> Any:
        return tried(partial(check, path, schema, parsed[path])) if path in parsed else None

    seller = folder / "seller.yml"
    files = {name: folder / "marketplaces" / f"{name}.yml" for name in Marketplace}
    stores = {path.stem: path for path in store_files(folder)}
    parsed: dict[Path, CommentedMap] = {}
    checksum = hashlib.sha256()
    for path in (seller, *files.values(), *stores.values()):
        content = tried(partial(read_file, path))
        if content is None:
            continue
        checksum.update(f"{path.relative_to(folder)} {len(content)}\n".encode() + content)
        if (keys := tried(partial(parse, path, content))) is not None:
            parsed[path] = keys
    places = {name: check_one(path, MARKETPLACE) for name, path in files.items()}
    answers = {name: check_one(path, STORE) for name, path in stores.items()}
    more = {
        "marketplaces": {name: rules for name, rules in places.items() if rules},
        "faq_of_stores": {name: rules.faq for name, rules in answers.items() if rules},
        "version": checksum.hexdigest()[:12],
    }
    rules = None
    if seller in parsed:
        told, rules = _read_seller(seller, parsed[seller], more)
        mistakes = [*told, *mistakes]
    if mistakes or rules is None:
        raise BrokenRulebook(*mistakes)

    return rules


def store_files(folder: Path) -> list[Path]:
    """The files of single stores, each named by its store's id."""
    found = sorted((folder / "stores").glob("*.yml"))

    return [path for path in found if not path.name.startswith(".")]


def _read_seller(
    path: Path, parsed: CommentedMap, more: dict[str, Any]
) -> tuple[list[Mistake], Rulebook | None]:
    """What is wrong in the seller's file, and the rules if they can be built at all."""
    if not_here := [key for key in NOT_IN_FILE if key in parsed]:
        lines = [find_line(parsed, [key]) for key in not_here]
        found = zip(lines, not_here, strict=True)
        return [Mistake(path, line, f"{key} is not set here") for line, key in found], None
    problems, wrong = read_ladders(path, parsed)
    if "problems" in parsed:
        more = more | {"problems": problems}
    told = [mistake for mistakes in wrong.values() for mistake in mistakes]
    told += _check_names(path, parsed)
    try:
        return told, check(path, SELLER, parsed, more)
    except BrokenRulebook as error:
        # What is wrong in a ladder is told already, in better words.
        known = tuple(f"{'.'.join(map(str, loc))}{sign}" for loc in wrong for sign in ".:")
        rest = [one for one in error.mistakes if not one.text.startswith(known)]
        return [*rest, *told], None


def _check_names(path: Path, parsed: CommentedMap) -> Iterator[Mistake]:
    """Each problem that a playbook works on has its rules, and there are no others."""
    problems = parsed.get("problems")
    if not isinstance(problems, dict):
        return  # told by the schema
    worked = {playbook.name for playbook in PLAYBOOKS.values() if playbook.has_ladder}
    if missing := sorted(worked - set(problems)):
        line = find_line(parsed, ["problems"])
        yield Mistake(path, line, f"problems lacks {', '.join(missing)}")
    for name in problems:
        if name not in worked:
            yield Mistake(
                path,
                find_line(parsed, ["problems", name]),
                f"problems.{name}: is not known here, allowed are {', '.join(sorted(worked))}",
            )
