"""The programs that the house runs beside itself now and then, with its own settings."""

import sys
from pathlib import Path

from bot.project import environment_of
from bot.settings import ROOT, Settings
from bot.supervision.processes import Program


def collect_program(settings: Settings) -> Program:
    """Conversations into the training inbox."""
    return _makegood(settings, "inbox", "collect", "--with-what-there-is")


def import_program(settings: Settings, file: Path, name: str, by: str) -> Program:
    """A file that was sent from the page into the training inbox; it is removed afterwards."""
    return _makegood(settings, "inbox", "import", str(file), "--sent-as", name, "--by", by)


def _makegood(settings: Settings, *arguments: str) -> Program:
    return Program(
        command=(sys.executable, "-m", "bot.cli", *arguments),
        env=environment_of(settings),
        folder=ROOT,
    )
