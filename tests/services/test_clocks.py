"""Deadlines at the desk: near and past they ring once each, and the lead is told."""

import multiprocessing
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

import pytest
import sqlalchemy as sa

from bot.casework.deadlines import Alarm, due_at
from bot.casework.decisions import Reason
from bot.casework.hours import BusinessHours
from bot.casework.limits import DeskClock, DeskRules
from bot.casework.notices import Channel
from bot.casework.turns import Floor
from bot.replies import Templates
from bot.services.answering import do_answer
from bot.services.clocks import Lead, Watch, do_ring_clocks
from bot.services.house import House
from bot.services.notices import Postman
from bot.services.taking_over import do_claim
from bot.settings import ROOT
from bot.store.database import open_database, writing
from bot.store.tables import agents, conversations, handoffs, notices
from bot.store.units import SqlUnits
from tests.dialog import Dialog, Shop, Words
from tests.factories import NOW, an_order, the_rulebook

LEAD = Lead(
    mail_to=("lead@shop.example", "owner@shop.example"), webhook=True, desk_url="https://d/desk"
)


@pytest.fixture
def waiting(dialog) -> Dialog:
    """A buyer who has asked for a person: answered by Sunday noon, as a ticket."""
    chat = dialog(an_order())
    chat.says("human_agent", "a person please")

    return chat


def rings(chat: Dialog, lead: Lead = LEAD) -> list[Alarm]:
    """What rings at this moment."""
    return [one.alarm for one in do_ring_clocks(chat.shop.house, lead)]


def turn_to(chat: Dialog, **before: float) -> None:
    """Turn the clock to so long before the deadline."""
    (row,) = chat.shop.rows(handoffs)
    chat.shop.now = row["due_at"] - timedelta(**before)


def answers(chat: Dialog, name: str = "Anna Karlsson") -> None:
    """An agent takes the conversation over and writes to the buyer."""
    agent = chat.shop.hires(name)
    do_claim(chat.shop.house, chat.id, agent)
    do_answer(chat.shop.house, chat.id, agent, client_id=agent.id, text="I am here")


def test_it_warns_before_the_deadline_and_escalates_after_it_once_each(waiting):
    """
    Not a second too early; and afterwards, however often one looks, never again.
    """
    turn_to(waiting, hours=4, seconds=1)
    assert rings(waiting) == []
    turn_to(waiting, hours=4)
    assert rings(waiting) == [Alarm.WARNING]
    turn_to(waiting, seconds=1)
    assert rings(waiting) == []
    turn_to(waiting)
    assert rings(waiting) == [Alarm.ESCALATION]
    waiting.waits(days=30)
    assert rings(waiting) == []

    (row,) = waiting.shop.rows(handoffs)
    assert row["warned_at"] == row["due_at"] - timedelta(hours=4)
    assert row["escalated_at"] == row["due_at"]


def test_who_looks_too_late_hears_of_the_missed_deadline_alone(waiting):
    """
    The house was down for a weekend: a warning of what has passed would be no help.
    """
    turn_to(waiting, hours=-50)

    assert rings(waiting) == [Alarm.ESCALATION]
    assert rings(waiting) == []
    assert waiting.shop.rows(handoffs)[0]["warned_at"] is None


def test_nothing_rings_for_what_an_agent_has_answered(waiting):
    """
    Even if the case is not closed yet. What was written before the hand-off is no answer to it.
    """
    answers(waiting)
    turn_to(waiting)

    assert rings(waiting) == []


def test_an_answer_of_before_the_hand_off_does_not_count(dialog):
    """
    Given back, and handed off anew two days later.
    """
    chat = dialog(an_order())
    answers(chat)
    with chat.shop.house.units() as unit:
        unit.conversations.set_floor(chat.id, Floor.BOT)
    chat.waits(days=2)
    chat.says("human_agent")
    turn_to(chat)

    assert rings(chat) == [Alarm.ESCALATION]


def test_who_writes_after_an_answer_waits_by_a_clock_again(waiting):
    """
    From their message on, once, however much more they write; it rings as the first one did.
    """
    answers(waiting)
    turn_to(waiting, hours=1)
    asked = waiting.shop.now
    waiting.stores_words("provide_details", "and what about my money?")
    waiting.waits(hours=3)
    waiting.stores_words("provide_details", "hello?")

    (row,) = waiting.shop.rows(handoffs)
    assert (row["due_at"], row["answered_at"]) == (asked + timedelta(hours=48), None)
    turn_to(waiting, hours=4)
    assert rings(waiting) == [Alarm.WARNING]
    turn_to(waiting)
    assert rings(waiting) == [Alarm.ESCALATION]


def test_what_rang_before_an_answer_rings_again_for_a_new_message(waiting):
    """
    The second question may be forgotten as the first one was.
    """
    turn_to(waiting)
    assert rings(waiting) == [Alarm.ESCALATION]
    answers(waiting)
    waiting.stores_words("provide_details", "that is no help")
    assert rings(waiting) == []
    turn_to(waiting)

    assert rings(waiting) == [Alarm.ESCALATION]


