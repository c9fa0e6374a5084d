"""`makegood up`: from settings to a running house, step by step, until someone stops it."""

import asyncio
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from ruamel.yaml import YAML

from bot.obstacles import CannotStart
from bot.preflight import LOOPBACK, find_obstacle
from bot.settings import ROOT, Settings
from bot.supervision.processes import GRACE, Process
from bot.supervision.steps import Steps
from bot.supervision.stopping import Stop
from bot.supervision.supervisor import NeverReady, Supervisor
from bot.training import RasaProject

RASA = (str(ROOT / ".venv-rasa" / "bin" / "python"), "-m", "bot.engine")
RASA_ENVIRONMENT = {
    "RASA_TELEMETRY_ENABLED": "false",
    # One message is too little work for a second thread.
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
}
PREFIX = "MAKEGOOD_"
RASA_IS_TOLD = {"MAKEGOOD_ACTIONS_SECRET"}
# Compiled modules save Rasa 9 of 15 seconds at each start; a caller's module path is for
# another Python than ours.
UNWANTED = {"PYTHONDONTWRITEBYTECODE", "PYTHONPATH", "PYTHONHOME"}


def up(settings: Settings, steps: Steps, stop: Stop) -> None:
    """Start everything and stay until the stop; an `Obstacle` says why there is no house."""
    prepare(settings, steps)
    asyncio.run(_run(settings, steps, stop))


def prepare(settings: Settings, steps: Steps) -> None:
    """Whatever must be right before a process can run: files, ports, database, demo shop."""
    with steps.step("Look at disk, ports and files"):
        if obstacle := find_obstacle(settings):
            raise CannotStart(obstacle)

    # Imported late: a taken port should not wait for the database library.
    with steps.step("Bring the database up to date"):
        from bot.store.migrate import migrate

        migrate(settings.store_url)

    from bot.teaching.changing import is_half_done

    if is_half_done(settings.state_dir):
        with steps.step("Make the change of the project's files to its end"):
            recover_change(settings)

    with steps.step("Look after the demo shop"):
        from bot.intake.demo import load_demo

        load_demo(settings)


def recover_change(settings: Settings) -> None:
    """What a crash has left of a change of the project's files: made whole, or as it was before."""
    from bot.teaching.changing import recover
    from bot.wiring import build_house

    house = build_house(settings)
    try:
        recover(house, settings.project, settings.state_dir)
    finally:
        house.units.close()


def make_owner_link(settings: Settings) -> str:
    """The link by which somebody becomes the first owner; empty once there is anybody."""
    from bot.services.links import do_make_owner_link
    from bot.wiring import build_house

    house = build_house(settings)
    try:
        link = do_make_owner_link(house)
    finally:
        house.units.close()

    return link.address(settings.web_url) if link else ""


async def _run(settings: Settings, steps: Steps, stop: Stop) -> None:
    """The part with processes: train, start, watch."""
    task = asyncio.current_task()
    assert task
    stop.cancels(task)

    project = rasa_project(settings)
    with steps.step("Take the trained model" if project.model.exists() else "Train the Rasa model"):
        model = await project.train_if_changed()

    await watch(
        processes(settings, model),
        logs=settings.state_dir / "logs",
        steps=steps,
        welcome=welcome(settings, make_owner_link(settings)),
    )


async def watch(
    processes: Sequence[Process], *, logs: Path, steps: Steps, welcome: str, grace: float = GRACE
) -> None:
    """Start the processes, say the welcome when all work, and keep them alive until cancelled."""
    supervisor = Supervisor(processes, logs=logs, say=steps.say, grace=grace)
    try:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(supervisor.run())
            with steps.step("Start " + ", ".join(process.name for process in processes)):
                await supervisor.ready()
            steps.say(welcome)
    except* NeverReady as failed:
        raise _first(failed) from None


def rasa_project(settings: Settings) -> RasaProject:
    """The checkout that Rasa is trained from."""
    return RasaProject(
        folder=settings.project,
        logs=settings.state_dir / "logs",
        rasa=RASA,
        env=_rasa_environment(settings),
    )


