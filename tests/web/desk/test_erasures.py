"""Erasing a buyer from the desk: who may, what is asked, what those who look see."""

import pytest

from bot.casework.agents import Role
from bot.casework.erasure import email_hash
from bot.store.tables import audit, buyers, erasures
from tests.web.desk.conftest import OpenBrowser, SignIn
from tests.web.front import Front, an_identity
from tests.web.test_photos import a_picture
from tests.web.test_widget_api import fault

pytestmark = pytest.mark.anyio

ADA = "ada@example.com"
TWICE = {"email": ADA, "confirm": ADA.title()}


async def test_an_owner_erases_a_buyer(front: Front, colleague: SignIn):
    """
    The report says what went and what stays; Rasa is told; the photo's file is gone.
    """
    owner = await colleague(Role.OWNER, name="Olga Owner")
    guest = await front.guest(identity=an_identity())
    await guest.says("hello, it is Ada")
    await guest.uploads(a_picture())
    [photo] = front.app.state.door.uploads.iterdir()

    done = (await owner.post("erasures", TWICE)).json()

    removed = {one["what"]: one["count"] for one in done["removed"]}
    assert removed["orders"] == removed["buyers"] == removed["photos"] == 1
    assert {one["what"] for one in done["kept"]} == {"orders"}
    assert done["rasa_told"]
    assert front.rasa.forgotten == [guest.conversation_id]
    assert not photo.exists()
    assert {row["email"] for row in front.shop.rows(buyers)} == {""}
    deed = front.shop.rows(audit)[-1]
    assert (deed["action"], deed["who"], deed["ip"]) == ("buyer.erase", "Olga Owner", "127.0.0.1")
    assert ADA not in str(deed)

    again = (await owner.post("erasures", TWICE)).json()
    assert again["nothing_left"]
    [past] = (await owner.get("erasures")).json()["erasures"]
    assert (past["who"], past["email_hash"]) == ("Olga Owner", email_hash(ADA))
    assert (await owner.opens("/desk/erasure")).status_code == 200


@pytest.mark.parametrize("role", [Role.AGENT, Role.LEAD, Role.TRAINER])
async def test_nobody_else_does(front: Front, colleague: SignIn, role: Role):
    """
    Neither do they see who was erased, nor the page, nor a link to it.
    """
    one = await colleague(role)
    fault(await one.post("erasures", TWICE), 403, "not_allowed")
    fault(await one.get("erasures"), 403, "not_allowed")
    assert (await one.opens("/desk/erasure")).status_code == 403
    assert "/desk/erasure" not in (await one.opens("/desk")).text
    assert front.shop.rows(erasures) == []


async def test_who_is_signed_out_or_comes_from_elsewhere_does_not(
    front: Front, colleague: SignIn, browser: OpenBrowser
):
    """
    A change needs a session and our own page's token.
    """
    stranger = await browser()
    await stranger.opens()
    fault(await stranger.post("erasures", TWICE), 401, "signed_out")
    owner = await colleague(Role.OWNER)
    forged = await owner.post("erasures", TWICE, headers={"x-csrf-token": "forged"})
    fault(forged, 403, "wrong_csrf")
    assert front.shop.rows(erasures) == []


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"email": ADA, "confirm": "ida@example.com"}, 422, "not_confirmed"),
        ({"email": "ada", "confirm": "ada"}, 422, "wrong_email"),
        ({"email": "", "confirm": ""}, 422, "wrong_email"),
        ({**TWICE, "store": "none"}, 422, "unknown_store"),
        ({"email": ADA}, 400, "bad_request"),
        ({}, 400, "bad_request"),
    ],
)
async def test_what_is_not_meant_so_is_refused(front: Front, colleague: SignIn, body, status, code):
    """
    In one sentence, and nothing is changed.
    """
    owner = await colleague(Role.OWNER)
    fault(await owner.post("erasures", body), status, code)
    assert front.shop.rows(erasures) == []


async def test_rasa_is_told_later_if_it_does_not_answer(front: Front, colleague: SignIn):
    """
    The page says so, and the next round tells it.
    """
    owner = await colleague(Role.OWNER)
    guest = await front.guest(identity=an_identity())
    front.rasa.model = None

    assert not (await owner.post("erasures", TWICE)).json()["rasa_told"]
    front.rasa.model = "back"
    assert (await owner.post("erasures", TWICE)).json()["rasa_told"]
    assert front.rasa.forgotten == [guest.conversation_id]


async def test_an_open_widget_begins_anew(front: Front, colleague: SignIn):
    """
    Its stream ends, and its token is as one of a session that never was.
    """
    owner = await colleague(Role.OWNER)
    guest = await front.guest(identity=an_identity())
    async with guest.looks() as line:
        await line.until(lambda one: one.name == "floor")
        await owner.post("erasures", TWICE)
        with pytest.raises(EOFError):
            await line.until(lambda one: False)

    fault(await guest.sends("hello?"), 401, "wrong_token")
    fault(await guest.uploads(a_picture()), 401, "wrong_token")
    assert list(front.app.state.door.uploads.iterdir()) == []


async def test_an_open_conversation_page_is_over(front: Front, colleague: SignIn):
    """
    The desk's stream ends as well, and the conversation is not there any more.
    """
    owner = await colleague(Role.OWNER)
    guest = await front.guest(identity=an_identity())
    await guest.says("hello")
    async with owner.looks(conversation=guest.conversation_id) as line:
        await line.until(lambda one: one.name == "presence")
        await owner.post("erasures", TWICE)
        with pytest.raises(EOFError):
            await line.until(lambda one: False)

    fault(await owner.get(f"conversations/{guest.conversation_id}"), 404, "not_found")
    for act, body in (
        ("claim", None),
        ("close", None),
        ("messages", {"client_id": "a", "text": "I am about to"}),
        ("notes", {"client_id": "a", "text": "about him"}),
    ):
        said = await owner.post(f"conversations/{guest.conversation_id}/{act}", body)
        fault(said, 404, "not_found")
        assert said.json()["detail"] == "There is no such thing. Perhaps it was erased."
    page = await owner.opens(f"/desk/conversations/{guest.conversation_id}")
    assert page.status_code == 404
