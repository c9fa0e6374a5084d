"""
Several threads at the same moment, as several processes would be: on SQLite and on PostgreSQL.

What must be unique is unique, and money and stock are given once, whoever comes first.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from threading import Barrier

import pytest

from bot.casework.decisions import Reason
from bot.casework.orders import Order, OrderStatus, Payment
from bot.casework.ports.conversations import NewMessage
from bot.casework.turns import Floor
from bot.playbooks.steps import AlreadySettled, OfferRemedies, RemedyRequested
from bot.services.hand_off import SomethingFailed, do_hand_off_unanswered
from bot.services.identify import NoMatch, TooManyTries
from bot.services.take_turn import ChoiceIsOver, take_turn
from bot.services.turn_queue import receive_message, take_up
from bot.store.ledger_check import check_ledger
from bot.store.tables import identity_tries, messages, outbox, remedies
from tests.dialog import Dialog, Shop
from tests.factories import a_lamp, a_line, an_order, days_ago, eur, the_rulebook

ADA = "ada@example.com"
ROUNDS = 5
"""How often a race with two outcomes is run."""


@pytest.fixture
def open_shop(database_url: str) -> Iterator[Callable[..., Shop]]:
    """Opens a shop in a database that many threads share."""
    opened: list[Shop] = []

    def begin(*orders: Order) -> Shop:
        engine = opened[0].engine if opened else None
        opened.append(Shop(*orders, rules=the_rulebook(), url=database_url, engine=engine))
        return opened[-1]

    yield begin
    opened[0].engine.dispose()


def at_once(*works: Callable[[], object]) -> list[object]:
    """Do all of it at the same moment, each in a thread of its own; the results, in order."""
    ready = Barrier(len(works))

    def work(do: Callable[[], object]) -> object:
        ready.wait()
        return do()

    with ThreadPoolExecutor(len(works)) as threads:
        return list(threads.map(work, works))


def takes_turn(chat: Dialog) -> Callable[[], object]:
    """The turn of the conversation's last message, to be taken now or later."""
    heard = chat.last_heard

    return lambda: take_turn(chat.shop.house, heard)


def replies(chats: list[Dialog]) -> list[str]:
    """What was replied last, sorted, because it is open who came first."""
    return sorted(chat.reply.__name__ for chat in chats)


def test_a_yes_that_is_delivered_twenty_times_at_once_makes_one_remedy(open_shop):
    """
    The same message in twenty action servers: one answers it, the others find it answered.
    """
    chat = Dialog(open_shop(an_order(status=OrderStatus.PENDING)), ADA)
    chat.says("cancel_order")
    chat.stores_only("yes")

    taken = at_once(*[takes_turn(chat)] * 20)

    assert chat.remedies == ["cancellation"]
    assert chat.outbox == 1
    assert chat.replies == [RemedyRequested]
    assert {turn.texts for turn in taken} == {(chat.text,)}


def test_a_button_that_is_pressed_twenty_times_at_once_makes_one_remedy(open_shop):
    """
    Twenty messages with the same button: one is the yes, the others come too late.
    """
    shop = open_shop(an_order(status=OrderStatus.PENDING))
    chat = Dialog(shop, ADA)
    chat.says("cancel_order")
    turns = []
    for _ in range(20):
        chat.stores_only("yes")
        chat.last_heard = replace(chat.last_heard, fence=None)
        turns.append(takes_turn(chat))

    at_once(*turns)

    said = [row["reply"] for row in shop.rows(messages) if row["sender"] == "bot"]
    assert chat.remedies == ["cancellation"]
    assert said.count(f"steps.{RemedyRequested.block}") == 1
    assert said.count(f"take_turn.{ChoiceIsOver.block}") == 19


