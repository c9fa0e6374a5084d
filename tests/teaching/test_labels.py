"""Labels that become examples, and a fifth of the groups that become the test set."""

import pytest
import sqlalchemy as sa

from bot.casework.agents import Role
from bot.casework.inbox import InboxState
from bot.casework.turns import Entity
from bot.services.labelling import do_label, do_undo, list_inbox, take_next
from bot.services.turn_queue import NotAcceptable
from bot.store.database import writing
from bot.store.tables import inbox, labels
from bot.teaching.changing import do_change, list_changes, undo
from bot.teaching.collecting import import_messages, to_key
from bot.teaching.intents import Wanted, changed_examples, created, merged, retired
from bot.teaching.labels import write_labels
from bot.workbench.project.edits import Typed
from bot.workbench.project.example_lines import words_of
from bot.workbench.project.files import read_project
from bot.workbench.project.intent_words import Does
from tests.factories import an_order
from tests.workbench.projects import a_folder, contents
from tests.workbench.reading import read

KNOWN = frozenset({"order_status", "late_delivery", "greet"})


class Desk:
    """A trainer, an inbox and a project."""

    def __init__(self, shop, folder) -> None:
        self.project, self.state = a_folder(folder / "project"), folder / "state"
        self.house, self.engine = shop.house, shop.engine
        self.kim = shop.hires("Kim Doe", Role.TRAINER)

    def fill(self, *texts):
        list(import_messages(self.house, texts, read, "a model"))

    def label(self, intent, **more):
        """What stands first means that."""
        message = take_next(self.house, self.kim)
        do_label(self.house, message.id, self.kim, intent=intent, known_intents=KNOWN, **more)
        return message

    def label_all(self, intent):
        while list_inbox(self.house, 0).messages:
            self.label(intent)

    def change(self, edit, preview=False):
        return do_change(self.house, self.project, self.state, self.kim, edit, "because", preview)

    def write(self, preview=False):
        return self.change(write_labels(self.house), preview)

    def undo(self, change):
        return undo(self.house, self.project, self.state, self.kim, change.id, "because")

    def states(self):
        with writing(self.engine) as db:
            rows = db.execute(sa.select(inbox.c.state, inbox.c.label).where(inbox.c.leads))
            return sorted(tuple(row) for row in rows)

    def examples(self, *, test):
        found = read_project(self.project).examples
        return {one.said.marked: one.intent for one in found if one.is_test is test}


@pytest.fixture
def desk(shop, tmp_path):
    return Desk(shop(an_order()), tmp_path)


def for_training(*texts):
    """Those whose group does not go to the test set."""
    return [one for one in texts if int(to_key(one, "en")[:8], 16) % 5]


def for_test(*texts):
    return [one for one in texts if not int(to_key(one, "en")[:8], 16) % 5]


def test_a_label_becomes_an_example_and_back(desk):
    before = contents(desk.project)
    (text,) = for_training("it broke", "it broke today", "it broke again")[:1]
    desk.fill(text)
    desk.label("late_delivery")
    assert list_changes(desk.house, 0).labelled == 1

    assert desk.write(preview=True).summary.startswith("1 message labelled")
    assert desk.states() == [("labelled", "late_delivery")]
    made = desk.write()
    assert desk.examples(test=False)[text] == "late_delivery"
    assert desk.states() == [("written", "late_delivery")]
    assert list_changes(desk.house, 0).labelled == 0

    back = desk.undo(made)
    assert contents(desk.project) == before
    assert desk.states() == [("labelled", "late_delivery")]
    desk.undo(back)
    assert desk.states() == [("written", "late_delivery")]
    with pytest.raises(NotAcceptable, match="No labelled"):
        desk.write()


def test_a_fifth_of_the_groups_is_never_trained_on(desk):
    texts = [f"it is number {number}" for number in range(200)]
    desk.fill(*texts)
    with writing(desk.engine) as db:
        db.execute(sa.update(inbox).values(state="labelled", label="greet"))
    made = desk.write()

    assert set(desk.examples(test=True)) == set(for_test(*texts))
    assert set(for_training(*texts)) < set(desk.examples(test=False))
    assert 20 < len(for_test(*texts)) < 60
    assert "data/test/en.yml" in [file.path for file in made.files]


def test_a_group_stays_together(desk):
    first, *_ = for_test(*(f"parcel {number}" for number in range(50)))
    others = ["parcel one", "parcel two", "parcel three"]
    desk.fill(first, *others)
    desk.label("order_status")
    desk.write()

    assert set(desk.examples(test=True)) == {first, *others}
    assert not set(desk.examples(test=False)) & {first, *others}


