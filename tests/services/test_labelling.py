"""Labelling: one message a person, one decision a group, a second opinion, taking back."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.casework.agents import Role
from bot.casework.inbox import InboxState
from bot.casework.ports.units import Missing
from bot.casework.turns import Entity
from bot.services.labelling import (
    HELD_FOR,
    do_label,
    do_skip,
    do_undo,
    label_message,
    list_inbox,
    read_agreement,
    read_progress,
    take_next,
)
from bot.services.turn_queue import NotAcceptable
from bot.teaching.collecting import import_messages
from tests.factories import an_order
from tests.workbench.reading import read

INTENTS = frozenset({"order_status", "order_late", "refund_request"})


@pytest.fixture
def desk(shop):
    """A shop with three groups in the inbox and two trainers."""
    one = shop(an_order())
    texts = ["where is my parcel", "my parcel is late", "a refund please", "it broke"]
    list(import_messages(one.house, texts, read, "a model"))
    one.kim = one.hires("Kim Doe", Role.TRAINER)
    one.lou = one.hires("Lou Roe", Role.TRAINER)
    one.max = one.hires("Max Moe", Role.LEAD)

    return one


def label(desk, message, agent, intent="order_status", **more):
    return do_label(desk.house, message.id, agent, intent=intent, known_intents=INTENTS, **more)


def test_what_teaches_most_comes_first(desk):
    message = take_next(desk.house, desk.kim)

    assert (message.text, message.size, message.likes) == (
        "where is my parcel",
        2,
        ("my parcel is late",),
    )


def test_two_people_never_see_the_same(desk):
    first, second = take_next(desk.house, desk.kim), take_next(desk.house, desk.lou)

    assert first.id != second.id
    with pytest.raises(NotAcceptable, match="Somebody else"):
        label(desk, first, desk.lou)


def test_a_reload_shows_the_same(desk):
    assert take_next(desk.house, desk.kim).id == take_next(desk.house, desk.kim).id


def test_who_leaves_gives_it_free(desk):
    first = take_next(desk.house, desk.kim)
    desk.now += HELD_FOR + timedelta(seconds=1)

    assert take_next(desk.house, desk.lou).id == first.id


def test_one_decision_for_all_that_are_alike(desk):
    message = take_next(desk.house, desk.kim)

    assert label(desk, message, desk.kim) is InboxState.LABELLED
    left = {one.text for one in list_inbox(desk.house, 0).messages}
    assert left == {"a refund please", "it broke"}
    progress = read_progress(desk.house, desk.kim)
    assert (progress.groups, progress.messages, progress.mine) == (
        {InboxState.OPEN: 2, InboxState.LABELLED: 1},
        {InboxState.OPEN: 2, InboxState.LABELLED: 2},
        1,
    )


def test_a_decision_stands(desk):
    message = take_next(desk.house, desk.kim)
    label(desk, message, desk.kim)

    with pytest.raises(NotAcceptable, match="meanwhile"):
        label(desk, message, desk.lou)


def test_a_second_opinion_that_agrees(desk):
    message = take_next(desk.house, desk.kim)

    assert label(desk, message, desk.kim, second=True) is InboxState.SECOND
    assert take_next(desk.house, desk.kim).id != message.id
    assert take_next(desk.house, desk.lou).id == message.id
    assert label(desk, message, desk.lou) is InboxState.LABELLED


def test_the_second_learns_what_the_first_said_when_they_have_decided(desk):
    """
    And nothing of it before.
    """
    message = take_next(desk.house, desk.kim)
    label(desk, message, desk.kim, "order_late", second=True)
    shown = take_next(desk.house, desk.lou)

    assert (shown.id, shown.suggested, shown.reopened) == (message.id, "", False)
    assert replace(shown, state=message.state) == message
    said = label_message(
        desk.house, message.id, desk.lou, intent="order_status", known_intents=INTENTS
    )
    assert [(one.name, one.intent) for one in said.others] == [("Kim Doe", "order_late")]


def test_agreement_counts_what_two_said(desk):
    message = take_next(desk.house, desk.kim)
    label(desk, message, desk.kim, second=True)
    assert read_agreement(desk.house).pairs == ()

    label(desk, message, desk.lou)
    found = read_agreement(desk.house)
    assert [(pair.names, pair.shared, pair.same) for pair in found.pairs] == [
        (("Kim Doe", "Lou Roe"), 1, 1)
    ]


def test_two_who_disagree_wait_for_a_third(desk):
    message = take_next(desk.house, desk.kim)
    label(desk, message, desk.kim, second=True)

    assert label(desk, message, desk.lou, "order_late") is InboxState.SECOND
    assert label(desk, message, desk.max, "order_late") is InboxState.LABELLED


def test_nobody_is_their_own_second(desk):
    message = take_next(desk.house, desk.kim)
    label(desk, message, desk.kim, second=True)

    with pytest.raises(NotAcceptable, match="You have said"):
        label(desk, message, desk.kim)


def test_skipped_is_gone(desk):
    message = take_next(desk.house, desk.kim)
    do_skip(desk.house, message.id, desk.kim)

    assert message.id not in {one.id for one in list_inbox(desk.house, 0).messages}


def test_taken_back_it_lies_before_me_again(desk):
    message = take_next(desk.house, desk.kim)
    label(desk, message, desk.kim)
    take_next(desk.house, desk.kim)

    assert do_undo(desk.house, desk.kim).id == message.id
    with pytest.raises(NotAcceptable, match="Somebody else"):
        label(desk, message, desk.lou)
    assert label(desk, message, desk.kim, "order_late") is InboxState.LABELLED


def test_nothing_to_take_back(desk):
    assert do_undo(desk.house, desk.kim) is None


@pytest.mark.parametrize("intent", ["", "no_such", "nlu_fallback", "a b", "[x](y)"])
def test_only_intents_that_there_are(desk, intent: str):
    with pytest.raises(NotAcceptable, match="no intent"):
        label(desk, take_next(desk.house, desk.kim), desk.kim, intent)


def test_a_mark_stands_in_the_message(desk):
    message = take_next(desk.house, desk.kim)

    with pytest.raises(NotAcceptable, match="must stand"):
        label(
            desk, message, desk.kim, entities=[Entity(name="product", value="vase", start=0, end=4)]
        )
    start = message.text.index("parcel")
    marked = [Entity(name="product", value="parcel", start=start, end=start + 6)]
    assert label(desk, message, desk.kim, entities=marked) is InboxState.LABELLED


def test_no_such_message(desk):
    with pytest.raises(Missing):
        do_skip(desk.house, "nowhere", desk.kim)


def test_an_empty_inbox(desk):
    while message := take_next(desk.house, desk.kim):
        do_skip(desk.house, message.id, desk.kim)

    assert list_inbox(desk.house, 0).messages == ()
