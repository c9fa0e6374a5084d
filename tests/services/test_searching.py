"""Searching the desk: page by page, and on record where it tells whose a conversation is."""

import pytest

from bot.casework.agents import Agent, Role
from bot.casework.ports.speaking import Spoken
from bot.casework.replies import MessageKind
from bot.casework.turns import Identity
from bot.services.searching import PAGE, find_in_desk
from bot.store.database import writing
from bot.store.tables import agents, audit
from tests.factories import NOW, an_order

KIM = Agent(id="a1", email="kim@shop.example", name="Kim Doe", role=Role.AGENT)


@pytest.fixture
def shop(shop):
    """A shop with a little more than a page of conversations of one buyer."""
    one = shop(an_order())
    with writing(one.engine) as db:
        db.execute(
            agents.insert().values(
                id=KIM.id, email=KIM.email, name=KIM.name, role=KIM.role, team="", reads=[],
                created_at=NOW,
            )
        )  # fmt: skip
    spoken = Spoken(kind=MessageKind.TEXT, text="a kettle", choices=(), card=None, reply="")
    with one.house.units() as unit:
        for number in range(PAGE + 2):
            talk = f"talk-{number:02}"
            unit.conversations.add_named(talk, "demo", "en", NOW)
            unit.conversations.say(talk, spoken, answers=None, case_id=None, now=NOW)
        unit.conversations.identify("talk-01", Identity(subject="1", email="ada@example.com"))

    return one


def test_pages_follow_each_other_to_the_end(shop):
    """
    The newest first.
    """
    first = find_in_desk(shop.house, KIM, "kettle")
    second = find_in_desk(shop.house, KIM, "kettle", before=first.next)

    assert [one.conversation_id for one in (*first.found, *second.found)] == [
        f"talk-{number:02}" for number in reversed(range(PAGE + 2))
    ]
    assert first.next is not None
    assert second.next is None


def test_a_search_for_words_is_on_no_record(shop):
    """
    It tells nothing that the list does not.
    """
    find_in_desk(shop.house, KIM, "kettle")
    find_in_desk(shop.house, KIM, "nobody@example.com")

    assert shop.rows(audit) == []


def test_who_finds_somebody_by_e_mail_is_on_record_and_the_e_mail_is_not(shop):
    """
    Half an address is enough to learn whose it is.
    """
    finds = find_in_desk(shop.house, KIM, "ada@", ip="192.0.2.7")
    (row,) = shop.rows(audit)

    assert [one.conversation_id for one in finds.found] == ["talk-01"]
    assert (row["agent_id"], row["action"], row["ip"]) == ("a1", "buyer.search", "192.0.2.7")
    assert row["after"] == {"by": "e-mail", "conversations": ["talk-01"]}
    assert "ada" not in str(row)
