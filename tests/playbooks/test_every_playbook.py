"""
What every playbook keeps to, without a test of its own.

Each rule is tried at every question that the playbook asks on its most agreeable way: the buyer
sends the photo, takes the first option, says yes. A new playbook in PLAYBOOKS is tried too.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from bot.casework.cases import Awaiting, CaseState
from bot.casework.orders import Order, OrderStatus, ShipMode
from bot.casework.products import Product
from bot.casework.remedies import RemedyKind
from bot.casework.turns import Floor
from bot.playbooks import PLAYBOOKS
from bot.playbooks.changes import AlreadyChanged
from bot.playbooks.order_questions import WhereItIs
from bot.playbooks.steps import (
    AlreadySettled,
    ApprovalAsked,
    FrontDesk,
    confirm_remedy,
    lead_to_front_desk,
)
from bot.services.hand_off import HandedOff
from bot.services.identify import AskOrderNumber, AskProof, WhichOrder
from bot.services.small_talk import Hello, IAmABot, YouAreWelcome
from bot.services.take_turn import ChoiceIsOver, Dropped
from bot.store.tables import messages
from tests.conftest import BeginDialog
from tests.dialog import Dialog
from tests.factories import a_lamp, a_line, an_order, an_order_by_marketplace, eur, the_rulebook

ORDERS: dict[str, Order] = {
    "cancel_order": an_order(status=OrderStatus.PENDING),
    "late_delivery": an_order(overdue=True),
    "change_address": an_order(status=OrderStatus.PENDING),
    "change_item": an_order(status=OrderStatus.PENDING),
    "refuse_delivery": an_order(status=OrderStatus.SHIPPED, ship_mode=ShipMode.EXPRESS),
}
"""The order on which a playbook has work to do, where it is not a delivered one."""

WITH_ORDER = [intent for intent, playbook in PLAYBOOKS.items() if not playbook.before_order]
"""Those that do nothing before they know the order."""
PROBLEMS = [
    intent
    for intent in WITH_ORDER
    if PLAYBOOKS[intent].has_ladder or confirm_remedy in PLAYBOOKS[intent].steps
]
"""Those that may end with a remedy."""
EVERY = pytest.mark.parametrize("intent", WITH_ORDER)
EVERY_PROBLEM = pytest.mark.parametrize("intent", PROBLEMS)

AGREE: dict[Awaiting, Callable[[Dialog], object]] = {
    Awaiting.LINE: lambda chat: chat.presses("line:"),
    Awaiting.QUANTITY: lambda chat: chat.presses("quantity:"),
    Awaiting.PHOTO: lambda chat: chat.sends_photo(),
    Awaiting.REASON: lambda chat: chat.presses("reason:"),
    Awaiting.ARRIVAL: lambda chat: chat.presses("yes"),
    Awaiting.ADDRESS: lambda chat: chat.says("provide_details", "Hauptstr. 5, 10115 Berlin"),
    Awaiting.VARIANT: lambda chat: chat.presses("variant:"),
    Awaiting.WHAT_CAME: lambda chat: chat.presses("came:"),
    Awaiting.ADDRESS_CHECK: lambda chat: chat.presses("yes"),
    Awaiting.SEARCH: lambda chat: chat.presses("searched"),
    Awaiting.WHAT_IS_MISSING: lambda chat: chat.presses("missing:part"),
    Awaiting.DIFFERENCE: lambda chat: chat.presses("differs:"),
    Awaiting.DETAIL: lambda chat: chat.says("provide_details", "it stays dark"),
    Awaiting.CHOICE: lambda chat: chat.presses("option:0"),
    Awaiting.CONFIRMATION: lambda chat: chat.presses("yes"),
}
MOST_QUESTIONS = 9
ON_SALE = tuple(
    Product(sku=f"{sku}-GREEN", title=title, variant="green", stock=9, price=eur(price))
    for sku, title, price in (("MUG", "Stoneware mug", "20"), ("LAMP", "Oak desk lamp", "25"))
)
"""Other variants of what is ordered, for playbooks that ask for one."""


@pytest.fixture
def dialog(dialog: BeginDialog) -> BeginDialog:
    """Begins a conversation in a shop that sells more than was ordered."""

    def begin(*orders: Order, **options: Any) -> Dialog:
        chat = dialog(*orders, **options)
        chat.shop.sells(*ON_SALE)
        return chat

    return begin


def order_for(intent: str, **changes) -> Order:
    """An order of two pieces of two products, so that a playbook asks all it can ask."""
    lines = (a_line(quantity=2), a_lamp(quantity=2, unit_price=eur("30"), stock=9))
    order = ORDERS.get(intent, an_order())
    paid = replace(order.payments[0], amount=eur("100"))

    return replace(order, **({"lines": lines, "payments": (paid,)} | changes))


def go_on(chat: Dialog, *, until: Awaiting = Awaiting.NOTHING, questions: int = MOST_QUESTIONS):
    """Agree to question after question, until that one is asked or none is open."""
    for _ in range(questions):
        if chat.awaiting in (until, Awaiting.NOTHING):
            return
        AGREE[chat.awaiting](chat)


def at_every_question(dialog, intent: str) -> Iterator[Dialog]:
    """A conversation at the playbook's first question, another at its second, and so on."""
    for questions in range(MOST_QUESTIONS):
        chat = dialog(order_for(intent))
        chat.says(intent, order="DEMO-1003")
        go_on(chat, questions=questions)
        if chat.awaiting is Awaiting.NOTHING:
            return
        yield chat