def test_a_claimed_conversation_without_an_answer_still_rings(waiting):
    """
    Taking it is not answering; the lead hears who has it.
    """
    with writing(waiting.shop.engine) as db:
        db.execute(
            sa.insert(agents).values(
                id="a1", email="kim@shop.example", name="Kim Doe", role="agent", team="",
                reads=[], created_at=NOW,
            )
        )  # fmt: skip
        db.execute(sa.update(conversations).values(agent_id="a1", team="returns", floor="HUMAN"))
    turn_to(waiting)
    (rung,) = do_ring_clocks(waiting.shop.house, LEAD)

    assert (rung.hand_off.agent, rung.hand_off.team) == ("Kim", "returns")
    assert rung.hand_off.floor is Floor.HUMAN


@pytest.mark.parametrize("floor", [Floor.BOT, Floor.CLOSED])
def test_nothing_rings_for_what_was_given_back_or_closed(waiting, floor):
    """
    Also if a clock was forgotten over it.
    """
    with waiting.shop.house.units() as unit:
        unit.conversations.set_floor(waiting.id, floor)
    turn_to(waiting)

    assert rings(waiting) == []


def test_nothing_rings_for_hand_offs_that_are_over(waiting):
    """
    Handed off anew after it was given back: the old one's deadline is nobody's any more.
    """
    turn_to(waiting, hours=1)
    with waiting.shop.house.units() as unit:
        unit.desk.settle(waiting.id, closed_at=None)
        unit.ledger.add_hand_off(
            waiting.id, None, None, Reason.ASKED_FOR, "again", waiting.shop.now,
            due_at=waiting.shop.now + timedelta(hours=48),
        )  # fmt: skip
    waiting.waits(hours=2)

    assert rings(waiting) == []
    waiting.waits(hours=48)
    assert rings(waiting) == [Alarm.ESCALATION]


def test_the_seller_may_want_no_warning(dialog):
    """
    Zero hours before: only what was missed is told.
    """
    chat = dialog(an_order(), rules=the_rulebook(desk=DeskRules(warn_before_hours=0)))
    chat.says("human_agent")
    turn_to(chat, seconds=1)
    assert rings(chat) == []
    turn_to(chat)

    assert rings(chat) == [Alarm.ESCALATION]


def test_hours_before_a_deadline_in_business_hours_are_business_hours(dialog):
    """
    Due on Monday at eleven: four open hours before that is Friday afternoon, not Monday at seven.
    """
    hours = BusinessHours(
        timezone="UTC", open=dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), "09:00-18:00")
    )
    rules = the_rulebook(
        business_hours=hours, count_in_business_hours=(DeskClock.TICKET,), ticket_within_hours=8
    )
    chat = dialog(an_order(), rules=rules)
    chat.says("human_agent")
    (row,) = chat.shop.rows(handoffs)
    assert row["due_at"].replace(second=0) == datetime(2026, 3, 23, 11, tzinfo=UTC)

    chat.shop.now = datetime(2026, 3, 20, 15, 59, tzinfo=UTC)
    assert rings(chat) == []
    chat.shop.now = datetime(2026, 3, 20, 16, 1, tzinfo=UTC)
    assert rings(chat) == [Alarm.WARNING]


def test_each_clock_has_its_own_time_and_the_most_urgent_rings_first(dialog):
    """
    Complaints by the hour, tickets by open hours.
    """
    chat = dialog(an_order())
    with chat.shop.house.units() as unit:
        unit.conversations.set_floor(chat.id, Floor.WAITING)
        for reason in (Reason.ASKED_FOR, Reason.COMPLAINT):
            due = due_at(chat.shop.rules, reason, None, chat.shop.now)
            unit.ledger.add_hand_off(chat.id, None, None, reason, reason, chat.shop.now, due_at=due)
    chat.waits(hours=47)
    rung = do_ring_clocks(chat.shop.house)

    assert [(one.alarm, one.hand_off.reason) for one in rung] == [
        (Alarm.ESCALATION, Reason.COMPLAINT),
        (Alarm.WARNING, Reason.ASKED_FOR),
    ]


# What the lead is told


def test_the_lead_is_told_by_every_channel_that_is_set(waiting):
    """
    One notice for each address and one for the webhook, so that none holds up another.
    """
    turn_to(waiting)
    rings(waiting)
    rows = waiting.shop.rows(notices)

    assert [(row["channel"], row["recipient"]) for row in rows] == [
        (Channel.WEBHOOK, ""),
        (Channel.MAIL, "lead@shop.example"),
        (Channel.MAIL, "owner@shop.example"),
    ]
    (hand_off,) = waiting.shop.rows(handoffs)
    assert rows[0]["said"] == {
        "version": 1,
        "event": "hand_off.escalation",
        "hand_off_id": hand_off["id"],
        "conversation_id": waiting.id,
        "store": "demo",
        "reason": "asked_for",
        "clock": "ticket",
        "handed_at": hand_off["created_at"].isoformat(),
        "due_at": hand_off["due_at"].isoformat(),
        "floor": "WAITING",
        "agent": "",
        "team": "",
        "url": f"https://d/desk/conversations/{waiting.id}",
    }


