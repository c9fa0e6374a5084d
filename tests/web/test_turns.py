"""Working off messages: each is answered once, whatever happens on the way."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from itertools import pairwise
from typing import Any
from uuid import uuid4

import msgspec
import pytest

from bot.casework.ports.conversations import NewMessage
from bot.casework.turns import Floor
from bot.services.sessions import begin_conversation
from bot.services.turn_queue import Received, list_waiting, receive_message, take_up
from bot.settings import Settings
from bot.store.conversations import SqlConversations
from bot.store.tables import conversations, handoffs, messages
from bot.web import turns as turns_module
from bot.web.bus import Bus, of_team
from bot.web.turns import Turns
from tests.dialog import Shop
from tests.factories import an_order, the_rulebook
from tests.web.front import (
    PATIENCE,
    Held,
    PlayedRasa,
    answers,
    answers_and_dies,
    breaks,
    forgets,
    is_down,
)

pytestmark = pytest.mark.anyio

QUICK = (0.001,) * 6
"""Pauses between tries, so short that no test waits for them."""


class Tape:
    """Channels that only record what buyers and lists hear."""

    def __init__(self) -> None:
        self.events: list[tuple[str, Any]] = []

    def publish(self, event: bytes, channel: str) -> None:
        """Keep it in order."""
        if channel.startswith(of_team("")):
            return
        read = msgspec.json.decode(event)
        self.events.append((read["name"], read["data"]))


class Room:
    """One conversation, worked off without HTTP."""

    def __init__(self, shop: Shop, *, deadline: float = PATIENCE) -> None:
        self.shop = shop
        self.rasa = PlayedRasa(shop)
        self.tape = Tape()
        self.bus = Bus(self.tape)  # type: ignore[arg-type]
        self.turns = self.another(deadline)
        self.id = begin_conversation(shop.house, "demo", "en", None)

    def another(self, deadline: float = PATIENCE) -> Turns:
        """One more web process of the house."""
        return Turns(self.shop.house, self.rasa, self.bus, deadline, pauses=QUICK)

    def store(self, text: str, owner: str | None = None) -> Received:
        """A message arrives."""
        new = NewMessage(
            conversation_id=self.id, client_id=uuid4().hex, text=text, choice_token=None,
            attachments=(), ip="",
        )  # fmt: skip
        return receive_message(
            self.shop.house, new, owner or self.turns.owner, self.turns.lease_seconds
        )

    def says(self, text: str) -> Received:
        """A message arrives and is begun."""
        received = self.store(text)
        self.turns.begin(received)
        return received

    async def rests(self, turns: Turns | None = None) -> None:
        """Wait until nothing is being worked off."""
        async with asyncio.timeout(PATIENCE):
            while running := list((turns or self.turns)._tasks.values()):
                await asyncio.wait(running)
                await asyncio.sleep(0)

    @property
    def transcript(self) -> list[str]:
        """Who said what, in order; of the bot's messages which reply it was."""
        rows = sorted(self.shop.rows(messages), key=lambda row: int(str(row["seq"])))
        return [str(row["text"] if row["sender"] == "buyer" else row["reply"]) for row in rows]

    @property
    def row(self) -> dict[str, object]:
        """The conversation's row."""
        (row,) = self.shop.rows(conversations)
        return row

    @property
    def pushed(self) -> list[str]:
        """Names of the events so far, those of messages with their seq."""
        return [
            f"message {data['seq']}" if name == "message" else name
            for name, data in self.tape.events
        ]


@pytest.fixture
def demo_shop(database_url: str) -> Iterator[Shop]:
    """A shop in either kind of database: leases must hold in both."""
    shop = Shop(an_order(), rules=the_rulebook(), url=database_url)
    yield shop
    shop.engine.dispose()


@pytest.fixture
def room(demo_shop: Shop) -> Room:
    """A conversation in the demo shop."""
    return Room(demo_shop)


