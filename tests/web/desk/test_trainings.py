"""Trainings and models over HTTP, and their page."""

import asyncio
import json
import os
import shutil
import tarfile
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.casework.agents import Role
from bot.casework.trainings import Result, TrainingState
from bot.project import rasa_project
from bot.services.training_queue import do_end_training, note_progress, take_training
from bot.store.database import writing
from bot.store.tables import changes, promotions
from bot.teaching.trainer import log_of
from bot.training import RasaProject
from tests.dialog import Shop
from tests.teaching.played_rasa import a_project
from tests.web.desk.conftest import SignIn
from tests.web.front import Front, open_front

pytestmark = pytest.mark.anyio

STEADY = {"url": "http://127.0.0.1:5005", "swap": "steady", "error": ""}


@pytest.fixture
def project(tmp_path: Path) -> RasaProject:
    """What the workbench trains."""
    return a_project(tmp_path)


@pytest.fixture
async def front(demo_shop: Shop, project: RasaProject, tmp_path: Path) -> AsyncIterator[Front]:
    """The web process over a shop with that project."""
    async with open_front(demo_shop, tmp_path, project=project.folder) as running:
        yield running


def put_model(project: RasaProject, name: str, *, hours_ago: int = 1, sealed: bool = True) -> Path:
    """A model among those of the project."""
    project.models.mkdir(exist_ok=True)
    path = project.models / name
    path.write_bytes(b"x" * 2_000_000)
    if sealed:
        project.seals.add(path, inputs="", engine="")
    at = (datetime.now(UTC) - timedelta(hours=hours_ago)).timestamp()
    os.utime(path, (at, at))

    return path


def serve(state: Path, model: str, **more: str) -> None:
    """The supervisor writes down what answers buyers."""
    said = {"model": model, "wanted": model, "since": "2026-11-26T10:00:00+00:00", **STEADY, **more}
    (state / "run").mkdir(exist_ok=True)
    (state / "run" / "serving.json").write_text(json.dumps(said))


async def test_from_the_wish_to_the_model(front: Front, colleague: SignIn, project: RasaProject):
    """
    Queued, running with its step, done; a reload in the middle shows the same.
    """
    house = front.shop.house
    kim = await colleague(Role.TRAINER, name="Kim Doe")
    wanted = (await kim.post("trainings")).json()
    assert (wanted["state"], wanted["by"], wanted["examples"]) == ("queued", "Kim Doe", None)
    assert (await kim.post("trainings")).json()["id"] == wanted["id"]

    await asyncio.to_thread(take_training, house)
    await asyncio.to_thread(note_progress, house, wanted["id"], "Reading", 0.25)
    for _ in range(2):
        listed = (await kim.get("trainings")).json()
        assert listed["running"] == wanted["id"]
        (running,) = listed["trainings"]
        assert (running["state"], running["step"], running["progress"]) == (
            "running",
            "Reading",
            0.25,
        )

    model = put_model(project, project.model.name).name
    done = Result(state=TrainingState.DONE, step="Ready", model=model, examples=3)
    await asyncio.to_thread(do_end_training, house, wanted["id"], done)
    listed = (await kim.get("trainings")).json()
    assert (listed["running"], listed["models"], listed["inputs"]["model"]) == (
        None,
        [model],
        model,
    )
    (shown,) = (await kim.get("models")).json()["models"]
    assert (shown["name"], shown["by"], shown["examples"]) == (model, "Kim Doe", 3)
    assert (shown["megabytes"], shown["live"], shown["gate"]) == (2.0, False, None)


async def test_cancelling(front: Front, colleague: SignIn):
    """
    One that runs says that it is being cancelled; one that is over cannot be.
    """
    house, kim = front.shop.house, await colleague(Role.TRAINER)
    wanted = (await kim.post("trainings")).json()
    await asyncio.to_thread(take_training, house)
    told = (await kim.post(f"trainings/{wanted['id']}/cancel")).json()
    assert (told["state"], told["stopping"]) == ("running", True)

    failed = Result(state=TrainingState.FAILED, error="The disk is full.")
    await asyncio.to_thread(do_end_training, house, wanted["id"], failed)
    late = await kim.post(f"trainings/{wanted['id']}/cancel")
    assert (late.status_code, late.json()["code"]) == (409, "training_over")
    (shown,) = (await kim.get("trainings")).json()["trainings"]
    assert (shown["state"], shown["error"], shown["stopping"]) == (
        "failed",
        "The disk is full.",
        False,
    )
    assert (await kim.post("trainings/nowhere/cancel")).status_code == 404


async def test_what_there_is_to_learn(
    front: Front, colleague: SignIn, project: RasaProject, tmp_path: Path
):
    """
    Nothing is known before the supervisor's word; then what was changed since the live model.
    """
    kim = await colleague(Role.TRAINER)
    assert (await kim.get("trainings")).json()["inputs"] == {
        "changed": None, "changes": 0, "model": "",
    }  # fmt: skip
    assert (await kim.get("models")).json() == {"live": None, "swap": None, "models": []}

    live = put_model(project, project.model.name).name
    serve(tmp_path, live)
    inputs = (await kim.get("trainings")).json()["inputs"]
    assert inputs == {"changed": False, "changes": 0, "model": live}

    (project.folder / "domain.yml").write_text("# another\n")
    with writing(front.shop.engine) as db:
        for number, hours in enumerate((0, 0, 5)):
            db.execute(sa.insert(changes).values(a_change(kim.agent.id, number, hours)))
        db.execute(sa.insert(changes).values(a_change(kim.agent.id, 3, 0, undone_by="change-0")))
    inputs = (await kim.get("trainings")).json()["inputs"]
    assert inputs == {"changed": True, "changes": 2, "model": ""}


