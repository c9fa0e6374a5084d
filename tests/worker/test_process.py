"""`makegood worker`: the worker as a process of its own, with a webhook on loopback."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.settings import ROOT, Settings
from bot.store.migrate import migrate
from bot.store.tables import messages
from bot.wiring import open_queue
from tests.dialog import Dialog, Shop
from tests.factories import the_rulebook
from tests.gateways.seller import Connection, Seller, open_seller
from tests.outbox import PENDING, requested, state_of, told

PATIENCE = 60.0
SECRET = "correct-horse-battery-staple"


@pytest.fixture
def seller() -> Iterator[Seller]:
    """The seller's system, listening on loopback."""
    with open_seller() as one:
        yield one


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    """A shop with a requested cancellation, in the database that the process will use."""
    url = f"sqlite:///{tmp_path / 'makegood.db'}"
    migrate(url)
    shop = Shop(PENDING, rules=the_rulebook(), url=url, migrated=True)
    shop.now = datetime.now(UTC)
    requested(Dialog(shop, "ada@example.com"))
    yield shop
    shop.engine.dispose()


@pytest.fixture
def process(tmp_path: Path, seller: Seller) -> Iterator[subprocess.Popen[str]]:
    """The command, ended at the end of the test."""
    environment = os.environ | {
        "MAKEGOOD_STATE": str(tmp_path),
        "MAKEGOOD_DATABASE_URL": "",
        "MAKEGOOD_BUS_URL": "",
        "MAKEGOOD_GATEWAY": "webhook",
        "MAKEGOOD_GATEWAY_URL": f"{seller.url}/hook",
        "MAKEGOOD_GATEWAY_STATUS_URL": seller.url + "/remedies/{key}",
        "MAKEGOOD_GATEWAY_SECRET": SECRET,
        "MAKEGOOD_WORKER": "separate",
    }
    with subprocess.Popen(
        [sys.executable, "-m", "bot.cli", "worker"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as running:
        yield running
        running.kill()


def test_it_sends_what_waits_and_ends_when_told_to(
    shop: Shop, seller: Seller, process: subprocess.Popen[str], tmp_path: Path
) -> None:
    """
    The stop comes in the middle of a call: that one is ended, and the buyer told, before it goes.
    """
    asked, go_on = threading.Event(), threading.Event()

    def answer(connection: Connection) -> None:
        asked.set()
        assert go_on.wait(PATIENCE)
        body = b'{"status": "done"}'
        connection.send_response(200)
        connection.send_header("Content-Length", str(len(body)))
        connection.end_headers()
        connection.wfile.write(body)

    seller.does(answer)
    open_queue(Settings(_env_file=None, state=tmp_path)).wake()
    assert asked.wait(PATIENCE)
    process.send_signal(signal.SIGTERM)
    go_on.set()
    said, _ = process.communicate(timeout=PATIENCE)

    assert process.returncode == 0, said
    assert state_of(shop) == ("done", "done"), said
    assert told(shop) == ["remedy_done"]
    assert "is cancelled" in " ".join(str(row["text"]) for row in shop.rows(messages))
    assert len(seller.seen) == 1
    assert SECRET not in said


def test_a_wrong_webhook_is_one_line(tmp_path: Path) -> None:
    """
    It names what is wrong, and an exit code of 2.
    """
    done = subprocess.run(
        [sys.executable, "-m", "bot.cli", "worker"],
        cwd=ROOT,
        env=os.environ
        | {
            "MAKEGOOD_STATE": str(tmp_path),
            "MAKEGOOD_GATEWAY": "webhook",
            "MAKEGOOD_GATEWAY_URL": "http://shop.example/hook",
            "MAKEGOOD_GATEWAY_STATUS_URL": "https://shop.example/{key}",
            "MAKEGOOD_GATEWAY_SECRET": SECRET,
        },
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )

    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert "The url must begin with https://" in done.stderr
    assert SECRET not in done.stderr
