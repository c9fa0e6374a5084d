"""
A buyer is erased: from every column of every table, from the photo folder, from SQLite's own files.

What must stay does, and the ledger vouches for it.
"""

import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.casework.agents import Agent, Role
from bot.casework.audit import Deed
from bot.casework.erasure import email_hash
from bot.casework.files import FileKind, StoredFile
from bot.casework.money import Money
from bot.casework.notices import Channel, Notice
from bot.casework.orders import Buyer, OrderStatus, TrackingEvent
from bot.casework.ports.conversations import StoredPhoto
from bot.casework.remedies import Refund
from bot.casework.turns import Floor
from bot.services.erasure import Eraser, do_erase, find_unforgotten, note_forgotten
from bot.services.files import add_file
from bot.services.grants import do_grant
from bot.services.replay import Verdict, replay
from bot.services.sellers_word import confirm_remedy
from bot.services.sessions import add_photo, add_rating, read_transcript
from bot.services.turn_queue import NotAcceptable
from bot.store import guard
from bot.store.database import open_database, reading, writing
from bot.store.ledger import FIRST_SEAL, rest_of, seal_of
from bot.store.ledger_check import Damage, check_ledger
from bot.store.migrate import migrate
from bot.store.tables import (
    agents,
    attachments,
    audit,
    buyers,
    conversations,
    corrections,
    decisions,
    erasures,
    ledger_heads,
    ledger_seals,
    messages,
    metadata,
    notes,
    notices,
    orders,
    ratings,
    remedies,
)
from bot.store.units import SqlUnits
from tests.dialog import Dialog, Shop
from tests.factories import a_parcel, an_order, days_ago, the_rulebook
from tests.services.test_crash import dies_at

ADA, BOB = "ada.field@mail.example", "bob@mail.example"
TRACES = (
    ADA, "Ada Field", "+49 30 1234567", "Ackerstr", "10115", "Elsewhere Lane 7", "Gleiwitz",
    "00340434292135100186", "198.51.100.7", "smashed to smithereens", "never again with you",
    "she cried on the phone", "left it with her neighbour", "A. Field",
)  # fmt: skip
"""Everything personal that the buyer of these tests leaves behind, in whatever case."""


@pytest.fixture
def shop(database_url: str) -> Iterator[Shop]:
    """A shop in a migrated database, its ledger guarded, in which Ada and Bob have bought."""
    migrate(database_url)
    opened = Shop(*bought(), rules=the_rulebook(), url=database_url, migrated=True)
    yield opened
    opened.engine.dispose()


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """The folder of photos and other uploads."""
    folder = tmp_path / "photos"
    folder.mkdir()

    return folder


def bought():
    """Three orders of Ada, one of Bob."""
    ada = Buyer(name="Ada Field", email=ADA, phone="+49 30 1234567")
    signed = a_parcel(
        delivered_at=days_ago(3),
        events=(TrackingEvent(at=days_ago(3), label="Signed by A. Field", place="Gleiwitz"),),
    )
    common = {"buyer": ada, "city": "Gleiwitz"}

    return (
        an_order(number="DEMO-1", parcel=signed, **common),
        an_order(number="DEMO-2", status=OrderStatus.PENDING, **common),
        an_order(number="DEMO-3", **common),
        an_order(number="BOB-1", buyer=Buyer(name="Bob Hill", email=BOB), address="Hill Road 2",
                 parcel=a_parcel(tracking_number="CC123456785DE", delivered_at=days_ago(3)),
                 postal_code="20095", city="Hamburg"),
    )  # fmt: skip


def a_life(shop: Shop, photos: Path, email: str = ADA) -> Dialog:
    """All that somebody can leave behind in a conversation: words, a photo, a file, remedies."""
    chat = Dialog(shop, email, ip="198.51.100.7")
    photo = StoredPhoto(
        id="ada-photo-1", file_name="ada-photo-1.jpg",
        width=10, height=10, size=100, sha256="0" * 64, look=12345,
    )  # fmt: skip
    (photos / photo.file_name).write_bytes(b"a picture of smashed to smithereens")
    add_photo(shop.house, chat.id, photo)
    label = StoredFile(
        id="ada-label-1", file_name="ada-label-1.pdf", name="Label for Ada Field.pdf",
        kind=FileKind.PDF, size=9, sha256="0" * 64,
    )  # fmt: skip
    (photos / label.file_name).write_bytes(b"Ada Field, Ackerstr. 1")
    add_file(shop.house, chat.id, label)
    chat.says("damaged_item", "the mug is smashed to smithereens", order="DEMO-1", photos=1)
    chat.presses("option:1")
    chat.presses("yes")
    chat.says("change_address", order="DEMO-2")
    chat.says("provide_details", "Elsewhere Lane 7, 10115 Gleiwitz")
    chat.presses("yes")
    chat.says("human_agent", f"a person please, write to {email}")

    return chat


