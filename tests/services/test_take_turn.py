"""One message and its answers: which case it is about, buttons, stale and broken turns."""

from dataclasses import replace

import pytest

from bot.casework.cases import Awaiting, CaseState
from bot.casework.orders import OrderStatus
from bot.casework.turns import Floor
from bot.playbooks.order_questions import WhereItIs
from bot.playbooks.refund_request import WhyRefund
from bot.playbooks.steps import (
    AskForPhoto,
    ConfirmRemedy,
    OfferRemedies,
    RemedyRequested,
    WhichLine,
)
from bot.services.case_work import BackTo, NotQuite
from bot.services.clarify import TOPICS, Clarify
from bot.services.hand_off import HandedOff
from bot.services.identify import AskOrderNumber, AskProof
from bot.services.small_talk import Goodbye, Hello, YouAreWelcome
from bot.services.take_turn import (
    ChoiceIsOver,
    Dropped,
    NothingOpen,
    PhotoOfWhat,
    take_turn,
)
from bot.store.tables import messages, remedies
from tests.factories import a_lamp, a_line, an_order

MUG = an_order()
LAMP = an_order(number="DEMO-1005", lines=(a_lamp(),))
PENDING = an_order(number="DEMO-1006", status=OrderStatus.PENDING)


@pytest.fixture
def two_cases(dialog):
    """A broken mug that waits for a photo, and since then an order to be cancelled, for a yes."""
    chat = dialog(MUG, PENDING)
    assert chat.says("damaged_item", order="DEMO-1003") == AskForPhoto
    assert chat.says("cancel_order", order="DEMO-1006") == ConfirmRemedy

    return chat


# Two orders, two cases, one conversation


def test_two_cases_are_settled_one_after_the_other(two_cases):
    """
    After the second is settled, the first one's question is put again, by its order's number.
    """
    chat = two_cases

    chat.says("affirm")
    assert chat.replies == [RemedyRequested, BackTo, AskForPhoto]
    assert chat.said.order_number == "DEMO-1003"
    chat.sends_photo()
    chat.presses("option:1")
    chat.says("affirm")

    assert chat.replies == [RemedyRequested]
    assert chat.remedies == ["cancellation", "replacement"]
    assert chat.awaiting is Awaiting.NOTHING


def test_naming_an_order_switches_to_its_case(two_cases):
    """
    "For DEMO-1003 I have no photo" answers the older question; the newer one stays open.
    """
    chat = two_cases

    assert chat.says("no_photo", "no photo for", order="DEMO-1003") == OfferRemedies
    assert chat.said.order_number == "DEMO-1003"
    assert chat.says("affirm", "yes, cancel", order="DEMO-1006") == OfferRemedies
    assert chat.replies == [RemedyRequested, BackTo, OfferRemedies]
    assert chat.remedies == ["cancellation"]


def test_a_problem_word_with_a_number_switches_too(two_cases):
    """
    "Refund for DEMO-1003" chooses in that order's case; it does not open a third one.
    """
    chat = two_cases
    chat.says("no_photo", order="DEMO-1003")
    chat.says("cancel_order", order="DEMO-1006")

    assert chat.says("refund_request", "refund for", order="DEMO-1003") == ConfirmRemedy
    assert chat.said.remedy.kind == "refund"
    assert len(chat.cases) == 2


def test_a_photo_goes_to_the_case_that_waits_for_one(two_cases):
    """
    A photo is no answer to "shall I cancel?", so it is the mug's.
    """
    assert two_cases.sends_photo() == OfferRemedies
    assert two_cases.said.order_number == "DEMO-1003"


def test_a_button_belongs_to_its_own_case(two_cases):
    """
    Pressed under the older question, it answers that one and nothing else.
    """
    assert two_cases.presses("no_photo") == OfferRemedies
    assert two_cases.remedies == []


def test_a_yes_is_for_the_question_that_was_put_last(two_cases):
    """
    Not for one further up.
    """
    two_cases.says("no_photo", order="DEMO-1003")
    two_cases.says("choose_option", "replacement")

    assert two_cases.says("affirm") == ConfirmRemedy
    assert two_cases.remedies == ["replacement"]
    assert two_cases.replies == [RemedyRequested, BackTo, ConfirmRemedy]


