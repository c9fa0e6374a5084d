"""The rulebook of a running house: a change holds at once, a broken one changes nothing."""

import logging
import shutil
from pathlib import Path

import pytest

from bot.rulebook import BrokenRulebook, WatchedRulebook, load_rulebook
from bot.settings import ROOT


class Watch:
    """A clock that the test turns."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Our own rulebook, to be changed."""
    return Path(shutil.copytree(ROOT / "rulebook", tmp_path / "rulebook"))


@pytest.fixture
def watch() -> Watch:
    """The clock of the watched rulebook."""
    return Watch()


def change(folder: Path, old: str, new: str, file: str = "seller.yml") -> None:
    """Save the file with something else in it."""
    text = (folder / file).read_text()
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1))


def test_a_change_holds_a_second_later(folder: Path, watch: Watch) -> None:
    """
    Not at every turn: files are looked at once a second.
    """
    rules = WatchedRulebook(folder, clock=watch)
    before = rules()
    change(folder, "late_grace_days: 3", "late_grace_days: 4")

    watch.seconds += 0.5
    assert rules() is before
    watch.seconds += 0.5
    assert rules().late_grace_days == 4
    assert rules().version == load_rulebook(folder).version != before.version


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("marketplaces/amazon.yml", "outside_links: false", "outside_links: true"),
        ("stores/demo.yml", "We sell", "We still sell"),
    ],
)
def test_every_file_is_watched(folder: Path, watch: Watch, file: str, old: str, new: str) -> None:
    """
    Those of marketplaces and stores as well.
    """
    rules = WatchedRulebook(folder, clock=watch)
    before = rules().version
    change(folder, old, new, file)
    watch.seconds += 1

    assert rules().version != before


def test_a_new_store_is_seen(folder: Path, watch: Watch) -> None:
    """
    A file that was not there at the start.
    """
    rules = WatchedRulebook(folder, clock=watch)
    (folder / "stores" / "clay.yml").write_text("faq:\n  payment: {en: Cash.}\n")
    watch.seconds += 1

    assert rules().answer("payment", "clay", "en") == "Cash."


def test_a_broken_change_keeps_the_old_rules_and_says_so_once(
    folder: Path, watch: Watch, caplog: pytest.LogCaptureFixture
) -> None:
    """
    The seller is in the middle of typing, and buyers go on chatting.
    """
    rules = WatchedRulebook(folder, clock=watch)
    before = rules()
    change(folder, "late_grace_days: 3", "late_grace_days: many")
    for _ in range(3):
        watch.seconds += 1
        assert rules() is before
        assert rules.find_problem().startswith("seller.yml, line ")
        assert "late_grace_days: a whole number is expected" in rules.find_problem()

    assert [record.levelname for record in caplog.records] == ["ERROR"]
    assert "the old one is kept" in caplog.text
    assert str(folder / "seller.yml") in caplog.text


def test_a_mended_file_is_taken(
    folder: Path, watch: Watch, caplog: pytest.LogCaptureFixture
) -> None:
    """
    The problem is over, and the log tells the version that holds.
    """
    caplog.set_level(logging.INFO)
    rules = WatchedRulebook(folder, clock=watch)
    change(folder, "late_grace_days: 3", "late_grace_days: many")
    watch.seconds += 1
    rules()
    change(folder, "late_grace_days: many", "late_grace_days: 5")
    watch.seconds += 1

    assert rules().late_grace_days == 5
    assert rules.find_problem() == ""
    assert f"version {rules().version} from now on" in caplog.text


def test_a_file_that_is_gone_keeps_the_old_rules(folder: Path, watch: Watch) -> None:
    """
    Some editors take the file away before they write it anew; the folder may go, too.
    """
    rules = WatchedRulebook(folder, clock=watch)
    before = rules()
    (folder / "seller.yml").unlink()
    watch.seconds += 1
    assert rules() is before
    assert rules.find_problem() == "seller.yml: No such file or directory. Restore the file."

    shutil.rmtree(folder)
    watch.seconds += 1
    assert rules() is before


def test_a_replaced_file_of_the_same_size_is_seen(folder: Path, watch: Watch) -> None:
    """
    `rsync` and editors keep the time of a file, and one digit changes no size.
    """
    rules = WatchedRulebook(folder, clock=watch)
    seller, draft = folder / "seller.yml", folder / "draft"
    known = seller.stat()
    draft.write_text(seller.read_text().replace("late_grace_days: 3", "late_grace_days: 7"))
    shutil.copystat(seller, draft)
    draft.replace(seller)
    assert (seller.stat().st_mtime_ns, seller.stat().st_size) == (
        known.st_mtime_ns,
        known.st_size,
    )
    watch.seconds += 1

    assert rules().late_grace_days == 7


def test_nothing_starts_with_a_broken_one(folder: Path) -> None:
    """
    There are no old rules that could be kept.
    """
    change(folder, "late_grace_days: 3", "late_grace_days: many")

    with pytest.raises(BrokenRulebook):
        WatchedRulebook(folder)
