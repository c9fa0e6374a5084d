"""Buyers that write and wait for the answer: as a widget does, or as stock Rasa's REST client."""

import asyncio
import json
from time import perf_counter
from typing import Protocol, Self
from uuid import uuid4

import aiohttp

SENTENCES = (
    "hi there",
    "where is my order {order}? it is a present for my mother",
    "when will it arrive",
    "can you give me the tracking number please",
    "thanks a lot",
    "what exactly did i order",
    "and has it been shipped alredy",
    "are you a robot",
)
"""Questions whose answers leave the floor with the bot; the order is the buyer's own."""


class Buyer(Protocol):
    """Someone who writes and waits."""

    order: str

    async def __aenter__(self) -> Self:
        """Begin a conversation."""

    async def __aexit__(self, *_: object) -> None:
        """Leave it."""

    async def send(self, text: str) -> float:
        """Send a text; the milliseconds until the bot's answer."""


class WidgetBuyer:
    """A signed-in buyer of the demo shop, on our HTTP API and its event stream."""

    def __init__(self, http: aiohttp.ClientSession, url: str, email: str, order: str) -> None:
        self._http, self._url, self._email = http, url, email
        self.order = order
        self.id = ""
        """The conversation, once it has begun."""
        self.sent: dict[int, float] = {}
        """When the request began that brought each message, by its place in the conversation."""
        self.shown: dict[int, float] = {}
        """When each of the bot's messages came in, by its place."""
        self._headers: dict[str, str] = {}
        self._answers: asyncio.Queue[tuple[int, float]] = asyncio.Queue()
        self._stream: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        signed = await self._post("/demo/identity", {"email": self._email})
        begun = await self._post(
            "/api/widget/session", {"store": "demo", "identity": signed["identity"]}
        )
        self._headers = {"Authorization": f"Bearer {begun['token']}"}
        self.id = str(begun["conversation_id"])
        listening = asyncio.Event()
        self._stream = asyncio.create_task(self._listen(listening))
        await listening.wait()
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._stream:
            self._stream.cancel()
            await asyncio.gather(self._stream, return_exceptions=True)

    async def send(self, text: str) -> float:
        """From the POST to the bot's first message after it on the stream, in ms."""
        place = await self.post(text)
        async with asyncio.timeout(30):
            while True:
                seq, at = await self._answers.get()
                if seq > place:
                    return (at - self.sent[place]) * 1000

    async def post(self, text: str) -> int:
        """Send a text and do not wait for its answer; its place in the conversation."""
        began = perf_counter()
        sent = await self._post("/api/widget/messages", {"client_id": uuid4().hex, "text": text})
        place = int(str(sent["seq"]))
        self.sent[place] = began

        return place

    async def _listen(self, listening: asyncio.Event) -> None:
        """Note when each of the bot's messages came in."""
        url = f"{self._url}/api/widget/events"
        forever = aiohttp.ClientTimeout(total=None)
        async with self._http.get(url, headers=self._headers, timeout=forever) as stream:
            stream.raise_for_status()
            async for line in stream.content:
                if line.startswith(b"event: floor"):
                    listening.set()
                elif line.startswith(b"data: {") and b'"seq"' in line:
                    at = perf_counter()
                    message = json.loads(line.removeprefix(b"data: "))
                    if message["sender"] == "bot":
                        self.shown[message["seq"]] = at
                        self._answers.put_nowait((message["seq"], at))

    async def _post(self, path: str, body: dict[str, object]) -> dict[str, object]:
        url = f"{self._url}{path}"
        async with self._http.post(url, json=body, headers=self._headers) as answer:
            answer.raise_for_status()
            found: dict[str, object] = await answer.json()
            return found


class RestBuyer:
    """A sender on stock Rasa's REST channel, which answers in the response."""

    def __init__(self, http: aiohttp.ClientSession, url: str, order: str) -> None:
        self._http, self._url, self.order = http, f"{url}/webhooks/rest/webhook", order
        self._sender = uuid4().hex

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        return None

    async def send(self, text: str) -> float:
        """From the POST to its answer, in ms."""
        began = perf_counter()
        body = {"sender": self._sender, "message": text}
        async with self._http.post(self._url, json=body) as answer:
            if not await answer.json():
                raise RuntimeError(f"stock Rasa gave no answer to {text!r}")
        return (perf_counter() - began) * 1000


async def talk(buyer: Buyer, messages: int, *, start: int = 0) -> list[float]:
    """Send so many messages one after another; the milliseconds of each."""
    times = []
    for number in range(start, start + messages):
        sentence = SENTENCES[number % len(SENTENCES)].format(order=buyer.order)
        times.append(await buyer.send(sentence))

    return times
