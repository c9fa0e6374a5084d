"""
A worker that dies at every named point of its work, and several workers at once.

The gateway is a real webhook over loopback whose seller dedups nothing: each request that it
takes is money. On SQLite and on PostgreSQL.
"""

import json
import os
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from bot.services.outbox import Worker
from bot.store.tables import decisions, handoffs, outbox
from tests.dialog import Dialog, Shop
from tests.factories import the_rulebook
from tests.gateways.seller import Connection, Seller, a_closed_port, open_seller
from tests.gateways.webhooks import a_webhook
from tests.outbox import PENDING, PlayedGateway, requested, state_of, told

MOST_POINTS = 60
PENDING_STATES = ("new", "sending", "retry", "unknown", "accepted", "lost")


@pytest.fixture
def open_shop(database_url: str) -> Iterator[Callable[[], Shop]]:
    """Opens a shop with one requested cancellation, in a database that processes share."""
    opened: list[Shop] = []

    def begin() -> Shop:
        engine = opened[0].engine if opened else None
        shop = Shop(PENDING, rules=the_rulebook(), url=database_url, engine=engine)
        opened.append(shop)
        requested(Dialog(shop, "ada@example.com"))

        return shop

    yield begin
    opened[0].engine.dispose()


@pytest.fixture
def seller() -> Iterator[Seller]:
    """The seller's system, listening on loopback."""
    with open_seller() as one:
        yield one


def takes_money(seller: Seller, first: object, later: object) -> None:
    """
    The seller answers so to whatever comes in, and later so to a question about it.

    A key that never came in is answered 404.
    """

    def answer(connection: Connection) -> None:
        asks = connection.command == "GET"
        status, body = (200, later) if asks else (200, first)
        if asks and not sends(seller):
            status = 404
        sent = json.dumps(body).encode()
        connection.send_response(status)
        connection.send_header("Content-Length", str(len(sent)))
        connection.end_headers()
        connection.wfile.write(sent)

    seller.does(answer)


def sends(seller: Seller) -> int:
    """How often money was moved."""
    return sum(one.method == "POST" for one in seller.seen)


def questions(seller: Seller) -> int:
    """How often the status URL was asked."""
    return sum(one.method == "GET" for one in seller.seen)


def settles(shop: Shop, url: str, at: Callable[[str], None] = lambda _: None) -> None:
    """Work the outbox off, and turn the clock, until nothing is on its way any more."""
    worker = Worker(house=shop.house, gateway=a_webhook(url, clock=lambda: shop.now), at=at)
    for _ in range(MOST_POINTS):
        worker.work_off()
        (row,) = shop.rows(outbox)
        if row["state"] not in PENDING_STATES:
            return
        shop.now = row["lease_until"] or row["next_at"]
    raise AssertionError("it is never settled")


def dies_at(shop: Shop, place: int, url: str) -> str:
    """At which point a child was killed that works on; nothing if it got through."""
    shop.engine.dispose()
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        seen = 0

        def count(point: str) -> None:
            nonlocal seen
            seen += 1
            if seen == place:
                os.write(write, point.encode())
                os.kill(os.getpid(), signal.SIGKILL)

        try:
            settles(shop, url, count)
        finally:
            os._exit(0)
    os.close(write)
    _, status = os.waitpid(child, 0)
    point = os.read(read, 100).decode()
    os.close(read)
    assert os.WIFSIGNALED(status) is bool(point)

    return point


DONE, REFUSED, RUBBISH = {"status": "done"}, {"status": "refused"}, {"ok": True}
AROUND = {"due", "claimed", "before_send", "answered", "recording", "recorded", "told"}


@pytest.mark.parametrize(
    ("first", "later", "points"),
    [
        (RUBBISH, DONE, AROUND | {"before_ask"}),
        (REFUSED, REFUSED, AROUND),
    ],
    ids=["rubbish", "refused"],
)
def test_a_worker_that_dies_anywhere_doubles_and_loses_nothing(
    open_shop: Callable[[], Shop],
    seller: Seller,
    first: object,
    later: object,
    points: set[str],
) -> None:
    """
    However far it came: money is moved once, and the buyer is told once what became of it.
    """
    takes_money(seller, first, later)
    died: set[str] = set()
    for place in range(1, MOST_POINTS):
        shop = open_shop()
        seller.seen.clear()
        point = dies_at(shop, place, seller.url)
        began = told(shop)

        settles(shop, seller.url)

        assert sends(seller) == 1, point
        bad = first is REFUSED
        assert state_of(shop) == (("failed", "failed") if bad else ("done", "done")), point
        end = ["remedy_not_done", "hand_off.handed_off"] if bad else ["remedy_done"]
        assert told(shop) == end, point
        assert began in ([], end), point
        assert len(shop.rows(handoffs)) == bad, point
        ends = [row for row in shop.rows(decisions) if row["decision"] in ("Done", "Failed")]
        assert len(ends) == 1, point
        if not point:
            break
        died.add(point)

    assert died == points


def test_rubbish_with_status_200_is_asked_about_and_never_sent_twice(
    open_shop: Callable[[], Shop],
    seller: Seller,
) -> None:
    """
    A maintenance page is no refund, and no reason for a second one.
    """
    shop = open_shop()
    takes_money(seller, RUBBISH, DONE)
    settles(shop, seller.url)

    assert (sends(seller), questions(seller)) == (1, 1)
    assert told(shop) == ["remedy_done"]


def test_an_answer_that_does_not_come_in_time_is_asked_about(
    open_shop: Callable[[], Shop],
    seller: Seller,
) -> None:
    """
    The seller took it and was silent.
    """
    shop = open_shop()
    seller.does(lambda _: seller.over.wait(10) and None)
    Worker(house=shop.house, gateway=a_webhook(seller.url, timeout_seconds=0.3)).work_off()
    assert state_of(shop) == ("requested", "unknown")
    takes_money(seller, DONE, DONE)
    shop.now = shop.rows(outbox)[0]["next_at"]
    settles(shop, seller.url)

    assert (sends(seller), questions(seller)) == (1, 1)
    assert told(shop) == ["remedy_done"]


def test_a_seller_who_is_not_there_gets_it_later(
    open_shop: Callable[[], Shop],
    seller: Seller,
) -> None:
    """
    Nobody listened: it is sent again without a question.
    """
    shop = open_shop()
    nobody = f"http://127.0.0.1:{a_closed_port()}"
    Worker(house=shop.house, gateway=a_webhook(nobody)).work_off()
    assert state_of(shop) == ("requested", "retry")
    takes_money(seller, DONE, DONE)
    shop.now = shop.rows(outbox)[0]["next_at"]
    settles(shop, seller.url)

    assert (sends(seller), questions(seller)) == (1, 0)
    assert told(shop) == ["remedy_done"]


def test_four_workers_send_one_remedy_once(open_shop: Callable[[], Shop]) -> None:
    """
    All look at the same moment, five times over.
    """
    for _ in range(5):
        shop, gateway, ready = open_shop(), PlayedGateway(), Barrier(4)

        def work(shop=shop, gateway=gateway, ready=ready) -> None:
            ready.wait()
            Worker(house=shop.house, gateway=gateway).work_off()

        with ThreadPoolExecutor(4) as threads:
            for done in [threads.submit(work) for _ in range(4)]:
                done.result()

        assert len(gateway.sent) == 1
        assert gateway.asked == []
        assert told(shop) == ["remedy_done"]
