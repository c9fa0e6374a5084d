"""Several matters in one message: one is worked on, the others are taken up after it."""

from dataclasses import replace

import pytest

from bot.casework.cases import Awaiting, CaseState
from bot.casework.orders import OrderStatus
from bot.casework.turns import Clause, Entity, Route, Understanding
from bot.playbooks.order_questions import WhereItIs
from bot.playbooks.steps import AskForPhoto, ConfirmRemedy, OfferRemedies, RemedyRequested
from bot.services.hand_off import HandedOff
from bot.services.identify import AskOrderNumber, AskProof
from bot.services.take_turn import Dropped, TakenUp
from bot.store.tables import handoffs
from tests.dialog import Dialog
from tests.factories import a_lamp, an_order

MUG = an_order()
LAMP = an_order(number="DEMO-1005", lines=(a_lamp(),))
PENDING = an_order(number="DEMO-1006", status=OrderStatus.PENDING)


def number(value: str) -> Entity:
    """An order number as the model finds it."""
    return Entity(name="order_number", value=value, start=0, end=len(value))


def clause(intent: str, text: str, *, order: str = "", confidence: float = 0.9) -> Clause:
    """One part of a message."""
    entities = (number(order),) if order else ()

    return Clause(text=text, intent=intent, confidence=confidence, entities=entities)


def tells(chat: Dialog, *clauses: Clause, route: Route = Route.RUN_PLAYBOOK, intent: str = ""):
    """A message of those clauses; the last reply to it."""
    return chat.hears(
        " ".join(one.text for one in clauses),
        Understanding(
            route=route,
            intent=intent or clauses[0].intent,
            confidence=0.9,
            entities=tuple(entity for one in clauses for entity in one.entities),
            clauses=clauses,
        ),
    )


BROKEN = clause("damaged_item", "The mug from DEMO-1003 is broken.", order="DEMO-1003")
CANCEL = clause("cancel_order", "Please also cancel DEMO-1006.", order="DEMO-1006")
WHERE = clause("order_status", "Where is DEMO-1005?", order="DEMO-1005")


def test_the_second_problem_is_taken_up_after_the_first(dialog):
    """
    Remembered with its own order and words, named when its turn comes, and settled like the first.
    """
    chat = dialog(MUG, PENDING)

    assert tells(chat, BROKEN, CANCEL) == AskForPhoto
    assert sorted(case["state"] for case in chat.cases) == [CaseState.OPEN, CaseState.REMEMBERED]
    chat.sends_photo()
    chat.presses("option:1")
    chat.presses("yes")

    assert chat.replies == [RemedyRequested, TakenUp, ConfirmRemedy]
    assert chat.said.order_number == "DEMO-1006"
    chat.presses("yes")
    assert chat.replies == [RemedyRequested]
    assert chat.remedies == ["replacement", "cancellation"]
    assert chat.awaiting is Awaiting.NOTHING


def test_a_question_is_answered_before_the_problem(dialog):
    """
    It needs nothing of the buyer; the problem's question comes last, so that it is answered.
    """
    chat = dialog(MUG, LAMP)

    tells(chat, BROKEN, WHERE)
    assert chat.replies == [WhereItIs, TakenUp, AskForPhoto]


def test_a_message_that_was_not_understood_whole_is_understood_in_parts(dialog):
    """
    Two matters in one sentence confuse the model; each alone does not.
    """
    chat = dialog(MUG, PENDING)

    tells(chat, BROKEN, CANCEL, route=Route.CLARIFY, intent="nlu_fallback")
    assert chat.reply == AskForPhoto
    assert len(chat.cases) == 2


def test_the_wish_about_a_problem_is_no_second_matter(dialog):
    """
    "It is broken. I want my money back." is one case.
    """
    chat = dialog(MUG)

    tells(chat, BROKEN, clause("refund_request", "I want my money back."))
    assert [case["playbook"] for case in chat.cases] == ["damaged_item"]


