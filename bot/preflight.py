"""
What can stand in the way of a start, found before anything is started.

Each check returns the obstacle as one line that says what to do, or None.
"""

import errno
import os
import shutil
import socket
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import closing
from pathlib import Path
from typing import Protocol

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from bot.settings import ROOT, Settings

NEEDED_SPACE = 200_000_000
"""Bytes for a model, logs and a day of photos."""
PROJECT_FILES = ("config.yml", "domain.yml", "endpoints.yml", "credentials.yml")
LOOPBACK = "127.0.0.1"


class Usage(Protocol):
    """What `shutil.disk_usage` returns, as far as we look."""

    @property
    def free(self) -> int:
        """Bytes that may still be written."""


def find_obstacle(settings: Settings) -> str | None:
    """The first thing that stands in the way, cheapest look first."""
    return (
        check_folders((settings.state_dir, ROOT / "models"))
        or check_ports(settings)
        or check_yaml(ROOT / name for name in PROJECT_FILES)
        or check_rulebook(settings.rulebook)
        or check_intents(settings.project)
        or check_templates(settings.templates, settings.project)
        or check_gateway(settings)
        or check_mail(settings)
    )


def check_folders(
    folders: Iterable[Path], disk_usage: Callable[[Path], Usage] = shutil.disk_usage
) -> str | None:
    """Whether what we are about to write may be written to each of the folders, and has room."""
    for folder in folders:
        existing = next(path for path in (folder, *folder.parents) if path.exists())
        if not existing.is_dir() or not os.access(existing, os.W_OK):
            return f"{existing} is no folder that we may write to, so {folder} cannot be used."
        free = disk_usage(existing).free
        if free < NEEDED_SPACE:
            return (
                f"The disk of {folder} is full: {free // 1_000_000} MB are free, "
                f"{NEEDED_SPACE // 1_000_000} MB are needed. Free some space and start again."
            )

    return None


def check_ports(settings: Settings) -> str | None:
    """Whether the three ports are free, and three."""
    ports = {
        "MAKEGOOD_PORT": (settings.host, settings.port),
        "MAKEGOOD_RASA_PORT": (LOOPBACK, settings.rasa_port),
        "MAKEGOOD_ACTIONS_PORT": (LOOPBACK, settings.actions_port),
    }
    number, uses = Counter(port for _, port in ports.values()).most_common(1)[0]
    if uses > 1:
        names = " and ".join(name for name, (_, port) in ports.items() if port == number)
        return f"{names} are both {number}: set one of them to another port."

    return next((line for name in ports if (line := _check_port(name, *ports[name]))), None)


def _check_port(name: str, host: str, port: int) -> str | None:
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with closing(socket.socket(family, kind)) as probe:
            # As servers do: a connection that has just been closed does not count.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except PermissionError:
        return f"Port {port} may not be used by this user: set {name} to one above 1023."
    except (socket.gaierror, UnicodeError):
        return f"MAKEGOOD_HOST={host} is not known: set it to an address of this machine."
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            return f"MAKEGOOD_HOST={host} cannot be used: {error.strerror}."
        return (
            f"Port {port} is taken, perhaps by another `make up`: "
            f"stop what uses it, or set {name} to a free port."
        )

    return None


def check_yaml(files: Iterable[Path]) -> str | None:
    """Whether those files are there and are YAML; what they say is their reader's business."""
    parser = YAML(typ="safe")
    for path in files:
        try:
            parser.load(path.read_text("utf-8"))
        except MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 1
            return f"{path}, line {line}: {error.problem}. Correct it and start again."
        except (YAMLError, UnicodeDecodeError) as error:
            return f"{path}: {error}. Correct it and start again."
        except OSError as error:
            return f"{path}: {error.strerror}. Restore the file and start again."

    return None


def check_intents(project: Path) -> str | None:
    """Whether what trainers say of the intents can be read."""
    from bot.intents import load_intents
    from bot.rulebook import BrokenRulebook

    try:
        load_intents(project / "rulebook")
    except BrokenRulebook as error:
        return str(error)

    return None


def check_templates(folder: Path, project: Path = ROOT) -> str | None:
    """Whether the bot's words can be read, and the answers that trainers wrote."""
    from bot.answers import TrainedAnswers
    from bot.replies import BrokenTemplates, Templates

    try:
        templates = Templates(folder)
        templates.check()
        TrainedAnswers(templates, project / "templates").check()
    except BrokenTemplates as error:
        return str(error)

    return None


def check_gateway(settings: Settings) -> str | None:
    """Whether remedies can go out as it is set; nobody is called."""
    from bot.wiring import BrokenGateway, build_gateway

    try:
        build_gateway(settings)
    except BrokenGateway as error:
        return str(error)

    return None


def check_mail(settings: Settings) -> str | None:
    """Whether e-mails and alerts can go out as they are set; nobody is called."""
    from bot.wiring import BrokenMail, build_house, build_watch

    try:
        build_watch(settings, build_house(settings))
    except BrokenMail as error:
        return str(error)

    return None


def check_rulebook(folder: Path) -> str | None:
    """Whether the seller's limits can be read."""
    from bot.rulebook import BrokenRulebook, load_rulebook

    try:
        load_rulebook(folder)
    except BrokenRulebook as error:
        return str(error)

    return None
