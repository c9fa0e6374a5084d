"""
Whether a message resembles what was taught: the distance to the nearest training examples.

A linear head is sure of whatever lies far out on the right side. An example that is none of our
business and yet nearer than any of the intent says that it should not be.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Optional

import numpy as np
from numpy.typing import NDArray
from sklearn.decomposition import PCA

OUT_OF_SCOPE = "out_of_scope"
DIMENSIONS = 48
"""Of a sentence vector so many are compared: as telling as all, and the model stays small."""
STEPS = 127

Numbers = NDArray[Any]


@dataclass(frozen=True, eq=False)
class Familiarity:
    """The examples' vectors, made small: `[examples, DIMENSIONS]` in bytes, each of one length."""

    mean: Numbers
    components: Numbers
    examples: Numbers
    intents: Numbers
    """For each example the place of its intent."""
    strange: int
    """The place of the intent out_of_scope."""

    def compare(self, vector: Numbers) -> Optional[Numbers]:
        """
        How like each example is to a sentence vector `[d]`; None if that is nothing but zeros.

        `[examples]`, each a cosine in the reduced space: of what is left of both after the mean
        of all examples was taken off and all but `DIMENSIONS` axes. The examples are rounded, so
        one may be like itself by a hundredth more than 1.
        """
        if not vector.any():
            return None
        likeness: Numbers = (
            self.examples @ _project(vector[np.newaxis], self.mean, self.components)[0]
        )
        return likeness

    def is_strange(self, likeness: Numbers, intent: int) -> bool:
        """Whether an example out of scope is nearer than all of this intent; see `compare`."""
        others = likeness[self.intents == self.strange]
        own = likeness[self.intents == intent]
        return bool(own.size and others.size and others.max() > own.max())

    def to_numbers(self) -> dict[str, Numbers]:
        """What has to be kept of it."""
        return {
            "mean": self.mean.astype(np.float32),
            "components": self.components.astype(np.float16),
            "examples": np.round(self.examples * STEPS).astype(np.int8),
            "intents": self.intents.astype(np.int16),
        }

    @classmethod
    def from_numbers(cls, numbers: dict[str, Numbers], strange: int) -> "Familiarity":
        """The one that `to_numbers` told of."""
        return cls(
            numbers["mean"],
            numbers["components"].astype(np.float32),
            (numbers["examples"] / STEPS).astype(np.float32),
            numbers["intents"],
            strange,
        )


def to_nearness(likeness: Numbers) -> float:
    """The likeness to the nearest example of all, from -1 to 1: 1 for an example itself."""
    return max(-1.0, min(float(likeness.max()), 1.0))


def learn_familiarity(
    vectors: Numbers, intents: Sequence[str], names: Sequence[str]
) -> Optional[Familiarity]:
    """What these examples (`[examples, d]`) are like; None where nothing is out of scope."""
    told = vectors.any(axis=1)
    dimensions = min(DIMENSIONS, vectors.shape[1])
    if OUT_OF_SCOPE not in names or told.sum() <= dimensions or not dimensions:
        return None
    places = np.array([names.index(intent) for intent in intents])[told]
    vectors = vectors[told]
    axes = PCA(dimensions, random_state=0).fit(vectors)
    small = _project(vectors, axes.mean_, axes.components_)
    return Familiarity(axes.mean_, axes.components_, small, places, names.index(OUT_OF_SCOPE))


def _project(vectors: Numbers, mean: Numbers, components: Numbers) -> Numbers:
    small = (vectors - mean) @ components.T
    lengths = np.linalg.norm(small, axis=1, keepdims=True)
    return np.asarray(small / np.maximum(lengths, 1e-9), np.float32)
