"""
Calls from Rasa to the action server: with our secret, over a kept connection, without waste.

Rasa has no setting for any of it, so importing this module puts `ActionCall` where Rasa looks for
its `RemoteAction`. The tracker store imports it, and Rasa imports the tracker store, which
endpoints.yml names, before the first message.
"""

import asyncio
from contextlib import AbstractContextManager, nullcontext
from functools import lru_cache
from typing import Any

import rasa.core.actions.action
from aiohttp import ClientOSError, ClientSession, ServerDisconnectedError
from jsonschema.validators import validator_for
from rasa.core.actions.action import RemoteAction
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from bot.engine.secret import HEADER, find_secret

LONGEST = 50
"""Seconds that an action may take. Rasa's lock on a conversation ends after 60: an answer later
than that would fall into the turn of the next message."""

_SCHEMA = RemoteAction.action_response_format_spec()
_VALIDATOR = validator_for(_SCHEMA)(_SCHEMA)


class ActionServer(EndpointConfig):
    """The action endpoint of endpoints.yml, as it is asked once."""

    def __init__(self, endpoint: EndpointConfig) -> None:
        super().__init__(endpoint.url, headers=dict(endpoint.headers), **endpoint.kwargs)
        secret = find_secret()
        if secret:
            self.headers[HEADER] = secret

    def session(self) -> AbstractContextManager[ClientSession]:
        """
        The session of all calls, left open when a call ends.

        Rasa opens a session and a connection for each call, which costs a message 0.8 ms.
        """
        return nullcontext(_session(asyncio.get_running_loop()))

    async def request(self, *args: Any, **kwargs: Any) -> Any:
        """
        The action server's answer.

        A kept connection may have been closed at the other end just when it is used again. Asking
        twice is safe: an action does nothing new for a message that it has answered.
        """
        kwargs["timeout"] = LONGEST
        try:
            return await super().request(*args, **kwargs)
        except (ServerDisconnectedError, ClientOSError):
            return await super().request(*args, **kwargs)


class ActionCall(RemoteAction):
    """One call of a custom action."""

    def __init__(self, name: str, action_endpoint: EndpointConfig | None) -> None:
        super().__init__(name, ActionServer(action_endpoint) if action_endpoint else None)

    def _action_call_format(self, tracker: DialogueStateTracker, domain: Domain) -> dict[str, Any]:
        """
        What the action server is told: the conversation, and an empty domain.

        `enable_selective_domain` keeps the domain out of the call; a current rasa-sdk, however,
        answers 449 to a call without any and waits for a retry that Rasa 3.6 does not know.
        """
        return {"domain": {}, **super()._action_call_format(tracker, domain)}

    def _validate_action_result(self, result: dict[str, Any]) -> bool:
        """
        Whether the answer has the form of an action's answer; if not, Rasa's own error says why.

        Rasa builds this validator and checks its schema at every call: 20 ms of each message.
        """
        return bool(_VALIDATOR.is_valid(result) or super()._validate_action_result(result))


async def close_session() -> None:
    """Close the kept connections, when the server stops."""
    if _session.cache_info().currsize:
        await _session(asyncio.get_running_loop()).close()
        _session.cache_clear()


@lru_cache(maxsize=1)
def _session(loop: asyncio.AbstractEventLoop) -> ClientSession:
    """The session of this event loop; Rasa serves on one as long as it runs."""
    return ClientSession(loop=loop)


rasa.core.actions.action.RemoteAction = ActionCall
