"""The gateway to a seller's own system: a signed HTTP call. docs/WEBHOOK.md is its contract."""

import json
import math
import ssl
from dataclasses import replace
from datetime import UTC
from ipaddress import ip_address
from urllib.parse import quote

import httpx

from bot.casework.gateways import Answer, Dispatch, Outcome
from bot.casework.ports.clock import Clock
from bot.gateways.answers import from_asked, from_sent
from bot.gateways.calls import Caller, NoAnswer, NotSent
from bot.gateways.signing import sign

VERSION = 1
KEY_PLACE = "{key}"
SECRET_LENGTH = 16
MOST_SECONDS = 120.0


class WrongWebhook(ValueError):
    """A webhook that cannot be used as it is set; the text never shows the secret."""


class WebhookGateway:
    """
    `RemedyGateway` that POSTs each remedy to the seller's `url`.

    `status_url` holds `{key}` where the idempotency key goes. `timeout_seconds` bounds a whole
    call, from looking the name up to the last byte. `tls` says whose certificates are believed:
    by default the public authorities', or those in SSL_CERT_FILE. Safe to use from several
    threads.
    """

    name = "webhook"
    polled = True

    def __init__(
        self,
        url: str,
        status_url: str,
        secret: str,
        timeout_seconds: float,
        clock: Clock,
        *,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        check_url(url, "url")
        check_url(status_url.replace(KEY_PLACE, "key"), "status_url")
        if KEY_PLACE not in status_url:
            raise WrongWebhook("The status_url has no {key} where the idempotency key goes.")
        if len(secret) < SECRET_LENGTH:
            raise WrongWebhook(f"The secret is shorter than {SECRET_LENGTH} characters.")
        if not 0 < timeout_seconds <= MOST_SECONDS:  # NaN too is neither
            raise WrongWebhook(f"timeout_seconds is not above 0 and up to {MOST_SECONDS:.0f}.")
        self._url = httpx.URL(url)
        self._status_url = status_url
        self._secret = secret
        self._clock = clock
        self._caller = Caller(seconds=timeout_seconds, tls=tls or httpx.create_ssl_context())

    def send(self, dispatch: Dispatch) -> Answer:
        """POST the remedy once."""
        key = dispatch.idempotency_key
        body = to_json(dispatch)
        headers = self._headers(body) | {
            "Content-Type": "application/json",
            "Idempotency-Key": key,
        }
        try:
            heard = self._caller.call("POST", self._url, headers=headers, body=body)
        except NotSent as error:
            return self._discreet(Answer(Outcome.UNREACHED, detail=f"Not reached: {error}"))
        except NoAnswer as error:
            return self._discreet(Answer(Outcome.UNKNOWN, detail=f"No answer: {error}"))

        return self._discreet(from_sent(heard, key))

    def find_status(self, idempotency_key: str) -> Answer:
        """GET the status URL; its signature is over the key, so that it is good for no other."""
        url = httpx.URL(self._status_url.replace(KEY_PLACE, quote(idempotency_key, safe="")))
        headers = self._headers(idempotency_key.encode())
        try:
            heard = self._caller.call("GET", url, headers=headers)
        except (NotSent, NoAnswer) as error:
            detail = f"The status URL gave no answer: {error}"
            return self._discreet(Answer(Outcome.UNKNOWN, detail=detail))

        return self._discreet(from_asked(heard, idempotency_key))

    def _headers(self, signed: bytes) -> dict[str, str]:
        timestamp = str(math.floor(self._clock().timestamp()))

        return {
            "Accept": "application/json",
            "Accept-Encoding": "identity",
            "User-Agent": "Makegood",
            "X-Makegood-Timestamp": timestamp,
            "X-Makegood-Signature": sign(self._secret, timestamp, signed),
        }

    def _discreet(self, answer: Answer) -> Answer:
        """The answer without our secret, should the other side have written it there."""
        return replace(
            answer,
            reference=answer.reference.replace(self._secret, "[secret]"),
            detail=answer.detail.replace(self._secret, "[secret]"),
        )


def check_url(text: str, what: str) -> None:
    """
    WrongWebhook unless the address is https, or http on this machine.

    The text of the error leaves the address out: people put tokens into them.
    """
    try:
        url = httpx.URL(text)
        url.host.encode("idna")  # a label that is too long would fail at each call
    except (httpx.InvalidURL, UnicodeError) as error:
        raise WrongWebhook(f"The {what} is not an address.") from error
    if not url.host:
        raise WrongWebhook(f"The {what} names no host.")
    if url.userinfo:
        raise WrongWebhook(f"The {what} holds a user or password; calls are signed instead.")
    if url.scheme != "https" and not (url.scheme == "http" and is_loopback(url.host)):
        raise WrongWebhook(f"The {what} must begin with https:// (http:// on loopback only).")


def is_loopback(host: str) -> bool:
    """Whether what is sent to that host stays on this machine."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def to_json(dispatch: Dispatch) -> bytes:
    """The body: the same bytes at every try, ASCII only, so that no system's reading differs."""
    amount = dispatch.amount
    said = {
        "version": VERSION,
        "remedy_id": dispatch.remedy_id,
        "idempotency_key": dispatch.idempotency_key,
        "case_id": dispatch.case_id,
        "store": dispatch.store,
        "order_number": dispatch.order_number,
        "marketplace": dispatch.marketplace,
        "kind": dispatch.kind,
        "line_sku": dispatch.line_sku,
        "quantity": dispatch.quantity,
        "amount": None if amount is None else {"minor": amount.minor, "currency": amount.currency},
        "percent": None if dispatch.percent is None else f"{dispatch.percent:f}",
        "reason": dispatch.reason,
        "requested_at": dispatch.requested_at.astimezone(UTC).isoformat(),
        "approved_by": dispatch.approved_by,
        "details": dict(sorted(dispatch.details.items())),
    }

    return json.dumps(said, ensure_ascii=True, allow_nan=False, separators=(",", ":")).encode()
