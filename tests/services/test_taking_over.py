"""People take conversations over, pass them on and give them back."""

from datetime import timedelta

import pytest

from bot.casework.agents import Role
from bot.casework.cases import Awaiting, CaseState
from bot.casework.orders import OrderStatus
from bot.casework.turns import Floor
from bot.playbooks.steps import ConfirmRemedy, RemedyRequested
from bot.services.answering import do_answer, do_correct, do_note
from bot.services.hand_off import HandedOff
from bot.services.taking_over import (
    CLAIM_FOR,
    AgentJoined,
    AgentLeft,
    BotIsBack,
    ChatClosed,
    do_assign,
    do_claim,
    do_close,
    do_give_back,
    do_let_lapse,
    do_renew,
    do_snooze,
)
from bot.services.turn_queue import NotAcceptable, take_up
from bot.store.tables import audit, conversations, corrections, messages, notes
from tests.factories import an_order

PENDING = an_order(status=OrderStatus.PENDING)


@pytest.fixture
def waiting(dialog):
    """A buyer who asked for a person about a pending order."""
    chat = dialog(PENDING)
    assert chat.says("cancel_order", order="DEMO-1003") == ConfirmRemedy
    assert chat.says("human_agent") == HandedOff

    return chat


def holding(chat):
    """Who has the conversation."""
    with chat.shop.house.units.reading() as unit:
        return unit.desk.holding(chat.id)


def refused(work, *arguments, **named):
    """The code with which a service refuses."""
    with pytest.raises(NotAcceptable) as caught:
        work(*arguments, **named)

    return caught.value.code


def replied(chat):
    """Names of everything that was said by the bot and the house, in order."""
    rows = sorted(chat.shop.rows(messages), key=lambda row: int(str(row["seq"])))

    return [row["reply"] for row in rows if row["reply"]]


# Claims


def test_who_claims_speaks_and_the_buyer_hears_the_first_name(waiting):
    """
    The bot is silent from then on: what the buyer writes is for the person.
    """
    house, anna = waiting.shop.house, waiting.shop.hires("Anna Karlsson")

    do_claim(house, waiting.id, anna)

    assert waiting.floor is Floor.HUMAN
    assert waiting.said == AgentJoined(name="Anna")
    assert waiting.says("order_status", "where is it?") is None
    assert holding(waiting).agent == anna


def test_the_second_click_is_told_who_was_first(waiting):
    """
    Two agents never answer the same buyer.
    """
    house = waiting.shop.house
    anna, ben = waiting.shop.hires("Anna Karlsson"), waiting.shop.hires("Ben Ode")
    do_claim(house, waiting.id, anna)

    with pytest.raises(NotAcceptable, match="Anna Karlsson has taken") as caught:
        do_claim(house, waiting.id, ben)

    assert caught.value.code == "taken"
    assert holding(waiting).agent == anna


def test_claiming_twice_says_hello_once(waiting):
    """
    A double click, or a second tab.
    """
    house, anna = waiting.shop.house, waiting.shop.hires("Anna Karlsson")
    do_claim(house, waiting.id, anna)
    do_claim(house, waiting.id, anna)

    assert replied(waiting).count("taking_over.agent_joined") == 1


def test_a_conversation_can_be_taken_from_the_bot_unasked(dialog):
    """
    A lead who looks on may step in; the bot does not answer what it was just asked.
    """
    chat = dialog(PENDING)
    chat.stores_words("cancel_order", order="DEMO-1003")
    do_claim(chat.shop.house, chat.id, chat.shop.hires("Anna Karlsson"))

    chat.repeats()

    assert chat.replies == []
    assert replied(chat) == ["taking_over.agent_joined"]


def test_a_closed_conversation_cannot_be_claimed(waiting):
    """
    The buyer begins a new one.
    """
    house, anna = waiting.shop.house, waiting.shop.hires("Anna Karlsson")
    do_claim(house, waiting.id, anna)
    do_close(house, waiting.id, anna)

    assert refused(do_claim, house, waiting.id, anna) == "closed"
    assert refused(do_answer, house, waiting.id, anna, client_id="a", text="hi") == "closed"


# Leases


def test_an_agent_who_disappears_loses_the_claim(waiting):
    """
    The conversation waits in the queue again; it never goes back to the bot by itself.
    """
    house, anna = waiting.shop.house, waiting.shop.hires("Anna Karlsson")
    do_claim(house, waiting.id, anna)
    waiting.waits(seconds=CLAIM_FOR.total_seconds() - 1)
    assert do_let_lapse(house) == ()
    waiting.waits(seconds=1)

    assert do_let_lapse(house) == (waiting.id,)
    assert do_let_lapse(house) == ()

    assert waiting.floor is Floor.WAITING
    assert holding(waiting).agent is None
    assert waiting.said == AgentLeft(name="Anna")
    assert take_up(house, waiting.id, "web", 15) is None