def others_words(shop: Shop, chat: Dialog) -> None:
    """What agents and the seller wrote about them, and where they went without a name."""
    with writing(shop.engine) as db:
        db.execute(sa.insert(agents).values(
            id="agent-1", email="eve@shop.example", name="Eve Stone", role="lead", team="",
            reads=["en"], created_at=shop.now,
        ))  # fmt: skip
        db.execute(sa.insert(notes).values(
            id="note-1", conversation_id=chat.id, agent_id="agent-1", after_seq=1,
            client_id="n1", text="she cried on the phone", created_at=shop.now,
        ))  # fmt: skip
        db.execute(sa.insert(corrections).values(
            message_id=chat.last_message, agent_id="agent-1", intent_before="greet",
            entities=[{"name": "email", "value": ADA}], created_at=shop.now,
        ))  # fmt: skip
    eve = Agent(id="agent-1", email="eve@shop.example", name="Eve Stone", role=Role.LEAD)
    with shop.house.units() as unit:
        order = unit.orders.find("demo", "DEMO-3")
        unit.audit.add(Deed(
            agent=eve, action="conversation.claim", subject="conversation", subject_id=chat.id,
            before={"floor": "WAITING"}, after={"floor": "HUMAN", "buyer": "Ada Field", "seq": 7},
            ip="192.0.2.9",
        ), shop.now)  # fmt: skip
        unit.audit.add(Deed(
            agent=eve, action="search", subject="search", subject_id="q",
            after={"q": f"mails of {ADA.upper()}"}, ip="192.0.2.9",
        ), shop.now)  # fmt: skip
    refund = Refund(order_id=order.id, line_id=order.lines[0].id, amount=Money(500, "EUR"))
    owner = replace(eve, role=Role.OWNER)
    do_grant(shop.house, [refund], agent=owner, reason="left it with her neighbour", request_id="1")
    nameless = Dialog(shop, None, ip="198.51.100.7")
    nameless.says("order_status", "where is it", order="DEMO-1")
    nameless.says("provide_details", "wrong@mail.example")
    nameless.says("provide_details", ADA)
    Dialog(shop, None, ip="203.0.113.5").says("greet", f"write to {ADA.title()} please")
    add_rating(shop.house, nameless.id, 1, "never again with you")


def settle(shop: Shop) -> None:
    """Let every remedy be done."""
    for row in shop.rows(remedies):
        if row["state"] == "requested":
            confirm_remedy(shop.house, str(row["id"]))


def lived(shop: Shop, photos: Path) -> Dialog:
    """All of Ada's traces, beside a conversation of Bob."""
    bob = Dialog(shop, BOB, ip="203.0.113.9")
    bob.says("damaged_item", "a scratch", order="BOB-1")
    bob.sends_photo()
    bob.presses("option:0")
    bob.presses("yes")
    (photos / "bob.jpg").write_bytes(b"a picture of a scratch")
    with writing(shop.engine) as db:
        db.execute(sa.update(attachments).values(file_name="bob.jpg"))
    chat = a_life(shop, photos)
    others_words(shop, chat)
    settle(shop)

    return bob


def erase(shop: Shop, photos: Path, email: str = ADA, store: str | None = None):
    """Erase at the command line."""
    return do_erase(shop.house, email, by=Eraser(), uploads=photos, store=store)


def found_in_database(shop: Shop, *texts: str) -> list[str]:
    """Table, column and value of everything in any table that holds one of these texts."""
    found = []
    with reading(shop.engine) as db:
        inspector = sa.inspect(db)
        for name in inspector.get_table_names():
            for row in db.exec_driver_sql(f'SELECT * FROM "{name}"').mappings():
                for column, value in row.items():
                    said = str(value).casefold()
                    found += [
                        f"{name}.{column}: {value}" for text in texts if text.casefold() in said
                    ]

    return found


