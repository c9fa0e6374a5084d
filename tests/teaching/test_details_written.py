"""Details that agents marked, from a conversation into the files, on SQLite and PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.casework.agents import Role
from bot.casework.inbox import InboxState
from bot.casework.turns import Entity
from bot.services.answering import do_correct
from bot.services.labelling import do_label, take_next
from bot.teaching.collecting import collect_talks
from bot.teaching.upkeep import Heard, hear_later_words
from tests.dialog import Dialog, Shop
from tests.factories import an_order, the_rulebook
from tests.teaching.test_labels import KNOWN, Desk
from tests.workbench.reading import read


@pytest.fixture
def desk(database_url: str, tmp_path: Path) -> Iterator[Desk]:
    """A trainer and an agent, each database in turn."""
    shop = Shop(an_order(), rules=the_rulebook(), url=database_url)
    one = Desk(shop, tmp_path)
    one.shop, one.ann = shop, shop.hires("Ann Poe", Role.AGENT)
    yield one
    shop.engine.dispose()


def writes(desk: Desk, text: str) -> str:
    chat = Dialog(desk.shop, None)
    chat.mumbles(text, "order_status", "order_late")

    return chat.last_message


def collect(desk: Desk) -> None:
    list(collect_talks(desk.house, read, "m1"))


def mark(desk: Desk, message: str, kind: str, value: str) -> Heard:
    with desk.house.units.reading() as unit:
        start = unit.conversations.get_message(message).text.index(value)
    entity = Entity(name=kind, value=value, start=start, end=start + len(value))
    do_correct(desk.house, message, desk.ann, intent=None, entities=[entity], known_intents=KNOWN)

    return hear_later_words(desk.house)


def accept(desk: Desk) -> InboxState:
    message = take_next(desk.house, desk.kim)

    return do_label(desk.house, message.id, desk.kim, intent="order_status", known_intents=KNOWN)


def written(desk: Desk) -> set[str]:
    desk.write()

    return set(desk.examples(test=False) | desk.examples(test=True))


@pytest.mark.parametrize("collected_first", [True, False])
def test_the_trainer_only_accepts(desk: Desk, collected_first: bool):
    message = writes(desk, "kim@lee.example hm the XL parcel")
    if collected_first:
        collect(desk)
    mark(desk, message, "size", "XL")
    collect(desk)
    accept(desk)

    assert "buyer@example.com hm the [XL](size) parcel" in written(desk)


def test_details_of_another_message_of_the_group_are_written_with_it(desk: Desk):
    writes(desk, "hm the parcel")
    message = writes(desk, "hm the XL parcel")
    collect(desk)
    mark(desk, message, "size", "XL")
    accept(desk)

    assert {"hm the parcel", "hm the [XL](size) parcel"} <= written(desk)


def test_a_decision_is_opened_again_and_written_with_the_details(desk: Desk):
    message = writes(desk, "hm the XL parcel")
    collect(desk)
    accept(desk)

    assert mark(desk, message, "size", "XL") == Heard(words=1, reopened=1)
    assert desk.states() == [("second", "order_status")]
    assert accept(desk) is InboxState.LABELLED
    assert "hm the [XL](size) parcel" in written(desk)
    assert mark(desk, message, "size", "the XL") == Heard(words=1)
    assert desk.states() == [("written", "order_status")]
