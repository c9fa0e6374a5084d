"""Two leads at the same moment, on SQLite and on PostgreSQL."""

from collections.abc import Iterator
from functools import partial

import pytest

from bot.casework.agents import Role
from bot.services.turn_queue import NotAcceptable
from bot.store.tables import comparisons, promotions
from bot.teaching.comparing import do_want_comparison, work_off_comparison
from bot.teaching.promoting import do_promote
from tests.dialog import Shop
from tests.factories import the_rulebook
from tests.services.test_at_once import at_once
from tests.teaching.test_promoting import REASON, wanted
from tests.teaching.two_models import LIVE, NEW, Readers, a_workbench, put, serve

THIRD = "makegood-third.tar.gz"


@pytest.fixture
def shop(database_url: str) -> Iterator[Shop]:
    """A shop in a database that threads share."""
    one = Shop(rules=the_rulebook(), url=database_url)
    yield one
    one.engine.dispose()


def test_one_model_goes_live(shop: Shop, tmp_path):
    """
    The other lead reads which one.
    """
    settings = a_workbench(tmp_path)
    put(settings.project / "models" / THIRD, THIRD)
    serve(settings, LIVE)
    lou, max_ = shop.hires("Lou Reed", Role.LEAD), shop.hires("Max Reed", Role.OWNER)

    def promote(agent, model):
        try:
            do_promote(shop.house, settings, agent, model, REASON)
        except NotAcceptable as error:
            return error.code
        return model

    heard = at_once(partial(promote, lou, NEW), partial(promote, max_, THIRD))

    (row,) = shop.rows(promotions)
    assert sorted(heard) == sorted([row["model"], "swap_runs"])
    assert wanted(settings) == row["model"]


def test_wanted_twice_is_one_comparison(shop: Shop):
    wish = partial(do_want_comparison, shop.house, None, NEW, LIVE)

    assert len(set(at_once(wish, wish))) == 1
    assert len(shop.rows(comparisons)) == 1


def test_worked_off_twice_is_done_once(shop: Shop, tmp_path):
    settings = a_workbench(tmp_path)
    wish = do_want_comparison(shop.house, None, NEW, LIVE)
    work = partial(work_off_comparison, shop.house, settings, wish, Readers())

    assert set(at_once(work, work)) == {"finished", None}
