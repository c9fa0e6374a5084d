"""What is worth a look in the examples before a training."""

import asyncio
import logging
import os
import sys
from typing import Annotated, Final

import msgspec
from litestar import get
from litestar.di import NamedDependency
from litestar.params import QueryParameter
from litestar.status_codes import HTTP_409_CONFLICT

from bot.casework.agents import May
from bot.desk_words import say_intent
from bot.project import rasa_project
from bot.settings import ROOT, Settings
from bot.supervision.processes import Program, running, tail
from bot.teaching.hinting import HintList, ReadingState, list_hints, note_failure
from bot.web.desk.desk import Desk
from bot.web.errors import WrongRequest, faults
from bot.workbench.hints import Grade, Hint, HintKind
from bot.workbench.nlu_files import BrokenNluFile

log = logging.getLogger(__name__)

Again = Annotated[bool, QueryParameter(description="Let the model try once more")]


class HintExample(msgspec.Struct):
    """An example that a hint is about; `note` says what about it."""

    text: str
    intent: str
    intent_text: str
    language: str
    note: str


class HintShown(msgspec.Struct):
    """
    One thing worth a look: what it is, and what helps.

    `intent` is where it is put right, empty if it is about all; `count` is how often it is so, and
    `examples` are some of those.
    """

    kind: HintKind
    grade: Grade
    text: str
    advice: str
    intent: str
    intent_text: str
    language: str
    count: int
    examples: list[HintExample]


class HintsReading(msgspec.Struct):
    """What the model has said of the examples; `done` of `total` new ones while it reads."""

    state: ReadingState
    model: str
    done: int
    total: int
    error: str


class HintsShown(msgspec.Struct):
    """All hints, the worst first, about so many examples."""

    hints: list[HintShown]
    examples: int
    reading: HintsReading


@get("/hints", opt={"may": May.TEACH}, responses=faults(401, 403, 409))
async def show_hints(desk: NamedDependency[Desk], again: Again = False) -> HintsShown:
    """
    What is worth a look in the project's examples.

    The trained model reads them beside this, once for each change; what it finds comes in later.
    `again` lets it try once more after it failed.
    """
    project = rasa_project(desk.settings)
    state = desk.settings.state_dir
    try:
        found = await asyncio.to_thread(list_hints, desk.house, project, state)
    except BrokenNluFile as error:
        raise WrongRequest(HTTP_409_CONFLICT, "broken_files", str(error)) from error
    wanted = found.reading.state
    if wanted is ReadingState.WANTED or (again and wanted is ReadingState.FAILED):
        start_reading(desk.settings)

    return to_shown(found)


HINTS: Final = (show_hints,)
READINGS: Final[set[asyncio.Task[None]]] = set()
"""The one that runs; the event loop itself would forget it."""


def start_reading(settings: Settings) -> None:
    """Let the model read the examples beside us, unless it does already."""
    if READINGS:
        return
    task = asyncio.get_running_loop().create_task(_read(settings))
    READINGS.add(task)
    task.add_done_callback(READINGS.discard)


async def _read(settings: Settings) -> None:
    written = settings.state_dir / "logs" / "hints.log"
    ours = {"MAKEGOOD_STATE": settings.state_dir, "MAKEGOOD_PROJECT": settings.project}
    program = Program(
        command=(sys.executable, "-m", "bot.cli", "hints"),
        env={**os.environ, **{name: str(path) for name, path in ours.items()}},
        folder=ROOT,
    )
    async with running(program, log=written) as child:
        code = await child.wait()
    if code:
        log.warning("reading the examples ended with code %s", code)
        why = (await asyncio.to_thread(tail, written, 1)).strip()
        await asyncio.to_thread(note_failure, rasa_project(settings), settings.state_dir, why)


def to_shown(found: HintList) -> HintsShown:
    """The hints as they are sent."""
    reading = found.reading

    return HintsShown(
        hints=[_to_hint(one) for one in found.hints],
        examples=found.examples,
        reading=HintsReading(
            state=reading.state,
            model=reading.model,
            done=reading.done,
            total=reading.total,
            error=reading.error,
        ),
    )


def _to_hint(hint: Hint) -> HintShown:
    return HintShown(
        kind=hint.kind,
        grade=hint.grade,
        text=hint.text,
        advice=hint.advice,
        intent=hint.intent,
        intent_text=say_intent(hint.intent) if hint.intent else "",
        language=hint.language,
        count=hint.count,
        examples=[
            HintExample(one.text, one.intent, say_intent(one.intent), one.language, one.note)
            for one in hint.mentions
        ],
    )
