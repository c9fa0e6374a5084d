"""What waits for a yes, over HTTP: who may say it, who may not and why, what the buyer reads."""

import asyncio
from datetime import UTC, datetime
from decimal import Decimal

import pytest
import sqlalchemy as sa

from bot.casework.agents import Role
from bot.store.database import writing
from bot.store.tables import audit, outbox, payments, remedies
from tests.dialog import Dialog
from tests.factories import NOW, a_lamp, a_line, an_order, eur, the_caps, the_rulebook
from tests.web.desk.conftest import SignIn
from tests.web.front import Front, an_identity

pytestmark = pytest.mark.anyio

STRICT = the_rulebook(caps=the_caps(per_remedy={"EUR": Decimal(10)}))


@pytest.fixture(autouse=True)
def at_the_time_of_the_orders(front: Front) -> None:
    """A return is in time."""
    front.shop.now = NOW


def waiting(front: Front, price: str = "60") -> tuple[Dialog, str]:
    """A return of a mug at that price, agreed with the buyer, that waits for a yes; its id."""
    shop = front.shop
    shop.rules = STRICT
    shop.take_in(an_order(lines=(a_line(unit_price=eur(price)),)))
    chat = Dialog(shop, "ada@example.com")
    chat.says("damaged_item", photos=1)
    chat.says("choose_option", "return it")
    chat.presses("yes")
    (row,) = shop.rows(remedies)
    assert row["state"] == "approval"

    return chat, str(row["id"])


def states(front: Front) -> list[str]:
    """How far all remedies are, sorted."""
    return sorted(str(row["state"]) for row in front.shop.rows(remedies))


async def test_what_waits_is_listed_with_all_that_one_decides_by(
    front: Front, colleague: SignIn
) -> None:
    """
    Which order, whose (masked), what, how much, why, and whether it may be me.
    """
    chat, remedy = waiting(front)
    kim = await colleague(Role.LEAD)

    found = (await kim.get("approvals")).json()
    assert found["count"] == 1
    (row,) = found["rows"]
    assert {name: row[name] for name in row if name not in ("at", "order_id", "terms")} == {
        "id": remedy,
        "store": "demo",
        "order_number": "DEMO-1003",
        "marketplace": "shop",
        "country": "DE",
        "conversation_id": chat.id,
        "buyer": {"name": "Ada F.", "email": "a•••@example.com"},
        "case_text": "damaged item",
        "text": "return for a refund, 1 piece, €60.00",
        "product": "Stoneware mug · blue",
        "kind": "return",
        "amount": "€60.00",
        "worth": "€60.00",
        "why": [
            "A return for the money needs a colleague's yes: it is more than the bot may give by "
            "itself (€60.00; at most €10.00 for one remedy)."
        ],
        "said": [],
        "can": ["approve", "deny", "change"],
        "why_not": "",
        "two": False,
        "one_has": False,
    }
    assert row["terms"] == {
        "kind": "return",
        "line_id": 1,
        "quantity": 1,
        "amount": "60.00",
        "percent": None,
    }


async def test_a_yes_sends_it_out_once(front: Front, colleague: SignIn) -> None:
    """
    The second click hears that somebody was quicker; the address is on record.
    """
    _, remedy = waiting(front)
    kim, lee = await colleague(Role.LEAD), await colleague(Role.LEAD, name="Lee Ray")

    said = await kim.post(f"remedies/{remedy}/approve")
    assert said.status_code == 200
    assert said.json() == {
        "remedy_id": remedy,
        "state": "requested",
        "text": "Approved. The buyer is told.",
        "asked": False,
    }
    again = await kim.post(f"remedies/{remedy}/approve")
    assert (again.status_code, again.json()["code"]) == (409, "already")
    assert again.json()["detail"].startswith("You have said yes already.")
    late = await lee.post(f"remedies/{remedy}/approve")
    assert (late.status_code, late.json()["code"]) == (409, "not_waiting")
    assert late.json()["detail"] == "It waits for nobody any more: somebody was quicker."
    assert len(front.shop.rows(outbox)) == 1
    assert (await kim.get("approvals")).json()["rows"] == []
    done = next(row for row in front.shop.rows(audit) if row["action"] == "remedy.approve")
    assert (done["agent_id"], done["ip"]) == (kim.agent.id, "127.0.0.1")


