"""
Which intent a message carries, by the words, the pieces of words and the sense of it.

Each language has a head of its own, taught by its examples and by those that belong to none (a
number, an emoji). One head for both was tried: larger, slower, and half a point worse.
"""

import json
from dataclasses import dataclass
from typing import Any, Optional

import numpy as np
from numpy.typing import NDArray
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier as RasaIntentClassifier
from rasa.nlu.constants import TOKENS_NAMES
from rasa.shared.nlu.constants import (
    FEATURE_TYPE_SENTENCE,
    INTENT,
    INTENT_RANKING_KEY,
    TEXT,
)
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.sparse import csr_matrix, hstack

from bot.engine.buyer_tokenizer import LANGUAGE
from bot.engine.familiarity import OUT_OF_SCOPE, Familiarity, learn_familiarity, to_nearness
from bot.engine.head import Head, train_head
from bot.engine.ngrams import NGrams, learn_ngrams

_TEXTS = "heads.json"
_NUMBERS = "heads.npz"

NEARNESS = "nearness"
"""
How like the message is to the nearest training example of its language, whatever that means.

A cosine from -1 to 1 in the reduced space of `bot.engine.familiarity`. Not set where nothing can
be compared: without a sentence vector, or in a model without examples out of scope.
"""
FEW_AN_INTENT = 30
"""Examples up to which the sense of a message says more than its words."""


@dataclass(frozen=True, eq=False)
class LanguageHead:
    """What one language was taught: which pieces to look for, and what they speak for."""

    ngrams: NGrams
    head: Head
    sense: float
    """What its sentence vectors were multiplied by."""
    familiarity: Optional[Familiarity]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class IntentClassifier(GraphComponent, RasaIntentClassifier):
    """
    A head for each language over all features of the message.

    Words, pieces of words and the dense features of the pipeline make three blocks, each row of
    each of length one; the dense ones count `sense` times.
    """

    def __init__(
        self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource
    ) -> None:
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._heads: dict[str, LanguageHead] = {}

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """
        The classifier's choices.

        `C`: the larger, the closer to the examples. `sense`: the weight of sentence vectors, and
        `sense_of_few` where an intent has fewer than `FEW_AN_INTENT` examples on average.
        `strangeness`: what is left of the confidence in a message that is more like an example
        out of scope than like any of its intent.
        """
        return {
            "C": 0.3,
            "sense": 1.0,
            "sense_of_few": 2.0,
            "strangeness": 0.5,
            "ranking_length": 10,
        }

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "IntentClassifier":
        """An untaught classifier."""
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Teach a head for each language that can stand alone; the others join the largest."""
        examples = [example for example in training_data.intent_examples if example.get(TEXT)]
        alone = to_languages(examples)
        for language in alone:
            # What belongs to no head of its own is taught to the first.
            others = {None} if language != alone[0] else None
            self._heads[language] = self._teach(
                [
                    one
                    for one in examples
                    if one.get(LANGUAGE) == language
                    or (one.get(LANGUAGE) in others if others else one.get(LANGUAGE) not in alone)
                ]
            )
        self._persist()
        return self._resource

    def _teach(self, examples: list[Message]) -> LanguageHead:
        ngrams, found = learn_ngrams([_tokens(example) for example in examples])
        intents = [example.get(INTENT) for example in examples]
        vectors = np.stack([to_sense(example) for example in examples])
        few = len(intents) < FEW_AN_INTENT * len(set(intents))
        sense = self._config["sense_of_few" if few else "sense"]
        features = hstack([found, csr_matrix(sense * vectors)], format="csr")
        head = train_head(features, intents, c=self._config["C"])
        familiarity = learn_familiarity(vectors, intents, head.intents)
        return LanguageHead(ngrams, head, sense, familiarity)

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the intent, the ranking and the nearness of each message."""
        first = next(iter(self._heads.values()), None)
        for message in messages:
            taught = self._heads.get(message.get(LANGUAGE), first)
            if taught is not None and message.get(TEXT):
                self._classify(message, taught)

        return messages

    def _classify(self, message: Message, taught: LanguageHead) -> None:
        places, weights = taught.ngrams.find(_tokens(message))
        sense = to_sense(message)
        told = np.flatnonzero(sense)
        confidences = taught.head.confidences(
            np.concatenate([places, told + len(taught.ngrams)]),
            np.concatenate([weights, taught.sense * sense[told]]),
        )
        best = np.argsort(-confidences)[: self._config["ranking_length"]]
        likeness = taught.familiarity.compare(sense) if taught.familiarity else None
        if taught.familiarity and likeness is not None:
            message.set(NEARNESS, to_nearness(likeness), add_to_output=True)
            if taught.familiarity.is_strange(likeness, int(best[0])):
                confidences = confidences * self._config["strangeness"]
        ranking = [
            {"name": taught.head.intents[place], "confidence": float(confidences[place])}
            for place in best
        ]
        message.set(INTENT, ranking[0], add_to_output=True)
        message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)

    def _persist(self) -> None:
        texts: dict[str, Any] = {}
        numbers: dict[str, NDArray[Any]] = {}
        for language, taught in self._heads.items():
            blocks = taught.ngrams.to_numbers()
            small, scale = to_bytes(taught.head.weights)
            texts[language] = {
                "intents": taught.head.intents,
                "sharpness": taught.head.sharpness,
                "sense": taught.sense,
                "vocabularies": {name: block["vocabulary"] for name, block in blocks.items()},
            }
            numbers |= {
                f"{language}.weights": small,
                f"{language}.scale": scale,
                f"{language}.shift": taught.head.shift,
                **{f"{language}.{name}": block["rarity"] for name, block in blocks.items()},
                **{
                    f"{language}.familiar.{name}": value
                    for name, value in (
                        taught.familiarity.to_numbers() if taught.familiarity else {}
                    ).items()
                },
            }
        with self._model_storage.write_to(self._resource) as folder:
            (folder / _TEXTS).write_text(json.dumps(texts, ensure_ascii=False), "utf-8")
            np.savez_compressed(folder / _NUMBERS, **numbers)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> "IntentClassifier":
        """The classifier as it was taught."""
        component = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            texts = json.loads((folder / _TEXTS).read_text("utf-8"))
            with np.load(folder / _NUMBERS) as numbers:
                component._heads = {
                    language: _to_head(language, one, numbers) for language, one in texts.items()
                }
        return component


