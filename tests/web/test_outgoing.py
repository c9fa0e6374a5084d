"""Remedies that the web process sends out, seen from an open widget."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.services.remedy_ends import RemedyDone
from bot.settings import Settings
from bot.store.tables import messages, remedies
from bot.wiring import open_queue
from tests.dialog import Shop
from tests.gateways.seller import open_seller
from tests.outbox import told
from tests.web.front import Front, an_identity, open_front

pytestmark = pytest.mark.anyio

SECRET = "correct-horse-battery-staple"


def is_done(happened) -> bool:
    """Whether it is the message that says so: a request names where goods are sent as well."""
    text = str(happened.data.get("text", ""))

    return "arrives_within_days" in text and "return_to" not in text


async def test_an_open_widget_shows_done_at_once(demo_shop: Shop, tmp_path: Path) -> None:
    """
    From the yes over the queue, the webhook and back: long before a heartbeat.
    """
    with open_seller() as seller:
        seller.answers({"status": "done"})
        webhook = {
            "gateway": "webhook",
            "gateway_url": f"{seller.url}/hook",
            "gateway_status_url": seller.url + "/remedies/{key}",
            "gateway_secret": SECRET,
        }
        settings = Settings(_env_file=None, state=tmp_path, **webhook)
        demo_shop.house = replace(demo_shop.house, wake_worker=open_queue(settings).wake)
        async with open_front(demo_shop, tmp_path, worker="embedded", **webhook) as front:
            await settles_a_refund(front)
        assert len(seller.seen) == 1

    assert told(demo_shop) == ["remedy_done"]
    assert demo_shop.rows(remedies)[0]["state"] == "done"
    assert RemedyDone in {type(one) for one in demo_shop.words.said}


async def settles_a_refund(front: Front) -> None:
    """A buyer agrees to a refund and keeps the widget open until it says done."""
    front.rasa.intents |= {"it is broken": "damaged_item", "no photo": "deny", "yes": "affirm"}
    guest = await front.guest(identity=an_identity())
    await guest.says("it is broken")
    await guest.says("no photo")
    offered = (await guest.transcript())[-1]
    await guest.says(choice=offered["choices"][-2]["token"])
    async with guest.looks(len(front.shop.rows(messages))) as line:
        await line.until(lambda one: one.name == "floor")
        await guest.sends("yes")
        seen = await line.until(is_done)

    shown = [one.data["seq"] for one in seen if one.name == "message"]
    assert shown == sorted(set(shown))
