"""Hints about examples: each kind by itself, and in order."""

import pytest

from bot.workbench.hints import (
    ENOUGH,
    FEW,
    FEWEST,
    SHOWN,
    TESTS,
    Alike,
    FoundDetail,
    Grade,
    Hint,
    HintKind,
    Reading,
    Traffic,
    find_alike,
    find_contradictions,
    find_duplicates,
    find_few,
    find_hints,
    find_unbalanced,
    find_unmarked,
    find_untested,
    find_unused,
    to_words,
)
from bot.workbench.nlu_files import Example, split_markup


def an_example(marked: str, intent: str = "order_status", language: str = "en", **more) -> Example:
    text, entities = split_markup(marked)
    kinds = more.pop("kinds", frozenset({"order_number", "email"}))
    return Example(
        text=text,
        intent=intent,
        entities=entities,
        kinds=kinds,
        language=language,
        file="orders.yml",
        line=1,
    )


def some(count: int, intent: str = "order_status", language: str = "en") -> list[Example]:
    return [
        an_example(f"{intent} in {language} words {n}x", intent, language) for n in range(count)
    ]


def texts(hint: Hint) -> list[str]:
    return [one.text for one in hint.mentions]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Where is it?", "where is it"),
        ("  WHERE   is it!!! ", "where is it"),
        ("don't", "don’t"),
        ("Straße", "STRASSE"),
        ("где заказ?", "ГДЕ заказ"),
    ],
)
def test_words_are_the_same(one, other):
    assert to_words(one) == to_words(other)


@pytest.mark.parametrize(("one", "other"), [("👍", "👎"), ("?", "!"), ("order 1", "order 2")])
def test_words_differ(one, other):
    assert to_words(one) != to_words(other)


def test_the_same_words_under_two_intents_are_bad():
    examples = [
        an_example("where is it", "order_status"),
        an_example("Where is it?", "late_delivery"),
        an_example("thanks", "thanks"),
    ]
    (hint,) = find_contradictions(examples)

    assert (hint.kind, hint.grade, hint.count) == (HintKind.CONTRADICTED, Grade.BAD, 1)
    assert hint.text == ("1 message stands both under “late delivery” and under “order status”.")
    assert texts(hint) == ["Where is it?", "where is it"]
    assert [one.note for one in hint.mentions] == ["late delivery", "order status"]


def test_three_intents_are_three_pairs():
    examples = [an_example("it", intent) for intent in ("a", "b", "c")]

    assert len(list(find_contradictions(examples))) == 3


def test_the_same_words_twice_under_one_intent():
    examples = [an_example("hi"), an_example("Hi!"), an_example("hi", "greet")]
    (hint,) = find_duplicates(examples)

    assert (hint.intent, hint.count, texts(hint)) == ("order_status", 1, ["Hi!"])
    assert hint.grade is Grade.LOOK


@pytest.mark.parametrize(
    ("count", "grade"),
    [(FEWEST - 1, Grade.BAD), (FEWEST, Grade.WEAK), (FEW - 1, Grade.WEAK), (FEW, None)],
)
def test_too_few_examples(count, grade):
    found = list(find_few([*some(count), *some(FEW, language="ru")]))

    assert [one.grade for one in found] == ([grade] if grade else [])


def test_a_language_without_any_example_is_told():
    (hint,) = find_few(some(FEW))

    assert (hint.language, hint.grade) == ("ru", Grade.BAD)
    assert hint.text == "“order status” has no examples in Russian; 30 are wanted."


def test_languages_out_of_balance():
    lopsided = [*some(4 * FEW, "a"), *some(FEW, "a", "ru")]
    fair = [*some(3 * FEW, "b"), *some(FEW, "b", "ru")]
    (hint,) = find_unbalanced([*lopsided, *fair])

    assert (hint.intent, hint.language) == ("a", "ru")
    assert hint.text == "“a” has 120 examples in English and 30 in Russian."


def test_too_few_in_a_language_is_not_told_twice():
    assert list(find_unbalanced([*some(400), *some(FEW - 1, language="ru")])) == []


def test_no_test_set_is_one_hint():
    (hint,) = find_untested([*some(3, "a"), *some(3, "b")], [])

    assert (hint.intent, hint.count) == ("", 2)


def test_a_test_set_that_is_too_small_for_an_intent():
    tests = [*some(TESTS, "a"), *some(1, "b")]
    (hint,) = find_untested([*some(3, "a"), *some(3, "b")], tests)

    assert hint.intent == "b"
    assert hint.text.startswith("The test set has 1 message of “b”")


