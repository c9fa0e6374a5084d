"""
One HTTP call to a stranger, bounded in time and in what is read.

It says the one thing that money hangs on: whether the other side can have got the request.
"""

import asyncio
import ssl
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass
from typing import Any

import httpx

MOST_BYTES = 64 * 1024


class NotSent(Exception):
    """No connection came about: the other side certainly got nothing."""


class NoAnswer(Exception):
    """The request may have arrived, but no whole answer came back."""


@dataclass(frozen=True, slots=True)
class Heard:
    """An HTTP answer; `body` is None if it is longer than anybody needs."""

    status: int
    body: bytes | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """
    Calls within `seconds`, everything counted.

    Redirects are not followed, no proxy is asked, nothing is tried twice and nothing is logged:
    a webhook's address may hold a token. Blocks, so it is not for use inside an event loop.
    """

    seconds: float
    tls: ssl.SSLContext

    def call(
        self, method: str, url: httpx.URL, *, headers: Mapping[str, str], body: bytes = b""
    ) -> Heard:
        """The answer to one request; `NotSent` or `NoAnswer` without one."""
        # A third for the connection and a third for TLS: so the whole time cannot be over
        # before a request was begun, and a timeout then always counts as maybe arrived.
        limits = httpx.Timeout(self.seconds, connect=self.seconds / 3)
        request = httpx.Request(
            method,
            url,
            headers=headers,
            content=body or None,
            extensions={"timeout": limits.as_dict()},
        )
        try:
            return _run(self._within_time(request))
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            raise NotSent(_told(error)) from error
        except (httpx.HTTPError, OSError) as error:
            raise NoAnswer(_told(error)) from error

    async def _within_time(self, request: httpx.Request) -> Heard:
        # httpx's own timeouts are for one read each: a byte a second would never end.
        async with asyncio.timeout(self.seconds):
            async with httpx.AsyncHTTPTransport(verify=self.tls, trust_env=False) as transport:
                answer = await transport.handle_async_request(request)
                try:
                    return Heard(answer.status_code, await _read(answer))
                finally:
                    await answer.aclose()


async def _read(answer: httpx.Response) -> bytes | None:
    """The body as it came over the line, packed or not; None if it is too long."""
    body = bytearray()
    async for part in answer.aiter_raw():
        body += part
        if len(body) > MOST_BYTES:
            return None

    return bytes(body)


def _run(work: Coroutine[Any, Any, Heard]) -> Heard:
    """
    The coroutine's result.

    `asyncio.run` would wait for the thread that looks a name up, however long that takes.
    """
    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(work)
    finally:
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()


def _told(error: Exception) -> str:
    """The error in a person's words; a timeout has none of its own."""
    return str(error) or type(error).__name__
