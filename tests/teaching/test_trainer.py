"""The trainer, with a program in Rasa's place: one after the other, cancelled, failed, killed."""

import asyncio
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.casework.agents import Role
from bot.casework.trainings import TrainingState
from bot.model_seal import REGISTER
from bot.obstacles import Obstacle
from bot.services.training_queue import (
    INTERRUPTED,
    do_cancel_training,
    do_want_training,
    list_trainings,
    take_training,
)
from bot.teaching.trainer import LOGS_KEPT, NOTHING_NEW, POLL, READY, Trainer, log_of
from tests.factories import an_order
from tests.teaching.played_rasa import NLU, a_project, change

DONE, FAILED, CANCELLED = TrainingState.DONE, TrainingState.FAILED, TrainingState.CANCELLED
READING = "Reading what every example means"


@dataclass
class PlayedClock:
    """Time that passes with each sleep; `then` is asked at each, and may end the work."""

    then: Callable[[], object] = lambda: None
    passed: float = 0.0

    def now(self) -> float:
        return self.passed

    async def sleep(self, seconds: float) -> None:
        self.passed += seconds
        self.then()
        await asyncio.sleep(0.005)


@pytest.fixture
def desk(shop):
    """A shop with a trainer of models among its people."""
    one = shop(an_order())
    one.kim = one.hires("Kim Doe", Role.TRAINER)

    return one


@pytest.fixture
def trainer(desk, tmp_path):
    """Makes a trainer whose Rasa does what `config` says."""

    def make(config: str = "", **more) -> Trainer:
        clock = more.pop("clock", PlayedClock())
        return Trainer(
            house=desk.house, project=a_project(tmp_path, config=config), clock=clock, **more
        )

    return make


def want(desk) -> None:
    """Somebody presses Train, a second after whatever was before."""
    desk.now += timedelta(seconds=1)
    do_want_training(desk.house, desk.kim)


def work(trainer: Trainer) -> bool:
    return asyncio.run(asyncio.wait_for(trainer.work_once(), 30))


def models(trainer: Trainer) -> list[str]:
    found = trainer.project.models.iterdir()

    return [path.name for path in found if path.name != REGISTER]


def test_what_is_wanted_is_trained(desk, trainer):
    """
    The row says done, and names the model that is there; nothing else is left.
    """
    one = trainer()
    want(desk)

    assert work(one) is True
    (training,) = list_trainings(desk.house)
    assert (training.state, training.step, training.progress) == (DONE, READY, 1.0)
    assert (training.model, training.examples, training.error) == (one.project.model.name, 3, "")
    assert models(one) == [training.model]
    assert work(one) is False


def test_nothing_changed_nothing_trained(desk, trainer):
    """
    A model of the same inputs is found at once, and Rasa is not asked.
    """
    one = trainer()
    for _ in range(2):
        want(desk)
        work(one)
    second, first = list_trainings(desk.house)

    assert (second.state, second.step, second.model) == (DONE, NOTHING_NEW, first.model)
    assert not log_of(one.project.logs, second.id).exists()


def test_one_after_the_other(desk, trainer):
    """
    While one runs another may wait; nobody begins it.
    """
    want(desk)
    first = take_training(desk.house)
    second = do_want_training(desk.house, desk.kim)

    assert first is not None
    assert second.id != first.id
    assert do_want_training(desk.house, desk.hires("Lou Roe", Role.LEAD)).id == second.id
    assert work(trainer()) is False


def test_what_is_changed_meanwhile_is_not_mixed_in(desk, trainer, tmp_path):
    """
    The model is of the files as they were when it began, and has their name.
    """
    clock = PlayedClock()
    one = trainer("waits", clock=clock)
    expected = one.project.model.name

    def meanwhile() -> None:
        if list_trainings(desk.house)[0].step == READING:
            change(one.project, "data/nlu/a.yml", NLU.replace("hello", "good day"))
            (tmp_path / "gate").write_text("go on")
            clock.then = lambda: None

    clock.then = meanwhile
    want(desk)
    work(one)

    assert models(one) == [expected]
    assert (one.project.models / expected).read_text() == NLU
    assert one.project.model.name != expected