def check(shop: Shop):
    """The check of the store's ledger."""
    [found] = check_ledger(shop.engine, ["demo"], anchor=None, progress=lambda _: None)

    return found


def rows_of_bob(shop: Shop, bob: Dialog) -> list[object]:
    """All that is Bob's."""
    order = next(row for row in shop.rows(orders) if row["number"] == "BOB-1")
    talk = [
        row
        for table in (messages, decisions, attachments)
        for row in shop.rows(table)
        if row["conversation_id"] == bob.id
    ]
    buyer = [row for row in shop.rows(buyers) if row["email"] == BOB]
    given = [row for row in shop.rows(remedies) if row["order_id"] == order["id"]]

    return [order, *talk, *buyer, *given]


def test_no_trace_remains_of_who_they_were(shop: Shop, photos: Path) -> None:
    """
    Neither in any column of any table nor in the photo folder; and all of it was there before.
    """
    lived(shop, photos)
    for trace in TRACES:
        assert found_in_database(shop, trace) != [], trace
    assert (photos / "ada-photo-1.jpg").exists()

    report = erase(shop, photos)

    assert found_in_database(shop, *TRACES) == []
    assert [file.name for file in photos.iterdir()] == ["bob.jpg"]
    assert not report.nothing_left


def test_what_must_stay_does(shop: Shop, photos: Path) -> None:
    """
    Orders, payments and remedies with every amount; decisions with theirs and who took them.
    """
    lived(shop, photos)
    said = "id amount currency worth state created_at kind quantity".split()
    before = sorted([str(row[name]) for name in said] for row in shop.rows(remedies))
    decided = "id playbook step decision amount currency decided_by decided_at case_id".split()
    then = sorted([row[name] for name in decided] for row in shop.rows(decisions))

    report = erase(shop, photos)

    assert sorted([str(row[name]) for name in said] for row in shop.rows(remedies)) == before
    now = sorted([row[name] for name in decided] for row in shop.rows(decisions))
    assert now[: len(then)] == then
    assert [row[1] for row in now[len(then) :]] == ["erasure"]
    assert {row["number"] for row in shop.rows(orders)} == {"DEMO-1", "DEMO-2", "DEMO-3", "BOB-1"}
    assert {row["country"] for row in shop.rows(orders)} == {"DE"}
    kept = {one.what: one.count for one in report.kept}
    assert kept["orders"] == 3
    assert kept["remedies"] == len([row for row in before if row]) - 1  # one is Bob's
    assert kept["decisions"] > 5
    assert {row["score"] for row in shop.rows(ratings)} == {1}


def test_others_lose_nothing(shop: Shop, photos: Path) -> None:
    """
    Bob's order, chat, photo, remedy and decisions are as they were.
    """
    bob = lived(shop, photos)
    before = rows_of_bob(shop, bob)

    erase(shop, photos)

    assert sorted(map(str, rows_of_bob(shop, bob))) == sorted(map(str, before))
    assert len(before) > 8


def test_the_ledger_names_erased_decisions_as_erased(shop: Shop, photos: Path) -> None:
    """
    It is intact, and says how many of them have no words any more.
    """
    lived(shop, photos)
    whole = check(shop)

    report = erase(shop, photos)

    after = check(shop)
    assert whole.intact
    assert after.intact, after.findings
    assert after.erased == report.removed["decisions"] > 5
    assert after.sealed == whole.sealed + 1
    assert whole.erased == 0


AFTERWARDS = (
    ({"amount": 99_999}, Damage.ALTERED),
    ({"decided_by": "Mallory"}, Damage.ALTERED),
    ({"facts": {"paid": 1}}, Damage.WORDS_GONE),
    ({"rules": []}, Damage.WORDS_GONE),
    ({"words": "0" * 64}, Damage.ALTERED),
    ({"words": None}, Damage.ALTERED),
)


def test_what_is_left_of_an_erased_decision_is_still_guarded(shop: Shop, photos: Path) -> None:
    """
    An erasure is no cover: who alters a row afterwards is found.
    """
    lived(shop, photos)
    erase(shop, photos)
    erased = next(row for row in shop.rows(decisions) if row["salt"] is None and row["rules"])
    for values, damage in AFTERWARDS:
        tamper(shop, decisions.c.id == erased["id"], **values)
        assert [finding.damage for finding in check(shop).findings] == [damage], values
        tamper(shop, decisions.c.id == erased["id"], **{name: erased[name] for name in values})
    assert check(shop).intact


