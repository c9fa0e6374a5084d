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
from bot.engine.head import Head, train_head
from bot.engine.ngrams import NGrams

_TEXTS = "heads.json"
_NUMBERS = "heads.npz"


@dataclass(frozen=True, eq=False)
class LanguageHead:
    """What one language was taught: which pieces to look for, and what they speak for."""

    ngrams: NGrams
    head: Head


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
        """`C`: the larger, the closer to the examples; `sense`: the weight of sentence vectors."""
        return {"C": 0.3, "sense": 1.5, "ranking_length": 10}

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
        """Teach a head for each language that has examples of at least two intents."""
        examples = [example for example in training_data.intent_examples if example.get(TEXT)]
        languages = {example.get(LANGUAGE) for example in examples} - {None}
        for language in sorted(languages) or ["en"]:
            own = [one for one in examples if one.get(LANGUAGE) in (language, None)]
            if len({one.get(INTENT) for one in own}) > 1:
                self._heads[language] = self._teach(own)

        self._persist()
        return self._resource

    def _teach(self, examples: list[Message]) -> LanguageHead:
        ngrams = NGrams()
        found = ngrams.learn([_tokens(example) for example in examples])
        intents = [example.get(INTENT) for example in examples]
        features = self._add_sense(found, examples)
        return LanguageHead(ngrams, train_head(features, intents, c=self._config["C"]))

    def _add_sense(self, found: csr_matrix, messages: list[Message]) -> csr_matrix:
        return hstack([found, csr_matrix(self._config["sense"] * to_sense(messages))], format="csr")

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the intent and the ranking of each message."""
        heard = [message for message in messages if message.get(TEXT)]
        for language in {one.get(LANGUAGE) for one in heard}:
            own = [one for one in heard if one.get(LANGUAGE) == language]
            head = self._heads.get(language) or self._first_head()
            if head is not None:
                self._classify(own, head)

        return messages

    def _first_head(self) -> Optional[LanguageHead]:
        """For a message of no language, or of one that nobody taught."""
        return self._heads.get("en") or next(iter(self._heads.values()), None)

    def _classify(self, messages: list[Message], taught: LanguageHead) -> None:
        found = taught.ngrams.find([_tokens(message) for message in messages])
        confidences = taught.head.confidences(self._add_sense(found, messages))
        for message, row in zip(messages, confidences, strict=True):
            best = np.argsort(-row)[: self._config["ranking_length"]]
            ranking = [
                {"name": taught.head.intents[place], "confidence": float(row[place])}
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
                "vocabularies": {name: block["vocabulary"] for name, block in blocks.items()},
            }
            numbers |= {
                f"{language}.weights": small,
                f"{language}.scale": scale,
                f"{language}.shift": taught.head.shift,
                **{f"{language}.{name}": block["idf"] for name, block in blocks.items()},
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
            name: {"vocabulary": vocabulary, "idf": numbers[f"{language}.{name}"]}
            for name, vocabulary in texts["vocabularies"].items()
        }
    )
    weights = from_bytes(numbers[f"{language}.weights"], numbers[f"{language}.scale"])
    head = Head(tuple(texts["intents"]), weights, numbers[f"{language}.shift"], texts["sharpness"])
    return LanguageHead(ngrams, head)


def _tokens(message: Message) -> Any:
    return message.get(TOKENS_NAMES[TEXT]) or []


def to_sense(messages: list[Message]) -> NDArray[np.float32]:
    """The dense features of each message beside each other: `[messages, d]`."""
    rows = np.stack(
        [
            np.concatenate(
                [
                    np.zeros(0, np.float32),
                    *(
                        features.features[0]
                        for features in message.features
                        if _is_of_sentence(features) and features.is_dense()
                    ),
                ]
            )
            for message in messages
        ]
    )
    return np.asarray(rows, np.float32)


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
