"""What is found in messages that another style wrote (tests/nlu/entities.yml)."""

from collections import Counter

import pytest
from rasa.shared.importers.utils import training_data_from_paths

from bot.engine.entities.finder import EntityFinder
from tests.engine.entities import WEDNESDAY

Marks = set[tuple[str, str, int, int]]

PROMISED = 0.97
ALLOWED_EXTRA = 0.01
"""Of all entities found, those that nobody marked."""


@pytest.fixture(scope="module")
def compared(finder: EntityFinder) -> list[tuple[Marks, Marks]]:
    """What is marked in each message, and what is found."""
    examples = training_data_from_paths(["tests/nlu/entities.yml"], "en").training_examples
    return [
        (
            {
                (
                    one["entity"],
                    example.get("text")[one["start"] : one["end"]],
                    one["start"],
                    one["end"],
                )
                for one in example.get("entities", [])
            },
            {
                (one.entity, one.value, one.start, one.end)
                for one in finder.find(example.get("text"), WEDNESDAY)
            },
        )
        for example in examples
    ]


def test_the_set_is_worth_measuring_on(compared: list[tuple[Marks, Marks]]) -> None:
    """
    Many messages, and order numbers enough for a percentage.
    """
    kinds = Counter(entity for marked, _ in compared for entity, *_ in marked)

    assert len(compared) >= 150
    assert kinds["order_number"] >= 100
    assert len(kinds) == 10


def test_nearly_all_is_found_exactly(compared: list[tuple[Marks, Marks]]) -> None:
    """
    Of each kind, by its place; a piece of it or more than it does not count.
    """
    marked = Counter(entity for marks, _ in compared for entity, *_ in marks)
    found = Counter(entity for marks, finds in compared for entity, *_ in marks & finds)

    assert {
        kind: found[kind] / marked[kind] for kind in marked if found[kind] < PROMISED * marked[kind]
    } == {}


def test_nearly_nothing_else_is_found(compared: list[tuple[Marks, Marks]]) -> None:
    """
    Years, quantities, articles and tickets stand between the numbers.
    """
    extra = [one for marked, finds in compared for one in finds - marked]

    assert len(extra) <= ALLOWED_EXTRA * sum(len(finds) for _, finds in compared), extra


def test_what_it_means_is_read_right(finder: EntityFinder) -> None:
    """
    Wherever a mark says so.
    """
    examples = training_data_from_paths(["tests/nlu/entities.yml"], "en").training_examples
    wrong = []
    for example in examples:
        meant = {
            (one["start"], one["end"]): one["value"]
            for one in example.get("entities", [])
            if one["value"] != example.get("text")[one["start"] : one["end"]]
        }
        for one in finder.find(example.get("text"), WEDNESDAY):
            if meant.get((one.start, one.end), one.normalized) != one.normalized:
                wrong.append(one)

    assert wrong == []
