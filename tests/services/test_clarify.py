"""Not understood: guesses as buttons, topics, and a person instead of the same question twice."""

from dataclasses import replace

import pytest

from bot.casework.cases import Awaiting
from bot.casework.orders import OrderStatus
from bot.casework.turns import Floor, Route, Understanding
from bot.playbooks.order_questions import WhereItIs
from bot.playbooks.steps import AskForPhoto, ConfirmRemedy
from bot.services.clarify import MEANT, TOPICS, Clarify, DidYouMean, NotOurs
from bot.services.hand_off import HandedOff
from bot.services.identify import AskOrderNumber, AskProof
from bot.services.small_talk import Hello
from bot.services.take_turn import ChoiceIsOver
from bot.store.tables import cases, handoffs
from tests.dialog import Dialog
from tests.factories import a_lamp, an_order, the_rulebook

MUG = an_order()
LAMP = an_order(number="DEMO-1005", lines=(a_lamp(),))
PATIENT = replace(the_rulebook(), hand_off_after_misses=4)
UNSURE = ("late_delivery", "order_status", "not_received", "delivery_time")


def values(*intents: str) -> list[str]:
    """The buttons of those intents."""
    return [f"intent:{intent}" for intent in intents]


# What is offered


def test_the_three_likeliest_meanings_are_offered(dialog):
    """
    And a way out, for none of them may be right.
    """
    chat = dialog(MUG)

    assert chat.mumbles("its still not", *UNSURE) == DidYouMean
    assert chat.buttons == [*values(*UNSURE[:3]), "none_of_these"]
    assert chat.labels[0] == "topic_late_delivery"
    assert chat.cases == []


def test_only_what_a_buyer_can_mean_is_offered(dialog):
    """
    Nobody writes in to say yes; what this house has no answer for is no offer either.
    """
    chat = dialog(MUG)
    chat.mumbles(
        "hm", "affirm", "out_of_scope", "trained_later", "thanks", "invoice", "faq_returns", "deny"
    )

    assert chat.buttons == [*values("invoice", "faq_returns"), "none_of_these"]


def test_a_person_may_be_one_of_the_guesses(dialog):
    """
    It is the button that leads to one everywhere.
    """
    chat = dialog(MUG)
    chat.mumbles("someone pls", "human_agent", "complaint")
    assert chat.buttons == ["person", *values("complaint"), "none_of_these"]

    chat.presses("person")
    assert chat.handed_off_for == ["asked_for"]


def test_an_unlikely_third_is_left_out(dialog):
    """
    Two good guesses are read faster than three.
    """
    chat = dialog(MUG)
    ranking = (("late_delivery", 0.28), ("order_status", 0.02), ("invoice", 0.01))
    chat.hears(
        "hm",
        Understanding(route=Route.CLARIFY, intent="nlu_fallback", confidence=0.28, ranking=ranking),
    )

    assert chat.buttons == [*values("late_delivery", "order_status"), "none_of_these"]


@pytest.mark.parametrize(
    "ranking",
    [(), (("late_delivery", 0.05), ("invoice", 0.04)), (("affirm", 0.3), ("invoice", 0.2))],
    ids=["no guess", "nothing likely", "only one"],
)
def test_without_likely_guesses_the_topics_are_offered(dialog, ranking):
    """
    Emoji, a sneeze, a word of another language.
    """
    chat = dialog(MUG)
    heard = Understanding(
        route=Route.CLARIFY, intent="nlu_fallback", confidence=0.2, ranking=ranking
    )

    assert chat.hears("🙂", heard) == Clarify
    assert chat.buttons == [topic.value for topic in TOPICS]


def test_what_is_plainly_not_ours_is_told_kindly(dialog):
    """
    What the bot can do, and a person.
    """
    chat = dialog(MUG)

    assert chat.says("out_of_scope", "do you hire drivers", confidence=0.8) == NotOurs
    assert "person" in chat.buttons
    assert chat.floor is Floor.BOT


def test_out_of_scope_that_is_not_certain_may_be_ours(dialog):
    """
    Then the guesses are offered.
    """
    chat = dialog(MUG)
    ranking = (("out_of_scope", 0.4), ("invoice", 0.3), ("order_details", 0.1))
    heard = Understanding(
        route=Route.CLARIFY, intent="out_of_scope", confidence=0.4, ranking=ranking
    )

    assert chat.hears("papers for customs", heard) == DidYouMean
    assert chat.buttons == [*values("invoice", "order_details"), "none_of_these"]


# What a press does