def test_never_mind_closes_the_last_case_and_returns_to_the_other(two_cases):
    """
    One matter at a time is dropped.
    """
    chat = two_cases
    chat.says("never_mind")

    assert chat.replies == [Dropped, BackTo, AskForPhoto]
    assert [case["state"] for case in chat.cases] == [CaseState.OPEN, CaseState.DROPPED]
    assert chat.says("never_mind") == Dropped
    assert chat.awaiting is Awaiting.NOTHING


def test_never_mind_with_a_number_closes_that_case(two_cases):
    """
    "Forget about DEMO-1003" leaves the cancellation where it is.
    """
    chat = two_cases
    chat.says("never_mind", "forget about", order="DEMO-1003")

    assert chat.replies == [Dropped, BackTo, ConfirmRemedy]
    assert chat.said.order_number == "DEMO-1006"


def test_another_product_opens_another_case(dialog):
    """
    "My lamp is broken too" while the mug waits for its photo: the lamp is in another order.
    """
    chat = dialog(MUG, LAMP)
    chat.says("damaged_item", "my mug is broken")

    assert chat.says("damaged_item", "my lamp is broken too") == AskForPhoto
    assert chat.said.line.sku == "LAMP-1"
    assert len(chat.cases) == 2


def test_more_about_the_same_product_opens_none(dialog):
    """
    A second message about the mug belongs to the mug's case.
    """
    chat = dialog(MUG, LAMP)
    chat.says("damaged_item", "my mug is broken")

    assert chat.says("damaged_item", "the blue mug, all in pieces") == AskForPhoto
    assert len(chat.cases) == 1


def test_another_problem_with_the_same_order_is_another_case(dialog):
    """
    Of one order the mug broke and another thing came instead of the lamp.
    """
    chat = dialog(an_order(lines=(a_line(), a_lamp())))
    chat.says("damaged_item", "the mug is broken")

    assert chat.says("wrong_item", "and instead of the lamp I got a cup") == AskForPhoto
    assert (chat.said.problem, chat.said.line.sku) == ("wrong_item", "LAMP-1")


def test_a_follow_up_case_is_about_the_order_at_hand(dialog):
    """
    "I want to cancel it" after a question about DEMO-1006 needs no number.
    """
    chat = dialog(MUG, PENDING)
    chat.says("order_status", order="DEMO-1006")

    assert chat.says("cancel_order", "then cancel it") == ConfirmRemedy
    assert chat.said.order_number == "DEMO-1006"


def test_after_an_interruption_it_is_about_the_order_of_the_open_question(dialog):
    """
    A glance at DEMO-1005 does not move what is said next away from DEMO-1003.
    """
    chat = dialog(MUG, LAMP)
    chat.says("damaged_item", order="DEMO-1003")
    chat.says("order_status", order="DEMO-1005")

    assert chat.says("refund_request", "I want my money back") == AskForPhoto
    chat.says("never_mind")
    chat.says("wrong_item", "it is not even what I ordered", order="DEMO-1003")
    chat.says("order_status", order="DEMO-1005")
    chat.says("cancel_order", "then I cancel it")
    assert chat.said.order_number == "DEMO-1003"


def test_a_question_without_its_order_gives_way_to_a_problem(dialog):
    """
    "Where is it?" - "which order?" - "it just came, broken": only the problem goes on.
    """
    chat = dialog(MUG, email=None)
    chat.says("order_status")
    assert chat.says("damaged_item", "it just arrived, all broken") == AskOrderNumber
    chat.says("provide_details", order="DEMO-1003")

    assert chat.says("provide_details", "ada@example.com") == AskForPhoto
    assert chat.replies == [AskForPhoto]


def test_a_named_order_is_not_asked_for_again_when_the_matter_changes(dialog):
    """
    The number that was given for the question counts for the problem too.
    """
    chat = dialog(MUG, email=None)
    chat.says("order_status", order="DEMO-1003")

    assert chat.says("damaged_item", "oh, it has come, but broken to bits") == AskProof
    assert chat.says("provide_details", "ada@example.com") == AskForPhoto


def test_a_problem_waits_while_another_order_is_asked_about(dialog):
    """
    The other order is not theirs yet, so it is to be proven; afterwards the mug comes back.
    """
    chat = dialog(MUG, an_order(number="DEMO-1007", buyer=replace(MUG.buyer, email="b@x.example")))
    chat.says("damaged_item", order="DEMO-1003")
    assert chat.says("order_status", order="DEMO-1007") == AskProof
    chat.says("provide_details", "b@x.example")

    assert chat.replies == [WhereItIs, BackTo, AskForPhoto]


# Without a case


