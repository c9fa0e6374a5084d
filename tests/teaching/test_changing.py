"""Changes of the project's files: whole or not at all, whenever the process ends."""

import fcntl
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from bot.casework.agents import Role
from bot.casework.ports.units import Missing
from bot.commands.trainer import build_trainer
from bot.services.turn_queue import NotAcceptable
from bot.serving import Serving, Swap, read_wanted, write_serving
from bot.settings import ROOT, Settings
from bot.startup import recover_change
from bot.store.migrate import migrate
from bot.teaching.changing import (
    do_change,
    held_still,
    is_half_done,
    list_changes,
    read_change,
    recover,
    undo,
)
from bot.workbench.project.edits import NewIntent, Typed, create_intent, edit_examples
from bot.workbench.project.files import FileChange, Project, read_project
from bot.workbench.project.intent_words import Does, IntentWords
from bot.workbench.project.journal import forget, locked, recover_files, write_files
from bot.workbench.project.wrong_edit import WrongEdit
from tests.dialog import Shop
from tests.factories import an_order, the_rulebook
from tests.workbench.projects import a_folder, contents


class Killed(BaseException):
    """The process ends here."""


class Place:
    """A project, a state folder, a house and a trainer."""

    def __init__(self, shop, folder: Path) -> None:
        self.project, self.state = a_folder(folder / "project"), folder / "state"
        self.shop, self.house = shop, shop.house
        self.kim = shop.hires("Kim Doe", Role.TRAINER)

    def change(self, edit, reason="because", **more):
        self.shop.now += timedelta(seconds=1)
        return do_change(self.house, self.project, self.state, self.kim, edit, reason, **more)

    def undo(self, change, reason="because"):
        self.shop.now += timedelta(seconds=1)
        return undo(self.house, self.project, self.state, self.kim, change.id, reason)

    def recover(self):
        recover(self.house, self.project, self.state)

    @property
    def changes(self):
        return list_changes(self.house, 0).changes

    @property
    def files(self):
        return contents(self.project)


@pytest.fixture
def place(shop, tmp_path):
    return Place(shop(an_order()), tmp_path)


def adding(*texts: str, intent: str = "greet"):
    return lambda project: edit_examples(project, intent, [Typed(one, "en") for one in texts], [])


def removing(*texts: str, intent: str = "greet"):
    return lambda project: edit_examples(project, intent, [], texts)


def a_gift(project: Project):
    new = NewIntent(
        name="gift",
        words=IntentWords(description="A gift.", titles={"en": "Gift", "ru": "Подарок"}),
        does=Does(kind="answer"),
        answers={"en": "Yes.", "ru": "Да."},
        examples=[Typed("wrap it", "en"), Typed("as a gift", "en")],
    )
    return create_intent(project, new)


# Crashes


def killed_at(monkeypatch, number: int) -> list[str]:
    """From now on the so-and-so-many-th write to the disk is the last thing that happens."""
    done: list[str] = []

    def counting(name, real):
        def count(*arguments, **more):
            done.append(name)
            if len(done) >= number:
                raise Killed(name)
            return real(*arguments, **more)

        return count

    for name in ("replace", "fsync"):
        monkeypatch.setattr(os, name, counting(name, getattr(os, name)))

    return done


def test_a_crash_at_any_step_leaves_all_or_nothing(place, monkeypatch):
    before = place.files
    after = None
    whole = 0
    for number in range(1, 100):
        with monkeypatch.context() as broken:
            done = killed_at(broken, number)
            try:
                made = place.change(a_gift)
            except Killed:
                made = None
        if made is None:
            place.recover()
        assert not is_half_done(place.state)
        found = place.changes
        standing = [one for one in found if not one.undone_by and one.kind != "undo"]
        if place.files == before:
            assert standing == []
            continue
        whole += 1
        after = after or place.files
        (change,) = standing
        assert (place.files, len(after)) == (after, len(before) + 4)
        if made:
            break
        place.undo(change)
        assert place.files == before

    assert len(done) < number
    assert whole > 6


def test_a_row_that_could_not_be_written_comes_later(place, monkeypatch):
    with monkeypatch.context() as broken:
        broken.setattr("bot.store.changes.SqlChanges.add", lambda *_: (_ for _ in ()).throw(Killed))
        with pytest.raises(Killed):
            place.change(adding("good day"))
    assert place.changes == ()
    written = place.files

    second = place.change(adding("good evening"))
    assert [one.summary for one in place.changes] == ["1 example added to greet."] * 2
    place.undo(second)
    assert place.files == written


def test_a_disk_that_is_full_changes_nothing(place, monkeypatch):
    before = place.files
    for number in range(1, 12):
        with monkeypatch.context() as broken:
            real, count = os.replace, iter(range(1, 1000))

            def full(*arguments, real=real, count=count, number=number):
                if next(count) == number:
                    raise OSError(28, "No space left on device")
                return real(*arguments)

            broken.setattr(os, "replace", full)
            try:
                place.change(a_gift)
            except NotAcceptable as refused:
                assert refused.code == "cannot_write"
                assert "No space left" in str(refused)
            else:
                break
        assert (place.files, place.changes, is_half_done(place.state)) == (before, (), False)

    assert number > 6


