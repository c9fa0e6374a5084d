"""Edits of a project's files: what is meant is written, and every other byte stays."""

import unicodedata
from dataclasses import replace
from functools import cache

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from bot.teaching.built_in import FIXED
from bot.workbench.comparison.dialogues import parse_dialogues, write_dialogue
from bot.workbench.project.answer_words import read_answer
from bot.workbench.project.check import check_project
from bot.workbench.project.edits import (
    NewIntent,
    Typed,
    create_intent,
    describe_intent,
    edit_examples,
    merge_intent,
    rename_to,
    retire_intent,
    split_intent,
)
from bot.workbench.project.example_lines import Mark, given, plain, read_line
from bot.workbench.project.files import INTENTS, Project
from bot.workbench.project.intent_words import Does, IntentWords, read_words
from bot.workbench.project.nlu_editing import Put, put_examples, take_examples
from bot.workbench.project.wrong_edit import WrongEdit
from tests.workbench.projects import DIALOGUE, DOMAIN, ORDERS, RULES, a_project, our_project

EN = "templates/en/answers.j2"
KINDS = frozenset({"order_number", "size"})
WORDS = IntentWords(description="Wants a gift.", titles={"en": "A gift", "ru": "Подарок"})


@cache
def ours() -> Project:
    return our_project()


def a_new_one(name: str = "gift", kind: str = "person", **fields) -> NewIntent:
    examples = (Typed("wrap it please", "en"), Typed("as a gift [M](size)", "en"))
    new = NewIntent(name=name, words=WORDS, does=Does(kind=kind), examples=examples)
    return replace(new, **fields)


def an_answered_one() -> NewIntent:
    return a_new_one(kind="answer", answers={"en": "It is 3 €.", "ru": "Это 3 €."})


def texts(project: Project, intent: str) -> list[str]:
    return [one.said.marked for one in project.examples if one.intent == intent]


# Byte for byte


def test_our_project_holds_together():
    check_project(ours())


@pytest.mark.parametrize("intent", sorted(ours().intents))
@pytest.mark.parametrize("language", ["en", "ru"])
def test_what_is_added_and_taken_away_again_leaves_every_byte(intent, language):
    put = Put(said=given("quite new ‘words’ | {#}", ours().kinds), intent=intent, language=language)
    added = put_examples(ours(), [put])
    (example,) = [one for one in added.examples if one.said.text == put.said.text]

    assert added.texts != ours().texts
    assert (example.intent, example.language, example.is_test) == (intent, language, False)
    assert take_examples(added, [example]).texts == ours().texts


def test_an_intent_that_comes_and_goes_leaves_every_byte():
    made = create_intent(ours(), a_new_one("gift_wrapping")).project
    gone = retire_intent(made, "gift_wrapping", None, FIXED).project
    gone = gone if INTENTS in ours().texts else gone.with_text(INTENTS, None)

    assert gone.texts == ours().texts


