"""
Which model buyers talk to, where it listens, and which one somebody wants in its place.

Small files in the state folder's `run/`, each written whole: `wanted.json` by whoever puts a
model live, `serving.json` and `served.json` by the supervisor, which alone starts and stops Rasa
(bot/supervision/swapping.py). Web looks at `serving.json` at every turn. A model's name is that of
its file in the project's `models/`, such as `makegood-0123456789ab.tar.gz`; without the ending it
is understood, too.
"""

import fcntl
import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Final

import msgspec

from bot.atomic_files import write_whole
from bot.obstacles import CannotStart, Obstacle

ENDING: Final = ".tar.gz"
NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,92}\.tar\.gz")
"""With at most 100 characters, as `messages.read_by` holds."""
REMEMBERED: Final = 20
"""Models that were live, the newest first."""


class WrongName(Obstacle):
    """A model cannot be called so."""


class Swap(StrEnum):
    """How far the wanted model has come."""

    STEADY = "steady"
    """The live model is the one that is wanted."""
    STARTING = "starting"
    WARMING = "warming"
    SWITCHING = "switching"
    """It reads well; it is asked once more who it is before buyers are sent to it."""
    DRAINING = "draining"
    """It is live, and the one before ends what it has begun."""
    FAILED = "failed"
    """It did not come up; the one before stays live until somebody wants another, or this anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Somebody's wish; `request` tells two wishes for the same model apart."""

    model: str
    request: str
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Serving:
    """
    The live model and where it listens; `wanted` is the model that the last wish named.

    `request` is that wish, empty while there was none. `chosen`: somebody put the live model
    live; otherwise it is the model of the project's files. `error` says why a swap failed.
    `since` is when the state began, in ISO form.
    """

    model: str
    url: str
    wanted: str
    swap: Swap
    error: str = ""
    since: str = ""
    request: str = ""
    chosen: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """A model that was live, and since when."""

    model: str
    since: str


def to_name(model: str) -> str:
    """The model's whole name; `WrongName` for what is none, a path for example."""
    name = model if model.endswith(ENDING) else f"{model}{ENDING}"
    if not NAME.fullmatch(name):
        raise WrongName(f"{model!r} is no name of a model.")

    return name


def want(state: Path, model: str) -> Wanted:
    """Ask for that model to be live: now if the house runs, at its next start if not."""
    wanted = Wanted(model=to_name(model), request=secrets.token_hex(8), at=_now())
    _write(_wanted_file(state), wanted)

    return wanted


def pin(state: Path) -> None:
    """
    Let the live model stay, whatever becomes of the files, until somebody wants another.

    Without any wish the next start would serve the model of the files as they are then.
    """
    serving = read_serving(state)
    if serving and not read_wanted(state):
        want(state, serving.model)


def want_present(state: Path) -> None:
    """Take every wish back: from the next start on, the model of the project's files is live."""
    _wanted_file(state).unlink(missing_ok=True)


def read_wanted(state: Path) -> Wanted | None:
    """The last wish; None if there is none that can be read."""
    return _read(_wanted_file(state), Wanted)


def read_serving(state: Path) -> Serving | None:
    """What is live, or was when the house stopped; None before its first start."""
    return _read(_serving_file(state), Serving)


def write_serving(state: Path, serving: Serving) -> None:
    """For the supervisor: this is live from now on."""
    _write(_serving_file(state), replace(serving, since=_now()))


def list_served(state: Path) -> list[Served]:
    """The models that were live, the newest first; each as often as it was put live."""
    return _read(_served_file(state), list[Served]) or []


def note_served(state: Path, model: str) -> None:
    """For the supervisor: that model has become live."""
    served = list_served(state)
    if served and served[0].model == model:
        return
    _write(_served_file(state), [Served(model=model, since=_now()), *served][:REMEMBERED])


def find_before(state: Path) -> str | None:
    """The model that was live before the one that is; None if there was none."""
    serving = read_serving(state)
    live = serving.model if serving else ""

    return next((one.model for one in list_served(state) if one.model != live), None)


def find_used(state: Path) -> frozenset[str]:
    """Models that must not be deleted: live, wanted, and the one to go back to."""
    serving, wanted = read_serving(state), read_wanted(state)
    names = (serving and serving.model, wanted and wanted.model, find_before(state))

    return frozenset(name for name in names if name)


@contextmanager
def served_by_us(state: Path) -> Iterator[None]:
    """
    Be the only supervisor of that state folder; `CannotStart` if there is one.

    Two would each tell web of another Rasa.
    """
    file = _lock_file(state)
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise CannotStart(
                f"Another `make up` runs with the state folder {state}: stop it, or set "
                "MAKEGOOD_STATE to another folder."
            ) from error
        yield


def is_served(state: Path) -> bool:
    """Whether a house runs on that state folder now."""
    try:
        with _lock_file(state).open("r") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True

    return False


class LiveAddress:
    """Where the live model listens, looked up anew at each call: one stat while nothing changed."""

    def __init__(self, state: Path, otherwise: str) -> None:
        self._state, self._file = state, _serving_file(state)
        self._url = self._otherwise = otherwise
        self._seen: tuple[int, int] | None = None

    def __call__(self) -> str:
        """The address now."""
        try:
            found = os.stat(self._file)  # noqa: PTH116 - a fifth of the time, at every turn
        except OSError:
            return self._url
        seen = (found.st_mtime_ns, found.st_ino)
        if seen != self._seen:
            serving = read_serving(self._state)
            self._url = serving.url if serving else self._otherwise
            self._seen = seen

        return self._url


def _wanted_file(state: Path) -> Path:
    return state / "run" / "wanted.json"


def _serving_file(state: Path) -> Path:
    return state / "run" / "serving.json"


def _served_file(state: Path) -> Path:
    return state / "run" / "served.json"


def _lock_file(state: Path) -> Path:
    return state / "run" / "serving.lock"


def _read[Shape](path: Path, shape: type[Shape]) -> Shape | None:
    """The file's content; None if it is not there or is something else."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=shape)
    except (OSError, msgspec.DecodeError):
        return None


def _write(path: Path, content: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, msgspec.json.encode(content).decode())


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
