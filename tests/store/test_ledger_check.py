"""
Every way to tamper with the ledger by SQL, on both databases: found, and named.

Who tampers has the whole database: foreign keys do not hold them.
"""

from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from bot.casework.money import Money
from bot.casework.ports.ledger import DecisionRow
from bot.store.database import writing
from bot.store.ledger import seal_of
from bot.store.ledger_check import MOST_NAMED, Anchor, Damage, StoreCheck, check_ledger, find_stores
from bot.store.tables import decisions, ledger_heads, ledger_seals
from tests.dialog import Dialog, Shop
from tests.factories import an_order, the_rulebook

ADA = "ada@example.com"


@pytest.fixture
def shop(database_url: str) -> Iterator[Shop]:
    """A shop of a few settled cases, whose ledger has eight decisions."""
    opened = Shop(*orders(), rules=the_rulebook(), url=database_url)
    for number in range(2):
        chat = Dialog(opened, ADA)
        chat.says("damaged_item", order=f"DEMO-{number}")
        chat.sends_photo()
        chat.presses("option:0")
        chat.presses("yes")
    yield opened
    opened.engine.dispose()


def orders():
    """Two orders of one buyer."""
    return [an_order(number=f"DEMO-{number}") for number in range(2)]


@pytest.fixture
def tamper(shop: Shop) -> Iterator[Callable[..., None]]:
    """Executes statements past everything that we set up, foreign keys too."""
    plain = sa.create_engine(shop.engine.url)

    def execute(*statements: sa.Executable) -> None:
        with plain.begin() as db:
            if db.dialect.name == "postgresql":
                for table in ("ledger_seals", "remedies"):
                    key = f"fk_{table}_decision_id_decisions"
                    db.execute(sa.text(f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {key}"))
            for statement in statements:
                db.execute(statement)

    yield execute
    plain.dispose()


def check(shop: Shop, anchor: Anchor | None = None, store: str = "demo") -> StoreCheck:
    """The check of one store."""
    [found] = check_ledger(shop.engine, [store], anchor=anchor, progress=lambda _: None)

    return found


def damages(found: StoreCheck) -> list[Damage]:
    """What is wrong, in short."""
    return [finding.damage for finding in found.findings]


def the_only(found: StoreCheck) -> tuple[Damage, str]:
    """The one thing that is wrong."""
    [finding] = found.findings

    return finding.damage, finding.text


def ids(shop: Shop) -> list[int]:
    """The decisions, in the order of their seals."""
    return [int(str(row["decision_id"])) for row in seals(shop)]


def seals(shop: Shop) -> list[dict[str, object]]:
    """The chain."""
    return sorted(shop.rows(ledger_seals), key=lambda row: int(str(row["number"])))


def at(number: int) -> sa.ColumnElement[bool]:
    """The seal of that number."""
    return ledger_seals.c.number == number


def decision(number: int) -> sa.ColumnElement[bool]:
    """The decision of that id."""
    return decisions.c.id == number


def test_an_honest_ledger_is_intact(shop: Shop) -> None:
    """
    And its head is the one to note.
    """
    found = check(shop)

    assert found.intact
    assert found.sealed == len(shop.rows(decisions)) == 8
    assert str(found.head) == f"8:{seals(shop)[-1]['seal']}"


def test_each_store_has_its_chain(shop: Shop) -> None:
    """
    What is wrong in one is not wrong in another; a store in which nothing was decided is intact.
    """
    shop.add_store("other")
    shop.add_store("third")
    with shop.house.units() as unit:
        for store in ("other", "demo", "other"):
            talk = f"talk-{store}"
            unit.conversations.add_named(talk, store, "en", shop.now)
            unit.ledger.add_decision(a_decision(shop, store, talk))
    found = list(
        check_ledger(shop.engine, find_stores(shop.engine), anchor=None, progress=lambda _: None)
    )

    assert [(one.store, one.sealed) for one in found] == [("demo", 9), ("other", 2), ("third", 0)]
    assert all(one.intact for one in found)


def a_decision(shop: Shop, store: str, conversation: str) -> DecisionRow:
    """A decision about nothing."""
    return DecisionRow(
        store=store, conversation_id=conversation, case_id=None, message_id=None,
        playbook="agent", step="grant", decision="Perform", facts={"reason": "Grüße"}, rules=(),
        rulebook_version="test", decided_at=shop.now,
    )  # fmt: skip


ALTERED = {
    "amount": {"amount": 99_999},
    "currency": {"currency": "USD"},
    "facts": {"facts": {"paid": 1}},
    "rules": {"rules": [{"name": "cap", "held": True, "compared": "1 < 2"}]},
    "seen": {"seen": None},
    "step": {"step": "grant"},
    "decided_by": {"decided_by": "Eve"},
    "decided_at": {"decided_at": sa.func.current_timestamp()},
}


@pytest.mark.parametrize("column", ALTERED)
def test_an_altered_decision_is_named(shop: Shop, tamper, column: str) -> None:
    """
    With its order, case and time; no other row is suspected.
    """
    fourth = ids(shop)[3]
    tamper(sa.update(decisions).where(decision(fourth)).values(ALTERED[column]))

    damage, text = the_only(check(shop))
    assert damage is Damage.ALTERED
    assert text.startswith(f"number 4 (decision {fourth}, 20")
    assert "order DEMO-0, case " in text


def test_the_first_and_the_last_are_no_exception(shop: Shop, tamper) -> None:
    """
    The chain has a beginning and a head.
    """
    first, *_, last = ids(shop)
    tamper(sa.update(decisions).where(decisions.c.id.in_([first, last])).values(step="grant"))

    assert damages(check(shop)) == [Damage.ALTERED] * 2


def test_what_cannot_even_be_read_is_altered(shop: Shop, tamper) -> None:
    """
    SQLite takes anything: no JSON, no time, a text for a number.
    """
    if shop.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL refuses these itself")
    for column, rubbish in (("facts", "{"), ("decided_at", "now"), ("amount", "much")):
        tamper(sa.text(f"UPDATE decisions SET {column} = '{rubbish}' WHERE id = {ids(shop)[3]}"))
        assert damages(check(shop)) == [Damage.ALTERED]


def test_a_missing_decision_is_named(shop: Shop, tamper) -> None:
    """
    Its seal is still there.
    """
    fourth = ids(shop)[3]
    tamper(sa.delete(decisions).where(decision(fourth)))

    assert the_only(check(shop)) == (
        Damage.MISSING_DECISION,
        f"decision {fourth}, number 4 of the chain, is missing",
    )


def test_a_missing_seal_is_named_and_so_is_its_decision(shop: Shop, tamper) -> None:
    """
    The place in the chain, and the decision that has none.
    """
    fourth = ids(shop)[3]
    tamper(sa.delete(ledger_seals).where(at(4)))

    found = check(shop)
    assert damages(found) == [Damage.MISSING_SEAL, Damage.UNSEALED]
    assert found.findings[0].text.startswith("number 4 of the chain is missing before number 5")
    assert f"decision {fourth}," in found.findings[1].text


def test_a_decision_that_is_gone_with_its_seal_leaves_a_gap(shop: Shop, tamper) -> None:
    """
    Of several, too.
    """
    gone = ids(shop)[3:5]
    tamper(
        sa.delete(ledger_seals).where(ledger_seals.c.number.in_([4, 5])),
        sa.delete(decisions).where(decisions.c.id.in_(gone)),
    )

    damage, text = the_only(check(shop))
    assert damage is Damage.MISSING_SEAL
    assert text.startswith("numbers 4 to 5 of the chain is missing before number 6 (decision ")


def test_a_gap_that_was_closed_is_found_where_it_was(shop: Shop, tamper) -> None:
    """
    The numbers run on, the seals do not.
    """
    tamper(
        sa.delete(ledger_seals).where(at(4)),
        sa.delete(decisions).where(decision(ids(shop)[3])),
        *(sa.update(ledger_seals).where(at(n)).values(number=n - 1) for n in range(5, 9)),
    )

    found = check(shop)
    assert damages(found) == [Damage.ALTERED, Damage.CUT]
    assert found.findings[0].text.startswith("number 4 (")


def test_an_inserted_decision_has_no_seal(shop: Shop, tamper) -> None:
    """
    Somebody writes a decision that nobody took.
    """
    row = shop.rows(decisions)[3]
    tamper(sa.insert(decisions).values({**row, "id": 999, "amount": 1}))

    damage, text = the_only(check(shop))
    assert damage is Damage.UNSEALED
    assert text.startswith("decision 999, ")
    assert "order DEMO-0" in text


def test_an_inserted_decision_with_a_seal_is_found_too(shop: Shop, tamper) -> None:
    """
    Appended with a right seal and without the head; or pressed in with a wrong one.
    """
    row = shop.rows(decisions)[3]
    forged = {**row, "id": 999, "amount": 1}
    last = seals(shop)[-1]
    seal = seal_of(str(last["seal"]), forged)
    tamper(
        sa.insert(decisions).values(forged),
        sa.insert(ledger_seals).values(store_id="demo", number=9, decision_id=999, seal=seal),
    )
    assert damages(check(shop)) == [Damage.HEAD]

    tamper(sa.update(ledger_seals).where(at(9)).values(number=0))
    assert damages(check(shop))[0] is Damage.MISSING_SEAL


def swapped_numbers() -> list[sa.Executable]:
    """The places of two seals."""
    return [
        sa.update(ledger_seals).where(at(old)).values(number=new)
        for old, new in ((3, 99), (6, 3), (99, 6))
    ]


def test_swapped_numbers_are_named(shop: Shop, tamper) -> None:
    """
    Each row that stands in another's place, and after which it was sealed.
    """
    tamper(*swapped_numbers())

    found = check(shop)
    assert set(damages(found)) == {Damage.REORDERED}
    assert [text.text.split(" (")[0] for text in found.findings][:1] == ["number 3"]
    assert "was sealed after number 5 and was moved" in found.findings[0].text


def test_swapped_decisions_are_named(shop: Shop, tamper) -> None:
    """
    Two seals that point to each other's decision.
    """
    third, sixth = ids(shop)[2], ids(shop)[5]
    tamper(
        sa.update(ledger_seals).where(at(3)).values(decision_id=999),
        sa.update(ledger_seals).where(at(6)).values(decision_id=third),
        sa.update(ledger_seals).where(at(3)).values(decision_id=sixth),
    )

    found = check(shop)
    assert damages(found) == [Damage.REORDERED] * 2
    assert f"decision {third}," in found.findings[0].text
    assert f"decision {sixth}," in found.findings[0].text


def test_an_altered_seal_is_told_from_an_altered_decision(shop: Shop, tamper) -> None:
    """
    The seal after it says what it was.
    """
    tamper(sa.update(ledger_seals).where(at(4)).values(seal="f" * 64))

    damage, text = the_only(check(shop))
    assert damage is Damage.ALTERED_SEAL
    assert text.startswith("the seal of number 4 (decision ")


def cut(shop: Shop) -> list[sa.Executable]:
    """The last three decisions are gone with their seals."""
    return [
        sa.delete(ledger_seals).where(ledger_seals.c.number > 5),
        sa.delete(decisions).where(decisions.c.id.in_(ids(shop)[5:])),
    ]


def test_a_cut_tail_does_not_fit_the_head(shop: Shop, tamper) -> None:
    """
    Whole or in part.
    """
    tamper(*cut(shop))
    assert the_only(check(shop)) == (
        Damage.CUT,
        "the chain ends at number 5, its head says 8: its tail was cut",
    )

    tamper(sa.delete(ledger_seals), sa.delete(decisions))
    assert damages(check(shop)) == [Damage.CUT]


def test_a_cut_tail_with_its_head_is_found_by_what_was_noted(shop: Shop, tamper) -> None:
    """
    Without the note the shorter chain is as good as any; with it the loss is told.
    """
    noted = check(shop).head
    early = Anchor(3, str(seals(shop)[2]["seal"]))
    fifth = seals(shop)[4]["seal"]
    tamper(*cut(shop), sa.update(ledger_heads).values(number=5, seal=fifth))

    assert check(shop).intact
    assert check(shop, early).intact
    assert damages(check(shop, noted)) == [Damage.CUT]


def test_a_chain_that_was_made_anew_is_found_by_what_was_noted(shop: Shop, tamper) -> None:
    """
    Whoever has the database can seal everything again, but not as it was.
    """
    noted = check(shop).head
    tamper(sa.update(decisions).where(decision(ids(shop)[3])).values(decided_by="Eve"))
    with writing(shop.engine) as db:
        seal_anew(db)

    assert check(shop).intact
    assert damages(check(shop, noted)) == [Damage.NOT_AS_NOTED]


def seal_anew(db: Connection) -> None:
    """Reckon every seal of the store again."""
    seal, number = "0" * 64, 0
    rows = db.execute(sa.select(decisions).order_by(decisions.c.id)).mappings().all()
    for number, row in enumerate(rows, start=1):
        seal = seal_of(seal, row)
        db.execute(sa.update(ledger_seals).where(at(number)).values(seal=seal))
    db.execute(sa.update(ledger_heads).values(number=number, seal=seal))


def test_a_head_that_is_missing_or_altered_is_told(shop: Shop, tamper) -> None:
    """
    Of the chain itself nothing is wrong.
    """
    tamper(sa.update(ledger_heads).values(seal="f" * 64))
    assert damages(check(shop)) == [Damage.HEAD]

    tamper(sa.delete(ledger_heads))
    assert damages(check(shop)) == [Damage.HEAD]


def test_a_decision_in_the_chain_of_another_store_is_told(shop: Shop, tamper) -> None:
    """
    Moved there with its conversation.
    """
    shop.add_store("other")
    tamper(sa.text("UPDATE conversations SET store_id = 'other'"))

    assert set(damages(check(shop))) == {Damage.OTHER_STORE}


def test_too_much_damage_is_counted(shop: Shop, tamper) -> None:
    """
    A ledger of which everything is wrong is not held in memory.
    """
    with shop.house.units() as unit:
        unit.conversations.add_named("talk", "demo", "en", shop.now)
        for _ in range(3 * MOST_NAMED):
            unit.ledger.add_decision(a_decision(shop, "demo", "talk"))
    tamper(sa.update(decisions).values(amount=Money(1, "EUR").minor))

    found = check(shop)
    assert len(found.findings) == MOST_NAMED
    assert found.unnamed == 8 + 2 * MOST_NAMED


def test_a_turn_that_is_undone_leaves_no_gap(shop: Shop) -> None:
    """
    Neither in the chain nor beside it.
    """
    with pytest.raises(RuntimeError), shop.house.units() as unit:
        unit.conversations.add_named("talk", "demo", "en", shop.now)
        unit.ledger.add_decision(a_decision(shop, "demo", "talk"))
        unit.ledger.seal()
        raise RuntimeError("power cut")
    Dialog(shop, ADA).says("order_status", order="DEMO-0")

    found = check(shop)
    assert (found.intact, found.sealed) == (True, 9)
