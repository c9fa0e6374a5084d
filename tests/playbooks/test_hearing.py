"""What a turn adds to a case: the answer to its open question, and nothing else."""

from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.casework.cases import Awaiting, Case
from bot.casework.orders import Order
from bot.casework.remedies import Discount, Refund, Remedy, Replacement, Return
from bot.playbooks.hearing import ANSWERS, hear
from tests.factories import a_case, a_lamp, a_line, a_turn, an_offer, an_order, eur

TWO_LINES = an_order(lines=(a_line(), a_lamp()))
FOUR_MUGS = an_order(lines=(a_line(quantity=4),))
DISCOUNT = Discount(order_id=3, line_id=1, quantity=1, amount=eur("1"), percent=5)  # type: ignore[arg-type]
REPLACEMENT = Replacement(order_id=3, line_id=1, quantity=1)
RETURN = Return(order_id=3, line_id=1, quantity=1, amount=eur("20"))
REFUND = Refund(order_id=3, line_id=1, quantity=1, amount=eur("20"))
OFFER = an_offer(DISCOUNT, REPLACEMENT, REFUND)


def heard(case: Case, text: str = "", intent: str = "", *, order: Order = TWO_LINES) -> Case:
    """The case after a message with that text and intent."""
    return hear(case, order, a_turn(text, intent))


def pressed(case: Case, choice: str, *, order: Order = TWO_LINES) -> Case:
    """The case after that button."""
    return hear(case, order, a_turn(choice=choice, intent="choose_option"))


# Only what was asked

INTENTS = (
    "affirm", "deny", "choose_option", "no_photo", "photo_sent", "refund_request", "damaged_item",
    "provide_details", "thanks", "never_mind", "nlu_fallback",
)  # fmt: skip
CHOICES = (
    "yes", "no", "no_photo", "person", "option:0", "option:2", "line:1", "line:2", "quantity:1",
    "reason:damaged_item", "came:another_parcel",
    "reason:damaged_item", "found", "searched", "missing:part", "differs:size", "skip",
)  # fmt: skip
HEARD_BY = {
    Awaiting.LINE: {"line_id"},
    Awaiting.QUANTITY: {"quantity"},
    Awaiting.PHOTO: {"no_photo"},
    Awaiting.REASON: {"reason"},
    Awaiting.ARRIVAL: {"arrived", "reason"},
    Awaiting.ADDRESS: {"address", "detail", "declined"},
    Awaiting.VARIANT: {"sku", "quantity", "reason", "declined"},
    Awaiting.WHAT_CAME: {"came"},
    Awaiting.ADDRESS_CHECK: {"reason", "detail"},
    Awaiting.SEARCH: {"arrived", "searched", "reason"},
    Awaiting.WHAT_IS_MISSING: {"reason", "detail", "line_id"},
    Awaiting.DIFFERENCE: {"reason", "detail"},
    Awaiting.DETAIL: {"detail"},
    Awaiting.CHOICE: {"picked", "declined"},
    Awaiting.CONFIRMATION: {"confirmed", "picked", "declined"},
}


@given(
    awaiting=st.sampled_from(Awaiting),
    intent=st.sampled_from(INTENTS),
    choice=st.none() | st.sampled_from(CHOICES),
    text=st.text(max_size=30) | st.sampled_from(["yes", "2", "the mug", "refund", "no refund"]),
    offer=st.none() | st.just(OFFER),
)
def test_only_the_open_question_is_answered(
    awaiting: Awaiting, intent: str, choice: str | None, text: str, offer: object
) -> None:
    """
    A stray "yes" while a photo is awaited confirms nothing, whatever else is in the message.
    """
    case = a_case(awaiting=awaiting, offer=offer, line_id=1, picked=DISCOUNT)
    after = hear(case, FOUR_MUGS, a_turn(text, intent, choice=choice))
    changed = {
        field.name
        for field in fields(Case)
        if getattr(after, field.name) != getattr(case, field.name)
    }

    assert changed <= HEARD_BY.get(awaiting, set())


@given(awaiting=st.sampled_from([*ANSWERS, Awaiting.NOTHING]), intent=st.sampled_from(INTENTS))
def test_a_photo_is_taken_whenever_it_comes(awaiting: Awaiting, intent: str) -> None:
    """
    A buyer who sends it before being asked is not asked for it again.
    """
    case = a_case(awaiting=awaiting, photos=("p1",))

    assert hear(case, TWO_LINES, a_turn(intent=intent, photos=("p2", "p3"))).photos == (
        "p1",
        "p2",
        "p3",
    )


# Which line