HELLO = "small_talk.hello"
FAILED = "hand_off.something_failed"


async def test_a_message_is_answered_and_the_lease_given_back(room: Room):
    """
    Dots, an answer, and nobody holds the conversation any more.
    """
    room.says("hi")
    await room.rests()

    assert room.transcript == ["hi", HELLO]
    assert room.pushed == ["typing", "typing", "message 2"]
    assert room.row["lease_until"] is None


@pytest.mark.parametrize("trouble", [is_down, breaks, forgets, answers_and_dies])
async def test_trouble_for_a_moment_is_not_noticed(room: Room, trouble):
    """
    Rasa is started anew, an action is lost, the answer stands but its messenger died: the message
    is tried again and answered once.
    """
    room.rasa.plot.extend([trouble, trouble])

    room.says("hi")
    await room.rests()

    assert room.transcript == ["hi", HELLO]
    assert room.pushed == ["typing", "typing", "message 2"]
    assert room.row["floor"] == "BOT"
    assert len(room.rasa.heard) == (1 if trouble is answers_and_dies else 3)


@pytest.mark.parametrize("trouble", [is_down, breaks, forgets])
async def test_trouble_for_good_ends_with_a_person(room: Room, trouble):
    """
    After the last try: one sentence, the floor to a person, and why in the hand-off.
    """
    room.rasa.plot.extend([trouble] * 20)

    room.says("hi")
    await room.rests()

    assert room.transcript == ["hi", FAILED]
    assert room.pushed == ["typing", "typing", "message 2", "floor", "queue"]
    assert room.row["floor"] == "WAITING"
    (handed,) = room.shop.rows(handoffs)
    assert handed["reason"] == "no_reply"
    assert room.row["lease_until"] is None


async def test_a_message_that_nobody_answers_in_time_goes_to_a_person(demo_shop: Shop):
    """
    Rasa hangs: the deadline ends the wait, and a late answer adds nothing.
    """
    room = Room(demo_shop, deadline=0.05)
    late = Held()
    room.rasa.plot.append(late)
    received = room.says("hi")
    await room.rests()
    assert room.transcript == ["hi", FAILED]

    await answers(room.rasa, received.message, received.fence or 0, PATIENCE)

    assert room.transcript == ["hi", FAILED]
    assert room.pushed == ["typing", "typing", "message 2", "floor", "queue"]


async def test_rasa_is_asked_until_the_deadline(demo_shop: Shop):
    """
    There are more pauses than the longest deadline that can be set has room for.
    """
    longest = Settings.model_fields["turn_deadline"].metadata[1].le

    assert sum(turns_module.PAUSES) > longest


async def test_after_a_hand_off_the_bot_is_silent(room: Room):
    """
    What the buyer adds waits for the person; nothing is handed over twice.
    """
    room.rasa.plot.extend([is_down] * 7)
    room.says("hi")
    await room.rests()

    received = room.says("hello?")
    await room.rests()

    assert received.fence is None
    assert room.transcript == ["hi", FAILED, "hello?"]
    assert len(room.shop.rows(handoffs)) == 1


async def test_messages_in_a_row_are_answered_in_order(room: Room):
    """
    One at a time, the oldest first.
    """
    held = Held()
    room.rasa.plot.append(held)
    for text in ("one", "two", "three"):
        room.says(text)
    await held.reached.wait()
    held.go_on.set()
    await room.rests()

    assert room.rasa.heard == ["one", "two", "three"]
    assert room.transcript == ["one", "two", "three", HELLO, HELLO, HELLO]
    assert room.row["lease_until"] is None


