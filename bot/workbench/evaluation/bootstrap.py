"""
How far a figure may be trusted: the same messages, drawn again and again with replacement.

All figures of a report are ratios of sums over messages, so one drawing serves them all: what a
draw does to a figure is how often it counts each message.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

ROUNDS = 2000
SEED = 20261125
OUTSIDE = 0.05
"""Intervals hold the middle 95 % of the draws."""

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Figure:
    """
    A figure with its 95 % interval; `n` is how many messages it is about.

    All three numbers are None where there is nothing to divide by.
    """

    value: float | None
    low: float | None
    high: float | None
    n: int


class Draws:
    """The draws of one set of messages, the same whenever the set has this size."""

    def __init__(self, messages: int, *, rounds: int = ROUNDS, seed: int = SEED) -> None:
        self._times = np.zeros((rounds, messages))
        if messages:
            chances = np.full(messages, 1 / messages)
            self._times += np.random.default_rng(seed).multinomial(messages, chances, size=rounds)

    def sums(self, of: ArrayLike) -> Numbers:
        """What each draw has of it in all; `of` has a row (or a number) a message."""
        sums: Numbers = self._times @ np.asarray(of, dtype=np.float64)

        return sums

    def ratio(self, part: ArrayLike, whole: ArrayLike) -> Figure:
        """
        The sum of `part` by the sum of `whole`.

        Draws of a figure that never misses (or never hits) are all alike, and an interval
        without width would claim to know: there the exact bound of that many tries in a row
        stands (Clopper and Pearson).
        """
        part, whole = np.asarray(part, np.float64), np.asarray(whole, np.float64)
        n = int(np.count_nonzero(whole))
        if not n:
            return Figure(None, None, None, 0)

        value = float(part.sum() / whole.sum())
        bound = (OUTSIDE / 2) ** (1 / n)
        if np.array_equal(part, whole):
            return Figure(value, bound, 1.0, n)
        if not part.any():
            return Figure(value, 0.0, 1 - bound, n)

        wholes = self.sums(whole)
        some = wholes > 0

        return self.interval(value, self.sums(part)[some] / wholes[some], n)

    def interval(self, value: float, drawn: Numbers, n: int) -> Figure:
        """A figure of any other kind, from its value in each draw."""
        low, high = np.percentile(drawn, [100 * OUTSIDE / 2, 100 * (1 - OUTSIDE / 2)])

        return Figure(value, float(low), float(high), n)
