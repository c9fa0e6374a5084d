"""The commands about people who work at the desk."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.cli import main
from bot.keys import Argon2Keys
from bot.opened_house import opened_house
from bot.services.links import check_link, do_welcome
from bot.settings import Settings
from bot.startup import make_owner_link, welcome
from bot.store.migrate import migrate

Run = Callable[..., tuple[int, str, str]]
PASSWORD = "seven green bottles, standing"


@pytest.fixture
def makegood(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Run:
    """Runs the command line on a database of its own; exit code, output, errors."""
    monkeypatch.setenv("MAKEGOOD_STATE", str(tmp_path))
    monkeypatch.setenv("MAKEGOOD_PUBLIC_URL", "https://chat.example")
    monkeypatch.delenv("MAKEGOOD_DATABASE_URL", raising=False)
    monkeypatch.setenv("COLUMNS", "200")

    def run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["makegood", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()

        return int(ended.value.code or 0), said.out, said.err

    return run


def add(makegood: Run, *more: str, email: str = "ann@shop.example") -> str:
    """Add somebody; the token of their link."""
    code, out, err = makegood("agents", "add", email, "--name", "Ann Lee", *more)
    assert (code, err) == (0, "")

    return out.strip().partition("https://chat.example/desk/welcome#")[2]


def test_somebody_is_added(makegood: Run):
    """
    And gets in by the link that was printed.
    """
    assert "Nobody works here yet" in makegood("agents", "list")[1]
    token = add(makegood, "--role", "owner", "--team", "returns", "--reads", "en, RU")

    with opened_house() as house:
        account = check_link(house, token).account
        assert account
        assert (account.agent.role, account.agent.reads) == ("owner", ("en", "ru"))
        do_welcome(house, Argon2Keys(), token, PASSWORD, ip="")
    code, out, _ = makegood("agents", "list")
    assert code == 0
    assert "ann@shop.example" in out
    assert "returns" in out
    assert "en,ru" in out


def test_a_new_link(makegood: Run):
    """
    Ends the one before.
    """
    first = add(makegood)
    code, out, _ = makegood("agents", "link", "ANN@shop.example", "--drop-totp")
    second = out.strip().partition("#")[2]

    assert code == 0
    with opened_house() as house:
        assert check_link(house, second).account
        with pytest.raises(Exception, match="replaced by a newer one"):
            check_link(house, first)


def test_locked_out_and_let_in(makegood: Run):
    """
    By the e-mail.
    """
    add(makegood)

    assert makegood("agents", "disable", "ann@shop.example")[:2] == (0, "Ann Lee is locked out.\n")
    assert "locked out" in makegood("agents", "list")[1]
    code, _, err = makegood("agents", "link", "ann@shop.example")
    assert (code, err) == (1, "Not possible: Ann Lee is locked out. Let them in first.\n")
    assert makegood("agents", "enable", "ann@shop.example")[1] == "Ann Lee may sign in again.\n"


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["add", "ann", "--name", "Ann"], 1, "That is no e-mail address."),
        (["add", "ann@shop.example", "--name", "Ann"], 1, "ann@shop.example is an agent already."),
        (["add", "b@shop.example", "--name", "B", "--reads", "english"], 1, "en, ru, de"),
        (["add", "b@shop.example", "--name", "B", "--role", "king"], 2, "'king' is not one of"),
        (["link", "nobody@shop.example"], 2, "There is no agent nobody@shop.example"),
        (["disable", "ann@shop.example"], 1, "This is the last owner."),
    ],
)
def test_refusals_are_one_line(makegood: Run, arguments: list[str], code: int, said: str):
    """
    Without a traceback.
    """
    add(makegood, "--role", "owner")
    ended, out, err = makegood("agents", *arguments)

    assert (ended, out) == (code, "")
    assert said in err
    assert "Traceback" not in err


def test_the_first_start_prints_a_link(makegood: Run, tmp_path: Path):
    """
    Each start a new one that ends the one before, until there is somebody.
    """
    settings = Settings(_env_file=None, state=tmp_path, public_url="https://chat.example")
    migrate(settings.store_url)
    first, second = make_owner_link(settings), make_owner_link(settings)

    assert second in welcome(settings, second)
    assert "Nobody works at the desk yet." in welcome(settings, second)
    with opened_house() as house:
        with pytest.raises(Exception, match="replaced by a newer one"):
            check_link(house, first.partition("#")[2])
        assert check_link(house, second.partition("#")[2]).account is None

    add(makegood)
    assert make_owner_link(settings) == ""
    assert "Nobody works" not in welcome(settings, "")
