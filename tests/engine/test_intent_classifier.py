"""What the classifier keeps of its teaching, and how sure it is."""

import asyncio
import json
from pathlib import Path
from typing import cast

import numpy as np
import pytest
from numpy.typing import NDArray
from rasa.core.agent import Agent
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.nlu.constants import TOKENS_NAMES
from rasa.nlu.tokenizers.tokenizer import Token
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, INTENT, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.sparse import csr_matrix

from bot.engine.buyer_tokenizer import LANGUAGE
from bot.engine.familiarity import Familiarity, learn_familiarity, to_nearness
from bot.engine.head import FEW, train_head
from bot.engine.intent_classifier import (
    NEARNESS,
    IntentClassifier,
    from_bytes,
    to_bytes,
    to_languages,
)
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


MIDDLES = np.eye(3, 60) * 5
VECTORS = np.concatenate(
    [np.random.default_rng(1).normal(size=(40, 60)) * 0.3 + middle for middle in MIDDLES]
)


@pytest.fixture
def familiar() -> Familiarity:
    """What three intents are like, the last of them out of scope, after loading."""
    intents = ["refund"] * 40 + ["thanks"] * 40 + ["out_of_scope"] * 40
    learnt = learn_familiarity(VECTORS, intents, ["out_of_scope", "refund", "thanks"])
    assert learnt is not None
    return Familiarity.from_numbers(learnt.to_numbers(), learnt.strange)


def test_a_message_like_one_out_of_scope_is_strange(familiar: Familiarity) -> None:
    """
    Nearer to that than to any example of the intent.
    """
    ours, strange = familiar.compare(MIDDLES[0]), familiar.compare(MIDDLES[2])
    assert ours is not None
    assert strange is not None

    assert not familiar.is_strange(ours, 1)
    assert familiar.is_strange(strange, 1)


def test_a_message_without_a_vector_is_like_nothing(familiar: Familiarity) -> None:
    """
    That is not the same as far away.
    """
    assert familiar.compare(np.zeros(60)) is None


def test_an_example_is_nearest_to_itself(familiar: Familiarity) -> None:
    """
    By 1, but for the rounding of what is kept, and never more.
    """
    for vector in VECTORS:
        likeness = familiar.compare(vector)
        assert likeness is not None
        assert 0.97 < to_nearness(likeness) <= 1


def test_what_lies_elsewhere_is_far_from_every_example(familiar: Familiarity) -> None:
    """
    In whatever direction that is.
    """
    likeness = familiar.compare(np.eye(60)[50] * 5)
    assert likeness is not None

    assert -1 <= to_nearness(likeness) < 0.7


def a_message(text: str, language: str, sense: NDArray[np.float64], intent: str = "") -> Message:
    """As it comes to the classifier, with that sentence vector."""
    vector = sense[np.newaxis].astype(np.float32)
    return Message(
        {TEXT: text, LANGUAGE: language, INTENT: intent, TOKENS_NAMES[TEXT]: to_tokens(text)},
        features=[Features(vector, FEATURE_TYPE_SENTENCE, TEXT, "test")],
    )


def test_each_message_says_how_near_the_nearest_example_of_its_language_is(
    tmp_path: Path,
) -> None:
    """
    In what Rasa tells the actions, and after loading; without a vector there is no word of it.
    """
    names = ("refund", "thanks", "out_of_scope")
    examples = [
        a_message(f"{language} {names[row // 40]}", language, vector, names[row // 40])
        for language, vectors in (("en", VECTORS), ("ru", np.roll(VECTORS, 30, axis=1)))
        for row, vector in enumerate(vectors)
    ]
    storage, resource = LocalModelStorage(tmp_path), Resource("classifier")
    config = IntentClassifier.get_default_config()
    IntentClassifier(config, storage, resource).train(TrainingData(examples))
    loaded = IntentClassifier.load(config, storage, resource, ExecutionContext(GraphSchema({})))

    def nearness(language: str, vector: NDArray[np.float64]) -> float | None:
        (message,) = loaded.process([a_message("en refund", language, vector)])
        said = json.loads(json.dumps(message.as_dict(only_output_properties=True)))
        return cast("float | None", said.get(NEARNESS))

    english, silence = VECTORS[0], np.zeros(60)
    own, other = nearness("en", english), nearness("ru", english)
    assert own == pytest.approx(1, abs=0.03)
    assert nearness("ru", np.roll(english, 30)) == pytest.approx(1, abs=0.03)
    assert other is not None
    assert other < 0.7
    assert nearness("en", silence) is None


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