@pytest.mark.parametrize("intent", MEANT)
def test_every_guess_does_what_the_words_would_have_done(dialog, intent):
    """
    One that does something else than it says would be worse than no button.
    """
    in_words = dialog(MUG)
    in_words.says(intent, "hm hm")
    chat = dialog(MUG)
    chat.mumbles("hm hm", intent, "invoice" if intent != "invoice" else "order_status")
    chat.presses(f"intent:{intent}")

    assert chat.replies == in_words.replies
    assert chat.handed_off_for == in_words.handed_off_for
    assert chat.awaiting == in_words.awaiting


def test_an_order_number_of_the_unclear_message_is_not_asked_again(dialog):
    """
    Of several orders the one that was named beside the unclear words is meant.
    """
    chat = dialog(MUG, LAMP)
    chat.mumbles("whats with", *UNSURE, order="DEMO-1005")

    assert chat.presses("intent:order_status") == WhereItIs
    assert chat.said.order_number == "DEMO-1005"


def test_nor_is_it_of_a_buyer_whom_nobody_knows(dialog):
    """
    Only the proof is asked for; the same under the topics.
    """
    chat = dialog(MUG, email=None)
    chat.mumbles("whats with", *UNSURE, order="DEMO-1003")
    assert chat.presses("intent:order_status") == AskProof

    chat = dialog(MUG, email=None)
    chat.mumbles("whats with this here thing of", order="DEMO-1003")
    assert chat.presses("intent:order_status") == AskProof

    chat = dialog(MUG, email=None)
    chat.mumbles("whats with it", *UNSURE)
    assert chat.presses("intent:order_status") == AskOrderNumber


def test_the_unclear_words_are_what_the_case_began_with(dialog):
    """
    A person who takes over reads them, not a button's label.
    """
    chat = dialog(MUG)
    chat.mumbles("mug came not whole", "damaged_item", "missing_item")

    assert chat.presses("intent:damaged_item") == AskForPhoto
    assert chat.shop.rows(cases)[0]["known"]["opening"] == "mug came not whole"


def test_none_of_these_leads_to_a_person(dialog):
    """
    Who reads what was written, not what was pressed.
    """
    chat = dialog(MUG)
    chat.mumbles("my thing is thinging", *UNSURE)

    assert chat.presses("none_of_these") == HandedOff
    assert chat.handed_off_for == ["not_understood"]
    assert "my thing is thinging" in chat.shop.rows(handoffs)[0]["summary"]


def test_a_guess_is_pressed_once(dialog):
    """
    The second press, of it or of a sibling, changes nothing.
    """
    chat = dialog(MUG)
    chat.mumbles("hm", "damaged_item", "wrong_item")
    other = chat.token("intent:wrong_item")
    none = chat.token("none_of_these")
    chat.presses("intent:damaged_item")

    chat.presses("", token=other)
    assert chat.replies == [ChoiceIsOver, AskForPhoto]
    chat.presses("", token=none)
    assert chat.replies == [ChoiceIsOver, AskForPhoto]
    assert len(chat.cases) == 1
    assert chat.floor is Floor.BOT


@pytest.mark.parametrize("heard", ["choose_option", "nlu_fallback"])
def test_the_second_one_in_words_is_a_press(dialog, heard):
    """
    However the model hears it; the order number of the unclear message counts as well.
    """
    chat = dialog(MUG, LAMP)
    chat.mumbles("whats with", *UNSURE, order="DEMO-1005")

    assert chat.says(heard, "the second one") == WhereItIs
    assert chat.said.order_number == "DEMO-1005"


def test_a_no_to_all_of_them_leads_to_a_person(dialog):
    """
    "No" just after "did you mean" is about that.
    """
    chat = dialog(MUG)
    chat.mumbles("hm", *UNSURE)

    assert chat.says("deny", "no") == HandedOff
    assert chat.handed_off_for == ["not_understood"]


def test_a_place_long_after_means_nothing(dialog):
    """
    Something else was understood since.
    """
    chat = dialog(MUG)
    chat.mumbles("hm", *UNSURE)
    chat.says("greet")
    chat.says("choose_option", "the second one")

    assert chat.cases == []
    assert chat.reply not in (WhereItIs, HandedOff)


# Failures in a row


def test_unclear_twice_brings_a_person(dialog):
    """
    The reason says why.
    """
    chat = dialog(MUG)

    assert chat.mumbles("mnf", *UNSURE) == DidYouMean
    assert chat.mumbles("mnf mnf", *UNSURE) == HandedOff
    assert chat.handed_off_for == ["not_understood"]


