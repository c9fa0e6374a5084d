"""Search: both databases find the same, whatever is typed, and nothing that was taken out."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.casework.agents import Agent, Role
from bot.casework.orders import Buyer
from bot.casework.ports.speaking import Spoken
from bot.casework.queue import QueueFilter, View
from bot.casework.replies import MessageKind
from bot.casework.searching import FoundBy
from bot.casework.turns import Floor, Identity, Sender
from bot.store.database import writing
from bot.store.migrate import migrate
from bot.store.search_index import FULL_TEXT, put_up, take_down, tidy
from bot.store.tables import agents, cases, conversations, message_words, messages
from tests.dialog import Shop
from tests.factories import NOW, a_parcel, an_order, the_rulebook

ADA = "Ada.Field@example.com"
KIM = Agent(id="a1", email="kim@shop.example", name="Kim Doe", role=Role.AGENT)
SAID = {
    "mug": ["The blue MUG came in pieces", "I am sorry about the mug"],
    "lamp": ["Where is my refund? I sent the lamp back.", "Your refund is on its way"],
    "russian": ["Ещё не пришёл возврат за заказ", "Возвраты идут пять дней"],
    "accents": ["Un café crème, s'il vous plaît"],
    "numbers": ["It is order DEMO-1003, tracking 00340434", "item 100311"],
    "signs": ["100% \"quoted\" & (bracketed) OR 'more' -- ; DROP TABLE"],
    "silent": ["🙂🙂", "…"],
}


@pytest.fixture
def shop(database_url: str) -> Iterator[Shop]:
    """A shop with conversations in which that was said, one after the other."""
    one = Shop(
        an_order(
            parcel=a_parcel(tracking_number="lp 1234-5678 de"),
            buyer=Buyer(name="Ada Field", email=ADA.lower(), phone=""),
        ),
        an_order(number="DEMO-1004", buyer=Buyer(name="Ben", email="ben@example.com", phone="")),
        rules=the_rulebook(),
        url=database_url,
    )
    with one.house.units() as unit:
        for name, texts in SAID.items():
            unit.conversations.add_named(name, "demo", "en", one.now)
            for text in texts:
                say(one, name, text, unit)
    yield one
    one.engine.dispose()


def say(shop: Shop, conversation: str, text: str, unit=None) -> str:
    """Somebody writes that, a second later; the message's id."""
    if unit is None:
        with shop.house.units() as opened:
            return say(shop, conversation, text, opened)
    shop.now += timedelta(seconds=1)
    spoken = Spoken(kind=MessageKind.TEXT, text=text, choices=(), card=None, reply="")

    return unit.conversations.say(
        conversation, spoken, answers=None, case_id=None, now=shop.now, sender=Sender.BUYER
    )


def find(shop: Shop, text: str, limit: int = 50, before: int | None = None):
    """What is found."""
    with shop.house.units.reading() as unit:
        return unit.search.find_conversations(text, limit, before)


def ids(shop: Shop, text: str) -> list[str]:
    """Which conversations are found, in order."""
    return [one.conversation_id for one in find(shop, text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("mug", ["mug"]),
        ("MUG pieces", ["mug"]),
        ("mug refund", []),  # not in one message
        ("lamp refund", ["lamp"]),
        ("ref", ["lamp"]),
        ("re", []),  # a whole word that nobody wrote
        ("is", ["numbers", "lamp"]),
        ("возврат", ["russian"]),
        ("ВОЗВРАТЫ", ["russian"]),
        ("еще не пришел", ["russian"]),
        ("ещё", ["russian"]),
        ("cafe creme", ["accents"]),
        ("CAFÉ", ["accents"]),
        ("demo-1003", ["numbers"]),
        ("1003", ["numbers"]),
        ("10031", ["numbers"]),
        ("0340", []),  # not from the middle of a word
        ("quoted bracketed more", ["signs"]),
        ("OR", ["signs"]),
        ("drop table", ["signs"]),
        ('"mug"', ["mug"]),
        ("mug*", ["mug"]),
        ("mug AND NOT lamp", []),
        ("NEAR(mug)", []),
        ("words:mug", []),
        ("mug:*", ["mug"]),
        ("mug | lamp", []),
        ("!mug", ["mug"]),
        ("'mug'", ["mug"]),
        ("\\mug", ["mug"]),
        ("mug\x00", ["mug"]),
        ("mug\ud800", ["mug"]),
        ("🙂", []),
        ("…", []),
        ("", []),
        ("%", []),
        ("_", []),
        ("mug " + "x" * 10_000, []),
        ("mug " * 2_500, ["mug"]),
        ("the blue mug came in pieces and then some more", []),
    ],
)
def test_words_are_found_alike_on_both_databases(shop, text, found):
    """
    All of them in one message, from their beginning, in any case; no sign means anything.
    """
    assert ids(shop, text) == found


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(
    text=st.one_of(
        st.text(max_size=60),
        st.text(alphabet="\"'*:()&|!<>-^~@%_\\ \x00\ud800mugORNEAR", max_size=40),
    )
)
def test_nothing_that_is_typed_is_an_error(shop, text):
    """
    Not for the search, and not for the queue that is narrowed by it.
    """
    find(shop, text)
    with shop.house.units.reading() as unit:
        unit.queue.rows(View.OPEN, KIM, QueueFilter(text=text), NOW, near={}, skip=0, most=9)


