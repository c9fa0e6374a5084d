"""What a person sees who starts the house: progress when all is well, one clear line when not."""

import os
import shutil
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import pytest
from ruamel.yaml import YAML

from bot.obstacles import is_full_disk
from bot.preflight import (
    NEEDED_SPACE,
    check_folders,
    check_gateway,
    check_intents,
    check_ports,
    check_templates,
    check_yaml,
)
from bot.settings import ROOT, Settings
from bot.startup import processes, rasa_process, welcome, write_endpoints

SECRET = "correct-horse-battery-staple"


class Disk(NamedTuple):
    free: int


@pytest.fixture
def taken() -> Iterator[int]:
    """A port on which somebody listens."""
    with closing(socket.socket()) as somebody:
        somebody.bind(("127.0.0.1", 0))
        somebody.listen()
        yield somebody.getsockname()[1]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings of a house that could start: its ports are free."""
    with (
        closing(socket.socket()) as a,
        closing(socket.socket()) as b,
        closing(socket.socket()) as c,
    ):
        for each in (a, b, c):
            each.bind(("127.0.0.1", 0))
        port, rasa_port, actions_port = (each.getsockname()[1] for each in (a, b, c))

    return Settings(
        _env_file=None,
        state=tmp_path,
        host="127.0.0.1",
        port=port,
        rasa_port=rasa_port,
        actions_port=actions_port,
    )


def makegood(
    *arguments: str, folder: Path = ROOT, **environment: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot.cli", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_a_taken_port_is_one_line(taken: int, tmp_path: Path) -> None:
    """
    The line names the port and the setting to change; nothing has been started or written.
    """
    state = tmp_path / "state"

    done = makegood("up", MAKEGOOD_PORT=str(taken), MAKEGOOD_STATE=str(state))

    assert done.returncode == 2
    assert done.stderr == (
        f"Port {taken} is taken, perhaps by another `make up`: "
        "stop what uses it, or set MAKEGOOD_PORT to a free port.\n"
    )
    assert not state.exists()


@pytest.mark.parametrize("name", ["PORT", "RASA_PORT", "ACTIONS_PORT"])
def test_every_port_is_looked_at(settings: Settings, taken: int, name: str) -> None:
    """
    Each of the three ports may be the one that is taken.
    """
    settings = settings.model_copy(update={name.lower(): taken})

    assert f"set MAKEGOOD_{name} to a free port" in str(check_ports(settings))


def test_a_port_may_be_used_once(settings: Settings) -> None:
    """
    Two processes cannot share a port.
    """
    settings = settings.model_copy(update={"rasa_port": settings.port})

    assert check_ports(settings) == (
        f"MAKEGOOD_PORT and MAKEGOOD_RASA_PORT are both {settings.port}: "
        "set one of them to another port."
    )


def test_a_foreign_address_is_named(settings: Settings) -> None:
    """
    A host that is not this machine is a wrong setting, not a taken port.
    """
    foreign = settings.model_copy(update={"host": "192.0.2.1"})

    assert str(check_ports(foreign)).startswith("MAKEGOOD_HOST=192.0.2.1 cannot be used")


def test_a_wrong_setting_is_one_line(tmp_path: Path) -> None:
    """
    A setting that cannot be understood is named with its value and what is expected.
    """
    done = makegood("up", MAKEGOOD_PORT="eighty", MAKEGOOD_STATE=str(tmp_path))

    assert done.returncode == 2
    assert done.stderr.startswith("MAKEGOOD_PORT='eighty': Input should be a valid integer")
    assert len(done.stderr.splitlines()) == 1


def test_a_full_disk_is_one_line(tmp_path: Path) -> None:
    """
    Too little space is seen before anything is written, in a folder that does not exist yet too.
    """
    folder = tmp_path / "not" / "yet"

    line = check_folders([folder], disk_usage=lambda _: Disk(free=5_000_000))

    assert line == (
        f"The disk of {folder} is full: 5 MB are free, 200 MB are needed. "
        "Free some space and start again."
    )
    assert check_folders([folder], disk_usage=lambda _: Disk(free=NEEDED_SPACE)) is None


def test_a_folder_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    """
    A state folder below something that is no folder is a wrong setting.
    """
    file = tmp_path / "file"
    file.touch()

    line = check_folders([file / "var"])

    assert line == f"{file} is no folder that we may write to, so {file / 'var'} cannot be used."


def test_a_disk_that_fills_up_later_is_recognised() -> None:
    """
    A full disk is told from other errors when the database or any layer above wraps it.
    """
    with closing(sqlite3.connect(":memory:")) as database:
        database.execute("PRAGMA max_page_count = 1")
        with pytest.raises(sqlite3.Error) as full:
            database.execute("CREATE TABLE t (x)")
    wrapped = RuntimeError("wrapped")
    wrapped.__cause__ = full.value

    assert is_full_disk(wrapped)
    assert is_full_disk(OSError(28, "No space left on device"))
    assert not is_full_disk(OSError(13, "Permission denied"))


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"pipeline: [a\nlanguage: en\n", "config.yml, line 2: "),
        (b"language: \xff\n", "config.yml: 'utf-8' codec can't decode"),
        (None, "config.yml: No such file or directory. Restore the file"),
    ],
)
def test_a_broken_file_is_one_line(tmp_path: Path, content: bytes | None, complaint: str) -> None:
    """
    A file that is no YAML, no text or not there is named, with the line where there is one.
    """
    path = tmp_path / "config.yml"
    if content is not None:
        path.write_bytes(content)

    line = str(check_yaml([path]))

    assert complaint in line
    assert len(line.splitlines()) == 1


def test_rasa_calls_the_actions_where_they_listen(settings: Settings) -> None:
    """
    The project's endpoints hold for the default port; a run has its own, with the port it has.
    """
    moved = settings.model_copy(update={"actions_port": 6055})

    ours = YAML().load(write_endpoints(moved))
    project = YAML().load(ROOT / "endpoints.yml")

    assert ours["action_endpoint"].pop("url") == "http://127.0.0.1:6055/webhook"
    assert project["action_endpoint"].pop("url") == "http://127.0.0.1:5055/webhook"
    assert ours == project


def test_rasa_serves_the_file_that_it_is_given(settings: Settings, tmp_path: Path) -> None:
    """
    On the port that it is given: beside the live process there may be another.
    """
    model = tmp_path / "makegood-0123456789ab.tar.gz"

    rasa = rasa_process(settings, model, 6006)

    assert rasa.command[rasa.command.index("--model") + 1] == str(model)
    assert rasa.command[-1] == "6006"
    assert rasa.health_url == "http://127.0.0.1:6006/webhooks/makegood/"


def test_processes_do_not_inherit_what_slows_or_misleads_them(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    Modules stay compiled, another Python's module path stays out, and the state is theirs.
    """
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.setenv("PYTHONPATH", "elsewhere")
    model = tmp_path / "makegood-0123456789ab.tar.gz"
    model.write_text("a model")

    for process in processes(settings, model):
        assert not {"PYTHONDONTWRITEBYTECODE", "PYTHONPATH"} & set(process.env)
        assert process.env["MAKEGOOD_STATE"] == str(tmp_path)


