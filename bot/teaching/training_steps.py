"""
How far a training has come, from what Rasa says while it trains.

Rasa tells when a component begins and ends, and nothing in between. So the place within a step is
an estimate: by the share of time that the step took in a training that was measured (13 300
examples, two busy cores), at the pace at which this training has taken the steps before.
"""

import re
from dataclasses import dataclass
from typing import Final

_TOLD: Final = re.compile(r"(Starting to train|Finished training) component '([^']+)'")
_SAVED: Final = re.compile(r"Your Rasa model is trained and saved")
NEARLY: Final = 0.98
"""A step that takes longer than it should is never quite done."""


@dataclass(frozen=True, slots=True)
class Step:
    """A part of a training: its name in words, what begins it, and its measured seconds."""

    words: str
    begins: str
    seconds: float


STEPS: Final = (
    Step("Reading the project's files", "", 22.0),
    Step("Learning order numbers, days and other details", "+EntityExtractor", 1.0),
    Step("Reading what every example means", "-EntityExtractor", 28.0),
    Step("Learning to tell the meanings apart", "+IntentClassifier", 19.0),
    Step("Learning what to do about them", "+RulePolicy", 1.0),
    Step("Packing the model", "-RulePolicy", 1.0),
)
WHOLE: Final = sum(step.seconds for step in STEPS)


class Progress:
    """Hears what Rasa says, and says how far it has come."""

    def __init__(self, now: float) -> None:
        self._step, self._words = 0, STEPS[0].words
        self._began = self._entered = now
        self._rest = ""

    @property
    def words(self) -> str:
        """What happens now."""
        return self._words

    def hear(self, text: str, now: float) -> None:
        """Take in what was added to the log; a line may come in pieces."""
        *lines, self._rest = (self._rest + text).split("\n")
        for line in lines:
            if told := _TOLD.search(line):
                self._enter(("+" if told[1].startswith("Starting") else "-") + told[2], now)
            elif _SAVED.search(line):
                self._enter("-RulePolicy", now)

    def share(self, now: float) -> float:
        """From 0 to 1; it never goes back."""
        passed = sum(step.seconds for step in STEPS[: self._step])
        within = STEPS[self._step].seconds
        return (passed + min((now - self._entered) / self._pace(passed), within * NEARLY)) / WHOLE

    def _pace(self, passed: float) -> float:
        """Seconds that one measured second takes here."""
        return max((self._entered - self._began) / passed, 0.1) if passed else 1.0

    def _enter(self, told: str, now: float) -> None:
        begins = [step.begins for step in STEPS]
        if told in begins:
            if (number := begins.index(told)) > self._step:
                self._step, self._entered = number, now
                self._words = STEPS[number].words
        elif told.startswith("+"):
            # A pipeline of other components than ours: named as Rasa does.
            self._words = f"Training {told[1:]}"
