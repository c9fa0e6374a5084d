"""The training inbox over HTTP, and its page."""

import asyncio

import pytest

from bot.casework.agents import Role
from bot.store.tables import audit
from bot.teaching.collecting import collect_talks, import_messages, to_key
from tests.dialog import Dialog
from tests.web.desk.conftest import SignIn
from tests.web.front import Front
from tests.workbench.reading import read

pytestmark = pytest.mark.anyio

NO_KIND = {"name": "no_such_kind", "value": "where", "start": 0, "end": 5}
OUTSIDE = {"name": "product", "value": "vase", "start": -1, "end": 9}


async def fill(front: Front, *texts: str) -> None:
    """These messages are in the inbox."""
    house = front.shop.house
    await asyncio.to_thread(lambda: list(import_messages(house, texts, read, "a model")))


async def test_one_message_after_the_other(front: Front, colleague: SignIn):
    """
    Labelled, skipped, taken back, and counted in messages.
    """
    await fill(front, "where is my parcel", "my parcel is late", "it broke")
    kim = await colleague(Role.TRAINER)
    first = (await kim.post("inbox/next")).json()

    assert first["counts"] == {
        "waiting": 3, "second": 0, "labelled": 0, "skipped": 0, "mine": 0, "known": 0,
        "to_write": 0,
    }  # fmt: skip
    message = first["message"]
    assert (message["size"], message["likes"]) == (2, ["my parcel is late"])
    assert [one["intent"] for one in message["guesses"]] == ["order_status", "order_late"]

    done = await kim.post(f"inbox/{message['id']}/label", {"intent": "late_delivery"})
    assert done.json() == {"state": "labelled", "others": []}
    second = (await kim.post("inbox/next")).json()
    assert (second["message"]["text"], second["counts"]["labelled"]) == ("it broke", 2)
    assert (await kim.post(f"inbox/{second['message']['id']}/skip")).status_code == 204
    assert (await kim.post("inbox/next")).json()["message"] is None

    back = (await kim.post("inbox/undo")).json()
    assert back["message"]["text"] == "it broke"


async def test_two_at_once_get_two(front: Front, colleague: SignIn):
    """
    And neither can decide for the other meanwhile.
    """
    await fill(front, "where is my parcel", "it broke")
    kim, lou = await colleague(Role.TRAINER, name="Kim Doe"), await colleague(Role.LEAD, name="Lou")
    first, second = (await kim.post("inbox/next")).json(), (await lou.post("inbox/next")).json()
    late = await lou.post(f"inbox/{first['message']['id']}/label", {"intent": "late_delivery"})

    assert first["message"]["id"] != second["message"]["id"]
    assert (late.status_code, late.json()["code"]) == (409, "labelled_by_others")


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"intent": "no_such_thing"}, 422),
        ({"intent": "[x](y)"}, 422),
        ({"intent": "late_delivery", "entities": [OUTSIDE]}, 422),
        ({"intent": "late_delivery", "entities": [NO_KIND]}, 422),
        ({"intent": 7}, 400),
        ({}, 400),
    ],
)
async def test_what_makes_no_sense_is_told(
    front: Front, colleague: SignIn, body: object, status: int
):
    """
    And changes nothing.
    """
    await fill(front, "where is my parcel")
    kim = await colleague(Role.TRAINER)
    message = (await kim.post("inbox/next")).json()["message"]
    answer = await kim.post(f"inbox/{message['id']}/label", body)

    assert (answer.status_code, bool(answer.json()["detail"])) == (status, True)
    assert (await kim.post("inbox/next")).json()["message"]["id"] == message["id"]


async def test_what_is_not_there(colleague: SignIn):
    """
    A message that was erased meanwhile.
    """
    kim = await colleague(Role.TRAINER)

    assert (await kim.post("inbox/nowhere/skip")).status_code == 404
    assert (await kim.post("inbox/next")).json()["message"] is None


async def test_the_list_goes_on_where_it_ended(front: Front, colleague: SignIn):
    """
    Fifty at a time.
    """
    await fill(front, *(f"number {number}" for number in range(3)), *(f"x{n}" for n in range(60)))
    kim = await colleague(Role.TRAINER)
    first = (await kim.get("inbox")).json()
    rest = (await kim.get("inbox", params={"after": first["next"]})).json()

    assert len(first["messages"]) == 50
    assert rest["next"] is None
    ids = [one["id"] for one in (*first["messages"], *rest["messages"])]
    assert len(ids) == len(set(ids))


async def test_places_count_signs(front: Front, colleague: SignIn):
    """
    An emoji is one, as the model counts it; a browser that counted two would mark another word.
    """
    await fill(front, "\N{WAVING HAND SIGN}\N{EMOJI MODIFIER FITZPATRICK TYPE-5} my blue parcel")
    kim = await colleague(Role.TRAINER)
    message = (await kim.post("inbox/next")).json()["message"]
    blue = {"name": "colour", "value": "blue", "start": 6, "end": 10}
    body = {"intent": "late_delivery", "entities": [blue]}
    wrong = {"intent": "late_delivery", "entities": [blue | {"start": 8, "end": 12}]}

    assert (await kim.post(f"inbox/{message['id']}/label", wrong)).status_code == 422
    assert (await kim.post(f"inbox/{message['id']}/label", body)).status_code == 200


