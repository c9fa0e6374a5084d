"""Dialogue tests over HTTP: kept from a conversation, looked at, taken away."""

import asyncio
from datetime import datetime
from typing import Annotated, Final

import msgspec
from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from litestar.status_codes import HTTP_200_OK

from bot.casework.agents import Agent, May
from bot.teaching.dialogue_tests import (
    DialogueTest,
    FailedBy,
    do_drop_dialogue,
    list_dialogue_tests,
    may_drop,
)
from bot.teaching.keeping import do_keep_dialogue
from bot.web.desk.change_shapes import ChangeShown, Preview, to_change_shown
from bot.web.desk.conversation import TALK, check_id
from bot.web.desk.desk import Desk
from bot.web.errors import faults

LONGEST_TITLE: Final = 1000
LONGEST_PATH: Final = 300
WRITES: Final = faults(401, 403, 404, 409, 422)


class DialogueWanted(msgspec.Struct):
    """What the dialogue test is called, and why it is kept."""

    title: str
    reason: str = ""


class DialogueLine(msgspec.Struct):
    """What the buyer typed, without personal data, and what it means."""

    text: str
    intent: str


class DialogueKept(msgspec.Struct):
    """
    The dialogue test that was written, or would be, and the change that did it.

    `corrected` lines are not understood yet: no model goes live until one understands them.
    """

    path: str
    lines: list[DialogueLine]
    corrected: int
    change: ChangeShown


class TestedLine(msgspec.Struct):
    """
    A line of a dialogue test: what is typed, what it means, the action that it reaches.

    `got` is what came of it instead, as the model that failed last read it; else it is empty.
    """

    text: str
    intent: str
    action: str
    got: str


class TestedDialogue(msgspec.Struct):
    """One conversation that every model has to understand."""

    title: str
    lines: list[TestedLine]


class FailedByShown(msgspec.Struct):
    """The model that failed a test last, and when it was compared."""

    model: str
    at: datetime


class DialogueTestShown(msgspec.Struct):
    """
    A file of dialogue tests.

    `recorded` says that somebody kept it from a conversation, `removable` that you may take it
    away; `problem` is empty unless it cannot be read, and `failed` null while no model failed it
    in the last comparisons.
    """

    path: str
    dialogues: list[TestedDialogue]
    recorded: bool
    removable: bool
    problem: str
    failed: FailedByShown | None


class DialogueTestList(msgspec.Struct):
    """All dialogue tests, those that were recorded here first."""

    tests: list[DialogueTestShown]


class DropWanted(msgspec.Struct):
    """Which file of dialogue tests is to go, and why."""

    path: Annotated[str, msgspec.Meta(max_length=LONGEST_PATH)]
    reason: str = ""


@post(f"{TALK}/dialogue-test", opt={"may": May.TEACH}, status_code=HTTP_200_OK, responses=WRITES)
async def keep_dialogue(
    conversation_id: FromPath[str],
    data: JSONBody[DialogueWanted],
    agent: NamedDependency[Agent],
    desk: NamedDependency[Desk],
    preview: Preview = False,
) -> DialogueKept:
    """Keep what the buyer typed as a dialogue test, without personal data."""
    check_id(conversation_id)
    kept = await asyncio.to_thread(
        do_keep_dialogue,
        desk.house,
        desk.settings,
        agent,
        conversation_id,
        data.title[:LONGEST_TITLE],
        data.reason,
        preview,
    )

    return DialogueKept(
        path=kept.path,
        lines=[DialogueLine(text, intent) for text, intent in kept.lines],
        corrected=kept.corrected,
        change=to_change_shown(kept.change),
    )


@get("/dialogue-tests", opt={"may": May.TEACH}, responses=faults(401, 403))
async def show_dialogue_tests(
    agent: NamedDependency[Agent], desk: NamedDependency[Desk]
) -> DialogueTestList:
    """What every model has to understand, and which one last did not."""
    found = await asyncio.to_thread(list_dialogue_tests, desk.house, desk.settings)

    return DialogueTestList(tests=[_to_test(one, agent) for one in found])


@post(
    "/dialogue-tests/remove",
    opt={"may": May.TEACH},
    status_code=HTTP_200_OK,
    responses=WRITES,
)
async def remove_dialogue_test(
    data: JSONBody[DropWanted],
    agent: NamedDependency[Agent],
    desk: NamedDependency[Desk],
    preview: Preview = False,
) -> ChangeShown:
    """Take a dialogue test away; the change can be undone."""
    change = await asyncio.to_thread(
        do_drop_dialogue, desk.house, desk.settings, agent, data.path, data.reason, preview
    )

    return to_change_shown(change)


DIALOGUE_TESTS: Final = (keep_dialogue, show_dialogue_tests, remove_dialogue_test)


def _to_test(test: DialogueTest, agent: Agent) -> DialogueTestShown:
    return DialogueTestShown(
        path=test.path,
        dialogues=[
            TestedDialogue(
                title=dialogue.title,
                lines=[
                    TestedLine(line.text, line.intent, line.action, _got(test.failed, line.text))
                    for line in dialogue.lines
                ],
            )
            for dialogue in test.dialogues
        ],
        recorded=test.recorded,
        removable=may_drop(agent, test.path),
        problem=test.problem,
        failed=FailedByShown(test.failed.model, test.failed.at) if test.failed else None,
    )


def _got(failed: FailedBy | None, text: str) -> str:
    """By its words: the file may have changed since."""
    return next((one.got for one in failed.lines if one.text == text), "") if failed else ""
