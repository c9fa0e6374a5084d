"""What the model hears in texts, and in each clause of a message beside the whole."""

from collections.abc import Sequence
from typing import Any, Optional

from rasa.core.channels.channel import UserMessage
from rasa.core.processor import MessageProcessor
from rasa.engine.constants import PLACEHOLDER_MESSAGE, PLACEHOLDER_TRACKER
from rasa.engine.runner.interface import GraphRunner
from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.training_data.message import Message

Heard = dict[str, Any]
"""`text`, `intent`, `confidence` and `entities`; the places of entities count in this text."""


def run_texts(
    runner: GraphRunner,
    target: str,
    texts: Sequence[str],
    metadata: Optional[dict[str, Any]] = None,
) -> list[Message]:
    """
    The texts, which must be clean, as the model's graph leaves them.

    All go through the graph at once: `MessageProcessor.parse_message` takes one message, and two
    calls of it cost a third more than this.
    """
    results = runner.run(
        inputs={
            PLACEHOLDER_MESSAGE: [UserMessage(text, metadata=metadata) for text in texts],
            PLACEHOLDER_TRACKER: DialogueStateTracker.from_events("", []),
        },
        targets=[target],
    )
    messages: list[Message] = results[target]
    return messages


def hear_clauses(processor: MessageProcessor, clauses: list[str]) -> list[Heard]:
    """The clauses that the model is sure of, in their order."""
    target = processor.model_metadata.nlu_target
    heard = [to_heard(message) for message in run_texts(processor.graph_runner, target, clauses)]
    return [one for one in heard if one["intent"] != DEFAULT_NLU_FALLBACK_INTENT_NAME]


def to_heard(message: Message) -> Heard:
    """What the message says, as Rasa's own parsing has it: who says nothing is not understood."""
    intent = message.get("intent") or {}
    return {
        "text": message.get("text"),
        "intent": intent.get("name") or DEFAULT_NLU_FALLBACK_INTENT_NAME,
        "confidence": float(intent.get("confidence", 0.0)),
        "entities": [
            {key: entity[key] for key in ("entity", "value", "start", "end")}
            for entity in message.get("entities", [])
        ],
    }
