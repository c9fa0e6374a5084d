"""
Action calls as Rasa 3.6.21 sends them.

The payloads were recorded from the trained model, with the project's own endpoints.yml. A test
puts the ids of a message of its own into them.
"""

import json
from pathlib import Path
from typing import Any
from uuid import uuid4

from rasa_sdk.executor import ActionExecutor

from actions.turn_actions import ACTIONS
from bot.casework.ports.conversations import NewMessage
from bot.services.sessions import begin_conversation
from bot.services.turn_queue import Received, receive_message
from bot.store.tables import messages
from tests.dialog import Shop

PAYLOADS = Path(__file__).parent / "payloads"


def recorded(name: str) -> dict[str, Any]:
    """A call as it was recorded."""
    return json.loads((PAYLOADS / f"{name}.json").read_text())


class Line:
    """A conversation whose messages Rasa has heard."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self.executor = ActionExecutor()
        for action in ACTIONS:
            self.executor.register_action(action(shop.house))
        self.id = begin_conversation(shop.house, "demo", "en", None)

    def receives(self, text: str = "hi", choice: str | None = None) -> Received:
        """Web has let go of what was before, has stored a message and taken the lease."""
        with self.shop.house.units() as unit:
            unit.conversations.drop_lease(self.id, unit.conversations.get(self.id).fence)
        new = NewMessage(
            conversation_id=self.id, client_id=uuid4().hex, text=text, choice_token=choice,
            attachments=(), ip="",
        )  # fmt: skip
        return receive_message(self.shop.house, new, "web", 15)

    def call(self, name: str, received: Received, **latest: Any) -> dict[str, Any]:
        """The recorded call about that message, with parts of its newest message changed."""
        call = recorded(name)
        call["sender_id"] = call["tracker"]["sender_id"] = self.id
        heard = call["tracker"]["latest_message"]
        heard["metadata"] |= {"message_id": received.message.id, "fence": received.fence}
        heard |= latest
        return call

    async def hears(self, name: str, text: str = "hi", **latest: Any) -> Any:
        """A message arrives, Rasa hears it and calls; what rasa-sdk answers."""
        return await self.executor.run(self.call(name, self.receives(text), **latest))

    @property
    def replies(self) -> list[str]:
        """The bot's replies so far, by name."""
        rows = [row for row in self.shop.rows(messages) if row["conversation_id"] == self.id]
        rows.sort(key=lambda row: int(str(row["seq"])))
        return [str(row["reply"]) for row in rows if row["sender"] == "bot"]

    @property
    def floor(self) -> str:
        """Who has the floor."""
        with self.shop.house.units.reading() as unit:
            return unit.conversations.get(self.id).floor.value
