"""The widget's API beside the messages: waiting, typing, reading, rating, who has answered."""

import asyncio
import json

import pytest

from bot.casework.agents import Role
from bot.services.answering import do_answer
from bot.services.taking_over import do_claim, do_close
from bot.store.tables import conversations
from bot.web.bus import of_team
from bot.web.pace import MOST_REMEMBERED, Pace
from tests.web.front import Front, Guest
from tests.web.test_widget_api import fault

pytestmark = pytest.mark.anyio


async def a_waiting_one(front: Front, **body: object) -> Guest:
    """A buyer who has asked for a person."""
    front.rasa.intents["a person please"] = "human_agent"
    guest = await front.guest(**body)
    async with guest.looks() as line:
        await guest.says("a person please")
        await line.until(lambda one: one.name == "floor" and one.data["floor"] == "WAITING")

    return guest


async def taken_over(front: Front, guest: Guest):
    """Eve has the conversation; she."""

    def claim():
        eve = front.shop.hires("Eve Stone", Role.LEAD)
        do_claim(front.shop.house, guest.conversation_id, eve)
        return eve

    return await asyncio.to_thread(claim)


async def test_a_waiting_buyer_is_told_what_they_may_do(front: Front):
    """
    Who does not wait is told that there is nothing.
    """
    guest = await front.guest()
    nothing = {"minutes": None, "may_cancel": False, "may_leave_email": False}
    nothing["answers_by_email"] = False
    assert (await guest.get("/api/widget/wait")).json() == nothing

    guest = await a_waiting_one(front)
    wait = (await guest.get("/api/widget/wait")).json()
    assert wait == nothing | {"may_cancel": True, "may_leave_email": True}


async def test_a_cancelled_wait_is_news_at_once(front: Front):
    """
    The bot's word and the floor come over the stream.
    """
    guest = await a_waiting_one(front)
    async with guest.looks() as line:
        await line.until(lambda one: one.name == "floor")
        cancelled = await guest.post("/api/widget/cancel-wait")
        assert (cancelled.status_code, cancelled.json()) == (200, {"floor": "BOT"})
        heard = await line.until(lambda one: one.name == "floor")

    said = [one.data for one in heard if one.name == "message"]
    assert [one["kind"] for one in said] == ["notice"]
    again = await guest.post("/api/widget/cancel-wait")
    assert again.status_code == 200
    assert len(await guest.transcript()) == len(await guest.transcript())


async def test_a_wait_is_not_cancelled_from_under_a_person(front: Front):
    """
    They are told that somebody is there.
    """
    guest = await a_waiting_one(front)
    await taken_over(front, guest)

    fault(await guest.post("/api/widget/cancel-wait"), 409, "human")


async def test_an_e_mail_is_left_and_confirmed(front: Front):
    """
    In words, in the chat.
    """
    guest = await a_waiting_one(front)
    left = await guest.post("/api/widget/email", {"email": "ada@example.com"})
    assert left.status_code == 204

    last = (await guest.transcript())[-1]
    assert (last["sender"], last["kind"]) == ("system", "notice")
    assert "ada@example.com" in last["text"]
    fault(await guest.post("/api/widget/email", {"email": "ada"}), 422, "wrong_email")
    fault(await guest.post("/api/widget/email", {}), 400, "bad_request")


async def test_typing_is_told_to_people_only_and_not_too_often(front: Front):
    """
    Not to the buyer's own widget, not while the bot speaks.
    """
    guest = await front.guest()
    assert (await guest.post("/api/widget/typing")).status_code == 204
    guest = await a_waiting_one(front)
    bus = front.app.state.door.bus
    async with bus.listen(of_team(guest.conversation_id), guest.conversation_id) as ear:
        for _ in range(5):
            assert (await guest.post("/api/widget/typing")).status_code == 204
        heard = await ear.next(5)
        assert heard.name == "typing"
        assert json.loads(bytes(heard.data)) == {"sender": "buyer", "on": True}
        await guest.post("/api/widget/read", {"seq": 1})
        heard = await ear.next(5)
        assert (heard.name, json.loads(bytes(heard.data))) == ("read", {"seq": 1})


async def test_reading_goes_forward_only(front: Front):
    """
    And needs a number that can be one.
    """
    guest = await a_waiting_one(front)
    for seq in (2, 1, 2_000_000):
        assert (await guest.post("/api/widget/read", {"seq": seq})).status_code == 204
    assert front.shop.rows(conversations)[0]["read_seq"] == 2
    fault(await guest.post("/api/widget/read", {"seq": -1}), 422, "wrong_seq")
    fault(await guest.post("/api/widget/read", {"seq": 2**40}), 422, "wrong_seq")
    fault(await guest.post("/api/widget/read", {"seq": "x"}), 400, "bad_request")


async def test_a_closed_conversation_is_rated_once(front: Front):
    """
    It is asked for until it is done, whoever asks how often.
    """
    guest = await a_waiting_one(front)
    assert (await guest.get("/api/widget/rating")).json() == {"ask": False}
    eve = await taken_over(front, guest)
    await asyncio.to_thread(do_close, front.shop.house, guest.conversation_id, eve)
    for _ in range(2):
        assert (await guest.get("/api/widget/rating")).json() == {"ask": True}
    await guest.post("/api/widget/rating", {"score": 5})
    assert (await guest.get("/api/widget/rating")).json() == {"ask": False}


async def test_a_persons_message_has_their_first_name(front: Front):
    """
    Nobody else's does.
    """
    guest = await a_waiting_one(front)
    eve = await taken_over(front, guest)
    await asyncio.to_thread(
        do_answer, front.shop.house, guest.conversation_id, eve, client_id="a1", text="Hello!"
    )

    named = {one["sender"]: one["agent"] for one in await guest.transcript()}
    assert named == {"buyer": None, "bot": None, "system": None, "agent": "Eve"}


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "wait"),
        ("POST", "cancel-wait"),
        ("POST", "email"),
        ("POST", "typing"),
        ("POST", "read"),
        ("GET", "rating"),
    ],
)
async def test_all_of_it_needs_a_session(front: Front, method, path):
    """
    Of a conversation that there is.
    """
    body = {"email": "a@b.de", "seq": 1} if method == "POST" else None
    answer = await front.http.request(method, f"/api/widget/{path}", json=body)
    fault(answer, 401, "wrong_token")


def test_a_pace_lets_each_through_now_and_then():
    """
    Each key by itself, and no memory grows without end.
    """
    time = 0.0
    pace = Pace(2.0, lambda: time)
    assert pace.allows("a")
    assert pace.allows("b")
    time = 1.9
    assert not pace.allows("a")
    time = 2.0
    assert pace.allows("a")
    for number in range(MOST_REMEMBERED + 10):
        pace.allows(str(number))
    assert len(pace._latest) == MOST_REMEMBERED
