"""A webhook to test with, changed by keyword."""

import ssl
from typing import Any

from bot.casework.gateways import Answer
from bot.gateways.webhook import WebhookGateway
from tests.factories import NOW
from tests.gateways.dispatches import a_dispatch
from tests.gateways.seller import Seller

SECRET = "correct-horse-battery-staple"
KEY = a_dispatch().idempotency_key
STATUS_PATH = "/remedies/{key}"

# Made once: the public authorities' certificates take longer to read than a test.
PUBLIC = ssl.create_default_context()


def a_webhook(site: str, **changes: Any) -> WebhookGateway:
    """A webhook that stands on NOW, with time enough for a busy machine."""
    given: dict[str, Any] = {
        "url": f"{site}/hook",
        "status_url": site + STATUS_PATH,
        "secret": SECRET,
        "timeout_seconds": 10.0,
        "clock": lambda: NOW,
        "tls": PUBLIC,
    }

    return WebhookGateway(**(given | changes))


def send(seller: Seller, **changes: Any) -> Answer:
    """What comes of one remedy."""
    return a_webhook(seller.url, **changes).send(a_dispatch())
