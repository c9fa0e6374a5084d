"""Ladders as a seller writes them: lists of remedies that end with a person."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ruamel.yaml.comments import CommentedMap

from bot.casework.problems import OFFERABLE
from bot.rulebook.files import find_line
from bot.rulebook.mistakes import Mistake

END = "person"
"""How a ladder ends: when nothing suited, a person decides."""

Place = tuple[int | str, ...]


def read_ladders(
    path: Path, parsed: CommentedMap
) -> tuple[object, dict[Place, tuple[Mistake, ...]]]:
    """
    The problems with every ladder as rounds that end before the person, and what is wrong there.

    `[discount, refund, person]` is one round, `[[discount], [refund], [person]]` two. A ladder
    without the person at its end would leave a buyer whom nothing suits standing there.
    """
    problems = parsed.get("problems")
    wrong: dict[Place, tuple[Mistake, ...]] = {}
    if not isinstance(problems, dict):
        return problems, wrong
    read: dict[object, object] = {}
    for name, rules in problems.items():
        read[name] = rules
        if not isinstance(rules, dict):
            continue
        read[name] = found = dict(rules)
        for key in ("ladder", "before_arrival"):
            if key in rules:
                found[key] = _rounds(rules[key])
        if isinstance(rules.get("ladders"), dict):
            found["ladders"] = {who: _rounds(one) for who, one in rules["ladders"].items()}
        for loc, ladder in _ladders(name, rules):
            if mistakes := tuple(_mistakes(path, parsed, loc, ladder)):
                wrong[loc] = mistakes

    return read, wrong


def _ladders(problem: str, rules: dict[str, Any]) -> Iterator[tuple[Place, object]]:
    for key in ("ladder", "before_arrival"):
        if key in rules:
            yield ("problems", problem, key), rules[key]
    if isinstance(rules.get("ladders"), dict):
        for audience, ladder in rules["ladders"].items():
            yield ("problems", problem, "ladders", audience), ladder


def _mistakes(path: Path, parsed: CommentedMap, loc: Place, ladder: object) -> Iterator[Mistake]:
    if not isinstance(ladder, list) or not ladder:
        return  # told by the schema
    flat = list(_flat(ladder))
    name = ".".join(map(str, loc))
    allowed = f"allowed are {', '.join(OFFERABLE)} and, at its end, {END}"
    for place, kind in flat:
        if not isinstance(kind, str) or kind not in (*OFFERABLE, END):
            shown = f"{kind}"[:40]
            line = find_line(parsed, [*loc, *place])
            yield Mistake(path, line, f"{name}: {shown} is no remedy of a ladder, {allowed}")
    line = find_line(parsed, loc)
    steps = [kind for _, kind in flat]
    if not steps or steps[-1] != END:
        yield Mistake(
            path,
            line,
            f"{name} has no end: its last step must be {END}, who decides when nothing suited",
        )
    if END in steps[:-1]:
        yield Mistake(path, line, f"{name} names {END} before its end")


def _flat(ladder: list[object]) -> Iterator[tuple[Place, object]]:
    for round_, one in enumerate(ladder):
        if isinstance(one, list):
            yield from (((round_, place), kind) for place, kind in enumerate(one))
        else:
            yield (round_,), one


def _rounds(ladder: object) -> object:
    """The rounds without the person; as it stands where that is not at the end."""
    if not isinstance(ladder, list):
        return ladder
    nested = any(isinstance(one, list) for one in ladder)
    rounds = [list(one) if isinstance(one, list) else [one] for one in ladder]
    if not nested:
        rounds = [[kind for one in rounds for kind in one]]
    if rounds and rounds[-1] and rounds[-1][-1] == END:
        rounds[-1].pop()

    return [one for one in rounds if one]
