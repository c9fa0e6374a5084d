"""What the team sees: lists in the order of their deadlines, and a conversation whole."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.casework.agents import Role
from bot.casework.buyer_history import NOTHING_BEFORE
from bot.casework.hours import BusinessHours
from bot.casework.limits import DeskClock, DeskRules
from bot.casework.orders import Buyer, Marketplace, OrderStatus
from bot.casework.queue import Clock, QueueFilter, View
from bot.casework.remedies import RemedyKind
from bot.casework.turns import Floor
from bot.services.answering import do_answer, do_note
from bot.services.desk_reading import do_reveal, list_queue, open_talk, read_talk
from bot.services.taking_over import do_claim, do_close, do_snooze
from bot.store.tables import audit
from bot.web.desk.queue_shapes import to_queue_list
from bot.web.desk.talk_making import to_talk
from tests.dialog import Dialog
from tests.factories import an_order, days_ago, eur, the_rulebook

PENDING = an_order(status=OrderStatus.PENDING)


@pytest.fixture
def open_shop(shop):
    """A shop with one order."""
    return shop(PENDING)


def waiting_talk(shop, reason="human_agent", email="ada@example.com", **more):
    """A conversation that was handed to a person."""
    chat = Dialog(shop, email, **more)
    chat.says("order_status", order="DEMO-1003")
    chat.says(reason)

    return chat


def ids(shop, view, looking, /, **only):
    """What a list has, in its order."""
    page = list_queue(shop.house, view, looking, QueueFilter(**only), 0)

    return [row.id for row in page.rows]


def test_the_nearest_deadline_comes_first(open_shop):
    """
    A complaint runs against a clock, so it stands above what waited before it.
    """
    anna = open_shop.hires("Anna Karlsson")
    early = waiting_talk(open_shop)
    complaint = waiting_talk(open_shop, "complaint", email="bea@example.com")

    assert ids(open_shop, View.WAITING, anna)[0] == complaint.id
    assert set(ids(open_shop, View.WAITING, anna)) == {early.id, complaint.id}


def test_every_list_has_its_own(open_shop):
    """
    Waiting, mine, open, asleep and closed; the counts say the same.
    """
    anna, ben = open_shop.hires("Anna Karlsson"), open_shop.hires("Ben Ode")
    with_bot = Dialog(open_shop, "ada@example.com")
    with_bot.says("order_status", order="DEMO-1003")
    waiting, mine, his, asleep, closed = (waiting_talk(open_shop) for _ in range(5))
    do_claim(open_shop.house, mine.id, anna)
    do_claim(open_shop.house, his.id, ben)
    do_snooze(open_shop.house, asleep.id, anna, open_shop.now + timedelta(hours=1))
    do_close(open_shop.house, closed.id, anna)

    assert ids(open_shop, View.WAITING, anna) == [waiting.id]
    assert ids(open_shop, View.MINE, anna) == [mine.id]
    assert set(ids(open_shop, View.OPEN, anna)) == {
        with_bot.id, waiting.id, mine.id, his.id, asleep.id,
    }  # fmt: skip
    assert ids(open_shop, View.OPEN, anna)[-1] == with_bot.id
    assert ids(open_shop, View.SNOOZED, anna) == [asleep.id]
    assert ids(open_shop, View.CLOSED, anna) == [closed.id]
    counts = list_queue(open_shop.house, View.WAITING, anna, QueueFilter(), 0).counts
    assert (counts.waiting, counts.mine, counts.open, counts.snoozed) == (1, 1, 5, 1)

    open_shop.now += timedelta(hours=1)
    assert set(ids(open_shop, View.WAITING, anna)) == {waiting.id, asleep.id}


def test_a_row_tells_what_it_is_about(open_shop):
    """
    Who, why, what, where and since when, without opening it.
    """
    anna = open_shop.hires("Anna Karlsson")
    chat = Dialog(open_shop, "ada@example.com")
    chat.says("cancel_order", order="DEMO-1003")
    chat.says("human_agent", "a person please")
    do_claim(open_shop.house, chat.id, anna)
    (row,) = list_queue(open_shop.house, View.MINE, anna, QueueFilter(), 0).rows

    assert (row.reason, row.intent, row.order_number) == ("asked_for", "cancel_order", "DEMO-1003")
    assert (row.marketplace, row.language, row.floor) == (Marketplace.SHOP, "en", Floor.HUMAN)
    assert row.agent == anna
    assert row.last_sender == "system"


@pytest.mark.parametrize(
    ("only", "found"),
    [
        ({"reason": "asked_for"}, True),
        ({"reason": "complaint"}, False),
        ({"intent": "cancel_order"}, True),
        ({"intent": "damaged_item"}, False),
        ({"marketplace": "shop"}, True),
        ({"marketplace": "wish"}, False),
        ({"language": "en"}, True),
        ({"language": "ru"}, False),
        ({"store": "demo"}, True),
        ({"store": "other"}, False),
        ({"agent": "anna"}, False),
        ({"clock": Clock.OVERDUE}, False),
        ({"text": "demo 1003"}, True),
        ({"text": "human_age"}, True),
        ({"text": "nobody wrote this"}, False),
        ({"text": "?!"}, False),
        ({"reason": "' OR 1=1 --"}, False),
    ],
)
def test_lists_can_be_narrowed(open_shop, only, found):
    """
    By whatever a row tells; by what nobody has, there is nothing.
    """
    anna = open_shop.hires("Anna Karlsson")
    chat = Dialog(open_shop, "ada@example.com")
    chat.says("cancel_order", order="DEMO-1003")
    chat.says("human_agent")

    assert ids(open_shop, View.WAITING, anna, **only) == ([chat.id] if found else [])


@pytest.mark.parametrize("hours", [0, 1, 4, 30])
def test_soon_is_what_the_rulebook_calls_so(shop, hours):
    """
    The list and the colour of a row turn at one moment; with 0 nothing is near, only late.
    """
    open_shop = shop(PENDING, rules=the_rulebook(desk=DeskRules(warn_before_hours=hours)))
    anna, chat = open_shop.hires("Anna Karlsson"), waiting_talk(open_shop)
    page = list_queue(open_shop.house, View.WAITING, anna, QueueFilter(), 0)
    (row,) = to_queue_list(page, anna).rows
    assert row.warn_at == row.due_at - timedelta(hours=hours)
    talk = to_talk(read_talk(open_shop.house, chat.id), anna, [])
    assert (talk.warn_at, talk.handoffs[-1].warn_at) == (row.warn_at, row.warn_at)

    open_shop.now = row.warn_at - timedelta(seconds=1)
    assert ids(open_shop, View.WAITING, anna, clock=Clock.SOON) == []
    open_shop.now = row.warn_at
    assert ids(open_shop, View.WAITING, anna, clock=Clock.SOON) == ([chat.id] if hours else [])
    open_shop.now = row.due_at
    assert ids(open_shop, View.WAITING, anna, clock=Clock.SOON) == []
    assert ids(open_shop, View.WAITING, anna, clock=Clock.OVERDUE) == [chat.id]


def test_each_clock_counts_its_own_hours(shop):
    """
    A ticket of Friday evening is near before the weekend; a complaint's clock knows no weekend.
    """
    weekdays = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), "09:00-17:00")
    rules = the_rulebook(
        business_hours=BusinessHours(timezone="UTC", open=weekdays),
        count_in_business_hours=(DeskClock.TICKET,),
        ticket_within_hours=4,
        complaint_within_hours=60,
    )
    open_shop = shop(PENDING, rules=rules)
    open_shop.now = datetime(2026, 3, 20, 16, tzinfo=UTC)
    anna, ticket = open_shop.hires("Anna Karlsson"), waiting_talk(open_shop)
    complaint = waiting_talk(open_shop, "complaint", email="bea@example.com")

    assert ids(open_shop, View.WAITING, anna, clock=Clock.SOON) == [ticket.id]
    page = list_queue(open_shop.house, View.WAITING, anna, QueueFilter(), 0)
    near = {row.id: row.warn_at for row in to_queue_list(page, anna).rows}
    assert near[ticket.id] <= open_shop.now < near[complaint.id]


def test_a_long_list_is_read_in_parts(open_shop):
    """
    Each conversation once.
    """
    anna = open_shop.hires("Anna Karlsson")
    chats = {waiting_talk(open_shop).id for _ in range(52)}
    first = list_queue(open_shop.house, View.WAITING, anna, QueueFilter(), 0)
    assert first.next == len(first.rows) == 50
    second = list_queue(open_shop.house, View.WAITING, anna, QueueFilter(), first.next)

    assert second.next is None
    assert {row.id for row in (*first.rows, *second.rows)} == chats


def test_a_conversation_has_everything_at_hand(open_shop):
    """
    Messages with what was heard, decisions with their rules, the order, notes, earlier talks.
    """
    anna = open_shop.hires("Anna Karlsson")
    earlier = waiting_talk(open_shop)
    chat = Dialog(open_shop, "ada@example.com")
    chat.says("cancel_order", "cancel it please", order="DEMO-1003", confidence=0.87)
    chat.presses("yes")
    chat.says("human_agent")
    do_claim(open_shop.house, chat.id, anna)
    do_answer(open_shop.house, chat.id, anna, client_id="a", text="Done.")
    do_note(open_shop.house, chat.id, anna, client_id="n", text="was quick")

    talk = open_talk(open_shop.house, chat.id, anna, ip="192.0.2.9")

    first = talk.messages[0]
    assert (first.heard.intent, first.heard.confidence) == ("cancel_order", 0.87)
    assert first.heard.entities[0].value == "DEMO-1003"
    assert talk.messages[1].answers == first.id
    assert [pressed for _, pressed in talk.messages[1].choices].count(True) == 1
    assert (talk.messages[-1].sender, talk.messages[-1].agent) == ("agent", "Anna")
    assert first.id in {message_id for message_id, _ in talk.whole.decisions}
    assert [one.remedy.kind for one in talk.whole.remedies] == ["cancellation"]
    assert [card.order.number for card in talk.orders] == ["DEMO-1003"]
    assert [one.text for one in talk.whole.notes] == ["was quick"]
    assert [one.id for one in talk.whole.earlier] == [earlier.id]
    assert talk.whole.buyer_email == "ada@example.com"
    assert [row["action"] for row in open_shop.rows(audit)] == [
        "conversation.claim", "conversation.open",
    ]  # fmt: skip


def test_what_is_new_comes_with_what_it_answers(open_shop):
    """
    What was heard in the buyer's message is known only when it is answered.
    """
    chat = Dialog(open_shop, "ada@example.com")
    chat.says("order_status", order="DEMO-1003")
    chat.says("thanks")
    seqs = [one.seq for one in read_talk(open_shop.house, chat.id).messages]

    news = read_talk(open_shop.house, chat.id, after=seqs[-2]).messages

    assert [one.seq for one in news] == seqs[-2:]
    assert news[0].heard.intent == "thanks"


def test_another_stores_buyer_of_the_same_mail_is_somebody_else(open_shop):
    """
    Sellers do not see each other's conversations as history.
    """
    open_shop.add_store("other")
    waiting_talk(open_shop, store="other")
    chat = waiting_talk(open_shop)

    assert read_talk(open_shop.house, chat.id).whole.earlier == ()


def test_who_looks_at_a_buyers_name_is_written_down(open_shop):
    """
    With the address they did it from.
    """
    chat, tom = waiting_talk(open_shop), open_shop.hires("Tom Ott", Role.TRAINER)
    do_reveal(open_shop.house, chat.id, tom, ip="192.0.2.9")
    (row,) = open_shop.rows(audit)

    assert (row["who"], row["action"], row["ip"]) == ("Tom Ott", "buyer.reveal", "192.0.2.9")


# What is answered


def test_an_answered_conversation_has_no_clock_and_stands_behind_those_that_run(open_shop):
    """
    The marketplace's clock is about the answer. A new message of the buyer starts it again.
    """
    anna = open_shop.hires("Anna Karlsson")
    answered = waiting_talk(open_shop, "complaint")
    runs = waiting_talk(open_shop, email="bea@example.com")
    assert ids(open_shop, View.OPEN, anna) == [answered.id, runs.id]

    do_claim(open_shop.house, answered.id, anna)
    do_answer(open_shop.house, answered.id, anna, client_id="a", text="I am on it.")
    assert ids(open_shop, View.OPEN, anna) == [runs.id, answered.id]
    row = rows_of(open_shop, anna)[answered.id]
    assert (row.due_at, row.answered_at) == (None, open_shop.now)
    talk = read_talk(open_shop.house, answered.id)
    assert (talk.holding.due_at, talk.holding.answered_at) == (None, open_shop.now)
    assert talk.whole.handoffs[0].answered_at == open_shop.now

    asked = open_shop.now
    answered.stores_words("provide_details", "and now?")
    row = rows_of(open_shop, anna)[answered.id]
    assert (row.due_at, row.answered_at) == (asked + timedelta(hours=24), None)


@pytest.mark.parametrize("clock", [Clock.OVERDUE, Clock.SOON])
def test_no_list_of_deadlines_counts_what_is_answered(open_shop, clock):
    """
    Neither those that are near nor those that have passed.
    """
    anna = open_shop.hires("Anna Karlsson")
    chat = waiting_talk(open_shop)
    do_claim(open_shop.house, chat.id, anna)
    open_shop.now += timedelta(hours=47) if clock is Clock.SOON else timedelta(days=9)
    assert ids(open_shop, View.MINE, anna, clock=clock) == [chat.id]
    do_claim(open_shop.house, chat.id, anna)
    do_answer(open_shop.house, chat.id, anna, client_id="a", text="I am on it.")

    assert ids(open_shop, View.MINE, anna, clock=clock) == []
    assert ids(open_shop, View.MINE, anna, clock=Clock.NONE) == [chat.id]


def rows_of(shop, looking):
    """All that is open, by its id."""
    page = list_queue(shop.house, View.OPEN, looking, QueueFilter(), 0)

    return {row.id: row for row in page.rows}


# What the buyer had before


def test_a_buyers_orders_and_remedies_are_told_the_newest_first(shop):
    """
    With what was paid, and how far each remedy is; what was denied is listed, and not counted.
    """
    opened = shop(
        an_order(placed_at=days_ago(9), status=OrderStatus.PENDING),
        an_order(number="DEMO-1005", placed_at=days_ago(3)),
        an_order(number="DEMO-1006", placed_at=days_ago(5), status=OrderStatus.PENDING),
        an_order(number="DEMO-9", buyer=Buyer(name="Bea", email="bea@example.com")),
        rules=the_rulebook(needs_approval=(RemedyKind.DISCOUNT,)),
    )
    first = Dialog(opened, "ada@example.com")
    first.says("cancel_order", order="DEMO-1003")
    first.presses("yes")
    opened.now += timedelta(minutes=1)
    second = Dialog(opened, "ada@example.com")
    second.says("damaged_item", order="DEMO-1005", photos=1)
    second.presses("option:0")
    second.presses("yes")
    chat = waiting_talk(opened)

    before = read_talk(opened.house, chat.id).whole.before
    assert [one.number for one in before.orders] == ["DEMO-1005", "DEMO-1006", "DEMO-1003"]
    assert {one.paid for one in before.orders} == {eur("20")}
    assert [(one.remedy.kind, one.order_number, one.state) for one in before.remedies] == [
        ("discount", "DEMO-1005", "approval"),
        ("cancellation", "DEMO-1003", "requested"),
    ]
    assert (before.order_count, before.remedy_count, before.given) == (3, 2, 1)
    assert before.back == (eur("20"),)


def test_a_proven_order_tells_who_the_buyer_is_and_a_claimed_one_does_not(shop):
    """
    What an anonymous buyer only claims shows nothing of anybody.
    """
    opened = shop(PENDING, an_order(number="DEMO-1005"))
    chat = waiting_talk(opened, email=None)
    assert read_talk(opened.house, chat.id).whole.before == NOTHING_BEFORE

    chat = Dialog(opened, None)
    chat.says("order_status", order="DEMO-1003")
    chat.says("provide_details", "ada@example.com")
    assert read_talk(opened.house, chat.id).whole.before.order_count == 2


def test_another_store_shows_nothing_of_the_buyer(open_shop):
    """
    The same e-mail is somebody else there.
    """
    open_shop.add_store("other")
    chat = Dialog(open_shop, "ada@example.com", store="other")
    chat.says("greet")

    assert read_talk(open_shop.house, chat.id).whole.before == NOTHING_BEFORE


def test_of_many_orders_the_newest_are_listed_and_the_rest_counted(shop):
    """
    A wholesale buyer has hundreds.
    """
    opened = shop(*(an_order(number=f"W-{n}", placed_at=days_ago(n)) for n in range(1, 60)))
    chat = Dialog(opened, "ADA@example.com")
    chat.says("greet")
    before = read_talk(opened.house, chat.id).whole.before

    assert [one.number for one in before.orders] == [f"W-{n}" for n in range(1, 21)]
    assert before.order_count == 59
