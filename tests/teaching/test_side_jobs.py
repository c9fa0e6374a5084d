"""What the trainer does when no training waits."""

import asyncio
import threading

import pytest

from bot.settings import Settings
from bot.teaching.comparing import do_want_comparison, next_comparison
from bot.teaching.side_jobs import SHADOW_EVERY, Stopped, compare_after_training, side_jobs
from tests.dialog import Shop
from tests.factories import the_rulebook
from tests.teaching.two_models import LIVE, NEW, Readers, a_workbench, serve


class TurnedClock:
    """Seconds that a test turns."""

    seconds = 0.0

    def now(self) -> float:
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        self.seconds += seconds


@pytest.fixture
def settings(tmp_path) -> Settings:
    settings = a_workbench(tmp_path)
    serve(settings, LIVE)

    return settings


@pytest.fixture
def one(tmp_path) -> Shop:
    """A shop in a file, which threads share."""
    return Shop(rules=the_rulebook(), url=f"sqlite:///{tmp_path}/shop.db")


def test_a_trained_model_is_compared(one, settings):
    compare_after_training(one.house, settings)(settings.project / "models" / NEW)
    compare, _ = side_jobs(one.house, settings, TurnedClock(), Readers())

    assert asyncio.run(compare()) is True
    with one.house.units.reading() as unit:
        assert unit.comparisons.finished(NEW, LIVE)
    assert asyncio.run(compare()) is False


def test_the_live_model_trained_anew_is_not(one, settings):
    compare_after_training(one.house, settings)(settings.project / "models" / LIVE)

    assert next_comparison(one.house) is None


def test_who_is_stopped_begins_anew(one, settings):
    """
    In the middle of reading: it has not failed, and waits again at the next start.
    """
    wanted = do_want_comparison(one.house, None, NEW, LIVE)
    goes_on = threading.Event()

    async def stop() -> None:
        loop, reads = asyncio.get_running_loop(), asyncio.Event()

        def slowly(*given):
            for line in Readers()(*given):
                loop.call_soon_threadsafe(reads.set)
                goes_on.wait()
                yield line

        compare, _ = side_jobs(one.house, settings, TurnedClock(), slowly)
        task = asyncio.create_task(compare())
        await reads.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        goes_on.set()

    asyncio.run(stop())
    assert next_comparison(one.house) is None
    side_jobs(one.house, settings, TurnedClock(), Readers())
    assert next_comparison(one.house) == wanted
    assert not issubclass(Stopped, Exception)


def test_a_candidate_looks_now_and_then(one, settings, monkeypatch: pytest.MonkeyPatch):
    looks = []
    monkeypatch.setattr(
        "bot.teaching.side_jobs.shadow_once", lambda *_: looks.append(clock.seconds) or 0
    )
    clock = TurnedClock()
    _, shadow = side_jobs(one.house, settings, clock, Readers())
    for _ in range(3):
        asyncio.run(shadow())
        clock.seconds += SHADOW_EVERY / 2

    assert looks == [0.0, SHADOW_EVERY]
