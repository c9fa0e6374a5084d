"""The channel between web and Rasa: who may knock, what is let in, and as what."""

import asyncio
import json
from types import SimpleNamespace
from typing import Any

import aiohttp
import pytest
from rasa.core.channels.channel import UserMessage
from sanic import Sanic

from bot.engine.channel import (
    LARGEST,
    MakegoodInput,
    MalformedTurn,
    to_forget,
    to_message,
    to_texts,
    to_turn,
)
from bot.engine.clauses import MOST, split
from bot.engine.secret import HEADER
from tests.engine.bad_input import BAD_INPUT
from tests.engine.listening import listening

SECRET = "open sesame"
TURN = {
    "conversation_id": "conversation-1",
    "message_id": "message-1",
    "fence": 7,
    "text": "where is it?",
    "locale": "en",
    "choice": None,
    "attachments": [],
}


def a_turn(**changes: Any) -> dict[str, Any]:
    return {**TURN, **changes}


def heard(**changes: Any) -> UserMessage:
    """What Rasa is given for such a turn."""
    return to_message(to_turn(json.dumps(a_turn(**changes)).encode()))


def knock(
    *requests: tuple[str, str, bytes],
    secret: str | None = SECRET,
    model: str | None = "model.tar.gz",
    breaks: bool = False,
) -> tuple[list[tuple[int, dict[str, Any]]], list[UserMessage]]:
    """Statuses and answers of these requests, and the messages that reached Rasa."""
    messages: list[UserMessage] = []

    async def hear(message: UserMessage) -> None:
        messages.append(message)
        if breaks:
            raise RuntimeError("broken")

    async def ask() -> list[tuple[int, dict[str, Any]]]:
        app = Sanic("rasa")
        app.blueprint(MakegoodInput().blueprint(hear), url_prefix="/webhooks/makegood")
        app.ctx.agent = SimpleNamespace(processor=model and SimpleNamespace(model_filename=model))
        headers = {} if secret is None else {HEADER: secret}
        answers = []
        async with listening(app) as url, aiohttp.ClientSession(headers=headers) as session:
            for method, path, body in requests:
                target = f"{url}/webhooks/makegood{path}"
                async with session.request(method, target, data=body) as answer:
                    answers.append((answer.status, await answer.json()))

        return answers

    return asyncio.run(ask()), messages


@pytest.fixture(autouse=True)
def _secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAKEGOOD_ACTIONS_SECRET", SECRET)


def test_what_is_to_be_forgotten_is_no_turn() -> None:
    """
    A list of conversations, and nothing else.
    """
    body = json.dumps({"conversations": ["conversation-1", "conversation-2"]}).encode()
    assert to_forget(body) == ["conversation-1", "conversation-2"]
    for wrong in (
        b"{}",
        b"[]",
        b"no json",
        b'{"conversations": ["../etc"]}',
        json.dumps(TURN).encode(),
    ):
        with pytest.raises(MalformedTurn):
            to_forget(wrong)


def test_nobody_forgets_without_the_secret() -> None:
    """
    A stranger can neither ask for it nor learn what would be right.
    """
    answers, _ = knock(("POST", "/forget", b"no json"), secret="wrong")

    assert [status for status, _ in answers] == [401]


def posting(body: bytes) -> tuple[str, str, bytes]:
    return "POST", "/turn", body


def test_a_message_reaches_rasa_and_is_answered_ok() -> None:
    """
    The answer says that Rasa worked it off, and nothing more.
    """
    answers, messages = knock(posting(json.dumps(TURN).encode()))

    assert answers == [(200, {"status": "ok"})]
    assert [message.sender_id for message in messages] == ["conversation-1"]


@pytest.mark.parametrize("secret", [None, "", "wrong", SECRET + "x", "sésame", SECRET.upper()])
def test_nobody_is_heard_without_the_secret(secret: str | None) -> None:
    """
    The secret comes before the message: a stranger does not learn what a good message is.
    """
    answers, messages = knock(posting(b"no json"), secret=secret)

    assert [status for status, _ in answers] == [401]
    assert messages == []


