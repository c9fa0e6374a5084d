"""The bus: events reach whoever listens, and only them."""

import asyncio

import pytest
from redis import ConnectionError as RedisIsDown

from bot.casework.turns import Floor
from bot.web.bus import BACKLOG, DECODE, DESK, Bus, Crier, make_channels, make_crier, of_team
from tests.web.front import PATIENCE

pytestmark = pytest.mark.anyio


async def test_everyone_who_listens_hears():
    """
    Two windows of one conversation, each with ears of its own.
    """
    async with make_channels("") as channels:
        bus = Bus(channels)
        async with bus.listen("here") as one, bus.listen("here") as other:
            bus.show_typing("here", on=True)
            heard = [await ear.next(PATIENCE) for ear in (one, other)]

    assert [(event.name, bytes(event.data), event.seq) for event in heard if event] == [
        ("typing", b'{"sender":"bot","on":true}', 0)
    ] * 2


async def test_other_conversations_are_not_heard():
    """
    Each conversation is a channel.
    """
    async with make_channels("") as channels:
        bus = Bus(channels)
        async with bus.listen("here") as ear:
            bus.show_typing("there", on=True)
            bus.show_floor("here", Floor.HUMAN)
            heard = await ear.next(PATIENCE)

    assert heard
    assert (heard.name, bytes(heard.data)) == ("floor", b'{"floor":"HUMAN"}')


async def test_silence_is_told_apart_from_events():
    """
    None, when nothing came in time; what comes afterwards is not lost.
    """
    async with make_channels("") as channels:
        bus = Bus(channels)
        async with bus.listen("here") as ear:
            assert await ear.next(0.001) is None
            bus.show_typing("here", on=False)
            assert await ear.next(PATIENCE)


async def test_nobody_listening_is_no_trouble():
    """
    Most events are published while no widget looks.
    """
    async with make_channels("") as channels:
        for number in range(100):
            Bus(channels).show_typing(f"conversation {number}", on=True)

        assert not channels._channels


async def test_a_channel_ends_with_its_last_listener():
    """
    A shop has millions of conversations; only those that somebody looks at are kept in mind.
    """
    async with make_channels("") as channels:
        bus = Bus(channels)
        async with bus.listen("here"):
            async with bus.listen("here"):
                pass
            assert list(channels._channels) == ["here"]

        assert not channels._channels


async def test_a_listener_who_is_cancelled_is_forgotten_too():
    """
    A widget that goes away cancels its stream, wherever it stands.
    """
    async with make_channels("") as channels:
        bus = Bus(channels)
        listening = asyncio.Event()

        async def look() -> None:
            async with bus.listen("here") as ear:
                listening.set()
                await ear.next(PATIENCE)

        looking = asyncio.create_task(look())
        await listening.wait()
        looking.cancel()
        await asyncio.wait([looking])

        assert not channels._channels


async def test_who_does_not_listen_loses_the_oldest():
    """
    The backlog has an end; the stream notices the gap and reads the store.
    """
    async with make_channels("") as channels:
        bus = Bus(channels)
        async with bus.listen("here") as ear, bus.listen("here") as quick:
            for number in range(BACKLOG + 5):
                bus.show_typing("here", on=bool(number % 2))
                await quick.next(PATIENCE)

            assert ear.qsize == BACKLOG


class Redis:
    """A Redis that only records what is published, or is down."""

    def __init__(self, *, down: bool = False) -> None:
        self.down = down
        self.published: list[tuple[str, str]] = []

    def publish(self, channel: str, event: bytes) -> None:
        """Keep where which event goes."""
        if self.down:
            raise RedisIsDown
        self.published.append((channel, DECODE(event).name))


def test_another_process_tells_buyer_team_and_lists():
    """
    What the worker did to a conversation; a deadline is news of the lists alone.
    """
    redis = Redis()
    crier = Crier(redis)  # type: ignore[arg-type]  # it only publishes
    crier.tell("here")
    assert redis.published == [("here", "message"), (of_team("here"), "talk"), (DESK, "queue")]

    crier.ring("here")
    assert redis.published[3:] == [(DESK, "queue")]


def test_nobody_is_told_where_there_is_no_redis_or_it_is_down():
    """
    Nothing breaks: pages look by themselves.
    """
    for crier in (make_crier(""), Crier(Redis(down=True))):  # type: ignore[arg-type]  # as above
        crier.tell("here")
        crier.ring("here")
