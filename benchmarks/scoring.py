"""How well messages were understood, from the predictions."""

from collections.abc import Sequence

import numpy as np

from benchmarks.figures import Share, Value
from bot.workbench.evaluation.bootstrap import Draws, Figure
from bot.workbench.evaluation.judging import Judged

BUTTONS = 3
"""Intents that a buyer is offered when the model is not sure."""


def score(judged: Sequence[Judged]) -> dict[str, Value]:
    """
    Shares of these messages by name; what has no message to be a share of is left out, and so is
    what another share says already because all messages are in scope, or none.

    Not sure and out of scope are one answer, and the wrong one to a message in scope. So that a
    threshold does not hide what a classifier knows, the likeliest intent before any refusal
    stands beside it.
    """
    draws = Draws(len(judged))
    right, scope, refused, likeliest, among = (
        np.array(column, dtype=float)
        for column in zip(
            *(
                (
                    one.right,
                    one.in_scope,
                    one.prediction.refused,
                    one.likeliest_right,
                    one.among_first(BUTTONS),
                )
                for one in judged
            ),
            strict=True,
        )
    )
    both = float(0 < scope.sum() < len(judged))
    figures = {
        "answered right": draws.ratio(right, np.ones(len(judged))),
        "in scope, answered right": draws.ratio(right * scope, scope * both),
        "in scope, likeliest right": draws.ratio(likeliest * scope, scope),
        f"in scope, among the first {BUTTONS}": draws.ratio(among * scope, scope),
        "in scope, refused": draws.ratio(refused * scope, scope),
        "out of scope, refused": draws.ratio(refused * (1 - scope), (1 - scope) * both),
    }

    return {name: share for name, figure in figures.items() if (share := _share(figure))}


def _share(figure: Figure) -> Share | None:
    if figure.value is None or figure.low is None or figure.high is None:
        return None

    return Share(figure.value, figure.low, figure.high, figure.n)
