"""`makegood up`: from settings to a running house, step by step, until someone stops it."""

import asyncio
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from ruamel.yaml import YAML

from bot.live_models import ProjectRasas
from bot.obstacles import CannotStart, Obstacle
from bot.preflight import LOOPBACK, find_obstacle
from bot.project import RASA, environment_of, rasa_environment, rasa_project
from bot.serving import (
    Serving,
    Swap,
    Wanted,
    read_serving,
    read_wanted,
    served_by_us,
)
from bot.settings import ROOT, Settings
from bot.supervision.keeping import NeverReady
from bot.supervision.processes import GRACE, Process
from bot.supervision.steps import Steps
from bot.supervision.stopping import Stop
from bot.supervision.supervisor import Kept, Supervisor
from bot.supervision.swapping import Live, Swapper


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

    with served_by_us(settings.state_dir):
        chosen = find_chosen(settings, steps.say)
        try:
            await _serve(settings, chosen or await _take_present(settings, steps), steps)
        except NeverReady as error:
            if chosen is None or not _gave_up(settings, chosen, error):
                raise
            steps.say(f"{error}\n{chosen.name} does not come up.")
            await _serve(settings, await _take_present(settings, steps), steps)


def find_chosen(settings: Settings, say: Callable[[str], None]) -> Live | None:
    """
    The model that somebody put live, as far as it can be served; None if nobody did.

    `say` is told in a line which one and why, or why not.
    """
    wanted, before = read_wanted(settings.state_dir), read_serving(settings.state_dir)
    if wanted is None:
        return None
    live = _take_chosen(settings, wanted.model, wanted.request, say)
    if live and before and _failed(wanted, before):
        say(f"{wanted.model} did not come up when it was wanted, and is not tried again by itself.")
        live = None
    if live is None and before and before.chosen and before.model != wanted.model:
        live = _take_chosen(settings, before.model, wanted.request, say)
    if live:
        say(f"{live.name} was put live and is served; `makegood models present` gives that up.")

    return live


def _take_chosen(
    settings: Settings, name: str, request: str, say: Callable[[str], None]
) -> Live | None:
    try:
        own = rasas(settings).take(name)
    except Obstacle as obstacle:
        say(f"{name} was put live, but cannot be served: {obstacle}")
        return None

    return Live(model=own, chosen=True, request=request)


def _failed(wanted: Wanted, before: Serving) -> bool:
    """Whether that wish was tried to its end, and another model is live."""
    tried = before.request == wanted.request and before.swap in (Swap.FAILED, Swap.STEADY)

    return tried and before.model != wanted.model


async def _take_present(settings: Settings, steps: Steps) -> Live:
    """The model of the project's files as they are, trained if there is none."""
    project = rasa_project(settings)
    present = project.model
    title = "Take the trained model"
    if not project.is_trained:
        title = "Train the Rasa model"
        if present.exists():
            title += " (the one that is there was not trained here)"
    with steps.step(title):
        model = await project.train_if_changed()
        own = await asyncio.to_thread(rasas(settings).take, model.name)
    wanted = read_wanted(settings.state_dir)

    return Live(model=own, request=wanted.request if wanted else "")


def swapper(settings: Settings, live: Live, say: Callable[[str], None]) -> Swapper:
    """Rasa with that model, until another is wanted."""
    return Swapper(
        live,
        rasas(settings),
        state=settings.state_dir,
        port=settings.rasa_port,
        logs=settings.state_dir / "logs",
        say=say,
        patience=settings.turn_deadline + GRACE,
    )


async def _serve(settings: Settings, live: Live, steps: Steps) -> None:
    await watch(
        other_processes(settings),
        logs=settings.state_dir / "logs",
        steps=steps,
        welcome=welcome(settings, make_owner_link(settings)),
        others=(swapper(settings, live, steps.say),),
    )


def _gave_up(settings: Settings, chosen: Live, error: NeverReady) -> bool:
    """Whether it was the chosen model that never came up."""
    serving = read_serving(settings.state_dir)
    never_up = error.process == Swapper.name and serving and serving.swap is Swap.STARTING

    return bool(never_up and serving and serving.model == chosen.name)


async def watch(
    processes: Sequence[Process],
    *,
    logs: Path,
    steps: Steps,
    welcome: str,
    grace: float = GRACE,
    others: Sequence[Kept] = (),
) -> None:
    """Start the processes, say the welcome when all work, and keep them alive until cancelled."""
    supervisor = Supervisor(processes, logs=logs, say=steps.say, grace=grace, others=others)
    try:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(supervisor.run())
            with steps.step("Start " + ", ".join(supervisor.names)):
                await supervisor.ready()
            steps.say(welcome)
    except* NeverReady as failed:
        raise _first(failed) from None


def rasas(settings: Settings) -> ProjectRasas:
    """How the project's models become processes."""
    return ProjectRasas(
        project=rasa_project(settings),
        own=settings.state_dir / "run" / "model",
        secret=settings.actions_secret,
        to_process=partial(rasa_process, settings),
    )


def processes(settings: Settings, model: Path) -> tuple[Process, ...]:
    """The processes of the house, with the commands that docs/ARCHITECTURE.md explains."""
    return (rasa_process(settings, model, settings.rasa_port), *other_processes(settings))


def rasa_process(settings: Settings, model: Path, port: int) -> Process:
    """Rasa with that model, on that port of this machine."""
    return Process(
        name="rasa",
        command=(
            *(*RASA, "run", "--model", str(model), "--endpoints", str(write_endpoints(settings))),
            *("--credentials", str(ROOT / "credentials.yml"), "-i", LOOPBACK, "-p", str(port)),
        ),
        env=rasa_environment(settings),
        folder=ROOT,
        health_url=f"http://{LOOPBACK}:{port}/webhooks/makegood/",
    )


def other_processes(settings: Settings) -> tuple[Process, ...]:
    """All but Rasa, whose process changes with the model."""
    ours = environment_of(settings)

    def uncalled(name: str) -> Process:
        """A command of ours that works off what stands in the database."""
        command = (sys.executable, "-m", "bot.cli", name)

        return Process(name=name, command=command, env=ours, folder=ROOT, health_url=None)

    return (
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


def _first(group: BaseExceptionGroup[NeverReady]) -> NeverReady:
    error = group.exceptions[0]

    return _first(error) if isinstance(error, BaseExceptionGroup) else error
