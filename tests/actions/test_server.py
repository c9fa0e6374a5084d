"""The action server as it runs: `python -m actions`, asked over HTTP as Rasa asks it."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep

import httpx
import pytest

from bot.settings import ROOT
from tests.actions.calls import Line, recorded
from tests.dialog import Shop
from tests.factories import an_order, the_rulebook

SECRET = "open sesame"
SECONDS = 30.0


@dataclass
class Server:
    """A running action server and the house that it works in."""

    process: subprocess.Popen[bytes]
    http: httpx.Client
    shop: Shop

    def post(self, call: object, **headers: str) -> httpx.Response:
        """Call an action, with the secret unless another is given."""
        known = {"x-makegood-secret": SECRET} | headers
        return self.http.post("/webhook", json=call, headers=known)

    def post_bytes(self, content: bytes) -> httpx.Response:
        """Send anything."""
        return self.http.post("/webhook", content=content, headers={"x-makegood-secret": SECRET})


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for all of these tests."""
    state = tmp_path_factory.mktemp("state")
    shop = Shop(an_order(), rules=the_rulebook(), url=f"sqlite:///{state}/makegood.db")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = os.environ | {
        "MAKEGOOD_STATE": str(state),
        "MAKEGOOD_ACTIONS_PORT": str(port),
        "MAKEGOOD_ACTIONS_SECRET": SECRET,
    }
    log = state / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "actions"],
            cwd=ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT,
        )  # fmt: skip
    http = httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=SECONDS)
    wait_until_it_answers(http, process, log)
    try:
        yield Server(process, http, shop)
    finally:
        http.close()
        process.send_signal(signal.SIGTERM)
        assert process.wait(SECONDS) == 0


def wait_until_it_answers(http: httpx.Client, process: subprocess.Popen[bytes], log: Path) -> None:
    """There is nothing to wait for but the port itself."""
    ends = monotonic() + SECONDS
    while monotonic() < ends and process.poll() is None:
        try:
            http.get("/health")
        except httpx.TransportError:
            sleep(0.05)
        else:
            return
    pytest.fail(log.read_text())


def test_a_call_of_rasas_is_answered(server: Server):
    """
    The very payload that Rasa 3.6.21 sends: slots come back, the answer is in the store.
    """
    line = Line(server.shop)
    call = line.call("hello", line.receives())

    answer = server.post(call)

    assert answer.status_code == 200
    assert [event["name"] for event in answer.json()["events"]] == [
        "order_number",
        "case",
        "awaiting",
    ]
    assert answer.json()["responses"] == []
    assert line.replies == ["small_talk.hello"]


def test_health_is_open(server: Server):
    """
    Whoever looks after the processes knows no secret.
    """
    answer = server.http.get("/health")

    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


@pytest.mark.parametrize("shown", ["", "wrong", SECRET.upper(), SECRET + "x", SECRET[:-1]])
def test_nothing_else_is_answered_without_the_secret(server: Server, shown):
    """
    Neither a call nor the list of actions; the store stays as it is.
    """
    line = Line(server.shop)
    call = line.call("hello", line.receives())

    assert server.post(call, **{"x-makegood-secret": shown}).status_code == 401
    assert server.http.post("/webhook", json=call).status_code == 401
    assert server.http.get("/actions").status_code == 401
    assert server.http.get("/nowhere").status_code in (401, 404)
    assert line.replies == []


def test_a_secret_that_is_no_ascii_is_only_wrong(server: Server):
    """
    A header may hold any bytes.
    """
    for shown in (b"\xe9", b"\xff\xfe", "сезам".encode()):
        answer = server.http.post(
            "/webhook", json=recorded("hello"), headers={b"x-makegood-secret": shown}
        )
        assert answer.status_code == 401


CALL = recorded("hello")
MALFORMED: dict[str, bytes] = {
    "nothing": b"",
    "half of it": json.dumps(CALL).encode()[:200],
    "no JSON": b"next_action=action_answer",
    "no UTF-8": b'{"next_action": "\xff"}',
    "null": b"null",
    "a list": b"[1, 2]",
    "endless nesting": b"[" * 100_000,
    "no action": json.dumps({**CALL, "next_action": None}).encode(),
    "an unknown action": json.dumps({**CALL, "next_action": "action_refund_all"}).encode(),
    "no tracker": json.dumps({"next_action": "action_answer", "domain": {}}).encode(),
    "a tracker of the wrong kind": json.dumps({**CALL, "tracker": ["x"]}).encode(),
    "no domain": json.dumps({**CALL, "domain": None}).encode(),
    "no number": json.dumps(CALL).replace("0.9970114852643612", "NaN").encode(),
    "two megabytes": b" " * 2_000_000 + b"{}",
}


@pytest.mark.parametrize("name", MALFORMED)
def test_what_is_no_call_does_no_harm(server: Server, name):
    """
    It is refused or ignored, and the next call is answered as if nothing had been.
    """
    line = Line(server.shop)
    call = line.call("hello", line.receives())

    assert server.post_bytes(MALFORMED[name]).status_code in (200, 400, 404, 413, 449, 500)
    assert line.replies == []

    assert server.post(call).status_code == 200
    assert line.replies == ["small_talk.hello"]
