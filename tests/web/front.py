"""The web process on a free port of this machine, its buyers, and Rasa played by the test."""

import asyncio
import json
import socket
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import uvicorn

from bot.casework.turns import BuyerMessage, Identity, Understanding
from bot.services.take_turn import Heard, take_turn
from bot.settings import Settings
from bot.web.app import create_app
from bot.web.tokens import make_identity
from tests.dialog import Shop, route_of

SECRET = "the demo shop's secret, 32 bytes"
"""What the demo shop signs its buyers with."""
PATIENCE = 10.0
"""Seconds after which a test that waits for something has failed."""


class PlayedRasa:
    """
    A `Listener` that hears what the test wants, and answers through the real `take_turn`.

    `plot` holds what happens to the next messages, one scene each; after that all is well.
    """

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self.intents: dict[str, str] = {}
        self.plot: deque[Scene] = deque()
        self.heard: list[str] = []
        self.fences: list[int] = []
        self.model: str | None = "played"
        self.forgotten: list[str] = []

    async def hear(self, message: BuyerMessage, *, fence: int, seconds: float) -> bool:
        """Play the next scene."""
        self.heard.append(message.text)
        self.fences.append(fence)
        scene = self.plot.popleft() if self.plot else answers

        return await scene(self, message, fence, seconds)

    async def find_model(self, seconds: float) -> str | None:
        """The model that the test has trained."""
        return self.model

    async def forget(self, conversations: Sequence[str], seconds: float) -> bool:
        """Write down what is to be forgotten; False while there is no model."""
        self.forgotten += conversations if self.model else []
        return self.model is not None

    async def close(self) -> None:
        """There is nothing to close."""

    async def take_turn(self, message: BuyerMessage, fence: int) -> None:
        """What the action server does with a message."""
        intent = self.intents.get(message.text, "greet")
        if message.choice_token:
            intent = "choose_option"
        elif message.photos and not message.text:
            intent = "photo_sent"
        heard = Heard(
            message_id=message.id,
            fence=fence,
            understanding=Understanding(
                route=route_of(intent), intent=intent, confidence=0.9, nearness=0.8
            ),
        )
        await asyncio.to_thread(take_turn, self.shop.house, heard)


Scene = Callable[[PlayedRasa, BuyerMessage, int, float], Awaitable[bool]]


async def answers(rasa: PlayedRasa, message: BuyerMessage, fence: int, seconds: float) -> bool:
    """All is well."""
    await rasa.take_turn(message, fence)
    return True


async def is_down(*_: object) -> bool:
    """Nobody listens at Rasa's port."""
    return False


async def breaks(*_: object) -> bool:
    """Something that nobody thought of."""
    raise RuntimeError("the test breaks it")


async def forgets(*_: object) -> bool:
    """Rasa is content, but no action has answered."""
    return True


async def answers_and_dies(
    rasa: PlayedRasa, message: BuyerMessage, fence: int, seconds: float
) -> bool:
    """The answer stands, the connection is lost before we hear of it."""
    await rasa.take_turn(message, fence)
    return False


@dataclass
class Held:
    """A scene that waits for the test, and then goes on as another; or is late."""

    then: Scene = answers
    reached: asyncio.Event = field(default_factory=asyncio.Event)
    go_on: asyncio.Event = field(default_factory=asyncio.Event)

    async def __call__(
        self, rasa: PlayedRasa, message: BuyerMessage, fence: int, seconds: float
    ) -> bool:
        self.reached.set()
        try:
            async with asyncio.timeout(seconds):
                await self.go_on.wait()
        except TimeoutError:
            return False
        return await self.then(rasa, message, fence, seconds)


@dataclass(frozen=True)
class Happened:
    """One server-sent event."""

    name: str
    data: Any
    id: str | None


class Line:
    """An open event stream."""

    def __init__(self, response: httpx.Response) -> None:
        self.response = response
        self.comments = 0
        self._lines = response.aiter_lines()

    async def next(self) -> Happened:
        """The next event; comments are counted."""
        fields: dict[str, str] = {}
        async with asyncio.timeout(PATIENCE):
            async for line in self._lines:
                if line.startswith(":"):
                    self.comments += 1
                elif line:
                    name, _, value = line.partition(": ")
                    fields[name] = value
                elif fields:
                    return Happened(
                        name=fields["event"],
                        data=json.loads(fields["data"]),
                        id=fields.get("id"),
                    )
        raise EOFError("the stream has ended")

    async def until(self, wanted: Callable[[Happened], bool]) -> list[Happened]:
        """All events up to the first that is wanted."""
        seen = [await self.next()]
        while not wanted(seen[-1]):
            seen.append(await self.next())
        return seen

    async def until_answer(self) -> list[Happened]:
        """All events up to the next message that is not the buyer's."""
        return await self.until(lambda one: one.name == "message" and one.data["sender"] != "buyer")


