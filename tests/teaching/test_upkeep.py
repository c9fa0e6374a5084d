"""What changes in the inbox without anybody labelling: later words, another model, examples."""

import json
from functools import partial

import pytest

from bot.casework.agents import Role
from bot.casework.inbox import Cause, InboxState, Known
from bot.casework.turns import Entity
from bot.services.answering import do_correct
from bot.services.labelling import (
    do_label,
    do_skip,
    do_skip_known,
    do_undo,
    list_inbox,
    read_progress,
    take_next,
)
from bot.services.turn_queue import NotAcceptable
from bot.store.tables import inbox, inbox_origins
from bot.teaching.collecting import collect_talks, import_messages, to_key
from bot.teaching.upkeep import Heard, hear_later_words, mark_known, reread, to_examples
from bot.workbench.nlu_files import read_nlu_file
from tests.dialog import Dialog
from tests.factories import an_order
from tests.workbench.reading import read

INTENTS = frozenset({"order_status", "order_late", "refund_request"})
TEXT = "hm the parcel thing"


@pytest.fixture
def said(dialog):
    """A message that was collected, and people."""
    buyer = dialog(an_order())
    buyer.mumbles(TEXT, "order_status", "order_late")
    buyer.message = buyer.last_message
    list(collect_talks(buyer.shop.house, read, "m1"))
    buyer.ann = buyer.shop.hires("Ann Poe", Role.AGENT)
    buyer.kim = buyer.shop.hires("Kim Doe", Role.TRAINER)
    buyer.lou = buyer.shop.hires("Lou Roe", Role.TRAINER)

    return buyer


def correct(said: Dialog, intent: str) -> Heard:
    house = said.shop.house
    do_correct(house, said.message, said.ann, intent=intent, entities=None, known_intents=INTENTS)

    return hear_later_words(house)


def label(said: Dialog, agent, intent: str) -> InboxState:
    house = said.shop.house
    message = take_next(house, agent)

    return do_label(house, message.id, agent, intent=intent, known_intents=INTENTS)


def first(said: Dialog):
    return list_inbox(said.shop.house, 0).messages[0]


def test_a_correction_that_comes_later_rises_to_the_top(said):
    house = said.shop.house
    list(import_messages(house, ["a refund", "the refund", "my refund"], read, "m1"))
    assert first(said).text != TEXT

    assert correct(said, "order_late") == Heard(words=1)
    assert (first(said).text, first(said).cause, first(said).suggested) == (
        TEXT,
        Cause.CORRECTED,
        "order_late",
    )
    assert hear_later_words(house) == Heard()


def test_a_correction_of_a_member_raises_its_group(said):
    """
    What is shown is its first message, with what was said of another one.
    """
    house = said.shop.house
    list(import_messages(house, ["a refund", "the refund", "my refund"], read, "m1"))
    other = Dialog(said.shop, None)
    other.mumbles("hm the refund thing", "order_status", "order_late")
    list(collect_talks(house, read, "m1"))
    said.message = other.last_message
    correct(said, "refund_request")

    assert (first(said).text, first(said).suggested) == ("a refund", "refund_request")


def test_what_the_buyer_chooses_later_rises_and_reopens_nothing(said):
    """
    Buyers press wrong buttons.
    """
    house = said.shop.house
    do_skip(house, take_next(house, said.kim).id, said.kim)
    chats = [Dialog(said.shop, None) for _ in range(2)]
    for chat, text in zip(chats, ("hm the refund or so", "hm it broke or so"), strict=True):
        chat.mumbles(text, "damaged_item", "refund_request")
        list(collect_talks(house, read, "m1"))
    decided = label(said, said.kim, "order_status")
    for chat in chats:
        chat.presses("intent:damaged_item")

    assert decided is InboxState.LABELLED
    assert hear_later_words(house) == Heard(words=2)
    assert (first(said).cause, first(said).suggested) == (Cause.CLARIFIED, "damaged_item")
    assert read_progress(house, said.kim).groups == {
        InboxState.OPEN: 1,
        InboxState.LABELLED: 1,
        InboxState.SKIPPED: 1,
    }


def test_the_latest_correction_counts(said):
    correct(said, "order_late")
    correct(said, "refund_request")

    assert first(said).suggested == "refund_request"