def test_details_are_marked_as_they_were_labelled(desk):
    (text,) = for_training("it broke XL", "XL broke it", "it XL broke", "XL it broke", "broke XL")[
        :1
    ]
    place = text.index("XL")
    desk.fill(text)
    entity = Entity(name="size", value="XL", start=place, end=place + 2)
    strange = Entity(
        name="mood", value="broke", start=text.index("broke"), end=text.index("broke") + 5
    )
    desk.label("greet", entities=[entity, strange])
    desk.write()

    assert text.replace("XL", "[XL](size)") in desk.examples(test=False)


def test_what_is_known_or_cannot_be_written_is_told(desk):
    desk.fill("Where is my order")
    desk.label("order_status")
    made = desk.write()
    assert made.files == ()
    assert "1 left out that stood there already" in made.summary

    desk.fill("hello", "a refund [x](y)")
    desk.label_all("order_status")
    summary = desk.write().summary
    assert "1 left out that stand there for another intent" in summary
    assert "1 left out that hold what no file can hold" in summary
    assert {state for state, _ in desk.states()} == {"written"}


def test_the_same_words_are_never_on_both_sides(desk):
    texts = [f"it is {number}{mark}" for number in range(30) for mark in ("", "!", "?", " ...")]
    desk.fill(*texts)
    with writing(desk.engine) as db:
        db.execute(sa.update(inbox).values(state="labelled", label="greet"))
    desk.write()
    trained = {words_of(one) for one in desk.examples(test=False)}
    measured = {words_of(one) for one in desk.examples(test=True)}

    assert not trained & measured
    assert {f"it is {number}" for number in range(30)} <= trained | measured


@pytest.mark.parametrize(
    "text",
    [
        *("parcel \uffff", "parcel \U0010fffe", "parcel\u2028- intent: refund\x00", "/parcel"),
        *('[parcel]{"a": ' + "[" * 1900 + "}", '[parcel]{"entity": "size"}', "parcel" + "x" * 3000),
        *("- parcel: |", "--- # parcel", r"\u0041 parcel", "\u0301parcel", "{% parcel %}"),
    ],
)
def test_no_buyers_words_keep_those_of_others_from_being_written(desk, text):
    """
    Whatever one of them has typed, the other message is written.
    """
    (other,) = for_training("it broke", "it broke today", "it broke again")[:1]
    desk.fill(other, text)
    with writing(desk.engine) as db:
        db.execute(sa.update(inbox).values(state="labelled", label="greet"))
    desk.write()

    assert other in desk.examples(test=False)
    assert {state for state, _ in desk.states()} == {"written"}


def test_the_only_example_in_a_language_waits_for_a_second(desk):
    """
    It cannot be trained on; what others mean is written meanwhile.
    """
    one, *_ = for_training(*(f"no {number}" for number in range(20)))
    two, *_ = for_training(*(f"parcel {number}" for number in range(20)))
    (other,) = for_training("it broke", "it broke today", "it broke again")[:1]
    desk.fill(one)
    with writing(desk.engine) as db:
        db.execute(sa.update(inbox).values(state="labelled", label="late_delivery", language="ru"))
    with pytest.raises(NotAcceptable, match="label one more") as refused:
        desk.write()
    assert refused.value.code == "too_few_examples"

    desk.fill(other)
    desk.label("greet")
    made = desk.write()
    assert "1 left out that would be an intent's only example in a language" in made.summary
    assert other in desk.examples(test=False)
    assert desk.states() == [("labelled", "late_delivery"), ("written", "greet")]

    desk.fill(two)
    with writing(desk.engine) as db:
        waiting = inbox.c.state != "written"
        values = {"state": "labelled", "label": "late_delivery", "language": "ru"}
        db.execute(sa.update(inbox).where(waiting).values(values))
    desk.write()
    assert {one, two} <= desk.examples(test=False).keys()


def a_wish(*suggestions, examples=("as a present", "for christmas")):
    return Wanted(
        name="gift",
        description="A gift.",
        titles={"en": "Gift", "ru": "Подарок"},
        protected=False,
        does=Does(kind="person"),
        answers={},
        examples=[Typed(one, "en") for one in examples],
        suggestions=suggestions,
    )


