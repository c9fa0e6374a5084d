"""Who has a conversation open, in several web processes at once."""

from collections.abc import AsyncIterator
from contextlib import ExitStack

import pytest

from bot.casework.agents import Agent, Role
from bot.web.bus import Bus, Ear, make_channels
from bot.web.desk.presence import CHANNEL, LEASE_SECONDS, Presence

pytestmark = pytest.mark.anyio

ANN = Agent(id="a", email="ann@shop.example", name="Ann Lee", role=Role.AGENT)
BEN = Agent(id="b", email="ben@shop.example", name="Ben Ode", role=Role.AGENT)


class Processes:
    """Two web processes on one bus, and a clock that the test turns."""

    def __init__(self, bus: Bus, ear: Ear) -> None:
        self.now = 0.0
        self.ear = ear
        self.one, self.other = (Presence(bus, lambda: self.now) for _ in range(2))

    async def hear(self) -> int:
        """Both hear all that was told; how much that was."""
        heard = 0
        while event := await self.ear.next(0.05):
            heard += 1
            for one in (self.one, self.other):
                one.hear(event)

        return heard

    def at(self, conversation: str) -> tuple[list[str], list[str]]:
        """Who is there, as each of them sees it."""
        one, other = (process.of(conversation) for process in (self.one, self.other))

        return sorted(who.first_name for who in one), sorted(who.first_name for who in other)


@pytest.fixture
async def processes() -> AsyncIterator[Processes]:
    """Nobody looks at anything yet."""
    async with make_channels("") as channels:
        bus = Bus(channels)
        async with bus.listen(CHANNEL) as ear:
            yield Processes(bus, ear)


async def test_who_comes_sees_who_is_there_and_is_seen(processes: Processes):
    """
    Over the processes, whoever came first; who leaves is gone for both.
    """
    with processes.one.looking("talk", ANN):
        await processes.hear()
        with processes.other.looking("talk", BEN):
            await processes.hear()
            assert processes.at("talk") == (["Ann", "Ben"], ["Ann", "Ben"])
            assert processes.at("another") == ([], [])
            assert processes.other.is_looking("talk", ANN)
        await processes.hear()
        assert processes.at("talk") == (["Ann"], ["Ann"])
    await processes.hear()

    assert processes.at("talk") == ([], [])
    assert (processes.one._elsewhere, processes.other._elsewhere) == ({}, {})


async def test_two_windows_are_one_person(processes: Processes):
    """
    Also in two processes; and one who closes one of them is still there.
    """
    with processes.one.looking("talk", ANN):
        with processes.one.looking("talk", ANN), processes.other.looking("talk", ANN):
            await processes.hear()
            assert processes.at("talk") == (["Ann"], ["Ann"])
        await processes.hear()
        assert processes.at("talk") == (["Ann"], ["Ann"])


async def test_who_looked_through_a_process_that_died_is_gone_soon(processes: Processes):
    """
    A living one repeats itself in time.
    """
    with processes.one.looking("talk", ANN), ExitStack() as died:
        died.enter_context(processes.other.looking("talk", BEN))
        await processes.hear()
        processes.now += LEASE_SECONDS - 1
        processes.one.tell_again()
        await processes.hear()
        processes.now += 2

        assert processes.at("talk") == (["Ann"], ["Ann", "Ben"])
        processes.one.tell_again()
        assert processes.one._elsewhere == {}


async def test_a_process_that_begins_learns_who_is_there(processes: Processes):
    """
    With the next repetition, before anybody opens anything in it.
    """
    with processes.one.looking("talk", ANN):
        while await processes.ear.next(0.01):
            pass
        assert processes.at("talk") == (["Ann"], [])
        processes.one.tell_again()
        await processes.hear()

        assert processes.at("talk") == (["Ann"], ["Ann"])


async def test_processes_do_not_answer_each_other_for_ever(processes: Processes):
    """
    Each tells a new one once.
    """
    with processes.one.looking("talk", ANN), processes.other.looking("talk", BEN):
        assert await processes.hear() <= 4
