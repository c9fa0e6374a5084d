"""A buyer waits for a person: what is usual, going back to the bot, leaving an e-mail, rating."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.casework.agents import Role
from bot.casework.decisions import Reason
from bot.casework.turns import Floor, Identity, LocaleFrom
from bot.casework.waiting import GIVEN_UP_BY_BUYERS
from bot.replies import Templates
from bot.services.answering import do_answer
from bot.services.hand_off import HandedOff
from bot.services.sellers_word import confirm_remedy
from bot.services.sessions import add_rating
from bot.services.taking_over import do_claim, do_close, do_give_back
from bot.services.turn_queue import NotAcceptable
from bot.services.waiting import (
    EmailNoted,
    WaitCancelled,
    do_cancel_wait,
    do_leave_email,
    do_read,
    find_wait,
    may_rate,
    usual_minutes,
)
from bot.settings import ROOT
from bot.store.tables import conversations, messages, remedies
from tests.dialog import Dialog
from tests.factories import an_order
from tests.services.test_taking_over import refused


@pytest.fixture
def waiting(dialog):
    """An anonymous buyer who asked for a person."""
    chat = dialog(an_order(), email=None)
    assert chat.says("human_agent") == HandedOff

    return chat


def row_of(chat):
    """The conversation's row."""
    return next(row for row in chat.shop.rows(conversations) if row["id"] == chat.id)


def said(chat):
    """Names of what was said, in order."""
    rows = sorted(chat.shop.rows(messages), key=lambda row: row["seq"])
    return [row["reply"] for row in rows if row["conversation_id"] == chat.id and row["reply"]]


def an_answered_one(chat, agent, minutes):
    """A buyer of that shop who waits so long for a person."""
    other = Dialog(chat.shop, None)
    other.says("human_agent")
    other.waits(minutes=minutes, seconds=-1)
    do_claim(chat.shop.house, other.id, agent)
    do_answer(chat.shop.house, other.id, agent, client_id="a1", text="hello")


# how long it takes


@pytest.mark.parametrize(
    ("minutes", "usual"),
    [
        ((), None),
        ((1, 2), None),
        ((1, 9, 4), 4),
        ((0, 0, 0), 1),
        ((1.2,) * 3, 2),
        ((2, 3, 4, 90), 4),
    ],
)
def test_what_is_usual_is_the_middle(minutes, usual):
    """
    Rounded up to whole minutes; of too few nobody can say.
    """
    assert usual_minutes([timedelta(minutes=one) for one in minutes]) == usual


def test_the_time_to_a_persons_first_words_counts(waiting):
    """
    Not the bot's, not that of conversations nobody has answered, not another store's.
    """
    house, agent = waiting.shop.house, waiting.shop.hires("Eve Stone")
    assert find_wait(house, waiting.id).minutes is None
    for minutes in (3, 7, 200):
        an_answered_one(waiting, agent, minutes)
    waiting.shop.add_store("other")
    stranger = Dialog(waiting.shop, None, store="other")
    stranger.says("human_agent")

    assert find_wait(house, waiting.id).minutes == 7
    assert find_wait(house, stranger.id).minutes is None


def test_who_does_not_wait_is_told_nothing(waiting):
    """
    Neither while the bot speaks nor while a person does.
    """
    house, agent = waiting.shop.house, waiting.shop.hires("Eve Stone")
    assert find_wait(house, waiting.id).may_cancel
    do_claim(house, waiting.id, agent)

    wait = find_wait(house, waiting.id)
    assert (wait.minutes, wait.may_cancel, wait.may_leave_email) == (None, False, False)


# going back to the bot


def test_a_wait_is_cancelled_once(waiting):
    """
    The bot says that it is back, answers nothing that was written meanwhile, and goes on.
    """
    house = waiting.shop.house
    waiting.says("greet", "hello? is anybody there?")
    do_cancel_wait(house, waiting.id)
    do_cancel_wait(house, waiting.id)

    assert said(waiting)[-1] == "waiting.wait_cancelled"
    assert said(waiting).count("waiting.wait_cancelled") == 1
    row = row_of(waiting)
    assert (row["floor"], row["handoff_id"], row["due_at"]) == (Floor.BOT, None, None)
    unanswered = [one for one in waiting.shop.rows(messages) if one["answered_at"] is None]
    assert [one for one in unanswered if one["sender"] == "buyer"] == []
    assert waiting.says("human_agent") == HandedOff


def test_a_wait_is_not_cancelled_from_under_a_person(waiting):
    """
    Whoever has taken over gives it back themselves; what is closed stays so.
    """
    house, agent = waiting.shop.house, waiting.shop.hires("Eve Stone")
    do_claim(house, waiting.id, agent)
    assert refused(do_cancel_wait, house, waiting.id) == "human"
    do_close(house, waiting.id, agent)
    assert refused(do_cancel_wait, house, waiting.id) == "closed"
    assert WaitCancelled not in waiting.shop.words.said


def test_what_a_person_has_to_decide_is_waited_for(dialog):
    """
    A complaint, or money that hangs on somebody: it would fall between two chairs.
    """
    chat = dialog(an_order())
    chat.says("complaint", "this is an outrage, I will sue", order="DEMO-1003")
    assert chat.floor is Floor.WAITING

    assert not find_wait(chat.shop.house, chat.id).may_cancel
    assert refused(do_cancel_wait, chat.shop.house, chat.id) == "needs_person"
    assert chat.floor is Floor.WAITING
    assert {Reason.COMPLAINT, Reason.REMEDY_FAILED, Reason.DENIED} & GIVEN_UP_BY_BUYERS == set()