def test_nobody_is_heard_while_there_is_no_secret(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    """
    An empty header is not the secret of a house that has none yet.
    """
    monkeypatch.delenv("MAKEGOOD_ACTIONS_SECRET")
    monkeypatch.setenv("MAKEGOOD_STATE", str(tmp_path))

    answers, _ = knock(posting(json.dumps(TURN).encode()), secret="")

    assert answers[0][0] == 401


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b'"text"',
        b"{",
        b"\xff\xfe{}",
        b"[" * 100_000,
        b'{"fence": ' + b"9" * 100_000 + b"}",
        json.dumps(TURN).replace("7", "NaN").encode(),
        json.dumps(TURN).replace("7", "Infinity").encode(),
        json.dumps(TURN).encode("utf-16"),
        b" " * (LARGEST + 1),
    ],
    ids=lambda body: repr(body[:12]),
)
def test_a_body_that_is_no_json_object_is_refused(body: bytes) -> None:
    """
    Broken, huge, deep and half-JSON bodies are the sender's fault, and cost Rasa nothing.
    """
    answers, messages = knock(posting(body), posting(json.dumps(TURN).encode()))

    assert [status for status, _ in answers] == [400, 200]
    assert len(messages) == 1


@pytest.mark.parametrize("field", ["conversation_id", "message_id", "fence"])
def test_a_message_without_its_ids_is_refused(field: str) -> None:
    """
    Rasa would take every nameless sender for one and the same.
    """
    turn = a_turn()
    del turn[field]

    with pytest.raises(MalformedTurn, match=field):
        to_turn(json.dumps(turn).encode())


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *(
            (field, value)
            for field in ("conversation_id", "message_id")
            for value in (
                None,
                12345678,
                True,
                "",
                "short",
                "x" * 65,
                "Upper-case-1",
                "with space 1",
                "conversation-1\n",
                "conversation-\ud800",
                "конверсация",
                ["conversation-1"],
                {},
            )
        ),
        *(("fence", value) for value in (None, "7", 7.5, -1, True, [7])),
        *(("text", value) for value in (7, True, ["text"], {"text": "text"})),
        *(("locale", value) for value in (7, "", "e", "en; q=1", "en\n", "\ud800\ud800", ["en"])),
        *(("choice", value) for value in (7, "", "x" * 201, ["token"], {})),
        *(
            ("attachments", value)
            for value in (
                None,
                "photo-0001",
                {"0": "photo-0001"},
                [7],
                [None],
                ["../../etc"],
                ["photo-\udfff1"],
                ["photo-0001"] * 21,
            )
        ),
    ],
    ids=repr,
)
def test_a_field_of_a_wrong_shape_is_refused(field: str, value: Any) -> None:
    """
    Nothing is guessed or converted, and the complaint names the field.
    """
    with pytest.raises(MalformedTurn, match=field):
        to_turn(json.dumps(a_turn(**{field: value})).encode())


def test_a_field_that_is_not_known_is_overlooked() -> None:
    """
    Web may be newer than the Rasa process that it talks to.
    """
    assert to_turn(json.dumps(a_turn(mood="fine")).encode()).fence == 7


def test_a_message_carries_who_wrote_it_where() -> None:
    """
    The action finds the message in our store by these.
    """
    message = heard()

    assert message.sender_id == "conversation-1"
    assert message.message_id == "message-1"
    assert message.input_channel == "makegood"
    assert message.metadata == {"message_id": "message-1", "fence": 7, "locale": "en"}


@pytest.mark.parametrize(
    "text",
    ["/restart", "／restart", " \u2003/restart", "\u200b/restart", "/ /restart", "\ud800/restart"],
)
def test_no_text_is_a_command(text: str) -> None:
    """
    Rasa would obey it; here it is a word like any other, for the model to understand.
    """
    message = heard(text=text)

    assert message.text == "restart"
    assert message.parse_data is None


@pytest.mark.parametrize(
    ("turn", "intent"),
    [
        ({"text": None, "choice": "token-1"}, "choose_option"),
        ({"text": "Send a new one", "choice": "token-1"}, "choose_option"),
        ({"text": None, "attachments": ["photo-0001"]}, "photo_sent"),
        ({"text": " \u200b", "attachments": ["photo-0001"]}, "photo_sent"),
        ({"text": None}, "nlu_fallback"),
        ({"text": "///"}, "nlu_fallback"),
        ({"text": "\u200b\ud800"}, "nlu_fallback"),
    ],
)
def test_what_needs_no_understanding_is_not_sent_through_the_model(
    turn: dict[str, Any], intent: str
) -> None:
    """
    A button, a photo without words, and nothing at all.
    """
    parse_data = heard(**turn).parse_data

    assert parse_data["intent"] == {"name": intent, "confidence": 1.0}
    assert parse_data["entities"] == []


