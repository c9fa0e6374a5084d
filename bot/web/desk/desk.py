"""What the desk's routes need, wired once in `bot.web.app`."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime
from typing import Final

import msgspec
from litestar.datastructures import Cookie

from bot.canned import CannedReplies
from bot.casework.accounts import Keys
from bot.replies import Templates
from bot.services.house import House
from bot.services.taking_over import do_let_lapse
from bot.settings import Settings
from bot.supervision.errand import Errand
from bot.web.bus import Bus, Event
from bot.web.desk.intents import WatchedDomain
from bot.web.desk.presence import Presence
from bot.web.desk.talk_shapes import NoteShown
from bot.web.pace import Pace

log = logging.getLogger(__name__)

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
        self.domain = WatchedDomain(settings.project)
        self.presence = Presence(bus)
        self.finds = Pace(FIND_SECONDS)
        """Which agent found which conversation by an e-mail, and has it on record."""
        self.importing = Errand("reading a file in", settings.state_dir / "logs" / "import.log")
        self._hashing = asyncio.Semaphore(MOST_PASSWORDS_AT_ONCE)

    async def hashing[T](self, work: Callable[[], T]) -> T:
        """What the work gives, which hashes a password: off the event loop, a few at once."""
        async with self._hashing:
            return await asyncio.to_thread(work)

    def show_change(self, conversation_id: str) -> None:
        """Something of the conversation has changed: buyer and team read it anew."""
        self.bus.show_change(conversation_id)

    def show_note(self, conversation_id: str, note: NoteShown) -> None:
        """A note that only the team sees."""
        event = Event("note", msgspec.Raw(msgspec.json.encode(note)))
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
