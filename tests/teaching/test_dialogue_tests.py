"""Dialogue tests as changes of the project's files: taken back, committed, several at once."""

import subprocess
from collections.abc import Iterator
from datetime import timedelta
from functools import partial

import pytest

from bot.casework.agents import Agent, Role
from bot.services.turn_queue import NotAcceptable
from bot.settings import ROOT, Settings
from bot.store.tables import changes
from bot.teaching.changing import commit, do_change, list_changes, undo
from bot.teaching.dialogue_tests import do_drop_dialogue, list_dialogue_tests
from bot.teaching.keeping import Kept, do_keep_dialogue
from bot.workbench.project.edits import Typed, edit_examples
from tests.dialog import Dialog, Shop
from tests.factories import the_rulebook
from tests.services.test_at_once import at_once
from tests.workbench.projects import a_folder, contents


@pytest.fixture
def shop(database_url: str) -> Iterator[Shop]:
    """A shop in a database that threads share."""
    one = Shop(rules=the_rulebook(), url=database_url)
    yield one
    one.engine.dispose()


@pytest.fixture
def settings(tmp_path) -> Settings:
    return Settings(
        _env_file=None,
        project=a_folder(tmp_path / "project"),
        state=tmp_path / "state",
        rulebook=ROOT / "rulebook",
    )


@pytest.fixture
def kim(shop: Shop) -> Agent:
    return shop.hires("Kim Doe", Role.TRAINER)


def a_talk(shop: Shop, number: int = 0) -> Dialog:
    buyer = Dialog(shop, f"ada{number}@example.com")
    buyer.says("greet", f"hello for the time number {number}")

    return buyer


def keep(shop: Shop, settings: Settings, kim: Agent, talk: Dialog) -> Kept:
    return do_keep_dialogue(shop.house, settings, kim, talk.id, "says hello", "all buyers do")


def test_taken_back_and_back_again(shop: Shop, settings: Settings, kim: Agent):
    """
    As recorded, the undo of that, and the undo of the undo; so with one that is removed.
    """
    folders = settings.project, settings.state_dir, kim
    before = contents(settings.project)
    kept = keep(shop, settings, kim, a_talk(shop))
    with_it = contents(settings.project)
    assert [one.path for one in list_dialogue_tests(shop.house, settings)] == [kept.path]

    gone = undo(shop.house, *folders, kept.change.id, "not now")
    assert (contents(settings.project), gone.kind) == (before, "undo")
    undo(shop.house, *folders, gone.id, "do, please")
    assert contents(settings.project) == with_it

    dropped = do_drop_dialogue(shop.house, settings, kim, kept.path, "not now")
    assert contents(settings.project) == before
    undo(shop.house, *folders, dropped.id, "do, please")
    assert contents(settings.project) == with_it


def test_one_that_was_edited_by_hand_is_not_taken_back(shop: Shop, settings: Settings, kim: Agent):
    kept = keep(shop, settings, kim, a_talk(shop))
    with (settings.project / kept.path).open("a") as file:
        file.write("# by hand\n")

    with pytest.raises(NotAcceptable, match="changed since"):
        undo(shop.house, settings.project, settings.state_dir, kim, kept.change.id, "not now")
    assert (settings.project / kept.path).exists()


def test_committed(shop: Shop, settings: Settings, kim: Agent):
    """
    A commit of its own with that file alone.
    """
    git = partial(subprocess.run, cwd=settings.project, check=True, capture_output=True, text=True)
    git(["git", "init", "-q"])
    git(["git", "add", "."])
    who = ["-c", "user.name=Max", "-c", "user.email=max@shop.example"]
    git(["git", *who, "commit", "-qm", "all"])
    kept = keep(shop, settings, kim, a_talk(shop))
    commit(shop.house, settings.project, settings.state_dir, kim, kept.change.id)

    told = git(["git", "show", "--name-only", "--format=%an: %s"]).stdout.split("\n\n")
    assert told == ["Kim Doe: Dialogue test “says hello” kept: 1 line", f"{kept.path}\n"]
    assert git(["git", "status", "--porcelain"]).stdout == ""


def test_several_at_once(shop: Shop, settings: Settings, kim: Agent):
    """
    Each has its file and its change, beside a change of examples; one twice is kept once.
    """
    talks = [a_talk(shop, number) for number in range(3)]

    def kept(talk: Dialog) -> str:
        try:
            return keep(shop, settings, kim, talk).path
        except NotAcceptable as error:
            return error.code

    def add() -> str:
        def edit(project):
            return edit_examples(project, "greet", [Typed("good day", "en")], [])

        do_change(shop.house, settings.project, settings.state_dir, kim, edit, "because")
        return ""

    heard = at_once(*(partial(kept, talk) for talk in (*talks, talks[0])), add)

    tests = list_dialogue_tests(shop.house, settings)
    assert sorted(heard) == sorted(["", "kept_already", *(one.path for one in tests)])
    assert sorted(line.text for one in tests for line in one.dialogues[0].lines) == [
        f"hello for the time number {number}" for number in range(3)
    ]
    assert len(shop.rows(changes)) == 4


def test_there_is_nothing_to_learn_in_them(shop: Shop, settings: Settings, kim: Agent):
    """
    The models page counts what a training would learn from.
    """
    start = shop.now - timedelta(seconds=1)
    kept = keep(shop, settings, kim, a_talk(shop))
    undo(shop.house, settings.project, settings.state_dir, kim, kept.change.id, "not now")

    assert len(list_changes(shop.house, 0).changes) == 2
    with shop.house.units.reading() as unit:
        assert unit.trainings.changes_since(start) == 0