def before_it_knows_the_order(dialog, intent: str) -> Iterator[Dialog]:
    """A conversation that is asked for the order's number, and one that is asked for a proof."""
    chat = dialog(order_for(intent), email=None)
    chat.says(intent)
    yield chat
    chat = dialog(order_for(intent), email=None)
    chat.says(intent, order="DEMO-1003")
    yield chat


def anywhere(dialog, intent: str) -> Iterator[Dialog]:
    """A conversation at each question that may be asked for the intent at all."""
    yield from before_it_knows_the_order(dialog, intent)
    yield from at_every_question(dialog, intent)


# The way through


@EVERY_PROBLEM
def test_it_ends_with_one_remedy_within_what_was_paid(dialog, intent):
    """
    Who agrees to everything gets one remedy, once in the outbox, and no more than was paid.
    """
    chat = dialog(order_for(intent))
    chat.says(intent, order="DEMO-1003")
    go_on(chat)

    assert len(chat.remedies) == chat.outbox == 1
    assert sum(amount or 0 for amount in chat.amounts) <= 10000
    assert [case["state"] for case in chat.cases] == [CaseState.SETTLED]


@EVERY_PROBLEM
def test_nothing_is_granted_before_the_yes(dialog, intent):
    """
    However many questions were answered: without the last yes nothing stands.
    """
    for chat in at_every_question(dialog, intent):
        assert chat.remedies == []


@EVERY
def test_every_decision_is_written_down_with_its_rulebook(dialog, intent):
    """
    One line of the ledger at least for each message, with what it saw and the rulebook's version.
    """
    chat = dialog(order_for(intent))
    chat.says(intent, order="DEMO-1003")
    go_on(chat)

    answered = {row["id"] for row in chat.shop.rows(messages) if row["sender"] == "buyer"}
    assert {row["message_id"] for row in chat.decisions} == answered
    assert {row["rulebook_version"] for row in chat.decisions} == {"test"}
    assert all(row["facts"] for row in chat.decisions)


@EVERY_PROBLEM
def test_what_was_made_good_is_not_made_good_again(dialog, intent):
    """
    The whole way once more, for the same goods, ends at what stands already.
    """
    chat = dialog(order_for(intent))
    for _ in range(2):
        chat.says(intent, order="DEMO-1003")
        go_on(chat)

    assert {AlreadySettled, AlreadyChanged} & set(chat.replies)
    assert len(chat.remedies) == 1


@EVERY_PROBLEM
def test_what_a_person_has_to_approve_waits_for_them(dialog, intent):
    """
    Where the seller wants to see everything: agreed, on record, held back, and nothing goes out.
    """
    rules = the_rulebook(needs_approval=tuple(RemedyKind))
    chat = dialog(order_for(intent), rules=rules)
    chat.says(intent, order="DEMO-1003")
    go_on(chat)

    assert ApprovalAsked in chat.replies
    assert chat.remedy_states == ["approval"]
    assert chat.outbox == 0


# Whenever the buyer likes


@EVERY
def test_never_mind_closes(dialog, intent):
    """
    At every question: closed, said so, nothing changed, nothing open.
    """
    for chat in anywhere(dialog, intent):
        assert chat.says("never_mind") == Dropped
        assert chat.replies == [Dropped]
        assert chat.awaiting is Awaiting.NOTHING
        assert chat.remedies == []


@EVERY
def test_a_person_takes_over_at_any_point(dialog, intent):
    """
    Asked for in words, at every question; the case goes along, and the bot is silent from then on.
    """
    for chat in anywhere(dialog, intent):
        assert chat.says("human_agent") == HandedOff
        assert chat.floor is Floor.WAITING
        assert chat.handed_off_for == ["asked_for"]
        assert chat.cases[-1]["state"] == CaseState.HANDED_OFF
        assert chat.says("affirm") is None
        assert chat.remedies == []