@pytest.mark.parametrize("kind", ["answer", "person", "playbook"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_other_line_ends_stay(kind, newline):
    before = Project(
        {path: text.replace("\n", newline) for path, text in a_project().texts.items()}
    )
    new = a_new_one(kind=kind, answers={"en": "Yes.", "ru": "Да."})
    new = replace(new, does=Does(kind=kind, playbook="x" if kind == "playbook" else ""))
    made = create_intent(before, new).project
    gone = retire_intent(made, "gift", None, FIXED).project

    for path in ("domain.yml", "data/rules.yml"):
        assert made.texts[path].count("\n") == made.texts[path].count(newline)
    assert {path: gone.texts[path] for path in before.texts} == before.texts


def test_what_stands_around_an_edit_stays():
    after = edit_examples(
        a_project(), "late_delivery", [Typed("still not here", "en")], ["my parcel is late"]
    ).project

    assert after.texts["data/nlu/orders.yml"] == ORDERS.replace(
        "    - my parcel is late\n    - late again: {why}\n",
        "    - late again: {why}\n    - still not here\n",
    )
    assert after.texts["domain.yml"] == DOMAIN


def test_a_rule_of_one_becomes_a_list_and_back():
    made = create_intent(a_project(), a_new_one()).project

    assert made.texts["data/rules.yml"] == RULES.replace(
        "  - intent: human_agent\n",
        "  - or:\n    - intent: human_agent\n    - intent: gift\n",
    )
    assert made.texts["domain.yml"] == DOMAIN.replace(
        "- out_of_scope\n", "- out_of_scope\n- gift\n"
    )
    assert retire_intent(made, "gift", None, FIXED).project.texts["data/rules.yml"] == RULES


def test_the_last_line_without_an_end():
    text = DIALOGUE.rstrip("\n")
    before = a_project(**{"data/nlu/dialogue.yml": text})
    after = edit_examples(before, "out_of_scope", [Typed("sing a song", "en")], []).project
    back = edit_examples(after, "out_of_scope", [], ["sing a song"]).project

    assert after.texts["data/nlu/dialogue.yml"] == f"{text}\n    - sing a song"
    assert back.texts == before.texts


# Where examples go


def test_a_language_that_an_intent_lacks_gets_the_file_of_its_family():
    after = edit_examples(
        a_project(), "late_delivery", [Typed("опоздала", "ru"), Typed("всё ещё нет", "ru")], []
    ).project

    assert after.texts["data/nlu/ru/orders.yml"].endswith(
        "    - статус заказа\n\n- intent: late_delivery\n  examples: |\n    - опоздала\n"
        "    - всё ещё нет\n"
    )


def test_a_file_goes_with_its_last_example():
    made = create_intent(a_project(), a_new_one()).project

    assert made.texts["data/nlu/added.yml"].startswith('version: "3.1"\n\nnlu:\n- intent: gift\n')
    assert "data/nlu/added.yml" not in retire_intent(made, "gift", None, FIXED).project.texts


def test_an_example_that_is_there_is_not_added_again():
    after = edit_examples(
        a_project(),
        "order_status",
        [Typed("WHERE is  my order", "en"), Typed("status", "en"), Typed("Status", "en")],
        [],
    )

    assert after.summary == "1 example added to order_status."
    with pytest.raises(WrongEdit, match="already"):
        edit_examples(after.project, "order_status", [Typed("STATUS", "en")], [])


def test_an_example_is_found_with_its_marks_and_without():
    for text in ("where is [#1234](order_number)", "Where is #1234"):
        after = edit_examples(a_project(), "order_status", [], [text]).project
        assert texts(after, "order_status")[:2] == ["where is my order", 'Where\'s it? "now"']


# Whole intents


def with_test(project: Project, intent: str) -> Project:
    return put_examples(
        project,
        [Put(said=plain("kept apart", [], KINDS), intent=intent, language="en", is_test=True)],
    )


def test_a_merge_moves_everything():
    made = with_test(create_intent(a_project(), a_new_one()).project, "gift")
    after = merge_intent(made, "gift", "order_status", FIXED).project

    assert "gift" not in " ".join(after.texts["domain.yml"].split())
    assert {"wrap it please", "as a gift [M](size)", "kept apart"} < set(
        texts(after, "order_status")
    )
    assert [one.intent for one in after.examples if one.is_test] == ["order_status"]
    assert "gift" not in read_words(after)


def test_a_merged_intent_is_so_in_dialogue_tests_and_reaches_the_action_of_the_other():
    made = create_intent(
        a_project(), a_new_one(kind="answer", answers={"en": "Yes.", "ru": "Да."})
    ).project
    said = [("as a gift", "gift", "action_answer"), ("gift", "greet", "action_answer")]
    talk = "tests/dialogues/a-gift.yml"
    made = made.with_text(talk, write_dialogue("gift", said))
    after = merge_intent(made, "gift", "order_status", FIXED).project

    (dialogue,) = parse_dialogues(talk, after.texts[talk])
    assert [(one.text, one.intent, one.action) for one in dialogue.lines] == [
        ("as a gift", "order_status", "action_run_playbook"),
        ("gift", "greet", "action_answer"),
    ]


def test_a_rename_is_everywhere():
    answers = {"en": "Yes.", "ru": "Да."}
    made = with_test(
        create_intent(a_project(), a_new_one(kind="answer", answers=answers)).project, "gift"
    )
    said = [("as a gift", "gift", "action_answer"), ("gift", "greet", "action_answer")]
    talk, broken = "tests/dialogues/a-gift.yml", "tests/dialogues/broken.yml"
    made = made.with_text(talk, write_dialogue("gift", said)).with_text(broken, "intent: gift\n- [")
    after = rename_to(made, "gift", "wrapping", FIXED).project

    (dialogue,) = parse_dialogues(talk, after.texts[talk])
    assert [(one.text, one.intent) for one in dialogue.lines] == [
        ("as a gift", "wrapping"),
        ("gift", "greet"),
    ]
    assert after.texts[broken] == made.texts[broken]
    assert rename_to(after, "wrapping", "gift", FIXED).project.texts == made.texts
    assert dict(after.routes)["wrapping"] == "action_answer"
    assert list(read_words(after)) == ["wrapping"]
    assert "{% block wrapping %}" in after.texts["templates/ru/answers.j2"]
    assert len(texts(after, "wrapping")) == 3


def test_a_split_takes_examples_along():
    after = split_intent(
        a_project(),
        "order_status",
        a_new_one(),
        ["where is #1234", "где мой заказ", "статус заказа"],
    )

    assert after.summary == "gift split off order_status with 3 examples."
    assert "where is [#1234](order_number)" in texts(after.project, "gift")
    assert "где мой заказ" in texts(after.project, "gift")
    assert texts(after.project, "order_status") == ["where is my order", 'Where\'s it? "now"']


def test_retired_examples_may_go_elsewhere():
    made = create_intent(a_project(), a_new_one()).project
    after = retire_intent(made, "gift", "out_of_scope", FIXED)

    assert after.summary == "gift retired into out_of_scope with 2 examples."
    assert "wrap it please" in texts(after.project, "out_of_scope")


def test_a_description_changes_its_own_lines_only():
    before = a_project(
        **{
            INTENTS: "# ours\nintents:\n  # hello\n  greet:\n    description: >-\n      Says\n"
            "      hello.\n    titles:\n      en: Hello   # short\n      ru: Привет\n"
            "    protected: false\n\n  order_status:\n    description: x\n"
            "    titles: {en: Y, ru: Z}\n    protected: true\n"
        }
    )
    after = describe_intent(
        before, "greet", "Greets: #1 or “no”.", {"en": "Hello", "ru": "yes"}, True
    ).project

    assert after.texts[INTENTS] == before.texts[INTENTS].replace(
        ">-\n      Says\n      hello.\n", '"Greets: #1 or “no”."\n'
    ).replace("ru: Привет\n    protected: false", "ru: yes\n    protected: true")
    added = describe_intent(after, "late_delivery", "Late.", {"en": "a", "ru": "b"}, False).project
    assert added.texts[INTENTS].startswith(after.texts[INTENTS])
    assert read_words(added)["late_delivery"].titles == {"en": "a", "ru": "b"}


def test_nothing_new_is_no_change():
    made = create_intent(a_project(), a_new_one()).project

    with pytest.raises(WrongEdit, match="already"):
        describe_intent(made, "gift", WORDS.description, WORDS.titles, False)


def test_an_answer_is_changed_where_it_stands():
    made = create_intent(a_project(), an_answered_one()).project
    made = made.with_text(EN, made.texts[EN] + "\n{% block other %}\nStays.\n{% endblock %}\n")
    said = {"en": "It is 4 €.\nFor {{ all }}.", "ru": read_answer(made, "gift", "ru")}

    edited = describe_intent(made, "gift", WORDS.description, WORDS.titles, False, said)

    assert edited.summary == "gift answered in other words."
    assert read_answer(edited.project, "gift", "en") == said["en"]
    assert [path for path, text in edited.project.texts.items() if text != made.texts[path]] == [EN]
    assert edited.project.texts[EN].endswith("\n{% block other %}\nStays.\n{% endblock %}\n")


def test_an_answer_with_values_is_changed_by_hand_only():
    made = create_intent(a_project(), an_answered_one()).project
    own = "{% block gift %}\nIt is {{ price }}.\n{% endblock %}\n"
    said = {"en": "It is 4 €.", "ru": read_answer(made, "gift", "ru")}

    with pytest.raises(WrongEdit, match="by hand"):
        describe_intent(
            made.with_text(EN, own), "gift", WORDS.description, WORDS.titles, False, said
        )


# What is refused


@pytest.mark.parametrize(
    "name",
    [
        *("", " ", "gift wrap", "Gift", "gift-wrap", "подарок", "g\u200bift", "_gift", "gift_"),
        *("gift__2", "1gift", "a" * 51, "/gift", "gift/sub", "gift\n- x", "null", "true", "yes"),
        *("no", "on", "nlu_fallback", "restart", "back", "session_start", "any", "action_x"),
        *("utter_x", "out_of_scope", "greet", "gift: x", "{{gift}}", "١"),
    ],
)
def test_a_name_that_cannot_be(name):
    with pytest.raises(WrongEdit) as refused:
        create_intent(a_project(), a_new_one(name))
    assert refused.value.code in {"wrong_name", "name_taken"}


@pytest.mark.parametrize("what", [merge_intent, rename_to])
def test_what_the_code_knows_is_fixed(what):
    with pytest.raises(WrongEdit) as refused:
        what(ours(), "late_delivery", "something", FIXED)
    assert refused.value.code == "fixed"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[x](y)", "kind “y”"),
        ("see [x](size) and [y][z]", "drop a part"),
        ("[x][y]", "drop a part"),
        ('[x]{"entity": "y"}', "kind “y”"),
        ("[x]{y}", "cannot read|none that it can"),
        ('[x]{"value": "y"}', "none that it can"),
        ('[x]{"entity": 3}', "none that it can"),
        ('[x]{"entity": ' + "[" * 1900 + "}", "none that it can"),
        ("\uffff\U0001fffe", "empty"),
        ("[ ](size)", "empty"),
        ("", "empty"),
        ("\u200b\u2060\ufeff", "empty"),
        ("\u0301", "empty"),
        ("/restart", "slash"),
        ("／restart", "slash"),
        ("  \u200f/greet", "slash"),
        ("[/](size) x", "slash"),
        ("x" * 2001, "2001 characters"),
        ("x" * 20_000, "20000 characters"),
        (r"C:\Users\me", r"\\u"),
        (r"\u0041", r"\\u"),
    ],
)
def test_an_example_that_cannot_be(text, told):
    with pytest.raises(WrongEdit, match=told) as refused:
        edit_examples(a_project(), "greet", [Typed(text, "en")], [])
    assert refused.value.code == "wrong_example"


