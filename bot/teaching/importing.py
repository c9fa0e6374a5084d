"""
A file that somebody sends from the page, read into the inbox by a process of its own.

How far it has come stands in a file beside the state, which is written whole each time: the page
asks for it, and so does whoever looks after a restart.
"""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from bot.services.turn_queue import NotAcceptable
from bot.teaching.collecting import Collected


class ImportState(StrEnum):
    """Where an import stands."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """The latest import from the page; `error` is a sentence for people, `total` 0 until known."""

    file: str
    by: str
    at: datetime
    state: ImportState = ImportState.RUNNING
    total: int = 0
    told: Collected = field(default_factory=Collected)
    error: str = ""


class Busy(NotAcceptable):
    """A file is being read in already."""

    def __init__(self) -> None:
        super().__init__(
            "import_running", "A file is being read in just now. Wait until it is done."
        )


def note_import(state: Path, one: Import) -> None:
    """Write down how far it has come."""
    place = _place(state)
    place.parent.mkdir(parents=True, exist_ok=True)
    fields = {**asdict(one), "at": one.at.isoformat()}
    draft = place.with_name(f".{place.name}.{os.getpid()}")
    draft.write_text(json.dumps(fields), "utf-8")
    draft.replace(place)


def read_import(state: Path) -> Import | None:
    """The latest import, None if there was none; one whose process is gone has failed."""
    try:
        fields: dict[str, Any] = json.loads(_place(state).read_text("utf-8"))
        found = Import(
            **{
                **fields,
                "at": datetime.fromisoformat(fields["at"]),
                "state": ImportState(fields["state"]),
                "told": Collected(**fields["told"]),
            }
        )
    except (OSError, ValueError, TypeError, KeyError):
        return None

    return found


@contextmanager
def alone(state: Path, what: str) -> Iterator[bool]:
    """Whether we are the only ones who do that now, over all processes, until the block ends."""
    place = state / "run" / f"{what}.lock"
    place.parent.mkdir(parents=True, exist_ok=True)
    with place.open("ab") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True
        with suppress(OSError):
            fcntl.flock(file, fcntl.LOCK_UN)


def _place(state: Path) -> Path:
    return state / "run" / "import.json"
