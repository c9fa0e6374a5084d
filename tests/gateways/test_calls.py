"""Servers that are slow, broken or not there: can they have got the remedy?"""

import socket
import threading
import time
from typing import Any

import pytest

from bot.casework.gateways import Outcome
from tests.gateways.dispatches import a_dispatch
from tests.gateways.seller import Seller, a_closed_port
from tests.gateways.webhooks import KEY, a_webhook, send

QUICK = 0.15
SLACK = 1.0  # a busy machine; without a bound the call would last until the test is over


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"SSH-2.0-OpenSSH_9.6\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Le",
        b'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"status": "done"}',
        b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n12\r\n{"status": "done"}',
        b'HTTP/1.1 404 Not Found\r\nContent-Length: 100\r\n\r\n{"status": "refused"}',
        b"HTTP/1.1 200 OK\r\nX-Long: " + b"x" * 200_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        b"HTTP/1.1 101 Switching Protocols\r\n\r\n",
    ],
    ids=["nothing", "no HTTP", "half the headers", "half the body", "half a chunk",
         "half a refusal", "endless header", "negative length", "another protocol"],
)  # fmt: skip
def test_a_connection_that_breaks_after_the_request_leaves_it_open(
    seller: Seller, raw: bytes
) -> None:
    """
    The other side has it, and may have done it.
    """
    seller.writes(raw)
    answer = send(seller)

    assert answer.outcome is Outcome.UNKNOWN
    assert answer.detail
    assert len(seller.seen) == 1  # and nothing was tried a second time
    assert a_webhook(seller.url).find_status(KEY).outcome is Outcome.UNKNOWN


@pytest.mark.parametrize(
    ("first", "drop"),
    [
        (b"", b""),
        (b"HTTP/1.1 200 OK\r\nX-Slow: ", b"x"),
        (b"", b"HTTP/1.1 102 Processing\r\n\r\n"),
        (b'HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n{"status": "done"', b" "),
    ],
    ids=["silent", "dripping headers", "always a moment yet", "dripping body"],
)
def test_a_slow_answer_is_not_waited_for(seller: Seller, first: bytes, drop: bytes) -> None:
    """
    The bound is for the whole call: what always gives a little would never end else.
    """
    seller.drips(first, drop)
    webhook = a_webhook(seller.url, timeout_seconds=QUICK)
    begun = time.monotonic()

    assert webhook.send(a_dispatch()).outcome is Outcome.UNKNOWN
    assert webhook.find_status(KEY).outcome is Outcome.UNKNOWN
    assert time.monotonic() - begun < 2 * QUICK + SLACK


def test_a_refused_connection_certainly_brought_nothing_over() -> None:
    """
    It may be sent again. A question that got nowhere, however, says nothing about the remedy.
    """
    webhook = a_webhook(f"http://127.0.0.1:{a_closed_port()}")

    assert webhook.send(a_dispatch()).outcome is Outcome.UNREACHED
    assert webhook.find_status(KEY).outcome is Outcome.UNKNOWN


def test_a_connection_that_never_comes_about_brought_nothing_over() -> None:
    """
    Whoever does not even answer the knock has not heard the rest.
    """
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        door.listen(0)
        waiting = [socket.socket() for _ in range(3)]
        for one in waiting:
            one.setblocking(False)
            one.connect_ex(door.getsockname())  # until the queue is full
        webhook = a_webhook(f"http://127.0.0.1:{door.getsockname()[1]}", timeout_seconds=QUICK)
        answer = webhook.send(a_dispatch())
        for one in waiting:
            one.close()

    assert answer.outcome is Outcome.UNREACHED


def test_a_name_that_nobody_knows_brought_nothing_over(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    The name server's no.
    """

    def unknown(*_: Any, **__: Any) -> Any:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    webhook = a_webhook("https://hooks.shop.test")
    monkeypatch.setattr(socket, "getaddrinfo", unknown)

    assert webhook.send(a_dispatch()).outcome is Outcome.UNREACHED
    assert webhook.find_status(KEY).outcome is Outcome.UNKNOWN


def test_a_name_server_that_is_silent_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    The thread that asks it cannot be ended, but nobody waits for it.
    """
    over = threading.Event()

    def silent(*_: Any, **__: Any) -> Any:
        over.wait(30)
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    webhook = a_webhook("https://hooks.shop.test", timeout_seconds=QUICK)
    monkeypatch.setattr(socket, "getaddrinfo", silent)
    begun = time.monotonic()
    answer = webhook.send(a_dispatch())
    passed = time.monotonic() - begun
    over.set()

    assert answer.outcome is Outcome.UNREACHED
    assert passed < QUICK + SLACK
