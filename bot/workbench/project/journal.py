"""
A change of several files that a crash cannot leave half done.

All of it is written to a journal first. Once that has its name the change is made, and whoever
comes next makes it to the end: the files one by one, each replaced as a whole, and then what the
caller does with the journal's note (such as a row in a database). What somebody wrote by hand is
never overwritten: if a file is neither as it was nor as it is to be, the others are taken back.
"""

import fcntl
import json
import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from bot.workbench.project.files import OURS, FileChange
from bot.workbench.project.three_way import Conflict, merge
from bot.workbench.project.wrong_edit import WrongEdit

FOLDER: Final = "changing"
BEGUN: Final = "begun.json"
"""The files are to be written."""
WRITTEN: Final = "written.json"
"""The files are written; the note is not yet where it belongs."""
DRAFT: Final = ".new"


class ChangedMeanwhile(Exception):
    """A file is not as it was when the change was made of it; nothing was written."""


@contextmanager
def locked(state: Path) -> Iterator[None]:
    """One writer at a time, of all processes; the others wait. A crash gives the lock back."""
    folder = state / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def write_files(project: Path, state: Path, files: Sequence[FileChange], note: str) -> None:
    """
    Write the files; the note waits in the journal until `forget`. The caller holds the lock.

    `ChangedMeanwhile` if a file is not as the change knows it; an OSError if the disk does not
    take it. Nothing is changed then.
    """
    for file in files:
        _check_path(project, file.path)
        if _read(project / file.path) != _bytes(file.before):
            raise ChangedMeanwhile(file.path)
    journal = {
        "note": note,
        "files": [
            {
                "path": file.path,
                "before": file.before,
                "after": file.after,
                "checksum": _checksum(_bytes(file.before)),
            }
            for file in files
        ],
    }
    _replace(state / FOLDER / BEGUN, json.dumps(journal).encode("ascii"))
    try:
        _write_on(project, state, files)
    except (OSError, ChangedMeanwhile):
        _take_back(project, state, files)
        raise


def recover_files(project: Path, state: Path) -> str | None:
    """
    Make to the end what a crash has left; the note that is still to be taken care of, if any.

    The caller holds the lock. A change that met another one by hand is taken back as a whole.
    """
    folder = state / FOLDER
    if written := _read(folder / WRITTEN):
        return str(json.loads(written)["note"])
    begun = _read(folder / BEGUN)
    if begun is None:
        return None
    journal: dict[str, Any] = json.loads(begun)
    files = [FileChange(one["path"], one["before"], one["after"]) for one in journal["files"]]
    for file in files:
        _check_path(project, file.path)
    try:
        _write_on(project, state, files)
    except (OSError, ChangedMeanwhile):
        _take_back(project, state, files)
        return None

    return str(journal["note"])


def forget(state: Path) -> None:
    """The note is where it belongs: the journal goes."""
    (state / FOLDER / WRITTEN).unlink(missing_ok=True)


def has_journal(state: Path) -> bool:
    """Whether a crash has left something to be made to the end."""
    return any((state / FOLDER / name).exists() for name in (BEGUN, WRITTEN))


def _write_on(project: Path, state: Path, files: Iterable[FileChange]) -> None:
    """Every file as it is to be, and then the journal's other name."""
    files = list(files)
    there = {file.path: _read(project / file.path) for file in files}
    for file in files:
        if there[file.path] not in (_bytes(file.before), _bytes(file.after)):
            raise ChangedMeanwhile(file.path)
    for file in files:
        _put(project / file.path, _bytes(file.after))
    folder = state / FOLDER
    (folder / BEGUN).replace(folder / WRITTEN)
    _sync(folder)


def _take_back(project: Path, state: Path, files: Iterable[FileChange]) -> None:
    """Every file as it was; of one that was changed by hand, what the hand wrote stays."""
    for file in files:
        now = _read(project / file.path)
        if now == _bytes(file.after):
            _put(project / file.path, _bytes(file.before))
        elif now is not None and file.before is not None and file.after is not None:
            with suppress(Conflict, UnicodeDecodeError):
                text = merge(file.after, now.decode("utf-8"), file.before)
                _put(project / file.path, _bytes(text))
        _draft_of(project / file.path).unlink(missing_ok=True)
    for name in (BEGUN, WRITTEN):
        (state / FOLDER / name).unlink(missing_ok=True)
    _sync(state / FOLDER)


def _check_path(project: Path, path: str) -> None:
    if not OURS.fullmatch(path) or (project / path).is_symlink():
        raise WrongEdit("broken_project", f"{path} is no file that may be changed here.")


def _put(path: Path, content: bytes | None) -> None:
    if _read(path) == content:
        return
    if content is None:
        path.unlink(missing_ok=True)
        _sync(path.parent)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    _replace(path, content)


def _replace(path: Path, content: bytes) -> None:
    """The file whole and on the disk, or as it was."""
    draft = _draft_of(path)
    draft.unlink(missing_ok=True)
    try:
        with draft.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            shutil.copymode(path, draft)
        draft.replace(path)
    except OSError:
        draft.unlink(missing_ok=True)
        raise
    _sync(path.parent)


def _draft_of(path: Path) -> Path:
    """Where a file is written before it takes its place; Rasa reads no file of that name."""
    return path.with_name(f".{path.name}{DRAFT}")


def _sync(folder: Path) -> None:
    """The names in a folder, on the disk."""
    place = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(place)
    finally:
        os.close(place)


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def _bytes(text: str | None) -> bytes | None:
    return None if text is None else text.encode("utf-8")


def _checksum(content: bytes | None) -> str:
    return "" if content is None else sha256(content).hexdigest()
