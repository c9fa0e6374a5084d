"""The search of the desk over HTTP, and its page."""

import asyncio

import pytest

from bot.casework.ports.speaking import Spoken
from bot.casework.replies import MessageKind
from bot.casework.turns import Identity
from bot.store.tables import audit
from tests.factories import NOW
from tests.web.desk.conftest import SignIn
from tests.web.front import Front

pytestmark = pytest.mark.anyio


def said(front: Front, conversation: str, text: str) -> None:
    """The bot says that in a conversation of that id."""
    spoken = Spoken(kind=MessageKind.TEXT, text=text, choices=(), card=None, reply="")
    with front.shop.house.units() as unit:
        unit.conversations.add_named(conversation, "demo", "en", NOW)
        unit.conversations.say(conversation, spoken, answers=None, case_id=None, now=NOW)


async def test_what_is_found_comes_with_its_piece_and_its_marks(front: Front, colleague: SignIn):
    """
    As the page shows it.
    """
    await asyncio.to_thread(said, front, "talk-1", "<b>Your kettledrum</b> is on its way")
    answer = await (await colleague()).get("search", params={"q": "KETTLE"})

    assert answer.status_code == 200
    body = answer.json()
    assert body["next"] is None
    (found,) = body["found"]
    assert found["snippet"] == "<b>Your kettledrum</b> is on its way"
    assert found["marks"] == [[8, 18]]
    assert (found["id"], found["store"], found["floor"], found["by"]) == (
        "talk-1", "demo", "BOT", "text",
    )  # fmt: skip


@pytest.mark.parametrize("q", ["", "  ", '") OR (', "\x00", "🙂", "'; --", "%00", "x" * 300])
async def test_nothing_that_is_typed_is_an_error(colleague: SignIn, q: str):
    """
    It finds nothing.
    """
    answer = await (await colleague()).get("search", params={"q": q})

    assert answer.status_code == 200
    assert answer.json() == {"found": [], "next": None}


@pytest.mark.parametrize("parameters", [{"q": "x" * 301}, {"before": "-1"}, {"before": "x"}])
async def test_what_is_out_of_bounds_is_told(colleague: SignIn, parameters):
    """
    Ten kilobytes are no search.
    """
    answer = await (await colleague()).get("search", params=parameters)

    assert answer.status_code in (400, 422)
    assert answer.json()["detail"]


async def test_the_queue_is_narrowed_by_the_same_words(front: Front, colleague: SignIn):
    """
    In whatever list is looked at.
    """
    await asyncio.to_thread(said, front, "talk-1", "a kettledrum")
    await asyncio.to_thread(said, front, "talk-2", "a xylophone")
    answer = await (await colleague()).get("queue", params={"view": "open", "q": "xylo"})

    assert [row["id"] for row in answer.json()["rows"]] == ["talk-2"]


async def test_who_finds_somebody_in_the_queue_by_e_mail_is_on_record(
    front: Front, colleague: SignIn
):
    """
    As on the page to search; once, however often an open list is asked for anew.
    """
    await asyncio.to_thread(said, front, "talk-1", "a kettledrum")
    with front.shop.house.units() as unit:
        unit.conversations.identify("talk-1", Identity(subject="1", email="ada@example.com"))
    kim, ben = await colleague(), await colleague(name="Ben Ode")

    for q in ("kettle", "ada@", "ada@example.com"):
        answer = await kim.get("queue", params={"view": "open", "q": q})
        assert [row["id"] for row in answer.json()["rows"]] == ["talk-1"]
    await ben.get("queue", params={"view": "open", "q": "ada@"})
    await ben.get("queue", params={"view": "open", "q": "bea@"})

    rows = [row for row in front.shop.rows(audit) if row["action"] == "buyer.search"]
    assert [row["agent_id"] for row in rows] == [kim.agent.id, ben.agent.id]
    assert rows[0]["after"] == {"by": "e-mail", "conversations": ["talk-1"]}
    assert "ada" not in str(rows)


async def test_the_page_is_there(colleague: SignIn):
    """
    With the field in focus.
    """
    page = await (await colleague()).opens("/desk/search")

    assert page.status_code == 200
    assert "autofocus" in page.text
