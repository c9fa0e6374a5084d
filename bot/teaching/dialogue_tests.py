"""The dialogue tests that there are: what they say, who failed them, and taking one away."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from bot.casework.agents import Agent, May
from bot.casework.changes import DROPPED_DIALOGUE, Change
from bot.casework.comparisons import StoredComparison
from bot.services.house import House
from bot.services.turn_queue import NotAcceptable
from bot.settings import Settings
from bot.teaching.changing import do_change
from bot.teaching.comparing import unpack, without_folders
from bot.workbench.comparison.dialogues import (
    FOLDER,
    BrokenDialogue,
    Dialogue,
    DialogueFailure,
    parse_dialogues,
    read_dialogue_file,
)
from bot.workbench.project.edits import Edited
from bot.workbench.project.files import Project, is_dialogue

LOOKED_AT: Final = 10
"""Comparisons in which a model that failed is looked for."""
RECORDED: Final = re.compile(r"-[0-9a-f]{10}\.yml$")
"""How bot/teaching/keeping.py ends the name of a file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedBy:
    """The model that failed a dialogue test last, as far back as one looks, and where."""

    model: str
    at: datetime
    lines: tuple[DialogueFailure, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DialogueTest:
    """
    A file of dialogue tests; `problem` says why it cannot be read, if it cannot.

    `recorded`: somebody kept it from a conversation; others came with the project.
    """

    path: str
    dialogues: tuple[Dialogue, ...]
    recorded: bool
    problem: str
    failed: FailedBy | None


def list_dialogue_tests(house: House, settings: Settings) -> tuple[DialogueTest, ...]:
    """All that there are, those that were recorded here first."""
    with house.units.reading() as unit:
        failed = _last_failed(unit.comparisons.recent(LOOKED_AT))
    found = [_read(settings, path, failed) for path in (settings.project / FOLDER).glob("*.yml")]

    return tuple(sorted(found, key=lambda one: (not one.recorded, one.path)))


def may_drop(agent: Agent, path: str) -> bool:
    """
    Whether that is a test that this agent may take away.

    What came with the project keeps bad models out like the gate does, so whoever takes it away
    has to be one who may go past the gate.
    """
    return bool(RECORDED.search(path)) or agent.may(May.OVERRIDE)


def do_drop_dialogue(
    house: House, settings: Settings, agent: Agent, path: str, reason: str, preview: bool = False
) -> Change:
    """Take a file of dialogue tests away, or show what that would be."""
    if not may_drop(agent, path):
        raise NotAcceptable(
            "not_recorded",
            "This test came with the project: only a lead or an owner may take it away.",
        )

    def drop(now: Project) -> Edited:
        text = now.texts.get(path)
        if text is None or not is_dialogue(path):
            raise NotAcceptable(
                "no_such_dialogue", "There is no such dialogue test, or not any more."
            )
        return Edited(now.with_text(path, None), DROPPED_DIALOGUE, _summary(path, text))

    return do_change(house, settings.project, settings.state_dir, agent, drop, reason, preview)


def _summary(path: str, text: str) -> str:
    try:
        titles = [one.title for one in parse_dialogues(path, text)]
    except BrokenDialogue:
        titles = [path]
    tests = "Dialogue test" if len(titles) == 1 else "Dialogue tests"

    return f"{tests} {', '.join(f'“{title}”' for title in titles)} removed."


def _read(settings: Settings, path: Path, failed: dict[str, FailedBy]) -> DialogueTest:
    dialogues: tuple[Dialogue, ...] = ()
    problem = ""
    try:
        dialogues = read_dialogue_file(path, settings.project)
    except BrokenDialogue as error:
        problem = without_folders(str(error), settings)
    name = path.relative_to(settings.project).as_posix()

    return DialogueTest(
        path=name,
        dialogues=dialogues,
        recorded=bool(RECORDED.search(name)),
        problem=problem,
        failed=failed.get(name),
    )


def _last_failed(newest_first: Iterable[StoredComparison]) -> dict[str, FailedBy]:
    """By file of dialogue tests."""
    failed: dict[str, FailedBy] = {}
    for stored in newest_first:
        result = unpack(stored)
        if result is None:
            continue
        for path in {one.file for one in result.failures} - failed.keys():
            failed[path] = FailedBy(
                model=stored.model,
                at=stored.ended_at or stored.at,
                lines=tuple(one for one in result.failures if one.file == path),
            )

    return failed