@pytest.mark.parametrize(
    ("text", "line_id"),
    [("the mug", 1), ("the desk lamp", 2), ("the second one", 2), ("1", 1), ("the last one", 2)],
)
def test_a_line_is_named_by_word_or_place(text: str, line_id: int) -> None:
    """
    Typed instead of pressed.
    """
    case = a_case(awaiting=Awaiting.LINE, line_id=None)

    assert heard(case, text).line_id == line_id


@pytest.mark.parametrize("text", ["both", "the mug and the lamp", "it is broken", "", "7"])
def test_an_unclear_line_is_no_answer(text: str) -> None:
    """
    An equal case: the caller counts the miss and asks again.
    """
    case = a_case(awaiting=Awaiting.LINE, line_id=None)

    assert heard(case, text) == case


def test_a_pressed_line_must_be_the_orders() -> None:
    """
    The order may have changed since the button was made.
    """
    case = a_case(awaiting=Awaiting.LINE, line_id=None)

    assert pressed(case, "line:2").line_id == 2
    assert pressed(case, "line:99") == case


# How many


@pytest.mark.parametrize(
    ("text", "quantity"), [("2", 2), ("both", 2), ("all of them", 4), ("1 of 4", 1), ("two", 2)]
)
def test_a_quantity_is_typed_or_pressed(text: str, quantity: int) -> None:
    """
    Of four mugs.
    """
    case = a_case(awaiting=Awaiting.QUANTITY)

    assert heard(case, text, order=FOUR_MUGS).quantity == quantity
    assert pressed(case, f"quantity:{quantity}", order=FOUR_MUGS).quantity == quantity


@pytest.mark.parametrize("text", ["0", "5", "many", "-", "yes", ""])
def test_more_than_was_ordered_is_no_answer(text: str) -> None:
    """
    Nor is less than one.
    """
    case = a_case(awaiting=Awaiting.QUANTITY)

    assert heard(case, text, order=FOUR_MUGS) == case
    assert pressed(case, f"quantity:{text}", order=FOUR_MUGS) == case


def test_a_quantity_without_a_line_is_no_answer() -> None:
    """
    Of what, nobody knows yet.
    """
    case = a_case(awaiting=Awaiting.QUANTITY, line_id=None)

    assert heard(case, "2", order=FOUR_MUGS) == case


# Photo and reason


@pytest.mark.parametrize("intent", ["no_photo", "deny"])
def test_who_cannot_take_a_photo_goes_on_without(intent: str) -> None:
    """
    A plain "no" to the request says so, too.
    """
    case = a_case(awaiting=Awaiting.PHOTO)

    assert heard(case, "no", intent).no_photo
    assert pressed(case, "no_photo").no_photo


def test_a_photo_that_is_only_announced_is_no_photo() -> None:
    """
    "I sent it": but nothing came.
    """
    case = a_case(awaiting=Awaiting.PHOTO)

    assert heard(case, "I sent it", "photo_sent") == case


def test_a_reason_is_pressed_or_told() -> None:
    """
    "It is broken", after being asked why.
    """
    case = a_case(playbook="refund_request", awaiting=Awaiting.REASON)

    assert pressed(case, "reason:changed_mind").reason == "changed_mind"
    assert heard(case, "it is broken", "damaged_item").reason == "damaged_item"
    assert heard(case, "I do not need it any more", "cancel_order").reason == "changed_mind"
    assert heard(case, "because", "provide_details") == case


# Whether it came


@pytest.mark.parametrize(
    ("intent", "arrived"), [("affirm", True), ("deny", False), ("late_delivery", False)]
)
def test_the_buyers_word_on_the_arrival_is_heard(intent: str, arrived: bool) -> None:
    """
    "It is still not here" is a no.
    """
    case = a_case(playbook="late_delivery", awaiting=Awaiting.ARRIVAL)

    assert heard(case, "", intent).arrived is arrived
    assert pressed(case, "yes").arrived is True
    assert pressed(case, "no").arrived is False


def test_who_tells_that_it_is_broken_has_it() -> None:
    """
    The case goes on as one of damaged goods.
    """
    case = a_case(playbook="late_delivery", awaiting=Awaiting.ARRIVAL)
    after = heard(case, "yes, in pieces", "damaged_item")

    assert (after.reason, after.arrived) == ("damaged_item", None)
    assert heard(case, "hm", "thanks") == case


# The choice

CHOOSING = a_case(awaiting=Awaiting.CHOICE, offer=OFFER)