@pytest.mark.parametrize(
    "text",
    [
        "- a dash", "-- two", "| pipe", "> more", "{brace", "{ a: b }", "# comment", "a # b",
        "a: b", '"quoted"', "'quoted", "%tag", "@at", "`tick`", "!bang", "&anchor", "*star",
        "? what", "---", "...", "[x] (y)", "[x]", "](y)", "[](y)", "(x)[y]", "{{ jinja }}",
        "{% raw %}", "<b>html</b>", "null", "yes", "007", "1.5", "2026-01-01", "~", "=", "<<",
        "😀 👨‍👩‍👧", "שלום", "ok\\", "a\\nb", "${HOME}", "$HOME", "<!-- x -->", "x" * 2000,
        "привет #1 | {x}", "[#1](order_number)?",
    ],
)  # fmt: skip
def test_an_example_with_markup_reads_back(text):
    after = edit_examples(a_project(), "greet", [Typed(text, "en")], []).project
    shown = "".join(one for one in text if unicodedata.category(one) != "Cf")

    assert texts(after, "greet")[-1] == shown


def test_white_space_and_what_is_not_seen_go():
    after = edit_examples(
        a_project(),
        "greet",
        [Typed("\u202ea\tb\r\n\x85c\u2028 d\x00\u200f e\xa0f\uffff", "en")],
        [],
    ).project

    assert texts(after, "greet")[-1] == "a b c d e f"


