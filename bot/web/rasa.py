"""The way to Rasa: our own channel, over loopback."""

import aiohttp

from bot.casework.turns import BuyerMessage

SECRET_HEADER = "X-Makegood-Secret"  # noqa: S105 - a header's name


class Rasa:
    """Keeps connections to the Rasa process open; made inside the event loop."""

    def __init__(self, url: str, secret: str) -> None:
        self._url = f"{url}/webhooks/makegood"
        self._session = aiohttp.ClientSession(
            headers={SECRET_HEADER: secret}, connector=aiohttp.TCPConnector(limit=64)
        )

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
                return answer.status == 200
        except (TimeoutError, aiohttp.ClientError):
            return False

    async def find_model(self, seconds: float) -> str | None:
        """The name of the model that Rasa answers with; None while it has none."""
        limit = aiohttp.ClientTimeout(total=seconds)
        try:
            async with self._session.get(f"{self._url}/", timeout=limit) as answer:
                return str((await answer.json())["model"]) if answer.status == 200 else None
        except (TimeoutError, aiohttp.ClientError, KeyError, ValueError):
            return None