def test_progress_stands_in_the_row(desk, trainer, tmp_path):
    """
    A page that is opened in the middle sees the step and how far it has come.
    """
    clock, seen = PlayedClock(), []
    one = trainer("waits", clock=clock)

    def look() -> None:
        (training,) = list_trainings(desk.house)
        seen.append((training.state, training.step, training.progress))
        if training.step == READING and clock.then is look:
            clock.then = lambda: None
            (tmp_path / "gate").write_text("go on")

    clock.then = look
    want(desk)
    work(one)

    state, step, progress = seen[-1]
    assert (state, step) == (TrainingState.RUNNING, READING)
    assert 0 < progress < 1
    assert [share for *_, share in seen] == sorted(share for *_, share in seen)


def test_cancelled_in_the_middle(desk, trainer):
    """
    Rasa is ended, no half model is left, and the old one stays.
    """
    clock = PlayedClock()
    one = trainer("waits", clock=clock)
    old = one.project.models / "makegood-000000000000.tar.gz"
    old.parent.mkdir()
    old.write_text("the live model")

    def cancel() -> None:
        (training,) = list_trainings(desk.house)
        if training.step == READING:
            do_cancel_training(desk.house, training.id, desk.kim)

    clock.then = cancel
    want(desk)
    work(one)
    (training,) = list_trainings(desk.house)

    assert (training.state, training.step, training.error) == (CANCELLED, READING, "")
    assert models(one) == [old.name]


@pytest.mark.parametrize(
    ("config", "words"),
    [
        ("broken", "YamlException: data/nlu/a.yml is broken"),
        ("full", "The disk is full: free some space"),
        ("memory", "There was too little memory for the training"),
        ("killed", "The system has ended the training (signal 9, Killed), as it does when memory"),
    ],
)
def test_a_failure_is_told_in_words(desk, trainer, config: str, words: str):
    """
    Rasa's own where it has any, without the place of our copy; and the next one may be trained.
    """
    one = trainer(config)
    want(desk)
    work(one)
    (training,) = list_trainings(desk.house)

    assert (training.state, training.model) == (FAILED, "")
    assert words in training.error
    assert models(one) == []

    change(one.project, "config.yml", "# mended\n")
    want(desk)
    work(one)
    assert list_trainings(desk.house)[0].state is DONE


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("nlu: []\n", "no intent with examples"),
        ("nlu: [\n", "data/nlu/a.yml, line "),
        ("nlu:\n- intent: greet\n  examples: |\n    - hi\n", "one intent only (greet)"),
    ],
)
def test_what_cannot_be_trained_is_told_before(desk, trainer, text: str, words: str):
    """
    At once, and not after Rasa's start.
    """
    one = trainer()
    change(one.project, "data/nlu/a.yml", text)
    want(desk)
    work(one)
    (training,) = list_trainings(desk.house)

    assert (training.state, log_of(one.project.logs, training.id).exists()) == (FAILED, False)
    assert words in training.error
    assert ".draft" not in training.error


def test_whoever_checks_the_project_is_asked_first(desk, trainer):
    """
    What they find ends the training, in their words and without the place of our copy.
    """

    def check(folder: Path) -> None:
        raise Obstacle(f"{folder}/domain.yml names greet twice.")

    one = trainer(checks=[check])
    want(desk)
    work(one)

    assert list_trainings(desk.house)[0].error == "domain.yml names greet twice."
    assert not one.project.log.exists()


def test_a_full_disk_while_files_are_copied(desk, trainer, monkeypatch):
    """
    The disk may be full before Rasa has begun.
    """

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("shutil.copy2", full)
    want(desk)
    work(trainer())

    assert list_trainings(desk.house)[0].error.startswith("The disk is full")


def test_our_own_mistake_ends_no_trainer(desk, trainer, monkeypatch):
    """
    It is logged and told in one sentence, and the next training is worked off.
    """

    def broken(_):
        raise RuntimeError("the test breaks it")

    monkeypatch.setattr("bot.teaching.trainer.check_nlu", broken)
    one = trainer()
    want(desk)

    assert work(one) is True
    assert "our side" in list_trainings(desk.house)[0].error


def test_stopped_with_the_house(desk, trainer):
    """
    SIGTERM in the middle: it has failed, with words, and no draft is left.
    """
    clock = PlayedClock()
    one = trainer("waits", clock=clock)

    async def stopped() -> None:
        task = asyncio.create_task(one.run())

        def stop() -> None:
            if list_trainings(desk.house)[0].step == READING:
                task.cancel()

        clock.then = stop
        await asyncio.gather(task, return_exceptions=True)

    want(desk)
    asyncio.run(asyncio.wait_for(stopped(), 30))
    (training,) = list_trainings(desk.house)

    assert (training.state, training.error) == (FAILED, INTERRUPTED)
    assert models(one) == []


