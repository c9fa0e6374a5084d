"""Which messages mean the same, by their sentence vectors: one decision for all of them."""

from collections.abc import Iterable, Mapping, Sequence
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
BLOCK: Final = 1024
"""Messages that are compared at once; against 50 000 groups that takes 200 MB."""
WEIGHTS: Final[Mapping[Cause, float]] = {Cause.CORRECTED: 100.0, Cause.CLARIFIED: 50.0}
"""Where people have said what they mean; more than any doubt comes to."""


def place(found: Sequence[Found], groups: Iterable[Group]) -> list[Placed]:
    """
    Each message in its group, in the same order; the groups grow.

    The first message leads its group, and whoever is like that one joins: so a chain of small
    steps never brings two together that mean different things. A group about which somebody has
    decided takes no more. Who is like it begins another, with that decision as a suggestion.
    """
    before = list(groups)
    placed: dict[int, Placed] = {}
    for language in sorted({one.language for one in found}):
        numbers = [number for number, one in enumerate(found) if one.language == language]
        joining = _Joining([group for group in before if group.language == language])
        for number, one in zip(numbers, joining.join([found[n] for n in numbers]), strict=True):
            placed[number] = one

    return [placed[number] for number in range(len(found))]


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


class _Joining:
    """Groups of one language while messages join them."""

    def __init__(self, groups: Sequence[Group]) -> None:
        self._open = [group for group in groups if group.is_open]
        self._decided = [group for group in groups if not group.is_open]

    def join(self, found: Sequence[Found]) -> Iterable[Placed]:
        vectors = to_matrix([one.vector for one in found])
        decided = to_matrix([group.vector for group in self._decided])
        for start in range(0, len(found), BLOCK):
            rows = vectors[start : start + BLOCK]
            near = self._nearest(rows, to_matrix([group.vector for group in self._open]))
            told = self._nearest(rows, decided)
            begun: list[int] = []
            begun_at = len(self._open)
            within = rows @ rows.T
            for row, one in enumerate(found[start : start + BLOCK]):
                place = near[row]
                if place is None and begun:
                    best = int(np.argmax(within[row, begun]))
                    place = begun_at + best if within[row, begun[best]] >= ALIKE else None
                if place is None:
                    place = len(self._open)
                    begun.append(row)
                    self._open.append(
                        Group(id=uuid4().hex, language=one.language, vector=one.vector)
                    )
                group = self._open[place]
                decision = told[row]
                suggested = "" if decision is None else self._decided[decision].label
                yield _put(one, group, one.suggested or suggested)

    def _nearest(self, rows: Vectors, groups: Vectors) -> list[int | None]:
        """For each row the place of the group that is most like it, if it is like any."""
        if not groups.size or not rows.size:
            return [None] * len(rows)
        cosines = rows @ groups.T
        best = np.argmax(cosines, axis=1)

        return [
            int(place) if cosines[row, place] >= ALIKE else None for row, place in enumerate(best)
        ]


def _put(one: Found, group: Group, suggested: str) -> Placed:
    leads = group.size == 0
    group.take(WEIGHTS.get(one.cause, 0.0), to_doubt(one.ranking))

    return Placed(
        id=group.id if leads else uuid4().hex, found=one, group=group, suggested=suggested
    )