def test_a_sign_of_life_keeps_all_claims(waiting):
    """
    One open page of an agent is enough for all that they have claimed.
    """
    house, anna = waiting.shop.house, waiting.shop.hires("Anna Karlsson")
    do_claim(house, waiting.id, anna)
    waiting.waits(minutes=8)
    do_renew(house, anna)
    waiting.waits(minutes=8)

    assert do_let_lapse(house) == ()


def test_an_answer_after_the_lease_is_refused(waiting):
    """
    Somebody else may have it by then; the draft stays with whoever wrote it.
    """
    house, anna = waiting.shop.house, waiting.shop.hires("Anna Karlsson")
    do_claim(house, waiting.id, anna)
    waiting.waits(minutes=11)
    do_let_lapse(house)

    assert refused(do_answer, house, waiting.id, anna, client_id="a", text="hi") == "not_yours"


# Answers and notes


def test_an_answer_reaches_the_buyer_once(waiting):
    """
    A browser that sends twice is answered with the same message.
    """
    house, anna = waiting.shop.house, waiting.shop.hires("Anna Karlsson")
    do_claim(house, waiting.id, anna)

    first = do_answer(house, waiting.id, anna, client_id="a1", text="I have stopped it.")
    again = do_answer(house, waiting.id, anna, client_id="a1", text="I have stopped it.")

    assert first == again
    with house.units.reading() as unit:
        shown = unit.conversations.transcript(waiting.id, 0)
    assert [one.text for one in shown if one.sender == "agent"] == ["I have stopped it."]


def test_only_whoever_has_claimed_it_answers(waiting):
    """
    Neither before the claim, nor beside somebody else.
    """
    house = waiting.shop.house
    anna, ben = waiting.shop.hires("Anna Karlsson"), waiting.shop.hires("Ben Ode", Role.LEAD)
    assert refused(do_answer, house, waiting.id, anna, client_id="a", text="hi") == "not_yours"
    do_claim(house, waiting.id, anna)

    assert refused(do_answer, house, waiting.id, ben, client_id="b", text="hi") == "not_yours"


def test_a_note_is_never_shown_to_the_buyer(waiting):
    """
    It stands in a table of its own, behind the message that it was written after.
    """
    house, ben = waiting.shop.house, waiting.shop.hires("Ben Ode")
    note = do_note(house, waiting.id, ben, client_id="n1", text="called the carrier")
    same = do_note(house, waiting.id, ben, client_id="n1", text="called the carrier")

    assert note == same
    assert note.after_seq == 4
    assert len(waiting.shop.rows(notes)) == 1
    with house.units.reading() as unit:
        shown = unit.conversations.transcript(waiting.id, 0)
        assert [one.text for one in unit.talks.whole(waiting.id).notes] == ["called the carrier"]
    assert "carrier" not in " ".join(one.text for one in shown)


def test_an_upload_of_another_conversation_is_refused(waiting):
    """
    As if it did not exist.
    """
    house, anna = waiting.shop.house, waiting.shop.hires("Anna Karlsson")
    do_claim(house, waiting.id, anna)

    code = refused(
        do_answer, house, waiting.id, anna, client_id="a", text="", attachments=("nowhere",)
    )

    assert code == "unknown_attachment"


# Giving back


def test_a_case_that_is_resumed_puts_its_question_again(waiting):
    """
    The buyer goes on where they were, and what they wrote to the person is not answered twice.
    """
    house, anna = waiting.shop.house, waiting.shop.hires("Anna Karlsson")
    do_claim(house, waiting.id, anna)
    waiting.says("order_status", "are you there?")
    do_give_back(house, waiting.id, anna, note="only wants to cancel", resume=True)

    assert waiting.floor is Floor.BOT
    assert waiting.awaiting is Awaiting.CONFIRMATION
    assert replied(waiting)[-3:] == [
        "taking_over.bot_is_back", "case_work.back_to", "steps.confirm_remedy",
    ]  # fmt: skip
    with house.units.reading() as unit:
        assert unit.conversations.unanswered(waiting.id) == ()
    assert waiting.presses("yes") == RemedyRequested
    assert waiting.remedies == ["cancellation"]


