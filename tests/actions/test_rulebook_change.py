"""A seller changes the rulebook while buyers chat: the very next turn keeps to it."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from bot.rulebook import WatchedRulebook, load_rulebook
from bot.settings import ROOT, Settings
from bot.store.tables import decisions, messages
from bot.wiring import build_house
from tests.actions.calls import Line, recorded

pytestmark = pytest.mark.anyio

TEXT = recorded("damaged_item")["tracker"]["latest_message"]["text"]


class Watch:
    """A clock that the test turns."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Our own rulebook, to be changed."""
    return Path(shutil.copytree(ROOT / "rulebook", tmp_path / "rulebook"))


def versions(line: Line) -> list[object]:
    """The rulebook's version of each decision, in order."""
    seqs = {row["id"]: int(str(row["seq"])) for row in line.shop.rows(messages)}
    rows = sorted(line.shop.rows(decisions), key=lambda row: seqs[row["message_id"]])
    return [row["rulebook_version"] for row in rows]


async def test_the_next_turn_keeps_to_the_change(line: Line, folder: Path):
    """
    Without a restart; a broken change keeps what held, and the mended one is taken.
    """
    watch = Watch()
    line.shop.house = replace(line.shop.house, rulebooks=WatchedRulebook(folder, clock=watch))
    line = Line(line.shop)
    seller = folder / "seller.yml"
    right = seller.read_text()
    first = load_rulebook(folder).version

    await line.hears("damaged_item", TEXT)
    assert line.replies[-1] == "steps.ask_for_photo"

    changed = right.replace("  damaged_item:\n    ask_photo: true", "  damaged_item:", 1)
    assert changed != right
    seller.write_text(changed)
    watch.seconds += 1
    second = load_rulebook(folder).version
    await line.hears("damaged_item", TEXT)
    assert line.replies[-1] == "steps.offer_remedies"

    seller.write_text("problems: [")
    watch.seconds += 1
    await line.hears("damaged_item", TEXT)
    assert line.replies[-1] == "steps.offer_remedies"

    seller.write_text(right.replace("late_grace_days: 3", "late_grace_days: 4"))
    watch.seconds += 1
    third = load_rulebook(folder).version
    await line.hears("damaged_item", TEXT)

    assert list(dict.fromkeys(versions(line))) == [first, second, third]
    assert len({first, second, third}) == 3


def test_each_process_watches_by_itself(tmp_path: Path, folder: Path):
    """
    The action server and the web process each wire a house of their own.
    """
    settings = Settings(_env_file=None, state=tmp_path / "state", rulebook=folder)
    houses = [build_house(settings) for _ in range(2)]

    for house in houses:
        assert isinstance(house.rulebooks, WatchedRulebook)
        assert house.find_rulebook_problem() == ""
        house.units.close()
    assert houses[0].rulebooks is not houses[1].rulebooks
