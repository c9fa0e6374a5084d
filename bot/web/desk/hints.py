"""What is worth a look in the examples before a training."""

import asyncio
import logging
import os
import sys
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Final

import msgspec
from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody, QueryParameter
from litestar.status_codes import HTTP_204_NO_CONTENT, HTTP_409_CONFLICT

from bot.casework.agents import Agent, May
from bot.casework.hints_aside import HintAside
from bot.desk_words import say_intent
from bot.project import rasa_project
from bot.settings import ROOT, Settings
from bot.supervision.processes import Program, running, tail
from bot.teaching.hinting import HintList, ReadingState, list_hints, note_failure
from bot.teaching.hints_aside import do_put_aside, do_show_again, read_aside, to_key
from bot.web.desk.desk import Desk
from bot.web.errors import WrongRequest, faults
from bot.workbench.hints import Grade, Hint, HintKind
from bot.workbench.nlu_files import BrokenNluFile

log = logging.getLogger(__name__)

WRITES: Final = faults(401, 403, 409, 422)
Again = Annotated[bool, QueryParameter(description="Let the model try once more")]


class HintExample(msgspec.Struct):
    """An example that a hint is about; `note` says what about it."""

    text: str
    intent: str
    intent_text: str
    language: str
    note: str


class AsideShown(msgspec.Struct):
    """Who put a hint aside, when and why."""

    by: str
    at: datetime
    reason: str


class AsideGiven(msgspec.Struct):
    """The hint by its key, and why it is put aside."""

    key: Annotated[str, msgspec.Meta(max_length=64)]
    reason: Annotated[str, msgspec.Meta(max_length=2000)]


class AgainGiven(msgspec.Struct):
    """A hint that was put aside, by its key."""

    key: Annotated[str, msgspec.Meta(max_length=64)]


class HintShown(msgspec.Struct):
    """
    One thing worth a look: what it is, and what helps.

    `intent` is where it is put right, empty if it is about all; `count` is how often it is so, and
    `examples` are some of those. `key` changes with these; `aside` is null unless it is put aside.
    """

    key: str
    aside: AsideShown | None
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
    found = await asyncio.to_thread(_list, desk)
    wanted = found.reading.state
    if wanted is ReadingState.WANTED or (again and wanted is ReadingState.FAILED):
        start_reading(desk.settings)

    return to_shown(found, await asyncio.to_thread(read_aside, desk.house))


@post("/hints/aside", opt={"may": May.TEACH}, status_code=HTTP_204_NO_CONTENT, responses=WRITES)
async def put_aside(
    data: JSONBody[AsideGiven], agent: NamedDependency[Agent], desk: NamedDependency[Desk]
) -> None:
    """Put a hint aside, for everybody, until it is about other examples."""

    def put() -> None:
        do_put_aside(desk.house, _list(desk), agent, data.key, data.reason)

    await asyncio.to_thread(put)


@post("/hints/again", opt={"may": May.TEACH}, status_code=HTTP_204_NO_CONTENT, responses=WRITES)
async def show_again(
    data: JSONBody[AgainGiven], agent: NamedDependency[Agent], desk: NamedDependency[Desk]
) -> None:
    """Show a hint again that was put aside."""
    await asyncio.to_thread(do_show_again, desk.house, agent, data.key)


HINTS: Final = (show_hints, put_aside, show_again)
READINGS: Final[set[asyncio.Task[None]]] = set()
"""The one that runs; the event loop itself would forget it."""


def _list(desk: Desk) -> HintList:
    try:
        return list_hints(desk.house, rasa_project(desk.settings), desk.settings.state_dir)
    except BrokenNluFile as error:
        raise WrongRequest(HTTP_409_CONFLICT, "broken_files", str(error)) from error


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


def to_shown(found: HintList, aside: Mapping[str, HintAside]) -> HintsShown:
    """The hints as they are sent."""
    reading = found.reading

    return HintsShown(
        hints=[_to_hint(one, aside) for one in found.hints],
        examples=found.examples,
        reading=HintsReading(
            state=reading.state,
            model=reading.model,
            done=reading.done,
            total=reading.total,
            error=reading.error,
        ),
    )


def _to_hint(hint: Hint, aside: Mapping[str, HintAside]) -> HintShown:
    key = to_key(hint)
    put = aside.get(key)

    return HintShown(
        key=key,
        aside=AsideShown(put.by, put.at, put.reason) if put else None,
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
