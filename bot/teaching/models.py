"""Models as trainers know them: files of the project, by name."""

import re
from functools import lru_cache
from pathlib import Path
from typing import Final

from bot.casework.ports.units import Missing, UnitOfWork
from bot.model_seal import ForeignModel, Seals
from bot.project import rasa_project
from bot.services.turn_queue import NotAcceptable
from bot.serving import read_serving
from bot.settings import Settings

NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,80}\.tar\.gz")


def find_model(settings: Settings, name: str) -> Path:
    """Where that model lies; Missing if there is none, NotAcceptable if it is not from here."""
    project = rasa_project(settings)
    path = (project.models / name).absolute()
    if not NAME.fullmatch(name) or not path.is_file():
        raise Missing(f"There is no model {name[:100]}")
    try:
        project.seals.check(path)
    except ForeignModel as error:
        raise NotAcceptable("foreign_model", str(error).replace(f"{path.parent}/", "")) from error

    return path


def why_foreign(seals: Seals, path: Path) -> str:
    """
    Why that model cannot go live, in a sentence; empty if it was trained here as it is.

    Only for showing: a model is read whole once, and again when file or register have changed.
    Whoever serves it or reads with it checks its seal anew.
    """
    try:
        file = path.stat()
        register = seals.folder.stat().st_mtime_ns if seals.folder.is_dir() else 0
    except OSError as error:
        return f"{path.name} cannot be read: {error.strerror}."
    marks = (file.st_dev, file.st_ino, file.st_size, file.st_mtime_ns, file.st_ctime_ns, register)

    return _why_foreign(seals, path, marks)


@lru_cache(maxsize=100)
def _why_foreign(seals: Seals, path: Path, _: tuple[int, ...]) -> str:
    try:
        seals.check(path)
    except ForeignModel as error:
        return str(error).replace(f"{path.parent}/", "")

    return ""


def find_live(unit: UnitOfWork, settings: Settings) -> str:
    """
    The name of the model that answers buyers now.

    The supervisor knows; without one it is the one that was promoted last, or that of the project
    as it is.
    """
    if serving := read_serving(settings.state_dir):
        return serving.model
    newest = unit.promotions.recent(1)

    return newest[0].model if newest else rasa_project(settings).model.name