def test_the_house_begins_with_whole_files(tmp_path, monkeypatch):
    settings = Settings(
        _env_file=None, state=tmp_path / "state", project=a_folder(tmp_path / "project")
    )
    settings.state_dir.mkdir()
    migrate(settings.store_url)
    shop = Shop(rules=the_rulebook(), url=settings.store_url, migrated=True)
    kim = shop.hires("Kim Doe", Role.TRAINER)
    with monkeypatch.context() as broken:
        killed_at(broken, 12)
        with pytest.raises(Killed):
            do_change(shop.house, settings.project, settings.state_dir, kim, a_gift, "because")
    assert is_half_done(settings.state_dir)

    recover_change(settings)
    (change,) = list_changes(shop.house, 0).changes
    assert (change.kind, change.agent.name) == ("create", "Kim Doe")
    assert "gift" in read_project(settings.project).intents
    assert not is_half_done(settings.state_dir)


def test_whoever_copies_the_files_finds_whole_changes(place, monkeypatch):
    with monkeypatch.context() as broken:
        killed_at(broken, 12)
        with pytest.raises(Killed):
            place.change(a_gift)
    assert is_half_done(place.state)

    with held_still(place.house, place.project, place.state):
        assert not is_half_done(place.state)
        assert "gift" in read_project(place.project).intents
        with (place.state / "changing" / "lock").open("w") as lock, pytest.raises(BlockingIOError):
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)


def test_the_trainer_holds_them_still(place):
    settings = Settings(_env_file=None, state=place.state, project=place.project)
    still = build_trainer(settings, place.house).still
    path = place.state / "changing" / "lock"
    with still(), path.open("w") as lock, pytest.raises(BlockingIOError):
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)


SLOW = """
import os, sys
from pathlib import Path
from bot.workbench.project.files import FileChange, read_project
from bot.workbench.project.journal import locked, write_files

project, state = Path(sys.argv[1]), Path(sys.argv[2])
files = [
    FileChange(path, text, text + "# more\\n") for path, text in read_project(project).texts.items()
]
real, count = os.replace, 0

def replace(*arguments):
    global count
    count += 1
    if count == 4:  # the journal and two files
        print("here", flush=True)
        sys.stdin.read()
    return real(*arguments)

os.replace = replace
with locked(state):
    write_files(project, state, files, "the note")
"""
MANY = """
import sys
from datetime import timedelta
from pathlib import Path
from bot.workbench.project.edits import Typed, edit_examples
from bot.workbench.project.files import changes_between, read_project
from bot.workbench.project.journal import forget, locked, write_files

project, state, who = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
for number in range(8):
    with locked(state):
        before = read_project(project)
        edited = edit_examples(before, "greet", [Typed(f"hello {who} {number}", "en")], [])
        write_files(project, state, changes_between(before, edited.project), "")
        forget(state)
"""


def run(script: str, *arguments: object, **more) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", script, *map(str, arguments)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        **more,
    )


def test_the_live_model_stays_when_the_files_change(place):
    """
    A restart is no way round the gate; a wish that somebody had is left alone.
    """
    place.change(adding("nobody serves yet"))
    assert read_wanted(place.state) is None

    write_serving(place.state, Serving(model="live.tar.gz", url="", wanted="", swap=Swap.STEADY))
    place.change(adding("good evening to you"))
    wish = read_wanted(place.state)
    assert wish is not None
    assert wish.model == "live.tar.gz"

    place.change(adding("a very good day"))
    assert read_wanted(place.state) == wish


def test_a_process_that_is_killed_in_the_middle(place):
    before = place.files
    with run(SLOW, place.project, place.state) as process:
        assert process.stdout.readline() == "here\n"
        process.kill()
    half = [name for name, content in place.files.items() if content != before.get(name)]
    assert len([name for name in half if name in before]) == 2

    with locked(place.state):
        assert recover_files(place.project, place.state) == "the note"
        forget(place.state)
        assert recover_files(place.project, place.state) is None
    assert place.files == {name: content + b"# more\n" for name, content in before.items()}


def test_two_processes_write_one_after_the_other(place):
    processes = [run(MANY, place.project, place.state, who) for who in ("one", "two")]
    for process in processes:
        process.communicate()
        assert process.returncode == 0
    found = [one.said.text for one in read_project(place.project).examples]

    for who in ("one", "two"):
        assert [one for one in found if who in one] == [f"hello {who} {n}" for n in range(8)]


# What somebody writes by hand meanwhile


