"""Giving a conversation to a person: why, with what summary, and never a second answer."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.casework.cases import CaseState
from bot.casework.deadlines import due_at
from bot.casework.decisions import Reason
from bot.casework.hours import BusinessHours
from bot.casework.limits import DeskClock
from bot.casework.marketplaces import Clocks, MarketplaceRules
from bot.casework.orders import Marketplace, OrderStatus
from bot.casework.turns import Floor
from bot.playbooks.steps import ConfirmRemedy, RemedyRequested
from bot.services.hand_off import HandedOff, SomethingFailed, do_hand_off_unanswered
from bot.services.take_turn import take_turn
from bot.services.turn_queue import list_waiting
from bot.store.tables import conversations, handoffs, messages
from tests.factories import an_order, the_rulebook

PENDING = an_order(status=OrderStatus.PENDING)


@pytest.fixture
def unanswered(dialog):
    """A yes to a cancellation that is stored, and that nobody has answered yet."""
    chat = dialog(PENDING)
    assert chat.says("cancel_order") == ConfirmRemedy
    chat.stores_only("yes")

    return chat


def give_up(chat, reason=Reason.NO_REPLY):
    """What web does when the bot's answer did not come in time."""
    return do_hand_off_unanswered(chat.shop.house, chat.last_message, reason)


# What the person finds


def test_the_summary_tells_case_order_photos_and_offer(dialog):
    """
    What should be known before the first word, without reading the whole talk.
    """
    chat = dialog(an_order())
    chat.says("damaged_item", "the mug came in pieces", photos=2)
    chat.presses("option:1")
    chat.says("human_agent", "let me talk to somebody")
    (row,) = chat.shop.rows(handoffs)

    assert row["case_id"] == chat.cases[0]["id"]
    assert row["message_id"] == chat.last_message
    assert str(row["summary"]).splitlines() == [
        "The buyer says that it arrived damaged, in their words: “the mug came in pieces”",
        "Order DEMO-1003: delivered, own shop, 1 piece of Stoneware mug (blue)",
        "Last words: “let me talk to somebody”",
        "So far: 2 photos came; the bot offered 5 % off (€1.00), a replacement or a refund of "
        "€20.00; they chose a replacement; the bot last asked for a clear yes to the exact terms",
        "Waits for somebody of the team, as they asked",
    ]


def test_an_unproven_order_is_called_unproven(dialog):
    """
    The person must not take the number for the buyer's.
    """
    chat = dialog(an_order(), email=None)
    chat.says("order_status", order="DEMO-1003")
    chat.says("human_agent")
    (row,) = chat.shop.rows(handoffs)

    assert "Order DEMO-1003 was named but not proven" in str(row["summary"])


def test_without_a_case_the_summary_is_what_the_buyer_wrote(dialog):
    """
    Asked for a person in the first message.
    """
    chat = dialog(an_order())
    chat.says("human_agent", "a person please")
    (row,) = chat.shop.rows(handoffs)

    assert (row["case_id"], row["summary"]) == (
        None,
        "The buyer wrote: “a person please”\nWaits for somebody of the team, as they asked",
    )


def test_without_an_open_case_the_person_hears_of_the_last_one(dialog):
    """
    A complaint after the end is about what was settled, which stays settled.
    """
    chat = dialog(PENDING)
    chat.says("cancel_order", "cancel it")
    chat.says("affirm")
    chat.says("complaint", "you are useless")
    (row,) = chat.shop.rows(handoffs)

    assert row["case_id"] == chat.cases[0]["id"]
    assert "The buyer wants to cancel the order, in their words: “cancel it”" in str(row["summary"])
    assert chat.cases[0]["state"] == CaseState.SETTLED


def test_other_cases_wait_where_they_are(dialog):
    """
    Only the one that was talked about goes to the person; nothing of the other is decided.
    """
    chat = dialog(an_order(), an_order(number="DEMO-1006", status=OrderStatus.PENDING))
    chat.says("damaged_item", order="DEMO-1003")
    chat.says("cancel_order", order="DEMO-1006")
    chat.says("human_agent")

    assert [case["state"] for case in chat.cases] == [CaseState.OPEN, CaseState.HANDED_OFF]
    assert chat.remedies == []