@EVERY
def test_an_angry_buyer_gets_a_person_without_asking(dialog, intent):
    """
    A complaint about us is not argued with by a machine.
    """
    for chat in before_it_knows_the_order(dialog, intent):
        assert chat.says("complaint") == HandedOff
        assert chat.handed_off_for == ["complaint"]


@EVERY_PROBLEM
def test_where_is_it_is_answered_and_the_open_question_put_again(dialog, intent):
    """
    An interruption at every question costs nobody their place.
    """
    for chat in at_every_question(dialog, intent):
        asked, awaiting = chat.reply, chat.awaiting

        chat.says("order_status", "where is it?")
        assert chat.replies == [WhereItIs, asked]
        assert chat.awaiting is awaiting


@EVERY
def test_small_talk_is_answered_and_the_open_question_put_again(dialog, intent):
    """
    Nor does politeness.
    """
    for chat in anywhere(dialog, intent):
        asked = chat.reply
        for talk, reply in (("greet", Hello), ("thanks", YouAreWelcome), ("ask_bot", IAmABot)):
            chat.says(talk)

            assert chat.replies == [reply, asked]


@EVERY_PROBLEM
def test_silence_and_a_return_the_next_day(dialog, intent):
    """
    Nothing is lost over night: a greeting, the same question, the same way on.
    """
    for chat in at_every_question(dialog, intent):
        asked = chat.reply
        chat.waits(days=1)
        chat.says("greet")

        assert chat.replies == [Hello, asked]
        go_on(chat)
        assert len(chat.remedies) == 1


@EVERY_PROBLEM
def test_a_no_before_the_yes_changes_nothing(dialog, intent):
    """
    A no to the exact terms, and whatever follows, nothing was granted.
    """
    chat = dialog(order_for(intent))
    chat.says(intent, order="DEMO-1003")
    go_on(chat, until=Awaiting.CONFIRMATION)
    chat.says("deny")

    assert chat.remedies == []
    assert chat.awaiting is not Awaiting.CONFIRMATION


@EVERY
def test_two_misunderstandings_bring_a_person(dialog, intent):
    """
    At every question: put again once, then somebody else takes over.
    """
    for chat in anywhere(dialog, intent):
        asked = chat.reply

        assert chat.says("nlu_fallback", "hmm") == asked
        assert chat.says("out_of_scope", "hmm") == HandedOff
        assert chat.handed_off_for == ["not_understood"]


# Whatever happens to the message


@EVERY
def test_a_repeated_message_gives_the_same_messages_and_no_second_remedy(dialog, intent):
    """
    Every message of the way is delivered twice.
    """
    chat = dialog(order_for(intent))
    chat.says(intent, order="DEMO-1003")
    for _ in range(MOST_QUESTIONS):
        answers, stored = chat.answers, len(chat.shop.rows(messages))
        chat.repeats()
        assert (chat.answers, len(chat.shop.rows(messages))) == (answers, stored)
        if chat.awaiting is Awaiting.NOTHING:
            break
        AGREE[chat.awaiting](chat)

    assert len(chat.remedies) == chat.outbox == (intent in PROBLEMS)


@EVERY_PROBLEM
def test_a_button_works_once(dialog, intent):
    """
    The last yes pressed again says that it is over, and grants nothing more.
    """
    chat = dialog(order_for(intent))
    chat.says(intent, order="DEMO-1003")
    go_on(chat, until=Awaiting.CONFIRMATION)
    yes = chat.token("yes")
    chat.presses("yes", token=yes)

    assert chat.presses("yes", token=yes) == ChoiceIsOver
    assert len(chat.remedies) == 1


@EVERY_PROBLEM
def test_a_button_of_an_older_question_is_over(dialog, intent):
    """
    A yes is no yes once another question was put; that question is put again.
    """
    chat = dialog(order_for(intent))
    chat.says(intent, order="DEMO-1003")
    go_on(chat, until=Awaiting.CONFIRMATION)
    yes = chat.token("yes")
    chat.says("order_status")
    asked = chat.reply

    chat.presses("yes", token=yes)
    assert chat.replies == [ChoiceIsOver, asked]
    assert chat.remedies == []


# Whatever happens to the order


@EVERY
def test_a_marketplace_fulfilled_order_never_gets_a_remedy(dialog, intent):
    """
    Its marketplace settles it, in whatever state it is.
    """
    for status in OrderStatus:
        chat = dialog(an_order_by_marketplace(status=status))
        chat.says(intent, photos=1)
        go_on(chat)

        assert chat.remedies == []
        leads = lead_to_front_desk in PLAYBOOKS[intent].steps
        assert (chat.reply is FrontDesk) is leads