async def test_what_was_paid_back_elsewhere_meanwhile_is_refused_and_waits_on(
    front: Front, colleague: SignIn
) -> None:
    """
    The shop's file says that less was paid: with the numbers, and nothing is lost.
    """
    _, remedy = waiting(front)
    kim = await colleague(Role.LEAD)
    with writing(front.shop.engine) as db:
        db.execute(sa.update(payments).values(amount=500))

    said = await kim.post(f"remedies/{remedy}/approve")
    assert (said.status_code, said.json()["code"]) == (422, "more_than_paid")
    assert "more than is left of what was paid" in said.json()["detail"]
    assert (front.shop.rows(outbox), states(front)) == ([], ["approval"])
    assert [row["id"] for row in (await kim.get("approvals")).json()["rows"]] == [remedy]


async def test_over_the_limit_one_is_told_so_and_by_how_much(
    front: Front, colleague: SignIn
) -> None:
    """
    In the list before, and by the route as well.
    """
    _, remedy = waiting(front, "250")
    kim = await colleague(Role.AGENT)
    (row,) = (await kim.get("approvals")).json()["rows"]
    sentence = "It is more than you may give for one order (€250.00; at most €100.00)."

    assert (row["can"], row["why_not"]) == (["deny", "change"], sentence)
    said = await kim.post(f"remedies/{remedy}/approve")
    assert (said.status_code, said.json()["code"]) == (422, "over_your_limit")
    assert said.json()["detail"] == sentence
    assert states(front) == ["approval"]


async def test_two_people_agree_above_four_eyes(front: Front, colleague: SignIn) -> None:
    """
    The first is told that it takes a second, who sees who was first.
    """
    _, remedy = waiting(front, "1500")
    olga, pete = [await colleague(Role.OWNER, name=name) for name in ("Olga Ek", "Pete Oh")]

    first = await olga.post(f"remedies/{remedy}/approve")
    assert (first.json()["state"], len(front.shop.rows(outbox))) == ("approval", 0)
    assert first.json()["text"].startswith("Your yes is on record.")
    (row,) = (await olga.get("approvals")).json()["rows"]
    assert (row["two"], row["one_has"], row["can"]) == (True, True, ["deny", "change"])
    assert row["why_not"].startswith("You have said yes already")
    (row,) = (await pete.get("approvals")).json()["rows"]
    assert [(one["who"], one["text"]) for one in row["said"]] == [("Olga Ek", "said yes")]
    assert row["can"] == ["approve", "deny", "change"]
    second = await pete.post(f"remedies/{remedy}/approve")
    assert second.json()["state"] == "requested"
    assert len(front.shop.rows(outbox)) == 1


async def test_ones_own_order_is_somebody_elses_to_decide(front: Front, colleague: SignIn) -> None:
    """
    An owner who has bought something.
    """
    _, remedy = waiting(front)
    ada = await colleague(Role.OWNER, name="Ada Field", email="ada@example.com")
    (row,) = (await ada.get("approvals")).json()["rows"]

    assert row["can"] == []
    assert row["why_not"] == "It is about an order of your own, so somebody else decides."
    for path, body in (("approve", {}), ("deny", {"reason": "no"})):
        said = await ada.post(f"remedies/{remedy}/{path}", body)
        assert (said.status_code, said.json()["code"]) == (422, "own_order")
    assert states(front) == ["approval"]


