"""
Changes of the project's files: looked at, made, taken back, committed.

A change is made under a lock that holds for all processes, of files as they are at that moment. It
is in a journal before it is in the files, and in the files before it is in the table of changes;
whoever comes next makes to the end what a crash has left.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from bot.casework.agents import Agent, May
from bot.casework.audit import Deed
from bot.casework.changes import Change, ChangedFile
from bot.casework.inbox import InboxMove, InboxState
from bot.casework.inbox_changes import Renaming
from bot.casework.ports.units import UnitOfWork
from bot.services.collisions import retried
from bot.services.house import House
from bot.services.turn_queue import NotAcceptable
from bot.serving import pin
from bot.workbench.project.check import check_project
from bot.workbench.project.edits import Edited
from bot.workbench.project.example_lines import shorten
from bot.workbench.project.files import (
    FileChange,
    Project,
    changes_between,
    is_dialogue,
    read_project,
)
from bot.workbench.project.git import commit_files
from bot.workbench.project.intent_words import read_words
from bot.workbench.project.journal import (
    ChangedMeanwhile,
    forget,
    has_journal,
    locked,
    recover_files,
    write_files,
)
from bot.workbench.project.three_way import Conflict, diff, merge
from bot.workbench.project.wrong_edit import WrongEdit

LONGEST_REASON: Final = 1000
MOST_TRIES: Final = 3
"""So often a change is made anew because somebody writes the same files by hand."""
PAGE: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """
    An edit's result, with what becomes of groups of the inbox and of an earlier change.

    With `renaming` what people said goes to another name with the intent.
    """

    edited: Edited
    inbox: tuple[InboxMove, ...] = ()
    renaming: Renaming | None = None
    undoes: str = ""


Edit = Callable[[Project], Edited | Step]
"""From the project as it is to the one that is wanted; WrongEdit or NotAcceptable if it cannot."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangePage:
    """A part of the list, and how many labelled messages wait; `next` is where to go on."""

    changes: tuple[Change, ...]
    next: int | None
    labelled: int


def do_change(
    house: House,
    project: Path,
    state: Path,
    agent: Agent,
    edit: Edit,
    reason: str,
    preview: bool = False,
) -> Change:
    """The change, made; with `preview` it is only what it would be."""
    reason = _checked_reason(reason, preview)
    try:
        if preview:
            step = _to_step(edit(before := read_project(project)))
            _check_protection(agent, before, step.edited.project)
            return _to_change(house, agent, step, changes_between(before, step.edited.project), "")
        with locked(state):
            _recover(house, project, state)
            return _change(house, project, state, agent, edit, reason)
    except WrongEdit as error:
        raise NotAcceptable(error.code, str(error)) from error


def undo(
    house: House,
    project: Path,
    state: Path,
    agent: Agent,
    change_id: str,
    reason: str,
    preview: bool = False,
) -> Change:
    """A change that takes another one back, and leaves alone what has been written since."""

    def take_back(now: Project) -> Step:
        with house.units.reading() as unit:
            change = unit.changes.get(change_id)
        if change.undone_by:
            raise NotAcceptable("undone_already", "This change is taken back already.")
        after = _without(now, change)
        if after.texts == now.texts:
            raise NotAcceptable("nothing_to_change", "Nothing of this change is left in the files.")
        check_project(after)
        with house.units.reading() as unit:
            inbox = unit.inbox_changes.as_now([move.back for move in change.inbox])

        return Step(
            edited=Edited(after, "undo", f"Taken back: {change.summary}"),
            inbox=inbox,
            renaming=_renamed_back(change, after),
            undoes=change.id,
        )

    return do_change(house, project, state, agent, take_back, reason, preview)