def by_hand(
    place, path="data/nlu/orders.yml", old="    - my parcel", new="    - hand\n    - my parcel"
):
    text = (place.project / path).read_text("utf-8")
    assert old in text
    (place.project / path).write_text(text.replace(old, new, 1), "utf-8")


def test_a_file_is_read_anew(place):
    times = []

    def edit(project):
        edited = adding("late by days", intent="late_delivery")(project)
        if not times:
            by_hand(place)
        times.append(1)
        return edited

    place.change(edit)
    text = (place.project / "data/nlu/orders.yml").read_text("utf-8")
    assert (len(times), "- hand\n" in text, "- late by days\n" in text) == (2, True, True)


def test_whoever_never_stops_writing_is_waited_for_no_longer(place):
    def edit(project):
        edited = adding("late by days", intent="late_delivery")(project)
        by_hand(place)
        return edited

    with pytest.raises(NotAcceptable) as refused:
        place.change(edit)
    assert refused.value.code == "busy"
    assert place.changes == ()


def test_a_hand_in_a_half_written_change_is_not_overwritten(place, monkeypatch):
    before = place.files
    with monkeypatch.context() as broken:
        killed_at(broken, 12)
        with pytest.raises(Killed):
            place.change(a_gift)
    assert place.files != before
    by_hand(place)
    by_hand(place, "domain.yml", "# service", "# services")

    place.recover()
    assert place.changes == ()
    assert not is_half_done(place.state)
    rest = {name: text for name, text in place.files.items() if not Path(name).name.startswith(".")}
    assert rest["domain.yml"] == before["domain.yml"].replace(b"# service", b"# services")
    assert rest == before | {name: rest[name] for name in ("domain.yml", "data/nlu/orders.yml")}
    place.change(a_gift)


# Reasons, undo


@pytest.mark.parametrize("reason", ["", "  \n ", "\u200b", "x" * 1001])
def test_a_reason_is_needed(place, reason):
    before = place.files
    with pytest.raises(NotAcceptable) as refused:
        place.change(adding("good day"), reason)

    assert (refused.value.code, place.files) == ("reason_needed", before)
    assert place.change(adding("good day"), reason[:1000], preview=True).id == ""


def test_an_undo_leaves_what_came_later(place):
    first = place.change(adding("good day"))
    place.change(adding("a robot", intent="human_agent"))
    later = place.files
    place.undo(first)

    assert b"good day" not in place.files["data/nlu/dialogue.yml"]
    assert b"a robot" in place.files["data/nlu/dialogue.yml"]
    place.undo(place.changes[0])
    assert place.files == later


def test_an_undo_of_lines_that_were_changed_since_is_refused(place):
    first = place.change(adding("good day", "good evening"))
    second = place.change(removing("good day"))
    with pytest.raises(NotAcceptable) as refused:
        place.undo(first)

    assert refused.value.code == "changed_since"
    assert "data/nlu/dialogue.yml" in str(refused.value)
    place.undo(second)
    place.undo(first)
    assert b"good day" not in place.files["data/nlu/dialogue.yml"]


def test_an_undo_may_not_break_anything(place):
    gift = place.change(a_gift)
    place.change(adding("a present", intent="gift"))
    with pytest.raises(NotAcceptable) as refused:
        place.undo(gift)

    assert refused.value.code == "changed_since"


def test_what_is_gone_already_cannot_be_undone(place):
    before = (place.project / "data/nlu/dialogue.yml").read_bytes()
    first = place.change(adding("good day"))
    (place.project / "data/nlu/dialogue.yml").write_bytes(before)

    with pytest.raises(NotAcceptable) as refused:
        place.undo(first)
    assert refused.value.code == "nothing_to_change"


def test_a_change_that_is_not_there(place):
    with pytest.raises(Missing):
        read_change(place.house, "nowhere")


# What is out of reach


@pytest.mark.parametrize(
    "path",
    [
        *("rulebook/seller.yml", "config.yml", "../outside.yml", "data/nlu/../../domain.yml"),
        *("templates/en/faq.j2", "data/demo/orders.yml", "bot/x.py", "/etc/passwd", "domain.yml\n"),
    ],
)
def test_other_files_are_never_written(place, path):
    before = place.files
    with locked(place.state), pytest.raises(WrongEdit):
        write_files(place.project, place.state, [FileChange(path, None, "money: all\n")], "")

    assert place.files == before


def test_a_link_is_not_followed(place):
    seller = place.project / "rulebook" / "seller.yml"
    seller.parent.mkdir()
    seller.write_text("limit: 10\n")
    (place.project / "rulebook" / "intents.yml").symlink_to(seller)
    with pytest.raises((NotAcceptable, WrongEdit)):
        place.change(a_gift)

    assert seller.read_text() == "limit: 10\n"


def test_the_mode_of_a_file_stays(place):
    path = place.project / "data/nlu/dialogue.yml"
    path.chmod(0o640)
    place.change(adding("good day"))

    assert path.stat().st_mode & 0o777 == 0o640
