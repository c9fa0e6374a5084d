"""
The entities of a message as Rasa wants them: an extractor that learns nothing but its patterns.

Training copies data/entities into the model, so that a model finds tomorrow what it found when it
was made, whatever has become of the files.
"""

from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Optional

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, METADATA, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.engine.entities.finder import Entity, EntityFinder
from bot.engine.entities.pattern_files import read_patterns
from bot.engine.entities.patterns import Patterns

_ROOT = Path(__file__).resolve().parents[2]
_FILE = "patterns.json"


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR,
    is_trainable=True,
)
class EntityExtractor(GraphComponent, EntityExtractorMixin):
    """
    Finds what the pattern files describe; data/entities/README.md describes them.

    Days are read as seen from the message's metadata `today` (an ISO date), or from today.
    """

    def __init__(self, patterns: Patterns, model_storage: ModelStorage, resource: Resource) -> None:
        self._patterns = patterns
        self._model_storage = model_storage
        self._resource = resource
        self._finder = EntityFinder(patterns)

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`patterns`: the folder of the pattern files, seen from the project's folder."""
        return {"patterns": "data/entities"}

    @staticmethod
    def required_packages() -> list[str]:
        """What has to be installed beside Rasa."""
        return ["spacy", "phonenumbers"]

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> Optional[str]:
        """The files' checksum: Rasa's cache would bring back the patterns of before."""
        whole = sha256()
        for file in sorted(_folder(config).glob("*.yml")):
            whole.update(file.name.encode() + b"\0" + file.read_bytes())

        return whole.hexdigest()

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "EntityExtractor":
        """An extractor before its training; `BrokenPatterns` names what is wrong in the files."""
        return cls(read_patterns(_folder(config)), model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> "EntityExtractor":
        """The extractor with the patterns that it was trained with."""
        with model_storage.read_from(resource) as folder:
            patterns = Patterns.from_json((folder / _FILE).read_text("utf-8"))

        return cls(patterns, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Put the patterns into the model."""
        with self._model_storage.write_to(self._resource) as folder:
            (folder / _FILE).write_text(self._patterns.to_json(), "utf-8")

        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """The messages with what is found in them, beside what others have found."""
        for message in messages:
            found = self._find(message) if message.get(TEXT) else []
            message.set(ENTITIES, [*message.get(ENTITIES, []), *found], add_to_output=True)

        return messages

    def _find(self, message: Message) -> list[dict[str, Any]]:
        found = self._finder.find(message.get(TEXT), _today(message))
        return [_to_rasa(entity, type(self).__name__) for entity in found]


def _folder(config: dict[str, Any]) -> Path:
    # An absolute folder replaces the root, a relative one is taken from it.
    return _ROOT / str(config.get("patterns") or "data/entities")


def _today(message: Message) -> date:
    given = (message.get(METADATA) or {}).get("today")
    try:
        return date.fromisoformat(str(given))
    except ValueError:
        return datetime.now().astimezone().date()


def _to_rasa(entity: Entity, extractor: str) -> dict[str, Any]:
    return {
        "entity": entity.entity,
        "start": entity.start,
        "end": entity.end,
        "value": entity.value,
        "normalized": entity.normalized,
        "extractor": extractor,
    }
