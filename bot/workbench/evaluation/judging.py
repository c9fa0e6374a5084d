"""A message beside what was made of it."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from bot.workbench.evaluation.predictions import OUT_OF_SCOPE, Entity, Prediction
from bot.workbench.nlu_files import NO_INTENT, Example


@dataclass(frozen=True, slots=True)
class Judged:
    """
    An example and its prediction.

    Out of scope and not sure are one answer: either way the buyer is asked again.
    """

    example: Example
    prediction: Prediction

    @property
    def counts_for_intents(self) -> bool:
        """Whether anybody says what it means."""
        return self.example.intent != NO_INTENT

    @property
    def in_scope(self) -> bool:
        """Whether it is our business."""
        return self.example.intent != OUT_OF_SCOPE

    @property
    def said(self) -> str:
        """The intent that the buyer is answered on."""
        return OUT_OF_SCOPE if self.prediction.refused else self.prediction.intent

    @property
    def right(self) -> bool:
        """Whether the buyer gets the answer that belongs to the message."""
        return self.said == self.example.intent

    @property
    def likeliest_right(self) -> bool:
        """Whether the first of the ranking is right, though it may not have been sure enough."""
        return self.prediction.likeliest.intent == self.example.intent

    def among_first(self, places: int) -> bool:
        """Whether the right intent is among the first of the ranking."""
        return self.example.intent in {guess.intent for guess in self.prediction.ranking[:places]}

    def marked(self) -> tuple[Entity, ...]:
        """The example's entities, where they stand in the text that the model has read."""
        if self.example.text == self.prediction.text:
            return self.example.entities

        return tuple(_moved(self.example.entities, self.prediction.text))


def judge(examples: Iterable[Example], predictions: Iterable[Prediction]) -> list[Judged]:
    """Each example with its prediction, which come in the same order."""
    return [
        Judged(example, prediction)
        for example, prediction in zip(examples, predictions, strict=True)
    ]


def _moved(entities: Iterable[Entity], text: str) -> Iterable[Entity]:
    """
    The entities in a text that was cleaned: each is looked for behind the one before.

    One that cleaning has changed beyond that stands nowhere, and so counts as not found.
    """
    read = 0
    for entity in entities:
        cleaned = " ".join(unicodedata.normalize("NFKC", entity.value).split())
        for value in (entity.value, cleaned):
            if (start := text.find(value, read)) >= 0:
                read = start + len(value)
                yield Entity(entity.kind, start, read, value, entity.normalized)
                break
        else:
            yield Entity(entity.kind, -1, -1, entity.value, entity.normalized)
