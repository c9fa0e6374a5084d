"""Settings from the environment and .env, and secrets that are made once."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from bot.settings import ROOT, BrokenSettings, Settings, get_settings


@pytest.fixture(autouse=True)
def env_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An .env of the test's own, and nothing of MAKEGOOD_ in the environment."""
    path = tmp_path / ".env"
    monkeypatch.setitem(Settings.model_config, "env_file", path)
    for name in [*Settings.model_fields, "actions_secret"]:
        monkeypatch.delenv(f"MAKEGOOD_{name.upper()}", raising=False)

    return path


def test_everything_has_a_default() -> None:
    """
    A fresh clone starts without a single setting, on loopback, with its state in var/.
    """
    settings = get_settings()

    assert (settings.host, settings.port) == ("127.0.0.1", 8080)
    assert settings.state_dir == ROOT / "var"
    assert settings.store_url == f"sqlite:///{ROOT / 'var' / 'makegood.db'}"
    assert settings.web_url == "http://127.0.0.1:8080"
    assert settings.rasa_url == "http://127.0.0.1:5005"
    assert settings.actions_url == "http://127.0.0.1:5055"


def test_the_environment_wins_over_the_file(
    env_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    And the file over the default; other people's keys in it do not matter.
    """
    env_file.write_text("MAKEGOOD_PORT=9000\nMAKEGOOD_RASA_PORT=9005\nOTHER=1\n", "utf-8")
    monkeypatch.setenv("MAKEGOOD_PORT", "9001")

    settings = get_settings()

    assert (settings.port, settings.rasa_port, settings.actions_port) == (9001, 9005, 5055)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "0"),
        ("PORT", "65536"),
        ("PORT", "http"),
        ("RASA_PORT", ""),
        ("TURN_DEADLINE", "0"),
        ("TURN_DEADLINE", "nan"),
        ("TURN_DEADLINE", "121"),
        ("SESSION_DAYS", "0"),
        ("SESSION_DAYS", "1.5"),
    ],
)
def test_a_wrong_setting_is_named(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    With its value and where to correct it.
    """
    monkeypatch.setenv(f"MAKEGOOD_{name}", value)

    with pytest.raises(BrokenSettings) as error:
        get_settings()

    assert str(error.value).startswith(f"MAKEGOOD_{name}={value!r}: ")
    assert ".env" in str(error.value)


def test_a_file_in_another_encoding_is_named(env_file: Path) -> None:
    """
    One line instead of a traceback.
    """
    env_file.write_bytes(b"MAKEGOOD_HOST=\xff\xfe\n")

    with pytest.raises(BrokenSettings, match=r"\.env is not UTF-8"):
        get_settings()


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "http://127.0.0.1:8080"),
        ("0.0.0.0", "http://127.0.0.1:8080"),
        ("::", "http://[::1]:8080"),
        ("::1", "http://[::1]:8080"),
        ("shop.local", "http://shop.local:8080"),
    ],
)
def test_an_address_that_listens_everywhere_is_reached_on_loopback(host: str, address: str) -> None:
    """
    0.0.0.0 is where one listens, not where one connects to.
    """
    assert Settings(host=host).local_url == address


def test_the_public_address_is_what_buyers_see() -> None:
    """
    Without a slash at its end, so that paths can follow.
    """
    settings = Settings(public_url="https://chat.example/")

    assert settings.web_url == "https://chat.example"
    assert settings.local_url == "http://127.0.0.1:8080"


def test_a_place_of_ones_own(tmp_path: Path) -> None:
    """
    An absolute folder stays, a database URL wins over the file in it.
    """
    settings = Settings(state=tmp_path, database_url="postgresql+psycopg://db/makegood")

    assert settings.state_dir == tmp_path
    assert settings.store_url == "postgresql+psycopg://db/makegood"


def test_a_secret_is_made_once_and_kept_to_its_owner(tmp_path: Path) -> None:
    """
    The next process reads the same one, nobody else can.
    """
    state = tmp_path / "new" / "state"
    secret = Settings(state=state).secret("actions")
    folder = state / "secrets"

    assert len(secret) == 64
    assert Settings(state=state).secret("actions") == secret
    assert Settings(state=state).secret("tokens") != secret
    assert stat.S_IMODE((folder / "actions").stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {path.name for path in folder.iterdir()} == {"actions", "tokens"}


def test_whoever_asks_at_once_gets_the_same_secret(tmp_path: Path) -> None:
    """
    Processes and threads start together; one of them makes it, all of them read it.
    """
    together = Barrier(8)
    names = [f"secret-{number}" for number in range(20)]

    def ask(name: str) -> str:
        together.wait()
        return Settings(state=tmp_path).secret(name)

    with ThreadPoolExecutor(8) as pool:
        for name in names:
            assert len(set(pool.map(ask, [name] * 8))) == 1
    assert {path.name for path in (tmp_path / "secrets").iterdir()} == set(names)


def test_a_secret_from_the_environment_wins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    Processes on several machines share no folder.
    """
    monkeypatch.setenv("MAKEGOOD_ACTIONS_SECRET", "from outside")

    assert Settings(state=tmp_path).actions_secret == "from outside"
    assert not (tmp_path / "secrets").exists()