async def test_a_no_needs_a_reason_and_the_buyer_hears_of_it(
    front: Front, colleague: SignIn
) -> None:
    """
    The reason is for the record.
    """
    chat, remedy = waiting(front)
    kim = await colleague(Role.LEAD)

    for reason in ("", " \n", "\u200b"):
        said = await kim.post(f"remedies/{remedy}/deny", {"reason": reason})
        assert (said.status_code, said.json()["code"]) == (422, "no_reason")
    said = await kim.post(f"remedies/{remedy}/deny", {"reason": "third \x00this month"})
    assert said.json()["state"] == "denied"
    assert chat.handed_off_for == ["denied"]
    assert chat.decisions[-1]["rules"][0]["compared"] == "third this month"


async def test_other_terms_are_previewed_put_to_the_buyer_and_made(
    front: Front, colleague: SignIn
) -> None:
    """
    What they would read is what they read; what waits stays on hold until they agree.
    """
    _, remedy = waiting(front)
    kim = await colleague(Role.LEAD)
    terms = {"kind": "discount", "line_id": 1, "percent": "25"}

    preview = (await kim.post(f"remedies/{remedy}/change/preview", terms)).json()
    assert (preview["refused"], preview["asks"], preview["waits"]) == ("", True, False)
    assert preview["worth"] == "€15.00"
    assert len(preview["texts"]) == 2
    asked = await kim.post(f"remedies/{remedy}/change", terms | {"reason": "a scratch only"})
    assert asked.json()["asked"]
    assert states(front) == ["approval"]

    agreed = terms | {"reason": "a scratch only", "buyer_agreed": True}
    preview = (await kim.post(f"remedies/{remedy}/change/preview", agreed)).json()
    assert not preview["asks"]
    done = (await kim.post(f"remedies/{remedy}/change", agreed)).json()
    assert (done["state"], done["asked"]) == ("requested", False)
    assert states(front) == ["replaced", "requested"]
    assert [row["remedy_id"] for row in front.shop.rows(outbox)] == [done["remedy_id"]]


@pytest.mark.parametrize(
    ("terms", "code"),
    [
        ({"kind": "gift"}, "wrong_terms"),
        ({"kind": "refund", "line_id": 99}, "wrong_terms"),
        ({"kind": "refund", "line_id": 1, "quantity": 0}, "wrong_terms"),
        ({"kind": "refund", "line_id": 1, "quantity": 2}, "wrong_terms"),
        ({"kind": "refund", "line_id": 1, "amount": "-5"}, "wrong_terms"),
        ({"kind": "refund", "line_id": 1, "amount": "1e3"}, "wrong_terms"),
        ({"kind": "refund", "line_id": 1, "amount": "60.01"}, "more_than_paid"),
        ({"kind": "refund", "line_id": 1, "amount": "0"}, "nothing_to_refund"),
        ({"kind": "discount", "line_id": 1, "percent": "NaN"}, "wrong_terms"),
        ({"kind": "discount", "line_id": 1, "percent": "100.1"}, "wrong_terms"),
        ({"kind": "discount", "line_id": 1, "percent": "5", "amount": "3"}, "wrong_terms"),
        ({"kind": "return", "line_id": 1}, "no_change"),
    ],
)
async def test_terms_that_cannot_be(
    front: Front, colleague: SignIn, terms: dict[str, object], code: str
) -> None:
    """
    A sentence, and nothing is changed.
    """
    _, remedy = waiting(front)
    kim = await colleague(Role.LEAD)

    said = await kim.post(f"remedies/{remedy}/change", terms | {"reason": "x"})
    assert (said.status_code, said.json()["code"]) == (422, code)
    assert said.json()["detail"].endswith((".", ")"))
    assert states(front) == ["approval"]


@pytest.mark.parametrize("remedy", ["nothing", "a.b", "x" * 65, "%00"])
async def test_there_is_no_such_remedy(front: Front, colleague: SignIn, remedy: str) -> None:
    """
    Whatever stands in the address.
    """
    kim = await colleague(Role.LEAD)
    for path, body in (
        ("approve", {}),
        ("deny", {"reason": "no"}),
        ("change", {"kind": "refund", "reason": "x"}),
        ("change/preview", {"kind": "refund"}),
    ):
        said = await kim.post(f"remedies/{remedy}/{path}", body)
        assert (said.status_code, said.json()["code"]) == (404, "not_found")


