"""What people said, when its intent has another name; on SQLite and PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.casework.agents import Role
from bot.casework.inbox import InboxState
from bot.services.labelling import do_label, do_undo, list_inbox, read_agreement, take_next
from bot.services.turn_queue import NotAcceptable
from bot.store.database import reading, writing
from bot.store.inbox_erasure import take_out_messages
from bot.store.tables import inbox, labels, renamings
from bot.teaching.collecting import collect_talks
from bot.teaching.intents import created, merged, read_intent, renamed, retired
from tests.dialog import Dialog, Shop
from tests.factories import an_order, the_rulebook
from tests.teaching.test_labels import Desk, a_wish
from tests.workbench.reading import read

KNOWN = frozenset({"gift", "present", "greet"})


@pytest.fixture
def desk(database_url: str, tmp_path: Path) -> Iterator[Desk]:
    """Two trainers, and an intent that may be renamed; each database in turn."""
    shop = Shop(an_order(), rules=the_rulebook(), url=database_url)
    one = Desk(shop, tmp_path)
    one.shop = shop
    one.lou = shop.hires("Lou Roe", Role.TRAINER)
    one.change(created(one.house, a_wish()))
    yield one
    shop.engine.dispose()


def label(desk: Desk, agent, intent: str, *, second: bool = False) -> InboxState:
    message = take_next(desk.house, agent)

    return do_label(
        desk.house, message.id, agent, intent=intent, second=second, known_intents=KNOWN
    )


def said(desk: Desk) -> list[str]:
    with reading(desk.engine) as db:
        return list(db.scalars(sa.select(labels.c.intent).order_by(labels.c.id)))


def written(desk: Desk) -> dict[str, str]:
    return desk.examples(test=False) | desk.examples(test=True)


def test_a_rename_takes_all_along_and_back(desk: Desk):
    """
    What is labelled, what waits for a second opinion, and what the inbox suggests.
    """
    desk.fill("it broke", "a parcel", "a refund")
    label(desk, desk.kim, "gift")
    label(desk, desk.kim, "gift", second=True)
    with writing(desk.engine) as db:
        db.execute(sa.update(inbox).values(suggested="gift", known_as="gift"))
    made = desk.change(renamed("gift", "present"))

    assert said(desk) == ["present"] * 2
    assert desk.states() == [("labelled", "present"), ("open", ""), ("second", "present")]
    assert {one.suggested for one in list_inbox(desk.house, 0).messages} == {"present"}
    assert {one.known_as for one in list_inbox(desk.house, 0).messages} == {"present"}

    back = desk.undo(made)
    assert said(desk) == ["gift"] * 2
    assert desk.states() == [("labelled", "gift"), ("open", ""), ("second", "gift")]
    desk.undo(back)
    assert said(desk) == ["present"] * 2
    assert desk.states() == [("labelled", "present"), ("open", ""), ("second", "present")]


def test_two_who_agree_under_two_names_agree(desk: Desk):
    desk.fill("it broke")
    label(desk, desk.kim, "gift", second=True)
    desk.change(renamed("gift", "present"))

    assert label(desk, desk.lou, "present") is InboxState.LABELLED
    found = read_agreement(desk.house)
    assert (found.shared, found.same) == (1, 1)


def test_a_label_that_is_taken_back_leaves_the_other_under_the_new_name(desk: Desk):
    desk.fill("it broke")
    label(desk, desk.kim, "gift", second=True)
    label(desk, desk.lou, "gift")
    desk.change(renamed("gift", "present"))
    do_undo(desk.house, desk.lou)

    assert desk.states() == [("second", "present")]


def test_what_is_labelled_is_written_under_the_new_name(desk: Desk):
    desk.fill("it broke")
    label(desk, desk.kim, "gift")
    desk.change(renamed("gift", "present"))
    desk.write()

    assert written(desk)["it broke"] == "present"
    assert desk.states() == [("written", "present")]


def test_what_was_said_since_goes_back_with_a_rename(desk: Desk):
    """
    The new name is gone again, so nothing may be left under it.
    """
    desk.fill("it broke", "a parcel")
    label(desk, desk.kim, "gift")
    made = desk.change(renamed("gift", "present"))
    label(desk, desk.kim, "present")
    desk.undo(made)

    assert said(desk) == ["gift"] * 2
    desk.write()
    assert {written(desk)[one] for one in ("it broke", "a parcel")} == {"gift"}


def test_of_a_merge_only_that_comes_back_which_was_merged(desk: Desk):
    desk.fill("it broke", "a parcel", "a refund")
    label(desk, desk.kim, "gift")
    label(desk, desk.kim, "greet")
    made = desk.change(merged("gift", "greet"))
    assert said(desk) == ["greet"] * 2
    label(desk, desk.kim, "greet")

    back = desk.undo(made)
    assert said(desk) == ["gift", "greet", "greet"]
    assert desk.states() == [("labelled", "gift"), ("labelled", "greet"), ("labelled", "greet")]
    again = desk.undo(back)
    assert said(desk) == ["greet"] * 3
    desk.undo(again)
    assert said(desk) == ["gift", "greet", "greet"]


def test_a_retired_one_gives_its_labels_along_or_keeps_them(desk: Desk):
    desk.fill("it broke")
    label(desk, desk.kim, "gift")
    alone = desk.change(retired("gift", None))
    assert said(desk) == ["gift"]
    desk.undo(alone)
    desk.change(retired("gift", "greet"))

    assert (said(desk), desk.states()) == (["greet"], [("labelled", "greet")])


def test_what_was_written_before_a_rename_can_be_taken_back_after_it(desk: Desk):
    """
    It is labelled again then, under the name of now.
    """
    desk.fill("it broke")
    label(desk, desk.kim, "gift")
    wrote = desk.write()
    again = desk.change(renamed("gift", "present"))
    assert desk.states() == [("written", "present")]
    undone = desk.undo(wrote)
    assert desk.states() == [("labelled", "present")]
    assert "it broke" not in written(desk)

    desk.undo(undone)
    assert desk.states() == [("written", "present")]
    desk.undo(again)
    assert desk.states() == [("written", "gift")]
    assert written(desk)["it broke"] == "gift"


def test_a_name_that_is_taken_again_is_another_intent(desk: Desk):
    desk.fill("it broke", "a parcel")
    label(desk, desk.kim, "gift")
    desk.change(renamed("gift", "present"))
    desk.change(created(desk.house, a_wish(examples=("for my mother", "for a birthday"))))
    label(desk, desk.kim, "gift")

    assert said(desk) == ["present", "gift"]


def test_an_erased_message_leaves_nothing_of_its_renaming(desk: Desk):
    """
    Where another one leads its group from then on, the decision is taken back there.
    """
    ids = []
    for text in ("it broke", "a parcel", "the parcel"):
        chat = Dialog(desk.shop, None)
        chat.mumbles(text, "order_status", "order_late")
        ids.append(chat.last_message)
        list(collect_talks(desk.house, read, "m1"))
    for _ in range(2):
        label(desk, desk.kim, "gift")
    made = desk.change(renamed("gift", "present"))
    with writing(desk.engine) as db:
        take_out_messages(db, ids[:2])
        places = db.execute(sa.select(renamings.c.place, renamings.c.row_id)).all()
        (left,) = db.scalars(sa.select(inbox.c.id))
    assert sorted(place for place, _ in places) == ["decided", "intent", "label"]
    assert ("decided", left) in [tuple(one) for one in places]

    desk.undo(made)
    assert (said(desk), desk.states()) == (["gift"], [("labelled", "gift")])


def test_a_guess_of_an_older_model_means_the_name_of_now(desk: Desk):
    """
    On the intent's own page, and for whoever accepts it; not once the renaming is taken back.
    """
    desk.fill("it broke", "a parcel")
    with writing(desk.engine) as db:
        db.execute(sa.update(inbox).values(ranking=[["gift", 0.8], ["greet", 0.1]]))
    desk.change(renamed("gift", "box"))
    made = desk.change(renamed("box", "present"))
    known = frozenset({"present", "greet"})

    assert len(read_intent(desk.house, desk.project, "present").suggestions) == 2
    message = take_next(desk.house, desk.kim)
    do_label(desk.house, message.id, desk.kim, intent="gift", known_intents=known)
    assert said(desk) == ["present"]
    desk.undo(made)
    assert len(read_intent(desk.house, desk.project, "box").suggestions) == 1
    with pytest.raises(NotAcceptable, match="no intent gift"):
        message = take_next(desk.house, desk.kim)
        do_label(desk.house, message.id, desk.kim, intent="gift", known_intents=known)
