"""A file of messages into the training inbox, sent from the page and read in the background."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path, PurePath
from typing import Final
from uuid import uuid4

from litestar import get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.params import MultipartBody
from litestar.status_codes import HTTP_202_ACCEPTED

from bot.casework.agents import Agent, May
from bot.house_programs import import_program
from bot.teaching.importing import (
    Busy,
    Import,
    ImportState,
    alone,
    note_import,
    read_import,
)
from bot.web.desk.desk import Desk
from bot.web.desk.inbox_shapes import ImportShown, LatestImport, to_import_shown
from bot.web.desk.writing import MOST_JSON
from bot.web.errors import faults
from bot.web.incoming import FileRequest, clean, refuse
from bot.workbench.messages.files import MOST_BYTES, UnreadableMessages, load_messages

LONGEST_NAME: Final = 100
PIECE: Final = 1 << 20
STARTS_WITHIN: Final = timedelta(minutes=1)
"""So long the process may take to begin, before it counts as broken off."""
BROKEN_OFF: Final = "It was broken off. Send the file again: nothing comes in twice."


@post(
    "/inbox/import",
    opt={"may": May.TEACH},
    status_code=HTTP_202_ACCEPTED,
    request_max_body_size=MOST_BYTES + MOST_JSON,
    responses=faults(401, 403, 409, 413, 422),
)
async def send_messages(
    agent: NamedDependency[Agent], desk: NamedDependency[Desk], data: MultipartBody[FileRequest]
) -> ImportShown:
    """
    A text file with a message a line, or a CSV file, in the multipart field `file`.

    It is looked through at once and read in a process of its own, one file at a time.
    """
    if data.file is None:
        raise refuse("no_file", "Send the file in the field `file`.")
    with alone(desk.settings.state_dir, "sending") as only_us:
        if not only_us:
            raise Busy
        return await _begin(desk, agent, data.file)


@get("/inbox/import", opt={"may": May.TEACH}, responses=faults(401, 403))
async def show_import(desk: NamedDependency[Desk]) -> LatestImport:
    """How far the latest file has come."""
    found = await asyncio.to_thread(_latest, desk, desk.importing.is_running)

    return LatestImport(latest=to_import_shown(found) if found else None)


async def _begin(desk: Desk, agent: Agent, file: UploadFile) -> ImportShown:
    before = await asyncio.to_thread(_latest, desk, desk.importing.is_running)
    if before and before.state is ImportState.RUNNING:
        raise Busy
    name = clean(PurePath(file.filename).name)[:LONGEST_NAME] or "messages.txt"
    place = await _keep(file, desk.settings.state_dir / "imports", name)
    try:
        total = await asyncio.to_thread(_count, place, name)
        begun = Import(file=name, by=agent.first_name, at=desk.house.clock(), total=total)
        # Before it begins, because it writes down itself how far it has come.
        await asyncio.to_thread(note_import, desk.settings.state_dir, begun)
        if not desk.importing.start(import_program(desk.settings, place, name, agent.first_name)):
            raise Busy
    except BaseException:
        place.unlink(missing_ok=True)
        raise

    return to_import_shown(begun)


def _latest(desk: Desk, is_running: bool) -> Import | None:
    """The latest import; one that says it is running while nobody is at it was broken off."""
    state = desk.settings.state_dir
    found = read_import(state)
    if found is None or found.state is not ImportState.RUNNING or is_running:
        return found
    if desk.house.clock() - found.at < STARTS_WITHIN:
        return found
    with alone(state, "import") as nobody_is_at_it:
        if not nobody_is_at_it:
            return found

    return replace(found, state=ImportState.FAILED, error=BROKEN_OFF)


async def _keep(file: UploadFile, folder: Path, name: str) -> Path:
    """The file in a folder of ours, under a name of ours; its ending says what it is."""
    place = folder / f"{uuid4().hex}{'.csv' if is_table(name) else '.txt'}"
    await asyncio.to_thread(_make_room, folder)
    kept = await asyncio.to_thread(place.open, "wb")
    try:
        while piece := await file.read(PIECE):
            await asyncio.to_thread(kept.write, piece)
    finally:
        await asyncio.to_thread(kept.close)

    return place


def _make_room(folder: Path) -> None:
    """The folder without what was left in it by a process that was killed: buyers wrote that."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for left in folder.iterdir():
        left.unlink(missing_ok=True)


def is_table(name: str) -> bool:
    """Whether the file has columns; the delimiter is found by looking."""
    return PurePath(name).suffix.lower() in {".csv", ".tsv"}


def _count(place: Path, name: str) -> int:
    try:
        return len(load_messages(place))
    except UnreadableMessages as error:
        raise refuse("unreadable_file", str(error).replace(place.name, name)) from error


INBOX_IMPORT: Final = (send_messages, show_import)