# an e-mail to write to


def test_an_anonymous_buyer_leaves_an_e_mail(waiting):
    """
    It is confirmed in words, once, and may be corrected; it opens no order.
    """
    house = waiting.shop.house
    assert find_wait(house, waiting.id).may_leave_email
    do_leave_email(house, waiting.id, " ada@example.com ")
    do_leave_email(house, waiting.id, "ada@example.com")

    assert row_of(waiting)["contact_email"] == "ada@example.com"
    assert said(waiting).count("waiting.email_noted") == 1
    assert waiting.shop.words.said[-1] == EmailNoted(email="ada@example.com", answers=False)
    assert not find_wait(house, waiting.id).may_leave_email
    do_leave_email(house, waiting.id, "ada@other.example")
    assert row_of(waiting)["contact_email"] == "ada@other.example"
    assert row_of(waiting)["identity_email"] is None


@pytest.mark.parametrize("locale", ["en", "ru"])
def test_an_answer_by_e_mail_is_promised_only_where_there_is_one(waiting, locale):
    """
    Without a mail server the words say who sees the address, and where the answer will be.
    """
    promises = {"en": "the answer goes to ada@", "ru": "ответ придёт и на ada@"}
    silent = replace(waiting.shop.house, speaker=Templates(ROOT / "templates"))
    said = {}
    for mails in (False, True):
        house = replace(silent, writes_letters=mails)
        assert find_wait(house, waiting.id).answers_by_email is mails
        with house.units() as unit:
            unit.conversations.set_locale(waiting.id, locale, LocaleFrom.CHOSEN)
            unit.waiting.leave_email(waiting.id, "")
        do_leave_email(house, waiting.id, "ada@example.com")
        said[mails] = str(max(waiting.shop.rows(messages), key=lambda row: row["seq"])["text"])

    assert promises[locale] in said[True]
    assert promises[locale] not in said[False]
    assert "ada@example.com" in said[False]


@pytest.mark.parametrize(
    "email", ["", "ada", "a@b", "a b@c.de", "a@b.de\nBcc: x@y.de", "<a@b.de>", "x" * 400 + "@b.de",
              "a@b.de,c@d.e\u202e"],
)  # fmt: skip
def test_what_is_no_e_mail_is_refused(waiting, email):
    """
    Nothing is stored, nothing is said.
    """
    assert refused(do_leave_email, waiting.shop.house, waiting.id, email) == "wrong_email"
    assert row_of(waiting)["contact_email"] is None


def test_who_is_known_or_does_not_wait_leaves_none(dialog):
    """
    The shop has told the e-mail of whoever is signed in; the bot writes to nobody.
    """
    chat = dialog(an_order(), email=None)
    assert refused(do_leave_email, chat.shop.house, chat.id, "ada@example.com") == "not_waiting"
    known = Dialog(chat.shop, "ada@example.com")
    known.says("human_agent")
    assert refused(do_leave_email, chat.shop.house, known.id, "ada@example.com") == "known"
    assert not find_wait(chat.shop.house, known.id).may_leave_email


def test_who_was_signed_in_without_an_e_mail_may_leave_one(waiting):
    """
    The shop may know somebody and not where to write to.
    """
    house = waiting.shop.house
    with house.units() as unit:
        unit.conversations.identify(waiting.id, Identity(subject="17", email=""))
    assert find_wait(house, waiting.id).may_leave_email

    do_leave_email(house, waiting.id, "ada@example.com")
    assert row_of(waiting)["contact_email"] == "ada@example.com"


# reading and rating


def test_reading_goes_forward_only(waiting):
    """
    Not back, and not beyond what was said.
    """
    house, last = waiting.shop.house, row_of(waiting)["last_seq"]
    assert do_read(house, waiting.id, last)
    assert not do_read(house, waiting.id, last)
    assert not do_read(house, waiting.id, 1)
    assert not do_read(house, waiting.id, last + 1)
    assert row_of(waiting)["read_seq"] == last


def test_what_is_over_is_rated_once(waiting):
    """
    After it was closed; not while somebody is there, nor after it went back to the bot.
    """
    house, agent = waiting.shop.house, waiting.shop.hires("Eve Stone", Role.LEAD)
    assert not may_rate(house, waiting.id)
    do_claim(house, waiting.id, agent)
    do_give_back(house, waiting.id, agent, note="", resume=False)
    assert not may_rate(house, waiting.id)
    do_claim(house, waiting.id, agent)
    do_close(house, waiting.id, agent)
    assert may_rate(house, waiting.id)
    add_rating(house, waiting.id, 4, "")
    assert not may_rate(house, waiting.id)


def test_what_was_made_good_is_rated(dialog):
    """
    Once it is done, not when it is only requested.
    """
    chat = dialog(an_order())
    chat.says("damaged_item", photos=1)
    chat.presses("option:0")
    chat.presses("yes")
    assert not may_rate(chat.shop.house, chat.id)
    confirm_remedy(chat.shop.house, str(chat.shop.rows(remedies)[0]["id"]))
    assert may_rate(chat.shop.house, chat.id)


def test_nobody_waits_in_a_conversation_that_is_not_there(dialog):
    """
    It is missing like any other.
    """
    house = dialog(an_order()).shop.house
    for work in (find_wait, do_cancel_wait, may_rate):
        with pytest.raises(LookupError):
            work(house, "nothing")
    with pytest.raises((LookupError, NotAcceptable)):
        do_leave_email(house, "nothing", "ada@example.com")