@dataclass
class Guest:
    """One buyer and a conversation."""

    http: httpx.AsyncClient
    token: str
    conversation_id: str

    @property
    def headers(self) -> dict[str, str]:
        """What every request of this buyer carries."""
        return {"authorization": f"Bearer {self.token}"} if self.token else {}

    async def get(self, path: str, **options: Any) -> httpx.Response:
        """Ask for something."""
        return await self.http.get(path, headers=self.headers, **options)

    async def post(self, path: str, body: object = None, **options: Any) -> httpx.Response:
        """Send something."""
        return await self.http.post(path, json=body, headers=self.headers, **options)

    async def sends(self, text: str | None = None, **body: object) -> httpx.Response:
        """Send a message."""
        message = {"client_id": uuid4().hex, "text": text} | body
        return await self.post("/api/widget/messages", message)

    async def says(self, text: str | None = None, **body: object) -> dict[str, Any]:
        """Send a message and wait for the answer."""
        async with self.looks() as line:
            await line.until(lambda one: one.name == "floor")
            sent = await self.sends(text, **body)
            assert sent.status_code == 202, sent.text
            return (await line.until_answer())[-1].data

    async def uploads(self, content: bytes, name: str = "photo.jpg") -> httpx.Response:
        """Upload a file."""
        return await self.http.post(
            "/api/widget/attachments", files={"file": (name, content)}, headers=self.headers
        )

    async def transcript(self, after: int = 0) -> list[dict[str, Any]]:
        """Messages after that seq."""
        answer = await self.get("/api/widget/messages", params={"after": after})
        assert answer.status_code == 200, answer.text
        return answer.json()["messages"]

    @asynccontextmanager
    async def looks(self, last: object = None) -> AsyncIterator[Line]:
        """Open the event stream, after the seq `last` if there is one."""
        headers = self.headers | ({} if last is None else {"last-event-id": str(last)})
        async with self.http.stream("GET", "/api/widget/events", headers=headers) as response:
            assert response.status_code == 200, await response.aread()
            yield Line(response)


@dataclass
class Front:
    """A running web process."""

    url: str
    shop: Shop
    rasa: PlayedRasa
    app: Any
    http: httpx.AsyncClient

    async def begin(self, **body: object) -> httpx.Response:
        """Ask for a session."""
        return await self.http.post("/api/widget/session", json={"store": "demo"} | body)

    async def guest(self, **body: object) -> Guest:
        """A buyer with a session."""
        session = (await self.begin(**body)).json()
        return Guest(self.http, session["token"], session["conversation_id"])


def an_identity(
    subject: str = "ada",
    *,
    email: str = "ada@example.com",
    secret: str = SECRET,
    until: datetime | None = None,
) -> str:
    """A token as the demo shop signs it, good for an hour."""
    until = until or datetime.now().astimezone() + timedelta(hours=1)
    return make_identity(Identity(subject=subject, email=email, name="Ada"), secret, until)


@asynccontextmanager
async def open_front(shop: Shop, state: Path, **settings: Any) -> AsyncIterator[Front]:
    """Run the web process over a shop; remedies stay in it unless the test says otherwise."""
    rasa = PlayedRasa(shop)
    settings = {"worker": "separate"} | settings
    app = create_app(
        Settings(_env_file=None, state=state, **settings),
        shop.house,
        listen=lambda _: rasa,
    )
    # Reading the certificates of the world, which nobody needs here, takes half of a test's time.
    client = httpx.AsyncClient(timeout=PATIENCE, verify=False)
    async with serving(app) as url, client as http:
        http.base_url = httpx.URL(url)
        yield Front(url=url, shop=shop, rasa=rasa, app=app, http=http)


@asynccontextmanager
async def serving(app: Any) -> AsyncIterator[str]:
    """Serve an ASGI app on a free port, in this very event loop; its address."""
    # With its protocol named, as the loop's own sockets have it: else nobody switches Nagle's
    # delays off.
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as free:
        free.bind(("127.0.0.1", 0))
        config = uvicorn.Config(app, lifespan="on", http="httptools", log_config=None)
        config.load()
        server = uvicorn.Server(config)
        server.lifespan = config.lifespan_class(config)
        await server.startup(sockets=[free])
        try:
            yield f"http://127.0.0.1:{free.getsockname()[1]}"
        finally:
            for listener in server.servers:
                listener.close()
            await server.lifespan.shutdown()
