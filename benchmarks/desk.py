"""
How quick the desk is: `python -m benchmarks.desk` (a part of `make bench`).

The whole house runs with 10 000 conversations, half of them with an order. Each list is
asked for over HTTP as the page does it; its peer, in the same rounds, is the smallest file of
the same server, which is what HTTP alone costs. Then an agent writes to a buyer whose event
stream is open: from the request until the event is read.
"""

import asyncio
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from time import perf_counter
from uuid import uuid4

import httpx
import sqlalchemy as sa

from benchmarks.figures import Spread, print_table
from benchmarks.running import our_house
from bot.casework.agents import Agent, Role
from bot.casework.decisions import Reason
from bot.casework.turns import Floor, Sender
from bot.services.signing_in import digest
from bot.store.database import open_database, writing
from bot.store.tables import (
    agent_sessions,
    agents,
    cases,
    conversations,
    handoffs,
    messages,
    orders,
)
from bot.web.desk.desk import CSRF_COOKIE, CSRF_HEADER, SESSION_COOKIE

CONVERSATIONS = 10_000
EACH = 20
"""Messages of each."""
ROUNDS = 5
TIMES = 20
STORE = "demo"
PEER = "/desk-assets/theme.js"
LISTS = ("waiting", "mine", "open", "snoozed", "closed", "open&reason=asked_for&language=en")
AGENT = Agent(id="bench", email="bench@shop.example", name="Bench", role=Role.LEAD)


def main() -> None:
    """Measure, and print what was measured."""
    with tempfile.TemporaryDirectory() as folder:
        show(asyncio.run(measure(Path(folder))))


async def measure(folder: Path) -> dict[str, Spread]:
    """Milliseconds by figure, the median of each round."""
    found: dict[str, list[float]] = {}
    async with our_house(folder) as house:
        token = fill(f"sqlite:///{folder / 'makegood.db'}")
        async with signed_in(house.url, token) as http:
            for _ in range(ROUNDS):
                found.setdefault("a file of the same server", []).append(await took(http, PEER))
                for one in LISTS:
                    name = f"list {one.partition('&')[0]}{', filtered' if '&' in one else ''}"
                    address = f"/api/desk/queue?view={one}"
                    found.setdefault(name, []).append(await took(http, address))
                found.setdefault("one conversation", []).append(
                    await took(http, "/api/desk/conversations/talk-00001")
                )
                found.setdefault("answer to the buyer's stream", []).append(await answers(http))
                print(".", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)

    return {name: Spread(tuple(values)) for name, values in found.items()}


def show(found: dict[str, Spread]) -> None:
    """As a table, with the ratio to the file."""
    floor = found["a file of the same server"].middle
    rows = [[name, str(one), f"{one.middle / floor:.1f}"] for name, one in found.items()]
    title = (
        f"The desk with {CONVERSATIONS} conversations, p50 ms of {ROUNDS} rounds: median (range)"
    )
    print_table(title, ("figure", "ms", "to the file"), rows)


async def took(http: httpx.AsyncClient, address: str) -> float:
    """The median milliseconds of an answer that was read whole."""
    times = []
    for _ in range(TIMES):
        begun = perf_counter()
        answer = await http.get(address)
        times.append((perf_counter() - begun) * 1000)
        answer.raise_for_status()

    return median(times)


async def answers(http: httpx.AsyncClient) -> float:
    """The median milliseconds from an agent's request until the buyer's stream shows it."""
    session = (await http.post("/api/widget/session", json={"store": STORE})).json()
    buyer = {"authorization": f"Bearer {session['token']}"}
    talk = f"/api/desk/conversations/{session['conversation_id']}"
    (await http.post(f"{talk}/claim", json={})).raise_for_status()
    times = []
    async with http.stream("GET", "/api/widget/events", headers=buyer) as stream:
        lines = stream.aiter_lines()
        await until(lines, '"floor":"HUMAN"')
        for number in range(TIMES):
            text = f"answer {number} {uuid4().hex}"
            begun = perf_counter()
            sent = http.post(f"{talk}/messages", json={"client_id": uuid4().hex, "text": text})
            sending = asyncio.create_task(sent)
            await until(lines, text)
            times.append((perf_counter() - begun) * 1000)
            (await sending).raise_for_status()

    return median(times)


