"""Event streams: nothing is lost, nothing is doubled, nothing is left behind."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import pytest

from bot.casework.ports.conversations import NewMessage
from bot.casework.turns import Floor
from bot.services.sessions import begin_conversation
from bot.store.conversations import SqlConversations
from bot.web import stream
from bot.web.bus import Bus, make_channels, to_event
from bot.web.stream import follow
from tests.dialog import Shop
from tests.web.front import PATIENCE, Front, Held, is_down, open_front

pytestmark = pytest.mark.anyio


def seqs(events) -> list[int]:
    """The seqs of the messages among the events."""
    return [one.data["seq"] for one in events if one.name == "message"]


def names(events) -> list[str]:
    """The events' names."""
    return [one.name for one in events]


async def test_a_stream_tells_message_typing_and_floor(front: Front):
    """
    First where the conversation stands; then the buyer's own message, the bot's dots, its answer.
    """
    guest = await front.guest()
    async with guest.looks() as line:
        assert (await line.next()).data == {"floor": "BOT"}
        await guest.sends("hi")
        seen = await line.until_answer()

    assert names(seen) == ["message", "typing", "typing", "message"]
    assert [one.data for one in seen if one.name == "typing"] == [
        {"sender": "bot", "on": True},
        {"sender": "bot", "on": False},
    ]
    assert [one.id for one in seen] == ["1", None, None, "2"]
    assert [one.data for one in seen if one.name == "message"] == await guest.transcript()


async def test_a_person_taking_over_is_told(front: Front):
    """
    The floor follows the words that say so.
    """
    front.rasa.intents["a person please"] = "human_agent"
    guest = await front.guest()
    async with guest.looks() as line:
        await line.next()
        await guest.sends("a person please")
        seen = await line.until(lambda one: one.name == "floor")

    assert names(seen)[-2:] == ["message", "floor"]
    assert seen[-1].data == {"floor": "WAITING"}


async def test_a_stream_begins_after_the_last_event(front: Front):
    """
    `Last-Event-ID` is the seq of the last message that the widget has.
    """
    guest = await front.guest()
    await guest.says("one")
    await guest.says("two")

    for last, replayed in ((None, [1, 2, 3, 4]), (0, [1, 2, 3, 4]), (3, [4]), (4, []), (999, [])):
        async with guest.looks(last) as line:
            seen = await line.until(lambda one: one.name == "floor")
            assert seqs(seen) == replayed


@pytest.mark.parametrize("last", ["", "x", "-1", "1.5", "9" * 40, "1; drop table", "\xe9"])
async def test_a_strange_last_event_id_replays_everything(front: Front, last):
    """
    Better twice than not at all: the widget knows messages by their seq.
    """
    guest = await front.guest()
    await guest.says("one")
    headers = guest.headers | {"last-event-id": last.encode("latin-1")}

    async with guest.http.stream("GET", "/api/widget/events", headers=headers) as response:
        assert response.status_code == 200
        assert response.headers["content-type"].startswith("text/event-stream")
        async for line in response.aiter_lines():
            if line.startswith("id: 2"):
                break


async def test_two_windows_see_the_same(front: Front):
    """
    Two streams of one conversation at once, each with every message.
    """
    guest = await front.guest()
    async with guest.looks() as one, guest.looks() as other:
        await one.next()
        await other.next()
        await guest.sends("hi")
        seen = [await line.until_answer() for line in (one, other)]

    assert [seqs(events) for events in seen] == [[1, 2], [1, 2]]


async def test_conversations_do_not_hear_each_other(front: Front):
    """
    A stream tells of its own conversation only.
    """
    guest, stranger = await front.guest(), await front.guest()
    async with guest.looks() as line, stranger.looks() as theirs:
        await line.next()
        await theirs.next()
        await stranger.sends("a secret")
        await theirs.until_answer()
        await guest.sends("hi")
        seen = await line.until_answer()

    assert next(one.data["text"] for one in seen if one.name == "message") == "hi"
    assert "a secret" not in str(seen)


