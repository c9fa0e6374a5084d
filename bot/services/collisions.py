"""Trying again when two units of work got into each other's way."""

from collections.abc import Callable
from contextlib import suppress

from bot.casework.ports.units import Collision

MOST_COLLISIONS = 6
"""So often before one is given up, which is an error then."""


def retried[T](work: Callable[[], T]) -> T:
    """What the work gives; it is done anew where it collided, which undid it as a whole."""
    for _ in range(MOST_COLLISIONS):
        with suppress(Collision):
            return work()

    return work()
