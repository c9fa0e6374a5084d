"""The weights of words, and that a trained model keeps them."""

import asyncio
from pathlib import Path

import numpy as np
import pytest
from rasa.core.agent import Agent
from scipy.sparse import csr_matrix

from bot.engine.intent_classifier import to_rarity, weigh

COUNTS = csr_matrix([[1, 0, 2], [1, 1, 0], [1, 0, 0], [0, 0, 0]])


def test_what_is_in_few_messages_weighs_more() -> None:
    """
    "Broken" says more than "my".
    """
    often, once, _ = to_rarity(COUNTS)

    assert 1 < often < once


def test_a_long_message_has_no_more_say_than_a_short_one() -> None:
    """
    Each row has length one, and one without a known piece stays empty.
    """
    rows = weigh(COUNTS, to_rarity(COUNTS)).toarray()

    assert np.linalg.norm(rows, axis=1) == pytest.approx([1, 1, 1, 0])


def test_a_word_said_twice_does_not_count_double() -> None:
    """
    "Please please please" is still about something else.
    """
    rarity = np.ones(2)

    once, thrice = weigh(csr_matrix([[1, 1], [3, 1]]), rarity).toarray()

    assert once[0] / once[1] < thrice[0] / thrice[1] < 3


def test_a_loaded_model_understands_what_it_was_taught(model: Path) -> None:
    """
    Weights, classes and C come back from the archive.
    """
    agent = Agent.load(model)

    def understood(text: str) -> str:
        return asyncio.run(agent.parse_message(text))["intent"]["name"]

    assert understood("hello there") == "greet"
    assert understood("thank you") == "thanks"
    assert understood("my lamp is brokn") == "damaged_item"
