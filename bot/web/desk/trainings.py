"""Trainings over HTTP: asking for one, progress, log, cancelling; and the models there are."""

import asyncio
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Final

import msgspec
from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter
from litestar.status_codes import HTTP_200_OK

from bot.casework.agents import Agent, May
from bot.casework.trainings import Training, TrainingState
from bot.project import rasa_project
from bot.services.training_queue import do_cancel_training, do_want_training, list_trainings
from bot.services.turn_queue import NotAcceptable
from bot.serving import Serving, Swap, read_serving
from bot.teaching.comparing import find_gate
from bot.teaching.models import find_live, why_foreign
from bot.teaching.trainer import log_of
from bot.training import MODELS_KEPT, RasaProject, without_decoration
from bot.web.desk.conversation import check_id
from bot.web.desk.desk import Desk
from bot.web.errors import faults
from bot.workbench.comparison.gate import Gate

ONE: Final = "/trainings/{training_id:str}"
MOST_BYTES: Final = 64_000
"""Of a log at a time."""
MOST_PLACE: Final = 2**53


class TrainingShown(msgspec.Struct):
    """
    A training; `progress` from 0 to 1 is an estimate.

    `stopping` says that somebody has cancelled it and it has not ended yet; `examples` is null
    until it is known what it was trained on.
    """

    id: str
    at: datetime
    by: str
    state: TrainingState
    stopping: bool
    step: str
    progress: float
    model: str
    examples: int | None
    error: str
    started_at: datetime | None
    ended_at: datetime | None


class Inputs(msgspec.Struct):
    """
    What a training would learn now.

    `changed` says whether the files differ from those of the live model, null if it is not known
    which that is; `changes` how many changes people made since. `model` is the one that was
    trained from the files as they are, empty if there is none.
    """

    changed: bool | None
    changes: int
    model: str


class TrainingList(msgspec.Struct):
    """The last trainings, the newest first; `running` is the id of the one at work."""

    trainings: list[TrainingShown]
    running: str | None
    inputs: Inputs
    models: list[str]


class TrainingLog(msgspec.Struct):
    """A part of a log; `next` goes back as `after` for what follows, `over`: nothing will."""

    text: str
    next: int
    over: bool


class ModelGate(msgspec.Struct):
    """Whether a model may go live, and what stands against it."""

    ok: bool
    reasons: list[str]


class ModelShown(msgspec.Struct):
    """
    A model; `by` is empty for one that was trained from the command line.

    `earlier` says that it was live before, `gate` is null until it was compared with the live one.
    One that is not `sealed` cannot go live, because it was not trained here or was changed since;
    `foreign` says which.
    """

    name: str
    at: datetime
    by: str
    examples: int | None
    megabytes: float
    live: bool
    earlier: bool
    gate: ModelGate | None
    sealed: bool
    foreign: str


class SwapShown(msgspec.Struct):
    """How far the change to another model has come; `model` is the one that is wanted."""

    state: Swap
    model: str
    error: str


class ModelList(msgspec.Struct):
    """The models, the last used first; `live` and `swap` are null until the house is up."""

    live: str | None
    swap: SwapShown | None
    models: list[ModelShown]


@post("/trainings", opt={"may": May.TEACH}, status_code=HTTP_200_OK, responses=faults(401, 403))
async def want_training(
    agent: NamedDependency[Agent], desk: NamedDependency[Desk]
) -> TrainingShown:
    """Ask for a training; where one waits already, that is it."""
    return to_training(await asyncio.to_thread(do_want_training, desk.house, agent))


@post(
    f"{ONE}/cancel",
    opt={"may": May.TEACH},
    status_code=HTTP_200_OK,
    responses=faults(401, 403, 404, 409),
)
async def cancel_training(
    training_id: FromPath[str], agent: NamedDependency[Agent], desk: NamedDependency[Desk]
) -> TrainingShown:
    """End a training; one that runs ends in a moment."""
    check_id(training_id)

    return to_training(await asyncio.to_thread(do_cancel_training, desk.house, training_id, agent))


@get("/trainings", opt={"may": May.TEACH}, responses=faults(401, 403, 409))
async def show_trainings(desk: NamedDependency[Desk]) -> TrainingList:
    """What was trained, what is being trained, and what there is to learn."""

    def read() -> TrainingList:
        project, serving = rasa_project(desk.settings), read_serving(desk.settings.state_dir)
        found = list_trainings(desk.house)
        running = [one.id for one in found if one.state is TrainingState.RUNNING]

        return TrainingList(
            trainings=[to_training(one) for one in found],
            running=running[0] if running else None,
            inputs=_inputs(desk, project, serving),
            models=[path.name for path in project.trained()[:MODELS_KEPT]],
        )

    return await asyncio.to_thread(read)


