"""The way to Rasa: our own channel, over loopback."""

import logging
from collections.abc import Callable, Sequence
from itertools import batched
from typing import Protocol

import aiohttp
from litestar.status_codes import HTTP_200_OK

from bot.casework.turns import BuyerMessage

SECRET_HEADER = "X-Makegood-Secret"  # noqa: S105 - a header's name

log = logging.getLogger(__name__)

MOST_FORGOTTEN = 5000
"""Conversations in one request, for Rasa's side."""


class Listener(Protocol):
    """Whoever understands buyers and lets their messages be answered in the store."""

    async def hear(self, message: BuyerMessage, *, fence: int, seconds: float) -> bool:
        """Let a message be worked off; False if that failed or took longer."""

    async def find_model(self, seconds: float) -> str | None:
        """The name of the model that listens; None while there is none."""

    async def forget(self, conversations: Sequence[str], seconds: float) -> bool:
        """Keep nothing of these conversations; False if that is not certain."""

    async def close(self) -> None:
        """Let go of everything."""


class Rasa:
    """
    The Rasa process as a `Listener`.

    `find_url` is asked at each call: another process may have taken the place of the one before
    (bot/serving.py). Keeps connections open; made inside the event loop.
    """

    def __init__(self, find_url: Callable[[], str], secret: str) -> None:
        self._find_url = find_url
        self._session = aiohttp.ClientSession(
            headers={SECRET_HEADER: secret}, connector=aiohttp.TCPConnector(limit=64)
        )

    @property
    def _url(self) -> str:
        return f"{self._find_url()}/webhooks/makegood"

    async def close(self) -> None:
        """Close all connections."""
        await self._session.close()

    async def hear(self, message: BuyerMessage, *, fence: int, seconds: float) -> bool:
        """
        Let Rasa work off a message; False if it could not be reached or failed.

        Whether an answer stands is for the store to say, not for Rasa.
        """
        turn = {
            "conversation_id": message.conversation_id,
            "message_id": message.id,
            "fence": fence,
            "text": message.text or None,
            "locale": None,
            "choice": message.choice_token,
            "attachments": list(message.photos),
        }
        limit = aiohttp.ClientTimeout(total=seconds)
        try:
            async with self._session.post(f"{self._url}/turn", json=turn, timeout=limit) as answer:
                if answer.status != HTTP_200_OK:
                    log.warning("Rasa refused %s with status %s", message.id, answer.status)
                return answer.status == HTTP_200_OK
        except (TimeoutError, aiohttp.ClientError) as error:
            log.warning("Rasa did not answer %s: %r", message.id, error)
            return False

    async def find_model(self, seconds: float) -> str | None:
        """The name of the model that Rasa answers with; None while it has none."""
        limit = aiohttp.ClientTimeout(total=seconds)
        try:
            async with self._session.get(f"{self._url}/", timeout=limit) as answer:
                found = await answer.json() if answer.status == HTTP_200_OK else {}
        except (TimeoutError, aiohttp.ClientError, ValueError):
            return None

        return str(found["model"]) if isinstance(found, dict) and "model" in found else None

    async def forget(self, conversations: Sequence[str], seconds: float) -> bool:
        """Let Rasa drop what it remembers of these conversations; False if it did not answer."""
        limit = aiohttp.ClientTimeout(total=seconds)
        for some in batched(conversations, MOST_FORGOTTEN):
            gone = {"conversations": list(some)}
            try:
                async with self._session.post(
                    f"{self._url}/forget", json=gone, timeout=limit
                ) as answer:
                    if answer.status != HTTP_200_OK:
                        log.warning("Rasa refused to forget with status %s", answer.status)
                        return False
            except (TimeoutError, aiohttp.ClientError) as error:
                log.warning("Rasa was not told what to forget: %r", error)
                return False

        return True
