"""
Who has which conversation open, in all web processes.

Each process tells the others of its own people, over the bus, when one comes or goes and now and
then meanwhile. What another one has told counts for a lease, so that who looked through a process
that died is gone soon.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final
from uuid import uuid4

import msgspec

from bot.casework.agents import Agent
from bot.web.bus import Bus, Event, of_team
from bot.web.desk.people_shapes import Person, to_person

CHANNEL: Final = "desk-presence"
"""What every web process hears, of all conversations; none of these has such an id."""
TELL_SECONDS: Final = 15.0
LEASE_SECONDS: Final = 3 * TELL_SECONDS


class Told(msgspec.Struct):
    """Whom one web process has at a conversation; nobody: the last one has gone."""

    process: str
    conversation: str
    present: list[Person]


ENCODE = msgspec.json.Encoder().encode
DECODE = msgspec.json.Decoder(Told).decode


class Presence:
    """Who looks at what."""

    def __init__(self, bus: Bus, now: Callable[[], float] = time.monotonic) -> None:
        self._bus, self._now = bus, now
        self._process = uuid4().hex
        self._here: dict[str, list[Agent]] = {}
        self._elsewhere: dict[str, dict[str, tuple[list[Person], float]]] = {}

    def of(self, conversation_id: str) -> list[Person]:
        """Who has the conversation open, each person once."""
        there = self._elsewhere.get(conversation_id, {}).values()
        leased = [one for people, until in there if until > self._now() for one in people]

        return list({one.id: one for one in [*self._people(conversation_id), *leased]}.values())

    def is_looking(self, conversation_id: str, agent: Agent) -> bool:
        """Whether the agent has it open."""
        return any(one.id == agent.id for one in self.of(conversation_id))

    @contextmanager
    def looking(self, conversation_id: str, agent: Agent) -> Iterator[None]:
        """The agent has the conversation open while the context is; the others see it."""
        there = self._here.setdefault(conversation_id, [])
        there.append(agent)
        self._tell_all(conversation_id)
        try:
            yield
        finally:
            there.remove(agent)
            if not there:
                self._here.pop(conversation_id, None)
            self._tell_all(conversation_id)

    def hear(self, event: Event) -> None:
        """
        Take what a web process has told, this one or another.

        One that is new at a conversation has not heard yet who is there with us.
        """
        told = DECODE(event.data)
        if told.process == self._process:
            return
        there = self._elsewhere.setdefault(told.conversation, {})
        is_new = told.process not in there
        there[told.process] = (told.present, self._now() + LEASE_SECONDS)
        if not told.present:
            self._forget(told.conversation, told.process)
        elif is_new and told.conversation in self._here:
            self._tell_all(told.conversation)

    async def keep(self) -> None:
        """Hear the others and tell them now and then who is still here, until cancelled."""
        async with self._bus.listen(CHANNEL) as ear:
            told = self._now()
            while True:
                if heard := await ear.next(TELL_SECONDS):
                    self.hear(heard)
                if self._now() - told >= TELL_SECONDS:
                    told = self._now()
                    self.tell_again()

    def tell_again(self) -> None:
        """Who is still here; what others have not repeated for long is forgotten."""
        for conversation_id in self._here:
            self._bus.tell(CHANNEL, self._told(conversation_id))
        for conversation_id, there in list(self._elsewhere.items()):
            for process in [one for one, (_, until) in there.items() if until <= self._now()]:
                self._forget(conversation_id, process)

    def _forget(self, conversation_id: str, process: str) -> None:
        there = self._elsewhere[conversation_id]
        del there[process]
        if not there:
            del self._elsewhere[conversation_id]

    def _tell_all(self, conversation_id: str) -> None:
        told = self._told(conversation_id)
        self._bus.tell(CHANNEL, told)
        self._bus.tell(of_team(conversation_id), told)

    def _told(self, conversation_id: str) -> Event:
        told = Told(self._process, conversation_id, self._people(conversation_id))

        return Event("presence", msgspec.Raw(ENCODE(told)))

    def _people(self, conversation_id: str) -> list[Person]:
        people = [to_person(one) for one in self._here.get(conversation_id, ())]

        return list({one.id: one for one in people if one}.values())
