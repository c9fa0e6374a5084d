"""Accounts on both databases: what must hold when two do the same at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import Engine

from bot.casework.accounts import TRIES_COUNT_FOR
from bot.casework.agents import Agent, Role
from bot.casework.audit import AuditFilter, Deed
from bot.casework.ports.units import Missing
from bot.services.accounts import Change, Doer, do_change_agent
from bot.services.house import House
from bot.services.links import do_make_link, do_make_owner_link, do_welcome
from bot.services.signing_in import do_sign_in
from bot.services.turn_queue import NotAcceptable
from bot.store.units import SqlUnits
from tests.dialog import Words
from tests.factories import NOW, the_rulebook
from tests.services.keys import PlainKeys, code_at

KIM = Agent(id="kim", email="kim@shop.example", name="Kim", role=Role.LEAD, reads=("en", "ru"))
PASSWORD = "seven green bottles, standing"
AT_ONCE = 4


@pytest.fixture
def house(database: Engine) -> House:
    """A house over that database, whose clock stands."""
    return House(
        units=SqlUnits(database), speaker=Words(), rulebooks=the_rulebook, clock=lambda: NOW
    )


def add(house: House, *agents: Agent) -> None:
    """Add agents with a password."""
    with house.units() as unit:
        for agent in agents:
            unit.accounts.add(agent, NOW)
            unit.accounts.set_password(agent.id, PlainKeys().hash(PASSWORD))


def at_once(*work: Callable[[], object]) -> list[str]:
    """What became of each, all begun at the same time: `done`, or the code of a refusal."""
    barrier = Barrier(len(work))

    def run(one: Callable[[], object]) -> str:
        barrier.wait()
        try:
            one()
        except NotAcceptable as refusal:
            return refusal.code
        return "done"

    with ThreadPoolExecutor(len(work)) as threads:
        return sorted(threads.map(run, work))


def test_an_agent_comes_back_as_stored(house: House):
    """
    With and without what may be missing, and as changed.
    """
    add(house, KIM)
    with house.units() as unit:
        assert unit.accounts.exist()
        account = unit.accounts.get("kim")
        assert (account.agent, account.created_at, account.has_totp) == (KIM, NOW, False)
        assert unit.accounts.find_by_email("kim@shop.example") == account
        assert unit.accounts.find_by_email("ann@shop.example") is None
        with pytest.raises(Missing):
            unit.accounts.get("ann")
        out = Agent(id="kim", email="k@x.example", name="K", role=Role.AGENT, disabled=True)
        unit.accounts.change(out, NOW)
        assert unit.accounts.get("kim").agent == out
        unit.accounts.change(KIM, NOW)
        assert [one.agent for one in unit.accounts.listed()] == [KIM]


def test_a_step_is_used_once(house: House):
    """
    And none before it.
    """
    add(house, KIM)
    with house.units() as unit:
        steps = (10, 10, 9, 11)
        assert [unit.accounts.use_totp_step("kim", step) for step in steps] == [
            True, False, False, True,
        ]  # fmt: skip
        assert not unit.accounts.use_totp_step("nobody", 12)


def test_sessions_that_are_over_are_swept_away(house: House):
    """
    When the agent signs in again.
    """
    add(house, KIM)
    with house.units() as unit:
        accounts, week = unit.accounts, timedelta(days=7)
        accounts.add_session("old", "kim", NOW + week, NOW)
        accounts.add_session("new", "kim", NOW + 3 * week, NOW + 2 * week)
        assert accounts.find_session("old") is None
        assert [one.token_hash for one in accounts.sessions_of("kim")] == ["new"]


def test_a_link_is_used_once_by_many_at_once(house: House):
    """
    One gets in, the others are told that it was used.
    """
    add(house, KIM)
    _, link = do_make_link(house, "kim", by=Doer())
    use = lambda: do_welcome(house, PlainKeys(), link.token, PASSWORD, ip="")  # noqa: E731

    assert at_once(*[use] * AT_ONCE) == ["done"] + ["wrong_link"] * (AT_ONCE - 1)


def test_there_is_one_first_owner(house: House):
    """
    However many open the link at once.
    """
    link = do_make_owner_link(house)
    assert link

    def use(name: str) -> object:
        email = f"{name}@shop.example"
        return do_welcome(house, PlainKeys(), link.token, PASSWORD, name=name, email=email, ip="")

    work = [lambda name=f"ann{number}": use(name) for number in range(AT_ONCE)]
    assert at_once(*work) == ["done"] + ["wrong_link"] * (AT_ONCE - 1)
    with house.units.reading() as unit:
        assert len(unit.accounts.listed()) == 1


def test_owners_cannot_all_go_at_once(house: House):
    """
    Two who demote each other at the same moment: one of them stays.
    """
    owners = [
        Agent(id=f"o{one}", email=f"o{one}@x.example", name=f"O{one}", role=Role.OWNER)
        for one in range(AT_ONCE)
    ]
    add(house, *owners)
    work = [
        lambda one=one: do_change_agent(house, one.id, Change(role=Role.AGENT), by=Doer())
        for one in owners
    ]

    assert at_once(*work) == ["done"] * (AT_ONCE - 1) + ["last_owner"]


def test_many_guesses_at_once_are_not_one(house: House):
    """
    Each is counted before it is looked at.
    """
    add(house, KIM)
    guess = lambda: do_sign_in(house, PlainKeys(), KIM.email, "x" * 12, ip="192.0.2.1")  # noqa: E731

    assert at_once(*[guess] * 8) == ["too_many"] * 3 + ["wrong_login"] * 5


def test_a_code_is_good_for_one_of_many_at_once(house: House):
    """
    The rest is told that it was used.
    """
    add(house, KIM)
    secret = PlainKeys().new_secret()
    with house.units() as unit:
        unit.accounts.set_totp("kim", secret, 1)
    code = code_at(secret, NOW)
    use = lambda: do_sign_in(house, PlainKeys(), KIM.email, PASSWORD, code, ip="")  # noqa: E731

    assert at_once(*[use] * AT_ONCE) == ["done"] + ["wrong_code"] * (AT_ONCE - 1)


def test_tries_are_counted_by_email_and_by_address(house: House):
    """
    Within the time that counts.
    """
    with house.units() as unit:
        tries = unit.login_tries
        tries.hold("a", "1")
        for email, ip, ago in (("a", "1", 20), ("a", "2", 10), ("b", "1", 5), ("a", "1", 1)):
            number = tries.add(email, ip, NOW - timedelta(minutes=ago))
        recent = tries.recent("a", "1", NOW - TRIES_COUNT_FOR)
        assert recent.of_email == (NOW - timedelta(minutes=10), NOW - timedelta(minutes=1))
        assert recent.of_ip == (NOW - timedelta(minutes=5), NOW - timedelta(minutes=1))
        tries.forget(number)
        tries.forget_email("b")
        tries.sweep(NOW - timedelta(minutes=15))
        assert tries.recent("a", "1", NOW - timedelta(days=1)).of_email == (
            NOW - timedelta(minutes=10),
        )


def test_deeds_are_found_in_any_alphabet(house: House):
    """
    In what stood and stands, too, whatever its letters; signs of patterns are just signs.
    """
    with house.units() as unit:
        for before, after in (
            ({"team": "возвраты"}, {"team": "50%_off"}),
            (None, {"team": "returns"}),
        ):
            deed = Deed(
                agent=None,
                who="command line",
                action="agent.change",
                subject="agent",
                subject_id="kim",
                before=before,
                after=after,
            )
            unit.audit.add(deed, NOW)

        def found(text: str) -> list[object]:
            return [one.after for one in unit.audit.search(AuditFilter(text=text), 10)]

        assert found("возвраты") == [{"team": "50%_off"}]
        assert found("50%_OFF") == [{"team": "50%_off"}]
        assert found("Returns") == [{"team": "returns"}]
        assert found("50%xoff") == []
        assert len(found("COMMAND line")) == 2
