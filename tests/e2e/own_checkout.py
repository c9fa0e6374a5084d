"""A checkout for tests that teach: what they write and train stands in nobody else's way."""

import os
import shutil
import subprocess
from pathlib import Path

from bot.project import rasa_project
from bot.settings import ROOT, Settings

SHARED = (".venv", ".venv-rasa")
ENCODERS = Path("models") / "encoders"


def copy_checkout(folder: Path) -> Path:
    """
    This checkout as it stands, committed by itself, with the same environments.

    It has the model of its inputs already, if this one has.
    """
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    for name in listed.stdout.decode().split("\0"):
        if name and (ROOT / name).is_file():
            place = folder / name
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, place)
    for name in SHARED:
        (folder / name).symlink_to(ROOT / name)
    (folder / "models").mkdir(exist_ok=True)
    (folder / ENCODERS).symlink_to(ROOT / ENCODERS)
    _commit(folder)

    project = rasa_project(Settings(_env_file=None))
    if project.is_trained:
        shutil.copy2(project.model, folder / "models")
        shutil.copytree(project.seals.folder, folder / "models" / project.seals.folder.name)

    return folder


def _commit(folder: Path) -> None:
    who = {
        f"GIT_{role}_{what}": value
        for role in ("AUTHOR", "COMMITTER")
        for what, value in (("NAME", "Makegood's tests"), ("EMAIL", "tests@makegood.example"))
    }
    for command in (
        ("init", "--quiet"),
        ("add", "--all"),
        ("commit", "--quiet", "-m", "As it was"),
    ):
        subprocess.run(["git", *command], cwd=folder, check=True, env={**os.environ, **who})