async def test_the_lease_is_renewed_for_every_message(room: Room):
    """
    Many messages may take longer than one lease; each gets a number and a time of its own.
    """
    ends = []

    async def notes(rasa, message, fence, seconds):
        ends.append(room.row["lease_until"])
        room.shop.now += timedelta(seconds=14)
        return await answers(rasa, message, fence, seconds)

    held = Held(then=notes)
    room.rasa.plot.extend([held, notes, notes])
    for text in ("one", "two", "three"):
        room.says(text)
    held.go_on.set()
    await room.rests()

    assert room.rasa.fences == [1, 2, 3]
    assert [later - earlier for earlier, later in pairwise(ends)] == [timedelta(seconds=14)] * 2


async def test_a_message_that_comes_as_the_turn_ends_is_not_forgotten(room: Room, monkeypatch):
    """
    It is stored after the last look at what waits, and before the conversation is let go: the
    lease is kept, and it is answered by the same work.
    """
    put_down = turns_module.put_down

    def meanwhile(*arguments):
        monkeypatch.undo()
        assert room.store("just in time").fence is None
        return put_down(*arguments)

    monkeypatch.setattr(turns_module, "put_down", meanwhile)
    room.says("hi")
    await room.rests()

    assert room.transcript == ["hi", HELLO, "just in time", HELLO]


async def test_a_message_that_waits_while_a_person_takes_over_is_left_to_them(room: Room):
    """
    The first message asked for a person; the bot says no more to the second.
    """
    room.rasa.intents["a person please"] = "human_agent"
    held = Held()
    room.rasa.plot.append(held)
    room.says("a person please")
    room.says("hello?")
    held.go_on.set()
    await room.rests()

    assert room.rasa.heard == ["a person please"]
    assert room.transcript == ["a person please", "hello?", "hand_off.handed_off"]
    assert room.row["lease_until"] is None


@asynccontextmanager
async def sweeping(turns: Turns) -> AsyncIterator[None]:
    """The web process's look for what others left behind."""
    task = asyncio.create_task(turns.sweep())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])


async def found(room: Room) -> None:
    """Wait until a sweep has begun to work something off."""
    held = Held()
    room.rasa.plot.append(held)
    async with sweeping(room.turns), asyncio.timeout(PATIENCE):
        await held.reached.wait()
        held.go_on.set()
        await room.rests()


async def test_what_a_crashed_process_left_behind_is_answered(room: Room):
    """
    Its lease has run out: somebody else takes the conversation up.
    """
    room.store("hi", owner="crashed")
    room.shop.now += timedelta(seconds=room.turns.lease_seconds)

    await found(room)

    assert room.transcript == ["hi", HELLO]
    assert room.pushed == ["typing", "typing", "message 2"]


async def test_what_a_crashed_process_left_at_its_very_end_is_taken_up(room: Room):
    """
    The conversation was let go, but a message waits: nobody needs to wait for a lease.
    """
    received = room.store("hi", owner="crashed")
    with room.shop.house.units() as unit:
        unit.conversations.drop_lease(room.id, received.fence or 0)

    await found(room)

    assert room.transcript == ["hi", HELLO]


async def test_a_living_process_is_left_alone(room: Room):
    """
    A lease that still runs is somebody's work.
    """
    room.store("hi", owner="busy elsewhere")
    room.shop.now += timedelta(seconds=room.turns.lease_seconds - 1)

    with room.shop.house.units.reading() as unit:
        assert unit.conversations.left_behind(room.shop.now) == ()
    assert take_up(room.shop.house, room.id, room.turns.owner, 15) is None


async def test_what_waits_for_a_person_is_not_swept_up(room: Room):
    """
    An unanswered message is no reason for the bot to speak while a person has the floor.
    """
    for floor in (Floor.WAITING, Floor.HUMAN, Floor.CLOSED):
        with room.shop.house.units() as unit:
            unit.conversations.set_floor(room.id, floor)
        if floor is not Floor.CLOSED:
            assert room.says("hello?").fence is None

        with room.shop.house.units.reading() as unit:
            assert unit.conversations.left_behind(room.shop.now) == ()


