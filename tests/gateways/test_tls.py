"""Whose certificate is believed, and what is not taken from the environment."""

import ssl
from pathlib import Path

import pytest

from bot.casework.gateways import Outcome
from tests.gateways.dispatches import a_dispatch
from tests.gateways.seller import Seller, a_closed_port
from tests.gateways.webhooks import a_webhook, send


def test_a_certificate_that_nobody_vouches_for_is_not_talked_to(
    seller: Seller, certificate: Path
) -> None:
    """
    Not a byte of the remedy goes to who cannot prove to be the seller.
    """
    seller.use_tls(certificate)
    answer = send(seller, tls=None)

    assert answer.outcome is Outcome.UNREACHED
    assert "CERTIFICATE_VERIFY_FAILED" in answer.detail
    assert seller.seen == []


def test_a_certificate_that_somebody_vouches_for_is(seller: Seller, certificate: Path) -> None:
    """
    A seller may have an authority of their own.
    """
    seller.use_tls(certificate)
    seller.answers({"status": "done"})

    assert send(seller, tls=ssl.create_default_context(cafile=certificate)).outcome is Outcome.DONE


def test_a_certificate_for_another_name_is_not_talked_to(seller: Seller, certificate: Path) -> None:
    """
    However good it is for its own.
    """
    seller.use_tls(certificate)
    webhook = a_webhook(
        seller.url.replace("127.0.0.1", "localhost"),
        tls=ssl.create_default_context(cafile=certificate),
    )

    assert webhook.send(a_dispatch()).outcome is Outcome.UNREACHED
    assert seller.seen == []


def test_no_proxy_and_no_login_is_taken_from_the_environment(
    seller: Seller, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    Only what is set for the webhook counts.
    """
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{a_closed_port()}")

    assert send(seller).outcome is Outcome.ACCEPTED
    assert "Authorization" not in seller.seen[0].headers
