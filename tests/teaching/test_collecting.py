"""Messages into the inbox: from files and from conversations, once, without personal data."""

from functools import partial

import pytest
import sqlalchemy as sa

from bot.casework.agents import Role
from bot.casework.inbox import Cause
from bot.casework.turns import Entity
from bot.services.answering import do_correct
from bot.services.labelling import list_inbox
from bot.store.database import reading
from bot.store.tables import inbox, inbox_origins
from bot.teaching.collecting import Collected, collect_talks, import_messages
from bot.teaching.upkeep import hear_later_words
from tests.dialog import Shop
from tests.factories import an_order
from tests.workbench.reading import read

MODEL = "makegood-1.tar.gz"


def take_in(shop: Shop, *texts: str) -> Collected:
    *_, last = import_messages(shop.house, texts, read, MODEL)

    return last


def collect(shop: Shop, sure: float = 0.5) -> Collected:
    every = [Collected(), *collect_talks(shop.house, partial(read, sure=sure), MODEL)]

    return every[-1]


def listed(shop: Shop) -> list[tuple[str, int]]:
    return [(one.text, one.size) for one in list_inbox(shop.house, 0).messages]


def test_a_file_comes_in_grouped(shop):
    one = shop(an_order())

    assert take_in(one, "where is my parcel", "my parcel is late", "it broke", "") == Collected(
        read=4, new=3, known=0, unusable=1
    )
    assert listed(one) == [("where is my parcel", 2), ("it broke", 1)]


def test_a_second_import_only_counts(shop):
    one = shop(an_order())
    take_in(one, "where is my parcel", "it broke")

    assert take_in(one, "Where is my  PARCEL", "it broke") == Collected(read=2, known=2)
    assert sorted(message.seen for message in list_inbox(one.house, 0).messages) == [2, 2]


def test_the_same_words_twice_in_a_file_are_one_message(shop):
    one = shop(an_order())

    assert take_in(one, "it broke", "it broke", "it broke").new == 1
    assert list_inbox(one.house, 0).messages[0].seen == 3


def test_nothing_of_a_person_is_stored(shop):
    one = shop(an_order())
    take_in(one, "my parcel is for kim@lee.example")

    with reading(one.engine) as db:
        rows = db.execute(sa.select(inbox)).mappings().all()
    assert "kim" not in str([{**row, "vector": b""} for row in rows])
    assert rows[0]["text"] == "my parcel is for buyer@example.com"


def test_what_was_not_understood_is_collected_once(dialog):
    buyer = dialog(an_order())
    buyer.mumbles("hm the parcel thing", "order_status", "order_late")

    assert collect(buyer.shop).new == 1
    assert collect(buyer.shop) == Collected()
    (message,) = list_inbox(buyer.shop.house, 0).messages
    assert (message.cause, message.text) == (Cause.REFUSED, "hm the parcel thing")


def test_what_was_understood_well_is_left_alone(dialog):
    buyer = dialog(an_order())
    buyer.says("order_status", "where is my parcel", confidence=0.97)

    assert collect(buyer.shop) == Collected()


def test_what_this_model_is_sure_of_is_not_shown_and_not_read_again(dialog):
    buyer = dialog(an_order())
    buyer.says("order_status", "where is my parcel", confidence=0.5)

    # The model of today reads it with another margin than the one of then.
    assert collect(buyer.shop, sure=0.9).new in {0, 1}
    assert collect(buyer.shop, sure=0.9) == Collected()


def test_a_correction_comes_first_and_is_suggested(dialog):
    buyer = dialog(an_order())
    kim = buyer.shop.hires("Kim Doe", Role.AGENT)
    buyer.mumbles("hm the refund thing", "order_status", "order_late")
    buyer.says("order_status", "the parcel never came", confidence=0.97)
    do_correct(
        buyer.shop.house,
        buyer.last_message,
        kim,
        intent="order_late",
        entities=None,
        known_intents=frozenset({"order_late"}),
    )
    collect(buyer.shop)

    first, second = list_inbox(buyer.shop.house, 0).messages
    assert (first.text, first.cause, first.suggested) == (
        "the parcel never came",
        Cause.CORRECTED,
        "order_late",
    )
    assert second.cause is Cause.REFUSED


def test_the_buyers_name_is_taken_out(dialog):
    order = an_order()
    buyer = dialog(order)
    name = order.buyer.name
    buyer.mumbles(f"{name} wants the parcel", "order_status", "order_late", order=order.number)
    collect(buyer.shop)

    (message,) = list_inbox(buyer.shop.house, 0).messages
    assert name.split()[0] not in message.text