def test_what_is_trained_are_whole_changes(desk, trainer):
    """
    What a crash has left half done is made to its end before the files are copied.
    """
    one = trainer()
    meant: list[str] = []

    @contextmanager
    def still():
        change(one.project, "data/nlu/a.yml", f"{NLU}    - goodbye\n")
        meant.append(one.project.model.name)
        yield
        change(one.project, "data/nlu/a.yml", f"{NLU}    - later\n")

    want(desk)
    work(replace(one, still=still))
    (training,) = list_trainings(desk.house)

    assert ([training.model], training.examples) == (meant, 4)


def test_what_a_killed_trainer_left(desk, trainer):
    """
    At the next start it has failed; its draft goes, others' stay.
    """
    one = trainer()
    want(desk)
    left = take_training(desk.house)
    assert left is not None
    mine = one.project.models / f".draft-{left.id}" / "project"
    others = one.project.models / ".draft-others"
    for draft in (mine, others):
        draft.mkdir(parents=True)

    one.tidy()
    (training,) = list_trainings(desk.house)

    assert (training.state, training.error) == (FAILED, INTERRUPTED)
    assert models(one) == [others.name]


def test_what_was_to_be_cancelled_when_the_trainer_died(desk, trainer):
    """
    That is cancelled, and no failure.
    """
    want(desk)
    left = take_training(desk.house)
    assert left is not None
    do_cancel_training(desk.house, left.id, desk.kim)
    trainer().tidy()

    assert list_trainings(desk.house)[0].state is CANCELLED


def test_the_live_model_is_never_forgotten(desk, trainer):
    """
    However many are trained after it; ten stay.
    """
    live = "makegood-000000000000.tar.gz"
    one = trainer()
    one = replace(one, project=replace(one.project, find_used=lambda: frozenset({live})))
    (one.project.models).mkdir()
    (one.project.models / live).write_text("live")
    for number in range(12):
        change(one.project, "domain.yml", f"# {number}\n")
        want(desk)
        work(one)

    assert len(models(one)) == 10
    assert live in models(one)


def test_whoever_is_told_of_a_model_finds_it(desk, trainer):
    """
    Sealing and comparing come before the page says done.
    """
    told: list[tuple[str, bool, TrainingState]] = []

    def tell(model: Path) -> None:
        told.append((model.name, model.exists(), list_trainings(desk.house)[0].state))

    one = trainer(made=[tell])
    for _ in range(2):
        want(desk)
        work(one)

    assert told == [(one.project.model.name, True, TrainingState.RUNNING)]


def test_other_jobs_have_their_turn_when_nobody_trains(desk, trainer):
    """
    The first that finds something to do; then trainings come first again.
    """
    done: list[str] = []

    def job(name: str, times: int):
        async def work() -> bool:
            if done.count(name) == times:
                return False
            done.append(name)
            return True

        return work

    one = trainer(jobs=[job("comparison", 1), job("shadow", 1)])
    want(desk)

    assert [work(one) for _ in range(4)] == [True, True, True, False]
    assert done == ["comparison", "shadow"]


def test_with_nothing_to_do_it_waits(desk, trainer):
    """
    One look at the database, then a pause.
    """
    clock = PlayedClock()
    one = trainer(clock=clock)

    async def idle() -> None:
        task = asyncio.create_task(one.run())
        clock.then = lambda: clock.passed >= 3 * POLL and task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    asyncio.run(asyncio.wait_for(idle(), 30))
    assert clock.passed == 3 * POLL


def test_only_the_last_logs_are_kept(desk, trainer):
    """
    Each training has its own.
    """
    one = trainer()
    for number in range(LOGS_KEPT + 3):
        path = log_of(one.project.logs, f"t{number}")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("said")
    one.tidy()

    assert len(list((one.project.logs / "trainings").iterdir())) == LOGS_KEPT


def test_it_trains_while_others_go_first(desk, trainer):
    """
    With the lowest priority, which changes nothing of what comes of it.
    """
    one = trainer()
    one = replace(one, project=replace(one.project, priority="idle"))
    want(desk)
    work(one)

    assert list_trainings(desk.house)[0].state is DONE
