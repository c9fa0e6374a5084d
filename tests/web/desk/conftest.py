"""Browsers and people at the desk of the running web process."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any

import pytest

from bot.casework.agents import Role
from tests.web.desk.team import Browser, Colleague, a_browser, an_agent, let_in
from tests.web.front import Front

OpenBrowser = Callable[[], Awaitable[Browser]]
SignIn = Callable[..., Awaitable[Colleague]]


@pytest.fixture
async def browser(front: Front) -> AsyncIterator[OpenBrowser]:
    """Opens browsers in which nobody is signed in."""
    async with AsyncExitStack() as closing:

        async def open_browser() -> Browser:
            return Browser(await closing.enter_async_context(a_browser(front)))

        yield open_browser


@pytest.fixture
async def colleague(front: Front, browser: OpenBrowser) -> SignIn:
    """
    Signs a new agent in: `await colleague(Role.LEAD, name="Ann Lee", team="returns")`.

    Without the password, whose hash takes its time; `Browser.signs_in` is the real way.
    """

    async def sign_in(role: Role = Role.AGENT, **fields: Any) -> Colleague:
        agent = await asyncio.to_thread(an_agent, front.shop.house, role, **fields)
        opened = Colleague((await browser()).http, agent)
        await opened.opens()
        await asyncio.to_thread(let_in, front.shop.house, opened)
        return opened

    return sign_in
