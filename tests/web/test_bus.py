"""The bus: events reach whoever listens, and only them."""

import asyncio

import pytest

from bot.casework.turns import Floor
from bot.web.bus import BACKLOG, Bus, make_channels
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