def test_a_correction_of_what_taught_nothing_brings_it_in(dialog):
    """
    The model was sure of it, and an agent says that it was wrong.
    """
    buyer = dialog(an_order())
    buyer.says("order_status", TEXT, confidence=0.5)
    message = buyer.last_message
    sure = partial(sure_read, "order_status")
    assert [one.new for one in collect_talks(buyer.shop.house, sure, "m1")] == [0]
    ann = buyer.shop.hires("Ann Poe", Role.AGENT)
    do_correct(
        buyer.shop.house, message, ann, intent="order_late", entities=None, known_intents=INTENTS
    )

    assert [one.new for one in collect_talks(buyer.shop.house, sure, "m1")] == [1]
    assert list(collect_talks(buyer.shop.house, sure, "m1")) == []
    assert first(buyer).suggested == "order_late"
    assert len(buyer.shop.rows(inbox_origins)) == 1


def test_a_correction_that_says_the_same_changes_nothing(said):
    label(said, said.kim, "order_late")

    assert correct(said, "order_late") == Heard(words=1)
    assert {row["state"] for row in said.shop.rows(inbox)} == {"labelled"}


def test_a_correction_that_says_otherwise_asks_again(said):
    label(said, said.kim, "order_status")

    assert correct(said, "order_late") == Heard(words=1, reopened=1)
    message = take_next(said.shop.house, said.lou)
    assert (message.state, message.suggested, message.reopened) == (
        InboxState.SECOND,
        "order_late",
        True,
    )


@pytest.mark.parametrize("intent", ["order_status", "order_late"])
def test_a_second_one_decides_with_either(said, intent: str):
    """
    With whoever labelled it, or with the agent who corrected it.
    """
    label(said, said.kim, "order_status")
    correct(said, "order_late")

    assert label(said, said.lou, intent) is InboxState.LABELLED


def test_who_agrees_with_neither_waits_for_another(said):
    label(said, said.kim, "order_status")
    correct(said, "order_late")

    assert label(said, said.lou, "refund_request") is InboxState.SECOND


@pytest.mark.parametrize("intent", ["order_status", "order_late"])
def test_who_labels_alone_may_think_again(said, intent: str):
    """
    A shop with one trainer would never end it otherwise.
    """
    label(said, said.kim, "order_status")
    correct(said, "order_late")

    assert label(said, said.kim, intent) is InboxState.LABELLED
    assert take_next(said.shop.house, said.kim) is None


def test_nobody_says_it_a_third_time(said):
    label(said, said.kim, "order_status")
    correct(said, "order_late")
    message = take_next(said.shop.house, said.kim)
    do_label(
        said.shop.house, message.id, said.kim, intent="refund_request", known_intents=INTENTS,
        second=True,
    )  # fmt: skip

    with pytest.raises(NotAcceptable, match="You have said"):
        do_label(said.shop.house, message.id, said.kim, intent="order_late", known_intents=INTENTS)


def test_what_was_skipped_comes_back(said):
    do_skip(said.shop.house, take_next(said.shop.house, said.kim).id, said.kim)

    assert correct(said, "order_late").reopened == 1
    message = take_next(said.shop.house, said.kim)
    assert (message.state, message.suggested) == (InboxState.OPEN, "order_late")


def sure_read(intent, messages):
    """A model that is sure that everything means the same."""
    for line in read(messages, sure=0.97):
        answer = json.loads(line)
        answer["intent"], answer["confidence"] = intent, 0.97
        answer["ranking"][0]["name"] = intent
        answer["ranking"][1] = {"name": "greet", "confidence": 0.01}
        yield json.dumps(answer).encode()


def test_another_model_reads_what_waits(said):
    """
    Once, and its doubt is the new one.
    """
    before = first(said).priority
    house = said.shop.house

    assert reread(house, partial(sure_read, "refund_request"), "m2") == 1
    assert first(said).priority < before
    assert first(said).ranking[0] == ("refund_request", 0.97)
    assert reread(house, partial(sure_read, "refund_request"), "m2") == 0


def test_what_is_decided_is_not_read_again(said):
    label(said, said.kim, "order_late")

    assert reread(said.shop.house, read, "m2") == 0


def test_what_a_new_model_reads_as_people_said_is_known(said):
    """
    And is not before that model has read it.
    """
    house = said.shop.house
    correct(said, "order_late")
    assert mark_known(house, {}) == 0

    reread(house, partial(sure_read, "order_late"), "m2")
    assert mark_known(house, {}) == 1
    assert (first(said).known, first(said).known_as) == (Known.SURE, "order_late")


