"""What the classifier keeps of its teaching, and how sure it is."""

import asyncio
from pathlib import Path

import numpy as np
import pytest
from rasa.core.agent import Agent
from rasa.nlu.tokenizers.tokenizer import Token
from scipy.sparse import csr_matrix

from bot.engine.head import train_head
from bot.engine.intent_classifier import from_bytes, to_bytes
from bot.engine.ngrams import NGrams

TEXTS = ["my mug is broken", "my lamp is broken", "where is my mug", "where is my lamp"]


def to_tokens(text: str) -> list[Token]:
    """The words of a text."""
    return [Token(word, 0) for word in text.split()]


def test_what_is_in_few_messages_weighs_more() -> None:
    """
    "Broken" says more than "my".
    """
    ngrams = NGrams()
    ngrams.learn([to_tokens(text) for text in TEXTS])
    words = ngrams.to_numbers()["words"]
    rarity = dict(zip(words["vocabulary"], words["idf"], strict=True))

    assert rarity["broken"] > rarity["my"] >= 1


def test_each_kind_of_feature_has_the_same_say() -> None:
    """
    Words and pieces of words make two blocks of length one, for a long and a short message.
    """
    ngrams = NGrams()
    found = ngrams.learn([to_tokens(text) for text in TEXTS])

    assert np.linalg.norm(found.toarray(), axis=1) == pytest.approx([2**0.5] * 4, abs=1e-5)


def test_learnt_features_are_found_again_after_loading() -> None:
    """
    The vocabulary and the rarities are all that is kept.
    """
    ngrams = NGrams()
    learnt = ngrams.learn([to_tokens(text) for text in TEXTS])

    loaded = NGrams.from_numbers(ngrams.to_numbers())

    assert loaded.find([to_tokens(text) for text in TEXTS]).toarray() == pytest.approx(
        learnt.toarray(), abs=1e-3
    )


def test_a_handful_of_examples_is_learnt_from() -> None:
    """
    Where no word occurs twice, those that occur once have to do.
    """
    assert NGrams().learn([to_tokens("hello there"), to_tokens("good bye")]).shape[1] > 4


def test_confidence_is_no_larger_than_it_should_be() -> None:
    """
    Where a third of the labels is drawn by lot, the head does not claim to be right.
    """
    dice = np.random.default_rng(1)
    features = csr_matrix(dice.normal(size=(400, 5)))
    clear = np.where(features.toarray()[:, 0] > 0, "up", "down")
    noisy = np.where(dice.random(400) < 0.33, dice.choice(["up", "down"], 400), clear)

    sure = train_head(features, list(clear), c=0.3).confidences(features).max(axis=1).mean()
    unsure = train_head(features, list(noisy), c=0.3).confidences(features).max(axis=1).mean()

    assert unsure < 0.9 < sure


def test_the_same_examples_give_the_same_head() -> None:
    """
    Training is repeatable.
    """
    features = csr_matrix(np.random.default_rng(1).normal(size=(60, 5)))
    intents = ["a", "b", "c"] * 20

    first, second = (train_head(features, intents, c=0.3) for _ in range(2))

    assert np.array_equal(first.weights, second.weights)
    assert first.sharpness == second.sharpness


def test_weights_survive_a_byte() -> None:
    """
    In a byte each they are exact to half of a hundredth of their row's largest.
    """
    weights = np.random.default_rng(1).normal(size=(30, 7)).astype(np.float32)

    kept = from_bytes(*to_bytes(weights))

    assert np.abs(kept - weights).max() <= np.abs(weights).max() / 127 / 2 + 1e-6


def test_a_loaded_model_understands_what_it_was_taught(model: Path) -> None:
    """
    Weights, classes and features come back from the archive.
    """
    agent = Agent.load(model)

    def understood(text: str) -> str:
        return asyncio.run(agent.parse_message(text))["intent"]["name"]

    assert understood("hello there") == "greet"
    assert understood("thank you") == "thanks"
    assert understood("my lamp is brokn") == "damaged_item"
