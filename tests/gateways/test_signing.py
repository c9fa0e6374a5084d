"""Signatures, made for real requests and verified as a seller does it."""

import re
from typing import Any

import pytest

from bot.gateways.signing import verify_signature
from bot.settings import ROOT
from tests.factories import NOW
from tests.gateways.seller import Seen, Seller
from tests.gateways.webhooks import SECRET, a_webhook, send


def verify(request: Seen, **changes: Any) -> bool:
    """What a seller does with a call."""
    given: dict[str, Any] = {
        "secret": SECRET,
        "timestamp": request.headers["X-Makegood-Timestamp"],
        "body": request.body,
        "signature": request.headers["X-Makegood-Signature"],
        "now": NOW.timestamp(),
    }

    return verify_signature(**(given | changes))


def test_the_signature_proves_who_sent_what(seller: Seller) -> None:
    """
    The receiver can tell that it is from us, unchanged.
    """
    send(seller)
    (request,) = seller.seen

    assert request.headers["X-Makegood-Timestamp"] == str(int(NOW.timestamp()))
    assert verify(request)
    assert verify(request, now=NOW.timestamp() + 300)
    assert verify(request, now=NOW.timestamp() - 300)


@pytest.mark.parametrize(
    "forged",
    [
        {"secret": "correct-horse-battery-stable"},
        {"timestamp": str(int(NOW.timestamp()) + 1)},
        {"timestamp": "now"},
        {"timestamp": ""},
        {"timestamp": f"{int(NOW.timestamp())}\n"},
        {"timestamp": "".join(chr(0x660 + int(one)) for one in str(int(NOW.timestamp())))},
        {"body": b"{}"},
        {"signature": ""},
        {"signature": "v1="},
        {"signature": "v1=" + "0" * 64},
        {"signature": "v1=é"},
        {"now": NOW.timestamp() + 301},
        {"now": NOW.timestamp() - 301},
    ],
    ids=str,
)
def test_a_forged_or_old_call_does_not_verify(seller: Seller, forged: dict[str, Any]) -> None:
    """
    Another secret, moment, body or signature, or a true call that somebody kept.
    """
    send(seller)
    (request,) = seller.seen

    assert not verify(request, **forged)


def test_one_changed_character_of_the_signature_does_not_verify(seller: Seller) -> None:
    """
    At any place of it; nor does one without its version.
    """
    send(seller)
    (request,) = seller.seen
    true = request.headers["X-Makegood-Signature"]
    changed = [f"{true[:at]}{'01'[one == '0']}{true[at + 1 :]}" for at, one in enumerate(true)]

    assert len(true) == len("v1=") + 64
    assert verify(request, signature=true)
    assert [one for one in [*changed, true[3:]] if verify(request, signature=one)] == []


def test_the_question_for_a_status_is_signed_for_that_key_only(seller: Seller) -> None:
    """
    Its key stands in the address, quoted.
    """
    key = "case/7:refund:order ?#%"
    a_webhook(seller.url).find_status(key)
    (request,) = seller.seen

    assert (request.method, request.body) == ("GET", b"")
    assert request.path == "/remedies/case%2F7%3Arefund%3Aorder%20%3F%23%25"
    assert verify(request, body=key.encode())
    assert not verify(request, body=b"another")
    assert not verify(request)


def test_the_value_on_the_page_for_sellers_is_right() -> None:
    """
    Whoever writes their own in another language tries it with that.
    """
    page = (ROOT / "docs" / "WEBHOOK.md").read_text("utf-8")
    (shown,) = re.findall(r"`(v1=[0-9a-f]{64})`", page)

    assert f"`{SECRET}`, timestamp `1774008000`, body `{{}}`" in page
    assert verify_signature(SECRET, "1774008000", b"{}", shown, now=1774008000)
