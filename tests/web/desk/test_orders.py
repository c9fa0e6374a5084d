"""One order on the desk, over HTTP: all of it, who may see whom, and remedies of one's own."""

import asyncio

import pytest

from bot.casework.agents import Role
from bot.casework.orders import OrderStatus
from bot.store.tables import audit, messages, outbox, remedies
from tests.dialog import Dialog
from tests.factories import NOW, a_lamp, a_line, an_order, eur
from tests.web.desk.conftest import SignIn
from tests.web.desk.team import Colleague
from tests.web.front import Front

pytestmark = pytest.mark.anyio


@pytest.fixture(autouse=True)
def at_the_time_of_the_orders(front: Front) -> None:
    """A return is in time."""
    front.shop.now = NOW


@pytest.fixture
def two_lines(front: Front) -> Dialog:
    """A talk about an order of a mug and a lamp, in which Ada asked for a person."""
    front.shop.take_in(an_order(lines=(a_line(), a_lamp())))
    chat = Dialog(front.shop, "ada@example.com")
    chat.says("order_status", order="DEMO-1003")
    chat.says("human_agent")

    return chat


def wanted(*terms: dict[str, object], **more: object) -> dict[str, object]:
    """What somebody wants to give."""
    return {"request_id": "r1", "remedies": list(terms), "reason": "by phone"} | more


MUG = {"kind": "refund", "line_id": 1, "amount": "15"}
LAMP = {"kind": "refund", "line_id": 2}


async def gives(one: Colleague, body: dict[str, object], path: str = "") -> dict[str, object]:
    """What became of it."""
    said = await one.post(f"orders/1/remedies{path}", body)
    assert said.status_code == (200 if path else 201), said.text

    return said.json()


async def test_an_order_with_everything_at_hand(
    front: Front, colleague: SignIn, two_lines: Dialog
) -> None:
    """
    Lines with what is left of each, payments, remedies, talks; the look is on record.
    """
    kim = await colleague(Role.LEAD)
    await gives(kim, wanted(MUG, conversation_id=two_lines.id))

    order = (await kim.get("orders/1")).json()
    assert (order["number"], order["paid"], order["given_back"], order["left"]) == (
        "DEMO-1003",
        "€80.00",
        "€15.00",
        "€65.00",
    )
    mug, lamp = order["products"]
    assert (mug["title"], mug["left"], mug["given"]) == (
        "Stoneware mug",
        "€5.00",
        ["refund €15.00 (on its way)"],
    )
    assert (lamp["left_plain"], lamp["stock"], lamp["given"]) == ("60.00", 1, [])
    assert [one["amount"] for one in order["payments"]] == ["€80.00"]
    (remedy,) = order["remedies"]
    assert (remedy["text"], remedy["state_text"], remedy["decided_by"]) == (
        "refund, 1 piece, €15.00",
        "on its way",
        kim.agent.name,
    )
    assert [(one["who"], one["text"], one["reason"]) for one in remedy["said"]] == [
        (kim.agent.name, "gave it", "by phone")
    ]
    (talk,) = order["conversations"]
    assert (talk["id"], talk["theirs"], talk["floor"]) == (two_lines.id, True, "WAITING")
    assert order["card"]["order_number"] == "DEMO-1003"
    assert (order["limit"], order["before"], order["no_grant"]) == ("€500.00", "€15.00", "")
    looked = [row for row in front.shop.rows(audit) if row["action"] == "order.open"]
    assert [(row["agent_id"], row["subject"], row["subject_id"]) for row in looked] == [
        (kim.agent.id, "order", "1")
    ]


async def test_who_bought_it_is_masked_until_somebody_asks(
    front: Front, colleague: SignIn, two_lines: Dialog
) -> None:
    """
    Name, e-mail, phone and address; that they were asked for is on record.
    """
    kim = await colleague(Role.AGENT)
    page = await kim.get("orders/1")
    for secret in ("Ada Field", "ada@example.com", "1234567", "Ackerstr", "10115", "Berlin"):
        assert secret not in page.text
    assert page.json()["buyer"] == {
        "name": "Ada F.",
        "email": "a•••@example.com",
        "phone": "•••67",
        "lines": ["DE"],
        "revealed": False,
    }

    shown = (await kim.post("orders/1/reveal")).json()
    assert shown == {
        "name": "Ada Field",
        "email": "ada@example.com",
        "phone": "+49 30 1234567",
        "lines": ["Ackerstr. 1", "10115 Berlin", "DE"],
        "revealed": True,
    }
    asked = [row for row in front.shop.rows(audit) if row["action"] == "buyer.reveal"]
    assert [(row["agent_id"], row["subject"], row["subject_id"]) for row in asked] == [
        (kim.agent.id, "order", "1")
    ]


