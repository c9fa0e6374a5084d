"""What the model hears in each clause of a message, beside what it hears in the whole."""

from typing import Any

from rasa.core.channels.channel import UserMessage
from rasa.core.processor import MessageProcessor
from rasa.engine.constants import PLACEHOLDER_MESSAGE, PLACEHOLDER_TRACKER
from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.training_data.message import Message

Heard = dict[str, Any]
"""`text`, `intent`, `confidence` and `entities`; the places of entities count in this text."""


def hear_clauses(processor: MessageProcessor, clauses: list[str]) -> list[Heard]:
    """
    The clauses that the model is sure of, in their order.

    All go through the graph at once: `MessageProcessor.parse_message` takes one message, and two
    calls of it cost a third more than this.
    """
    messages = [UserMessage(clause) for clause in clauses]
    target = processor.model_metadata.nlu_target
    results = processor.graph_runner.run(
        inputs={
            PLACEHOLDER_MESSAGE: messages,
            PLACEHOLDER_TRACKER: DialogueStateTracker.from_events("", []),
        },
        targets=[target],
    )
    heard = [_to_heard(message) for message in results[target]]
    return [one for one in heard if one["intent"] != DEFAULT_NLU_FALLBACK_INTENT_NAME]


def _to_heard(message: Message) -> Heard:
    # As Rasa's own parsing has it: a model that says nothing has not understood.
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
