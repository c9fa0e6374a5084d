"""
Which model answers buyers, as the supervisor writes it down, and which one is wanted instead.

Both are files in the state folder: the supervisor works without the database.
"""

import json
import os
import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, Literal

Swap = Literal["steady", "starting", "warming", "switching", "draining", "failed"]

WANTED: Final = Path("run") / "wanted.json"
SERVING: Final = Path("run") / "serving.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Serving:
    """
    The model that answers buyers, the address where it does, and how far a swap has come.

    `wanted` is the model that is to answer; `error` says why the last swap came to nothing.
    """

    model: str
    url: str
    wanted: str
    swap: Swap
    error: str
    since: datetime


def want(state: Path, model: str) -> None:
    """Let that model, by its file name, answer buyers from now on."""
    path = state / WANTED
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=path.parent, delete=False) as draft:
        json.dump({"model": model}, draft)
        draft.flush()
        os.fsync(draft.fileno())
    Path(draft.name).replace(path)


def read_serving(state: Path) -> Serving | None:
    """What the supervisor wrote down last; None before its first word."""
    try:
        said = json.loads((state / SERVING).read_text("utf-8"))
    except (OSError, ValueError):
        return None

    return Serving(**{**said, "since": datetime.fromisoformat(said["since"])})