def a_change(agent_id: str, number: int, hours_ago: int, **more: object) -> dict[str, object]:
    """A change of the project's files."""
    return {
        "id": f"change-{number}", "created_at": datetime.now(UTC) - timedelta(hours=hours_ago),
        "agent_id": agent_id, "kind": "examples", "summary": "", "reason": "", "files": b"",
        "git_commit": "", **more,
    }  # fmt: skip


async def test_the_models_that_there_are(
    front: Front, colleague: SignIn, project: RasaProject, tmp_path: Path
):
    """
    The last used first, with the live one and those that were live before.
    """
    kim = await colleague(Role.TRAINER)
    names = [f"makegood-{number:012}.tar.gz" for number in range(3)]
    for number, name in enumerate(names):
        put_model(project, name, hours_ago=number)
    put_model(project, "foreign.tar.gz")
    serve(tmp_path, names[1], swap="warming", wanted=names[0])
    with writing(front.shop.engine) as db:
        db.execute(
            sa.insert(promotions).values(
                id="p", created_at=datetime.now(UTC), agent_id=kim.agent.id, model=names[1],
                before=names[2], kind="promote", override="", refused=[],
            )
        )  # fmt: skip
    listed = (await kim.get("models")).json()

    assert [(one["name"], one["live"], one["earlier"]) for one in listed["models"]] == [
        (names[0], False, False),
        (names[1], True, False),
        (names[2], False, True),
    ]
    assert (listed["live"], listed["models"][0]["by"]) == (names[1], "")
    assert listed["swap"] == {"state": "warming", "model": names[0], "error": ""}


async def test_models_that_cannot_go_live(front: Front, colleague: SignIn, project: RasaProject):
    """
    Copied in, or changed since: they say which, and nothing of a gate; a look anew sees what is.
    """
    kim = await colleague(Role.TRAINER)
    names = [f"makegood-{number:012}.tar.gz" for number in range(3)]
    own, changed = (put_model(project, name) for name in names[:2])
    copied = put_model(project, names[2], sealed=False)

    async def listed() -> dict[str, tuple[bool, str]]:
        models = (await kim.get("models")).json()["models"]
        assert [one["gate"] for one in models] == [None] * 3
        return {one["name"]: (one["sealed"], one["foreign"]) for one in models}

    assert (await listed())[changed.name] == (True, "")
    with tarfile.open(changed, "w:gz"), tarfile.open(copied, "w:gz"):
        pass
    assert await listed() == {
        own.name: (True, ""),
        changed.name: (
            False,
            f"{changed.name} was changed since it was trained here. Train it again.",
        ),
        copied.name: (
            False,
            f"{copied.name} was not trained here. Only models of this installation are served.",
        ),
    }
    refused = await kim.post(f"models/{copied.name}/promote", {})
    assert (refused.status_code, refused.json()["code"]) == (422, "foreign_model")
    page = await kim.opens(f"/desk/models/{copied.name}")
    assert page.status_code == 409
    assert "was not trained here" in page.text

    project.seals.forget(own.name)
    assert (await listed())[own.name][0] is False


async def test_what_somebody_copied_in_is_not_trained_already(
    front: Front, colleague: SignIn, project: RasaProject
):
    kim = await colleague(Role.TRAINER)
    put_model(project, project.model.name, sealed=False)

    assert (await kim.get("trainings")).json()["inputs"]["model"] == ""


async def test_the_log_goes_on_where_it_ended(front: Front, colleague: SignIn, tmp_path: Path):
    """
    Whole lines, without colours and what progress bars drew over.
    """
    house, kim = front.shop.house, await colleague(Role.TRAINER)
    one = (await kim.post("trainings")).json()["id"]
    log = log_of(tmp_path / "logs", one)
    address = f"trainings/{one}/log"
    assert (await kim.get(address)).json() == {"text": "", "next": 0, "over": False}

    log.parent.mkdir(parents=True)
    log.write_text("\x1b[92mfirst\x1b[0m\n\n\nEpochs: 1%\rEpochs: 2%\nhal")
    first = (await kim.get(address)).json()
    assert first["text"] == "first\nEpochs: 2%\n"
    with log.open("a") as file:
        file.write("f\n")
    second = (await kim.get(address, params={"after": first["next"]})).json()
    assert (second["text"], second["over"]) == ("half\n", False)

    await asyncio.to_thread(take_training, house)
    await asyncio.to_thread(do_end_training, house, one, Result(state=TrainingState.DONE))
    assert (await kim.get(address, params={"after": second["next"]})).json()["over"] is True
    assert (await kim.get("trainings/nowhere/log")).status_code == 404
    assert (await kim.get("trainings/..%2F..%2Fx/log")).status_code == 404


async def test_a_project_without_files(front: Front, colleague: SignIn, project: RasaProject):
    """
    A folder that somebody has emptied: the page says what is wrong and stays.
    """
    kim = await colleague(Role.TRAINER)
    shutil.rmtree(project.folder / "data")

    assert (await kim.get("models")).status_code == 200
    answer = await kim.get("trainings")
    assert (answer.status_code, answer.json()["code"]) == (409, "no_project")


def test_the_project_of_the_settings_is_meant(tmp_path: Path):
    """
    The folder that the workbench writes is the one that is trained.
    """
    from bot.settings import Settings

    settings = Settings(_env_file=None, state=tmp_path, project=tmp_path / "project")

    assert rasa_project(settings).folder == tmp_path / "project"