def test_a_lone_photo_is_asked_about(dialog):
    """
    What does it show? The problems are one button each.
    """
    chat = dialog(MUG)

    assert chat.sends_photo() == PhotoOfWhat
    assert "intent:damaged_item" in chat.buttons


@pytest.mark.parametrize(
    "intent", ["affirm", "deny", "choose_option", "no_photo", "never_mind", "provide_details"]
)
def test_an_answer_without_a_question_is_asked_about(dialog, intent):
    """
    Nothing is open, so nothing is agreed to.
    """
    chat = dialog(MUG)

    assert chat.says(intent) == NothingOpen
    assert chat.cases == []


@pytest.mark.parametrize("topic", TOPICS[:-1], ids=lambda topic: topic.value)
def test_every_topic_button_begins_what_it_says(dialog, topic):
    """
    After "what is it about?" a press goes the same way as words.
    """
    in_words = dialog(MUG).says(topic.value.removeprefix("intent:"))
    chat = dialog(MUG)
    chat.says("nlu_fallback")

    assert chat.presses(topic.value) == in_words


def test_a_topic_button_works_once(dialog):
    """
    Pressed again it says so and leaves the case that it began in peace.
    """
    chat = dialog(MUG)
    chat.says("nlu_fallback")
    topic = chat.token("intent:damaged_item")
    chat.presses("", token=topic)

    chat.presses("", token=topic)
    assert chat.replies == [ChoiceIsOver, AskForPhoto]
    assert len(chat.cases) == 1


def test_the_second_misunderstanding_brings_a_person(dialog):
    """
    Asked what it is about once, then somebody else reads it.
    """
    chat = dialog(MUG)

    assert chat.says("nlu_fallback", "asdf") == Clarify
    assert chat.says("out_of_scope", "do you sell bikes") == HandedOff
    assert chat.handed_off_for == ["not_understood"]


def test_something_understood_between_forgives_the_first(dialog):
    """
    Only misunderstandings in a row count.
    """
    chat = dialog(MUG)
    chat.says("nlu_fallback")
    chat.says("greet")

    assert chat.says("nlu_fallback") == Clarify


def test_what_the_model_did_not_understand_may_answer_the_open_question(dialog):
    """
    "lamp" is no sentence, but it is the answer to "which product?".
    """
    chat = dialog(an_order(lines=(a_line(), a_lamp())))
    assert chat.says("damaged_item") == WhichLine

    assert chat.says("nlu_fallback", "lamp") == AskForPhoto
    assert chat.replies == [AskForPhoto]


@pytest.mark.parametrize("heard", ["nlu_fallback", "order_status", "greet", "out_of_scope"])
def test_a_bare_detail_that_was_asked_for_is_taken_whatever_the_model_heard(dialog, heard):
    """
    An address or a number alone says nothing to a model of meanings.
    """
    chat = dialog(MUG, email=None)
    chat.says("damaged_item", order="DEMO-1003")

    assert chat.says(heard, "10115") == AskForPhoto


def test_a_goodbye_is_not_answered_with_a_question(dialog):
    """
    Who leaves is let go; the question is there when they come back.
    """
    chat = dialog(MUG)
    chat.says("damaged_item")

    chat.says("goodbye")
    assert chat.replies == [Goodbye]
    assert chat.says("no_photo") == OfferRemedies


def test_thanks_after_the_end_is_just_thanks(dialog):
    """
    Nothing is asked any more.
    """
    chat = dialog(PENDING)
    chat.says("cancel_order")
    chat.says("affirm")

    chat.says("thanks")
    assert chat.replies == [YouAreWelcome]


def test_a_greeting_opens_no_case(dialog):
    """
    "Hi" is answered with what the bot can do.
    """
    chat = dialog(MUG)

    assert chat.says("greet") == Hello
    assert chat.cases == []


# A person


def test_the_person_button_hands_over_with_the_case(dialog):
    """
    Under any question; the case goes along.
    """
    chat = dialog(MUG)
    chat.says("damaged_item", photos=1)

    assert chat.presses("person") == HandedOff
    assert chat.handed_off_for == ["asked_for"]
    assert chat.cases[0]["state"] == CaseState.HANDED_OFF


def test_the_person_button_works_under_an_older_message_too(dialog):
    """
    Whoever scrolls up to it means it.
    """
    chat = dialog(MUG)
    chat.says("damaged_item", photos=1)
    person = chat.token("person")
    chat.presses("option:1")

    assert chat.presses("", token=person) == HandedOff


