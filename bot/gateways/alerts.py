"""Alerts to a seller's own system: a signed HTTP call, as docs/DESK.md describes it."""

import json
import math
import ssl
from collections.abc import Mapping

import httpx

from bot.casework.notices import NotDelivered
from bot.casework.ports.clock import Clock
from bot.gateways.calls import Caller, NoAnswer, NotSent
from bot.gateways.signing import sign
from bot.gateways.webhook import SECRET_LENGTH, WrongWebhook, check_url

MOST_SECONDS = 20.0


class AlertHook:
    """
    `bot.casework.notices.Hook` that POSTs each alert to the seller's `url`.

    Whatever is answered with a status of 200 to 299 was taken; anything else is told again.
    """

    def __init__(
        self, url: str, secret: str, clock: Clock, *, tls: ssl.SSLContext | None = None
    ) -> None:
        check_url(url, "url")
        if len(secret) < SECRET_LENGTH:
            raise WrongWebhook(f"The secret is shorter than {SECRET_LENGTH} characters.")
        self._url = httpx.URL(url)
        self._secret = secret
        self._clock = clock
        self._caller = Caller(seconds=MOST_SECONDS, tls=tls or httpx.create_ssl_context())

    def post(self, key: str, said: Mapping[str, object]) -> None:
        """Tell it once."""
        body = json.dumps(said, ensure_ascii=True, allow_nan=False, separators=(",", ":")).encode()
        timestamp = str(math.floor(self._clock().timestamp()))
        headers = {
            "Content-Type": "application/json",
            "Idempotency-Key": key,
            "User-Agent": "Makegood",
            "X-Makegood-Timestamp": timestamp,
            "X-Makegood-Signature": sign(self._secret, timestamp, body),
        }
        try:
            heard = self._caller.call("POST", self._url, headers=headers, body=body)
        except NotSent as error:
            raise NotDelivered(f"The alert webhook was not reached: {error}") from error
        except NoAnswer as error:
            raise NotDelivered(f"The alert webhook gave no answer: {error}") from error
        if not 200 <= heard.status < 300:
            raise NotDelivered(f"The alert webhook answered {heard.status}.")
