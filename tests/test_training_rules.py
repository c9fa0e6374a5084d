"""`rulebook/training.yml`: what is read, what is refused, and what costs what."""

import shutil
from pathlib import Path

import pytest

from bot.casework.misunderstandings import CostRow, TrainingRules
from bot.rulebook import BrokenRulebook, load_rulebook
from bot.rulebook.training import load_training_rules, read_protected
from bot.settings import ROOT
from tests.known_intents import known_intents


def written(folder: Path, text: str) -> Path:
    (folder / "training.yml").write_text(text)

    return folder


def test_ours_names_intents_only():
    rules = load_training_rules(ROOT / "rulebook")

    assert list(rules.find_unknown(known_intents())) == []
    assert "refund_request" in rules.protected


@pytest.mark.parametrize(
    ("meant", "said", "refused", "cost"),
    [
        ("refund_request", "refund_request", False, 0),
        ("refund_request", "refund_status", False, 5),
        ("refund_request", "thanks", False, 5),
        ("refund_request", "out_of_scope", True, 0.5),
        ("human_agent", "out_of_scope", True, 4),
        ("greet", "thanks", False, 0.2),
        ("tracking_link", "order_status", False, 1),
        ("out_of_scope", "cancel_order", False, 3),
    ],
)
def test_what_ours_says(meant, said, refused, cost):
    assert load_training_rules(ROOT / "rulebook").cost(meant, said, refused=refused) == cost


def test_the_first_row_that_fits_counts():
    rules = TrainingRules(
        groups={"money": ("refund",)},
        costs=(
            CostRow(meant=("money",), said=("thanks",), cost=7),
            CostRow(meant=("refund",), said=("anything",), cost=3),
        ),
    )

    assert [rules.cost("refund", said, refused=False) for said in ("thanks", "greet")] == [7, 3]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("defualt: 1\n", "training.yml, line 1: defualt: is not known here"),
        ("default: many\n", "line 1: default: a number is expected"),
        ("default: -1\n", "default is -1, allowed is 0 to 1000"),
        ("default: .nan\n", "default"),
        ("costs:\n- {meant: a, said: b}\n", "line 2: costs.0.cost: is missing"),
        ("costs:\n- {meant: a, said: b, cots: 1}\n", "did you mean cost?"),
        ("costs:\n- {meant: [], said: b, cost: 1}\n", "needs meant and said"),
        ("costs: 7\n", "a list such as [one, another] is expected"),
        ("costs: [refund]\n", "line 1: costs.0: lines of `key: value` are expected"),
        ("groups: {anything: [a]}\n", "no group may have this name"),
        ("may_lose: 1.5\n", "a whole number is expected"),
        ("bootstrap: {rounds: 1}\n", "rounds is 1, allowed is 200 to 10000"),
        ("default: 1\ndefault: 2\n", "write it once"),
        ("- a\n", "lines of `key: value` are expected"),
    ],
)
def test_a_mistake_is_told_with_its_line(tmp_path, text, told):
    with pytest.raises(BrokenRulebook) as error:
        load_training_rules(written(tmp_path, text))

    assert told in str(error.value)


def test_a_missing_file_is_told(tmp_path):
    with pytest.raises(BrokenRulebook, match=r"training\.yml"):
        load_training_rules(tmp_path)


def test_names_that_nobody_has_are_told():
    rules = TrainingRules(
        groups={"money": ("refnd",)}, costs=(CostRow(meant=("monye",), said=("a",), cost=1),)
    )

    assert list(rules.find_unknown({"a", "refund"})) == [
        "costs names monye, which no intent is called",
        "groups.money names refnd, which no intent is called",
    ]


def test_it_has_no_part_in_the_version_of_the_money(tmp_path):
    ours = tmp_path / "rulebook"
    shutil.copytree(ROOT / "rulebook", ours)
    before = load_rulebook(ours).version
    written(ours, "default: 2\n")

    assert load_rulebook(ours).version == before


@pytest.mark.parametrize(
    "text", ["", "- a", "intents: 3", "intents: {a: 1, b: {protected: 1}}", "{"]
)
def test_protection_is_read_leniently(tmp_path, text):
    (tmp_path / "intents.yml").write_text(text)

    assert read_protected(tmp_path) == frozenset()


def test_what_trainers_protect(tmp_path):
    (tmp_path / "intents.yml").write_text(
        "intents:\n  gift_wrap: {protected: true}\n  greet: {protected: false}\n"
    )

    assert read_protected(tmp_path) == {"gift_wrap"}
    assert read_protected(tmp_path / "nowhere") == frozenset()