def test_after_a_hand_off_the_bot_is_silent(dialog):
    """
    Words, photos and buttons are kept for the person; nothing is answered or done.
    """
    chat = dialog(MUG)
    chat.says("damaged_item", photos=1)
    option = chat.token("option:1")
    chat.says("human_agent")
    before = len(chat.shop.rows(messages))

    assert chat.says("refund_request") is None
    assert chat.sends_photo() is None
    assert chat.presses("", token=option) is None
    assert len(chat.shop.rows(messages)) == before + 3
    assert chat.floor is Floor.WAITING
    assert chat.remedies == []


# Stale, repeated, broken


def test_a_turn_whose_lease_has_passed_on_does_nothing(dialog):
    """
    Somebody else has taken the conversation: this one is too late and leaves no trace.
    """
    chat = dialog(PENDING)
    chat.says("cancel_order")
    chat.stores_only("yes")
    stale = replace(chat.last_heard, fence=chat.last_heard.fence - 1)

    assert take_turn(chat.shop.house, stale).texts == ()
    assert chat.answers == []
    assert chat.remedies == []
    take_turn(chat.shop.house, chat.last_heard)
    assert chat.reply == RemedyRequested


def test_a_stale_turn_of_an_answered_message_finds_the_answer(dialog):
    """
    Answered is answered, by whomever.
    """
    chat = dialog(MUG)
    chat.says("order_status")
    stale = replace(chat.last_heard, fence=0)

    assert take_turn(chat.shop.house, stale).texts == (chat.text,)
    assert len(chat.answers) == 1


def test_without_a_lease_a_developer_may_talk_to_the_bot(dialog):
    """
    `rasa shell` keeps no lease.
    """
    chat = dialog(MUG)
    chat.stores_words("order_status")
    take_turn(chat.shop.house, replace(chat.last_heard, fence=None))

    assert chat.reply == WhereItIs


def test_a_turn_tells_where_the_talk_is(dialog):
    """
    For slots that developers read: the case, what is awaited, and the order's number.
    """
    chat = dialog(MUG)
    chat.says("refund_request")
    taken = take_turn(chat.shop.house, chat.last_heard)
    assert taken.case is None  # answered before: only its texts are told

    chat.stores_words("damaged_item")
    taken = take_turn(chat.shop.house, chat.last_heard)
    assert (taken.case, taken.awaiting, taken.order_number) == (
        "damaged_item",
        Awaiting.PHOTO,
        "DEMO-1003",
    )


def test_a_turn_that_breaks_leaves_no_trace_and_can_be_taken_again(dialog, monkeypatch):
    """
    An error between the remedy and the last word: all of it stands, or nothing.
    """
    chat = dialog(PENDING)
    chat.says("cancel_order")
    chat.stores_only("yes")
    words = chat.shop.words

    def break_down(*_, **__):
        raise RuntimeError("no words")

    with monkeypatch.context() as patched:
        patched.setattr(words, "render", break_down, raising=True)
        with pytest.raises(RuntimeError):
            take_turn(chat.shop.house, chat.last_heard)

    assert (chat.shop.rows(remedies), chat.outbox, chat.answers) == ([], 0, [])
    take_turn(chat.shop.house, chat.last_heard)
    assert chat.remedies == ["cancellation"]
    assert chat.outbox == 1


def test_what_was_heard_is_kept_with_the_message(dialog):
    """
    Trainers read it later.
    """
    chat = dialog(MUG)
    chat.says("damaged_item", "broken", order="DEMO-1003", confidence=0.77)
    (row,) = [row for row in chat.shop.rows(messages) if row["sender"] == "buyer"]

    assert (row["intent"], row["confidence"]) == ("damaged_item", 0.77)
    assert row["entities"][0]["value"] == "DEMO-1003"


def test_a_refund_for_another_order_leaves_the_open_case_alone(dialog):
    """
    "Refund" with a number is no answer to the question about the other order.
    """
    chat = dialog(MUG, LAMP)
    chat.says("damaged_item", order="DEMO-1003")

    assert chat.says("refund_request", "and a refund for", order="DEMO-1005") == WhyRefund
    assert chat.said.order_number == "DEMO-1005"
    assert len(chat.cases) == 2


def test_an_answer_that_fits_nothing_is_asked_again(dialog):
    """
    Said to be not understood, then the same question.
    """
    chat = dialog(MUG)
    chat.says("damaged_item")

    chat.says("provide_details", "it is for my aunt")
    assert chat.replies == [NotQuite, AskForPhoto]