@pytest.mark.parametrize(
    ("intent", "reason"), [("human_agent", "asked_for"), ("complaint", "complaint")]
)
def test_the_reason_is_told_to_the_words(dialog, intent, reason):
    """
    An angry buyer is answered in another tone than one who just prefers people.
    """
    chat = dialog(an_order())

    assert chat.says(intent) == HandedOff
    assert chat.said.reason == reason
    assert chat.handed_off_for == [reason]


# When somebody answers


WEEKDAYS = BusinessHours(
    timezone="UTC", open=dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), "09:00-18:00")
)


@pytest.mark.parametrize(
    ("hours_later", "back_at"),
    [(0, None), (6, datetime(2026, 3, 23, 9, tzinfo=UTC))],
)
def test_outside_business_hours_the_buyer_hears_when_somebody_is_back(dialog, hours_later, back_at):
    """
    Friday noon somebody is there; in the evening it is Monday at nine.
    """
    chat = dialog(an_order(), rules=the_rulebook(business_hours=WEEKDAYS))
    chat.waits(hours=hours_later)

    assert chat.says("human_agent") == HandedOff
    assert chat.said.back_at == back_at


def test_without_business_hours_no_time_is_named(dialog):
    """
    We do not know it.
    """
    chat = dialog(an_order())
    chat.says("human_agent")

    assert (chat.said.back_at, chat.said.within_hours) == (None, None)


def test_a_complaint_is_due_by_the_marketplaces_clock(dialog):
    """
    Twelve hours at Wish, where its order is known; the buyer is told, and so is the agent.
    """
    wish = MarketplaceRules(name="Wish", front_desk="there", clocks=Clocks(complaint_hours=12))
    rules = the_rulebook(marketplaces=dict(the_rulebook().marketplaces) | {Marketplace.WISH: wish})
    chat = dialog(an_order(marketplace=Marketplace.WISH), rules=rules)
    chat.says("order_status")
    chat.says("damaged_item")
    chat.says("complaint")
    (row,) = chat.shop.rows(handoffs)

    assert row["due_at"] == row["created_at"] + timedelta(hours=12)
    assert chat.said.within_hours == 12


def test_a_complaint_elsewhere_is_due_by_the_sellers_own_clock(dialog):
    """
    Also before any order is known.
    """
    chat = dialog(an_order(), email=None, rules=the_rulebook(complaint_within_hours=36))
    chat.says("complaint")
    (row,) = chat.shop.rows(handoffs)

    assert row["due_at"] == row["created_at"] + timedelta(hours=36)
    assert chat.said.within_hours == 36


def test_everything_else_is_a_ticket_of_which_the_buyer_is_told_no_time(dialog):
    """
    Forty hours at Wish, the seller's own number elsewhere.
    """
    wish = MarketplaceRules(name="Wish", front_desk="there", clocks=Clocks(ticket_hours=40))
    rules = the_rulebook(
        ticket_within_hours=30,
        marketplaces=dict(the_rulebook().marketplaces) | {Marketplace.WISH: wish},
    )
    for marketplace, hours in ((Marketplace.WISH, 40), (Marketplace.SHOP, 30)):
        chat = dialog(an_order(marketplace=marketplace), rules=rules)
        chat.says("order_status")
        chat.says("damaged_item")
        chat.says("human_agent")
        (row,) = chat.shop.rows(handoffs)

        assert row["due_at"] == row["created_at"] + timedelta(hours=hours)
        assert chat.said.within_hours is None


def test_hours_that_stand_still_at_night_are_not_promised(dialog):
    """
    Friday noon and eight open hours: Monday at eleven. The buyer cannot check such a number.
    """
    clock = (DeskClock.COMPLAINT,)
    chat = dialog(
        an_order(),
        rules=the_rulebook(
            business_hours=WEEKDAYS, complaint_within_hours=8, count_in_business_hours=clock
        ),
    )
    chat.says("complaint")
    (row,) = chat.shop.rows(handoffs)

    assert row["due_at"].replace(second=0) == datetime(2026, 3, 23, 11, tzinfo=UTC)
    assert chat.said.within_hours is None