def tamper(shop: Shop, which: sa.ColumnElement[bool], **values: object) -> None:
    """Change decisions as whoever has the whole database can."""
    with writing(shop.engine) as db:
        guard.take_down(db)
        db.execute(sa.update(decisions).where(which).values(**values))


def test_a_forged_record_does_not_make_an_altered_amount_an_erasure(
    shop: Shop, photos: Path
) -> None:
    """
    The money stays under the seal of its time: no later record can vouch for another.
    """
    lived(shop, photos)
    row = next(row for row in shop.rows(decisions) if row["id"] == 4)
    forged = {"seen": None, "salt": None, "amount": 99_999}
    tamper(shop, decisions.c.id == row["id"], **forged)
    with shop.house.units() as unit:
        unit.ledger.add_erasure(
            "demo", str(row["conversation_id"]), {row["id"]: rest_of({**row, **forged})},
            by="Mallory", version="test", now=shop.now,
        )  # fmt: skip

    assert [finding.damage for finding in check(shop).findings] == [Damage.ALTERED]
    tamper(shop, decisions.c.id == row["id"], words=None)
    assert [finding.damage for finding in check(shop).findings] == [Damage.ALTERED]


def test_words_that_are_taken_out_without_a_record_are_found(shop: Shop, photos: Path) -> None:
    """
    Blanking a row is no erasure.
    """
    lived(shop, photos)
    tamper(shop, decisions.c.id == 2, seen=None, salt=None)

    [finding] = check(shop).findings
    assert finding.damage is Damage.WORDS_GONE
    assert "no erasure says so" in finding.text


def test_rows_that_were_sealed_with_their_words_are_erased_as_well(
    shop: Shop, photos: Path
) -> None:
    """
    Of an earlier version: the record of the erasure vouches for what is left of them.
    """
    lived(shop, photos)
    as_an_earlier_version_sealed(shop)
    assert check(shop).intact

    report = erase(shop, photos)

    assert found_in_database(shop, *TRACES) == []
    after = check(shop)
    assert after.intact, after.findings
    assert after.erased == report.removed["decisions"]
    tamper(shop, decisions.c.id == 5, amount=99_999)
    assert [finding.damage for finding in check(shop).findings] == [Damage.ALTERED]


def as_an_earlier_version_sealed(shop: Shop) -> None:
    """Seal the whole chain as it was before a seal left words out."""
    tamper(shop, sa.true(), words=None, salt=None)
    with writing(shop.engine) as db:
        before = FIRST_SEAL
        rows = db.execute(
            sa.select(decisions)
            .join(ledger_seals, ledger_seals.c.decision_id == decisions.c.id)
            .order_by(ledger_seals.c.number)
        ).all()
        for row in rows:
            before = seal_of(before, row._mapping)
            of_it = ledger_seals.c.decision_id == row.id
            db.execute(sa.update(ledger_seals).where(of_it).values(seal=before))
        db.execute(sa.update(ledger_heads).values(seal=before))
    migrate(shop.engine.url.render_as_string(hide_password=False))


def test_the_database_guards_the_ledger_again_afterwards(shop: Shop, photos: Path) -> None:
    """
    The guard is down for the erasure alone.
    """
    lived(shop, photos)
    erase(shop, photos)

    with pytest.raises(sa.exc.DatabaseError, match="append-only"), writing(shop.engine) as db:
        db.execute(sa.update(decisions).values(amount=1))


def test_erased_cases_are_told_apart_in_a_replay(shop: Shop, photos: Path) -> None:
    """
    What was seen is not on record any more; others' cases replay as they did.
    """
    lived(shop, photos)
    erase(shop, photos)

    with shop.house.units.reading() as unit:
        verdicts = [case.verdict for case in replay(unit, shop.rules)]
    assert verdicts.count(Verdict.SAME) == 2  # Bob's, and an agent's own grant
    assert set(verdicts) == {Verdict.SAME, Verdict.NOT_REPLAYABLE}


def test_the_same_e_mail_twice_leaves_nothing_to_do(shop: Shop, photos: Path) -> None:
    """
    Neither does one that nobody ever had; neither is written down again.
    """
    lived(shop, photos)
    erase(shop, photos)
    rows = [sorted(map(str, shop.rows(table))) for table in metadata.sorted_tables]

    assert erase(shop, photos).nothing_left
    assert erase(shop, photos, ADA.upper()).nothing_left
    assert erase(shop, photos, "nobody@mail.example").nothing_left
    assert [sorted(map(str, shop.rows(table))) for table in metadata.sorted_tables] == rows


