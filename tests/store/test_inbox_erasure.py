"""What is left of the training inbox when a buyer is erased."""

import sqlalchemy as sa

from bot.casework.agents import Role
from bot.services.labelling import do_label, list_inbox, take_next
from bot.store.database import reading, writing
from bot.store.inbox_erasure import take_out_messages
from bot.store.tables import inbox, labels
from bot.teaching.collecting import collect_talks, import_messages
from tests.dialog import Dialog
from tests.factories import an_order
from tests.workbench.reading import read


def collected(buyer: Dialog, *texts: str) -> list[str]:
    """The ids of these messages, each of a chat of its own, which are in the inbox now."""
    ids = []
    for text in texts:
        chat = Dialog(buyer.shop, None)
        chat.mumbles(text, "order_status", "order_late")
        ids.append(chat.last_message)
        list(collect_talks(buyer.shop.house, read, "a model"))

    return ids


def take_out(buyer: Dialog, *messages: str) -> int:
    with writing(buyer.shop.engine) as db:
        return take_out_messages(db, messages)


def groups(buyer: Dialog) -> list[tuple[str, int, tuple[str, ...]]]:
    listed = list_inbox(buyer.shop.house, 0).messages
    with buyer.shop.house.units.reading() as unit:
        whole = [unit.inbox.get(one.id) for one in listed]

    return [(one.text, one.size, one.likes) for one in whole]


def test_the_next_one_leads_where_the_first_goes(dialog):
    buyer = dialog(an_order())
    first, *_ = collected(buyer, "a parcel", "the parcel", "my parcel")

    assert take_out(buyer, first) == 1
    assert groups(buyer) == [("the parcel", 2, ("my parcel",))]


def test_a_member_goes_alone(dialog):
    buyer = dialog(an_order())
    _, second = collected(buyer, "a parcel", "the parcel")

    assert take_out(buyer, second) == 1
    assert groups(buyer) == [("a parcel", 1, ())]


def test_what_others_wrote_stays(dialog):
    buyer = dialog(an_order())
    first, second = collected(buyer, "a parcel", "A  PARCEL")

    assert take_out(buyer, first) == 0
    assert take_out(buyer, second) == 1
    assert groups(buyer) == []


def test_what_a_file_brought_is_nobodys(dialog):
    buyer = dialog(an_order())
    list(import_messages(buyer.shop.house, ["a parcel"], read, "a model"))

    assert take_out(buyer, "some-message") == 0
    assert groups(buyer) == [("a parcel", 1, ())]


def test_a_label_stays_with_those_that_are_alike(dialog):
    buyer = dialog(an_order())
    first, _ = collected(buyer, "a parcel", "the parcel")
    kim = buyer.shop.hires("Kim Doe", Role.TRAINER)
    message = take_next(buyer.shop.house, kim)
    do_label(buyer.shop.house, message.id, kim, intent="late", known_intents=frozenset({"late"}))
    take_out(buyer, first)

    with reading(buyer.shop.engine) as db:
        (row,) = db.execute(sa.select(inbox)).all()
        (label,) = db.execute(sa.select(labels)).all()
    assert (row.text, row.leads, row.label, label.inbox_id) == ("the parcel", True, "late", row.id)


def test_nothing_is_left_of_one_alone(dialog):
    buyer = dialog(an_order())
    (only,) = collected(buyer, "a parcel")
    kim = buyer.shop.hires("Kim Doe", Role.TRAINER)
    message = take_next(buyer.shop.house, kim)
    do_label(buyer.shop.house, message.id, kim, intent="late", known_intents=frozenset({"late"}))
    take_out(buyer, only)

    with reading(buyer.shop.engine) as db:
        assert db.execute(sa.select(inbox)).all() == []
        assert db.execute(sa.select(labels)).all() == []
