"""The training inbox over HTTP, and its page."""

import asyncio

import pytest

from bot.casework.agents import Role
from bot.teaching.collecting import import_messages
from tests.web.desk.conftest import SignIn
from tests.web.front import Front
from tests.workbench.reading import read

pytestmark = pytest.mark.anyio

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

    assert first["counts"] == {"waiting": 3, "second": 0, "labelled": 0, "skipped": 0, "mine": 0}
    message = first["message"]
    assert (message["size"], message["likes"]) == (2, ["my parcel is late"])
    assert [one["intent"] for one in message["guesses"]] == ["order_status", "order_late"]

    done = await kim.post(f"inbox/{message['id']}/label", {"intent": "late_delivery"})
    assert done.json() == {"state": "labelled"}
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