def test_what_is_no_e_mail_erases_nobody(shop: Shop, photos: Path) -> None:
    """
    Least of all everybody.
    """
    for email in ("", " ", "ada", "a b@c", "@", "x" * 400 + "@y.example"):
        with pytest.raises(NotAcceptable) as refused:
            erase(shop, photos, email)
        assert refused.value.code == "wrong_email"
    assert erase(shop, photos, "%@%").nothing_left
    assert erase(shop, photos, "_@_").nothing_left


def test_nobody_is_erased_while_a_remedy_is_under_way(shop: Shop, photos: Path) -> None:
    """
    Whoever sends the goods again needs the address; the sentence names the order and what to do.
    """
    a_life(shop, photos)

    with pytest.raises(NotAcceptable) as refused:
        erase(shop, photos)

    assert refused.value.code == "remedy_open"
    assert "DEMO-1, DEMO-2" in str(refused.value)
    assert found_in_database(shop, "Ada Field") != []
    assert (photos / "ada-photo-1.jpg").exists()
    settle(shop)
    assert not erase(shop, photos).nothing_left


def test_an_import_does_not_bring_them_back(shop: Shop, photos: Path) -> None:
    """
    The shop's file still names them; a new order of theirs is a new one.
    """
    lived(shop, photos)
    erase(shop, photos)

    shop.take_in(*bought())
    shop.take_in(*(replace(one, status=OrderStatus.CANCELLED) for one in bought()))
    assert found_in_database(shop, ADA) == []

    shop.take_in(replace(bought()[0], number="DEMO-9"))
    assert [row["email"] for row in shop.rows(buyers) if ADA in str(row["email"])] == [ADA]


def test_one_store_only(shop: Shop, photos: Path) -> None:
    """
    What another seller has is that seller's to erase.
    """
    shop.add_store("other")
    shop.take_in(an_order(number="O-1", store="other", buyer=Buyer(name="Ada Field", email=ADA)))
    Dialog(shop, ADA, store="other").says("greet", f"it is {ADA}")

    assert not erase(shop, photos, store="demo").nothing_left
    assert len(found_in_database(shop, ADA)) > 2
    assert not erase(shop, photos, store="other").nothing_left
    assert found_in_database(shop, ADA) == []
    with pytest.raises(NotAcceptable) as refused:
        erase(shop, photos, store="none")
    assert refused.value.code == "unknown_store"


def test_the_conversation_is_over_for_whoever_has_its_token(shop: Shop, photos: Path) -> None:
    """
    It is as if it had never been: a widget begins a new one, and a late turn finds nothing to do.
    """
    chat = a_life(shop, photos)
    settle(shop)
    erase(shop, photos)

    with pytest.raises(LookupError):
        read_transcript(shop.house, chat.id, 0)
    row = next(row for row in shop.rows(conversations) if row["id"] == chat.id)
    assert (row["floor"], row["handoff_id"], row["due_at"]) == (Floor.CLOSED, None, None)


def test_it_is_audited_without_the_e_mail(shop: Shop, photos: Path) -> None:
    """
    Who did it, when, how much of what; who knows the e-mail finds it by its checksum.
    """
    lived(shop, photos)
    report = erase(shop, photos)

    deed = max(shop.rows(audit), key=lambda row: int(str(row["id"])))
    assert (deed["action"], deed["subject_id"]) == ("buyer.erase", email_hash(ADA.upper()))
    assert deed["who"] == "command line"
    assert deed["after"] == dict(report.removed)
    [noted] = shop.rows(erasures)
    assert (noted["email_hash"], noted["removed"]) == (email_hash(ADA), dict(report.removed))
    claim = next(row for row in shop.rows(audit) if row["action"] == "conversation.claim")
    assert claim["after"] == {"floor": "HUMAN", "buyer": "erased", "seq": 7}
    assert claim["who"] == "Eve Stone"


def test_rasa_is_to_forget_until_it_was_told(shop: Shop, photos: Path) -> None:
    """
    What it shall forget stands in the store, so no restart loses it.
    """
    chat = a_life(shop, photos)
    settle(shop)
    erase(shop, photos)

    [(number, talks)] = find_unforgotten(shop.house)
    assert talks == (chat.id,)
    note_forgotten(shop.house, number)
    assert find_unforgotten(shop.house) == ()


