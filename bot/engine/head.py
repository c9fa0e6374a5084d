"""
The classifier proper: a linear one with calibrated confidence.

Of few examples logistic regression makes a point more than support vector machines, one an intent;
of many they are as accurate and ten times faster. The tables are in docs/UNDERSTANDING.md.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from sklearn.svm import LinearSVC

Numbers = NDArray[np.float32]

FEW = 3000
"""Examples up to which logistic regression is the better one, and takes seconds."""
LOGISTIC_C = 20.0
FOLDS = 2
"""One of so many parts is kept apart to learn how sure one may be."""
SHARPEST = 30.0
SEED = 1


@dataclass(frozen=True, eq=False)
class Head:
    """Weights `[features, intents]` and shifts `[intents]`."""

    intents: tuple[str, ...]
    weights: Numbers
    shift: Numbers
    sharpness: float
    """What scores are multiplied by before the softmax: it makes 0.9 mean nine of ten."""

    def confidences(self, places: NDArray[np.int64], values: Numbers) -> NDArray[np.float64]:
        """The probability of each intent: `[intents]`; all other features of the message are 0."""
        scores = values @ self.weights[places] + self.shift
        return np.asarray(_softmax(self.sharpness * scores[np.newaxis])[0], np.float64)


def train_head(features: csr_matrix, intents: Sequence[str], *, c: float) -> Head:
    """
    The head for these examples; `c` is the price of one on the wrong side, where they are many.

    The sharpness is found on a part of the examples that a first training does not see; with
    intents too small to be parted it is guessed.
    """
    # Once and for all, and not by every machine for itself while others read.
    features = csr_matrix(features, dtype=np.float64)
    features.sum_duplicates()
    names = np.array(intents)
    classes, counts = np.unique(names, return_counts=True)
    # What is calibrated on a part is the same machine that will be trained on the whole.
    fit = _fit_few if len(names) < FEW else _fit_many
    sharpness = 3.0
    if counts.min() >= FOLDS:
        parts = StratifiedKFold(FOLDS, shuffle=True, random_state=SEED)
        seen, apart = next(parts.split(features, names))
        weights, shift = fit(features[seen], names[seen], c)
        sharpness = _calibrate(features[apart] @ weights + shift, names[apart], classes)
    weights, shift = fit(features, names, c)
    return Head(tuple(map(str, classes)), weights, shift, sharpness)


def _fit_many(features: csr_matrix, names: NDArray[Any], c: float) -> tuple[Numbers, Numbers]:
    def one(intent: str) -> LinearSVC:
        machine = LinearSVC(C=c, tol=0.01, random_state=SEED)
        return machine.fit(features, names == intent)

    # liblinear lets go of Python's lock, so two threads use two cores.
    with ThreadPoolExecutor(2) as threads:
        machines = list(threads.map(one, np.unique(names)))
    weights = np.stack([machine.coef_[0] for machine in machines], axis=1)
    shift = np.array([machine.intercept_[0] for machine in machines])
    return weights.astype(np.float32), shift.astype(np.float32)


def _fit_few(features: csr_matrix, names: NDArray[Any], _c: float) -> tuple[Numbers, Numbers]:
    machine = LogisticRegression(C=LOGISTIC_C, tol=0.01, max_iter=300).fit(features, names)
    weights, shift = machine.coef_.T, machine.intercept_
    if weights.shape[1] == 1:  # of two intents scikit-learn keeps what speaks for the second
        weights, shift = np.hstack([-weights, weights]), np.hstack([-shift, shift])
    return weights.astype(np.float32), shift.astype(np.float32)


def _calibrate(scores: Numbers, names: NDArray[Any], classes: NDArray[Any]) -> float:
    """The sharpness under which the right intents are the most probable (temperature scaling)."""
    right = np.searchsorted(classes, names)

    def surprise(sharpness: float) -> float:
        probable = _softmax(sharpness * scores)[np.arange(len(right)), right]
        return float(-np.log(np.maximum(probable, 1e-12)).mean())

    return float(minimize_scalar(surprise, bounds=(0.5, SHARPEST), method="bounded").x)


def _softmax(scores: NDArray[Any]) -> NDArray[np.float64]:
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True), np.float64)