def test_the_same_words_cannot_mean_two_things():
    with pytest.raises(WrongEdit, match="example of order_status already") as refused:
        edit_examples(a_project(), "greet", [Typed("Where is MY order", "en")], [])
    assert refused.value.code == "in_two_intents"


def test_what_is_measured_with_is_not_trained_on():
    before = with_test(a_project(), "greet")

    for text in ("kept apart", "Kept: apart!"):
        with pytest.raises(WrongEdit, match="cannot be trained on"):
            edit_examples(before, "greet", [Typed(text, "en")], [])


def test_the_test_set_is_not_thinned_out():
    before = with_test(a_project(), "greet")

    with pytest.raises(WrongEdit, match="nobody thins out") as refused:
        edit_examples(before, "greet", [], ["Kept  apart"])
    assert refused.value.code == "in_test_set"


def test_what_came_with_the_project_to_measure_with_is_not_trained_on():
    before = replace(a_project(), measured=frozenset({"any news on my parcel"}))

    with pytest.raises(WrongEdit, match="tests/nlu"):
        edit_examples(before, "order_status", [Typed("Any news on my parcel?", "en")], [])
    assert "any news on my parcel" in ours().measured


def test_one_example_is_too_few():
    with pytest.raises(WrongEdit, match="fewer than 2"):
        create_intent(a_project(), a_new_one(examples=[Typed("just one", "en")]))
    with pytest.raises(WrongEdit, match="fewer than 2"):
        edit_examples(a_project(), "late_delivery", [], ["my parcel is late"])


