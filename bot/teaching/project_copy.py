"""
A project as it is at one moment, in a folder of its own.

A training reads its files for half a minute, and a trainer may change them meanwhile: the model
would be made of something that never stood there as a whole, under a name that says otherwise.
"""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

from bot.obstacles import Obstacle
from bot.training import RasaProject

TRIES: Final = 5
ALONG: Final = (Path("bot") / "__init__.py",)
"""What the inputs need beside them."""


class NeverStill(Obstacle):
    """The files changed again and again while they were copied."""


def copy_project(project: RasaProject, place: Path) -> RasaProject:
    """
    The same project in `place`, which does not exist yet; its inputs are copies.

    What else lies in the folder is reached by links, because an input may name it.
    """
    for _ in range(TRIES):
        before = project.model.name
        copy = _copy(project, place)
        if copy.model.name == before == project.model.name:
            return copy
        shutil.rmtree(place)

    raise NeverStill("The project's files are being changed all the time: press Train again later.")


def _copy(project: RasaProject, place: Path) -> RasaProject:
    files = [file.relative_to(project.folder) for file in project.inputs()]
    place.mkdir(parents=True)
    for name in (*files, *ALONG):
        if (project.folder / name).exists():
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(project.folder / name, place / name)
    # A project without any training data has its folder nevertheless.
    (place / "data").mkdir(exist_ok=True)
    for other in _others(project.folder, place):
        (place / other.name).symlink_to(other)

    return replace(project, folder=place)


def _others(folder: Path, place: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        if not path.name.startswith(".") and not (place / path.name).exists():
            yield path.absolute()
