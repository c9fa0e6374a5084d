"""How predictions are counted."""

import pytest

from benchmarks.figures import Share
from benchmarks.samples import to_example
from benchmarks.scoring import score
from bot.workbench.evaluation.judging import Judged
from bot.workbench.evaluation.predictions import FALLBACK, Guess, Prediction


def judged(meant: str, said: str, *ranking: str) -> Judged:
    """A message and its prediction; without a ranking only what was said is in it."""
    guesses = tuple(Guess(name, 0.5) for name in ranking or (said,))
    return Judged(
        to_example("a message", meant),
        Prediction(
            text="a message", intent=said, confidence=0.5, ranking=guesses, entities=(), language=""
        ),
    )


def shares(*messages: Judged) -> dict[str, float]:
    return {name: value.middle for name, value in score(messages).items()}


def test_right_is_what_the_buyer_is_answered_on():
    """Not sure counts as refused: right for what is out of scope, wrong for what is not."""
    found = shares(
        judged("greet", "greet"),
        judged("greet", "thanks", "thanks", "greet"),
        judged("thanks", FALLBACK, "thanks", "greet"),
        judged("deny", "affirm", "affirm", "greet", "thanks", "deny"),
        judged("out_of_scope", FALLBACK, "greet"),
        judged("out_of_scope", "out_of_scope"),
        judged("out_of_scope", "greet"),
        judged("out_of_scope", "greet"),
    )

    assert found == pytest.approx(
        {
            "answered right": 3 / 8,
            "in scope, answered right": 1 / 4,
            "in scope, likeliest right": 2 / 4,
            "in scope, among the first 3": 3 / 4,
            "in scope, refused": 1 / 4,
            "out of scope, refused": 2 / 4,
        }
    )


def test_nothing_is_said_of_messages_that_are_not_there():
    """Nor the same thing twice: where all are in scope, that part is the whole."""
    assert list(shares(judged("greet", "greet"), judged("deny", "greet"))) == [
        "answered right",
        "in scope, likeliest right",
        "in scope, among the first 3",
        "in scope, refused",
    ]
    assert list(shares(judged("out_of_scope", "greet"))) == ["answered right"]


def test_a_share_knows_how_far_it_can_be_trusted():
    """An interval around it, and the messages that it is about."""
    found = score([*[judged("greet", "greet")] * 30, *[judged("greet", "deny")] * 10])

    share = found["answered right"]
    assert isinstance(share, Share)
    assert share.n == 40
    assert 0.6 < share.low < share.middle == 0.75 < share.high < 0.9
