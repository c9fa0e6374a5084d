"""`rasa shell`: a developer's lines are messages too, and are answered there."""

from typing import Any

import pytest

from bot.services.take_turn import take_turn
from bot.store.tables import conversations, messages
from tests.actions.calls import Line, recorded

pytestmark = pytest.mark.anyio


def typed(text: str, payload: str = "hello", sender: str = "c0ffee") -> dict[str, Any]:
    """The call that a line in the shell leads to."""
    call = recorded(payload)
    call["sender_id"] = call["tracker"]["sender_id"] = sender
    call["tracker"]["latest_input_channel"] = "cmdline"
    for event in call["tracker"]["events"]:
        if event["event"] == "user":
            event["input_channel"] = "cmdline"
    call["tracker"]["latest_message"] |= {"text": text, "metadata": {}}

    return call


async def test_a_line_is_answered_in_the_shell(line: Line):
    """
    Its words come back through Rasa, because nobody else would show them.
    """
    answer = await line.executor.run(typed("hello there"))

    assert [one["text"] for one in answer.responses] == ["{}"]
    said = [row["text"] for row in line.shop.rows(messages) if row["sender"] == "buyer"]
    assert said == ["hello there"]


async def test_lines_of_one_shell_are_one_conversation(line: Line):
    """
    So that a developer can walk through a playbook.
    """
    for _ in range(3):
        assert (await line.executor.run(typed("hi"))).responses

    shells = [row for row in line.shop.rows(conversations) if str(row["id"]).startswith("shell-")]
    assert [row["id"] for row in shells] == ["shell-c0ffee"]
    assert shells[0]["last_seq"] == 6


async def test_another_shell_is_another_conversation(line: Line):
    """
    Each has Rasa's own id of it, however long that is.
    """
    for sender in ("one", "two", "x" * 500):
        assert (await line.executor.run(typed("hi", sender=sender))).responses

    assert len(line.shop.rows(conversations)) == 4


async def test_no_web_process_takes_a_shell_for_left_behind(line: Line, monkeypatch):
    """
    While its turn is taken, the message is somebody's work.
    """
    seen = []

    def looks(house, heard):
        with house.units.reading() as unit:
            seen.append(unit.conversations.left_behind(house.clock()))
        return take_turn(house, heard)

    monkeypatch.setattr("actions.turn_actions.take_turn", looks)

    await line.executor.run(typed("hi"))

    assert seen == [()]


async def test_an_empty_line_is_answered_too(line: Line):
    """
    Whatever a developer's keyboard makes of it.
    """
    for text in ("", "   ", "/restart", "\0"):
        assert (await line.executor.run(typed(text))).responses


async def test_buyers_cannot_pretend_to_be_a_shell(line: Line):
    """
    A call that names a message of ours comes from our channel; its words stay in the store.
    """
    answer = await line.hears("hello")

    assert answer.responses == []


async def test_a_shell_without_a_demo_shop_breaks_nothing(line: Line, monkeypatch, caplog):
    """
    The store was not loaded yet: the log says what is missing.
    """
    monkeypatch.setattr("actions.console.STORE", "nowhere")

    answer = await line.executor.run(typed("hi"))

    assert (answer.events, answer.responses) == ([], [])
    assert "FOREIGN KEY" in caplog.text
