"""Two models on the same messages."""

from dataclasses import replace

import pytest

from bot.casework.misunderstandings import Bootstrap, CostRow, TrainingRules
from bot.workbench.comparison.comparing import (
    Comparison,
    Latency,
    Part,
    compare,
    compare_entities,
    compare_sets,
    find_changed,
    from_json,
    to_json,
)
from bot.workbench.evaluation.bootstrap import Figure
from bot.workbench.evaluation.judging import Judged
from bot.workbench.evaluation.predictions import Entity
from tests.workbench.messages import a_judged

RULES = TrainingRules(
    costs=(CostRow(meant=("refund",), said=("status",), cost=5),),
    bootstrap=Bootstrap(rounds=300, seed=7),
)


def judged(*pairs: tuple[str, str], file: str = "dev_en.yml", sure: float = 0.9) -> list[Judged]:
    """Messages of the first intent of each pair that were taken for the second."""
    found = [
        a_judged(meant, said, text=f"{meant} {number}", sure=sure)
        for number, (meant, said) in enumerate(pairs)
    ]

    return [replace(one, example=replace(one.example, file=file)) for one in found]


def test_what_got_better_and_worse_are_sentences():
    before = judged(("refund", "refund"), ("refund", "greet"), ("greet", "greet"), ("greet", "x"))
    now = judged(("refund", "status"), ("refund", "refund"), ("greet", "greet"), ("greet", "y"))
    better, worse = find_changed(before, now, RULES)

    assert [(one.text, one.before, one.now, one.cost) for one in worse] == [
        ("refund 0", "refund", "status", 5)
    ]
    assert [(one.text, one.before, one.now, one.cost) for one in better] == [
        ("refund 1", "greet", "refund", -1)
    ]


def test_the_dearest_comes_first():
    before = judged(("refund", "refund"), ("refund", "refund"), ("greet", "greet"))
    now = judged(("refund", "nlu_fallback"), ("refund", "status"), ("greet", "status"))

    assert [one.cost for one in find_changed(before, now, RULES)[1]] == [5, 1, 0.5]


def test_two_models_that_fail_alike_differ_by_nothing():
    same = judged(*[("refund", "status"), ("refund", "refund")] * 20)
    figures, cost, intents = compare(same, same, RULES, {})

    assert figures["accuracy"].difference == Figure(0.0, 0.0, 0.0, 40)
    assert cost["all"].difference == Figure(0.0, 0.0, 0.0, 40)
    assert [one.f1.difference.value for one in intents] == [0.0]


def test_a_difference_has_the_interval_of_the_pairs():
    """
    Ten of a hundred sentences more are right: that is beyond doubt, though each alone is not.
    """
    before = judged(*[("a", "a")] * 60, *[("a", "b")] * 40)
    now = judged(*[("a", "a")] * 70, *[("a", "b")] * 30)
    accuracy = compare(before, now, RULES, {})[0]["accuracy"]

    assert accuracy.before.high > accuracy.now.low
    assert accuracy.difference.low > 0
    assert accuracy.difference.value == pytest.approx(0.1)


def test_the_same_every_time():
    before = judged(*[("a", "a"), ("a", "b"), ("b", "b")] * 10)
    now = judged(*[("a", "b"), ("a", "a"), ("b", "a")] * 10)

    assert compare(before, now, RULES, {}) == compare(before, now, RULES, {})


def test_the_cost_of_each_part():
    old = [
        *judged(("a", "a"), ("a", "a")),
        *judged(("a", "b"), ("a", "b"), file="data/test/en.yml"),
    ]
    new = [
        *judged(("a", "b"), ("a", "a")),
        *judged(("a", "a"), ("a", "a"), file="data/test/en.yml"),
    ]
    parts = {"dev_en.yml": Part.DEVELOPMENT, "data/test/en.yml": Part.TEST}
    cost = compare(old, new, RULES, parts)[1]

    assert [(part, one.before.value, one.now.value) for part, one in cost.items()] == [
        ("all", 0.5, 0.25),
        ("development", 0.0, 0.5),
        ("test", 1.0, 0.0),
    ]


def test_a_part_without_messages_is_left_out():
    same = judged(("a", "a"))

    assert set(compare(same, same, RULES, {})[1]) == {"all"}


def test_the_most_fallen_intent_first():
    before = judged(*[("a", "a")] * 5, *[("b", "b")] * 5, ("c", "z"))
    now = judged(*[("a", "b")] * 2, *[("a", "a")] * 3, *[("b", "b")] * 5, ("c", "c"))
    intents = compare(before, now, RULES, {})[2]

    assert [(one.intent, one.n, one.lost, one.won) for one in intents] == [
        ("a", 5, 2, 0),
        ("b", 5, 0, 0),
        ("c", 1, 0, 1),
    ]


def test_refusals():
    before = judged(("out_of_scope", "a"), ("out_of_scope", "nlu_fallback"), ("a", "out_of_scope"))
    now = judged(("out_of_scope", "out_of_scope"), ("out_of_scope", "out_of_scope"), ("a", "a"))
    figures = compare(before, now, RULES, {})[0]

    rightly, wrongly = figures["refused_rightly"], figures["refused_wrongly"]
    assert (rightly.before.value, rightly.now.value) == (0.5, 1.0)
    assert (wrongly.before.value, wrongly.now.value) == (1.0, 0.0)


def test_only_messages_in_scope():
    """
    Where nothing is out of scope there is nothing to say about it.
    """
    same = judged(("a", "a"))

    assert compare(same, same, RULES, {})[0]["refused_rightly"].difference.value is None


def test_entities():
    mark = Entity("order_number", 0, 5, "#1004")
    one = a_judged("a", "a", text="#1004 please", entities=(mark,))
    found = replace(one, example=replace(one.example, entities=(mark,), kinds={"order_number"}))
    lost = replace(found, prediction=replace(found.prediction, entities=()))
    (compared,) = compare_entities([found, found], [found, lost], RULES)

    assert (compared.kind, compared.n) == ("order_number", 2)
    assert (compared.found.before.value, compared.found.now.value) == (1.0, 0.5)


def test_sets():
    before = [*judged(("a", "a"), ("a", "b")), *judged(("a", "a"), file="dev_ru.yml")]
    now = [*judged(("a", "a"), ("a", "a")), *judged(("a", "b"), file="dev_ru.yml")]

    assert [(one.file, one.messages, one.before, one.now) for one in compare_sets(before, now)] == [
        ("dev_en.yml", 2, 1, 2),
        ("dev_ru.yml", 1, 1, 0),
    ]


def test_other_messages_are_refused():
    with pytest.raises(ValueError, match="zip"):
        compare(judged(("a", "a")), [], RULES, {})


def test_it_is_stored_whole():
    before, now = judged(("a", "a"), ("b", "a")), judged(("a", "b"), ("b", "b"))
    figures, cost, intents = compare(before, now, RULES, {})
    better, worse = find_changed(before, now, RULES)
    whole = Comparison(
        model="new.tar.gz", live="old.tar.gz", messages=2, figures=figures, cost=cost,
        intents=intents, entities=(), sets=compare_sets(before, now), better=better, worse=worse,
        latency=Latency(before=3.0, now=4.0), notes=("a note",),
    )  # fmt: skip

    assert from_json(to_json(whole)) == whole