async def test_a_preview_tells_what_the_buyer_will_read(
    front: Front, colleague: SignIn, two_lines: Dialog
) -> None:
    """
    Word for word, in their language; nothing is written.
    """
    kim = await colleague(Role.LEAD)
    body = wanted(MUG, LAMP, conversation_id=two_lines.id)

    preview = await gives(kim, body, "/preview")
    assert (preview["refused"], preview["waits"], preview["worth"]) == ("", False, "€75.00")
    assert preview["language"] == "en"
    assert len(preview["texts"]) == 3
    assert front.shop.rows(remedies) == []
    given = await gives(kim, body)
    assert (given["waits"], given["text"]) == (
        False,
        "Given, and on its way. The buyer is told.",
    )
    said = [row["text"] for row in front.shop.rows(messages)]
    assert said[-3:] == preview["texts"]
    assert len(front.shop.rows(outbox)) == 2


async def test_over_the_limit_it_waits_in_the_list(
    front: Front, colleague: SignIn, two_lines: Dialog
) -> None:
    """
    The preview says so before; the buyer hears the interim word, and a lead says yes.
    """
    front.shop.take_in(an_order(lines=(a_line(unit_price=eur("300")), a_lamp())))
    kim, lee = await colleague(Role.AGENT), await colleague(Role.LEAD, name="Lee Ray")
    body = wanted({"kind": "refund", "line_id": 1}, conversation_id=two_lines.id)

    preview = await gives(kim, body, "/preview")
    assert preview["waits"]
    assert preview["why_waits"] == [
        "It is more than you may give for one order (€300.00; at most €100.00)."
    ]
    given = await gives(kim, body)
    assert given["waits"]
    assert front.shop.rows(outbox) == []
    (mine,) = (await kim.get("approvals")).json()["rows"]
    assert mine["why_not"] == "You asked for it yourself, so somebody else has to say yes."
    (row,) = (await lee.get("approvals")).json()["rows"]
    assert row["why"] == ["It is more than whoever asked may give (€300.00; at most €100.00)."]
    assert [(one["who"], one["text"], one["reason"]) for one in row["said"]] == [
        (kim.agent.name, "asks for it", "by phone")
    ]
    said = await lee.post(f"remedies/{given['remedies'][0]}/approve")
    assert said.json()["state"] == "requested"


async def test_the_same_request_gives_once(
    front: Front, colleague: SignIn, two_lines: Dialog
) -> None:
    """
    Ten at once, as a lost connection would send them.
    """
    kim = await colleague(Role.LEAD)
    body = wanted(MUG, conversation_id=two_lines.id)

    given = await asyncio.gather(*[gives(kim, body) for _ in range(10)])
    assert len({one["remedies"][0] for one in given}) == 1
    assert len(front.shop.rows(remedies)) == len(front.shop.rows(outbox)) == 1


async def test_without_a_talk_nobody_is_told(front: Front, colleague: SignIn) -> None:
    """
    It is on record all the same, and the page says so.
    """
    kim = await colleague(Role.LEAD)

    preview = await gives(kim, wanted(MUG), "/preview")
    assert (preview["texts"], preview["language"]) == ([], "")
    given = await gives(kim, wanted(MUG))
    assert given["text"] == "Given, and on its way. Nobody was told."
    assert front.shop.rows(messages) == []


async def test_nothing_of_it_is_told_to_somebody_else(
    front: Front, colleague: SignIn, two_lines: Dialog
) -> None:
    """
    In another buyer's talk it is refused, in the preview as well.
    """
    kim = await colleague(Role.LEAD)
    eve = Dialog(front.shop, "eve@example.com")
    body = wanted(MUG, conversation_id=eve.id)

    preview = await gives(kim, body, "/preview")
    assert preview["refused"] == "The buyer in this conversation has not proven that order."
    assert preview["texts"] == []
    said = await kim.post("orders/1/remedies", body)
    assert (said.status_code, said.json()["code"]) == (422, "somebody_elses")
    assert front.shop.rows(remedies) == []