async def test_a_silent_stream_gives_signs_of_life(demo_shop: Shop):
    """
    Comments, so that proxies keep the line and the widget knows that it stands.
    """
    async with listening(demo_shop) as (bus, conversation):
        events = follow(demo_shop.house, bus, conversation, 0, heartbeat_seconds=0.001)
        first = [(await anext(events)).encode() for _ in range(4)]
        await events.aclose()

    assert first == [
        b'event: floor\r\ndata: {"floor":"BOT"}\r\n\r\n',
        *[b": still here\r\n\r\n"] * 3,
    ]


async def test_a_heartbeat_comes_every_15_seconds():
    """
    Half of what common proxies wait for; the widget gives up after 40.
    """
    assert stream.HEARTBEAT_SECONDS == 15


@asynccontextmanager
async def listening(shop: Shop) -> AsyncIterator[tuple[Bus, str]]:
    """A bus and a conversation, without a web process."""
    async with make_channels("") as channels:
        yield Bus(channels), begin_conversation(shop.house, "demo", "en", None)


def says(shop: Shop, conversation: str, text: str):
    """A message that is stored; as it is shown."""
    with shop.house.units() as unit:
        new = NewMessage(
            conversation_id=conversation, client_id=text, text=text, choice_token=None,
            attachments=(), ip="",
        )  # fmt: skip
        stored = unit.conversations.add_message(shop.house.new_id(), new, datetime.now(UTC))
        return unit.conversations.transcript(conversation, stored.seq - 1)[0]


async def ids(events, many: int) -> list[int]:
    """The next so many seqs of a stream."""
    found: list[int] = []
    async with asyncio.timeout(PATIENCE):
        while len(found) < many:
            event = await anext(events)
            if event.event == "message":
                found.append(int(event.id))
    return found


async def test_a_gap_is_filled_from_the_store(demo_shop: Shop):
    """
    An event that the bus lost is noticed with the next one.
    """
    async with listening(demo_shop) as (bus, conversation):
        events = follow(demo_shop.house, bus, conversation, 0)
        await anext(events)
        shown = [says(demo_shop, conversation, text) for text in ("one", "two", "three", "four")]
        bus.show(conversation, [shown[0], shown[3]])

        assert await ids(events, 4) == [1, 2, 3, 4]
        await events.aclose()


async def test_events_out_of_order_or_twice_are_put_right(demo_shop: Shop):
    """
    Two web processes publish as they please; the stream goes by seq.
    """
    async with listening(demo_shop) as (bus, conversation):
        events = follow(demo_shop.house, bus, conversation, 0)
        await anext(events)
        one, two, three = (says(demo_shop, conversation, text) for text in ("1", "2", "3"))
        bus.show(conversation, [two, one, one, two, three, three])
        bus.show(conversation, [says(demo_shop, conversation, "4")])

        assert await ids(events, 4) == [1, 2, 3, 4]
        await events.aclose()


async def test_a_dead_bus_only_makes_messages_late(demo_shop: Shop):
    """
    With every heartbeat the store is read again, the floor too.
    """
    async with listening(demo_shop) as (bus, conversation):
        events = follow(demo_shop.house, bus, conversation, 0, heartbeat_seconds=0.001)
        await anext(events)
        says(demo_shop, conversation, "one")
        with demo_shop.house.units() as unit:
            unit.conversations.set_floor(conversation, Floor.HUMAN)

        assert await ids(events, 1) == [1]
        assert (await anext(events)).event == "floor"
        await events.aclose()


async def test_nothing_falls_between_the_store_and_the_bus(demo_shop: Shop, monkeypatch):
    """
    A message that is stored while a stream begins arrives once, whichever way it comes.
    """
    async with listening(demo_shop) as (bus, conversation):
        transcript = SqlConversations.transcript

        def meanwhile(self, conversation_id: str, after: int):
            found = transcript(self, conversation_id, after)
            if not found and after == 0:
                monkeypatch.undo()
                arrived.append(says(demo_shop, conversation, "just now"))
                loop.call_soon_threadsafe(bus.show, conversation, arrived)
            return found

        arrived: list = []
        loop = asyncio.get_running_loop()
        monkeypatch.setattr(SqlConversations, "transcript", meanwhile)
        events = follow(demo_shop.house, bus, conversation, 0)

        assert await ids(events, 1) == [1]
        await events.aclose()