@get(f"{ONE}/log", opt={"may": May.TEACH}, responses=faults(401, 403, 404))
async def show_log(
    training_id: FromPath[str],
    desk: NamedDependency[Desk],
    after: Annotated[int, QueryParameter(ge=0, le=MOST_PLACE)] = 0,
) -> TrainingLog:
    """What Rasa said, from that place on, as far as it is a whole line."""
    check_id(training_id)

    def read() -> TrainingLog:
        with desk.house.units.reading() as unit:
            over = unit.trainings.get(training_id).state.is_over
        text, place = _read_lines(log_of(desk.settings.state_dir / "logs", training_id), after)

        return TrainingLog(text=_tidied(text), next=place, over=over and place == after)

    return await asyncio.to_thread(read)


@get("/models", opt={"may": May.TEACH}, responses=faults(401, 403))
async def show_models(desk: NamedDependency[Desk]) -> ModelList:
    """The models that there are, which one is live, and which cannot be."""

    def read() -> ModelList:
        serving = read_serving(desk.settings.state_dir)
        project = rasa_project(desk.settings)
        paths = project.trained()[:MODELS_KEPT]
        foreign = {path.name: why_foreign(project.seals, path) for path in paths}
        with desk.house.units.reading() as unit:
            names = [path.name for path in paths]
            of_models, lived = unit.trainings.of_models(names), unit.trainings.were_live(names)
            live = find_live(unit, desk.settings) if names else ""
            gates = {
                name: find_gate(unit, desk.settings, name, live)
                for name in names
                if not foreign[name]
            }
        # Of several that gave the same model the first has made it.
        made = {one.model: one for one in reversed(of_models)}

        return ModelList(
            live=serving.model if serving else None,
            swap=SwapShown(serving.swap, serving.wanted, serving.error) if serving else None,
            models=[
                to_model(
                    path,
                    made.get(path.name),
                    live=serving is not None and serving.model == path.name,
                    earlier=path.name in lived,
                    gate=gates.get(path.name),
                    foreign=foreign[path.name],
                )
                for path in paths
            ],
        )

    return await asyncio.to_thread(read)


TRAININGS: Final = (want_training, cancel_training, show_trainings, show_log, show_models)


def to_training(training: Training) -> TrainingShown:
    """A training as it is sent."""
    return TrainingShown(
        id=training.id,
        at=training.at,
        by=training.by,
        state=training.state,
        stopping=training.stop and not training.state.is_over,
        step=training.step,
        progress=training.progress,
        model=training.model,
        examples=training.examples,
        error=training.error,
        started_at=training.started_at,
        ended_at=training.ended_at,
    )


def to_model(
    path: Path,
    training: Training | None,
    *,
    live: bool,
    earlier: bool,
    gate: Gate | None = None,
    foreign: str = "",
) -> ModelShown:
    """A model as it is sent; `training` is the one that made it, if the desk knows."""
    file = path.stat()
    made_at = training.ended_at if training else None

    return ModelShown(
        name=path.name,
        at=made_at or datetime.fromtimestamp(file.st_mtime, UTC),
        by=training.by if training else "",
        examples=training.examples if training else None,
        megabytes=file.st_size / 1e6,
        live=live,
        earlier=earlier and not live,
        gate=ModelGate(gate.ok, [one.text for one in gate.reasons]) if gate else None,
        sealed=not foreign,
        foreign=foreign,
    )


def _inputs(desk: Desk, project: RasaProject, serving: Serving | None) -> Inputs:
    try:
        model = project.model
    except OSError as error:
        raise NotAcceptable(
            "no_project", f"The project’s files cannot be read: {error.strerror}."
        ) from error
    is_trained = model.exists() and not why_foreign(project.seals, model)
    trained = model.name if is_trained else ""
    if serving is None:
        return Inputs(changed=None, changes=0, model=trained)
    changes = 0
    with desk.house.units.reading() as unit:
        made = unit.trainings.of_models([serving.model])
        if made and made[0].started_at:
            changes = unit.trainings.changes_since(made[0].started_at)
        elif (live := project.models / serving.model).exists():
            changes = unit.trainings.changes_since(
                datetime.fromtimestamp(live.stat().st_mtime, UTC)
            )

    return Inputs(changed=model.name != serving.model, changes=changes, model=trained)


def _read_lines(file: Path, start: int) -> tuple[str, int]:
    """Whole lines from that place on, and the place behind them."""
    try:
        with file.open("rb") as opened:
            opened.seek(start)
            found = opened.read(MOST_BYTES)
    except FileNotFoundError:
        return "", start
    # A progress bar goes on in its line for ever: such a piece may be cut anywhere.
    whole = found if len(found) == MOST_BYTES else found[: found.rfind(b"\n") + 1]

    return whole.decode("utf-8", "replace"), start + len(whole)


def _tidied(text: str) -> str:
    """What a person wants to read of it."""
    return re.sub(r"\n\s*\n+", "\n", without_decoration(text))