def test_words_beside_a_photo_are_understood() -> None:
    """
    "Here is the photo, and where is my refund?" is not only a photo.
    """
    assert heard(text="broken, see photo", attachments=["photo-0001"]).parse_data is None


@pytest.mark.parametrize("name", BAD_INPUT)
def test_bad_input_comes_through_the_door_clean(name: str) -> None:
    """
    Also a lone surrogate, which JSON can write and UTF-8 cannot; so do its clauses.
    """
    body = json.dumps(a_turn(text=BAD_INPUT[name])).encode()

    message = to_message(to_turn(body))
    clauses = split(BAD_INPUT[name])

    assert message.text is not None
    for text in (message.text, *clauses):
        assert text.encode().decode() == text
        assert not text.startswith("/")
    assert len(clauses) <= MOST
    # Silence is known without the model.
    assert (message.parse_data is not None) == (message.text == "")


def test_the_loaded_model_is_told() -> None:
    """
    Web's health page names the model that buyers talk to; who ends Rasa asks for running turns.
    """
    answers, _ = knock(("GET", "/", b""), secret=None)

    assert answers == [(200, {"status": "ok", "model": "model.tar.gz", "turns": 0})]


def test_a_message_names_the_model_that_reads_it() -> None:
    """
    While one model takes another's place, only Rasa itself knows which one read a message.
    """
    _, messages = knock(posting(json.dumps(TURN).encode()))

    assert messages[0].metadata is not None
    assert messages[0].metadata["model"] == "model.tar.gz"


def test_turns_that_run_are_counted() -> None:
    """
    So that a process is not ended in the middle of one; a failed one counts no longer.
    """
    channel, counted = MakegoodInput(), []

    async def hear(message: UserMessage) -> None:
        counted.append(channel.turns)
        raise RuntimeError("broken")

    async def post() -> None:
        app = Sanic("rasa")
        app.blueprint(channel.blueprint(hear), url_prefix="/webhooks/makegood")
        app.ctx.agent = SimpleNamespace(processor=SimpleNamespace(model_filename="model.tar.gz"))
        async with (
            listening(app) as url,
            aiohttp.ClientSession(headers={HEADER: SECRET}) as session,
            session.post(f"{url}/webhooks/makegood/turn", json=TURN) as answer,
        ):
            assert answer.status == 500

    asyncio.run(post())

    assert (counted, channel.turns) == ([1], 0)


def test_texts_are_read_without_a_conversation() -> None:
    """
    A list of texts, and nothing else; a stranger is not answered.
    """
    assert to_texts(b'{"texts": ["hi", "/restart"]}') == ["hi", "/restart"]
    for wrong in (b"{}", b"[]", b'{"texts": []}', b'{"texts": [7]}', b'{"texts": "hi"}'):
        with pytest.raises(MalformedTurn):
            to_texts(wrong)
    answers, _ = knock(("POST", "/read", b"no json"))
    strangers, _ = knock(("POST", "/read", b'{"texts": ["hi"]}'), secret="wrong")
    unready, _ = knock(("POST", "/read", b'{"texts": ["hi"]}'), model=None)

    assert [answers[0][0], strangers[0][0], unready[0][0]] == [400, 401, 503]


def test_without_a_model_nothing_is_taken() -> None:
    """
    Rasa would throw such a message away and say nothing.
    """
    answers, messages = knock(("GET", "/", b""), posting(json.dumps(TURN).encode()), model=None)

    assert [status for status, _ in answers] == [503, 503]
    assert messages == []


def test_a_failure_inside_rasa_is_told_and_survived() -> None:
    """
    Web must not wait for an answer that will not come.
    """
    body = json.dumps(TURN).encode()

    answers, messages = knock(posting(body), posting(body), breaks=True)

    assert [status for status, _ in answers] == [500, 500]
    assert len(messages) == 2