def test_not_ours_and_then_unclear_are_two_failures(dialog):
    """
    Whichever comes first.
    """
    chat = dialog(MUG)
    chat.says("out_of_scope", "do you hire drivers")

    assert chat.mumbles("mnf", *UNSURE) == HandedOff


@pytest.mark.parametrize("between", ["press", "words"])
def test_what_was_understood_in_between_forgives_the_first(dialog, between):
    """
    Then guesses are offered anew, the same ones if need be.
    """
    chat = dialog(MUG)
    chat.mumbles("mnf", *UNSURE)
    if between == "press":
        assert chat.presses("intent:order_status") == WhereItIs
    else:
        assert chat.says("greet") == Hello

    assert chat.mumbles("mnf", *UNSURE) == DidYouMean
    assert chat.buttons == [*values(*UNSURE[:3]), "none_of_these"]


def test_nothing_is_offered_twice_in_a_row(dialog):
    """
    A seller who allows more failures does not bore a buyer with the same buttons.
    """
    chat = dialog(MUG, rules=PATIENT)
    chat.mumbles("mnf", *UNSURE)
    assert chat.mumbles("mnf", *UNSURE, "refund_request") == DidYouMean
    assert chat.buttons == [*values("delivery_time", "refund_request"), "none_of_these"]
    assert chat.mumbles("mnf", *UNSURE, "refund_request") == Clarify
    assert chat.buttons == [*values("damaged_item", "wrong_item"), "person"]

    assert chat.mumbles("mnf", *UNSURE) == HandedOff


def test_topics_and_not_ours_are_said_once_in_a_row(dialog):
    """
    Who has read them and is still not understood needs a person, even before the limit.
    """
    chat = dialog(MUG, rules=PATIENT)
    chat.mumbles("🙂")
    assert chat.mumbles("🙂🙂") == HandedOff

    chat = dialog(MUG, rules=PATIENT)
    chat.says("out_of_scope", "do you hire drivers")
    assert chat.says("out_of_scope", "and pilots") == HandedOff


# An open case looks first


def test_an_address_that_the_model_does_not_understand_is_the_cases(dialog):
    """
    It was asked for, so no guess is offered.
    """
    chat = dialog(an_order(status=OrderStatus.PROCESSING))
    chat.says("change_address")
    assert chat.awaiting is Awaiting.ADDRESS

    chat.mumbles("New Street 2, 10117 Berlin", "order_details", "change_address")
    assert chat.reply == ConfirmRemedy
    assert "New Street 2" in chat.text


def test_an_order_number_alone_asks_about_that_order(dialog):
    """
    Even if the model does not know what to make of it.
    """
    chat = dialog(MUG, LAMP)

    assert chat.mumbles("DEMO-1005", "order_details", "tracking_link", order="DEMO-1005") == (
        WhereItIs
    )


# On record


def clarified(chat: Dialog):
    """What stands in the store for the training of the model."""
    with chat.shop.house.units.reading() as unit:
        return unit.conversations.clarified("demo")


def test_what_was_offered_and_chosen_is_on_record(dialog):
    """
    The message, each button with the model's confidence, and the choice: a label for free.
    """
    chat = dialog(MUG)
    chat.mumbles("its still not", *UNSURE)
    unclear = chat.last_message
    chat.presses("intent:order_status")
    chat.mumbles("mnf", "invoice", "order_details")

    first, second = clarified(chat)
    assert (first.message_id, first.text) == (unclear, "its still not")
    assert [value for value, _ in first.offered] == [*values(*UNSURE[:3]), "none_of_these"]
    assert [sure for _, sure in first.offered] == pytest.approx([0.29, 0.26, 0.23, None])
    assert first.chosen == "intent:order_status"
    assert (second.text, second.chosen) == ("mnf", None)


def test_so_is_what_was_chosen_in_words_or_turned_down(dialog):
    """
    "The second one" is as good as a press; "none of these" tells something too.
    """
    chat = dialog(MUG)
    chat.mumbles("hm", *UNSURE)
    chat.says("choose_option", "the second one")
    chat.mumbles("hm", *UNSURE)
    chat.says("deny", "no")

    assert [one.chosen for one in clarified(chat)] == ["intent:order_status", "none_of_these"]


def test_another_stores_are_not_told(dialog):
    """
    Each seller's buyers are their own.
    """
    chat = dialog(MUG)
    chat.mumbles("hm", *UNSURE)

    with chat.shop.house.units.reading() as unit:
        assert unit.conversations.clarified("another") == ()
