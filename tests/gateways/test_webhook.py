"""The webhook against a real HTTP server: how it is set and what goes out."""

import json
import logging
import re
import threading
from typing import Any

import pytest

from bot.casework.gateways import Answer, Outcome, RemedyGateway
from bot.casework.remedies import RemedyKind
from bot.gateways.answers import read_answer
from bot.gateways.webhook import WrongWebhook, to_json
from bot.settings import ROOT
from tests.gateways.dispatches import a_dispatch
from tests.gateways.seller import Seller
from tests.gateways.webhooks import KEY, SECRET, a_webhook


def test_it_is_a_gateway(seller: Seller) -> None:
    """
    By its types too.
    """
    gateway: RemedyGateway = a_webhook(seller.url)

    assert gateway.name == "webhook"


def test_a_remedy_goes_out_with_everything_that_carrying_it_out_takes(seller: Seller) -> None:
    """
    Money in minor units, percentages as text, moments in UTC.
    """
    a_webhook(seller.url).send(a_dispatch(details={"city": "Zürich", "address": "Weg 1"}))
    (request,) = seller.seen

    assert (request.method, request.path) == ("POST", "/hook")
    assert request.headers["Content-Type"] == "application/json"
    assert json.loads(request.body) == {
        "version": 1,
        "remedy_id": "4c1f",
        "idempotency_key": KEY,
        "case_id": "case-7",
        "store": "demo",
        "order_number": "DEMO-1003",
        "marketplace": "shop",
        "kind": "discount",
        "line_sku": "MUG-1",
        "quantity": 1,
        "amount": {"minor": 400, "currency": "EUR"},
        "percent": "20.00",
        "reason": "damaged_item",
        "requested_at": "2026-03-20T12:00:00+00:00",
        "approved_by": "rulebook",
        "details": {"city": "Zürich", "address": "Weg 1"},
    }


def test_the_page_for_sellers_shows_what_is_sent() -> None:
    """
    To the field.
    """
    page = (ROOT / "docs" / "WEBHOOK.md").read_text("utf-8")
    shown = re.findall(r"```json\n(.*?)```", page, re.DOTALL)

    assert json.loads(shown[0]) == json.loads(to_json(a_dispatch()))
    assert read_answer(shown[1].encode(), KEY).outcome is Outcome.ACCEPTED


def test_what_a_remedy_does_not_have_goes_out_as_null() -> None:
    """
    Never as zero, which would be an amount.
    """
    said = json.loads(
        to_json(
            a_dispatch(
                kind=RemedyKind.REPLACEMENT,
                line_sku=None,
                quantity=None,
                amount=None,
                percent=None,
            )
        )
    )

    assert [said[name] for name in ("line_sku", "quantity", "amount", "percent")] == [None] * 4


def test_a_repeat_is_the_same_to_the_byte(seller: Seller) -> None:
    """
    Same key, same body, whatever order the details were in.
    """
    webhook = a_webhook(seller.url)
    webhook.send(a_dispatch(details={"city": "Bern", "address": "Weg 1"}))
    webhook.send(a_dispatch(details={"address": "Weg 1", "city": "Bern"}))
    one, other = seller.seen

    assert one.body == other.body
    assert one.headers["Idempotency-Key"] == other.headers["Idempotency-Key"] == KEY


def test_several_threads_may_send_at_once(seller: Seller) -> None:
    """
    A worker has more than one.
    """
    webhook = a_webhook(seller.url)
    answers: list[Answer] = []
    threads = [
        threading.Thread(target=lambda: answers.append(webhook.send(a_dispatch())))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert answers == [Answer(Outcome.ACCEPTED)] * 8
    assert len(seller.seen) == 8


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"url": "http://hooks.shop.test/"}, "url must begin with https"),
        ({"status_url": "http://hooks.shop.test/{key}"}, "status_url must begin with https"),
        ({"url": "http://127.0.0.1.shop.test/"}, "https"),
        ({"url": "http://localhost.shop.test/"}, "https"),
        ({"url": "http://10.0.0.1/"}, "https"),
        ({"url": "ftp://shop.test/"}, "https"),
        ({"url": "file:///etc/passwd"}, "host"),
        ({"url": "shop.test/hook"}, "host"),
        ({"url": ""}, "host"),
        ({"url": "https://"}, "host"),
        ({"url": "https://[::1"}, "not an address"),
        ({"url": "https://shop.test/\nx"}, "not an address"),
        ({"url": f"https://{'x' * 64}.test/"}, "not an address"),
        ({"url": f"https://me:{SECRET}@shop.test/"}, "user or password"),
        ({"status_url": "https://shop.test/status"}, "{key}"),
        ({"secret": ""}, "16 characters"),
        ({"secret": "short-secret"}, "16 characters"),
        ({"timeout_seconds": 0}, "timeout_seconds"),
        ({"timeout_seconds": -1.0}, "timeout_seconds"),
        ({"timeout_seconds": float("nan")}, "timeout_seconds"),
        ({"timeout_seconds": float("inf")}, "timeout_seconds"),
    ],
    ids=str,
)
def test_a_webhook_that_is_set_wrong_says_so_at_once(changes: dict[str, Any], told: str) -> None:
    """
    Which setting and what is wrong, without the secret.
    """
    with pytest.raises(ValueError, match=told.replace("{", r"\{")) as error:
        a_webhook("https://shop.test", **changes)

    assert isinstance(error.value, WrongWebhook)
    assert SECRET not in str(error.value)
    assert "short-secret" not in str(error.value)


@pytest.mark.parametrize(
    "url", ["https://shop.test", "http://localhost:8000", "http://127.9.9.9", "http://[::1]:80"]
)
def test_https_and_loopback_are_fine(url: str) -> None:
    """
    A system beside ours needs no certificate.
    """
    assert a_webhook(url).name == "webhook"


def test_the_secret_is_told_to_nobody(seller: Seller, caplog: pytest.LogCaptureFixture) -> None:
    """
    Not in a request, a log, a repr, nor in the words of a server that knows it too.
    """
    caplog.set_level(logging.DEBUG)
    seller.answers({"status": "refused", "reference": SECRET, "detail": f"I know {SECRET}"})
    webhook = a_webhook(seller.url)
    answer = webhook.send(a_dispatch())
    (request,) = seller.seen

    assert answer == Answer(Outcome.REFUSED, reference="[secret]", detail="I know [secret]")
    assert SECRET not in f"{request.headers}{request.body!r}"
    assert SECRET not in f"{webhook!r}{webhook}"
    assert SECRET not in caplog.text


def test_no_address_is_logged_as_it_may_hold_a_token(
    seller: Seller, caplog: pytest.LogCaptureFixture
) -> None:
    """
    At the level that a house runs with.
    """
    caplog.set_level(logging.INFO)
    a_webhook(seller.url, url=f"{seller.url}/hook?token=abc").send(a_dispatch())

    assert seller.seen[0].path == "/hook?token=abc"
    assert "abc" not in caplog.text
