"""Where the shared secret is found."""

from pathlib import Path

import pytest

from bot.engine.secret import find_secret


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A state folder without a secret yet."""
    monkeypatch.delenv("MAKEGOOD_ACTIONS_SECRET", raising=False)
    monkeypatch.setenv("MAKEGOOD_STATE", str(tmp_path))
    return tmp_path


def write(state: Path, secret: str) -> None:
    (state / "secrets").mkdir(exist_ok=True)
    (state / "secrets" / "actions").write_text(secret)


def test_the_file_is_read_at_each_call(state: Path) -> None:
    """
    Another process makes the secret on first use, maybe after Rasa has started.
    """
    assert find_secret() is None

    write(state, "open sesame\n")
    assert find_secret() == "open sesame"

    write(state, "another")
    assert find_secret() == "another"


def test_the_environment_wins(state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Processes on several machines share no file.
    """
    write(state, "open sesame")
    monkeypatch.setenv("MAKEGOOD_ACTIONS_SECRET", "from outside")

    assert find_secret() == "from outside"


def test_an_empty_file_is_no_secret(state: Path) -> None:
    """
    Else an empty header would open the door.
    """
    write(state, " \n")

    assert find_secret() is None
