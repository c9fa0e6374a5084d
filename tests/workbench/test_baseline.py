"""Figures that were reached once: what counts as lost."""

from pathlib import Path

import pytest

from bot.workbench.evaluation.baseline import (
    BelowBaseline,
    BrokenBaseline,
    check_baseline,
    find_other_sets,
    has_dropped,
    read_baseline,
    write_baseline,
)
from bot.workbench.evaluation.bootstrap import Figure
from bot.workbench.evaluation.report import Report, make_report
from tests.workbench.messages import a_judged

WAS = Figure(0.8, 0.75, 0.85, 100)


def a_report(right: int = 80, refused: int = 20, wrongly: int = 4, of: int = 100) -> Report:
    """So many of a hundred in scope are right and wrongly refused, of twenty others refused."""
    wrong = of - right - wrongly
    judged = [
        *(a_judged("thanks", "thanks") for _ in range(right)),
        *(a_judged("thanks", "nlu_fallback", ranking="thanks") for _ in range(wrongly)),
        *(a_judged("thanks", "greet", ranking="greet deny thanks") for _ in range(wrong)),
        *(a_judged("out_of_scope", "out_of_scope") for _ in range(refused)),
        *(a_judged("out_of_scope", "thanks") for _ in range(20 - refused)),
    ]

    return make_report("model", ["dev_en.yml"], judged)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A baseline of 80 right, 4 wrongly refused."""
    path = tmp_path / "baseline.json"
    write_baseline(path, a_report())

    return path


@pytest.mark.parametrize(
    ("name", "value", "dropped"),
    [
        ("accuracy", 0.90, False),
        ("accuracy", 0.76, False),
        ("accuracy", 0.75, False),
        ("accuracy", 0.74, True),
        ("refused_wrongly", 0.70, False),
        ("refused_wrongly", 0.85, False),
        ("refused_wrongly", 0.86, True),
    ],
)
def test_a_figure_has_dropped_beyond_the_interval_of_then(name, value, dropped):
    """
    On the bad side, which for wrong refusals is the upper one.
    """
    assert has_dropped(name, Figure(value, 0.0, 1.0, 100), WAS) is dropped


def test_what_was_written_is_read(file):
    """
    Each language with its figures; what could not be measured is not in it.
    """
    found = read_baseline(file)

    assert set(found) == {"en"}
    assert set(found["en"]) == {"accuracy", "among_three", "refused_rightly", "refused_wrongly"}
    assert found["en"]["refused_wrongly"].value == 0.04
    assert found["en"]["accuracy"].n == 120


@pytest.mark.parametrize("report", [a_report(), a_report(right=95), a_report(right=76, wrongly=2)])
def test_the_same_better_and_within_chance_pass(file, report):
    """
    Nothing is said.
    """
    check_baseline(report, read_baseline(file))


@pytest.mark.parametrize(
    ("report", "named", "silent"),
    [
        (a_report(right=60), "en, accuracy: 66.7 (", "refused"),
        (a_report(wrongly=15), "en, refused_wrongly: 15.0 (", "accuracy"),
        (a_report(refused=12), "en, refused_rightly: 60.0 (", "wrongly"),
    ],
)
def test_a_drop_is_named_with_both_figures(file, report, named, silent):
    """
    And nothing else is.
    """
    with pytest.raises(BelowBaseline) as below:
        check_baseline(report, read_baseline(file))

    assert named in str(below.value)
    assert "was " in str(below.value)
    assert silent not in str(below.value)
    assert below.value.exit_code == 1


def test_a_language_that_is_gone_is_a_drop(file):
    """
    A set taken away must not look like success.
    """
    russian = make_report("model", ["dev_ru.yml"], [a_judged("thanks", "thanks", written_in="ru")])

    with pytest.raises(BelowBaseline, match="en, accuracy: not measured"):
        check_baseline(russian, read_baseline(file))


def test_a_perfect_figure_may_miss_once(tmp_path):
    """
    Of twenty out of scope all were refused: nineteen are within what chance allows.
    """
    path = tmp_path / "baseline.json"
    write_baseline(path, a_report(refused=20))

    check_baseline(a_report(refused=19), read_baseline(path))
    with pytest.raises(BelowBaseline):
        check_baseline(a_report(refused=16), read_baseline(path))


def test_a_baseline_of_other_messages_is_told(file):
    """
    It still holds, and wants to be written anew.
    """
    more = a_report(right=90, of=110)
    russian = make_report("model", ["dev_ru.yml"], [a_judged("thanks", "thanks", written_in="ru")])
    was = read_baseline(file)

    assert list(find_other_sets(a_report(), was)) == []
    assert list(find_other_sets(more, was)) == [
        "en, accuracy: on 130 messages, the baseline on 120",
        "en, among_three: on 110 messages, the baseline on 100",
        "en, refused_wrongly: on 110 messages, the baseline on 100",
    ]
    assert "ru, accuracy: not in the baseline" in find_other_sets(russian, was)


@pytest.mark.parametrize(
    ("text", "why"),
    [(None, "`--write-baseline` writes one"), ("[]", "is no baseline"), ("{", "is no baseline")],
)
def test_a_missing_or_broken_baseline_says_so(tmp_path, text, why):
    """
    Never a comparison with nothing.
    """
    path = tmp_path / "baseline.json"
    if text is not None:
        path.write_text(text)

    with pytest.raises(BrokenBaseline, match=why):
        read_baseline(path)