def test_very_words_that_are_an_example_are_known(said):
    house = said.shop.house
    examples = {to_key(TEXT.upper(), "en"): "order_late"}

    assert mark_known(house, examples) == 1
    assert (first(said).known, first(said).known_as) == (Known.EXAMPLE, "order_late")
    assert read_progress(house, said.kim).known == 1
    assert mark_known(house, examples) == 0
    assert mark_known(house, {}) == 1
    assert first(said).known is Known.NO


def test_an_example_that_somebody_says_is_wrong_is_not_known(said):
    correct(said, "order_late")

    assert mark_known(said.shop.house, {to_key(TEXT, "en"): "order_status"}) == 0


def test_what_is_known_is_seen_when_it_comes_in(shop):
    one = shop(an_order())
    examples = {to_key("it broke", "en"): "damaged_item"}
    list(import_messages(one.house, ["It  BROKE"], read, "m1", examples))

    assert list_inbox(one.house, 0).messages[0].known is Known.EXAMPLE


def test_examples_stand_as_in_the_inbox(tmp_path):
    """
    With placeholders for personal data, and without marks.
    """
    file = tmp_path / "some.yml"
    file.write_text(
        "nlu:\n- intent: order_status\n  examples: |\n"
        "    - where is [AB-1234567](order_number)\n    - It  BROKE\n"
    )
    found = to_examples([read_nlu_file(file)])

    assert set(found) == {to_key("where is DEMO-1003", "en"), to_key("it broke", "en")}


def test_all_that_is_known_at_once_and_back(said):
    house = said.shop.house
    list(import_messages(house, ["a refund", "it broke"], read, "m1"))
    examples = {to_key(text, "en"): "order_late" for text in (TEXT, "it broke")}
    mark_known(house, examples)

    assert do_skip_known(house, said.kim) == 2
    assert [one.text for one in list_inbox(house, 0).messages] == ["a refund"]
    assert do_skip_known(house, said.kim) == 0
    assert do_undo(house, said.kim).text in {TEXT, "it broke"}
    assert len(list_inbox(house, 0).messages) == 3
    assert do_undo(house, said.kim) is None


def test_what_others_look_at_is_not_skipped_beneath_them(said):

    house = said.shop.house
    mark_known(house, {to_key(TEXT, "en"): "order_late"})
    take_next(house, said.lou)

    assert do_skip_known(house, said.kim) == 0


def mark(said: Dialog, *marks: tuple[str, str]) -> Heard:
    """The agent says that the details of the message are these: kind and words."""
    house = said.shop.house
    with house.units.reading() as unit:
        text = unit.conversations.get_message(said.message).text
    entities = [
        Entity(name=kind, value=one, start=text.index(one), end=text.index(one) + len(one))
        for kind, one in marks
    ]
    do_correct(house, said.message, said.ann, intent=None, entities=entities, known_intents=INTENTS)

    return hear_later_words(house)


def details(message) -> list[tuple[str, str]]:
    assert all(message.text[one.start : one.end] == one.value for one in message.entities)
    return [(one.name, one.value) for one in message.entities]


def test_details_that_come_later_rise_and_are_marked(said):
    list(import_messages(said.shop.house, ["a refund", "the refund"], read, "m1"))

    assert mark(said, ("product", "parcel")) == Heard(words=1)
    assert (first(said).text, first(said).cause, first(said).suggested) == (
        TEXT,
        Cause.CORRECTED,
        "",
    )
    assert (details(first(said)), first(said).marked) == ([("product", "parcel")], True)
    assert hear_later_words(said.shop.house) == Heard()
    assert list(collect_talks(said.shop.house, read, "m1")) == []


def test_details_in_what_taught_nothing_bring_it_in(dialog):
    """
    Once, although the model is as sure of what it means as before.
    """
    buyer = dialog(an_order())
    buyer.says("order_status", TEXT, confidence=0.5)
    buyer.message, buyer.ann = buyer.last_message, buyer.shop.hires("Ann Poe", Role.AGENT)
    sure = partial(sure_read, "order_status")
    assert [one.new for one in collect_talks(buyer.shop.house, sure, "m1")] == [0]
    assert mark(buyer, ("product", "parcel")) == Heard()

    assert [one.new for one in collect_talks(buyer.shop.house, sure, "m1")] == [1]
    assert list(collect_talks(buyer.shop.house, sure, "m1")) == []
    assert details(first(buyer)) == [("product", "parcel")]
    assert first(buyer).known is Known.NO


