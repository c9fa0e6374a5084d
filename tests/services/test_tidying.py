"""What is over goes by itself, and nothing else does."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.casework.accounts import IDLE, LONGEST_SESSION
from bot.casework.notices import Channel, Notice, NoticeState
from bot.casework.tidying import KEEP_NOTICES, KEEP_TRIES
from bot.services.accounts import Doer
from bot.services.links import do_make_link
from bot.services.tidying import do_tidy
from bot.store.database import writing
from bot.store.tables import agent_links, agent_sessions, identity_tries, login_tries, notices
from tests.dialog import Shop

SECOND = timedelta(seconds=1)


@pytest.fixture
def one(shop) -> Shop:
    """A shop without orders."""
    return shop()


@pytest.mark.parametrize(
    ("state", "goes"),
    [(NoticeState.SENT, True), (NoticeState.FAILED, True), (NoticeState.WAITING, False)],
)
def test_what_was_told_is_kept_for_a_month(one, state, goes):
    """
    What still waits stays, however old it is.
    """
    with one.house.units() as unit:
        unit.notices.add(Notice(key="k", channel=Channel.MAIL, to="a@b.example"), one.now)
    with writing(one.engine) as db:
        db.execute(sa.update(notices).values(state=state))
    one.now += KEEP_NOTICES - SECOND
    assert do_tidy(one.house) == 0
    one.now += SECOND

    assert do_tidy(one.house) == goes
    assert len(one.rows(notices)) == (not goes)
    assert do_tidy(one.house) == 0


def test_links_that_open_nothing_go(one):
    """
    Used, replaced by a newer one, or out of time; the one that works stays.
    """
    anna, ben = one.hires("Anna Karlsson"), one.hires("Ben Ode")
    for agent in (anna, anna, ben):
        do_make_link(one.house, agent.id, by=Doer())
    used = next(row for row in one.rows(agent_links) if row["agent_id"] == ben.id)
    with one.house.units() as unit:
        unit.accounts.use_link(str(used["token_hash"]), one.now)

    assert do_tidy(one.house) == 2
    assert [row["agent_id"] for row in one.rows(agent_links)] == [anna.id]
    one.now += timedelta(days=2)
    assert do_tidy(one.house) == 1


def test_sessions_that_have_ended_go(one):
    """
    By their end, or because nobody was there; of agents who do not sign in again, too.
    """
    anna = one.hires("Anna Karlsson")
    with one.house.units() as unit:
        for name in ("left", "used"):
            unit.accounts.add_session(name, anna.id, one.now + LONGEST_SESSION, one.now)
        one.now += IDLE
        unit.accounts.touch_session("used", one.now)

    assert do_tidy(one.house) == 1
    assert [row["token_hash"] for row in one.rows(agent_sessions)] == ["used"]


def test_old_wrong_tries_go(one):
    """
    At signing in, and at orders; those that may still count stay.
    """
    with one.house.units() as unit:
        for when in (one.now - KEEP_TRIES, one.now - KEEP_TRIES + SECOND):
            unit.login_tries.add("a" * 64, "192.0.2.7", when)
            unit.identity_tries.add("demo", "1003", "192.0.2.7", "b" * 64, when)

    assert do_tidy(one.house) == 2
    assert (len(one.rows(login_tries)), len(one.rows(identity_tries))) == (1, 1)