def test_nobody_is_told_where_nothing_is_set(waiting):
    """
    The desk shows it all the same.
    """
    turn_to(waiting)

    assert rings(waiting, Lead()) == [Alarm.ESCALATION]
    assert waiting.shop.rows(notices) == []


@pytest.mark.parametrize(
    ("locale", "subject", "text"),
    [
        ("en", "A conversation is overdue since 22 Mar 2026, 12:00 UTC (Demo)", "Nobody has taken"),
        ("ru", "На обращение не ответили до 22 марта 2026, 12:00 UTC (Demo)", "никто не взял"),
    ],
)
def test_the_e_mail_is_in_the_stores_language_and_quotes_no_buyer(waiting, locale, subject, text):
    """
    A subject, a sentence, a link.
    """
    house = House(
        units=waiting.shop.house.units,
        speaker=Templates(ROOT / "templates"),
        rulebooks=lambda: waiting.shop.rules,
        clock=lambda: waiting.shop.now,
    )
    with writing(waiting.shop.engine) as db:
        db.execute(sa.text("UPDATE stores SET locale = :locale"), {"locale": locale})
    turn_to(waiting)
    do_ring_clocks(house, LEAD)
    mail = waiting.shop.rows(notices)[1]

    assert mail["subject"] == subject
    assert text in str(mail["text"])
    assert str(mail["text"]).endswith(f"\nhttps://d/desk/conversations/{waiting.id}")
    assert "person please" not in f"{mail['subject']}{mail['text']}"


def test_a_crash_before_the_end_leaves_neither_the_mark_nor_the_notice(waiting, monkeypatch):
    """
    Both or none: so it rings at the next look.
    """
    turn_to(waiting)

    def power_cut(*_: object) -> None:
        raise RuntimeError("power cut")

    with monkeypatch.context() as patched:
        patched.setattr("bot.store.notices.SqlNotices.add", power_cut)
        with pytest.raises(RuntimeError):
            rings(waiting)
    assert waiting.shop.rows(notices) == []

    assert rings(waiting) == [Alarm.ESCALATION]
    assert len(waiting.shop.rows(notices)) == 3


def test_the_watch_tells_the_desk_and_lets_the_post_go_when_the_clocks_fail(waiting, monkeypatch):
    """
    Who rang is heard by conversation; a broken look stops neither the post nor the worker.
    """
    heard: list[str] = []
    sent: list[str] = []

    class Hook:
        """A system that takes everything."""

        def post(self, key: str, said: object) -> None:
            sent.append(key)

    house = waiting.shop.house
    watch = Watch(
        house=house, postman=Postman(house=house, hook=Hook()), lead=LEAD, rang=heard.append
    )
    turn_to(waiting)
    monkeypatch.setattr("bot.services.notices.MOST_AT_ONCE", 0)
    watch.look()
    assert (heard, sent) == ([waiting.id], [])

    monkeypatch.undo()
    monkeypatch.setattr("bot.services.clocks.warned_until", lambda *_: 1 / 0)
    watch.look()
    assert len(sent) == 1


# Several at once


@pytest.fixture
def busy(database_url: str) -> Iterator[Shop]:
    """A shop in a database that several use at once, with many buyers who wait."""
    one = Shop(an_order(), rules=the_rulebook(), url=database_url)
    chats = [Dialog(one, "ada@example.com") for _ in range(30)]
    for chat in chats:
        chat.says("human_agent")
    one.now = NOW + timedelta(days=3)
    yield one
    one.engine.dispose()


def test_of_many_threads_at_once_each_hand_off_rings_in_one(busy):
    """
    Eight look at the same moment, and between them everything has rung once.
    """
    ready, rung = Barrier(8), []

    def look() -> None:
        ready.wait()
        rung.extend(one.hand_off.id for one in do_ring_clocks(busy.house, LEAD))

    threads = [Thread(target=look) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(rung) == sorted(str(row["id"]) for row in busy.rows(handoffs))
    assert len(busy.rows(notices)) == 3 * 30


def look_in_another_process(url: str) -> list[str]:
    """Which hand-offs rang there."""
    engine = open_database(url)
    rules = the_rulebook()
    house = House(
        units=SqlUnits(engine),
        speaker=Words(),
        rulebooks=lambda: rules,
        clock=lambda: NOW + timedelta(days=3),
    )
    try:
        return [one.hand_off.id for one in do_ring_clocks(house, LEAD)]
    finally:
        engine.dispose()


def test_of_two_processes_at_once_each_hand_off_rings_in_one(busy, database_url):
    """
    Two web processes, each with a worker of its own.
    """
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(2, mp_context=context) as processes:
        rung = [
            one
            for each in processes.map(look_in_another_process, [database_url] * 4)
            for one in each
        ]

    assert sorted(rung) == sorted(str(row["id"]) for row in busy.rows(handoffs))
    assert len(busy.rows(notices)) == 3 * 30