async def test_what_the_checks_refuse_is_told_before_it_is_tried(
    front: Front, colleague: SignIn
) -> None:
    """
    More than is left, and what is not there.
    """
    kim = await colleague(Role.LEAD)

    too_much = wanted({"kind": "refund", "line_id": 1, "amount": "20.01"})
    preview = await gives(kim, too_much, "/preview")
    assert preview["refused"] == (
        "That is more than is left of what was paid (€20.01; left is €20.00)."
    )
    said = await kim.post("orders/1/remedies", too_much)
    assert (said.status_code, said.json()["detail"]) == (422, preview["refused"])
    front.shop.take_in(an_order(status=OrderStatus.CANCELLED))
    preview = await gives(kim, wanted({"kind": "replacement", "line_id": 1}), "/preview")
    assert preview["refused"] == "The order is not where that would be possible."


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (wanted(), 422, "wrong_terms"),
        (wanted(*[MUG] * 2), 422, "wrong_terms"),
        (wanted(*[MUG] * 21), 422, "wrong_terms"),
        (wanted(MUG, {"kind": "refund"}), 422, "wrong_terms"),
        (wanted({"kind": "discount"}), 422, "wrong_terms"),
        (wanted({"kind": "refund", "quantity": 1}), 422, "wrong_terms"),
        (wanted({"kind": "cancellation"}), 422, "wrong_terms"),
        (wanted(MUG, reason=""), 422, "no_reason"),
        (wanted(MUG, request_id="a b"), 422, "wrong_request_id"),
        (wanted(MUG, conversation_id="a.b"), 404, "not_found"),
        (wanted(MUG, conversation_id="nothing"), 404, "not_found"),
        (wanted({"kind": "refund", "line_id": 10**30}), 422, "wrong_terms"),
        (wanted({"kind": "refund", "line_id": 1, "amount": "9" * 5000}), 422, "wrong_terms"),
        (wanted({"kind": "refund", "line_id": "one"}), 400, "bad_request"),
        ({}, 400, "bad_request"),
    ],
)
async def test_what_cannot_be_taken(
    front: Front, colleague: SignIn, body: dict[str, object], status: int, code: str
) -> None:
    """
    A sentence, and nothing on record.
    """
    kim = await colleague(Role.LEAD)

    said = await kim.post("orders/1/remedies", body)
    assert (said.status_code, said.json()["code"]) == (status, code), said.text
    assert len(said.json()["detail"]) < 300
    assert front.shop.rows(remedies) == []


@pytest.mark.parametrize("number", ["0", "-1", "999", str(2**31), "9" * 30])
async def test_there_is_no_such_order(front: Front, colleague: SignIn, number: str) -> None:
    """
    Whatever number it is.
    """
    kim = await colleague(Role.LEAD)

    for said in (
        await kim.get(f"orders/{number}"),
        await kim.post(f"orders/{number}/reveal"),
        await kim.post(f"orders/{number}/remedies", wanted(MUG)),
        await kim.post(f"orders/{number}/remedies/preview", wanted(MUG)),
    ):
        assert (said.status_code, said.json()["code"]) == (404, "not_found")
    assert (await kim.opens(f"/desk/orders/{number}")).status_code == 404


async def test_who_may_not_give_is_told_so(
    front: Front, colleague: SignIn, two_lines: Dialog
) -> None:
    """
    A trainer, and whoever bought it.
    """
    tim = await colleague(Role.TRAINER)
    ada = await colleague(Role.OWNER, name="Ada Field", email="ada@example.com")

    assert (await tim.get("orders/1")).json()["no_grant"] == (
        "Your role may not decide about remedies."
    )
    assert (await tim.post("orders/1/remedies", wanted(MUG))).status_code == 403
    assert "your own" in (await ada.get("orders/1")).json()["no_grant"]
    said = await ada.post("orders/1/remedies", wanted(MUG))
    assert (said.status_code, said.json()["code"]) == (422, "own_order")
    assert front.shop.rows(remedies) == []


async def test_the_pages_open(front: Front, colleague: SignIn) -> None:
    """
    For whoever may read.
    """
    tim = await colleague(Role.TRAINER)

    for path in ("/desk/approvals", "/desk/orders/1"):
        page = await tim.opens(path)
        assert page.status_code == 200, path
        assert "Ada" not in page.text
