"""What the engine prints, read."""

import json

import pytest

from bot.workbench.evaluation.predictions import BrokenPrediction, Entity, Guess, from_json

LINE = {
    "text": "where is #1004",
    "intent": "nlu_fallback",
    "confidence": 0.31,
    "ranking": [
        {"name": "order_status", "confidence": 0.31},
        {"name": "late_delivery", "confidence": 0.2},
    ],
    "entities": [
        {"entity": "order_number", "start": 9, "end": 14, "value": "#1004", "normalized": "1004"}
    ],
    "language": "en",
}


def test_a_line_becomes_a_prediction():
    """
    With its ranking and its entities; not being sure is a refusal, whatever is likeliest.
    """
    prediction = from_json(json.dumps(LINE))

    assert prediction.likeliest == Guess("order_status", 0.31)
    assert prediction.entities == (Entity("order_number", 9, 14, "#1004", "1004"),)
    assert prediction.refused


def test_an_entity_without_normal_form_has_its_value():
    """
    Models that were trained before there were normal forms print none.
    """
    entity = {"entity": "email", "start": 0, "end": 5, "value": "a@b.c"}

    (found,) = from_json(json.dumps(LINE | {"entities": [entity]})).entities

    assert found.normalized == "a@b.c"


def test_an_empty_ranking_has_no_likeliest():
    """
    Of a message without a single letter the model may say nothing at all.
    """
    prediction = from_json(json.dumps(LINE | {"ranking": []}))

    assert prediction.likeliest == Guess("", 0.0)


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ('{"error": "not UTF-8", "line": 17}', "line 17: not UTF-8"),
        ("Traceback (most recent call last):", "not a prediction: 'Traceback"),
        ('{"text": "hello"}', "KeyError('intent')"),
        ("[1]", "not a prediction: '[1]'"),
    ],
)
def test_another_line_says_why_it_is_none(line, why):
    """
    An error of the engine is passed on, anything else is shown.
    """
    with pytest.raises(BrokenPrediction) as broken:
        from_json(line)

    assert why in str(broken.value)
