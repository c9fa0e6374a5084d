"""Alerts against a real HTTP server."""

import json
import re

import pytest

from bot.casework.deadlines import Alarm, WaitingHandOff
from bot.casework.decisions import Reason
from bot.casework.notices import Hook, NotDelivered
from bot.casework.turns import Floor
from bot.gateways.alerts import AlertHook
from bot.gateways.signing import verify_signature
from bot.gateways.webhook import WrongWebhook
from bot.services.clocks import Lead, Rung, to_said
from bot.settings import ROOT
from tests.factories import NOW
from tests.gateways.seller import Seller, a_closed_port
from tests.gateways.webhooks import SECRET


def a_hook(url: str, **changes: object) -> AlertHook:
    """Alerts to that address."""
    return AlertHook(url, **({"secret": SECRET, "clock": lambda: NOW} | changes))


def test_an_alert_is_signed_and_arrives_as_it_is(seller: Seller) -> None:
    """
    By the same signature as remedies, so that the seller verifies both alike.
    """
    hook: Hook = a_hook(f"{seller.url}/alerts")
    hook.post("hand_off:1:warning", {"event": "hand_off.warning", "store": "Zürich"})
    (request,) = seller.seen

    assert (request.method, request.path) == ("POST", "/alerts")
    assert json.loads(request.body) == {"event": "hand_off.warning", "store": "Zürich"}
    assert request.headers["Idempotency-Key"] == "hand_off:1:warning"
    assert verify_signature(
        SECRET,
        request.headers["X-Makegood-Timestamp"],
        request.body,
        request.headers["X-Makegood-Signature"],
        now=NOW.timestamp(),
    )


def test_the_page_for_sellers_shows_what_is_sent() -> None:
    """
    To the field.
    """
    page = (ROOT / "docs" / "DESK.md").read_text("utf-8")
    (shown,) = re.findall(r"```json\n(.*?)```", page, re.DOTALL)
    hand_off = WaitingHandOff(
        id="5f0c", conversation_id="9ad1", store="demo", floor=Floor.WAITING,
        reason=Reason.COMPLAINT, handed_at=NOW, due_at=NOW, agent="Kim", team="returns",
    )  # fmt: skip
    said = to_said(Lead(desk_url="https://d/desk"), Rung(alarm=Alarm.WARNING, hand_off=hand_off))

    assert json.loads(shown).keys() == said.keys()


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_any_answer_of_success_is_enough(seller: Seller, status: int) -> None:
    """
    Whatever else stands in it.
    """
    seller.answers(b"thanks", status)

    a_hook(seller.url).post("k", {})


@pytest.mark.parametrize("status", [301, 400, 401, 404, 410, 429, 500, 503])
def test_anything_else_is_told_again(seller: Seller, status: int) -> None:
    """
    Not even a 410 ends it: a setting can be mended.
    """
    seller.answers(b"", status)
    with pytest.raises(NotDelivered, match=str(status)) as told:
        a_hook(seller.url).post("k", {})

    assert not told.value.for_good


def test_who_is_not_there_is_told_again() -> None:
    """
    And named without the address, in which a token may stand.
    """
    with pytest.raises(NotDelivered, match="was not reached") as told:
        a_hook(f"http://127.0.0.1:{a_closed_port()}/?token=abc").post("k", {})

    assert "abc" not in str(told.value)


def test_an_alert_hook_that_is_set_wrong_says_so_at_once() -> None:
    """
    Plain http to elsewhere, or a secret that can be guessed.
    """
    with pytest.raises(WrongWebhook, match="https"):
        a_hook("http://shop.example/alerts")
    with pytest.raises(WrongWebhook, match="16 characters"):
        a_hook("https://shop.example/alerts", secret="short")
