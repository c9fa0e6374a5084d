"""How Rasa asks the action server."""

import asyncio
from pathlib import Path

import pytest
from jsonschema import ValidationError
from rasa.core.actions.action import action_for_name_or_text
from rasa.shared.core.domain import Domain
from rasa.utils.endpoints import ClientResponseError, EndpointConfig
from sanic.response import text as text_response

from bot.engine.action_calls import ActionCall, ActionServer, close_session
from tests.engine.listening import listening
from tests.engine.rasa_process import NOTHING, ActionServerStub

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"


def test_rasa_makes_our_calls_for_custom_actions() -> None:
    """
    The mend holds only while Rasa looks for its class where we put ours.
    """
    domain = Domain.load("domain.yml")

    action = action_for_name_or_text("action_answer", domain, EndpointConfig("http://localhost"))

    assert type(action) is ActionCall


def test_a_connection_that_was_closed_meanwhile_is_opened_again() -> None:
    """
    The action server may close a kept connection just when Rasa uses it again.
    """
    requests = 0

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal requests
        while await reader.readline():
            while (await reader.readline()).strip():
                pass
            requests += 1
            if requests == 2:
                break
            writer.write(ANSWER)
        writer.close()

    async def scene() -> list[object]:
        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        async with server:
            actions = ActionServer(EndpointConfig(f"http://127.0.0.1:{port}"))
            answers = [await actions.request(method="get") for _ in range(2)]
            await close_session()
            return answers

    assert asyncio.run(scene()) == [{}, {}]
    assert requests == 3


def test_an_action_server_that_says_no_is_not_asked_twice() -> None:
    """
    Only a broken connection is a reason to ask again.
    """
    stub = ActionServerStub(lambda call: text_response("no", status=500))

    async def scene() -> None:
        async with listening(stub.app) as url:
            actions = ActionServer(EndpointConfig(f"{url}/webhook"))
            with pytest.raises(ClientResponseError):
                await actions.request(json={"next_action": "action_answer"})
            await close_session()

    asyncio.run(scene())

    assert stub.actions == ["action_answer"]


def test_without_a_secret_none_is_shown(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """
    `rasa shell` beside a foreign action server works as in any Rasa project.
    """
    monkeypatch.delenv("MAKEGOOD_ACTIONS_SECRET", raising=False)
    monkeypatch.setenv("MAKEGOOD_STATE", str(tmp_path))

    assert ActionServer(EndpointConfig("http://localhost")).headers == {}


def test_an_answer_is_checked_in_rasas_own_words() -> None:
    """
    The check is Rasa's, only built once.
    """
    call = ActionCall("action_answer", None)
    slot = {"event": "slot", "timestamp": None, "name": "case", "value": None}

    assert call._validate_action_result(NOTHING)
    assert call._validate_action_result({"events": [slot], "responses": [{"text": "hi"}]})
    for broken in ([], {"events": "none"}, {"events": [{"event": "slot"}]}, {"responses": [7]}):
        with pytest.raises(ValidationError, match="Action server response"):
            call._validate_action_result(broken)
