"""
An action call of Rasa's, read as far as we believe it.

Rasa is ours, but what it sends is shaped by what a buyer wrote: it is checked here, cut to a size
that can be stored, and everything in it that we do not use is left alone.
"""

from typing import Any

import msgspec

from bot.casework.turns import Clause, Entity, Route, Understanding

FALLBACK = "nlu_fallback"
LANGUAGES = ("en", "ru")
"""What the model tells apart; anything else says nothing."""
MOST_RANKED = 10
MOST_ENTITIES = 20
MOST_CLAUSES = 4
HEEDED = frozenset({"order_number", "email"})
"""Entities that somebody decides by. The model finds more (phones, postcodes, days), which would
only be written into the ledger."""
LONGEST_NAME = 100
LONGEST_VALUE = 200
LONGEST_CLAUSE = 2000


class Guess(msgspec.Struct):
    """An intent with the model's confidence in it."""

    name: str | None = None
    confidence: float = 0.0


class Detail(msgspec.Struct):
    """An entity, `start` to `end` in characters of the text that Rasa read."""

    entity: str
    value: object
    start: int
    end: int


class HeardClause(msgspec.Struct):
    """A clause that the model was sure of; its entities count in its own text."""

    text: str
    intent: str
    confidence: float
    entities: list[Detail] = msgspec.field(default_factory=list)


class Metadata(msgspec.Struct):
    """What our channel says of a message; a line from `rasa shell` has none."""

    message_id: str | None = None
    fence: int | None = None
    model: str | None = None
    clauses: list[HeardClause] = msgspec.field(default_factory=list)


class LatestMessage(msgspec.Struct):
    """The part of a tracker that tells of the newest message."""

    text: str | None = None
    intent: Guess = msgspec.field(default_factory=Guess)
    intent_ranking: list[Guess] = msgspec.field(default_factory=list)
    entities: list[Detail] = msgspec.field(default_factory=list)
    language: object = None
    nearness: object = None
    metadata: Metadata = msgspec.field(default_factory=Metadata)


def read_message(latest: Any) -> LatestMessage:
    """The newest message; `msgspec.ValidationError` if it has another shape."""
    return msgspec.convert(latest, LatestMessage)


def to_understanding(message: LatestMessage, route: Route) -> Understanding:
    """What was heard in it."""
    return Understanding(
        route=route,
        intent=_name(message.intent),
        confidence=_confidence(message.intent),
        ranking=tuple(
            (_name(guess), _confidence(guess)) for guess in message.intent_ranking[:MOST_RANKED]
        ),
        entities=_entities(message.entities),
        clauses=tuple(_to_clause(heard) for heard in message.metadata.clauses[:MOST_CLAUSES]),
        language=next((known for known in LANGUAGES if known == message.language), None),
        read_by=(message.metadata.model or "")[:LONGEST_NAME] or None,
        nearness=_nearness(message.nearness),
    )


def _to_clause(heard: HeardClause) -> Clause:
    guess = Guess(heard.intent, heard.confidence)
    return Clause(
        text=heard.text[:LONGEST_CLAUSE],
        intent=_name(guess),
        confidence=_confidence(guess),
        entities=_entities(heard.entities),
    )


def _entities(details: list[Detail]) -> tuple[Entity, ...]:
    return tuple(
        Entity(
            name=detail.entity[:LONGEST_NAME],
            value=str(detail.value)[:LONGEST_VALUE],
            start=detail.start,
            end=detail.end,
        )
        for detail in [one for one in details if one.entity in HEEDED][:MOST_ENTITIES]
    )


def _name(guess: Guess) -> str:
    return (guess.name or FALLBACK)[:LONGEST_NAME]


def _confidence(guess: Guess) -> float:
    """From 0 to 1; 0 for what is no number at all, which could not be stored everywhere."""
    return guess.confidence if 0 <= guess.confidence <= 1 else 0.0


def _nearness(said: object) -> float | None:
    """From -1 to 1; None for anything else, since nought would say something."""
    if isinstance(said, bool) or not isinstance(said, int | float):
        return None

    return float(said) if -1 <= said <= 1 else None