def test_a_new_intent_takes_suggestions_along(desk):
    desk.fill("it broke", "the parcel", "my parcel")
    ids = [one.id for one in list_inbox(desk.house, 0).messages]
    made = desk.change(created(desk.house, a_wish(*ids)))

    written = desk.examples(test=False) | desk.examples(test=True)
    assert {written[one] for one in ("it broke", "the parcel", "my parcel")} == {"gift"}
    assert desk.states() == [("written", "gift")] * 2
    assert list_inbox(desk.house, 0).messages == ()
    desk.undo(made)
    assert desk.states() == [("open", "")] * 2
    with pytest.raises(NotAcceptable, match="meanwhile"):
        desk.label("greet")
        desk.change(created(desk.house, a_wish(*ids)))


def test_labels_follow_a_merge_and_outlive_their_intent(desk):
    desk.change(created(desk.house, a_wish()))
    desk.fill("it broke")
    message = take_next(desk.house, desk.kim)
    do_label(desk.house, message.id, desk.kim, intent="gift", known_intents=frozenset({"gift"}))
    merge = desk.change(merged("gift", "greet"))
    assert desk.states() == [("labelled", "greet")]

    desk.undo(merge)
    assert desk.states() == [("labelled", "gift")]
    desk.change(retired("gift", None))
    with pytest.raises(NotAcceptable, match="gone"):
        desk.write()
    assert desk.states() == [(InboxState.LABELLED, "gift")]


def open_ids(desk):
    return [one.id for one in list_inbox(desk.house, 0).messages]


def words_said(desk):
    """Who said what of groups, and whether it stands."""
    with writing(desk.engine) as db:
        rows = db.execute(sa.select(labels.c.agent_id, labels.c.intent, labels.c.undone_at))
        return [(row.agent_id, row.intent, row.undone_at is None) for row in rows]


def test_suggestions_are_written_with_the_typed_examples(desk):
    """
    In one change, with those that are alike, as labelled by whoever wrote them; and back.
    """
    before = contents(desk.project)
    desk.fill("it broke", "the parcel", "my parcel")
    typed = [Typed("what about it", "en")]
    edit = changed_examples(desk.house, "order_status", typed, [], open_ids(desk))
    seen = desk.change(edit, preview=True)
    diff = "".join(file.diff for file in seen.files)
    assert all(text in diff for text in ("it broke", "the parcel", "my parcel", "what about it"))
    assert (desk.states(), words_said(desk)) == ([("open", "")] * 2, [])

    made = desk.change(edit)
    assert made.summary == "4 examples added to order_status."
    assert desk.states() == [("written", "order_status")] * 2
    assert words_said(desk) == [(desk.kim.id, "order_status", True)] * 2
    assert list_inbox(desk.house, 0).messages == ()

    back = desk.undo(made)
    assert contents(desk.project) == before
    assert desk.states() == [("open", "")] * 2
    assert not any(stands for *_, stands in words_said(desk))
    assert len(open_ids(desk)) == 2
    desk.undo(back)
    assert desk.states() == [("written", "order_status")] * 2
    assert sum(stands for *_, stands in words_said(desk)) == 2
    assert do_undo(desk.house, desk.kim) is None


def test_some_suggestions_go_to_the_test_set_and_it_is_said(desk):
    (text,) = for_test(*(f"it is {number}" for number in range(20)))[:1]
    desk.fill(text)
    made = desk.change(changed_examples(desk.house, "order_status", [], [], open_ids(desk)))

    assert made.summary == "1 example added to order_status, 1 of them for the test set."
    assert desk.examples(test=True)[text] == "order_status"


def test_a_suggestion_that_stands_there_already_is_done(desk):
    desk.fill("Where is my order")
    made = desk.change(changed_examples(desk.house, "order_status", [], [], open_ids(desk)))

    assert (made.files, made.summary) == ((), "0 examples added to order_status.")
    assert desk.states() == [("written", "order_status")]


def test_what_somebody_labelled_meanwhile_is_refused(desk):
    desk.fill("it broke")
    ids = open_ids(desk)
    before = contents(desk.project)
    desk.label("greet")

    with pytest.raises(NotAcceptable, match="meanwhile"):
        desk.change(changed_examples(desk.house, "order_status", [], [], ids))
    assert contents(desk.project) == before


def test_a_new_intents_suggestions_are_labelled_by_whoever_made_it(desk):
    desk.fill("it broke")
    made = desk.change(created(desk.house, a_wish(*open_ids(desk))))
    assert words_said(desk) == [(desk.kim.id, "gift", True)]

    desk.undo(made)
    assert words_said(desk) == [(desk.kim.id, "gift", False)]
