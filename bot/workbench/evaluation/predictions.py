"""What the model made of a message, as `python -m bot.engine.parsing` prints it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

OUT_OF_SCOPE = "out_of_scope"
FALLBACK = "nlu_fallback"
"""What the model says when it is not sure; never in a ranking."""


class BrokenPrediction(ValueError):
    """A line that tells of no message; the text says why."""


@dataclass(frozen=True, slots=True)
class Entity:
    """
    Something named in a text, from `start` to before `end`.

    `normalized` is the canonical form; None where nobody says what it should be.
    """

    kind: str
    start: int
    end: int
    value: str
    normalized: str | None = None


@dataclass(frozen=True, slots=True)
class Guess:
    """An intent, and how sure the model is of it, from 0 to 1."""

    intent: str
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Prediction:
    """
    A message understood; `ranking` holds real intents only, the likeliest first.

    Entities count in `text` as it stands here, which is the message after cleaning.
    """

    text: str
    intent: str
    confidence: float
    ranking: tuple[Guess, ...]
    entities: tuple[Entity, ...]
    language: str

    @property
    def refused(self) -> bool:
        """Whether the buyer is asked again: none of our business, or not sure enough."""
        return self.intent in {OUT_OF_SCOPE, FALLBACK}

    @property
    def likeliest(self) -> Guess:
        """The first of the ranking, whether or not it was sure enough to be the answer."""
        return self.ranking[0] if self.ranking else Guess("", 0.0)


def from_json(line: str) -> Prediction:
    """The prediction on that line; `BrokenPrediction` if it is another thing or an error."""
    try:
        fields = json.loads(line)
        if "error" in fields:
            raise BrokenPrediction(f"line {fields.get('line')}: {fields['error']}")

        return Prediction(
            text=fields["text"],
            intent=fields["intent"],
            confidence=float(fields["confidence"]),
            ranking=tuple(
                Guess(guess["name"], float(guess["confidence"])) for guess in fields["ranking"]
            ),
            entities=tuple(_to_entity(entity) for entity in fields["entities"]),
            language=fields["language"],
        )
    except (KeyError, TypeError, json.JSONDecodeError) as error:
        raise BrokenPrediction(f"not a prediction: {line[:80]!r} ({error!r})") from error


def _to_entity(fields: Mapping[str, Any]) -> Entity:
    return Entity(
        kind=fields["entity"],
        start=fields["start"],
        end=fields["end"],
        value=str(fields["value"]),
        normalized=str(fields.get("normalized", fields["value"])),
    )
