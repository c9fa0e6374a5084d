"""
The action server: rasa-sdk's own, on loopback, behind a shared secret.

It runs in a single process from here rather than by `rasa run actions`, because that one pickles
the actions into a worker, and ours hold an open house.
"""

import hmac
import logging
from typing import Any

from rasa_sdk.endpoint import create_app
from rasa_sdk.executor import ActionExecutor
from sanic import HTTPResponse, Request, Sanic, response

from actions.turn_actions import ACTIONS
from bot.logs import set_up_logs
from bot.services.house import House
from bot.settings import get_settings
from bot.wiring import build_house

SECRET_HEADER = "X-Makegood-Secret"  # noqa: S105 - a header's name
MOST_BODY = 1024 * 1024
"""Bytes of a call; with the few events that our tracker store keeps it has some thousands."""


def build_app(secret: str, house: House) -> Sanic[Any, Any]:
    """rasa-sdk's app with our actions, which answers only to whoever knows the secret."""
    executor = ActionExecutor()
    for action in ACTIONS:
        executor.register_action(action(house))
    app: Sanic[Any, Any] = create_app(executor)
    app.config.REQUEST_MAX_SIZE = MOST_BODY
    known = secret.encode()

    async def check_secret(request: Request) -> HTTPResponse | None:
        if request.path == "/health":
            return None
        # As bytes: a text with more than ASCII would be refused with an exception.
        shown = request.headers.get(SECRET_HEADER, "").encode("utf-8", "replace")
        if hmac.compare_digest(shown, known):
            return None
        return response.json({"error": "wrong or missing secret"}, status=401)

    app.register_middleware(check_secret, "request")

    return app


def main() -> None:
    """Serve until told to stop."""
    settings = get_settings()
    set_up_logs(settings.log_level)
    logging.getLogger("rasa_sdk").setLevel(logging.WARNING)
    app = build_app(settings.actions_secret, build_house(settings))
    app.run(
        host="127.0.0.1",
        port=settings.actions_port,
        single_process=True,
        access_log=False,
        motd=False,
    )


if __name__ == "__main__":
    main()