def test_the_last_pieces_go_to_as_many_as_there_are(open_shop):
    """
    Five buyers confirm a replacement at once and two pieces are left: the others are offered
    what is still possible.
    """
    orders = [
        an_order(number=f"DEMO-{n}", lines=(a_line(stock=2),), buyer=a_buyer(n)) for n in range(5)
    ]
    shop = open_shop(*orders)
    chats = [Dialog(shop, f"{n}@example.com") for n in range(5)]
    for chat in chats:
        chat.says("damaged_item", photos=1)
        chat.says("choose_option", "replacement")
        chat.stores_only("yes")

    at_once(*map(takes_turn, chats))

    assert [row["kind"] for row in shop.rows(remedies)] == ["replacement"] * 2
    assert shop.stock("MUG-1") == 0
    assert replies(chats) == ["OfferRemedies"] * 3 + ["RemedyRequested"] * 2


def a_buyer(number: int):
    """One buyer of many."""
    return replace(an_order().buyer, email=f"{number}@example.com")


def test_one_line_is_made_good_once_from_two_conversations(open_shop):
    """
    Two windows, the same broken mug, a refund confirmed in both at once.
    """
    shop = open_shop(an_order())
    chats = [Dialog(shop, ADA), Dialog(shop, ADA)]
    for chat in chats:
        chat.says("damaged_item", photos=1)
        chat.says("refund_request", "refund")
        chat.stores_only("yes")

    at_once(*map(takes_turn, chats))

    assert [row["amount"] for row in shop.rows(remedies)] == [2000]
    assert replies(chats) == [AlreadySettled.__name__, RemedyRequested.__name__]


def test_refunds_from_many_conversations_are_never_more_than_was_paid(open_shop):
    """
    Four lines of twenty euros, paid with fifty: whoever comes first, each line's share of twelve
    fifty goes back, to three of them; the fourth remedy of one buyer is for a person to see.
    """
    lines = tuple(a_line(id=n, sku=f"MUG-{n}", variant=colour) for n, colour in enumerate(COLOURS))
    paid = Payment(amount=eur("50"), paid_at=days_ago(10), method="card")
    shop = open_shop(an_order(lines=lines, payments=(paid,)))
    chats = [Dialog(shop, ADA) for _ in COLOURS]
    for chat, colour in zip(chats, COLOURS, strict=True):
        chat.says("damaged_item", f"the {colour} mug is broken", photos=1)
        chat.says("refund_request", "refund")
        chat.stores_only("yes")

    at_once(*map(takes_turn, chats))

    amounts = [row["amount"] for row in shop.rows(remedies)]
    assert amounts == [1250, 1250, 1250]
    assert len(shop.rows(outbox)) == 3


COLOURS = ("blue", "green", "black", "white")


def test_two_conversations_with_the_same_two_orders_do_not_stop_each_other(open_shop):
    """
    Each settles one order and goes back to the other, crosswise: both are answered.
    """
    lamp = an_order(number="DEMO-1005", lines=(a_lamp(stock=9),))
    for _ in range(ROUNDS):
        shop = open_shop(an_order(), lamp)
        chats = [Dialog(shop, ADA), Dialog(shop, ADA)]
        orders = ("DEMO-1003", "DEMO-1005")
        for chat, (first, second) in zip(chats, (orders, orders[::-1]), strict=True):
            chat.says("damaged_item", order=first)
            chat.says("damaged_item", order=second, photos=1)
            chat.presses("option:0")
            chat.stores_only("yes")

        at_once(*map(takes_turn, chats))

        assert [chat.replies[0] for chat in chats] == [RemedyRequested] * 2
        assert len(shop.rows(remedies)) == 2


def test_a_turn_and_a_hand_off_at_once_give_one_answer(open_shop):
    """
    Web gives up in the very moment in which the bot answers: one of them has answered.
    """
    for _ in range(ROUNDS):
        chat = Dialog(open_shop(an_order(status=OrderStatus.PENDING)), ADA)
        chat.says("cancel_order")
        chat.stores_only("yes")
        give_up = partial(do_hand_off_unanswered, chat.shop.house, chat.last_message)

        _, gave_up = at_once(takes_turn(chat), partial(give_up, Reason.NO_REPLY))

        assert chat.replies == [SomethingFailed if gave_up else RemedyRequested]
        assert chat.remedies == ([] if gave_up else ["cancellation"])
        assert chat.floor is (Floor.WAITING if gave_up else Floor.BOT)