def _to_head(language: str, texts: dict[str, Any], numbers: Any) -> LanguageHead:
    ngrams = NGrams.from_numbers(
        {
            name: {"vocabulary": vocabulary, "rarity": numbers[f"{language}.{name}"]}
            for name, vocabulary in texts["vocabularies"].items()
        }
    )
    weights = from_bytes(numbers[f"{language}.weights"], numbers[f"{language}.scale"])
    head = Head(tuple(texts["intents"]), weights, numbers[f"{language}.shift"], texts["sharpness"])
    kept = {
        name.removeprefix(f"{language}.familiar."): numbers[name]
        for name in numbers
        if name.startswith(f"{language}.familiar.")
    }
    strange = head.intents.index(OUT_OF_SCOPE) if kept else 0
    familiarity = Familiarity.from_numbers(kept, strange) if kept else None
    return LanguageHead(ngrams, head, texts["sense"], familiarity)


def _tokens(message: Message) -> Any:
    return message.get(TOKENS_NAMES[TEXT]) or []


def to_sense(message: Message) -> NDArray[np.float32]:
    """The dense features of a message beside each other: `[d]`, of length none without any."""
    found = [
        features.features[0]
        for features in message.features
        if _is_of_sentence(features) and features.is_dense()
    ]
    return np.concatenate([np.zeros(0, np.float32), *found])


def to_languages(examples: list[Message]) -> list[str]:
    """
    The languages that get a head of their own, that with the most examples first.

    One in which fewer than half of the intents are taught would never hear the others. Without
    any, all examples are taught to one head, under the name `en`.
    """
    intents: dict[str, set[str]] = {}
    counts: dict[str, int] = {}
    for example in examples:
        if language := example.get(LANGUAGE):
            intents.setdefault(language, set()).add(example.get(INTENT))
            counts[language] = counts.get(language, 0) + 1
    every = {example.get(INTENT) for example in examples}
    able = [one for one, own in intents.items() if 2 * len(own) >= len(every) and len(own) > 1]
    if len(every) > 1 and not able:
        return ["en"]
    return sorted(able, key=lambda one: -counts[one])


def _is_of_sentence(features: Any) -> bool:
    return bool(features.attribute == TEXT and features.type == FEATURE_TYPE_SENTENCE)


def to_bytes(weights: NDArray[np.float32]) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """The weights in steps of an 127th of the largest in their row, and those steps."""
    scale = np.abs(weights).max(axis=1, keepdims=True) / 127 + 1e-12
    return np.round(weights / scale).astype(np.int8), scale.astype(np.float32)


def from_bytes(small: NDArray[np.int8], scale: NDArray[np.float32]) -> NDArray[np.float32]:
    """The weights that `to_bytes` took apart, but for their rounding."""
    weights: NDArray[np.float32] = np.multiply(small, scale)
    return weights