@pytest.mark.parametrize(
    ("text", "intent", "picked"),
    [
        ("I take the refund", "choose_option", REFUND),
        ("the second one", "choose_option", REPLACEMENT),
        ("2", "provide_details", REPLACEMENT),
        ("yes, the refund", "affirm", REFUND),
        ("no, rather a replacement", "deny", REPLACEMENT),
        ("just give me my money back", "refund_request", REFUND),
        ("I want a refund", "refund_request", REFUND),
        ("I'd like to be paid", "refund_request", REFUND),
        ("ok I keep it for the discount", "affirm", DISCOUNT),
    ],
)
def test_an_option_is_chosen_in_words(text: str, intent: str, picked: Remedy) -> None:
    """
    By its name or its place, whatever the model makes of the sentence.
    """
    after = heard(CHOOSING, text, intent)

    assert after.picked == picked
    assert not after.confirmed
    assert not after.declined


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("yes", "affirm"),
        ("both", "choose_option"),
        ("all three", "choose_option"),
        ("refund and replacement", "choose_option"),
        ("no refund please", "choose_option"),
        ("hm", "nlu_fallback"),
    ],
)
def test_an_unclear_choice_is_no_answer(text: str, intent: str) -> None:
    """
    Remedies exclude each other; a bare yes to three of them names none.
    """
    assert heard(CHOOSING, text, intent) == CHOOSING


def test_a_yes_to_the_only_option_chooses_it() -> None:
    """
    There is nothing else that it could mean.
    """
    case = a_case(awaiting=Awaiting.CHOICE, offer=an_offer(RETURN))

    assert heard(case, "yes please", "affirm").picked == RETURN


@pytest.mark.parametrize("text", ["no", "none of them", "I don't want a refund"])
def test_a_no_declines_the_offer(text: str) -> None:
    """
    Also where it names what is not wanted.
    """
    after = heard(CHOOSING, text, "deny")

    assert after.declined
    assert after.picked is None


@pytest.mark.parametrize(("place", "picked"), [(0, DISCOUNT), (2, REFUND)])
def test_an_option_is_pressed(place: int, picked: Remedy) -> None:
    """
    By its place in the offer.
    """
    assert pressed(CHOOSING, f"option:{place}").picked == picked


@pytest.mark.parametrize("choice", ["option:3", "option:", "option:-1", "option:²", "yes"])
def test_a_button_that_is_not_of_the_offer_is_no_answer(choice: str) -> None:
    """
    An older offer may have had more options.
    """
    assert pressed(CHOOSING, choice) == CHOOSING


def test_without_an_offer_nothing_is_chosen() -> None:
    """
    It expired, and the next step makes a new one.
    """
    case = a_case(awaiting=Awaiting.CHOICE)

    assert heard(case, "refund", "choose_option") == case


# The confirmation

CONFIRMING = replace(CHOOSING, awaiting=Awaiting.CONFIRMATION, picked=DISCOUNT)


@pytest.mark.parametrize("text", ["yes", "ok do it", "yes please, I keep it", "yes 5% is ok"])
def test_a_yes_confirms_the_terms(text: str) -> None:
    """
    Of what was shown last.
    """
    after = heard(CONFIRMING, text, "affirm")

    assert after.confirmed
    assert after.picked == DISCOUNT


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("yes, but rather the refund", "affirm"),
        ("no, I want the refund", "deny"),
        ("the last one after all", "choose_option"),
        ("I want my money", "refund_request"),
    ],
)
def test_another_option_is_no_yes_to_this_one(text: str, intent: str) -> None:
    """
    Its own terms are shown first.
    """
    after = heard(CONFIRMING, text, intent)

    assert after.picked == REFUND
    assert not after.confirmed


@pytest.mark.parametrize(
    "intent", ["thanks", "greet", "provide_details", "nlu_fallback", "goodbye"]
)
def test_anything_but_a_yes_confirms_nothing(intent: str) -> None:
    """
    Not even a thank-you.
    """
    assert heard(CONFIRMING, "thank you", intent) == CONFIRMING


def test_a_no_goes_back_to_the_offer() -> None:
    """
    Where there was one; without one it is declined.
    """
    back = heard(CONFIRMING, "no", "deny")
    alone = pressed(replace(CONFIRMING, offer=None), "no")

    assert (back.picked, back.declined, back.confirmed) == (None, False, False)
    assert (alone.picked, alone.declined, alone.confirmed) == (None, True, False)


def test_a_button_says_exactly_what_is_meant() -> None:
    """
    The text that comes with it is not read.
    """
    turn = a_turn("rather the refund", "choose_option", choice="yes")

    assert hear(CONFIRMING, TWO_LINES, turn) == replace(CONFIRMING, confirmed=True)
