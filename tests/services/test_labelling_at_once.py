"""Trainers who label at the same moment, on SQLite and on PostgreSQL."""

from collections.abc import Iterator
from functools import partial

import pytest

from bot.casework.agents import Role
from bot.services.labelling import do_label, do_undo, take_next
from bot.services.turn_queue import NotAcceptable
from bot.store.tables import inbox, labels
from bot.teaching.collecting import collect_talks, import_messages
from tests.dialog import Dialog, Shop
from tests.factories import an_order, the_rulebook
from tests.services.test_at_once import at_once
from tests.workbench.reading import read

SAID = ("where is my parcel", "a refund please", "it broke")
INTENTS = frozenset({"late_delivery", "refund_request"})


@pytest.fixture
def shop(database_url: str) -> Iterator[Shop]:
    """A shop with three messages in its inbox, of a database that threads share."""
    one = Shop(an_order(), rules=the_rulebook(), url=database_url)
    list(import_messages(one.house, SAID, read, "a model"))
    yield one
    one.engine.dispose()


def test_three_at_once_see_three(shop: Shop):
    """
    And each labels their own.
    """
    people = [shop.hires(f"{name} Reed", Role.TRAINER) for name in ("Kim", "Lou", "Max")]

    def work(agent):
        message = take_next(shop.house, agent)
        do_label(shop.house, message.id, agent, intent="late_delivery", known_intents=INTENTS)
        return message.id

    seen = at_once(*(partial(work, agent) for agent in people))

    assert len(set(seen)) == len(people)
    assert {row["state"] for row in shop.rows(inbox)} == {"labelled"}


def test_two_who_label_the_same_are_heard_once(shop: Shop):
    """
    Whoever comes second reads that it is decided, or that somebody else has it.
    """
    kim, lou = (shop.hires(f"{name} Reed", Role.TRAINER) for name in ("Kim", "Lou"))
    message = shop.rows(inbox)[0]["id"]

    def label(agent):
        try:
            do_label(shop.house, message, agent, intent="late_delivery", known_intents=INTENTS)
        except NotAcceptable as error:
            return error.code
        return "labelled"

    assert sorted(at_once(partial(label, kim), partial(label, lou))) == [
        "labelled",
        "labelled_already",
    ]
    assert len(shop.rows(labels)) == 1


def test_what_a_conversation_brings_is_taken_once(shop: Shop):
    """
    Also where it is labelled and taken back meanwhile.
    """
    chat = Dialog(shop, "ada@example.com")
    chat.mumbles("hm the refund thing", "refund_request", "refund_status")
    list(collect_talks(shop.house, read, "a model"))
    list(collect_talks(shop.house, read, "a model"))
    kim = shop.hires("Kim Reed", Role.TRAINER)
    first = take_next(shop.house, kim)
    do_label(shop.house, first.id, kim, intent="refund_request", known_intents=INTENTS)

    assert do_undo(shop.house, kim).id == first.id
    assert sorted(row["text"] for row in shop.rows(inbox)) == sorted([*SAID, "hm the refund thing"])
