"""What the gate says of figures."""

from dataclasses import replace

import pytest

from bot.casework.misunderstandings import TrainingRules
from bot.workbench.comparison.comparing import (
    Changed,
    Comparison,
    IntentCompared,
    Latency,
    Paired,
    SetCompared,
)
from bot.workbench.comparison.dialogues import DialogueFailure
from bot.workbench.comparison.gate import SHOWN, check_gate
from bot.workbench.evaluation.bootstrap import Figure

NONE = Figure(0.0, 0.0, 0.0, 100)


def a_difference(value: float, low: float, high: float) -> Paired:
    return Paired(Figure(0.1, 0.08, 0.12, 100), NONE, Figure(value, low, high, 100))


def a_change(text: str, meant: str = "refund_request") -> Changed:
    return Changed(
        text=text, language="en", file="dev_en.yml", line=7, meant=meant, before=meant,
        now="thanks", sure_before=0.9, sure_now=0.8, cost=5.0,
    )  # fmt: skip


def a_comparison(**changes) -> Comparison:
    given = {
        "model": "new", "live": "old", "messages": 100, "figures": {},
        "cost": {"all": Paired(NONE, NONE, NONE)}, "intents": (), "entities": (),
        "sets": (SetCompared(file="dev_en.yml", messages=100, before=90, now=90),),
        "better": (), "worse": (), "latency": Latency(before=1.0, now=1.0),
    }  # fmt: skip

    return Comparison(**(given | changes))


def an_intent(lost: int, won: int = 0) -> IntentCompared:
    f1 = Paired(NONE, NONE, NONE)

    return IntentCompared(intent="refund_request", n=25, f1=f1, lost=lost, won=won)


@pytest.mark.parametrize(
    ("lost", "won", "may_lose", "ok"),
    [(0, 0, 0, True), (1, 0, 0, False), (1, 0, 1, True), (2, 0, 1, False), (2, 1, 1, True)],
)
def test_by_how_much_a_protected_intent_may_fall(lost, won, may_lose, ok):
    rules = TrainingRules(protected=("refund_request",), may_lose=may_lose)

    assert check_gate(a_comparison(intents=(an_intent(lost, won),)), rules).ok is ok


def test_other_intents_may_fall():
    rules = TrainingRules(protected=("cancel_order",))

    assert check_gate(a_comparison(intents=(an_intent(9),)), rules).ok
    assert not check_gate(a_comparison(intents=(an_intent(9),)), rules, {"refund_request"}).ok


@pytest.mark.parametrize(
    ("low", "high", "ok"), [(-0.01, 0.03, True), (0.0, 0.03, True), (0.001, 0.03, False)]
)
def test_a_cost_that_rises_beyond_doubt(low, high, ok):
    """
    The interval of the difference lies wholly above nothing.
    """
    dearer = a_comparison(cost={"all": a_difference(0.01, low, high)})

    assert check_gate(dearer, TrainingRules()).ok is ok


@pytest.mark.parametrize(
    ("taken", "file", "ok"),
    [(4, "data/test/en.yml", True), (5, "data/test/en.yml", False), (5, "tests/nlu/en.yml", True)],
)
def test_labels_that_take_messages_from_a_protected_intent(taken, file, ok):
    """
    The new model looks better for it, on a test set that holds the same wrong labels.
    """
    better = tuple(
        replace(a_change(f"money back {n}", "thanks"), before="refund_request", file=file)
        for n in range(taken)
    )
    gate = check_gate(a_comparison(better=better), TrainingRules(protected=("refund_request",)))

    assert gate.ok is ok
    for reason in gate.reasons:
        assert reason.code == "protected_taken"
        assert reason.sentences[0] == "money back 0 (refund request, now thanks)"


def test_a_small_rise_does_not_read_as_none():
    (reason,) = check_gate(
        a_comparison(cost={"all": a_difference(0.002, 0.0003, 0.004)}), TrainingRules()
    ).reasons

    assert reason.text.endswith("(the difference is 0.03 to 0.4).")


def test_a_part_that_rises_is_no_less():
    cost = {"all": a_difference(-0.1, -0.2, -0.05), "development": a_difference(0.1, 0.05, 0.2)}
    (reason,) = check_gate(a_comparison(cost=cost), TrainingRules()).reasons

    assert "cost more on the development messages" in reason.text


def test_the_cost_is_told_once():
    cost = {part: a_difference(0.1, 0.05, 0.2) for part in ("all", "development", "test")}

    assert len(check_gate(a_comparison(cost=cost), TrainingRules()).reasons) == 1


def test_a_reason_quotes_so_many_sentences():
    many = tuple(a_change(f"number {number}") for number in range(SHOWN + 5))
    rules = TrainingRules(protected=("refund_request",))
    fallen = a_comparison(intents=(an_intent(len(many)),), worse=many)
    (reason,) = check_gate(fallen, rules).reasons

    assert len(reason.sentences) == SHOWN + 1
    assert reason.sentences[-1] == "and 5 more"


def test_each_dialogue_is_a_reason():
    failures = tuple(
        DialogueFailure(
            dialogue=title, file="a.yml", line=line, text="x", expected="a, b", got="c, d"
        )
        for title, line in (("first", 3), ("first", 9), ("second", 3))
    )
    reasons = check_gate(a_comparison(failures=failures), TrainingRules()).reasons

    assert [(one.code, len(one.sentences)) for one in reasons] == [
        ("dialogue_fails", 2),
        ("dialogue_fails", 1),
    ]