def test_settings_reach_our_processes_and_not_rasa(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    Our processes see the settings of this run, wherever they came from; Rasa holds no secret
    of the store's.
    """
    monkeypatch.setenv("MAKEGOOD_DATABASE_URL", "postgresql://makegood:password@db/makegood")
    settings = settings.model_copy(update={"database_url": os.environ["MAKEGOOD_DATABASE_URL"]})
    model = tmp_path / "makegood-0123456789ab.tar.gz"
    model.write_text("a model")

    rasa, actions, web, trainer = processes(settings, model)

    for process in (actions, web, trainer):
        assert process.env["MAKEGOOD_PORT"] == str(settings.port)
        assert process.env["MAKEGOOD_ACTIONS_PORT"] == str(settings.actions_port)
        assert process.env["MAKEGOOD_DATABASE_URL"] == settings.database_url
    assert "password" not in str(rasa.env)


def test_the_webhooks_secret_reaches_whoever_sends_and_not_rasa(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    Wherever it was set; and it is never part of what a log or an error prints of the settings.
    """
    monkeypatch.setenv("MAKEGOOD_GATEWAY_SECRET", SECRET)
    settings = settings.model_copy(update={"gateway_secret": SECRET})
    model = tmp_path / "makegood-0123456789ab.tar.gz"
    model.write_text("a model")

    rasa, _, web, _ = processes(settings, model)

    assert web.env["MAKEGOOD_GATEWAY_SECRET"] == SECRET
    assert SECRET not in str(rasa.env)
    assert SECRET not in repr(settings)
    assert SECRET not in welcome(settings)


def test_a_separate_worker_is_a_process_of_its_own(settings: Settings, tmp_path: Path) -> None:
    """
    Only if it was asked for: by default the web process sends.
    """
    model = tmp_path / "makegood-0123456789ab.tar.gz"
    model.write_text("a model")
    separate = settings.model_copy(update={"worker": "separate"})

    usual = [one.name for one in processes(settings, model)]
    assert usual == ["rasa", "actions", "web", "trainer"]
    worker = processes(separate, model)[-1]
    assert (worker.name, worker.command[-1], worker.health_url) == ("worker", "worker", None)


WEBHOOK = {
    "gateway": "webhook",
    "gateway_url": "https://shop.example/hook",
    "gateway_status_url": "https://shop.example/remedies/{key}",
    "gateway_secret": SECRET,
}


@pytest.mark.parametrize(
    ("change", "line"),
    [
        ({}, None),
        ({"gateway": "ledger", "gateway_secret": ""}, None),
        ({"gateway_url": ""}, "MAKEGOOD_GATEWAY=webhook needs MAKEGOOD_GATEWAY_URL: set it"),
        ({"gateway_status_url": ""}, "webhook needs MAKEGOOD_GATEWAY_STATUS_URL"),
        ({"gateway_secret": ""}, "webhook needs MAKEGOOD_GATEWAY_SECRET"),
        ({"gateway_secret": "hunter2"}, "The secret is shorter than 16 characters."),
        ({"gateway_url": "http://shop.example"}, "The url must begin with https://"),
        ({"gateway_status_url": "https://shop.example"}, "The status_url has no {key}"),
    ],
)
def test_a_webhook_that_cannot_work_stops_the_start(
    settings: Settings, change: dict[str, str], line: str | None
) -> None:
    """
    One line that names what is wrong, and never the secret.
    """
    found = check_gateway(settings.model_copy(update=WEBHOOK | change))

    assert (line is None and found is None) or (line or "") in str(found)
    assert SECRET not in str(found)
    assert "hunter2" not in str(found)
    assert len(str(found).splitlines()) == 1


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """The files with which an installation begins, and nothing installed."""
    shutil.copy(ROOT / "Makefile", tmp_path)
    shutil.copytree(ROOT / "scripts", tmp_path / "scripts")

    return tmp_path


@pytest.mark.parametrize("version", ["3.12", "3.10"])
def test_a_missing_python_is_one_line(clone: Path, tmp_path: Path, version: str) -> None:
    """
    A command of the right name that does not run, as pyenv's stand-in for a version that is not
    installed, is a missing Python; the line says what to install.
    """
    commands = tmp_path / "commands"
    commands.mkdir()
    for each in ("3.12", "3.10"):
        stand_in = commands / f"python{each}"
        works = f"echo /somewhere/python{each} {each.replace('.', ' ')}"
        stand_in.write_text(f"#!/bin/sh\n{works if each != version else 'exit 127'}\n")
        stand_in.chmod(0o755)

    done = subprocess.run(
        ["make", "pythons"],
        cwd=clone,
        env={**os.environ, "PATH": f"{commands}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
    )

    assert done.returncode != 0
    assert done.stderr.splitlines()[0] == (
        f"Python {version} is missing (with its venv module): install it, for example with "
        f"`pyenv install {version}`, or set PYTHON{version.replace('.', '')} to its path, "
        "and start again."
    )


def test_an_installation_on_a_full_disk_is_one_line() -> None:
    """
    Whatever the installer says about a full disk, the person reads what to do.
    """
    step = ROOT / "scripts" / "step"
    fails = "echo 'failed to write: No space left on device (os error 28)' >&2; exit 2"

    done = subprocess.run([step, "Install", "sh", "-c", fails], capture_output=True, text=True)

    assert done.returncode == 2
    assert done.stderr == "✗ Install\nThe disk is full: free 4 GB and start again.\n"


def test_a_failed_installation_shows_why() -> None:
    """
    What a step printed is shown when it fails, and only then.
    """
    step = ROOT / "scripts" / "step"

    done, failed = (
        subprocess.run([step, "Install", "sh", "-c", end], capture_output=True, text=True)
        for end in ("echo noise", "echo reason; exit 3")
    )

    assert "noise" not in done.stdout
    assert "✓ Install" in done.stdout
    assert (failed.returncode, failed.stderr) == (3, "✗ Install\nreason\n")


def test_what_trainers_have_broken_is_told_before_the_start(tmp_path: Path) -> None:
    """
    With the file and its line; a house that runs goes on with what was there before.
    """
    assert check_intents(ROOT) is None
    assert check_templates(ROOT / "templates", tmp_path) is None

    for name in ("rulebook/intents.yml", "templates/en/answers.j2"):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_text("intents: {% block a %}\n")

    assert "intents.yml, line 1: " in str(check_intents(tmp_path))
    assert "answers.j2, line 1: " in str(check_templates(ROOT / "templates", tmp_path))
