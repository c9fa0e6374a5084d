"""Trainers who label at the same moment, on SQLite and on PostgreSQL."""

from collections import Counter
from collections.abc import Iterator
from functools import partial

import pytest

from bot.casework.agents import Role
from bot.services.answering import do_correct
from bot.services.labelling import do_label, do_undo, take_next
from bot.services.turn_queue import NotAcceptable
from bot.store.tables import inbox, labels
from bot.teaching.collecting import collect_talks, import_messages
from bot.teaching.upkeep import hear_later_words
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


@pytest.mark.parametrize("batch", [1, 7, 500])
def test_two_imports_at_once_bring_everything_in_once(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, batch: int
):
    """
    Neither fails, whatever part of the other's words it has; the sizes of the groups are right.
    """
    monkeypatch.setattr("bot.teaching.collecting.BATCH", batch)
    both = [f"my {what} number {n}" for n in range(10) for what in ("parcel", "refund")]
    files = [[*both, "only the first broke"], [*reversed(both), "only the second broke"]]

    def bring_in(texts):
        return list(import_messages(shop.house, texts, read, "a model"))[-1].new

    new = at_once(*(partial(bring_in, texts) for texts in files))

    rows = shop.rows(inbox)
    assert sum(new) == len(both) + 2
    assert len({row["key"] for row in rows}) == len(rows) == len(SAID) + len(both) + 2
    assert sum(row["seen"] for row in rows) == len(SAID) + 2 * len(both) + 2
    sizes = {row["id"]: row["size"] for row in rows if row["leads"]}
    members = Counter(row["group_id"] for row in rows)
    assert sizes == dict(members)
    assert len(sizes) == len(SAID)


def test_an_import_and_a_correction_at_once(shop: Shop):
    """
    Both hold their rows; who comes second waits, and neither is lost.
    """
    chat = Dialog(shop, "ada@example.com")
    chat.mumbles("hm the refund thing", "refund_request", "refund_status")
    list(collect_talks(shop.house, read, "a model"))
    ann = shop.hires("Ann Poe", Role.AGENT)
    do_correct(
        shop.house,
        chat.last_message,
        ann,
        intent="refund_request",
        entities=None,
        known_intents=INTENTS,
    )
    texts = [f"my refund number {n}" for n in range(20)]
    at_once(
        lambda: hear_later_words(shop.house),
        lambda: list(import_messages(shop.house, texts, read, "a model")),
        lambda: hear_later_words(shop.house),
    )

    (lead,) = (row for row in shop.rows(inbox) if row["text"] == "a refund please")
    assert (lead["size"], lead["suggested"], lead["cause"]) == (22, "refund_request", "corrected")


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
