"""People at the desk, for tests: agents of any role who are signed in over HTTP."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import uuid4

import httpx

from bot.casework.agents import Agent, Role
from bot.keys import Argon2Keys
from bot.services.accounts import Doer, do_add_agent
from bot.services.house import House
from bot.services.signing_in import begin_session
from bot.web.desk.desk import CSRF_COOKIE, CSRF_HEADER, SESSION_COOKIE
from tests.web.front import PATIENCE, Front, Line

PASSWORD = "seven green bottles, standing"
"""Everybody's."""


@cache
def password_hash() -> str:
    """The hash of everybody's password, made once: that takes its time."""
    return Argon2Keys().hash(PASSWORD)


def an_agent(
    house: House,
    role: Role = Role.AGENT,
    *,
    name: str = "Kim Stone",
    email: str = "",
    team: str = "",
    reads: tuple[str, ...] = ("en",),
) -> Agent:
    """An agent with everybody's password."""
    email = email or f"{name.split()[0].lower()}-{uuid4().hex[:8]}@shop.example"
    agent = do_add_agent(
        house, email=email, name=name, role=role, team=team, reads=reads, by=Doer()
    )
    with house.units() as unit:
        unit.accounts.set_password(agent.id, password_hash())

    return agent


@dataclass
class Browser:
    """A browser at the desk: it keeps cookies, and sends the CSRF token as our pages do."""

    http: httpx.AsyncClient

    @property
    def csrf(self) -> dict[str, str]:
        """The header of every change."""
        return {CSRF_HEADER: self.http.cookies.get(CSRF_COOKIE) or ""}

    async def opens(self, path: str = "/desk/login") -> httpx.Response:
        """Open a page."""
        return await self.http.get(path)

    async def get(self, path: str, **options: Any) -> httpx.Response:
        """Ask the API: `path` stands under /api/desk/."""
        return await self.http.get(f"/api/desk/{path}", **options)

    async def post(self, path: str, body: object = None, **options: Any) -> httpx.Response:
        """Change something; no body is an empty one."""
        return await self.sends("POST", path, {} if body is None else body, **options)

    async def sends(
        self, method: str, path: str, body: object = None, **options: Any
    ) -> httpx.Response:
        """Change something by any method."""
        headers = self.csrf | options.pop("headers", {})
        return await self.http.request(
            method, f"/api/desk/{path}", json=body, headers=headers, **options
        )

    async def uploads(self, path: str, content: bytes, name: str = "photo.jpg") -> httpx.Response:
        """Upload a file in the field `file`."""
        return await self.http.post(
            f"/api/desk/{path}", files={"file": (name, content)}, headers=self.csrf
        )

    async def signs_in(
        self, email: str, password: str = PASSWORD, code: str = ""
    ) -> httpx.Response:
        """Sign in as the page does it."""
        await self.opens()
        return await self.post("login", {"email": email, "password": password, "code": code})

    @asynccontextmanager
    async def looks(self, **parameters: str) -> AsyncIterator[Line]:
        """Open the desk's event stream."""
        async with self.http.stream("GET", "/api/desk/events", params=parameters) as response:
            assert response.status_code == 200, await response.aread()
            yield Line(response)


@dataclass
class Colleague(Browser):
    """An agent who is signed in."""

    agent: Agent


def let_in(house: House, colleague: Colleague) -> None:
    """Begin a session of that agent and give their browser the cookie."""
    with house.units() as unit:
        session = begin_session(house, unit, colleague.agent, ip="127.0.0.1")
    colleague.http.cookies.set(SESSION_COOKIE, session.token, domain="127.0.0.1", path="/")


@asynccontextmanager
async def a_browser(front: Front) -> AsyncIterator[httpx.AsyncClient]:
    """A browser of its own; it follows no redirect by itself."""
    async with httpx.AsyncClient(base_url=front.url, timeout=PATIENCE, verify=False) as http:
        yield http
