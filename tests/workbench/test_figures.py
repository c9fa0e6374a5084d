"""Figures, checked by hand and against scikit-learn."""

import random

import pytest
from sklearn.metrics import precision_recall_fscore_support

from bot.workbench.evaluation.figures import evaluate
from tests.workbench.messages import a_judged

# 4 of 6 in scope and 1 of 2 out of scope get the right answer.
MESSAGES = [
    a_judged("thanks", "thanks"),
    a_judged("thanks", "thanks"),
    a_judged("thanks", "greet", text="ta", ranking="greet deny thanks"),
    a_judged("greet", "greet"),
    a_judged("greet", "greet"),
    a_judged("greet", "nlu_fallback", sure=0.2, ranking="greet thanks"),
    a_judged("out_of_scope", "out_of_scope"),
    a_judged("out_of_scope", "thanks", sure=0.6),
]


def figures(*messages):
    """Those of all languages together."""
    return evaluate(messages or MESSAGES)[0]


def test_the_figures_at_a_glance():
    """
    Each counted by hand from the eight messages.
    """
    found = figures()

    assert found.messages == 8
    assert found.accuracy.value == 5 / 8
    assert found.accuracy_in_scope.value == 4 / 6
    assert found.likeliest.value == 6 / 8
    assert found.among_three.value == 1
    assert (found.refused_rightly.value, found.refused_rightly.n) == (1 / 2, 2)
    assert (found.refused_wrongly.value, found.refused_wrongly.n) == (1 / 6, 6)


def test_precision_recall_and_f1_of_each_intent():
    """
    A refusal is said to be out of scope, also the one that was only not sure.
    """
    found = {one.intent: one for one in figures().intents}

    def numbers(intent):
        one = found[intent]
        return one.n, one.precision.value, one.recall.value, one.f1.value

    assert numbers("thanks") == (3, 2 / 3, 2 / 3, pytest.approx(2 / 3))
    assert numbers("greet") == (3, 2 / 3, 2 / 3, pytest.approx(2 / 3))
    assert numbers("out_of_scope") == (2, 1 / 2, 1 / 2, 1 / 2)
    assert figures().macro_f1.value == pytest.approx((2 / 3 + 2 / 3 + 1 / 2) / 3)
    assert figures().intents[0].intent == "out_of_scope"


def test_figures_are_those_of_scikit_learn():
    """
    On 300 messages at random, each intent.
    """
    chance = random.Random(4)
    names = ["thanks", "greet", "deny", "affirm", "out_of_scope"]
    messages = [a_judged(chance.choice(names), chance.choice(names)) for _ in range(300)]

    reference = precision_recall_fscore_support(
        [one.example.intent for one in messages], [one.said for one in messages], labels=names
    )

    found = {one.intent: one for one in figures(*messages).intents}
    for name, *expected in zip(names, *reference, strict=True):
        one = found[name]
        got = [one.precision.value, one.recall.value, one.f1.value, one.n]
        assert got == pytest.approx(expected)


def test_an_intent_that_nobody_said_has_no_precision():
    """
    And an intent that nobody meant has no row.
    """
    (one,) = figures(a_judged("thanks", "greet")).intents

    assert (one.intent, one.precision.value, one.recall.value) == ("thanks", None, 0)


def test_confusions_name_both_and_show_a_message():
    """
    Here not being sure stands as itself: another cause, another cure.
    """
    found = {(one.meant, one.said): one for one in figures().confusions}

    assert found["thanks", "greet"].examples == ("ta",)
    assert found["greet", "nlu_fallback"].count == 1
    assert set(found) == {
        ("thanks", "greet"),
        ("greet", "nlu_fallback"),
        ("out_of_scope", "thanks"),
    }


def test_the_most_frequent_confusion_comes_first():
    """
    With three of its messages.
    """
    messages = [a_judged("deny", "greet"), *(a_judged("thanks", "greet", text=t) for t in "abcd")]

    first, second = figures(*messages).confusions

    assert (first.meant, first.count, first.examples) == ("thanks", 4, ("a", "b", "c"))
    assert (second.meant, second.count) == ("deny", 1)


def test_the_curve_says_what_each_threshold_would_do():
    """
    One of six in scope is 20 % sure, one of two out of scope 60 %; the other is known as such.
    """
    curve = {point.threshold: point for point in figures().curve}

    def at(threshold):
        return curve[threshold].refused_rightly, curve[threshold].refused_wrongly

    assert at(0.0) == (1 / 2, 0)
    assert at(0.2) == (1 / 2, 0)
    assert at(0.21) == (1 / 2, 1 / 6)
    assert at(0.6) == (1 / 2, 1 / 6)
    assert at(0.61) == (1, 1 / 6)
    assert at(1.0) == (1, 1)


def test_the_best_threshold_keeps_within_the_limit():
    """
    Of those that refuse as much, the lowest.
    """
    ours = [a_judged("thanks", "thanks", sure=sure) for sure in [0.3] + [0.9] * 19]
    others = [a_judged("out_of_scope", "thanks", sure=sure) for sure in (0.25, 0.5, 0.95)]

    best = figures(*ours, *others).best_within_limit

    assert (best.threshold, best.refused_rightly) == (0.51, 2 / 3)
    assert best.refused_wrongly == 1 / 20


def test_without_both_kinds_there_is_no_curve():
    """
    Nothing to set one against the other.
    """
    found = figures(a_judged("thanks", "thanks"))

    assert found.curve == ()
    assert found.best_within_limit is None
    assert found.refused_rightly.value is None


def test_the_calibration_error_is_the_mean_distance_of_the_bins():
    """
    Two messages 90 % sure of which one is right, two 30 % sure that are right: (2·0.4 + 2·0.7) / 4.
    """
    found = figures(
        a_judged("thanks", "thanks", sure=0.9),
        a_judged("thanks", "greet", sure=0.9),
        a_judged("deny", "deny", sure=0.3),
        a_judged("deny", "deny", sure=0.35),
    )

    assert found.calibration_error.value == pytest.approx((0.4 * 2 + 0.7 + 0.65) / 4)
    assert [(one.n, one.right.value) for one in found.bins] == [(2, 1), (2, 0.5)]
    assert found.bins[0].confidence == pytest.approx(0.325)


def test_whoever_is_quite_sure_falls_into_the_last_bin():
    """
    100 % is no eleventh bin.
    """
    (one,) = figures(a_judged("thanks", "thanks", sure=1.0)).bins

    assert (one.low, one.high) == (0.9, 1.0)


def test_each_language_has_its_own_figures():
    """
    And whether it was recognised.
    """
    together, english, russian = evaluate(
        [
            a_judged("thanks", "thanks"),
            a_judged("thanks", "greet"),
            a_judged("thanks", "thanks", written_in="ru", language="ru"),
            a_judged("thanks", "thanks", written_in="ru", language="en"),
        ]
    )

    assert [one.language for one in (together, english, russian)] == ["all", "en", "ru"]
    assert [one.accuracy.value for one in (together, english, russian)] == [3 / 4, 1 / 2, 1]
    assert [one.language_right.value for one in (together, english, russian)] == [3 / 4, 1, 1 / 2]


def test_messages_for_their_entities_alone_count_for_no_intent():
    """
    A set may hold nothing else.
    """
    alone = figures(a_judged("any", "thanks"))
    beside = figures(a_judged("any", "thanks"), a_judged("thanks", "thanks"))

    assert (alone.messages, alone.accuracy.value, alone.intents) == (0, None, ())
    assert (beside.messages, beside.accuracy.value) == (1, 1)