def test_what_was_written_last_comes_first_with_its_piece(shop):
    """
    The newest message that fits orders, and is shown.
    """
    found = find(shop, "refund")
    assert [one.snippet.text for one in found] == ["Your refund is on its way"]
    assert found[0].snippet.marks == ((5, 11),)

    say(shop, "mug", "I want a refund, too")
    say(shop, "lamp", "thanks")
    assert ids(shop, "refund") == ["mug", "lamp"]
    newest, older = find(shop, "refund")
    assert newest.at > older.at
    assert newest.place > older.place
    assert (newest.store, newest.floor, newest.by) == ("demo", Floor.BOT, FoundBy.TEXT)


def test_a_long_list_is_read_page_by_page(shop):
    """
    Each conversation once, however many of its messages fit.
    """
    for number in range(7):
        for conversation in SAID:
            say(shop, conversation, f"kettle number {number}")
    seen: list[str] = []
    before = None
    while page := find(shop, "kettle", 3, before):
        seen += [one.conversation_id for one in page]
        before = page[-1].place

    assert seen == list(reversed(SAID))


# Orders, parcels, buyers


def proves(shop: Shop, conversation: str, order: str) -> None:
    """In that conversation the order was proven."""
    with shop.house.units() as unit:
        found = unit.orders.find("demo", order)
        unit.conversations.mark_verified(conversation, found.id, NOW)


@pytest.mark.parametrize("text", ["DEMO-1004", "demo 1004", "№ DEMO1004", "#demo-1004 "])
def test_an_order_number_is_found_in_any_spelling(shop, text):
    """
    Where the order was proven, though nobody wrote its number.
    """
    proves(shop, "mug", "DEMO-1004")
    (found,) = find(shop, text)

    assert (found.conversation_id, found.by) == ("mug", FoundBy.ORDER)
    assert found.snippet.text == "I am sorry about the mug"


def test_an_order_is_found_by_its_case(shop):
    """
    A buyer whom the shop signed in proves nothing.
    """
    with shop.house.units() as unit:
        order = unit.orders.find("demo", "DEMO-1004")
    with writing(shop.engine) as db:
        db.execute(
            sa.insert(cases).values(
                id="c1", conversation_id="lamp", order_id=order.id, playbook="x", intent="x",
                state="open", awaiting="nothing", known={}, opened_at=NOW, touched=1,
            )
        )  # fmt: skip

    assert ids(shop, "demo1004") == ["lamp"]


@pytest.mark.parametrize("text", ["LP12345678DE", "lp 1234 5678 de", "LP-1234-5678-DE"])
def test_a_tracking_number_is_found_in_any_spelling(shop, text):
    """
    However the shop wrote it, too.
    """
    proves(shop, "silent", "DEMO-1003")
    assert ids(shop, text) == []  # nothing readable was said there yet

    proves(shop, "mug", "DEMO-1003")
    (found,) = find(shop, text)
    assert (found.conversation_id, found.by) == ("mug", FoundBy.TRACKING)


@pytest.mark.parametrize("text", ["Ada.Field@example.com", "ada.field@", "ADA.F", " ada.field "])
def test_an_e_mail_is_found_whole_or_by_its_beginning(shop, text):
    """
    Of a buyer whom the shop signed in, and of one whose order was proven.
    """
    proves(shop, "mug", "DEMO-1003")
    with shop.house.units() as unit:
        unit.conversations.identify("lamp", Identity(subject="7", email=ADA))

    assert [(one.conversation_id, one.by) for one in find(shop, text)] == [
        ("lamp", FoundBy.EMAIL),
        ("mug", FoundBy.EMAIL),
    ]


def test_an_e_mail_that_a_waiting_buyer_left_is_found(shop):
    """
    It proves nothing, but it is how to find them again.
    """
    with writing(shop.engine) as db:
        db.execute(
            sa.update(conversations)
            .where(conversations.c.id == "lamp")
            .values(contact_email="Ben.Brook@example.com")
        )

    assert ids(shop, "ben.brook@") == ["lamp"]


@pytest.mark.parametrize("text", ["field@example.com", "ad", "ada_field", "ada%", "ada.fieldx"])
def test_an_e_mail_is_not_found_by_what_it_does_not_begin_with(shop, text):
    """
    Signs of LIKE are signs.
    """
    with shop.house.units() as unit:
        unit.conversations.identify("lamp", Identity(subject="7", email=ADA))

    assert ids(shop, text) == []


