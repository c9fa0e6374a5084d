"""What was written into the project's files: looked at, taken back, committed."""

import asyncio
from collections.abc import Awaitable
from typing import Annotated, Final

import msgspec
from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter
from litestar.status_codes import HTTP_200_OK

from bot.casework.agents import Agent, May
from bot.casework.changes import Change
from bot.teaching.changing import Edit, commit, do_change, list_changes, read_change, undo
from bot.teaching.labels import write_labels
from bot.web.desk.change_shapes import Because, ChangeShown, Preview, to_change_shown
from bot.web.desk.conversation import check_id
from bot.web.desk.desk import Desk
from bot.web.errors import faults
from bot.workbench.project.git import is_checkout

MOST_PLACE: Final = 2**31 - 1
ONE: Final = "/changes/{change_id:str}"
WRITES: Final = faults(401, 403, 404, 409, 422)


class ChangeList(msgspec.Struct):
    """
    The newest first; `next` goes back as `after` for the following part.

    `checkout` says whether changes can be committed, `labelled` how many messages wait to be
    written.
    """

    changes: list[ChangeShown]
    next: int | None
    checkout: bool
    labelled: int


@get("/changes", opt={"may": May.TEACH}, responses=faults(401, 403))
async def show_changes(
    desk: NamedDependency[Desk],
    after: Annotated[int, QueryParameter(ge=0, le=MOST_PLACE)] = 0,
) -> ChangeList:
    """What was written into the project's files, twenty changes at a time."""
    page = await asyncio.to_thread(list_changes, desk.house, after)

    return ChangeList(
        changes=[to_change_shown(one) for one in page.changes],
        next=page.next,
        checkout=is_checkout(desk.settings.project),
        labelled=page.labelled,
    )


@get(ONE, opt={"may": May.TEACH}, responses=faults(401, 403, 404))
async def show_change(change_id: FromPath[str], desk: NamedDependency[Desk]) -> ChangeShown:
    """One change."""
    check_id(change_id)

    return to_change_shown(await asyncio.to_thread(read_change, desk.house, change_id))


@post(f"{ONE}/undo", opt={"may": May.TEACH}, status_code=HTTP_200_OK, responses=WRITES)
async def undo_change(
    change_id: FromPath[str],
    data: JSONBody[Because],
    agent: NamedDependency[Agent],
    desk: NamedDependency[Desk],
    preview: Preview = False,
) -> ChangeShown:
    """Take a change back; what has been written since stays."""
    check_id(change_id)
    settings = desk.settings
    made = await asyncio.to_thread(
        undo,
        desk.house,
        settings.project,
        settings.state_dir,
        agent,
        change_id,
        data.reason,
        preview,
    )

    return to_change_shown(made)


@post(f"{ONE}/commit", opt={"may": May.TEACH}, status_code=HTTP_200_OK, responses=WRITES)
async def commit_change(
    change_id: FromPath[str], agent: NamedDependency[Agent], desk: NamedDependency[Desk]
) -> ChangeShown:
    """Make a git commit of a change, in the name of whoever made it."""
    check_id(change_id)
    settings = desk.settings
    made = await asyncio.to_thread(
        commit, desk.house, settings.project, settings.state_dir, agent, change_id
    )

    return to_change_shown(made)


@post("/labels/write", opt={"may": May.TEACH}, status_code=HTTP_200_OK, responses=WRITES)
async def write_labelled(
    data: JSONBody[Because],
    agent: NamedDependency[Agent],
    desk: NamedDependency[Desk],
    preview: Preview = False,
) -> ChangeShown:
    """Write all labelled messages: most as examples, a fifth of the groups into the test set."""
    return await changed(desk, agent, write_labels(desk.house), data.reason, preview=preview)


CHANGES: Final = (show_changes, show_change, undo_change, commit_change, write_labelled)


def changed(
    desk: Desk, agent: Agent, edit: Edit, reason: str, *, preview: bool
) -> Awaitable[ChangeShown]:
    """What an edit has changed in the project's files, or would change."""
    settings = desk.settings

    def change() -> ChangeShown:
        made: Change = do_change(
            desk.house, settings.project, settings.state_dir, agent, edit, reason, preview
        )
        return to_change_shown(made)

    return asyncio.to_thread(change)
