"""Dialogue tests as files."""

import pytest

from bot.settings import ROOT
from bot.workbench.comparison.dialogues import (
    FOLDER,
    BrokenDialogue,
    find_failures,
    read_dialogues,
    read_routes,
    to_examples,
    write_dialogue,
)
from bot.workbench.evaluation.judging import judge
from bot.workbench.nlu_files import NO_INTENT
from tests.known_intents import known_intents
from tests.workbench.messages import a_prediction

ROUTES = {"greet": "action_answer", "refund_request": "action_run_playbook"}


def written(folder, text: str) -> None:
    path = folder / FOLDER / "one.yml"
    path.parent.mkdir(parents=True)
    path.write_text(text, "utf-8")


def failures(folder, *said: str):
    dialogues = read_dialogues(folder)
    examples = [one for file in to_examples(dialogues) for one in file.examples]
    predictions = [a_prediction(intent) for intent in said]

    return find_failures(dialogues, judge(examples, predictions), ROUTES)


def test_ours_name_what_there_is():
    """
    Intents of the domain and the actions that their rules lead to, in both languages.
    """
    dialogues = read_dialogues(ROOT)
    routes = read_routes(ROOT)

    assert len(dialogues) >= 8
    for dialogue in dialogues:
        assert len(dialogue.lines) >= 2
        for line in dialogue.lines:
            assert line.intent in known_intents() - {NO_INTENT}
            assert routes[line.intent] == line.action, (dialogue.file, line.line)


def test_the_routes_are_those_of_the_rules():
    routes = read_routes(ROOT)

    assert routes["refund_request"] == "action_run_playbook"
    assert routes["nlu_fallback"] == routes["out_of_scope"] == "action_clarify"
    assert routes["human_agent"] == "action_hand_off"


def test_a_dialogue_that_passes(tmp_path):
    written(tmp_path, write_dialogue("a", [("hi", "greet", "action_answer")]))

    assert failures(tmp_path, "greet") == ()


def test_a_line_that_fails_is_named(tmp_path):
    lines = [("hi", "greet", "action_answer"), ("money", "refund_request", "action_run_playbook")]
    written(tmp_path, write_dialogue("a talk", lines))
    (failure,) = failures(tmp_path, "greet", "nlu_fallback")

    assert (failure.dialogue, failure.file, failure.line, failure.text) == (
        "a talk",
        "tests/dialogues/one.yml",
        10,
        "money",
    )
    assert failure.expected == "refund_request, action_run_playbook"
    assert failure.got.startswith("not understood")


@pytest.mark.parametrize("said", ["out_of_scope", "nlu_fallback"])
@pytest.mark.parametrize("meant", ["out_of_scope", "nlu_fallback"])
def test_refused_is_refused(tmp_path, meant, said):
    written(tmp_path, write_dialogue("a", [("?", meant, "action_clarify")]))
    dialogues = read_dialogues(tmp_path)
    examples = [one for file in to_examples(dialogues) for one in file.examples]
    judged = judge(examples, [a_prediction(said)])

    assert find_failures(dialogues, judged, {"out_of_scope": "action_clarify"}) == ()


def test_marks_of_entities_are_read_as_rasa_does(tmp_path):
    written(
        tmp_path,
        "stories:\n- story: a\n  steps:\n  - user: |-\n      where is [#1004](order_number)\n"
        "    intent: greet\n  - action: action_answer\n",
    )
    (dialogue,) = read_dialogues(tmp_path)

    assert dialogue.lines[0].text == "where is #1004"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "lines of `key: value`"),
        ("stories: [", "one.yml"),
        ("stories: []", "a list of stories"),
        ("stories:\n- 3", "line 2: a story with steps"),
        ("stories:\n- story: a", "line 2: a story with steps"),
        ("stories:\n- story: a\n  steps:\n  - user: x", "line 4: `user` with `intent`"),
        ("stories:\n- story: a\n  steps:\n  - action: x", "line 4"),
        ("stories:\n- story: a\n  steps:\n  - user: x\n    intent: b", "line 4: no action"),
        (
            "stories:\n- story: a\n  steps:\n  - user: x\n    intent: b\n"
            "  - user: y\n    intent: b\n  - action: c",
            "line 4: no action",
        ),
        (
            'stories:\n- story: a\n  steps:\n  - user: "[x]{\\"e\\": 1}"\n    intent: b\n'
            "  - action: c",
            "line 4",
        ),
    ],
)
def test_a_broken_dialogue_names_its_line(tmp_path, text, told):
    written(tmp_path, text)
    with pytest.raises(BrokenDialogue) as error:
        read_dialogues(tmp_path)

    assert told in str(error.value)