def test_files_that_nobody_named_go_along(shop: Shop, photos: Path) -> None:
    """
    Of an upload that broke off; one that has only just come may yet be named.
    """
    lived(shop, photos)
    old, new = photos / ".half-written", photos / "just-now.jpg"
    for file, age in ((old, 7200), (new, 60), (photos / "bob.jpg", 7200)):
        file.write_bytes(b"x")
        then = (shop.now - timedelta(seconds=age)).timestamp()
        os.utime(file, (then, then))

    erase(shop, photos)

    assert sorted(file.name for file in photos.iterdir()) == ["bob.jpg", "just-now.jpg"]


def test_sqlites_own_files_hold_nothing_either(tmp_path: Path, photos: Path) -> None:
    """
    Neither free pages nor the write-ahead log.
    """
    url = f"sqlite:///{tmp_path / 'makegood.db'}"
    migrate(url)
    shop = Shop(*bought(), rules=the_rulebook(), url=url, migrated=True)
    lived(shop, photos)
    assert bytes_of(tmp_path, *TRACES)

    erase(shop, photos)

    assert bytes_of(tmp_path, *TRACES) == []
    shop.engine.dispose()


def bytes_of(folder: Path, *texts: str) -> list[str]:
    """Which of the texts stand in any of the database's files."""
    content = b"".join(file.read_bytes() for file in folder.glob("makegood.db*"))

    return [text for text in texts if text.encode() in content]


def test_an_erasure_that_dies_anywhere_is_finished_by_the_next(tmp_path: Path) -> None:
    """
    Killed before each of its statements: either nothing has changed or all has, no file is left
    that no row names, and the same command makes an end of it.
    """
    before = tmp_path / "before"
    (before / "photos").mkdir(parents=True)
    shop = Shop(*bought(), rules=the_rulebook(), url=f"sqlite:///{before / 'makegood.db'}")
    a_life(shop, before / "photos")
    settle(shop)
    shop.engine.dispose()

    died = 0
    for statement in range(1, 300):
        state = shutil.copytree(before, tmp_path / str(statement))
        photos = state / "photos"
        shop.engine = open_database(f"sqlite:///{state / 'makegood.db'}")
        shop.house = replace(shop.house, units=SqlUnits(shop.engine))

        killed = dies_at(shop, statement, partial(erase, shop, photos))

        left = found_in_database(shop, "Ada Field", ADA, "smithereens")
        named = {row["file_name"] for row in shop.rows(attachments)}
        assert {file.name for file in photos.iterdir()} <= named
        assert check(shop).intact
        erase(shop, photos)
        assert found_in_database(shop, *TRACES) == []
        assert list(photos.iterdir()) == []
        assert check(shop).intact
        assert len(shop.rows(erasures)) == 1
        shop.engine.dispose()
        if not killed:
            assert left == []
            break
        died += 1

    assert died > 30


def test_whoever_reads_the_ledger_is_not_waited_for(shop: Shop, photos: Path) -> None:
    """
    A check of a long chain goes on as it began, and sees nothing of the erasure.
    """
    lived(shop, photos)
    checks = check_ledger(shop.engine, ["demo", "none"], anchor=None, progress=lambda _: None)
    before = next(checks)

    assert not erase(shop, photos).nothing_left

    next(checks)
    assert (before.intact, before.erased) == (True, 0)
    assert check(shop).intact


def test_neither_the_search_nor_an_e_mail_on_its_way_knows_them(shop, photos):
    """
    What was to be written to them is not written any more; others are found and written to.
    """
    lived(shop, photos)
    with shop.house.units() as unit:
        for email in (ADA, BOB):
            notice = Notice(key=email, channel=Channel.MAIL, to=email.title(), text=f"Dear {email}")
            unit.notices.add(notice, shop.now)
    with shop.house.units.reading() as unit:
        assert unit.search.find_conversations("smithereens", 9)
    erase(shop, photos)

    with shop.house.units.reading() as unit:
        for text in ("smithereens", ADA, "00340434292135100186", "Elsewhere"):
            assert unit.search.find_conversations(text, 9) == ()
        assert unit.search.find_conversations("scratch", 9)
    assert [row["key"] for row in shop.rows(notices)] == [BOB]