def test_one_message_sent_ten_times_at_once_is_stored_once(open_shop):
    """
    A nervous connection repeats the widget's POST: one message, one lease.
    """
    chat = Dialog(open_shop(an_order()), ADA)

    received = at_once(*[lambda: arrives(chat, "c1")] * 10)

    assert len({one.message.id for one in received}) == 1
    assert [one.fence for one in received if one.shown] == [1]
    assert len(chat.shop.rows(messages)) == 1


def arrives(chat: Dialog, client_id: str):
    """A message comes in at some web process."""
    message = NewMessage(
        conversation_id=chat.id,
        client_id=client_id,
        text="where is it?",
        choice_token=None,
        attachments=(),
        ip=chat.ip,
    )

    return receive_message(chat.shop.house, message, f"web-{client_id}", 15)


def test_ten_messages_at_once_are_all_stored_and_one_process_works_on_them(open_shop):
    """
    Every one has its own place in the conversation.
    """
    chat = Dialog(open_shop(an_order()), ADA)

    received = at_once(*[lambda n=n: arrives(chat, f"c{n}") for n in range(10)])

    assert sorted(one.message.seq for one in received) == list(range(1, 11))
    assert [one.fence for one in received if one.fence] == [1]


def test_a_conversation_that_was_left_behind_is_taken_up_by_one(open_shop):
    """
    Ten processes find it at the same moment.
    """
    chat = Dialog(open_shop(an_order()), ADA)
    arrives(chat, "c1")
    chat.waits(seconds=15)

    fences = at_once(
        *[lambda n=n: take_up(chat.shop.house, chat.id, f"web-{n}", 15) for n in range(10)]
    )

    assert [fence for fence in fences if fence] == [2]


def test_guesses_at_once_are_counted_one_by_one(open_shop):
    """
    Twenty conversations guess at the same moment: five are looked at.
    """
    shop = open_shop(an_order())
    chats = [Dialog(shop, None) for _ in range(20)]
    for number, chat in enumerate(chats):
        chat.stores_words("order_status", f"eve{number}@example.com", order="DEMO-1003")

    at_once(*map(takes_turn, chats))

    assert len(shop.rows(identity_tries)) == 5
    assert replies(chats) == [NoMatch.__name__] * 5 + [TooManyTries.__name__] * 15


def test_an_order_that_changes_at_the_very_moment_of_the_yes(open_shop):
    """
    Whoever comes first: the old terms on the old order, or a new offer on the new one.
    """
    cheap = an_order(lines=(a_line(unit_price=eur("9")),))
    for _ in range(ROUNDS):
        shop = open_shop(an_order())
        chat = Dialog(shop, ADA)
        chat.says("damaged_item", photos=1)
        chat.says("refund_request", "refund")
        chat.stores_only("yes")

        at_once(takes_turn(chat), lambda shop=shop: shop.take_in(cheap))

        assert (chat.reply, chat.amounts) in ((RemedyRequested, [2000]), (OfferRemedies, []))


def test_decisions_of_many_turns_at_once_make_one_unbroken_chain(open_shop):
    """
    Ten conversations in two stores, three turns each: every decision is sealed, in one order.
    """
    orders = [an_order(number=f"DEMO-{n}", buyer=a_buyer(n)) for n in range(10)]
    shop = open_shop(*orders)
    shop.add_store("other")
    shop.take_in(*(replace(order, store="other") for order in orders[:5]))
    chats = [
        Dialog(shop, f"{n}@example.com", store="other" if n < 5 else "demo") for n in range(10)
    ]
    for chat in chats:
        chat.stores_words("damaged_item")

    at_once(*map(takes_turn, chats))
    for chat in chats:
        chat.stores_words("no_photo")
        chat.last_heard = replace(chat.last_heard, fence=None)
    at_once(*map(takes_turn, chats))

    found = list(check_ledger(shop.engine, ["demo", "other"], anchor=None, progress=lambda _: None))
    assert [(one.sealed, one.findings) for one in found] == [(10, []), (10, [])]