async def test_a_trainer_looks_and_decides_nothing(front: Front, colleague: SignIn) -> None:
    """
    They see why nothing is theirs to say.
    """
    _, remedy = waiting(front)
    tim = await colleague(Role.TRAINER)
    (row,) = (await tim.get("approvals")).json()["rows"]

    assert (row["can"], row["why_not"]) == ([], "Your role may not decide about remedies.")
    said = await tim.post(f"remedies/{remedy}/approve")
    assert (said.status_code, said.json()["code"]) == (403, "not_allowed")


async def test_ten_clicks_at_once_send_it_out_once(front: Front, colleague: SignIn) -> None:
    """
    A nervous finger, over HTTP.
    """
    _, remedy = waiting(front)
    kim = await colleague(Role.LEAD)

    said = await asyncio.gather(*[kim.post(f"remedies/{remedy}/approve") for _ in range(10)])
    assert sorted(one.status_code for one in said) == [200] + [409] * 9
    assert len(front.shop.rows(outbox)) == 1


async def test_an_open_page_hears_that_it_is_decided(front: Front, colleague: SignIn) -> None:
    """
    Nobody looks at a list that is out of date.
    """
    _, remedy = waiting(front)
    kim = await colleague(Role.LEAD)
    async with kim.looks() as line:
        await kim.post(f"remedies/{remedy}/approve")
        assert (await line.next()).name == "queue"


async def test_a_new_one_is_told_to_every_open_page(front: Front, colleague: SignIn) -> None:
    """
    Though the bot keeps the floor; and whoever has the conversation open sees it there.
    """
    shop = front.shop
    shop.rules, shop.now = STRICT, datetime.now(UTC)  # the buyer's session has to last
    shop.take_in(an_order(lines=(a_line(unit_price=eur("60")),)))
    front.rasa.intents |= {"it is broken": "damaged_item", "no photo": "deny"}
    guest = await front.guest(identity=an_identity())
    await guest.says("it is broken")
    await guest.says("no photo")
    offered = (await guest.transcript())[-1]
    terms = await guest.says(choice=offered["choices"][-2]["token"])
    kim = await colleague(Role.LEAD)

    async with kim.looks() as lists, kim.looks(conversation=guest.conversation_id) as page:
        await page.until(lambda one: one.name == "presence")
        await guest.says(choice=terms["choices"][0]["token"])
        assert (await lists.next()).name == "queue"
        await page.until(lambda one: one.name == "talk")
    queue = (await kim.get("queue")).json()
    assert (queue["counts"]["approvals"], queue["counts"]["waiting"]) == (1, 0)
    assert len((await kim.get(f"conversations/{guest.conversation_id}")).json()["remedies"]) == 1


async def test_a_shop_with_another_line_is_left_alone(front: Front, colleague: SignIn) -> None:
    """
    Of two lines only the one that is meant is changed.
    """
    front.shop.rules = STRICT
    front.shop.take_in(an_order(lines=(a_line(unit_price=eur("60")), a_lamp())))
    chat = Dialog(front.shop, "ada@example.com")
    chat.says("damaged_item")
    chat.presses("line:1")
    chat.sends_photo()
    chat.says("choose_option", "return it")
    chat.presses("yes")
    (row,) = front.shop.rows(remedies)
    kim = await colleague(Role.LEAD)
    terms = {"kind": "refund", "line_id": 2, "amount": "60", "buyer_agreed": True, "reason": "x"}

    done = (await kim.post(f"remedies/{row['id']}/change", terms)).json()
    assert done["state"] == "requested"
    made = next(one for one in front.shop.rows(remedies) if one["id"] == done["remedy_id"])
    assert (made["line_id"], made["amount"]) == (2, 6000)
