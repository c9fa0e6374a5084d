"""What the desk's routes need, wired once in `bot.web.app`."""

import asyncio
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Final, Literal

import msgspec
from litestar.datastructures import Cookie

from bot.canned import CannedReplies
from bot.casework.accounts import Keys
from bot.casework.agents import Agent
from bot.replies import Templates
from bot.services.house import House
from bot.services.taking_over import do_let_lapse
from bot.settings import Settings
from bot.web.bus import Bus, Event
from bot.web.desk.talk_shapes import NoteShown, Person, Presence
from bot.web.pace import Pace

log = logging.getLogger(__name__)

TeamEvent = Literal["presence", "note"]
LOOK_SECONDS: Final = 5.0
"""Between two looks for claims that have ended."""
FIND_SECONDS: Final = 3600.0
"""Between two lines on the audit list for the same conversation, found by an e-mail."""
SESSION_COOKIE: Final = "makegood_desk"
CSRF_COOKIE: Final = "makegood_csrf"
CSRF_HEADER: Final = "x-csrf-token"
MOST_PASSWORDS_AT_ONCE: Final = 2
"""Passwords that are being hashed; each takes 46 MB and a core."""


class Desk:
    """The house behind the desk."""

    def __init__(self, house: House, bus: Bus, settings: Settings, keys: Keys) -> None:
        self.house, self.bus, self.settings, self.keys = house, bus, settings, keys
        self.canned = CannedReplies(Templates(settings.templates))
        self.finds = Pace(FIND_SECONDS)
        """Which agent found which conversation by an e-mail, and has it on record."""
        self._looking: dict[str, list[Agent]] = {}
        self._hashing = asyncio.Semaphore(MOST_PASSWORDS_AT_ONCE)

    async def hashing[T](self, work: Callable[[], T]) -> T:
        """What the work gives, which hashes a password: off the event loop, a few at once."""
        async with self._hashing:
            return await asyncio.to_thread(work)

    def present(self, conversation_id: str) -> list[Person]:
        """Who has the conversation open, in this web process, each person once."""
        found = {one.id: one for one in self._looking.get(conversation_id, ())}

        return [Person(one.id, one.first_name, one.name) for one in found.values()]

    def is_looking(self, conversation_id: str, agent: Agent) -> bool:
        """Whether the agent has it open in this web process."""
        return any(one.id == agent.id for one in self._looking.get(conversation_id, ()))

    @contextmanager
    def looking(self, conversation_id: str, agent: Agent) -> Iterator[None]:
        """The agent has the conversation open while the context is; the others see it."""
        there = self._looking.setdefault(conversation_id, [])
        there.append(agent)
        self._tell(conversation_id, "presence", Presence(self.present(conversation_id)))
        try:
            yield
        finally:
            there.remove(agent)
            if not there:
                self._looking.pop(conversation_id, None)
            self._tell(conversation_id, "presence", Presence(self.present(conversation_id)))

    def show_change(self, conversation_id: str) -> None:
        """Something of the conversation has changed: buyer and team read it anew."""
        self.bus.show_change(conversation_id)

    def show_note(self, conversation_id: str, note: NoteShown) -> None:
        """A note that only the team sees."""
        self._tell(conversation_id, "note", note)

    def _tell(self, conversation_id: str, name: TeamEvent, shown: object) -> None:
        event = Event(name, msgspec.Raw(msgspec.json.encode(shown)))
        self.bus.tell_team(conversation_id, event)

    async def look_after(self) -> None:
        """Bring back what belongs in the queue again, until cancelled."""
        while True:
            try:
                for conversation_id in await asyncio.to_thread(do_let_lapse, self.house):
                    self.show_change(conversation_id)
            except Exception:
                # The store may be away for a moment; the next round finds the same.
                log.exception("looking for claims that have ended failed")
            await asyncio.sleep(LOOK_SECONDS)

    def cookie(self, token: str, expires_at: datetime) -> Cookie:
        """The cookie of a session; an empty token takes it away."""
        left = int((expires_at - self.house.clock()).total_seconds())

        return Cookie(
            key=SESSION_COOKIE,
            value=token,
            path="/",
            max_age=max(0, left),
            httponly=True,
            samesite="strict",
            secure=is_secure(self.settings),
        )


def is_secure(settings: Settings) -> bool:
    """Whether browsers reach us by https only, so that cookies need never go another way."""
    return settings.web_url.startswith("https:")
