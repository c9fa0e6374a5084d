"""Entities, counted by hand."""

import pytest

from bot.workbench.evaluation.entity_figures import count_entities, find_entity_mistakes
from bot.workbench.evaluation.judging import Judged
from bot.workbench.evaluation.predictions import Entity
from tests.workbench.messages import a_prediction, an_example

TEXT = "#1004 in red, #1005 in blue"
FIRST = Entity("order_number", 0, 5, "#1004", "1004")
SECOND = Entity("order_number", 14, 19, "#1005", "1005")
PHONE = Entity("phone", 14, 19, "#1005", "1005")


def judged(marked, found, kinds="order_number"):
    """A message in which some entities are marked and some were found."""
    return Judged(
        an_example(TEXT, entities=marked, kinds=frozenset(kinds.split())),
        a_prediction(text=TEXT, entities=found),
    )


def values(figures):
    """The three figures of a kind."""
    return figures.found.value, figures.precision.value, figures.normalized.value


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ((FIRST, SECOND), (1, 1, 1)),
        ((FIRST,), (0.5, 1, 0.5)),
        ((FIRST, SECOND, Entity("order_number", 9, 12, "red", "red")), (1, 2 / 3, 1)),
        ((FIRST, Entity("order_number", 14, 20, "#1005 ", "1005")), (0.5, 0.5, 0.5)),
        ((FIRST, Entity("order_number", 14, 19, "#1005", "#1005")), (1, 1, 0.5)),
        ((FIRST, PHONE), (0.5, 1, 0.5)),
        ((), (0, None, 0)),
    ],
)
def test_place_kind_and_normal_form_are_asked_for_exactly(found, expected):
    """
    A letter too much is a miss and a false find; a wrong normal form is neither.
    """
    (figures,) = count_entities([judged((FIRST, SECOND), found)])

    assert (figures.kind, figures.n) == ("order_number", 2)
    assert values(figures) == expected


def test_a_normal_form_counts_only_where_it_is_written_down():
    """
    The rest of the figure stands.
    """
    marked = (Entity("order_number", 0, 5, "#1004"), SECOND)

    (figures,) = count_entities([judged(marked, (FIRST, SECOND))])

    assert (figures.normalized.value, figures.normalized.n) == (1, 1)


def test_a_kind_that_a_file_does_not_mark_is_not_judged_there():
    """
    What was found may well be right; nobody says.
    """
    (figures,) = count_entities(
        [judged((), (FIRST, PHONE), kinds=""), judged((SECOND,), (SECOND,))]
    )

    assert (figures.kind, *values(figures)) == ("order_number", 1, 1, 1)


def test_mistakes_say_what_was_wanted_and_what_came():
    """
    Nothing on one side is a miss, or a false find.
    """
    found = (Entity("order_number", 0, 5, "#1004", "#1004"), PHONE)

    mistakes = find_entity_mistakes([judged((FIRST, SECOND), found, "order_number phone")])

    assert [(one.kind, one.wanted, one.got) for one in mistakes] == [
        ("order_number", "#1004 = 1004", "#1004"),
        ("order_number", "#1005 = 1005", ""),
        ("phone", "", "#1005 = 1005"),
    ]