async def test_a_store_that_is_away_does_not_end_the_sweep(room: Room, monkeypatch):
    """
    The next round finds the same.
    """
    monkeypatch.setattr(turns_module, "SWEEP_SECONDS", 0)
    room.store("hi", owner="crashed")
    room.shop.now += timedelta(seconds=room.turns.lease_seconds)
    left_behind = SqlConversations.left_behind
    calls = iter([RuntimeError("database is locked")] * 3)

    def sometimes(self, now):
        if error := next(calls, None):
            raise error
        return left_behind(self, now)

    monkeypatch.setattr(SqlConversations, "left_behind", sometimes)

    await found(room)

    assert room.transcript == ["hi", HELLO]


async def test_an_old_fence_does_nothing(room: Room):
    """
    A process that slept through its lease: its turn is void, it neither answers nor hands over,
    and it gives up without a word.
    """
    sleeper, other = room.turns, room.another()
    asleep = Held()
    room.rasa.plot.append(asleep)
    slept = room.says("hi")
    await asleep.reached.wait()
    room.shop.now += timedelta(seconds=sleeper.lease_seconds)
    fence = take_up(room.shop.house, room.id, other.owner, 15)
    assert fence == (slept.fence or 0) + 1

    asleep.go_on.set()
    await room.rests(sleeper)

    assert room.transcript == ["hi"]
    assert room.pushed == ["typing"]
    assert room.shop.rows(handoffs) == []
    assert room.row["lease_owner"] == other.owner

    other._start(room.id, fence, ())
    await room.rests(other)
    assert room.transcript == ["hi", HELLO]


async def test_two_processes_answer_a_message_once(room: Room):
    """
    Both believe that it is theirs; the fence lets one of them speak.
    """
    asleep = Held()
    room.rasa.plot.append(asleep)
    room.says("hi")
    await asleep.reached.wait()
    room.shop.now += timedelta(seconds=room.turns.lease_seconds)
    other = room.another()
    fence = take_up(room.shop.house, room.id, other.owner, 15)
    assert fence is not None
    other._start(room.id, fence, list_waiting(room.shop.house, room.id))
    asleep.go_on.set()
    await room.rests(other)
    await room.rests()

    assert room.transcript == ["hi", HELLO]
    assert room.row["lease_until"] is None


async def test_a_broken_store_leaves_the_message_for_later(room: Room, monkeypatch):
    """
    The work ends with a line in the log, the lease runs out, and a sweep answers.
    """

    def away(*_):
        raise RuntimeError("disk full")

    monkeypatch.setattr(turns_module, "look", away)
    room.rasa.plot.append(forgets)
    room.says("hi")
    await room.rests()
    monkeypatch.undo()
    assert room.pushed == ["typing"]
    room.shop.now += timedelta(seconds=room.turns.lease_seconds)

    await found(room)

    assert room.transcript == ["hi", HELLO]


async def test_stopping_ends_all_work_at_once(room: Room):
    """
    What was being worked on is found by its lease later.
    """
    held = Held()
    room.rasa.plot.append(held)
    room.says("hi")
    await held.reached.wait()

    async with asyncio.timeout(PATIENCE):
        await room.turns.stop()

    assert not room.turns._tasks
    room.shop.now += timedelta(seconds=room.turns.lease_seconds)
    await found(room)
    assert room.transcript == ["hi", HELLO]


async def test_many_conversations_are_worked_off_at_the_same_time(room: Room):
    """
    One that hangs holds up no other.
    """
    held = Held()
    room.rasa.plot.append(held)
    room.says("hangs")
    await held.reached.wait()

    stuck, room.id = room.id, begin_conversation(room.shop.house, "demo", "en", None)
    room.says("quick")
    async with asyncio.timeout(PATIENCE):
        await asyncio.wait([room.turns._tasks[room.id]])
    assert "message 2" in room.pushed
    assert list(room.turns._tasks) == [stuck]

    held.go_on.set()
    await room.rests()
