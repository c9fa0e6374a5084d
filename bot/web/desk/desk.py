"""What the desk's routes need, wired once in `bot.web.app`."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Final

from litestar.datastructures import Cookie

from bot.casework.accounts import Keys
from bot.services.house import House
from bot.settings import Settings
from bot.web.bus import Bus

SESSION_COOKIE: Final = "makegood_desk"
CSRF_COOKIE: Final = "makegood_csrf"
CSRF_HEADER: Final = "x-csrf-token"
MOST_PASSWORDS_AT_ONCE: Final = 2
"""Passwords that are being hashed; each takes 46 MB and a core."""


class Desk:
    """The house behind the desk."""

    def __init__(self, house: House, bus: Bus, settings: Settings, keys: Keys) -> None:
        self.house, self.bus, self.settings, self.keys = house, bus, settings, keys
        self._hashing = asyncio.Semaphore(MOST_PASSWORDS_AT_ONCE)

    async def hashing[T](self, work: Callable[[], T]) -> T:
        """What the work gives, which hashes a password: off the event loop, a few at once."""
        async with self._hashing:
            return await asyncio.to_thread(work)

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