def test_the_conversation_waits_until_the_nearest_deadline_of_what_is_open(dialog):
    """
    A ticket, then a complaint that is due sooner, then another ticket: the complaint's stays.
    """
    chat = dialog(an_order())
    due = {}
    for reason in (Reason.ASKED_FOR, Reason.COMPLAINT, Reason.DENIED):
        due[reason] = hands_over(chat, reason)
    (row,) = chat.shop.rows(conversations)

    assert row["due_at"] == due[Reason.COMPLAINT] < due[Reason.ASKED_FOR] < due[Reason.DENIED]
    (newest,) = [one for one in chat.shop.rows(handoffs) if one["reason"] == Reason.DENIED]
    assert row["handoff_id"] == newest["id"]


def test_what_is_given_back_waits_for_nothing_and_the_next_hand_off_begins_anew(dialog):
    """
    The deadline of what is over does not come back with it.
    """
    chat = dialog(an_order())
    hands_over(chat, Reason.COMPLAINT)
    with chat.shop.house.units() as unit:
        unit.desk.settle(chat.id, closed_at=None)
    (row,) = chat.shop.rows(conversations)
    assert (row["due_at"], row["handoff_id"]) == (None, None)

    due = hands_over(chat, Reason.ASKED_FOR)
    (row,) = chat.shop.rows(conversations)
    assert row["due_at"] == due
    assert [one["open"] for one in chat.shop.rows(handoffs)] == [False, True]


def hands_over(chat, reason):
    """A hand-off of a moment later; when it is due."""
    chat.waits(minutes=1)
    due = due_at(chat.shop.rules, reason, None, chat.shop.now)
    with chat.shop.house.units() as unit:
        unit.ledger.add_hand_off(
            chat.id, None, None, reason, "a summary", chat.shop.now, due_at=due
        )

    return due


# When the bot could not answer


@pytest.mark.parametrize("reason", [Reason.NO_REPLY, Reason.FAILED])
def test_a_message_that_the_bot_cannot_answer_is_answered_all_the_same(unanswered, reason):
    """
    The buyer is told, a person gets it with the reason, and nothing was granted.
    """
    assert give_up(unanswered, reason)

    assert unanswered.reply == SomethingFailed
    assert unanswered.floor is Floor.WAITING
    assert unanswered.handed_off_for == [reason]
    (row,) = unanswered.shop.rows(handoffs)
    assert row["due_at"] == row["created_at"] + timedelta(hours=48)
    assert unanswered.remedies == []
    assert list_waiting(unanswered.shop.house, unanswered.id) == ()


def test_a_turn_that_comes_after_the_hand_off_does_nothing(unanswered):
    """
    Rasa was slow, not dead: the buyer was told already, so nothing more is said or done.
    """
    give_up(unanswered)
    take_turn(unanswered.shop.house, unanswered.last_heard)

    assert unanswered.replies == [SomethingFailed]
    assert unanswered.remedies == []


def test_a_hand_off_that_comes_after_the_answer_does_nothing(unanswered):
    """
    The answer came at the last moment: the conversation stays with the bot.
    """
    take_turn(unanswered.shop.house, unanswered.last_heard)

    assert not give_up(unanswered)
    assert unanswered.replies == [RemedyRequested]
    assert unanswered.floor is Floor.BOT
    assert unanswered.handed_off_for == []


def test_giving_up_twice_tells_the_buyer_once(unanswered):
    """
    Web and the action server may both notice the failure.
    """
    assert give_up(unanswered)
    assert not give_up(unanswered, Reason.FAILED)

    assert unanswered.replies == [SomethingFailed]
    assert unanswered.handed_off_for == [Reason.NO_REPLY]


def test_messages_that_wait_behind_a_failed_one_are_left_to_the_person(unanswered):
    """
    The floor has passed: none of them is answered by the bot, none is lost.
    """
    failed = unanswered.last_message
    unanswered.stores_words("order_status", "and where is it?")
    do_hand_off_unanswered(unanswered.shop.house, failed, Reason.NO_REPLY)
    take_turn(unanswered.shop.house, unanswered.last_heard)

    assert unanswered.answers == []
    assert not give_up(unanswered)
    told = [row["reply"] for row in unanswered.shop.rows(messages) if row["answers"] == failed]
    assert told == ["hand_off.something_failed"]