def test_the_latest_details_count(said):
    mark(said, ("product", "parcel"))
    mark(said, ("product", "parcel thing"))
    assert details(first(said)) == [("product", "parcel thing")]

    mark(said)
    assert (details(first(said)), first(said).marked) == ([], True)


def test_a_meaning_that_was_said_stays_when_details_are_marked(said):
    correct(said, "order_late")
    mark(said, ("product", "parcel"))

    assert first(said).suggested == "order_late"


def test_personal_data_that_an_agent_finds_is_taken_out_of_what_is_kept(said):
    mark(said, ("order_number", "thing"))

    assert first(said).text == "hm the parcel DEMO-1003"
    assert details(first(said)) == [("order_number", "DEMO-1003")]
    assert "thing" not in str([{**row, "vector": b""} for row in said.shop.rows(inbox)])


def test_two_who_wrote_the_same_are_marked_one_after_the_other(said):
    other = Dialog(said.shop, None)
    other.mumbles(TEXT, "order_status", "order_late")
    list(collect_talks(said.shop.house, read, "m1"))
    message, house = said.message, said.shop.house
    for one, kind in ((message, "order_number"), (other.last_message, "tracking_number")):
        entity = Entity(name=kind, value="thing", start=14, end=19)
        do_correct(house, one, said.ann, intent=None, entities=[entity], known_intents=INTENTS)

    assert hear_later_words(house) == Heard(words=2)
    assert details(first(said)) == [("tracking_number", "RR123456785CN")]
    assert first(said).text == "hm the parcel RR123456785CN"


def test_other_details_open_a_decision_again(said):
    label(said, said.kim, "order_late")

    assert mark(said, ("product", "parcel")) == Heard(words=1, reopened=1)
    message = take_next(said.shop.house, said.kim)
    assert (message.state, message.reopened) == (InboxState.SECOND, True)
    assert details(message) == [("product", "parcel")]
    assert label(said, said.kim, "order_late") is InboxState.LABELLED
    with said.shop.house.units.reading() as unit:
        (group,) = unit.inbox.labelled()
    assert [(one.name, one.value) for one in group.messages[0].entities] == [("product", "parcel")]


def test_the_same_details_open_nothing_again(said):
    house = said.shop.house
    message = take_next(house, said.kim)
    entity = Entity(name="product", value="parcel", start=7, end=13)
    do_label(
        house, message.id, said.kim, intent="order_late", entities=[entity], known_intents=INTENTS
    )

    assert mark(said, ("product", "parcel")) == Heard(words=1)
    assert {row["state"] for row in said.shop.rows(inbox)} == {"labelled"}


def test_what_was_skipped_comes_back_with_details(said):
    do_skip(said.shop.house, take_next(said.shop.house, said.kim).id, said.kim)

    assert mark(said, ("product", "parcel")).reopened == 1
    assert details(first(said)) == [("product", "parcel")]


def test_details_of_a_member_raise_its_group_and_are_shown(said):
    house = said.shop.house
    list(import_messages(house, ["a parcel", "the parcel", "a refund", "the refund"], read, "m1"))
    other = Dialog(said.shop, None)
    other.mumbles("hm the blue refund", "order_status", "order_late")
    list(collect_talks(house, read, "m1"))
    said.message = other.last_message
    mark(said, ("colour", "blue"))
    message = take_next(house, said.kim)

    assert (message.text, message.marked) == ("a refund", False)
    assert message.likes[0] == "hm the blue refund"
    assert [one.value for one in message.likes_marked[0]] == ["blue"]


def test_what_the_model_misses_is_not_known(said):
    """
    Until it finds just what the agent marked; what it finds does not take the place of that.
    """
    house = said.shop.house
    correct(said, "order_late")
    mark(said, ("product", "parcel"))
    reread(house, partial(sure_read, "order_late"), "m2")
    assert mark_known(house, {}) == 0
    assert details(first(said)) == [("product", "parcel")]

    reread(house, partial(finding_read, "order_late"), "m3")
    assert mark_known(house, {}) == 1
    assert first(said).known is Known.SURE


def finding_read(intent, messages):
    """A model that is sure, and finds parcels."""
    for line in sure_read(intent, messages):
        answer = json.loads(line)
        start = answer["text"].index("parcel")
        answer["entities"] = [
            {"entity": "product", "start": start, "end": start + 6, "value": "parcel"}
        ]
        yield json.dumps(answer).encode()
