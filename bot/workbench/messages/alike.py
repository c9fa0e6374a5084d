"""Which messages mean the same, by their sentence vectors: one decision for all of them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final
from uuid import uuid4

import numpy as np
from numpy.typing import NDArray

from bot.casework.inbox import Cause, Found, Group, Placed

Vectors = NDArray[np.float32]

ALIKE: Final = 0.9
"""
From this cosine on; of 4 000 of our own examples 97 % then mean what the first of their group does.

0.86 gives 91 % in both languages and twice the members, 0.94 all and a fifth.
"""
BLOCK: Final = 256
"""Messages that are compared at once; against 50 000 groups that takes 50 MB."""
FIRST_ROOM: Final = 1024
WEIGHTS: Final[Mapping[Cause, float]] = {Cause.CORRECTED: 100.0, Cause.CLARIFIED: 50.0}
"""Where people have said what they mean; more than any doubt comes to."""


class Shelf:
    """
    The groups of an inbox with what they mean, kept in memory over the batches of an import.

    Each message joins a group or begins one. The first message leads its group, and whoever is like
    that one joins: so a chain of small steps never brings two together that mean different things.
    A group about which somebody has decided takes no more. Who is like it begins another, with
    that decision as a suggestion.
    """

    def __init__(self) -> None:
        self._sides: dict[str, _Side] = {}

    def bring_up_to_date(
        self,
        groups: Iterable[Group],
        vectors: Callable[[Sequence[str]], Mapping[str, bytes]] | None = None,
    ) -> None:
        """
        All groups as they stand now; `vectors` gives by id what those mean that are new here.

        Without it they bring their own.
        """
        by_language: dict[str, list[Group]] = {}
        for group in groups:
            by_language.setdefault(group.language, []).append(group)
        for language in self._sides.keys() | by_language.keys():
            side = self._sides.setdefault(language, _Side())
            standing = by_language.get(language, [])
            new = [group for group in standing if group.id not in side]
            if vectors and new:
                meanings = vectors([group.id for group in new])
                for group in new:
                    group.vector = meanings.get(group.id, b"")
            side.bring_up_to_date(standing)

    def place(self, found: Sequence[Found]) -> list[Placed]:
        """Each message in its group, in the same order; the groups grow."""
        placed: dict[int, Placed] = {}
        for language in sorted({one.language for one in found}):
            numbers = [number for number, one in enumerate(found) if one.language == language]
            side = self._sides.setdefault(language, _Side())
            for number, one in zip(numbers, side.join([found[n] for n in numbers]), strict=True):
                placed[number] = one

        return [placed[number] for number in range(len(found))]


def place(found: Sequence[Found], groups: Iterable[Group]) -> list[Placed]:
    """Each message in its group, in the same order; the groups grow, and bring their vectors."""
    shelf = Shelf()
    shelf.bring_up_to_date(groups)

    return shelf.place(found)


def to_matrix(vectors: Sequence[bytes]) -> Vectors:
    """Rows of length one, `[vectors, width]`; the width is 0 where a model makes no vectors."""
    width = max((len(one) // 2 for one in vectors), default=0)
    matrix = np.zeros((len(vectors), width), np.float32)
    for row, one in enumerate(vectors):
        numbers = np.frombuffer(one, "<f2")
        matrix[row, : len(numbers)] = numbers
    lengths = np.linalg.norm(matrix, axis=1, keepdims=True)
    matrix /= np.where(lengths > 0, lengths, 1)

    return matrix


def to_doubt(ranking: Sequence[tuple[str, float]]) -> float:
    """How little the model knows, from 0 to 1: how close the second meaning comes to the first."""
    first, second = [*(sure for _, sure in ranking[:2]), 0.0, 0.0][:2]

    return 1.0 - (first - second)


class _Side:
    """The groups of one language, each a row of a matrix that has room for more."""

    def __init__(self) -> None:
        self._groups: list[Group] = []
        self._places: dict[str, int] = {}
        self._rows: Vectors = np.zeros((0, 0), np.float32)
        self._is_open = np.zeros(0, bool)
        self._is_decided = np.zeros(0, bool)

    def __contains__(self, group_id: str) -> bool:
        return group_id in self._places

    def bring_up_to_date(self, groups: Sequence[Group]) -> None:
        new = [group for group in groups if group.id not in self]
        for group, row in zip(new, to_matrix([group.vector for group in new]), strict=True):
            self._add(group, row)
        size = len(self._groups)
        self._is_open[:size] = self._is_decided[:size] = False
        for group in groups:
            place = self._places[group.id]
            self._groups[place] = group
            self._is_open[place], self._is_decided[place] = group.is_open, not group.is_open

    def join(self, found: Sequence[Found]) -> Iterable[Placed]:
        vectors = to_matrix([one.vector for one in found])
        for start in range(0, len(found), BLOCK):
            rows = vectors[start : start + BLOCK]
            size = len(self._groups)
            near = self._nearest(rows, self._is_open[:size])
            told = self._nearest(rows, self._is_decided[:size])
            within = rows @ rows.T
            begun: list[tuple[int, int]] = []
            for row, one in enumerate(found[start : start + BLOCK]):
                place = near[row]
                if place is None and begun:
                    cosines = within[row, [begun_row for begun_row, _ in begun]]
                    best = int(np.argmax(cosines))
                    place = begun[best][1] if cosines[best] >= ALIKE else None
                if place is None:
                    group = Group(id=uuid4().hex, language=one.language, vector=one.vector)
                    place = self._add(group, rows[row])
                    begun.append((row, place))
                decision = told[row]
                suggested = "" if decision is None else self._groups[decision].label
                yield _put(one, self._groups[place], one.suggested or suggested)

    def _add(self, group: Group, row: Vectors) -> int:
        place = len(self._groups)
        self._make_room(place + 1, len(row))
        self._rows[place, : len(row)] = row
        self._is_open[place] = True
        self._groups.append(group)
        self._places[group.id] = place

        return place

    def _make_room(self, size: int, width: int) -> None:
        there, wide = self._rows.shape
        if size <= there and width <= wide:
            return
        room = max(FIRST_ROOM, there if size <= there else 2 * size)
        rows = np.zeros((room, max(wide, width)), np.float32)
        rows[:there, :wide] = self._rows
        self._rows = rows
        for name in ("_is_open", "_is_decided"):
            flags = np.zeros(room, bool)
            flags[:there] = getattr(self, name)
            setattr(self, name, flags)

    def _nearest(self, rows: Vectors, among: NDArray[np.bool_]) -> list[int | None]:
        """For each row the place of the group that is most like it, if it is like any of these."""
        if not among.any() or not rows.size:
            return [None] * len(rows)
        width = min(rows.shape[1], self._rows.shape[1])
        cosines = rows[:, :width] @ self._rows[: len(among), :width].T
        cosines[:, ~among] = -1
        best = np.argmax(cosines, axis=1)

        return [
            int(place) if cosines[row, place] >= ALIKE else None for row, place in enumerate(best)
        ]


def _put(one: Found, group: Group, suggested: str) -> Placed:
    leads = group.size == 0
    weight = WEIGHTS.get(one.cause, 0.0)
    group.hear(one.cause, suggested, weight)
    group.take(weight, to_doubt(one.ranking))

    return Placed(
        id=group.id if leads else uuid4().hex, found=one, group=group, suggested=suggested
    )