def test_who_is_found_twice_is_shown_once(shop):
    """
    By the order's number and in a message: the message is shown, and the number is told.
    """
    proves(shop, "numbers", "DEMO-1003")
    (found,) = find(shop, "DEMO-1003")

    assert found.by is FoundBy.ORDER
    assert found.snippet.text == "It is order DEMO-1003, tracking 00340434"
    assert found.snippet.marks == ((12, 16), (17, 21))


def test_the_queue_is_narrowed_by_the_same(shop):
    """
    And a text without a letter fits nothing.
    """
    proves(shop, "mug", "DEMO-1004")

    def rows(text: str) -> list[str]:
        with shop.house.units.reading() as unit:
            only = QueueFilter(text=text)
            found = unit.queue.rows(View.OPEN, KIM, only, NOW, near={}, skip=0, most=9)
        return sorted(row.id for row in found)

    assert rows("refund") == ["lamp"]
    assert rows("DEMO-1004") == ["mug"]
    assert rows("?!") == []
    assert rows("") == sorted(SAID)


# What is taken out


def test_a_text_that_is_erased_is_found_no_more(shop):
    """
    Whoever takes the text away need not know of the search.
    """
    with writing(shop.engine) as db:
        db.execute(
            sa.update(messages).where(messages.c.conversation_id == "mug").values(text="[erased]")
        )
    with writing(shop.engine) as db:
        tidy(db)

    assert ids(shop, "mug") == []
    assert ids(shop, "erased") == []
    assert "mug" not in {row["conversation_id"] for row in shop.rows(message_words)}


def test_a_message_that_is_deleted_is_found_no_more(shop):
    """
    Its words go with it.
    """
    with writing(shop.engine) as db:
        db.execute(sa.delete(messages).where(messages.c.conversation_id == "lamp"))

    assert ids(shop, "refund") == []
    assert ids(shop, "возврат") == ["russian"]


def test_nothing_of_it_stays_in_the_file(tmp_path):
    """
    After an erasure SQLite's file does not hold the words, searched or not.
    """
    path = tmp_path / "makegood.db"
    shop = Shop(rules=the_rulebook(), url=f"sqlite:///{path}")
    with shop.house.units() as unit:
        unit.conversations.add_named("c", "demo", "en", NOW)
    for number in range(200):
        say(shop, "c", f"kettledrum{number} and more")
    with writing(shop.engine) as db:
        db.execute(sa.update(messages).values(text=""))
        tidy(db)
    with shop.engine.connect() as db:
        held = db.scalar(
            sa.text(f"SELECT count(*) FROM {FULL_TEXT}_data WHERE instr(block, 'kettledrum')")
        )

    assert held == 0
    shop.engine.dispose()


# The index itself


def test_the_index_is_put_up_over_what_is_there_and_only_once(database_url):
    """
    After an upgrade that needed it down, with messages that were written before.
    """
    migrate(database_url)
    shop = Shop(rules=the_rulebook(), url=database_url, migrated=True)
    with shop.house.units() as unit:
        unit.conversations.add_named("c", "demo", "en", NOW)
    with writing(shop.engine) as db:
        take_down(db)
    say(shop, "c", "the kettledrum is broken")
    migrate(database_url)
    assert ids(shop, "kettledrum") == ["c"]

    say(shop, "c", "and the xylophone")
    with writing(shop.engine) as db:
        put_up(db)
    assert ids(shop, "xylophone") == ["c"]
    shop.engine.dispose()


def test_clearing_the_database_up_changes_nothing(tmp_path):
    """
    SQLite's VACUUM gives new numbers to rows that have none of their own.
    """
    shop = Shop(rules=the_rulebook(), url=f"sqlite:///{tmp_path / 'makegood.db'}")
    with shop.house.units() as unit:
        for name in ("one", "two", "three"):
            unit.conversations.add_named(name, "demo", "en", NOW)
    for name in ("one", "two", "three"):
        say(shop, name, f"this is {name}")
    with writing(shop.engine) as db:
        db.execute(sa.delete(messages).where(messages.c.conversation_id == "one"))
    with shop.engine.connect() as db:
        db.connection.execute("VACUUM")

    assert ids(shop, "three") == ["three"]
    assert ids(shop, "this") == ["three", "two"]
    shop.engine.dispose()


def test_an_agents_answer_is_found_like_any_other_message(shop):
    """
    Whoever wrote it.
    """
    with writing(shop.engine) as db:
        db.execute(
            sa.insert(agents).values(
                id=KIM.id, email=KIM.email, name=KIM.name, role=KIM.role, team="", reads=[],
                created_at=NOW,
            )
        )  # fmt: skip
    with shop.house.units() as unit:
        unit.desk.add_answer(
            "mug", KIM, client_id="x1", text="A gasket is missing", attachments=(), now=shop.now
        )

    assert ids(shop, "gasket") == ["mug"]