@pytest.mark.parametrize(
    ("path", "text", "told"),
    [
        ("data/nlu/orders.yml", "nlu:\n- intent: [", "line 2|line 3"),
        ("data/nlu/orders.yml", "- a list", "key: value"),
        ("data/nlu/x.yml", "nlu:\n- intent: greet\n  examples: |\n    hello\n", "line 4.*dash"),
        ("data/nlu/orders.yml", ORDERS.replace("](order_number)", "]{x}"), "orders.yml, line 7"),
        ("data/nlu/orders.yml", "\ufeff" + ORDERS, "byte order mark"),
        ("data/nlu/orders.yml", ORDERS + "version: 2\n", "twice|version"),
        ("data/nlu/orders.yml", ORDERS.replace("late_delivery ", "gone "), "gone"),
        ("domain.yml", DOMAIN.replace("- late_delivery", "- order_status"), "twice"),
        ("domain.yml", DOMAIN.replace("- greet   # hello\n", ""), "greet"),
        ("data/rules.yml", RULES.replace("    - intent: late_delivery\n", ""), "0 times"),
        ("data/rules.yml", RULES.replace("intent: greet", "intent: order_status"), "2 times"),
        ("data/rules.yml", RULES.replace("action_answer", "action_pay"), "no action of ours"),
        (INTENTS, "intents:\n  gone:\n    description: x\n    titles: {en: x}\n", "gone"),
        (
            INTENTS,
            "intents:\n  greet: {description: x, titles: {en: x}, does: {person: true}}\n",
            "do not agree",
        ),
        ("templates/en/answers.j2", "{% block x %}", "answers.j2, line 1"),
    ],
)  # fmt: skip
def test_nothing_is_added_to_what_is_broken(path, text, told):
    with pytest.raises(WrongEdit, match=told):
        edit_examples(a_project(**{path: text}), "greet", [Typed("good day", "en")], [])


def test_examples_in_another_form_are_left_to_people():
    text = 'version: "3.1"\nnlu:\n- intent: greet\n  examples: "- hello\\n- hi there\\n- hey"\n'
    rest = DIALOGUE.replace("- intent: greet\n  examples: |\n    - hello\n    - hi | there\n", "")
    before = a_project(**{"data/nlu/dialogue.yml": rest, "data/nlu/hand.yml": text})
    after = edit_examples(before, "greet", [Typed("good day", "en")], []).project

    assert after.texts["data/nlu/hand.yml"] == text + (
        "\n- intent: greet\n  examples: |\n    - good day\n"
    )
    with pytest.raises(WrongEdit, match="by hand"):
        edit_examples(before, "greet", [], ["hey"])


# Lines


@for_all(st.text(max_size=60))
def test_whatever_is_typed_reads_back_or_is_refused(text):
    try:
        said = given(text, KINDS)
    except WrongEdit:
        return
    after = put_examples(a_project(), [Put(said=said, intent="greet", language="en")])

    assert (
        after.examples and [one.said for one in after.examples if one.intent == "greet"][-1] == said
    )
    assert read_line(said.marked) == said
    assert given(said.marked, KINDS) == said


@for_all(
    st.text(alphabet='ab [](){}:"|#\u200b\n/é\uffff', max_size=25),
    st.lists(st.tuples(st.integers(-2, 25), st.integers(-2, 25)), max_size=3),
)
def test_a_buyers_brackets_mean_nothing(text, places):
    try:
        said = plain(text, [Mark("size", start, end) for start, end in places], KINDS)
    except WrongEdit:
        return
    assert said.text == " ".join(text.translate({0x200B: None, 0xFFFF: None}).split())
    after = put_examples(a_project(), [Put(said=said, intent="greet", language="en")])
    assert [one.said for one in after.examples if one.intent == "greet"][-1] == said
    assert read_line(said.marked) == said


def test_details_keep_their_places():
    said = plain(
        "\u200b order\n #12  in [x] \xa0XL",
        [Mark("order_number", 9, 12), Mark("size", 22, 24)],
        KINDS,
    )

    assert said.marked == "order [#12](order_number) in [x] [XL](size)"
