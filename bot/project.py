"""The Rasa project of this house, and what its programs are told from outside."""

import os
from collections.abc import Mapping
from functools import partial

from bot.serving import find_used
from bot.settings import ROOT, Settings
from bot.training import RasaProject

RASA = (str(ROOT / ".venv-rasa" / "bin" / "python"), "-m", "bot.engine")
RASA_ENVIRONMENT = {
    "RASA_TELEMETRY_ENABLED": "false",
    # One message is too little work for a second thread.
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
}
PREFIX = "MAKEGOOD_"
RASA_IS_TOLD = {"MAKEGOOD_ACTIONS_SECRET"}
# Compiled modules save Rasa 9 of 15 seconds at each start; a caller's module path is for
# another Python than ours.
UNWANTED = {"PYTHONDONTWRITEBYTECODE", "PYTHONPATH", "PYTHONHOME"}


def rasa_project(settings: Settings) -> RasaProject:
    """The checkout that Rasa is trained from."""
    return RasaProject(
        folder=settings.project,
        logs=settings.state_dir / "logs",
        rasa=RASA,
        env=rasa_environment(settings),
        find_used=partial(find_used, settings.state_dir),
    )


def rasa_environment(settings: Settings) -> Mapping[str, str]:
    """Rasa needs no setting but the place of its secret, and is told no other."""
    told = {
        name: value
        for name, value in inherited().items()
        if name in RASA_IS_TOLD or not name.startswith(PREFIX)
    }

    return {**told, f"{PREFIX}STATE": str(settings.state_dir), **RASA_ENVIRONMENT}


def inherited() -> dict[str, str]:
    """What we were told from outside, without what is for another Python than ours."""
    return {name: value for name, value in os.environ.items() if name not in UNWANTED}


def environment_of(settings: Settings) -> Mapping[str, str]:
    """
    What a program of ours in our own Python is told: these very settings.

    Wherever they came from; .env is not read a second time.
    """
    values = {**settings.model_dump(mode="json"), "state": settings.state_dir}

    return inherited() | {f"{PREFIX}{name.upper()}": str(value) for name, value in values.items()}
