"""
The training inbox with 50 000 messages: `python -m benchmarks.inbox` (a part of `make bench`).

The messages are made up, and so are their vectors: clusters as wide as those of real openers are,
and messages that are like no other. They go in through the store's own code, without a model, which
would take most of the time: so what grouping costs stands alone. Then each page is asked for over
HTTP by the web process; its peer, in the same rounds, is the smallest file of the same server.
`--database URL` takes PostgreSQL, an empty one; `--messages N` takes fewer.
"""

import argparse
import asyncio
import base64
import json
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any
from uuid import uuid4

import httpx
import numpy as np
import sqlalchemy as sa

from benchmarks.desk import AGENT, PEER, signed_in
from benchmarks.figures import print_table
from benchmarks.running import free_port, web_alone
from bot.services.house import House
from bot.services.signing_in import digest
from bot.settings import Settings
from bot.store.database import open_database, writing
from bot.store.migrate import migrate
from bot.store.tables import agent_sessions, agents
from bot.teaching.collecting import import_messages
from bot.wiring import build_house

MESSAGES = 50_000
TIMES = 60
WIDTH = 384
"""Numbers of a vector, as many as our encoder makes."""
CLUSTERS = 6_000
ALONE = 0.3
"""Of all messages, those that are like no other."""
SPREAD = 0.25
"""How far members stand from their middle; their cosine with it is about 0.97 then."""
SEED = 20261126
LIMIT = 300
"""Milliseconds that a page may take."""


@dataclass
class Filled:
    """What filling took: seconds of each batch but for the reading itself."""

    messages: int = 0
    groups: int = 0
    batches: list[float] = field(default_factory=list)


def main() -> None:
    """Measure, and print what was measured."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--database", default="")
    asked.add_argument("--messages", type=int, default=MESSAGES)
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        show(*asyncio.run(measure(Path(folder), given.database, given.messages)))


def show(filled: Filled, found: dict[str, list[float]]) -> None:
    """As tables, with the ratio to the file."""
    batches = filled.batches
    print_table(
        f"{filled.messages} messages into {filled.groups} groups, without the model's own time",
        ("batch of 500", "seconds"),
        [
            ["the first", f"{batches[0]:.2f}"],
            ["in the middle", f"{batches[len(batches) // 2]:.2f}"],
            ["the last", f"{batches[-1]:.2f}"],
            ["all together", f"{sum(batches):.0f}"],
        ],
    )
    floor = np.percentile(found[PEER], 50)
    print_table(
        f"Asked for {TIMES} times with {filled.messages} messages (limit {LIMIT} ms)",
        ("what", "p50 ms", "p95 ms", "p50 to the file"),
        [
            [
                name,
                f"{np.percentile(times, 50):.1f}",
                f"{np.percentile(times, 95):.1f}",
                f"{np.percentile(times, 50) / floor:.1f}",
            ]
            for name, times in found.items()
        ],
    )


async def measure(
    folder: Path, database: str = "", messages: int = MESSAGES
) -> tuple[Filled, dict[str, list[float]]]:
    """What filling took, and milliseconds by what was asked for."""
    settings = Settings(state=folder, port=free_port(), database_url=database)
    migrate(settings.store_url)
    house = build_house(settings)
    filled = fill(house, messages)
    house.units.close()
    token = let_in(settings.store_url)
    found: dict[str, list[float]] = {}
    async with web_alone(settings) as url, signed_in(url, token) as http:
        for number in range(TIMES):
            await ask_all(http, found, number)
    print(file=sys.stderr)

    return filled, found


async def ask_all(http: httpx.AsyncClient, found: dict[str, list[float]], number: int) -> None:
    """Everything once; what was labelled is taken back now and then."""

    async def took(name: str, method: str, path: str, **more: Any) -> httpx.Response:
        begun = perf_counter()
        answer = await http.request(method, path, **more)
        found.setdefault(name, []).append((perf_counter() - begun) * 1000)
        answer.raise_for_status()
        return answer

    api = "/api/desk/inbox"
    await took(PEER, "GET", PEER)
    await took("the page's shell", "GET", "/desk/inbox")
    await took("GET /inbox", "GET", api)
    await took("GET /inbox, far down", "GET", f"{api}?after=10000")
    shown = (await took("POST /inbox/next", "POST", f"{api}/next", json={})).json()["message"]
    label = {"intent": "late_delivery"}
    await took("POST /inbox/ID/label", "POST", f"{api}/{shown['id']}/label", json=label)
    await took("GET /inbox/agreement", "GET", f"{api}/agreement")
    if number % 3 == 2:
        await took("POST /inbox/undo", "POST", f"{api}/undo", json={})
    print(".", end="", file=sys.stderr, flush=True)


def fill(house: House, messages: int) -> Filled:
    """Put that many messages into the inbox; the time of reading them does not count."""
    filled = Filled(messages)
    reading = Read(messages)
    begun = perf_counter()
    texts = [f"message {number} of buyer {number % 977}" for number in range(messages)]
    for _ in import_messages(house, texts, reading, "made up"):
        now = perf_counter()
        filled.batches.append(now - begun - reading.seconds)
        begun, reading.seconds = now, 0.0
        if len(filled.batches) % 10 == 0:
            print(f"{len(filled.batches) * 500} ", end="", file=sys.stderr, flush=True)
    with house.units.reading() as unit:
        filled.groups = len(unit.inbox.groups())

    return filled


class Read:
    """A model that makes up what messages mean, and how long that took it."""

    def __init__(self, messages: int) -> None:
        self._random = np.random.default_rng(SEED)
        clusters = max(1, CLUSTERS * messages // MESSAGES)
        self._middles = self._random.standard_normal((clusters, WIDTH)).astype(np.float32)
        self.seconds = 0.0

    def __call__(self, messages: Iterable[bytes]) -> Iterator[bytes]:
        for message in messages:
            begun = perf_counter()
            line = self._line(message.decode())
            self.seconds += perf_counter() - begun
            yield line

    def _line(self, text: str) -> bytes:
        random = self._random
        # Few subjects are asked for by many, and many by few.
        cluster = min(int(random.pareto(0.6) * 10), len(self._middles) - 1)
        middle = self._middles[cluster]
        noise = random.standard_normal(WIDTH).astype(np.float32)
        vector = noise if random.random() < ALONE else middle + SPREAD * noise
        first = float(random.beta(5, 1.5))

        return json.dumps(
            {
                "text": text,
                "intent": "order_status",
                "confidence": first,
                "ranking": [
                    {"name": "order_status", "confidence": first},
                    {"name": "late_delivery", "confidence": (1 - first) * 0.8},
                    {"name": "damaged_item", "confidence": (1 - first) * 0.1},
                ],
                "entities": [],
                "language": "ru" if cluster % 4 == 0 else "en",
                "vector": base64.b64encode(vector.astype("<f2").tobytes()).decode(),
            }
        ).encode()


def let_in(url: str) -> str:
    """The token of a lead's session."""
    token, now = uuid4().hex, datetime.now(UTC)
    engine = open_database(url)
    with writing(engine) as db:
        db.execute(
            sa.insert(agents).values(
                id=AGENT.id, email=AGENT.email, name=AGENT.name, role=AGENT.role, team="",
                reads=["en"], created_at=now,
            )
        )  # fmt: skip
        db.execute(
            sa.insert(agent_sessions).values(
                token_hash=digest(token), agent_id=AGENT.id, created_at=now, seen_at=now,
                expires_at=now + timedelta(hours=12),
            )
        )  # fmt: skip
    engine.dispose()

    return token


if __name__ == "__main__":
    main()