@pytest.mark.parametrize("batch", [1, 2, 500])
def test_a_batch_is_whole_or_not_there(shop, monkeypatch: pytest.MonkeyPatch, batch: int):
    one = shop(an_order())
    monkeypatch.setattr("bot.teaching.collecting.BATCH", batch)

    def dying(messages):
        for number, line in enumerate(read(messages)):
            if number == 3:
                raise RuntimeError("the model died")
            yield line

    with pytest.raises(RuntimeError):
        list(import_messages(one.house, ["a parcel", "a refund", "it broke", "more"], dying, MODEL))
    with reading(one.engine) as db:
        rows = db.scalar(sa.select(sa.func.count()).select_from(inbox))
        sizes = db.scalar(sa.select(sa.func.sum(inbox.c.size)))
    assert (rows, sizes or 0) == ({1: 3, 2: 2, 500: 0}[batch],) * 2
    assert take_in(one, "a parcel", "a refund", "it broke", "more").read == 4
    assert sum(size for _, size in listed(one)) == 4


def test_origins_tell_where_a_message_went(dialog):
    buyer = dialog(an_order())
    buyer.mumbles("hm the parcel thing", "order_status", "order_late")
    collect(buyer.shop)

    with reading(buyer.shop.engine) as db:
        (row,) = db.execute(sa.select(inbox_origins)).all()
    assert row.message_id == buyer.last_message
    assert row.inbox_id is not None


def mark(buyer, agent, *marks: tuple[str, str], intent: str | None = None) -> None:
    """The agent says that the details of the latest message are these: kind and words."""
    with buyer.shop.house.units.reading() as unit:
        text = unit.conversations.get_message(buyer.last_message).text
    do_correct(
        buyer.shop.house,
        buyer.last_message,
        agent,
        intent=intent,
        entities=[
            Entity(name=kind, value=one, start=text.index(one), end=text.index(one) + len(one))
            for kind, one in marks
        ],
        known_intents=frozenset({"order_late"}),
    )


def test_details_that_an_agent_marked_come_in_with_them(dialog):
    """
    Although the model was sure; what they mean nobody has said.
    """
    buyer = dialog(an_order())
    kim = buyer.shop.hires("Kim Doe", Role.AGENT)
    buyer.says("order_status", "kim@lee.example wants it in blue, size XL", confidence=0.97)
    mark(buyer, kim, ("colour", "blue"), ("size", "XL"), ("email", "kim@lee.example"))

    assert collect(buyer.shop, sure=0.97).new == 1
    assert collect(buyer.shop, sure=0.97) == Collected()
    (message,) = list_inbox(buyer.shop.house, 0).messages
    assert (message.text, message.cause, message.suggested) == (
        "buyer@example.com wants it in blue, size XL",
        Cause.CORRECTED,
        "",
    )
    assert [(one.name, one.value) for one in message.entities] == [
        ("email", "buyer@example.com"),
        ("colour", "blue"),
        ("size", "XL"),
    ]
    assert (message.marked, message.lost) == (True, ())


def test_details_and_meaning_may_be_said_one_after_the_other(dialog):
    buyer = dialog(an_order())
    kim = buyer.shop.hires("Kim Doe", Role.AGENT)
    buyer.says("order_status", "the blue one never came", confidence=0.97)
    mark(buyer, kim, ("size", "one"), intent="order_late")
    mark(buyer, kim, ("colour", "blue"))
    collect(buyer.shop)

    (message,) = list_inbox(buyer.shop.house, 0).messages
    assert message.suggested == "order_late"
    assert [(one.name, one.value) for one in message.entities] == [("colour", "blue")]


def test_what_gave_way_to_a_name_is_no_detail_any_more(dialog):
    order = an_order()
    buyer = dialog(order)
    kim = buyer.shop.hires("Kim Doe", Role.AGENT)
    name = order.buyer.name
    buyer.mumbles(f"{name} wants a mug", "order_status", "order_late", order=order.number)
    mark(buyer, kim, ("product", f"{name} wants a mug"), ("product", "mug"))
    collect(buyer.shop)

    (message,) = list_inbox(buyer.shop.house, 0).messages
    assert [one.value for one in message.entities] == ["mug"]
    assert message.lost == ("product",)


def test_the_same_words_twice_in_a_batch_lose_no_details(dialog):
    buyer = dialog(an_order())
    kim = buyer.shop.hires("Kim Doe", Role.AGENT)
    for _ in range(2):
        buyer.mumbles("hm the blue parcel", "order_status", "order_late")
    mark(buyer, kim, ("colour", "blue"))
    collect(buyer.shop)
    hear_later_words(buyer.shop.house)

    (message,) = list_inbox(buyer.shop.house, 0).messages
    assert [(one.name, one.value) for one in message.entities] == [("colour", "blue")]