def processes(settings: Settings, model: Path) -> tuple[Process, ...]:
    """The processes of the house, with the commands that docs/ARCHITECTURE.md explains."""
    endpoints = write_endpoints(settings)
    ours = _environment(settings)
    rasa = (
        *(*RASA, "run", "--model", str(_own_model(settings, model))),
        *("--endpoints", str(endpoints), "--credentials", str(ROOT / "credentials.yml")),
        *("-i", LOOPBACK, "-p", str(settings.rasa_port)),
    )

    def uncalled(name: str) -> Process:
        """A command of ours that works off what stands in the database."""
        command = (sys.executable, "-m", "bot.cli", name)

        return Process(name=name, command=command, env=ours, folder=ROOT, health_url=None)

    return (
        Process(
            name="rasa",
            command=rasa,
            env=_rasa_environment(settings),
            folder=ROOT,
            health_url=f"{settings.rasa_url}/webhooks/makegood/",
        ),
        Process(
            name="actions",
            command=(sys.executable, "-m", "actions"),
            env=ours,
            folder=ROOT,
            health_url=f"{settings.actions_url}/health",
        ),
        Process(
            name="web",
            command=(sys.executable, "-m", "bot.web"),
            env=ours,
            folder=ROOT,
            health_url=f"{settings.local_url}/health",
        ),
        uncalled("trainer"),
        *((uncalled("worker"),) if settings.worker == "separate" else ()),
    )


def write_endpoints(settings: Settings) -> Path:
    """The project's endpoints.yml with the address at which our action server listens."""
    yaml = YAML()
    endpoints = yaml.load(ROOT / "endpoints.yml")
    endpoints["action_endpoint"]["url"] = f"{settings.actions_url}/webhook"
    path = settings.state_dir / "run" / "endpoints.yml"
    path.parent.mkdir(parents=True, exist_ok=True)
    yaml.dump(endpoints, path)

    return path


def welcome(settings: Settings, owner_link: str = "") -> str:
    """Where to go now; while nobody works at the desk, by which link to begin."""
    url = settings.web_url
    first = ""
    if owner_link:
        first = f"""
Nobody works at the desk yet. Become its owner by this link, once, within 24 hours:

  {owner_link}
"""

    return f"""
Makegood is ready.

  Demo shop   {url}/demo
  Desk        {url}/desk
  Health      {url}/health
  Embed       <script type="module" src="{url}/widget.js" data-store="demo"></script>
{first}
Ctrl-C stops everything. Logs: {settings.state_dir / "logs"}
"""


def _own_model(settings: Settings, model: Path) -> Path:
    """
    A name of our own for the model in use.

    Training forgets old models, and Rasa may have to be started again after that.
    """
    folder = settings.state_dir / "run" / "model"
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    own = folder / model.name
    try:
        own.hardlink_to(model)
    except OSError:  # the state may live on another disk
        own.write_bytes(model.read_bytes())

    return own


def _environment(settings: Settings) -> Mapping[str, str]:
    """These very settings, wherever they came from; .env is not read a second time."""
    values = {**settings.model_dump(mode="json"), "state": settings.state_dir}

    return _inherited() | {f"{PREFIX}{name.upper()}": str(value) for name, value in values.items()}


def _rasa_environment(settings: Settings) -> Mapping[str, str]:
    """Rasa needs no setting but the place of its secret, and is told no other."""
    told = {
        name: value
        for name, value in _inherited().items()
        if name in RASA_IS_TOLD or not name.startswith(PREFIX)
    }

    return {**told, f"{PREFIX}STATE": str(settings.state_dir), **RASA_ENVIRONMENT}


def _inherited() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name not in UNWANTED}


def _first(group: BaseExceptionGroup[NeverReady]) -> NeverReady:
    error = group.exceptions[0]

    return _first(error) if isinstance(error, BaseExceptionGroup) else error


def environment_of(settings: Settings) -> Mapping[str, str]:
    """What a program of ours is told that runs beside the house now and then."""
    return _environment(settings)