def commit(house: House, project: Path, state: Path, agent: Agent, change_id: str) -> Change:
    """The change as a git commit of its own, in the name of whoever made it."""
    with locked(state):
        with house.units.reading() as unit:
            change = unit.changes.get(change_id)
        if change.commit:
            raise NotAcceptable("committed_already", "This change is committed already.")
        files = [FileChange(file.path, file.before, file.after) for file in change.files]
        try:
            made = commit_files(
                project,
                files,
                name=change.agent.name,
                email=change.agent.email,
                message=f"{change.summary.removesuffix('.')}\n\n{change.reason}\n",
            )
        except WrongEdit as error:
            raise NotAcceptable(error.code, str(error)) from error

        def write_down() -> Change:
            with house.units() as unit:
                unit.changes.set_commit(change_id, made)
                deed = Deed(
                    agent=agent,
                    action="change.commit",
                    subject="change",
                    subject_id=change_id,
                    after={"commit": made},
                )
                unit.audit.add(deed, house.clock())
                return replace(change, commit=made)

        return retried(write_down)


def recover(house: House, project: Path, state: Path) -> None:
    """Make to the end what a crash has left half done; for the start of the house."""
    with held_still(house, project, state):
        pass


@contextmanager
def held_still(house: House, project: Path, state: Path) -> Iterator[None]:
    """The files as whole changes have left them; nobody changes them at the desk meanwhile."""
    with locked(state):
        _recover(house, project, state)
        yield


def is_half_done(state: Path) -> bool:
    """Whether a crash has left something for `recover`."""
    return has_journal(state)


def list_changes(house: House, skip: int) -> ChangePage:
    """The newest changes."""
    with house.units.reading() as unit:
        found = unit.changes.page(skip, PAGE + 1)
        labelled = unit.inbox.count_labelled()
    following = skip + PAGE if len(found) > PAGE else None

    return ChangePage(changes=found[:PAGE], next=following, labelled=labelled)


def read_change(house: House, change_id: str) -> Change:
    """One change; Missing without it."""
    with house.units.reading() as unit:
        return unit.changes.get(change_id)


def _change(
    house: House, project: Path, state: Path, agent: Agent, edit: Edit, reason: str
) -> Change:
    for _ in range(MOST_TRIES):
        before = read_project(project)
        step = _to_step(edit(before))
        _check_protection(agent, before, step.edited.project)
        files = changes_between(before, step.edited.project)
        if not files and not step.inbox:
            raise WrongEdit("nothing_to_change", "That is written already: nothing would change.")
        change = replace(
            _to_change(house, agent, step, files, reason), id=house.new_id(), at=house.clock()
        )
        try:
            if not all(is_dialogue(file.path) for file in files):
                # What is written here goes live by way of the gate, and not by a restart.
                pin(state)
            write_files(project, state, files, _to_note(change))
        except ChangedMeanwhile:
            continue
        except OSError as error:
            raise WrongEdit(
                "cannot_write", f"The files cannot be written: {error.strerror}."
            ) from error
        _write_down(house, change)
        forget(state)
        return change

    raise WrongEdit("busy", "Somebody is writing these files by hand. Try again in a moment.")


def _check_protection(agent: Agent, before: Project, after: Project) -> None:
    """Who could take a protection away could walk through the gate that it closes."""
    if agent.may(May.OVERRIDE):
        return
    protected, still = _protected(before), _protected(after)
    if len(still) < len(protected):  # the same number under another name: it was renamed
        raise NotAcceptable(
            "override_not_allowed",
            f"{min(protected - still)} is protected: only a lead or an owner may take that away.",
        )


def _protected(project: Project) -> frozenset[str]:
    return frozenset(name for name, words in read_words(project).items() if words.protected)


def _recover(house: House, project: Path, state: Path) -> None:
    if note := recover_files(project, state):
        _write_down(house, _from_note(house, note))
        forget(state)


def _write_down(house: House, change: Change) -> None:
    """The change's row, what it does to the inbox, and the audit list; once, however often."""

    def write() -> None:
        with house.units() as unit:
            if not unit.changes.add(change):
                return
            _move_groups(unit, change)
            deed = Deed(
                agent=change.agent,
                action=f"change.{change.kind}",
                subject="change",
                subject_id=change.id,
                after={
                    "summary": change.summary,
                    "reason": change.reason,
                    "files": [file.path for file in change.files],
                },
            )
            unit.audit.add(deed, change.at)

    retried(write)


