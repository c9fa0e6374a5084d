"""Intervals: the same in every run, and as wide as the messages are few."""

import numpy as np
import pytest

from bot.workbench.evaluation.bootstrap import Draws, Figure


def test_the_same_messages_give_the_same_interval():
    """
    Figures of two runs differ only if the model does.
    """
    sure = np.linspace(0, 1, 50)

    assert Draws(50).ratio(sure, np.ones(50)) == Draws(50).ratio(sure, np.ones(50))
    assert Draws(50, seed=1).ratio(sure, np.ones(50)) != Draws(50, seed=2).ratio(sure, np.ones(50))


def test_the_interval_is_that_of_the_binomial_distribution():
    """
    80 of 100: a draw has 80 ± 4 hits, 95 % of them 72 to 88.
    """
    figure = Draws(100).ratio([1] * 80 + [0] * 20, np.ones(100))

    assert figure.value == pytest.approx(0.8)
    assert figure.low == pytest.approx(0.72, abs=0.011)
    assert figure.high == pytest.approx(0.88, abs=0.011)
    assert figure.n == 100


def test_fewer_messages_tell_less():
    """
    The same share of four times as many is known about twice as well.
    """
    few = Draws(50).ratio([1] * 40 + [0] * 10, np.ones(50))
    many = Draws(200).ratio([1] * 160 + [0] * 40, np.ones(200))

    width = [one.high - one.low for one in (few, many)]
    assert width[0] / width[1] == pytest.approx(2, rel=0.15)


@pytest.mark.parametrize(
    ("hit", "expected"),
    [
        (1, Figure(1.0, 0.025 ** (1 / 15), 1.0, 15)),
        (0, Figure(0.0, 0.0, 1 - 0.025 ** (1 / 15), 15)),
    ],
)
def test_never_and_always_are_not_certain(hit, expected):
    """
    15 of 15 may well be 80 %: draws of it cannot know, the exact bound (78.2 %) does.
    """
    assert Draws(15).ratio([hit] * 15, np.ones(15)) == expected
    assert expected.low in (0.0, pytest.approx(0.782, abs=0.001))


def test_only_messages_in_question_count():
    """
    A share of none is none.
    """
    some = Draws(4).ratio([1, 0, 0, 0], [1, 1, 0, 0])

    assert (some.value, some.n) == (0.5, 2)
    assert Draws(4).ratio([0, 0, 0, 0], [0, 0, 0, 0]) == Figure(None, None, None, 0)
    assert Draws(0).ratio([], []) == Figure(None, None, None, 0)
