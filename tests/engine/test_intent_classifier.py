"""What the classifier keeps of its teaching, and how sure it is."""

import asyncio
from pathlib import Path

import numpy as np
import pytest
from rasa.core.agent import Agent
from rasa.nlu.tokenizers.tokenizer import Token
from rasa.shared.nlu.constants import INTENT
from rasa.shared.nlu.training_data.message import Message
from scipy.sparse import csr_matrix

from bot.engine.buyer_tokenizer import LANGUAGE
from bot.engine.familiarity import Familiarity, learn_familiarity
from bot.engine.head import FEW, train_head
from bot.engine.intent_classifier import from_bytes, to_bytes, to_languages
from bot.engine.ngrams import NGrams, learn_ngrams

TEXTS = ["my mug is broken", "my lamp is broken", "where is my mug", "where is my lamp"]


def to_tokens(text: str) -> list[Token]:
    """The words of a text."""
    return [Token(word, 0) for word in text.split()]


def test_what_is_in_few_messages_weighs_more() -> None:
    """
    "Broken" says more than "my".
    """
    ngrams, _ = learn_ngrams([to_tokens(text) for text in TEXTS])
    words = ngrams.to_numbers()["words"]
    rarity = dict(zip(words["vocabulary"], words["rarity"], strict=True))

    assert rarity["broken"] > rarity["my"] >= 1


def test_each_kind_of_feature_has_the_same_say() -> None:
    """
    Words and pieces of words make two blocks of length one, for a long and a short message.
    """
    _, found = learn_ngrams([to_tokens(text) for text in TEXTS])

    assert np.linalg.norm(found.toarray(), axis=1) == pytest.approx([2**0.5] * 4, abs=1e-5)


@pytest.mark.parametrize("text", [*TEXTS, "my mug is my mug", "a bróken 👍 lamp", "nothing", ""])
def test_a_message_has_the_features_that_it_had_while_learning(text: str) -> None:
    """
    They are found without scikit-learn's matrices, and after loading, and are the same.
    """
    ngrams, found = learn_ngrams([to_tokens(one) for one in [*TEXTS, text, text]])
    row = np.zeros(len(ngrams))

    places, weights = NGrams.from_numbers(ngrams.to_numbers()).find(to_tokens(text))
    row[places] = weights

    assert row == pytest.approx(found.toarray()[-1], abs=1e-3)


def test_a_handful_of_examples_is_learnt_from() -> None:
    """
    Where no word occurs twice, those that occur once have to do.
    """
    ngrams, _ = learn_ngrams([to_tokens("hello there"), to_tokens("good bye")])

    assert len(ngrams) > 4


def test_a_language_needs_half_of_the_intents_for_a_head_of_its_own() -> None:
    """
    Otherwise its messages would never be understood as one of the others.
    """

    def example(language: "str | None", intent: str) -> Message:
        return Message({LANGUAGE: language, INTENT: intent})

    english = [example("en", intent) for intent in "abcd"]
    russian = [example("ru", intent) for intent in "ab"]

    assert to_languages(english + russian) == ["en", "ru"]
    assert to_languages(english + russian[:1]) == ["en"]
    assert to_languages(russian) == ["ru"]
    assert to_languages([example(None, intent) for intent in "ab"]) == ["en"]


def test_a_message_like_one_out_of_scope_is_strange() -> None:
    """
    Nearer to that than to any example of the intent; a message without a vector is not.
    """
    dice = np.random.default_rng(1)
    middles = np.eye(3, 60) * 5
    vectors = np.concatenate([dice.normal(size=(40, 60)) * 0.3 + middle for middle in middles])
    intents = ["refund"] * 40 + ["thanks"] * 40 + ["out_of_scope"] * 40
    familiar = learn_familiarity(vectors, intents, ["out_of_scope", "refund", "thanks"])
    assert familiar is not None
    loaded = Familiarity.from_numbers(familiar.to_numbers(), familiar.strange)

    assert not loaded.is_strange(middles[0], 1)
    assert loaded.is_strange(middles[2], 1)
    assert not loaded.is_strange(np.zeros(60), 1)


def test_confidence_is_no_larger_than_it_should_be() -> None:
    """
    Where a third of the labels is drawn by lot, the head does not claim to be right.
    """
    dice = np.random.default_rng(1)
    features = csr_matrix(dice.normal(size=(400, 5)))
    clear = np.where(features.toarray()[:, 0] > 0, "up", "down")
    noisy = np.where(dice.random(400) < 0.33, dice.choice(["up", "down"], 400), clear)

    def sureness(intents: list[str]) -> float:
        head = train_head(features, intents, c=0.3)
        rows = features.toarray()
        return float(np.mean([head.confidences(np.arange(5), row).max() for row in rows]))

    sure, unsure = sureness(list(clear)), sureness(list(noisy))

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


@pytest.mark.parametrize("size", [60, FEW + 60], ids=["few", "many"])
@pytest.mark.parametrize("intents", [2, 5])
def test_few_and_many_examples_are_learnt(size: int, intents: int) -> None:
    """
    By two kinds of machine, of two intents as of more: each example is understood.
    """
    names = [f"intent {number % intents}" for number in range(size)]
    told = np.eye(intents)[[number % intents for number in range(size)]]
    features = csr_matrix(told + np.random.default_rng(1).normal(size=told.shape) * 0.05)

    head = train_head(features, names, c=0.3)

    places = np.arange(intents)
    for row, name in zip(features.toarray()[:20], names[:20], strict=True):
        assert head.intents[int(head.confidences(places, row).argmax())] == name


def test_many_examples_are_calibrated_as_many() -> None:
    """
    Half of them would be few, and the sharpness of another machine makes nobody sure of anything.
    """
    size = FEW + FEW // 2
    names = [f"intent {number % 5}" for number in range(size)]
    features = csr_matrix(np.eye(5)[[number % 5 for number in range(size)]])

    head = train_head(features, names, c=0.3)

    assert head.confidences(np.arange(5), np.eye(5)[0]).max() > 0.95


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
