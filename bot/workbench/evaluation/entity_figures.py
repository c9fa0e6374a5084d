"""How exactly entities were found: the same kind at the same place, and in the same normal form."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bot.workbench.evaluation.bootstrap import Draws, Figure
from bot.workbench.evaluation.judging import Judged
from bot.workbench.evaluation.predictions import Entity


@dataclass(frozen=True, slots=True)
class EntityFigures:
    """
    One kind of entity; `n` of them are marked.

    `found` is how many of these were found exactly (place and kind), `precision` how many of
    those that were found are marked so. `normalized` is how many of those whose normal form is
    written down were found exactly and brought to it.
    """

    kind: str
    n: int
    found: Figure
    precision: Figure
    normalized: Figure


@dataclass(frozen=True, slots=True)
class EntityMistake:
    """An entity that was missed, that nobody marked, or whose normal form is another."""

    kind: str
    wanted: str
    got: str
    judged: Judged


def count_entities(judged: Sequence[Judged]) -> tuple[EntityFigures, ...]:
    """Each kind that is marked in these messages."""
    draws = Draws(len(judged))

    return tuple(_count(kind, judged, draws) for kind in find_kinds(judged))


def count_exact(kind: str, judged: Sequence[Judged]) -> tuple[list[int], list[int]]:
    """How many of that kind were found exactly in each message, and how many are marked in it."""
    pairs = [_of_kind(kind, one) for one in judged]

    return [len(marked.keys() & found.keys()) for marked, found in pairs], [
        len(marked) for marked, _ in pairs
    ]


def find_kinds(judged: Sequence[Judged]) -> list[str]:
    """The kinds that are marked in these messages."""
    return sorted({kind for one in judged for kind in one.example.kinds})


def find_entity_mistakes(judged: Sequence[Judged]) -> tuple[EntityMistake, ...]:
    """Everything that makes a figure less than one."""
    return tuple(
        EntityMistake(kind, _in_words(wanted), _in_words(got), one)
        for one in judged
        for kind in sorted(one.example.kinds)
        for wanted, got in _differences(kind, one)
    )


def _count(kind: str, judged: Sequence[Judged], draws: Draws) -> EntityFigures:
    rows = []
    for one in judged:
        marked, found = _of_kind(kind, one)
        hits = marked.keys() & found.keys()
        expected = {place for place, entity in marked.items() if entity.normalized is not None}
        brought = {p for p in hits & expected if marked[p].normalized == found[p].normalized}
        rows.append((len(marked), len(found), len(hits), len(expected), len(brought)))
    marked_in, found_in, hits_in, expected_in, brought_in = np.array(rows).T

    return EntityFigures(
        kind,
        int(marked_in.sum()),
        found=draws.ratio(hits_in, marked_in),
        precision=draws.ratio(hits_in, found_in),
        normalized=draws.ratio(brought_in, expected_in),
    )


def _differences(kind: str, one: Judged) -> list[tuple[Entity | None, Entity | None]]:
    marked, found = _of_kind(kind, one)
    pairs = [(marked.get(place), found.get(place)) for place in sorted({*marked, *found})]

    return [
        (wanted, got)
        for wanted, got in pairs
        if not wanted or not got or wanted.normalized not in {None, got.normalized}
    ]


def _of_kind(
    kind: str, one: Judged
) -> tuple[dict[tuple[int, int], Entity], dict[tuple[int, int], Entity]]:
    """What is marked and what was found, by place; nothing where the kind is not marked at all."""
    if kind not in one.example.kinds:
        return {}, {}

    return (
        {(entity.start, entity.end): entity for entity in one.marked() if entity.kind == kind},
        {
            (entity.start, entity.end): entity
            for entity in one.prediction.entities
            if entity.kind == kind
        },
    )


def _in_words(entity: Entity | None) -> str:
    if not entity:
        return ""

    return (
        entity.value
        if entity.normalized in {None, entity.value}
        else f"{entity.value} = {entity.normalized}"
    )
