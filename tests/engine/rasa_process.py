"""Rasa as it serves, with our channel, store and calls, and an action server that takes notes."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
from rasa.core.agent import Agent, load_agent
from rasa.core.run import configure_app
from rasa.core.utils import AvailableEndpoints
from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse
from sanic.response import json as json_response

from bot.engine.channel import MakegoodInput
from bot.engine.secret import HEADER
from tests.engine.listening import listening

SECRET = "open sesame"
NOTHING: dict[str, Any] = {"events": [], "responses": []}


class ActionServerStub:
    """Answers every action the same way and remembers what it was asked."""

    def __init__(self, answer: Callable[[dict[str, Any]], Any] = lambda call: NOTHING) -> None:
        self.calls: list[dict[str, Any]] = []
        self.secrets: list[str | None] = []
        self.connections: set[int] = set()
        self.answer = answer
        self.app = Sanic("actions")
        self.app.add_route(self.webhook, "/webhook", methods=["POST"])

    async def webhook(self, request: Request) -> HTTPResponse:
        """Where Rasa sends its calls."""
        self.calls.append(request.json)
        self.secrets.append(request.headers.get(HEADER))
        self.connections.add(request.port)
        answer = self.answer(request.json)
        return answer if isinstance(answer, HTTPResponse) else json_response(answer)

    @property
    def actions(self) -> list[str]:
        """The actions that were called, in order."""
        return [call["next_action"] for call in self.calls]


class Rasa:
    """One running Rasa, as web sees it."""

    def __init__(self, agent: Agent, url: str, session: aiohttp.ClientSession) -> None:
        self.agent = agent
        self._url = url
        self._session = session
        self._messages = 0

    async def hears(
        self, text: str | None, *, conversation: str = "conversation-1", choice: str | None = None
    ) -> int:
        """The status with which Rasa answers this message."""
        self._messages += 1
        turn = {
            "conversation_id": conversation,
            "message_id": f"message-{self._messages}",
            "fence": self._messages,
            "text": text,
            "choice": choice,
        }
        async with self._session.post(f"{self._url}/turn", json=turn) as answer:
            return answer.status


@asynccontextmanager
async def serving(model: Path, actions: ActionServerStub) -> AsyncIterator[Rasa]:
    """Rasa with this model, and these actions behind it."""
    endpoints = AvailableEndpoints.read_endpoints("endpoints.yml")
    async with listening(actions.app) as actions_url:
        endpoints.action.url = f"{actions_url}/webhook"
        app = configure_app([MakegoodInput()], enable_api=False)
        app.ctx.agent = agent = await load_agent(str(model), endpoints=endpoints)
        async with (
            listening(app) as url,
            aiohttp.ClientSession(headers={HEADER: SECRET}) as session,
        ):
            yield Rasa(agent, f"{url}/webhooks/makegood", session)