@pytest.mark.parametrize("seed", range(6))
async def test_a_line_that_breaks_again_and_again_loses_and_doubles_nothing(
    front: Front, seed: int
):
    """
    A buyer writes while the connection is cut at random places; each time the widget comes back
    with the last seq that it saw.
    """
    dice = random.Random(seed)
    guest = await front.guest()
    texts = [f"message {number}" for number in range(12)]
    wanted = 2 * len(texts)
    seen: list[int] = []

    async def write() -> None:
        for text in texts:
            await guest.sends(text, client_id=text.replace(" ", "-"))
            for _ in range(dice.randrange(40)):
                await asyncio.sleep(0)

    writing_down = asyncio.create_task(write())
    async with asyncio.timeout(2 * PATIENCE):
        while not seen or seen[-1] < wanted:
            async with guest.looks(last=seen[-1] if seen else None) as line:
                for _ in range(dice.randrange(1, 6)):
                    seen += seqs([await line.next()])
                    if seen and seen[-1] == wanted:
                        break
    await writing_down

    assert seen == list(range(1, wanted + 1))


async def test_a_client_that_goes_away_leaves_nothing_behind(front: Front):
    """
    No task, no subscription, no channel, however it went.
    """
    guest = await front.guest()
    await guest.sends("hi")
    before = asyncio.all_tasks()
    channels = front.app.state.door.bus._channels
    ours = set(channels._channels)  # what the process itself listens to

    for _ in range(5):
        async with guest.looks() as line:
            await line.next()
            assert guest.conversation_id in channels._channels
    async with guest.looks(), guest.looks(), guest.looks():
        pass

    async with asyncio.timeout(PATIENCE):
        while left := asyncio.all_tasks() - before:
            await asyncio.wait(left)
    assert set(channels._channels) == ours
    assert set(channels._backend._channels) == ours


async def test_a_client_that_does_not_read_holds_nobody_up(front: Front):
    """
    Its events wait in its own line; the others get theirs.
    """
    guest = await front.guest()
    async with guest.looks(), guest.looks() as line:
        for number in range(1, 6):
            await guest.sends(f"{number}")
            await line.until(lambda one, seq=str(2 * number): one.id == seq)


async def test_a_stream_that_begins_during_a_turn_gets_the_answer(front: Front):
    """
    The page was reloaded while the bot was thinking.
    """
    held = Held()
    front.rasa.plot.append(held)
    guest = await front.guest()
    await guest.sends("hi")
    await held.reached.wait()

    async with guest.looks(last=1) as line:
        await line.next()
        held.go_on.set()
        assert seqs(await line.until_answer()) == [2]


async def test_a_hand_off_is_pushed_like_an_answer(demo_shop: Shop, tmp_path):
    """
    When the bot has failed, the buyer sees it in the same way.
    """
    async with open_front(demo_shop, tmp_path, turn_deadline=0.2) as front:
        front.rasa.plot.extend([is_down] * 20)
        guest = await front.guest()
        async with guest.looks() as line:
            await line.next()
            await guest.sends("hi")
            seen = await line.until(lambda one: one.name == "floor")

    assert names(seen) == ["message", "typing", "typing", "message", "floor"]
    assert seen[3].data["kind"] == "notice"


def test_an_event_is_encoded_once(demo_shop: Shop):
    """
    What the bus carries is what the widget gets, byte by byte.
    """
    conversation = begin_conversation(demo_shop.house, "demo", "en", None)
    event = to_event(says(demo_shop, conversation, "Grüße\nund ein Umbruch"))

    assert event.seq == 1
    assert b"\n" not in bytes(event.data)