def test_a_yes_from_before_the_person_came_is_over(dialog):
    """
    What was agreed with the bot before the hand-off moves no money when the bot is back.
    """
    chat = dialog(an_order())
    chat.says("damaged_item", "the mug came in pieces", photos=1)
    chat.presses("option:")
    chat.says("human_agent")
    anna = chat.shop.hires("Anna Karlsson")
    do_claim(chat.shop.house, chat.id, anna)
    do_give_back(chat.shop.house, chat.id, anna, note="", resume=True)

    assert chat.remedies == []
    assert chat.awaiting is Awaiting.CHOICE


def test_a_conversation_that_starts_anew_has_no_open_case(waiting):
    """
    The matter was settled by the person; the next message begins something else.
    """
    house, anna = waiting.shop.house, waiting.shop.hires("Anna Karlsson")
    do_claim(house, waiting.id, anna)
    do_give_back(house, waiting.id, anna, note="", resume=False)

    assert waiting.said == BotIsBack(name="Anna")
    assert [row["state"] for row in waiting.cases] == [CaseState.DROPPED]
    assert waiting.says("thank_you") is not None


def test_giving_back_tells_the_team_why(waiting):
    """
    The note stands beside the chat.
    """
    house, anna = waiting.shop.house, waiting.shop.hires("Anna Karlsson")
    do_claim(house, waiting.id, anna)
    do_give_back(house, waiting.id, anna, note="address is fine", resume=False)

    assert [row["text"] for row in waiting.shop.rows(notes)] == ["address is fine"]


# Passing on, sleeping, closing


def test_a_transfer_waits_for_the_other(waiting):
    """
    The buyer is told that somebody else goes on; the other finds the note.
    """
    house = waiting.shop.house
    anna, ben = waiting.shop.hires("Anna Karlsson"), waiting.shop.hires("Ben Ode")
    do_claim(house, waiting.id, anna)
    do_assign(house, waiting.id, anna, to=ben, team="", note="speaks Polish")

    assert waiting.floor is Floor.WAITING
    assert waiting.said == AgentLeft(name="Anna")
    assert holding(waiting).agent == ben
    assert holding(waiting).claimed_until is None


def test_what_was_taken_from_the_bot_and_passed_on_has_a_clock(dialog):
    """
    Nobody asked for a person, so no clock ran; whoever passes it on starts one.
    """
    chat = dialog(PENDING)
    chat.says("order_status", order="DEMO-1003")
    house, lead = chat.shop.house, chat.shop.hires("Lea Lind", Role.LEAD)
    do_assign(house, chat.id, lead, to=None, team="Returns", note="looks odd")

    assert chat.handed_off_for == ["passed_on"]
    assert holding(chat).due_at == chat.shop.now + timedelta(hours=48)
    do_assign(house, chat.id, lead, to=None, team="Parcels", note="")
    assert chat.handed_off_for == ["passed_on"]


def test_a_claim_of_the_bots_that_lapses_has_a_clock(dialog):
    """
    As any other conversation that waits.
    """
    chat = dialog(PENDING)
    chat.says("order_status", order="DEMO-1003")
    do_claim(chat.shop.house, chat.id, chat.shop.hires("Anna Karlsson"))
    chat.waits(minutes=11)
    do_let_lapse(chat.shop.house)

    assert chat.handed_off_for == ["passed_on"]


def test_what_was_answered_and_passed_on_has_a_clock_again(waiting):
    """
    Somebody waits for whoever gets it. An agent who only goes away passes nothing on.
    """
    anna, ben = waiting.shop.hires("Anna Karlsson"), waiting.shop.hires("Ben Ode")
    do_claim(waiting.shop.house, waiting.id, anna)
    do_answer(waiting.shop.house, waiting.id, anna, client_id="a", text="one moment")
    waiting.waits(seconds=CLAIM_FOR.total_seconds() + 1)
    assert do_let_lapse(waiting.shop.house) == (waiting.id,)
    assert (holding(waiting).due_at, waiting.handed_off_for) == (None, ["asked_for"])

    do_assign(waiting.shop.house, waiting.id, anna, to=ben, team="", note="a refund, please")
    assert holding(waiting).due_at == waiting.shop.now + timedelta(hours=48)
    assert waiting.handed_off_for == ["asked_for", "passed_on"]


