"""Wake-ups over huey: a real consumer on a real queue, beside a shop in a file."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.casework.gateways import Outcome
from bot.casework.notices import Channel, Letter, Notice
from bot.services.clocks import Watch
from bot.services.notices import Postman
from bot.services.outbox import Worker
from bot.services.take_turn import take_turn
from bot.store.tables import agent_links, handoffs, notices
from bot.worker.consumer import working
from bot.worker.queue import PlainWakeUps, Queue, to_seconds
from tests.dialog import Dialog, Shop
from tests.factories import the_rulebook
from tests.gateways.seller import a_closed_port
from tests.outbox import PENDING, PlayedGateway, requested, state_of, told

PATIENCE = 20.0
"""Seconds after which a test that waits for something has failed."""


@pytest.fixture
def queue(tmp_path: Path) -> Queue:
    """A queue in a file that is not there yet."""
    return Queue(tmp_path / "state" / "worker.db")


@pytest.fixture
def shop(tmp_path: Path, queue: Queue) -> Iterator[Shop]:
    """A shop whose turns wake the worker; its clock shows the real time and stands."""
    shop = Shop(PENDING, rules=the_rulebook(), url=f"sqlite:///{tmp_path / 'shop.db'}")
    shop.now = datetime.now(UTC)
    shop.house = replace(shop.house, wake_worker=queue.wake)
    yield shop
    shop.engine.dispose()


class Heard:
    """Hears of conversations in which something was said, and lets a test wait for it."""

    def __init__(self) -> None:
        self.ids: list[str] = []
        self.once = threading.Event()

    def __call__(self, conversation_id: str) -> None:
        self.ids.append(conversation_id)
        self.once.set()


def test_a_yes_wakes_the_worker_and_the_buyer_hears_done(shop: Shop, queue: Queue) -> None:
    """
    The wake-up comes after the commit, through the file, from another thread.
    """
    chat = Dialog(shop, "ada@example.com")
    chat.says("cancel_order")
    heard, gateway = Heard(), PlayedGateway()
    with working(queue, Worker(house=shop.house, gateway=gateway, told=heard)):
        chat.says("affirm")
        assert heard.once.wait(PATIENCE)

    assert heard.ids == [chat.id]
    assert told(shop) == ["remedy_done"]
    assert len(gateway.sent) == 1


def test_what_waited_while_nobody_worked_goes_out_at_the_start(shop: Shop, queue: Queue) -> None:
    """
    Its wake-up was lost: the worker looks by itself.
    """
    shop.house = replace(shop.house, wake_worker=lambda: None)
    requested(Dialog(shop, "ada@example.com"))
    heard = Heard()
    with working(queue, Worker(house=shop.house, gateway=PlayedGateway(), told=heard)):
        assert heard.once.wait(PATIENCE)

    assert told(shop) == ["remedy_done"]


def test_the_desks_clocks_are_looked_at_while_the_worker_works(shop: Shop, queue: Queue) -> None:
    """
    At the start and every minute, without a wake-up.
    """
    Dialog(shop, "ada@example.com").says("human_agent")
    shop.now += timedelta(days=3)
    heard = Heard()
    watch = Watch(house=shop.house, postman=Postman(house=shop.house), rang=heard)
    worker = Worker(house=shop.house, gateway=PlayedGateway())
    with working(queue, worker, watch):
        assert heard.once.wait(PATIENCE)

    assert shop.rows(handoffs)[0]["escalated_at"] == shop.now


def test_a_slow_mail_server_holds_up_one_thread_and_no_remedy(shop: Shop, queue: Queue) -> None:
    """
    Another look at the clocks goes home at once, and the remedy goes out meanwhile.
    """
    begun, go_on = threading.Event(), threading.Event()

    class SlowMailer:
        """A server that takes its time."""

        def send(self, letter: Letter) -> None:
            begun.set()
            assert go_on.wait(PATIENCE)

    with shop.house.units() as unit:
        unit.notices.add(
            Notice(key="k", channel=Channel.MAIL, to="ada@example.com", subject="s", text="t"),
            shop.now,
        )
    heard = Heard()
    watch = Watch(house=shop.house, postman=Postman(house=shop.house, mailer=SlowMailer()))
    worker = Worker(house=shop.house, gateway=PlayedGateway(), told=heard)
    with working(queue, worker, watch):
        assert begun.wait(PATIENCE)
        queue.watch_clocks()
        requested(Dialog(shop, "ada@example.com"))
        assert heard.once.wait(PATIENCE)
        go_on.set()

    assert told(shop) == ["remedy_done"]
    assert [row["state"] for row in shop.rows(notices)] == ["sent"]


def test_what_is_over_is_taken_away_every_hour(shop: Shop, queue: Queue) -> None:
    """
    By whoever watches the clocks; nobody else does.
    """
    with shop.house.units() as unit:
        unit.accounts.add_link("used", None, shop.now, shop.now)
    worker = Worker(house=shop.house, gateway=PlayedGateway())
    queue.tidy()
    assert shop.rows(agent_links)
    huey = queue.employ(worker, Watch(house=shop.house, postman=Postman(house=shop.house)))
    queue.tidy()

    assert shop.rows(agent_links) == []
    hours = [datetime(2026, 1, 2, hour, 17) for hour in (3, 4)]  # noqa: DTZ001 - as huey asks
    assert [len(huey.read_periodic(hour)) for hour in hours] == [3, 3]
    assert len(huey.read_periodic(hours[0] + timedelta(minutes=1))) == 2


def test_many_wake_ups_are_harmless(shop: Shop, queue: Queue) -> None:
    """
    Ten of them, worked off by two threads.
    """
    requested(Dialog(shop, "ada@example.com"))
    for _ in range(10):
        queue.wake()
    heard, gateway = Heard(), PlayedGateway()
    with working(queue, Worker(house=shop.house, gateway=gateway, told=heard)):
        assert heard.once.wait(PATIENCE)

    assert len(gateway.sent) == 1
    assert told(shop) == ["remedy_done"]


def test_what_is_to_be_looked_at_again_gets_a_wake_up(shop: Shop, queue: Queue) -> None:
    """
    To the second, not at the next full minute.
    """
    requested(Dialog(shop, "ada@example.com"))
    gateway = PlayedGateway(Outcome.UNREACHED)
    huey = queue.employ(Worker(house=shop.house, gateway=gateway))
    queue.work_off()
    (later,) = [waiting for waiting in huey.pending() if waiting.eta]

    assert state_of(shop) == ("requested", "retry")
    waits = later.eta - datetime.now(UTC).replace(tzinfo=None)
    assert timedelta(seconds=5) < waits <= timedelta(seconds=31)


@pytest.mark.parametrize(
    "bus_url", ["", f"redis://127.0.0.1:{a_closed_port()}"], ids=["file", "redis"]
)
def test_a_queue_that_cannot_be_used_fails_no_turn(
    shop: Shop, tmp_path: Path, bus_url: str
) -> None:
    """
    The buyer is answered, the remedy stands; the worker finds it within a minute.
    """
    (tmp_path / "taken").mkdir()
    shop.house = replace(shop.house, wake_worker=Queue(tmp_path / "taken", bus_url).wake)
    chat = requested(Dialog(shop, "ada@example.com"))

    assert state_of(shop) == ("requested", "new")
    assert take_turn(shop.house, chat.last_heard).texts


def test_a_stopped_worker_has_ended_what_it_began(shop: Shop, queue: Queue) -> None:
    """
    The end of the block waits for the call that is under way.
    """
    requested(Dialog(shop, "ada@example.com"))
    gateway, begun = PlayedGateway(), threading.Event()
    gateway.during = begun.set
    with working(queue, Worker(house=shop.house, gateway=gateway)):
        assert begun.wait(PATIENCE)

    assert state_of(shop) == ("done", "done")


def test_a_wake_up_is_plain_json(queue: Queue) -> None:
    """
    Whoever may write to Redis cannot run code here by it, and it survives the way.
    """
    queue.wake()
    huey = queue.huey
    (waiting,) = huey.pending()
    data = huey.serialize_task(waiting)

    assert data.startswith(b'{"id": ')
    assert huey.deserialize_task(data).id == waiting.id
    with pytest.raises(ValueError):
        PlainWakeUps().deserialize(b"\x80\x04cos\nsystem\n.")


@pytest.mark.parametrize(
    ("ahead", "seconds"), [(0.0, 1), (-60.0, 1), (0.2, 1), (15.0, 15), (15.2, 16)]
)
def test_a_wake_up_never_comes_too_early(ahead: float, seconds: int) -> None:
    """
    One that did would find nothing due, and none would follow.
    """
    now = datetime(2026, 3, 20, 12, tzinfo=UTC)

    assert to_seconds(now + timedelta(seconds=ahead), now) == seconds


def test_the_inbox_is_filled_in_its_hours(shop: Shop, queue: Queue) -> None:
    """
    What fails there holds up nothing; it is tried again the next time.
    """
    begun: list[int] = []

    def collect() -> None:
        begun.append(shop.now.hour)
        raise OSError("no process can be started")

    watch = Watch(
        house=shop.house,
        postman=Postman(house=shop.house),
        collect=collect,
        collect_hours=frozenset({2}),
    )
    queue.collect()
    queue.employ(Worker(house=shop.house, gateway=PlayedGateway(), told=Heard()), watch)
    for hour in range(24):
        shop.now = datetime(2026, 3, 1, hour, 47, tzinfo=UTC)
        queue.collect()

    assert begun == [2]
