"""How well each intent is known, by the newest comparison of two models."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.casework.ports.units import UnitOfWork


@dataclass(frozen=True, slots=True)
class Measured:
    """
    The newer model's F1 of an intent; None if it was not measured.

    `mistaken_for` counts what it takes messages of that intent for which the other one understood.
    """

    f1: float | None = None
    mistaken_for: Counter[str] = field(default_factory=Counter)


def read_measured(unit: UnitOfWork) -> Mapping[str, Measured]:
    """By intent; nothing before the first comparison, or if it has another form."""
    result = unit.changes.latest_comparison()
    try:
        return _read(json.loads(result)) if result else {}
    except (KeyError, TypeError, ValueError):
        return {}  # written by another version of ours: it is compared anew some day


def _read(comparison: dict[str, Any]) -> dict[str, Measured]:
    found = {}
    for one in comparison["intents"]:
        f1 = one["f1"]["now"]["value"]
        found[one["intent"]] = Measured(None if f1 is None else float(f1))
    for one in comparison["worse"]:
        if one["meant"] in found and one["now"] != one["meant"]:
            found[one["meant"]].mistaken_for[str(one["now"])] += 1

    return found