@pytest.mark.parametrize(
    "other",
    [
        clause("thanks", "Thank you."),
        clause("order_status", "Where is it.", confidence=0.5),
        clause("damaged_item", "It is in pieces."),
    ],
    ids=["small talk", "unsure", "the same again"],
)
def test_what_is_no_other_matter_is_not_remembered(dialog, other):
    """
    Politeness, background, the same thing twice.
    """
    chat = dialog(MUG)

    tells(chat, BROKEN, other)
    assert len(chat.cases) == 1


def test_one_order_number_is_for_both(dialog):
    """
    "The mug from DEMO-1003 is broken and I need to know where it was sent from": named once.
    """
    chat = dialog(MUG, LAMP, email=None)

    tells(chat, BROKEN, clause("order_details", "To which address did it go?"))
    assert chat.reply == AskProof
    assert {case["known"]["claimed"] for case in chat.cases} == {"DEMO-1003"}


def test_an_unknown_buyer_proves_the_first_and_is_asked_for_the_second(dialog):
    """
    Each order is proven by itself.
    """
    chat = dialog(MUG, replace(PENDING, postal_code="20095"), email=None)
    tells(chat, BROKEN, CANCEL)
    assert chat.says("provide_details", "10115") == AskForPhoto
    chat.sends_photo()
    chat.presses("option:1")
    chat.presses("yes")

    assert chat.replies == [RemedyRequested, TakenUp, AskProof]
    assert chat.says("provide_details", "20095") == ConfirmRemedy


def test_dropping_the_first_brings_up_the_second(dialog):
    """
    "Never mind" is about what was asked, not about what waits.
    """
    chat = dialog(MUG, PENDING)
    tells(chat, BROKEN, CANCEL)

    chat.says("never_mind")
    assert chat.replies == [Dropped, TakenUp, ConfirmRemedy]


def test_a_person_gets_the_remembered_ones_too(dialog):
    """
    They stand in the summary, and nothing is taken up behind the person's back.
    """
    chat = dialog(MUG, PENDING)
    tells(chat, BROKEN, CANCEL)

    assert chat.says("human_agent") == HandedOff
    assert {case["state"] for case in chat.cases} == {CaseState.HANDED_OFF}
    summary = chat.shop.rows(handoffs)[0]["summary"]
    assert "The buyer also wants to cancel the order: “Please also cancel DEMO-1006.”" in summary


def test_without_an_order_number_both_wait_for_it(dialog):
    """
    The number is asked for once at a time, the first matter first.
    """
    chat = dialog(MUG, LAMP, email=None)

    tells(chat, clause("damaged_item", "It is broken."), clause("invoice_x", "hm"), WHERE)
    assert chat.reply in (AskOrderNumber, AskProof)


def test_offers_of_the_first_are_not_disturbed(dialog):
    """
    The second stays remembered while the first is being chosen.
    """
    chat = dialog(MUG, PENDING)
    tells(chat, BROKEN, CANCEL)

    assert chat.sends_photo() == OfferRemedies
    assert chat.says("order_status", "where is it?") == OfferRemedies
    assert chat.cases[1]["state"] in (CaseState.REMEMBERED, CaseState.OPEN)


def test_an_answer_in_free_words_is_not_taken_apart(dialog):
    """
    Asked what happens, a buyer may name two faults: one answer to one question.
    """
    chat = dialog(an_order())
    chat.says("defective_item")
    assert chat.awaiting is Awaiting.DETAIL

    tells(
        chat,
        clause("defective_item", "It stays dark."),
        clause("damaged_item", "Also there is a crack inside."),
    )
    assert chat.awaiting is Awaiting.PHOTO
    assert [case["playbook"] for case in chat.cases] == ["defective_item"]
    assert "crack" in chat.cases[0]["known"]["detail"]


def test_another_orders_matter_in_such_an_answer_is_remembered(dialog):
    """
    What names another order answers nothing about this one.
    """
    chat = dialog(an_order(), an_order(number="DEMO-1005"))
    chat.says("defective_item", order="DEMO-1003")

    tells(
        chat,
        clause("defective_item", "It stays dark."),
        clause("damaged_item", "And DEMO-1005 came broken.", order="DEMO-1005"),
    )
    later = [case for case in chat.cases if case["state"] == CaseState.REMEMBERED]
    assert [case["playbook"] for case in later] == ["damaged_item"]
