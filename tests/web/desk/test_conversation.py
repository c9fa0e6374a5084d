"""Working at the desk over HTTP: look, take over, write, give back, and what is refused."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.casework.agents import Role
from bot.store.database import reading
from bot.store.tables import audit
from tests.dialog import Dialog
from tests.web.desk.conftest import SignIn
from tests.web.front import Front, Guest, an_identity
from tests.web.test_photos import a_picture

pytestmark = pytest.mark.anyio


async def handed_over(front: Front, **body: object) -> Guest:
    """A buyer who has asked for a person."""
    guest = await front.guest(**body)
    front.rasa.intents["a person please"] = "human_agent"
    await guest.says("a person please")

    return guest


def talk_of(guest: Guest) -> str:
    """Where its conversation stands in the API."""
    return f"conversations/{guest.conversation_id}"


async def test_a_day_at_the_desk(front: Front, colleague: SignIn):
    """
    See what waits, take it over, answer, give it back: the buyer follows all of it.
    """
    anna, guest = await colleague(name="Anna Karlsson"), await handed_over(front)
    (row,) = (await anna.get("queue")).json()["rows"]
    assert (row["id"], row["reason_text"]) == (guest.conversation_id, "asked for a person")

    assert (await anna.post(f"{talk_of(guest)}/claim")).status_code == 204
    sent = await anna.post(f"{talk_of(guest)}/messages", {"client_id": "a1", "text": "Hi there"})
    assert sent.status_code == 202
    said = [(one["sender"], one["text"]) for one in await guest.transcript()]
    assert said[-1] == ("agent", "Hi there")
    assert said[-2][0] == "system"

    body = {"note": "all settled", "resume": False}
    assert (await anna.post(f"{talk_of(guest)}/give-back", body)).status_code == 204
    assert (await guest.says("hello again"))["sender"] == "bot"


async def test_everything_is_on_one_page(front: Front, colleague: SignIn):
    """
    What was heard, why it was handed over, who looks, and what may be done.
    """
    anna, guest = await colleague(name="Anna Karlsson"), await handed_over(front)
    talk = (await anna.get(talk_of(guest))).json()

    heard = talk["messages"][0]["heard"]
    assert (heard["intent_text"], heard["confidence"]) == ("wants a person", 0.9)
    assert talk["handoffs"][0]["reason"] == "asked_for"
    assert talk["may"]["claim"] and not talk["may"]["reply"]
    assert talk["present"] == []


async def test_the_second_who_takes_over_is_told_who_was_first(front: Front, colleague: SignIn):
    """
    And may not write.
    """
    anna, ben = await colleague(name="Anna Karlsson"), await colleague(name="Ben Ode")
    guest = await handed_over(front)
    await anna.post(f"{talk_of(guest)}/claim")

    late = await ben.post(f"{talk_of(guest)}/claim")
    assert (late.status_code, late.json()["code"]) == (409, "taken")
    assert late.json()["detail"] == "Anna Karlsson has taken this conversation over."
    mine = await ben.post(f"{talk_of(guest)}/messages", {"client_id": "b", "text": "me too"})
    assert (mine.status_code, mine.json()["code"]) == (409, "not_yours")


async def test_an_open_page_hears_everything(front: Front, colleague: SignIn):
    """
    New messages with what was heard, the floor, notes of others, typing, who else looks.
    """
    anna, ben = await colleague(name="Anna Karlsson"), await colleague(name="Ben Ode")
    guest = await handed_over(front)
    async with anna.looks(conversation=guest.conversation_id) as page:
        seen = await page.until(lambda one: one.name == "presence")
        assert [one.data["seq"] for one in seen if one.name == "message"] == [1, 2]
        assert [one["first_name"] for one in seen[-1].data["present"]] == ["Anna"]

        await anna.post(f"{talk_of(guest)}/claim")
        floor = (await page.until(lambda one: one.name == "floor" and one.data["agent"]))[-1]
        assert (floor.data["floor"], floor.data["agent"]["first_name"]) == ("HUMAN", "Anna")

        await guest.sends("are you there?")
        news = await page.until(lambda one: one.name == "message" and one.data["sender"] == "buyer")
        assert news[-1].data["text"] == "are you there?"

        await ben.post(f"{talk_of(guest)}/notes", {"client_id": "n", "text": "knows her"})
        note = (await page.until(lambda one: one.name == "note"))[-1]
        assert (note.data["agent"], note.data["text"]) == ("Ben", "knows her")

        async with ben.looks(conversation=guest.conversation_id):
            there = await page.until(
                lambda one: one.name == "presence" and len(one.data["present"]) == 2
            )
            assert there


async def test_a_look_is_written_down_once(front: Front, colleague: SignIn):
    """
    An open page asks again after every change; each time it is opened anew counts.
    """
    anna, guest = await colleague(), await handed_over(front)

    def looks() -> int:
        opened = sa.select(sa.func.count()).where(audit.c.action == "conversation.open")
        with reading(front.shop.engine) as db:
            return db.execute(opened).scalar_one()

    await anna.get(talk_of(guest))
    async with anna.looks(conversation=guest.conversation_id) as page:
        await page.until(lambda one: one.name == "presence")
        await anna.get(talk_of(guest))
        await anna.get(talk_of(guest))
        assert looks() == 1
    async with anna.looks(conversation=guest.conversation_id) as page:
        await page.until(lambda one: one.name == "presence")
        await (await colleague(name="Ben Ode")).get(talk_of(guest))
        assert looks() == 2


async def test_the_buyer_sees_who_types_and_hears_no_notes(front: Front, colleague: SignIn):
    """
    Only of whoever has taken the conversation over.
    """
    anna, ben = await colleague(name="Anna Karlsson"), await colleague(name="Ben Ode")
    guest = await handed_over(front)
    await anna.post(f"{talk_of(guest)}/claim")
    async with guest.looks() as widget:
        await widget.until(lambda one: one.name == "floor")
        await ben.post(f"{talk_of(guest)}/typing", {"on": True})
        await anna.post(f"{talk_of(guest)}/notes", {"client_id": "n", "text": "a secret"})
        await anna.post(f"{talk_of(guest)}/typing", {"on": True})
        await anna.post(f"{talk_of(guest)}/messages", {"client_id": "a", "text": "Hi"})
        seen = await widget.until(lambda one: one.name == "message")

    typing = [one.data for one in seen if one.name == "typing"]
    assert typing[0] == {"sender": "agent", "on": True}
    assert len(typing) == 2
    assert "a secret" not in str([one.data for one in seen])
    assert "a secret" not in str(await guest.transcript())


async def test_a_list_hears_that_it_has_changed(front: Front, colleague: SignIn):
    """
    A new hand-off shows without a reload.
    """
    anna = await colleague(name="Anna Karlsson")
    async with anna.looks() as page:
        await handed_over(front)
        assert (await page.next()).name == "queue"


async def test_a_photo_goes_both_ways(front: Front, colleague: SignIn):
    """
    The team sees the buyer's, the buyer that of the team, and nobody another conversation's.
    """
    anna, guest, other = (
        await colleague(name="Anna Karlsson"),
        await handed_over(front),
        await handed_over(front),
    )
    await anna.post(f"{talk_of(guest)}/claim")
    photo = (await anna.uploads(f"{talk_of(guest)}/attachments", a_picture("PNG"))).json()["id"]
    body = {"client_id": "a", "attachments": [photo]}
    assert (await anna.post(f"{talk_of(guest)}/messages", body)).status_code == 202

    assert (await guest.transcript())[-1]["attachments"][0]["id"] == photo
    assert (await guest.get(f"/api/widget/attachments/{photo}")).status_code == 200
    assert (await anna.get(f"{talk_of(guest)}/photos/{photo}")).status_code == 200
    assert (await anna.get(f"{talk_of(other)}/photos/{photo}")).status_code == 404
    assert (await other.get(f"/api/widget/attachments/{photo}")).status_code == 404


async def test_who_the_buyer_is_is_shown_on_asking(front: Front, colleague: SignIn):
    """
    Masked until then; the question is on the audit list.
    """
    anna, guest = (
        await colleague(name="Anna Karlsson"),
        await handed_over(front, identity=an_identity()),
    )
    masked = (await anna.get(talk_of(guest))).json()["buyer"]
    assert masked["email"] == "a•••@example.com"

    shown = (await anna.post(f"{talk_of(guest)}/reveal")).json()
    assert (shown["email"], shown["revealed"]) == ("ada@example.com", True)


async def test_an_e_mail_that_was_left_stands_beside_what_is_known(front: Front, colleague: SignIn):
    """
    Masked like every other, and never taken for who the buyer is.
    """
    anna, guest = await colleague(name="Anna Karlsson"), await handed_over(front)
    await guest.post("/api/widget/email", {"email": "ada@example.com"})

    masked = (await anna.get(talk_of(guest))).json()["buyer"]
    assert (masked["email"], masked["contact"]) == ("", "a•••@example.com")
    shown = (await anna.post(f"{talk_of(guest)}/reveal")).json()
    assert (shown["email"], shown["contact"]) == ("", "ada@example.com")


async def test_a_correction_is_kept_for_the_trainer(front: Front, colleague: SignIn):
    """
    With one click; an intent that there is not is refused.
    """
    tom, guest = await colleague(Role.TRAINER, name="Tom Ott"), await handed_over(front)
    talk = (await tom.get(talk_of(guest))).json()
    message = talk["messages"][0]["id"]

    right = await tom.post(f"messages/{message}/correction", {"intent": "complaint"})
    wrong = await tom.post(f"messages/{message}/correction", {"intent": "world_peace"})

    assert (right.status_code, wrong.status_code) == (204, 422)
    talk = (await tom.get(talk_of(guest))).json()
    assert talk["messages"][0]["heard"]["corrected"]["text"] == "complaint"


@pytest.mark.parametrize(
    ("path", "body", "status", "code"),
    [
        ("messages", {"client_id": "a", "text": "x" * 200_000}, 422, "text_too_long"),
        ("messages", {"client_id": "a", "text": "x" * 10_000_000}, 413, "too_large"),
        ("messages", {"client_id": "a", "text": " \u200b "}, 422, "empty"),
        ("messages", {"client_id": "../a", "text": "x"}, 422, "wrong_client_id"),
        ("messages", {"client_id": "a", "attachments": ["y"]}, 422, "unknown_attachment"),
        ("messages", {"text": "x"}, 400, "bad_request"),
        ("notes", {"client_id": "a", "text": ""}, 422, "empty"),
        ("notes", {"client_id": "a", "text": "x" * 10_001}, 422, "text_too_long"),
        ("snooze", {"until": "2026-12-01T09:00:00"}, 422, "wrong_time"),
        ("snooze", {"until": "1999-12-01T09:00:00Z"}, 422, "wrong_time"),
        ("assign", {}, 422, "nobody"),
        ("assign", {"agent_id": "nobody"}, 404, "not_found"),
    ],
)  # fmt: skip
async def test_bad_input_is_told_in_a_sentence(
    front: Front, colleague: SignIn, path: str, body: object, status: int, code: str
):
    """
    Nothing is stored and nothing is lost.
    """
    anna, guest = await colleague(name="Anna Karlsson"), await handed_over(front)
    await anna.post(f"{talk_of(guest)}/claim")
    before = await guest.transcript()

    answer = await anna.post(f"{talk_of(guest)}/{path}", body)

    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert await guest.transcript() == before


async def test_a_conversation_that_is_not_there(front: Front, colleague: SignIn):
    """
    Erased meanwhile, or made up: a sentence, whatever is done with it.
    """
    anna = await colleague(name="Anna Karlsson")
    for name in ("nowhere", "..%2f..", "x" * 65):
        assert (await anna.get(f"conversations/{name}")).status_code == 404
        assert (await anna.post(f"conversations/{name}/claim")).status_code == 404


async def test_a_reply_to_a_closed_conversation(front: Front, colleague: SignIn):
    """
    A clear word; the buyer's next message is refused, too, and the widget begins anew.
    """
    anna, guest = await colleague(name="Anna Karlsson"), await handed_over(front)
    await anna.post(f"{talk_of(guest)}/claim")
    assert (await anna.post(f"{talk_of(guest)}/close")).status_code == 204

    late = await anna.post(f"{talk_of(guest)}/messages", {"client_id": "a", "text": "P.S."})
    assert (late.status_code, late.json()["code"]) == (409, "closed")
    assert (await guest.sends("one more thing")).status_code == 409


async def test_a_claim_of_who_has_gone_comes_back(front: Front, colleague: SignIn):
    """
    The house looks every few seconds; the queue shows it again.
    """
    anna, ben = await colleague(name="Anna Karlsson"), await colleague(name="Ben Ode")
    guest = await handed_over(front)
    await anna.post(f"{talk_of(guest)}/claim")
    assert (await ben.get("queue")).json()["rows"] == []
    async with ben.looks() as page:
        front.shop.now += timedelta(minutes=11)
        await page.next()

    (row,) = (await ben.get("queue")).json()["rows"]
    assert (row["id"], row["agent"]) == (guest.conversation_id, None)


async def test_canned_replies_know_the_order_and_the_language(front: Front, colleague: SignIn):
    """
    What is edited counts at once; what is broken is refused with its mistake.
    """
    lead, guest = await colleague(Role.LEAD, name="Lea Lind"), await handed_over(front, locale="ru")
    found = await lead.get("canned", params={"conversation": guest.conversation_id})
    assert "Lea" in found.json()["canned"][0]["text"]
    assert found.json()["canned"][0]["text"].startswith("Здравствуйте")

    broken = await lead.sends("PUT", "canned/en", {"source": "{% block a %}{{ nothing"})
    assert (broken.status_code, broken.json()["code"]) == (422, "broken_canned")


async def test_decisions_cases_and_the_buyers_past_are_told_in_words(
    front: Front, colleague: SignIn
) -> None:
    """
    What the API sends needs no names of ours; those stand beside it for whoever wants them.
    """
    anna = await colleague(name="Anna Karlsson")
    chat = Dialog(front.shop, "ada@example.com")
    chat.says("damaged_item", "the mug came in pieces", order="DEMO-1003", photos=1)
    chat.presses("option:0")
    chat.presses("yes")
    chat.says("human_agent")
    talk = (await anna.get(f"conversations/{chat.id}")).json()

    why = next(one["why"][0] for one in talk["messages"] if one["why"])
    assert why["text"].startswith("Offered 5 % off (€1.00)")
    assert why["step"] == "damaged_item.choose_remedy"
    assert why["problem"] == "damaged item"
    assert {rule["text"][-1] for rule in why["rules"]} == {"."}
    assert why["rules"][0]["written"].startswith("ladder.")
    assert (talk["cases"][0]["state_text"], talk["cases"][0]["asked"]) == ("settled", "")
    assert talk["remedies"][0]["reason_text"] == "damaged item"
    assert talk["handoffs"][0]["summary"].startswith("The buyer says that it arrived damaged")
    history = talk["history"]
    assert history["in_all"] == "1 order, 1 remedy, €1.00 back"
    (order,) = history["orders"]
    assert (order["number"], order["total"], order["here"]) == ("DEMO-1003", "€20.00", True)
    (remedy,) = history["remedies"]
    assert (remedy["text"], remedy["amount"]) == ("discount, 1 piece, €1.00", "€1.00")
    assert (remedy["order_number"], remedy["state_text"]) == ("DEMO-1003", "on its way")
    assert (history["more_orders"], history["more_remedies"]) == (0, 0)


async def test_an_answer_stops_the_clock_on_the_page(front: Front, colleague: SignIn) -> None:
    """
    In the list and in the conversation; the buyer's next message starts it again.
    """
    anna, guest = await colleague(name="Anna Karlsson"), await handed_over(front)
    await anna.post(f"{talk_of(guest)}/claim")
    (row,) = (await anna.get("queue?view=mine")).json()["rows"]
    assert row["due_at"] and row["answered_at"] is None

    await anna.post(f"{talk_of(guest)}/messages", {"client_id": "a1", "text": "Hi there"})
    (row,) = (await anna.get("queue?view=mine")).json()["rows"]
    talk = (await anna.get(talk_of(guest))).json()
    for shown in (row, talk):
        assert shown["due_at"] is None
        assert shown["answered_at"]
    assert talk["handoffs"][0]["answered_at"]

    await guest.sends("and now?")
    (row,) = (await anna.get("queue?view=mine")).json()["rows"]
    assert row["due_at"] and row["answered_at"] is None