async def until(lines: AsyncIterator[str], text: str) -> None:
    """Read on until a line says that."""
    async for line in lines:
        if text in line:
            return
    raise EOFError(f"the stream has ended without {text}")


@asynccontextmanager
async def signed_in(url: str, token: str) -> AsyncIterator[httpx.AsyncClient]:
    """A browser with that session."""
    cookies = {SESSION_COOKIE: token}
    async with httpx.AsyncClient(base_url=url, cookies=cookies, timeout=30, verify=False) as http:
        await http.get("/desk")
        http.headers[CSRF_HEADER] = http.cookies[CSRF_COOKIE]
        yield http


def fill(url: str) -> str:
    """Put the conversations into the store; the token of an agent's session."""
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
        some_orders = list(db.execute(sa.select(orders.c.id)).scalars())
        for begin in range(0, CONVERSATIONS, 500):
            put(db, range(begin, begin + 500), some_orders, now)
    engine.dispose()

    return token


def put(db: sa.Connection, numbers: range, some_orders: list[int], now: datetime) -> None:
    """So many conversations, handed to a person, with their messages."""
    floors = (Floor.WAITING, Floor.WAITING, Floor.HUMAN, Floor.BOT, Floor.CLOSED)
    reasons = (Reason.ASKED_FOR, Reason.COMPLAINT, Reason.NOT_UNDERSTOOD)
    talks, talk_cases, handed, said = [], [], [], []
    for n in numbers:
        key, at = f"talk-{n:05}", now - timedelta(minutes=n)
        floor = floors[n % len(floors)]
        talks.append(
            {
                "id": key, "store_id": STORE, "locale": ("en", "ru")[n % 2], "floor": floor,
                "misses": 0, "last_seq": EACH, "fence": 0, "created_at": at, "team": "",
                "agent_id": AGENT.id if floor is Floor.HUMAN and n % 10 == 2 else None,
                "due_at": at + timedelta(hours=48) if n % 3 else None,
                "handoff_id": f"handoff-{n:05}", "read_seq": 0,
                "closed_at": at if floor is Floor.CLOSED else None,
                "identity_subject": f"b{n}", "identity_email": f"b{n}@example.com",
                "identity_name": f"Buyer {n}",
            }
        )  # fmt: skip
        talk_cases.append(
            {
                "id": f"case-{n:05}", "conversation_id": key, "playbook": "damaged_item",
                "intent": "damaged_item", "state": "handed_off", "awaiting": "nothing",
                "order_id": some_orders[n % len(some_orders)] if n % 2 else None,
                "known": {}, "opened_at": at, "touched": 1,
            }
        )  # fmt: skip
        handed.append(
            {
                "id": f"handoff-{n:05}", "conversation_id": key, "case_id": f"case-{n:05}",
                "reason": reasons[n % len(reasons)], "summary": "Buyer: where is it",
                "due_at": None, "created_at": at,
            }
        )  # fmt: skip
        said += [
            {
                "id": f"message-{n:05}-{seq}", "conversation_id": key, "seq": seq,
                "sender": Sender.BUYER if seq % 2 else Sender.BOT, "kind": "text",
                "text": f"message {seq} of conversation {n}, about a mug that broke",
                "created_at": at, "answered_at": at,
            }
            for seq in range(1, EACH + 1)
        ]  # fmt: skip
    for table, rows in (
        (conversations, talks),
        (cases, talk_cases),
        (handoffs, handed),
        (messages, said),
    ):
        db.execute(sa.insert(table), rows)


if __name__ == "__main__":
    main()
