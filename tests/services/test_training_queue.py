"""Asking for a training and cancelling it."""

from datetime import timedelta

import pytest

from bot.casework.agents import Role
from bot.casework.ports.units import Missing
from bot.casework.trainings import Result, TrainingState
from bot.services.training_queue import (
    do_cancel_training,
    do_end_training,
    do_want_training,
    list_trainings,
    note_progress,
    take_training,
)
from bot.services.turn_queue import NotAcceptable
from bot.store.tables import audit
from tests.factories import an_order


@pytest.fixture
def desk(shop):
    """A shop with a trainer and a lead."""
    one = shop(an_order())
    one.kim, one.lou = one.hires("Kim Doe", Role.TRAINER), one.hires("Lou Roe", Role.LEAD)

    return one


def deeds(desk) -> list[tuple[object, object]]:
    return [(row["action"], row["who"]) for row in desk.rows(audit)]


def test_who_asks_while_one_waits_joins_it(desk):
    """
    It takes the files as they are when it begins, theirs too; it is on the audit list once.
    """
    first = do_want_training(desk.house, desk.kim)

    assert (first.state, first.by) == (TrainingState.QUEUED, "Kim Doe")
    assert do_want_training(desk.house, desk.kim) == first
    assert do_want_training(desk.house, desk.lou) == first
    assert deeds(desk) == [("training.want", "Kim Doe")]


def test_the_oldest_comes_next(desk):
    """
    And one at a time.
    """
    first = do_want_training(desk.house, desk.kim)
    desk.now += timedelta(minutes=1)
    taken = take_training(desk.house)
    second = do_want_training(desk.house, desk.lou)

    assert taken is not None
    assert (taken.id, taken.state, taken.started_at) == (first.id, TrainingState.RUNNING, desk.now)
    assert take_training(desk.house) is None
    do_end_training(desk.house, first.id, Result(state=TrainingState.DONE, model="m"))
    taken = take_training(desk.house)
    assert taken is not None
    assert taken.id == second.id
    assert [one.id for one in list_trainings(desk.house)] == [second.id, first.id]


def test_one_that_waits_is_cancelled_at_once(desk):
    """
    By anybody who may teach.
    """
    training = do_want_training(desk.house, desk.kim)

    assert do_cancel_training(desk.house, training.id, desk.lou).state is TrainingState.CANCELLED
    assert take_training(desk.house) is None
    assert deeds(desk)[-1] == ("training.cancel", "Lou Roe")


def test_one_that_runs_is_told(desk):
    """
    The trainer hears of it at its next note; saying so twice is on the audit list once.
    """
    training = do_want_training(desk.house, desk.kim)
    take_training(desk.house)

    assert note_progress(desk.house, training.id, "Reading", 0.2) is False
    for _ in range(2):
        told = do_cancel_training(desk.house, training.id, desk.kim)
        assert (told.state, told.stop) == (TrainingState.RUNNING, True)
    assert note_progress(desk.house, training.id, "Reading", 0.3) is True
    assert [action for action, _ in deeds(desk)].count("training.cancel") == 1


@pytest.mark.parametrize("state", [TrainingState.DONE, TrainingState.FAILED])
def test_what_is_over_cannot_be_cancelled(desk, state: TrainingState):
    """
    It is said so.
    """
    training = do_want_training(desk.house, desk.kim)
    take_training(desk.house)
    do_end_training(desk.house, training.id, Result(state=state))

    with pytest.raises(NotAcceptable, match="over already"):
        do_cancel_training(desk.house, training.id, desk.kim)


def test_no_such_training(desk):
    """
    As everywhere.
    """
    with pytest.raises(Missing):
        do_cancel_training(desk.house, "nowhere", desk.kim)


def test_the_step_stays_where_it_failed(desk):
    """
    And a step in words that are too long does no harm.
    """
    training = do_want_training(desk.house, desk.kim)
    take_training(desk.house)
    note_progress(desk.house, training.id, "x" * 300, 0.5)
    do_end_training(desk.house, training.id, Result(state=TrainingState.FAILED, error="why"))
    (ended,) = list_trainings(desk.house)

    assert (ended.step, ended.progress, ended.error) == ("x" * 100, 0.5, "why")
