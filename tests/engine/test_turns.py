"""Whole turns: from web's knock to the action server and back, in a Rasa that serves."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from sanic.response import text as text_response

from tests.engine.rasa_process import NOTHING, SECRET, ActionServerStub, Rasa, serving

Talk = Callable[[Rasa], Awaitable[None]]
Play = Callable[..., ActionServerStub]


@pytest.fixture
def play(model: Path, monkeypatch: pytest.MonkeyPatch) -> Play:
    """Lets a conversation happen; what the action server saw of it."""
    monkeypatch.setenv("MAKEGOOD_ACTIONS_SECRET", SECRET)

    def run(talk: Talk, answer: Callable[[dict[str, Any]], Any] = lambda call: NOTHING) -> Any:
        async def scene() -> ActionServerStub:
            actions = ActionServerStub(answer)
            async with serving(model, actions) as rasa:
                await talk(rasa)
            return actions

        return asyncio.run(scene())

    return run


def says(*texts: str) -> Talk:
    """A buyer who writes these, each heard without complaint."""

    async def talk(rasa: Rasa) -> None:
        for text in texts:
            assert await rasa.hears(text) == 200

    return talk


def test_one_message_is_one_action(play: Play) -> None:
    """
    Heard, understood, routed by a rule, and then Rasa listens again.
    """
    actions = play(says("hello", "the mug from order DEMO-1003 is broken", "I want a person"))

    assert actions.actions == ["action_answer", "action_run_playbook", "action_hand_off"]
    heard = actions.calls[1]["tracker"]["latest_message"]
    assert heard["intent"]["name"] == "damaged_item"
    assert [each["value"] for each in heard["entities"]] == ["mug", "DEMO-1003"]


def test_the_action_server_is_told_who_speaks_and_no_more_than_it_needs(play: Play) -> None:
    """
    Conversation, message, fence and the model that reads; no domain, and not the whole past.
    """
    actions = play(says(*["hello"] * 3))

    call = actions.calls[-1]
    assert call["sender_id"] == "conversation-1"
    assert call["tracker"]["latest_message"]["metadata"] == {
        "message_id": "message-3",
        "fence": 3,
        "locale": None,
        "model": "small.tar.gz",
    }
    assert call["tracker"]["latest_input_channel"] == "makegood"
    assert call["domain"] == {}


def test_every_call_shows_the_secret_over_one_connection(play: Play) -> None:
    """
    The action server believes nobody else, and a new connection for each call costs time.
    """
    actions = play(says(*["hello"] * 5))

    assert actions.secrets == [SECRET] * 5
    assert len(actions.connections) == 1


def test_the_last_call_of_a_long_conversation_is_as_short_as_the_third(play: Play) -> None:
    """
    Nothing that Rasa sends or reads grows with the conversation.
    """
    actions = play(says(*["hello"] * 40))

    events = [len(call["tracker"]["events"]) for call in actions.calls]
    assert set(events[2:]) == {events[2]}


@pytest.mark.parametrize("text", ["/human_agent", "／human_agent", '/human_agent{"case": "7"}'])
def test_a_command_is_read_as_words(play: Play, text: str) -> None:
    """
    A buyer does not choose intent, slots and confidence.
    """
    [call] = play(says(text)).calls

    heard = call["tracker"]["latest_message"]
    assert heard["text"].startswith("human_agent")
    assert heard["intent"]["confidence"] < 1
    assert call["tracker"]["slots"]["case"] is None


def test_a_pressed_button_goes_to_the_case(play: Play) -> None:
    """
    Whatever its label says, and without a guess by the model.
    """

    async def press(rasa: Rasa) -> None:
        assert await rasa.hears("I want a person", choice="token-1") == 200

    [call] = play(press).calls

    assert call["next_action"] == "action_continue_case"
    assert call["tracker"]["latest_message"]["intent"] == {
        "name": "choose_option",
        "confidence": 1.0,
    }


@pytest.mark.parametrize("text", ["", " \n", "\u200b", "//", "\ud800"])
def test_silence_is_asked_again(play: Play, text: str) -> None:
    """
    Nothing visible was written; the model is not asked to guess.
    """
    assert play(says(text)).actions == ["action_clarify"]


def test_slots_are_remembered_for_readers(play: Play) -> None:
    """
    An action sets them; the next call tells them.
    """
    slot = {"event": "slot", "timestamp": None, "name": "case", "value": "case-1"}

    actions = play(says("hello", "hello"), lambda call: {"events": [slot], "responses": []})

    assert actions.calls[1]["tracker"]["slots"]["case"] == "case-1"


@pytest.mark.parametrize(
    "answer",
    [
        lambda call: text_response("broken", status=500),
        lambda call: text_response("no json"),
        lambda call: [],
        lambda call: {"events": [{"event": "slot"}], "responses": []},
        lambda call: {"events": [{"event": "what is this"}], "responses": []},
    ],
    ids=["error", "no json", "a list", "half an event", "an unknown event"],
)
def test_an_action_that_fails_does_not_stop_the_conversation(
    play: Play, answer: Callable[[dict[str, Any]], Any]
) -> None:
    """
    Web sees in the store that nothing was answered; Rasa is ready for the next message.
    """
    actions = play(says("hello", "I want a person"), answer)

    assert actions.actions == ["action_answer", "action_hand_off"]


def test_conversations_at_once_do_not_mix(play: Play) -> None:
    """
    Rasa works on several while their actions are on the way.
    """

    async def crowd(rasa: Rasa) -> None:
        await asyncio.gather(
            *(rasa.hears("hello", conversation=f"conversation-{buyer}") for buyer in range(8))
        )

    actions = play(crowd)

    assert {call["sender_id"] for call in actions.calls} == {f"conversation-{n}" for n in range(8)}
    assert len({call["tracker"]["latest_message"]["message_id"] for call in actions.calls}) == 8