async def test_the_second_opinion_is_blind(front: Front, colleague: SignIn):
    """
    What the first said comes with the answer to the second.
    """
    await fill(front, "where is my parcel")
    kim, lou = (
        await colleague(Role.TRAINER, name="Kim Doe"),
        await colleague(Role.TRAINER, name="Lou Roe"),
    )
    first = (await kim.post("inbox/next")).json()["message"]
    asked = {"intent": "late_delivery", "second": True}
    await kim.post(f"inbox/{first['id']}/label", asked)
    second = (await lou.post("inbox/next")).json()["message"]
    assert "late_delivery" not in str(second)
    assert "Kim" not in str(second)

    said = await lou.post(f"inbox/{second['id']}/label", {"intent": "wrong_item"})
    assert said.json() == {
        "state": "second",
        "others": [{"name": "Kim Doe", "intent": "late_delivery", "text": "late delivery"}],
    }
    found = (await kim.get("inbox/agreement")).json()
    assert (found["shared"], found["same"], found["word"]) == (1, 0, "too few")
    assert found["pairs"][0]["names"] in (["Kim Doe", "Lou Roe"], ["Lou Roe", "Kim Doe"])


async def test_all_that_is_known_at_once(front: Front, colleague: SignIn):
    """
    With why it is known; what comes back comes back at once, too.
    """
    examples = {to_key("it broke", "en"): "damaged_item"}
    house = front.shop.house
    await asyncio.to_thread(
        lambda: list(import_messages(house, ["it broke", "a refund"], read, "m", examples))
    )
    kim = await colleague(Role.TRAINER)
    shown = {one["text"]: one for one in (await kim.get("inbox")).json()["messages"]}
    assert [shown[text]["known"] for text in ("it broke", "a refund")] == ["example", ""]
    assert shown["it broke"]["known_text"] == "damaged item"

    assert (await kim.post("inbox/skip-known")).json() == {"groups": 1}
    assert (await kim.post("inbox/next")).json()["counts"]["known"] == 0
    assert (await kim.post("inbox/undo")).json()["message"]["text"] == "it broke"
    assert (await kim.post("inbox/next")).json()["counts"]["known"] == 1


async def test_the_chat_around_a_message(front: Front, colleague: SignIn):
    """
    Without the buyer's name and e-mail, on the audit list, and once in an hour.
    """

    def talk() -> Dialog:
        chat = Dialog(front.shop, "ada@example.com")
        chat.says("greet", "hello, my name is Ada Jones, ada@example.com")
        chat.mumbles("hm the parcel thing", "order_status", "order_late")
        chat.says("affirm", "yes")
        list(collect_talks(front.shop.house, read, "m"))
        return chat

    chat = await asyncio.to_thread(talk)
    kim = await colleague(Role.TRAINER)
    message = (await kim.post("inbox/next")).json()["message"]
    for _ in range(2):
        found = (await kim.get(f"inbox/{message['id']}/context")).json()

    buyers = [one for one in found["lines"] if one["sender"] == "buyer"]
    assert [one["text"] for one in buyers if one["here"]] == ["hm the parcel thing"]
    assert "Ada" not in str(found)
    assert "ada@" not in str(found)
    assert found["conversation_id"] == chat.id
    looks = [row for row in front.shop.rows(audit) if row["action"] == "conversation.open"]
    assert [row["subject_id"] for row in looks] == [chat.id]


async def test_a_message_of_a_file_has_no_chat(front: Front, colleague: SignIn):
    """
    There is nothing around it.
    """
    await fill(front, "where is my parcel")
    kim = await colleague(Role.TRAINER)
    message = (await kim.post("inbox/next")).json()["message"]

    assert (await kim.get(f"inbox/{message['id']}/context")).status_code == 404
    assert (await kim.get("inbox/nowhere/context")).status_code == 404


async def test_a_correction_rises_at_once(front: Front, colleague: SignIn):
    """
    Whoever opens the inbox next finds it on top, with what the agent said.
    """

    def talk() -> str:
        chat = Dialog(front.shop, "ada@example.com")
        chat.mumbles("hm it broke or so", "order_status", "order_late")
        list(collect_talks(front.shop.house, read, "m"))
        return chat.last_message

    message = await asyncio.to_thread(talk)
    await fill(front, "where is my parcel", "my parcel is late", "a parcel")
    ann, kim = await colleague(Role.AGENT, name="Ann Poe"), await colleague(Role.TRAINER)
    said = await ann.post(f"messages/{message}/correction", {"intent": "damaged_item"})
    first = (await kim.post("inbox/next")).json()["message"]

    assert said.status_code == 204
    assert (first["text"], first["cause"], first["suggested"]) == (
        "hm it broke or so",
        "corrected",
        "damaged_item",
    )


async def test_details_that_an_agent_marked_are_marked_for_the_trainer(
    front: Front, colleague: SignIn
):
    """
    The trainer only accepts; what was marked and cannot be kept is told.
    """

    def talk() -> str:
        chat = Dialog(front.shop, "ada@example.com")
        chat.mumbles("my name is Ada and it broke or so", "order_status", "order_late")
        list(collect_talks(front.shop.house, read, "m"))
        return chat.last_message

    message = await asyncio.to_thread(talk)
    ann, kim = await colleague(Role.AGENT, name="Ann Poe"), await colleague(Role.TRAINER)
    marks = [
        {"name": "product", "value": "it", "start": 19, "end": 21},
        {"name": "colour", "value": "Ada", "start": 11, "end": 14},
    ]
    said = await ann.post(f"messages/{message}/correction", {"entities": marks})
    first = (await kim.post("inbox/next")).json()["message"]

    assert said.status_code == 204
    assert (first["text"], first["cause"]) == ("my name is Alex and it broke or so", "corrected")
    assert first["entities"] == [{"name": "product", "value": "it", "start": 20, "end": 22}]
    assert (first["marked"], first["lost"], first["likes_marked"]) == (True, ["colour"], [])
