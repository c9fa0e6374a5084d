"""What a buyer typed in a conversation, for whoever keeps it as a test."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.casework.turns import Entity


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedLine:
    """
    A message that a buyer typed, as the model understood it.

    `corrected` is what an agent says that it means, empty if nobody said anything else.
    """

    text: str
    intent: str
    corrected: str
    entities: tuple[Entity, ...]
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedTalk:
    """The typed lines of a conversation in their order, and the names of whoever it is with."""

    lines: Sequence[TypedLine]
    names: tuple[str, ...]


class Dialogues(Protocol):
    """Conversations as they were typed."""

    def typed(self, conversation_id: str) -> TypedTalk:
        """What the buyer typed and the model read; Missing without the conversation."""
