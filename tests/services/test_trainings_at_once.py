"""People who ask for a training at the same moment, on SQLite and on PostgreSQL."""

from collections.abc import Iterator
from functools import partial

import pytest

from bot.casework.agents import Role
from bot.casework.trainings import Result, TrainingState
from bot.services.training_queue import (
    do_cancel_training,
    do_want_training,
    list_trainings,
    note_progress,
    take_training,
)
from bot.store.tables import trainings
from tests.dialog import Shop
from tests.factories import an_order, the_rulebook
from tests.services.test_at_once import at_once

NAMES = ("Kim", "Lou", "Max")


@pytest.fixture
def shop(database_url: str) -> Iterator[Shop]:
    """A shop of a database that threads share."""
    one = Shop(an_order(), rules=the_rulebook(), url=database_url)
    yield one
    one.engine.dispose()


def test_all_ask_for_one(shop: Shop):
    """
    There is one row, and everybody is told of it.
    """
    people = [shop.hires(f"{name} Reed", Role.TRAINER) for name in NAMES]
    told = at_once(*(partial(do_want_training, shop.house, agent) for agent in people))

    assert len({one.id for one in told}) == 1
    assert len(shop.rows(trainings)) == 1


def test_one_is_begun_once(shop: Shop):
    """
    Whoever comes second has nothing to do.
    """
    do_want_training(shop.house, shop.hires("Kim Reed", Role.TRAINER))
    taken = at_once(*(partial(take_training, shop.house) for _ in range(3)))

    assert [one is None for one in taken].count(False) == 1


def test_cancelled_while_it_begins(shop: Shop):
    """
    It is cancelled before it begins, or the trainer hears of it: it never goes on.
    """
    kim = shop.hires("Kim Reed", Role.TRAINER)
    for _ in range(5):
        training = do_want_training(shop.house, kim)
        taken, _ = at_once(
            partial(take_training, shop.house),
            partial(do_cancel_training, shop.house, training.id, kim),
        )
        if taken is not None:
            assert note_progress(shop.house, training.id, "Reading", 0.1) is True
            with shop.house.units() as unit:
                unit.trainings.end(training.id, Result(state=TrainingState.CANCELLED), shop.now)

    assert {one.state for one in list_trainings(shop.house)} == {TrainingState.CANCELLED}
