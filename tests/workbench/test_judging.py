"""A message beside what was made of it."""

import pytest

from bot.workbench.evaluation.judging import Judged, judge
from bot.workbench.evaluation.predictions import Entity
from tests.workbench.messages import a_judged, a_prediction, an_example


@pytest.mark.parametrize(
    ("meant", "said", "right"),
    [
        ("thanks", "thanks", True),
        ("thanks", "greet", False),
        ("thanks", "nlu_fallback", False),
        ("out_of_scope", "out_of_scope", True),
        ("out_of_scope", "nlu_fallback", True),
        ("out_of_scope", "thanks", False),
    ],
)
def test_not_being_sure_is_the_right_answer_to_what_is_none_of_our_business(meant, said, right):
    """
    The buyer is asked again either way.
    """
    assert a_judged(meant, said).right is right


def test_a_refusal_may_know_the_intent():
    """
    What is likeliest is asked apart from whether it was sure enough.
    """
    one = a_judged("thanks", "nlu_fallback", ranking="thanks greet")

    assert one.likeliest_right
    assert not one.right


def test_the_first_places_are_counted_as_printed():
    """
    Three buttons are three places.
    """
    one = a_judged("late_delivery", "thanks", ranking="thanks greet goodbye late_delivery")

    assert not one.among_first(3)
    assert one.among_first(4)


def test_entities_are_found_again_in_a_cleaned_text():
    """
    Cleaning shifts them: the second of two alike stays the second.
    """
    text = "  №7  or  №7,  ＃8"
    marked = tuple(
        Entity("order_number", start, start + 2, text[start : start + 2]) for start in (2, 10, 15)
    )
    cleaned = "№7 or №7, #8"
    one = Judged(an_example(text, entities=marked), a_prediction(text=cleaned))

    assert [(entity.start, entity.end) for entity in one.marked()] == [(0, 2), (6, 8), (10, 12)]


def test_an_entity_that_cleaning_took_away_stands_nowhere():
    """
    So nothing can be found in its place.
    """
    marked = (Entity("email", 0, 5, "a@b.c"),)
    one = Judged(an_example("a@b.c ...", entities=marked), a_prediction(text="cut"))

    assert [entity.start for entity in one.marked()] == [-1]


def test_each_message_needs_its_prediction():
    """
    A message too few would shift all that follow.
    """
    with pytest.raises(ValueError, match="shorter"):
        judge([an_example(), an_example()], [a_prediction()])