@EVERY_PROBLEM
@pytest.mark.parametrize("awaiting", [Awaiting.CHOICE, Awaiting.CONFIRMATION])
def test_an_order_that_changes_voids_what_was_offered(dialog, intent, awaiting):
    """
    The shop changes price and payment meanwhile: the answer to the old terms grants nothing, the
    new terms are put, and those are what is granted.
    """
    chat = dialog(order_for(intent))
    chat.says(intent, order="DEMO-1003")
    go_on(chat, until=awaiting)
    if chat.awaiting is not awaiting:
        return  # nothing is chosen in this playbook
    terms = chat.cases[0]["known"]["picked"]
    if awaiting is Awaiting.CONFIRMATION and terms["line_id"] is terms["amount"] is None:
        return  # neither goods nor money are in the terms, so no price can change them
    cheap = (a_line(quantity=2, unit_price=eur("9")), a_lamp(quantity=2, unit_price=eur("9")))
    paid = replace(ORDERS.get(intent, an_order()).payments[0], amount=eur("36"))
    chat.shop.take_in(order_for(intent, lines=cheap, payments=(paid,)))

    AGREE[awaiting](chat)
    assert chat.remedies == []
    go_on(chat)
    assert len(chat.remedies) == 1
    assert sum(amount or 0 for amount in chat.amounts) <= 3600


@EVERY_PROBLEM
@pytest.mark.parametrize("awaiting", [Awaiting.CHOICE, Awaiting.CONFIRMATION])
def test_an_expired_offer_is_made_anew(dialog, intent, awaiting):
    """
    After three days an answer to the old offer grants nothing; a new one is put, and said to be.
    """
    chat = dialog(order_for(intent))
    chat.says(intent, order="DEMO-1003")
    go_on(chat, until=awaiting)
    if not chat.cases[0]["known"]["offer"]:
        return  # terms that stand in no offer: the next test
    chat.waits(hours=73)

    AGREE[awaiting](chat)
    assert chat.awaiting is Awaiting.CHOICE
    assert chat.said.renewed
    assert chat.remedies == []
    go_on(chat)
    assert len(chat.remedies) == 1


@EVERY_PROBLEM
def test_a_yes_to_old_terms_is_asked_for_again(dialog, intent):
    """
    Three days later the same terms are put once more; the yes to those counts.
    """
    chat = dialog(order_for(intent))
    chat.says(intent, order="DEMO-1003")
    go_on(chat, until=Awaiting.CONFIRMATION)
    chat.waits(hours=73)

    AGREE[Awaiting.CONFIRMATION](chat)
    assert chat.remedies == []
    go_on(chat)
    assert len(chat.remedies) == 1


# Whoever asks


@EVERY
def test_nobody_hears_of_somebody_elses_order(dialog, intent):
    """
    A signed-in buyer who names another's order is asked to prove it, and shown nothing of it.
    """
    chat = dialog(order_for(intent), email="bob@example.com")

    assert chat.says(intent, order="DEMO-1003") == AskProof
    assert_nothing_told(chat)


@EVERY
def test_an_anonymous_buyer_is_asked_for_number_and_proof_first(dialog, intent):
    """
    Whatever it is about; with both, the way is the same as for anybody.
    """
    known = dialog(order_for(intent))
    known.says(intent, order="DEMO-1003")
    chat = dialog(order_for(intent), email=None)

    assert chat.says(intent) == AskOrderNumber
    assert chat.says("provide_details", order="DEMO-1003") == AskProof
    assert_nothing_told(chat)
    assert chat.says("provide_details", "ada@example.com") == known.reply


@EVERY
def test_of_several_orders_the_buyer_is_asked_which(dialog, intent):
    """
    A buyer with two orders who names none chooses, and the way goes on with that one.
    """
    known = dialog(order_for(intent))
    known.says(intent, order="DEMO-1003")
    chat = dialog(order_for(intent), order_for(intent, number="DEMO-1005"))

    assert chat.says(intent) == WhichOrder
    assert chat.says("provide_details", order="DEMO-1003") == known.reply
    assert chat.cases[0]["order_id"] == 1


@EVERY
def test_who_cannot_name_the_order_gets_a_person(dialog, intent):
    """
    "I don't know" is asked again once.
    """
    chat = dialog(order_for(intent), email=None)
    chat.says(intent)

    assert chat.says("deny", "I don't know it") == AskOrderNumber
    assert chat.says("out_of_scope", "no idea where that is") == HandedOff


def assert_nothing_told(chat: Dialog) -> None:
    """No fact of order DEMO-1003 but its number was said, in words or on a card."""
    secrets = ("Stoneware", "lamp", "Ada", "Acker", "Berlin", "10115", "DHL", "0034", "2026", "100")
    answers = [row for row in chat.shop.rows(messages) if row["sender"] != "buyer"]
    assert [row["card"] for row in answers] == [None] * len(answers)
    for answer in answers:
        text = str(answer["text"]).replace("DEMO-1003", "")
        assert not [secret for secret in secrets if secret in text]
