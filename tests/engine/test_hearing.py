"""What the model hears in clauses, and how it reaches the actions."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from rasa.core.agent import load_agent
from rasa.core.channels.channel import UserMessage

from bot.engine.hearing import hear_clauses
from tests.engine.rasa_process import SECRET, ActionServerStub, Rasa, serving

TWO = "Hello! The mug from order DEMO-1003 is broken. Also, I want a person"
UNSURE = "blue yes seven"
ON_THE_WAY = [
    {
        "text": "The mug from order DEMO-1003 is broken.",
        "intent": "damaged_item",
        "entities": [
            {"entity": "product", "value": "mug", "start": 4, "end": 7},
            {"entity": "order_number", "value": "DEMO-1003", "start": 19, "end": 28},
        ],
    },
    {"text": "I want a person", "intent": "human_agent", "entities": []},
]


def told(model: Path, **turn: Any) -> dict[str, Any]:
    """The metadata with which such a message reaches the action server."""

    async def scene() -> ActionServerStub:
        actions = ActionServerStub()
        async with serving(model, actions) as rasa:
            await ask(rasa)
        return actions

    async def ask(rasa: Rasa) -> None:
        assert await rasa.hears(turn.get("text"), choice=turn.get("choice")) == 200

    [call] = asyncio.run(scene()).calls
    metadata: dict[str, Any] = call["tracker"]["latest_message"]["metadata"]
    return metadata


@pytest.fixture(autouse=True)
def _secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAKEGOOD_ACTIONS_SECRET", SECRET)


def test_two_matters_reach_the_action_server(model: Path) -> None:
    """
    In the metadata, in their order, with entities that count in the clause.
    """
    clauses = told(model, text=TWO)["clauses"]

    confidences = [clause.pop("confidence") for clause in clauses]
    assert clauses == ON_THE_WAY
    assert all(0.3 < confidence <= 1 for confidence in confidences)


@pytest.mark.parametrize(
    "turn",
    [
        {"text": "the mug from order DEMO-1003 is broken"},
        {"text": "Hello! I want a person. Thanks!"},
        {"text": TWO, "choice": "token-1"},
        {"text": None, "choice": "token-1"},
    ],
    ids=["one clause", "one and manners", "a button with words", "a button"],
)
def test_where_one_thing_is_said_no_clauses_are_told(model: Path, turn: dict[str, Any]) -> None:
    """
    The message says it all, or its button does.
    """
    assert "clauses" not in told(model, **turn)


def test_a_clause_is_heard_as_it_would_be_alone(model: Path) -> None:
    """
    Going through the graph together changes nothing; and what the model is not sure of, it leaves.
    """
    texts = [UNSURE, "the lamp came broken", UNSURE, "many thanks", "my number is #1005"]

    async def hear() -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        processor = (await load_agent(str(model))).processor
        alone = [await processor.parse_message(UserMessage(text)) for text in texts]
        return hear_clauses(processor, texts), alone

    heard, alone = asyncio.run(hear())
    sure = [parsed for parsed in alone if parsed["intent"]["name"] != "nlu_fallback"]

    assert [clause["text"] for clause in heard] == [texts[1], *texts[3:]]
    assert [clause["intent"] for clause in heard] == [one["intent"]["name"] for one in sure]
    assert [clause["confidence"] for clause in heard] == pytest.approx(
        [one["intent"]["confidence"] for one in sure]
    )
    assert [[each["value"] for each in clause["entities"]] for clause in heard] == [
        ["lamp"], [], ["#1005"],
    ]  # fmt: skip