def test_an_intent_that_nobody_means():
    traffic = Traffic(30, ENOUGH, {"a": ENOUGH})
    (hint,) = find_unused([*some(1, "a"), *some(1, "b")], traffic)

    assert hint.text == "None of 1,000 messages in 30 days was understood as “b”."


def test_of_little_traffic_nothing_is_said():
    assert list(find_unused(some(1), Traffic(30, ENOUGH - 1, {}))) == []


def test_a_value_that_is_marked_elsewhere():
    examples = [
        an_example("where is [DEMO-1018](order_number)"),
        an_example("and demo-1018, please"),
        an_example("and demo-10187"),
    ]
    (hint,) = find_unmarked(examples)

    assert (hint.count, texts(hint)) == (1, ["and demo-1018, please"])
    assert hint.mentions[0].note == "order number: demo-1018"


def test_a_value_of_several_words():
    examples = [
        an_example("the [blue coffee mug](product)", kinds=frozenset({"product"})),
        an_example("my (Blue  Coffee mug) broke", kinds=frozenset({"product"})),
    ]
    (hint,) = find_unmarked(examples)

    assert hint.mentions[0].note == "product: Blue Coffee mug"


def test_files_that_mark_no_such_kind_need_not():
    examples = [
        an_example("where is [DEMO-1018](order_number)"),
        an_example("and demo-1018", kinds=frozenset()),
        an_example("and demo-1018", kinds=frozenset({"email"})),
    ]

    assert list(find_unmarked(examples)) == []


def test_what_is_marked_as_part_of_more_is_marked():
    examples = [an_example("[#1018](order_number)"), an_example("[№ #1018](order_number) it is")]

    assert list(find_unmarked(examples)) == []


def test_the_model_finds_what_nobody_marked():
    examples = [
        an_example("order 61120398 is late"),
        an_example("[61120399](order_number) is late"),
        an_example("two of them"),
    ]
    details = [
        FoundDetail(0, "order_number", "61120398"),
        FoundDetail(1, "order_number", "61120399"),
        FoundDetail(2, "quantity", "two"),
    ]
    (hint,) = find_unmarked(examples, details)

    assert texts(hint) == ["order 61120398 is late"]


def test_short_values_are_not_looked_for():
    examples = [an_example("[42](size)", kinds=frozenset({"size"})), an_example("42 of them")]

    assert list(find_unmarked(examples)) == []


def test_examples_that_look_alike():
    examples = [
        an_example("cancel it", "cancel_order"),
        an_example("do not cancel it", "never_mind"),
        an_example("cancel", "cancel_order"),
    ]
    (hint,) = find_alike(examples, [Alike(0, 1, 0.91), Alike(1, 2, 0.95)])

    assert (hint.intent, hint.count) == ("cancel_order", 2)
    assert texts(hint) == ["cancel", "do not cancel it", "cancel it", "do not cancel it"]
    assert hint.mentions[0].note == "cancel order, 95% alike"


def test_alike_of_one_intent_or_of_the_same_words_is_no_hint():
    examples = [an_example("hi", "a"), an_example("Hi!", "b"), an_example("hello", "a")]

    assert list(find_alike(examples, [Alike(0, 1, 1.0), Alike(0, 2, 0.99)])) == []


def test_a_hint_names_some_of_many():
    twice = [an_example(f"hello {n}x") for n in range(50) for _ in range(2)]
    (hint,) = find_duplicates(twice)

    assert (hint.count, len(hint.mentions)) == (50, SHOWN)


def test_the_worst_comes_first():
    examples = [
        *some(FEW, "a"),
        *some(FEW, "a", "ru"),
        *some(5, "b"),
        *some(FEW, "b", "ru"),
        an_example("it", "a"),
        an_example("it", "b"),
        an_example("yes", "a"),
        an_example("yes", "a"),
    ]
    kinds = [one.kind for one in find_hints(examples, reading=Reading())]

    assert kinds == [
        HintKind.CONTRADICTED,
        HintKind.FEW,
        HintKind.UNTESTED,
        HintKind.DUPLICATED,
    ]


def test_no_examples_no_hints():
    assert find_hints([]) == []


@pytest.mark.parametrize("text", ["", " ", "[](", "=1+1", "- |", "\u202e", "'; drop table"])
def test_odd_texts_break_nothing(text):
    example = Example(
        text=text,
        intent="a b",
        entities=(),
        kinds=frozenset(),
        language="xx",
        file="x.yml",
        line=1,
    )

    assert find_hints([example, example])