def _move_groups(unit: UnitOfWork, change: Change) -> None:
    """The groups where the change leads them, and what people said in the words of now."""
    moved = unit.inbox_changes.move(change.inbox)
    said = [move for move in moved if move.says]
    unit.inbox_changes.say(said, change.agent, change.id, change.at)
    for move in said:
        after = {"intent": move.label_after, "state": move.after}
        deed = Deed(
            agent=change.agent,
            action="inbox.label",
            subject="inbox",
            subject_id=move.id,
            after=after,
        )
        unit.audit.add(deed, change.at)
    unsaid = [move for move in moved if move.back.says]
    unit.inbox_changes.take_back_said(unsaid, change.undoes, change.at)
    if change.renaming:
        unit.inbox_changes.rename(change.id, change.renaming)


def _renamed_back(change: Change, after: Project) -> Renaming | None:
    """
    What the undo of a change has to call by another name.

    If a name is gone then, all that has it goes along, also what people said since. If it stays,
    as after a merge, just what the change had renamed comes back.
    """
    if change.renaming is None:
        return None
    name = change.renaming.after
    stays = name in after.intents

    return Renaming(before=name, after=change.renaming.before, only_of=change.id if stays else "")


def _to_step(made: Edited | Step) -> Step:
    return made if isinstance(made, Step) else Step(edited=made)


def _to_change(
    house: House, agent: Agent, step: Step, files: tuple[FileChange, ...], reason: str
) -> Change:
    return Change(
        id="",
        at=house.clock(),
        agent=agent,
        kind=step.edited.kind,
        summary=step.edited.summary,
        reason=reason,
        files=tuple(map(_to_file, files)),
        inbox=step.inbox,
        renaming=step.renaming,
        undoes=step.undoes,
    )


def _to_file(file: FileChange) -> ChangedFile:
    shown = diff(file.path, file.before, file.after)
    lines = [line for line in shown.split("\n")[2:] if line]

    return ChangedFile(
        path=file.path,
        before=file.before,
        after=file.after,
        diff=shown,
        added=sum(line.startswith("+") for line in lines),
        removed=sum(line.startswith("-") for line in lines),
    )


def _without(now: Project, change: Change) -> Project:
    """The project without what the change wrote; NotAcceptable where it was written over."""
    after = now
    for file in change.files:
        text = now.texts.get(file.path)
        if text == file.after:
            after = after.with_text(file.path, file.before)
            continue
        if text is None or file.before is None or file.after is None:
            raise _conflict(file.path)
        try:
            after = after.with_text(file.path, merge(file.after, text, file.before))
        except Conflict as error:
            raise _conflict(file.path) from error

    return after


def _conflict(path: str) -> NotAcceptable:
    return NotAcceptable(
        "changed_since",
        f"The same lines of {path} have been changed since. Take the later change back first, or "
        "change the example itself.",
    )


def _checked_reason(reason: str, preview: bool) -> str:
    text = "\n".join(
        "".join(one for one in line if one.isprintable()).strip() for line in reason.splitlines()
    ).strip()
    if not text and not preview:
        raise NotAcceptable("reason_needed", "Say why, in a few words: it stands with the change.")
    if len(text) > LONGEST_REASON:
        raise NotAcceptable(
            "reason_needed", f"The reason “{shorten(text)}” is too long: {LONGEST_REASON} at most."
        )

    return text


def _to_note(change: Change) -> str:
    """All that a row needs, for whoever finds the journal after a crash."""
    return json.dumps({**asdict(change), "at": change.at.isoformat(), "agent": change.agent.id})


def _from_note(house: House, note: str) -> Change:
    said: dict[str, Any] = json.loads(note)
    with house.units.reading() as unit:
        agent = unit.accounts.get(said["agent"]).agent
    files = tuple(ChangedFile(**file) for file in said.pop("files"))
    inbox = tuple(
        InboxMove(
            **{**move, "before": InboxState(move["before"]), "after": InboxState(move["after"])}
        )
        for move in said.pop("inbox")
    )
    at = datetime.fromisoformat(said.pop("at"))
    renaming = said.pop("renaming", None)

    return Change(
        **{
            **said,
            "agent": agent,
            "at": at,
            "files": files,
            "inbox": inbox,
            "renaming": Renaming(**renaming) if renaming else None,
        }
    )
