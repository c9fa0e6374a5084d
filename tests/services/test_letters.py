"""An answer that a buyer has not read goes by e-mail, once."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.casework.files import FileKind, StoredFile
from bot.casework.turns import Floor
from bot.replies import Templates
from bot.services.answering import do_answer
from bot.services.clocks import Watch
from bot.services.files import add_file
from bot.services.letters import do_write_letters
from bot.services.notices import Postman
from bot.services.taking_over import do_claim
from bot.settings import ROOT
from bot.store.database import writing
from bot.store.tables import conversations, notices
from tests.dialog import Dialog
from tests.factories import an_order


@pytest.fixture
def taken(dialog) -> Dialog:
    """A signed-in buyer whose conversation Anna has taken over; the words are the real ones."""
    chat = dialog(an_order())
    chat.shop.house = replace(chat.shop.house, speaker=Templates(ROOT / "templates"))
    chat.says("human_agent")
    chat.anna = chat.shop.hires("Anna Karlsson")
    do_claim(chat.shop.house, chat.id, chat.anna)

    return chat


def answers(chat, text, *files):
    """Anna writes that, with files of these names; its seq."""
    house = chat.shop.house
    ids = [house.new_id() for _ in files]
    for file_id, name in zip(ids, files, strict=True):
        file = StoredFile(
            id=file_id, file_name=f"{file_id}.pdf", name=name, kind=FileKind.PDF,
            size=1, sha256="0" * 64,
        )  # fmt: skip
        add_file(house, chat.id, file)

    return do_answer(
        house, chat.id, chat.anna, client_id=house.new_id(), text=text, attachments=ids
    )[1]


def reads(chat, seq):
    """The buyer's widget says how far they have read."""
    with writing(chat.shop.engine) as db:
        db.execute(conversations.update().values(read_seq=seq))


def letters(chat):
    """Whom a letter was written to, and what stands in it."""
    return [(row["recipient"], str(row["text"])) for row in chat.shop.rows(notices)]


def test_what_stays_unread_goes_by_mail_in_one_letter(taken):
    """
    To the address that the shop signed; everything that was written, and not twice.
    """
    answers(taken, "I have sent a new mug.")
    answers(taken, "Here is its number.")
    assert do_write_letters(taken.shop.house) == 0
    taken.waits(minutes=3)

    assert do_write_letters(taken.shop.house) == 1
    assert do_write_letters(taken.shop.house) == 0

    ((to, text),) = letters(taken)
    assert to == "ada@example.com"
    assert "I have sent a new mug.\n\nHere is its number." in text


@pytest.mark.parametrize(
    ("locale", "one", "two"),
    [
        ("en", "1 file waits for you in the chat.", "2 files wait for you in the chat."),
        ("ru", "В чате для вас 1 файл.", "В чате для вас 2 файла."),
    ],
)
def test_files_wait_in_the_chat(taken, locale, one, two):
    """
    They are counted in the letter, with words or without, but neither mailed nor named.
    """
    with writing(taken.shop.engine) as db:
        db.execute(conversations.update().values(locale=locale))
    answers(taken, "", "secret label.pdf")
    taken.waits(minutes=4)
    assert do_write_letters(taken.shop.house) == 1
    answers(taken, "Here they are.", "a.pdf", "b.pdf")
    taken.waits(minutes=4)
    assert do_write_letters(taken.shop.house) == 1
    assert do_write_letters(taken.shop.house) == 0

    first, second = (text for _, text in letters(taken))
    assert first.startswith(one)
    assert f"Here they are.\n{two}" in second
    assert "label" not in first


def test_a_later_answer_is_a_letter_of_its_own(taken):
    """
    Without what was written in the first.
    """
    answers(taken, "first")
    taken.waits(minutes=4)
    do_write_letters(taken.shop.house)
    answers(taken, "second")
    taken.waits(minutes=4)
    do_write_letters(taken.shop.house)

    assert ["first" in text for _, text in letters(taken)] == [True, False]


def test_what_was_read_is_not_sent(taken):
    """
    Whoever is still there needs no e-mail.
    """
    reads(taken, answers(taken, "still there?"))
    taken.waits(minutes=10)

    assert do_write_letters(taken.shop.house) == 0


def test_what_is_old_is_no_news(taken):
    """
    Setting up SMTP does not mail last year's answers.
    """
    answers(taken, "hello")
    taken.waits(days=2)

    assert do_write_letters(taken.shop.house) == 0


def test_who_left_no_address_gets_no_letter(dialog):
    """
    An anonymous buyer finds the answer in the chat.
    """
    chat = dialog(an_order(), email=None)
    chat.says("human_agent")
    chat.anna = chat.shop.hires("Anna Karlsson")
    do_claim(chat.shop.house, chat.id, chat.anna)
    answers(chat, "hello")
    chat.waits(minutes=5)
    assert do_write_letters(chat.shop.house) == 0

    with writing(chat.shop.engine) as db:
        db.execute(conversations.update().values(contact_email="left@example.com"))
    assert do_write_letters(chat.shop.house) == 1
    assert letters(chat)[0][0] == "left@example.com"


@pytest.mark.parametrize(
    ("signed", "to"), [("ada@example.com", "ada@example.com"), ("", "left@example.com")]
)
def test_what_the_shop_signed_goes_before_what_was_left(taken, signed, to):
    """
    Who left an e-mail and was signed in later has a proven one; a shop may sign none.
    """
    with writing(taken.shop.engine) as db:
        db.execute(
            conversations.update().values(contact_email="left@example.com", identity_email=signed)
        )
    answers(taken, "hello")
    taken.waits(minutes=4)
    do_write_letters(taken.shop.house)

    assert letters(taken)[0][0] == to


def test_a_chat_that_was_closed_is_mailed_too(taken):
    """
    The last word counts, whoever has the floor by now.
    """
    answers(taken, "all done")
    with taken.shop.house.units() as unit:
        unit.conversations.set_floor(taken.id, Floor.CLOSED)
    taken.waits(minutes=5)

    assert do_write_letters(taken.shop.house) == 1


def test_without_a_mail_server_nothing_is_written(taken):
    """
    The minute's look leaves it alone.
    """
    answers(taken, "hello")
    taken.shop.now += timedelta(minutes=5)
    Watch(house=taken.shop.house, postman=Postman(house=taken.shop.house)).look()

    assert letters(taken) == []
