"""Sentence vectors as features: what a message means, however it is worded."""

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.constants import FEATURIZER_CLASS_ALIAS
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.engine.buyer_tokenizer import HEARD, LANGUAGE
from bot.engine.encoders import Encoder, open_encoder

# Training and the trained model in one process (tests, a comparison) share the weights.
_opened = lru_cache(maxsize=8)(open_encoder)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class SentenceEncoder(GraphComponent):
    """
    A sentence feature `[1, d]` by the encoder of the message's language.

    The encoders' vectors lie side by side, each in its own columns, and those of the other
    languages are zero. A message of no language (a number, an emoji) has only zeros.
    """

    def __init__(self, encoders: dict[str, Encoder], name: str) -> None:
        self._encoders = encoders
        self._name = name
        self._starts: dict[str, int] = {}
        self.width = 0
        for language, encoder in encoders.items():
            self._starts[language] = self.width
            self.width += encoder.width

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`encoders`: for each language `minilm`, `multilingual`, or a folder with a BERT model."""
        return {
            "encoders": {"en": "minilm", "ru": "multilingual"},
            FEATURIZER_CLASS_ALIAS: None,
        }

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "SentenceEncoder":
        """The encoders that the configuration names; their weights are no part of the model."""
        encoders = {language: _opened(name) for language, name in config["encoders"].items()}
        return cls(encoders, config[FEATURIZER_CLASS_ALIAS] or execution_context.node_name)

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """The same for every example."""
        self.process(training_data.training_examples)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the feature to each message that has a text."""
        heard = [message for message in messages if message.get(TEXT)]
        vectors = np.zeros((len(heard), self.width), np.float32)
        for language, encoder in self._encoders.items():
            rows = [row for row, one in enumerate(heard) if one.get(LANGUAGE) == language]
            if rows:
                columns = slice(self._starts[language], self._starts[language] + encoder.width)
                vectors[rows, columns] = encoder.encode([heard[row].get(HEARD) for row in rows])
        for message, vector in zip(heard, vectors, strict=True):
            message.add_features(self._to_feature(vector[np.newaxis]))

        return messages

    def _to_feature(self, vector: NDArray[np.float32]) -> Features:
        return Features(vector, FEATURE_TYPE_SENTENCE, TEXT, self._name)