def test_a_lead_may_take_it_out_of_somebodys_hands_and_an_agent_not(waiting):
    """
    An agent asks; a lead assigns.
    """
    house = waiting.shop.house
    anna, ben = waiting.shop.hires("Anna Karlsson"), waiting.shop.hires("Ben Ode")
    lead = waiting.shop.hires("Lea Lind", Role.LEAD)
    do_claim(house, waiting.id, anna)

    assert refused(do_assign, house, waiting.id, ben, to=ben, team="", note="") == "taken"
    do_assign(house, waiting.id, lead, to=None, team="Returns", note="")

    assert holding(waiting).team == "Returns"


def test_nothing_is_assigned_to_who_does_not_answer(waiting):
    """
    A trainer, or somebody who was locked out.
    """
    house, anna = waiting.shop.house, waiting.shop.hires("Anna Karlsson")
    tom = waiting.shop.hires("Tom Ott", Role.TRAINER)

    assert refused(do_assign, house, waiting.id, anna, to=tom, team="", note="") == "cannot_answer"
    assert refused(do_assign, house, waiting.id, anna, to=None, team="", note="") == "nobody"


def test_a_message_of_the_buyer_ends_the_sleep(waiting):
    """
    Who writes again is not left waiting until tomorrow.
    """
    house, anna = waiting.shop.house, waiting.shop.hires("Anna Karlsson")
    do_snooze(house, waiting.id, anna, waiting.shop.now + timedelta(days=1))
    assert holding(waiting).snoozed_until is not None

    waiting.says("order_status", "hello?")

    assert holding(waiting).snoozed_until is None


@pytest.mark.parametrize("days", [-1, 0, 61])
def test_a_sleep_ends_in_the_next_days(waiting, days):
    """
    Not in the past, and not after everybody has forgotten it.
    """
    house, anna = waiting.shop.house, waiting.shop.hires("Anna Karlsson")
    until = waiting.shop.now + timedelta(days=days)

    assert refused(do_snooze, house, waiting.id, anna, until) == "wrong_time"


def test_closing_settles_what_was_open(waiting):
    """
    No clock runs any more, and the buyer hears that it is over.
    """
    house, anna = waiting.shop.house, waiting.shop.hires("Anna Karlsson")
    do_claim(house, waiting.id, anna)
    do_close(house, waiting.id, anna)

    assert waiting.said == ChatClosed(name="Anna")
    assert [row["state"] for row in waiting.cases] == [CaseState.SETTLED]
    (row,) = waiting.shop.rows(conversations)
    assert (row["floor"], row["due_at"], row["agent_id"]) == (Floor.CLOSED, None, None)
    assert row["closed_at"] == waiting.shop.now


def test_every_change_is_on_the_audit_list(waiting):
    """
    Who, what, before and after.
    """
    house, anna = waiting.shop.house, waiting.shop.hires("Anna Karlsson")
    do_claim(house, waiting.id, anna)
    do_close(house, waiting.id, anna)

    deeds = [
        (row["who"], row["action"], row["before"], row["after"]) for row in waiting.shop.rows(audit)
    ]
    assert deeds == [
        (
            "Anna Karlsson",
            "conversation.claim",
            {"floor": "WAITING", "agent": ""},
            {"floor": "HUMAN", "agent": "Anna Karlsson"},
        ),
        (
            "Anna Karlsson",
            "conversation.close",
            {"floor": "HUMAN", "agent": "Anna Karlsson"},
            {"floor": "CLOSED"},
        ),
    ]


# Corrections


def test_a_correction_is_stored_beside_what_was_heard(waiting):
    """
    With who and when; what the bot acted on stays as it was.
    """
    house, anna = waiting.shop.house, waiting.shop.hires("Anna Karlsson")
    do_correct(
        house, waiting.last_message, anna,
        intent="complaint", entities=None, known_intents=frozenset({"complaint"}),
    )  # fmt: skip

    (row,) = waiting.shop.rows(corrections)
    assert (row["intent_before"], row["intent"], row["agent_id"]) == (
        "human_agent", "complaint", "anna",
    )  # fmt: skip
    with house.units.reading() as unit:
        heard = unit.talks.messages(waiting.id)[2].heard
    assert (heard.intent, heard.corrected.intent, heard.corrected.by) == (
        "human_agent", "complaint", "Anna Karlsson",
    )  # fmt: skip


def test_a_correction_names_an_intent_that_there_is(waiting):
    """
    Whatever a page sends.
    """
    house, anna = waiting.shop.house, waiting.shop.hires("Anna Karlsson")
    code = refused(
        do_correct, house, waiting.last_message, anna,
        intent="../etc", entities=None, known_intents=frozenset({"complaint"}),
    )  # fmt: skip

    assert code == "unknown_intent"
